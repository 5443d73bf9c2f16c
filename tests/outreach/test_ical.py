"""Events as iCalendar, read back by a parser."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import vobject
from django.urls import reverse
from icalendar import Calendar

from outreach.ical import calendar_of
from outreach.models import Event
from tests import make

pytestmark = pytest.mark.django_db


def read(*events):
    return Calendar.from_ical(calendar_of(events))


def entry(row):
    return read(row).walk("VEVENT")[0]


# A day in winter and one in summer; Arizona and Hawaii never change their clocks.
@pytest.mark.parametrize(
    ("zone", "winter", "summer"),
    [
        ("America/New_York", 23, 22),
        ("America/Los_Angeles", 26, 25),
        ("America/Phoenix", 25, 25),
        ("Pacific/Honolulu", 28, 28),
    ],
)
def test_a_time_is_the_same_moment_for_who_reads_it(here, zone, winter, summer):
    for day, hour in ((date(2026, 12, 3), winter), (date(2026, 7, 3), summer)):
        row = make.event(here, day=day, start=time(18), end=time(20), zone=zone)
        moment = datetime.combine(day, time(), UTC) + timedelta(hours=hour)
        found = entry(row)
        assert found["dtstart"].dt.astimezone(UTC) == moment
        assert found["dtend"].dt - found["dtstart"].dt == timedelta(hours=2)
        assert found["dtstart"].params["TZID"] == zone
        assert [str(one["tzid"]) for one in read(row).walk("VTIMEZONE")] == [zone]


def test_all_day_has_days_alone(here):
    row = make.event(here, day=date(2026, 12, 30), end_day=date(2027, 1, 2))
    found = entry(row)
    assert found["dtstart"].dt == date(2026, 12, 30)
    assert found["dtend"].dt == date(2027, 1, 3)  # not counted in
    assert not read(row).walk("VTIMEZONE")


def test_it_keeps_its_uid_and_counts_its_changes(here):
    row = make.event(here)
    first = entry(row)
    row.name = "Moved"
    make.saved(row)
    later = entry(make.fresh(row))
    assert first["uid"] == later["uid"] == str(row.uid)
    assert later["sequence"] > first["sequence"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("planned", "TENTATIVE"),
        ("confirmed", "CONFIRMED"),
        ("held", "CONFIRMED"),
        ("cancelled", "CANCELLED"),
    ],
)
def test_it_says_how_it_stands(here, status, said):
    assert entry(make.event(here, status=status))["status"] == said


def test_every_status_is_said():
    from outreach.ical import STATUS

    assert STATUS.keys() == set(Event.Status)


def test_hostile_words_stay_words(here):
    name = "Tea\r\nATTENDEE:mailto:x@y.example; 50%, \\n ¡sí!"
    row = make.event(here, name=name, place="Hall; room 2, floor 3")
    assert b"\r\nATTENDEE" not in calendar_of([row])
    assert entry(row)["location"] == "Hall; room 2, floor 3"


def test_nobody_is_named(here, organizer):
    partner = make.organization(state=here, name="Casa Unida")
    row = make.event(here, [(partner, "host")], owner=organizer, note="Ana comes late.")
    text = calendar_of([row]).decode()
    for word in (organizer.name, organizer.email, "Casa Unida", "Ana", "ATTENDEE", "ORGANIZER"):
        assert word not in text


def test_it_is_a_file_of_who_sees_it(client, organizer, here, elsewhere):
    client.force_login(organizer)
    row = make.event(here)
    answer = client.get(reverse("outreach:event_file", args=[row.uid]))
    assert answer["Content-Type"].startswith("text/calendar")
    assert Calendar.from_ical(answer.content).walk("VEVENT")[0]["summary"] == row.name
    other = make.event(elsewhere)
    assert client.get(reverse("outreach:event_file", args=[other.uid])).status_code == 404


ZONES = ["America/New_York", "America/Phoenix", "Pacific/Honolulu", "Europe/Berlin"]


@pytest.mark.parametrize("zone", ZONES)
def test_a_parser_that_shares_no_code_reads_the_same(here, zone):
    for day in (date(2026, 12, 3), date(2026, 7, 3)):
        row = make.event(here, day=day, start=time(18), end=time(20), zone=zone, place="Hall, A; B")
        event = vobject.readOne(calendar_of([row], is_feed=True).decode()).vevent
        assert event.dtstart.value.astimezone(UTC) == row.begins().astimezone(UTC)
        assert event.dtend.value.astimezone(UTC) == row.ends().astimezone(UTC)
        assert event.uid.value == str(row.uid)
        assert event.location.value == "Hall, A; B"
        assert int(event.sequence.value) == row.revision


def test_it_reads_days_and_what_was_called_off_as_well(here):
    row = make.event(here, day=date(2026, 12, 30), end_day=date(2027, 1, 2), status="cancelled")
    event = vobject.readOne(calendar_of([row]).decode()).vevent
    assert (event.dtstart.value, event.dtend.value) == (date(2026, 12, 30), date(2027, 1, 3))
    assert event.status.value == "CANCELLED"
    assert not hasattr(event, "attendee")
