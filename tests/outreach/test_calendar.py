"""Calendars: files of others become drafts, and a user's own feed."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from access.models import AuditEntry
from access.settling import every
from outreach.ical import calendar_of
from outreach.ical_reading import LARGEST, Unreadable, drafts
from outreach.models import CalendarFeed, Event, EventKind
from tests import make

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real" / "ical"
ZONE = "America/Denver"
DAY = "DTSTART;VALUE=DATE"


def event_text(*lines):
    body = "\r\n".join(["BEGIN:VEVENT", "UID:1", "SUMMARY:Forum", *lines, "END:VEVENT"])
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//X//EN\r\n{body}\r\nEND:VCALENDAR".encode()


def one(*lines):
    found, _said = drafts(event_text(*lines), ZONE)
    return found[0]


def outcome(data):
    """(how many events a file gives, why it gives none)."""
    try:
        return len(drafts(data, ZONE)[0]), ""
    except Unreadable as problem:
        return 0, str(problem)


def upload(client, data, name="them.ics"):
    file = SimpleUploadedFile(name, data, "text/calendar")
    return client.post(reverse("outreach:read_calendar"), {"file": file})


# ---- Files of others


def test_every_real_file_goes_in_or_says_why_not():
    if not REAL.is_dir():
        pytest.skip("The real files are not beside the project.")
    read = {}
    for path in sorted(REAL.glob("*.ics")):
        count, problem = outcome(path.read_bytes())
        read[path.stem] = count
        assert bool(count) != problem.endswith("Nothing was saved.")
    assert len(list(REAL.glob("*.ics"))) == 25
    assert sum(read.values()) == 14
    assert read["example"] == 3


@pytest.mark.parametrize(
    ("lines", "day", "start", "end", "end_day", "zone"),
    [
        (["DTSTART;VALUE=DATE:20261203"], "2026-12-03", None, None, None, ""),
        (
            ["DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:20261206"],
            "2026-12-03",
            None,
            None,
            "2026-12-05",
            "",
        ),
        (
            ["DTSTART;TZID=America/New_York:20261203T180000", "DURATION:PT2H"],
            "2026-12-03",
            "18:00",
            "20:00",
            None,
            "America/New_York",
        ),
        (
            ["DTSTART;TZID=Eastern Standard Time:20261203T180000"],
            "2026-12-03",
            "18:00",
            None,
            None,
            "America/New_York",
        ),
        (
            ["DTSTART:20261204T010000Z", "DTEND:20261204T080000Z"],
            "2026-12-03",
            "18:00",
            "01:00",
            "2026-12-04",
            ZONE,
        ),
        (["DTSTART:20261203T180000"], "2026-12-03", "18:00", None, None, ZONE),
        (
            ["DTSTART:20261203T180000", "DTEND:20261203T170000"],
            "2026-12-03",
            "18:00",
            None,
            None,
            ZONE,
        ),
    ],
)
def test_days_and_times_of_a_file(lines, day, start, end, end_day, zone):
    draft = one(*lines)
    assert draft.day == date.fromisoformat(day)
    assert draft.start == (time.fromisoformat(start) if start else None)
    assert draft.end == (time.fromisoformat(end) if end else None)
    assert draft.end_day == (date.fromisoformat(end_day) if end_day else None)
    assert draft.zone == zone


def test_addresses_of_people_and_odd_links_are_not_read():
    draft = one(
        "DTSTART;VALUE=DATE:20261203",
        "ATTENDEE;CN=Canary:mailto:canary@mail.example",
        "ORGANIZER:mailto:boss@mail.example",
        "URL:javascript:alert(1)",
        "RRULE:FREQ=WEEKLY",
        "STATUS:CANCELLED",
    )
    assert "mail.example" not in str(draft)
    assert draft.url == ""
    assert draft.repeats
    assert draft.status == "cancelled"


def test_a_zone_that_nobody_knows_is_told():
    found, said = drafts(event_text("DTSTART;TZID=Mars/Olympus:20261203T180000"), ZONE)
    assert found[0].zone == ZONE
    assert "not known here" in said[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no event"),
        (b"name,city\nCasa,Reno\n", "no calendar file"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", "no event"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "no calendar file"),
        (event_text("DTSTART:INVALID"), "no event of this file"),
        (event_text("DTSTART:00010101T000000Z"), "no event of this file"),
        (
            event_text("DTSTART;VALUE=DATE:20261203", "DTEND;VALUE=DATE:00010101"),
            "no event of this",
        ),
        (b"x" * (LARGEST + 1), "larger than a megabyte"),
    ],
)
def test_what_cannot_be_used_says_why(data, words):
    with pytest.raises(Unreadable) as problem:
        drafts(data, ZONE)
    assert words in str(problem.value).lower()
    assert str(problem.value).endswith("Nothing was saved.")


@given(st.binary(max_size=300), st.integers(0, 250))
def test_a_damaged_file_never_crashes(noise, at):
    whole = event_text("DTSTART;TZID=America/New_York:20261203T180000", "DURATION:PT2H")
    for data in (noise, whole[:at] + noise + whole[at:], whole[:at]):
        count, problem = outcome(data)
        assert bool(count) != bool(problem)


def test_one_event_fills_the_form_and_is_saved_from_there(client, organizer, here):
    kind = make.saved(EventKind(code="forum", name="Forum"))
    client.force_login(organizer)
    data = event_text("DTSTART;TZID=America/New_York:20261203T180000", "LOCATION:Hall")
    page = upload(client, data)
    assert not every(Event).exists()
    form = page.context["command"]
    assert (form["name"].value(), str(form["day"].value())) == ("Forum", "2026-12-03")
    assert f'action="{reverse("outreach:add_event")}"' in page.content.decode()
    sent = {
        "name": "Forum",
        "kind": kind.code,
        "day": "2026-12-03",
        "start": "18:00",
        "zone": "America/New_York",
        "place": "Hall",
    }
    assert client.post(reverse("outreach:add_event"), sent).status_code == 302
    row = every(Event).get()
    assert (row.place, row.zone, row.status) == ("Hall", "America/New_York", "planned")


def test_of_several_events_one_is_chosen(client, organizer):
    client.force_login(organizer)
    first = event_text("DTSTART;VALUE=DATE:20261203").decode()
    data = (first + "\r\n" + first.replace("Forum", "Reading <b>night</b>")).encode()
    page = upload(client, data)
    assert page.status_code == 200
    text = page.content.decode()
    assert "2 events in the file" in text
    assert "Reading &lt;b&gt;night&lt;/b&gt;" in text
    chosen = page.context["drafts"][1].initial()
    page = client.post(reverse("outreach:add_event"), {"draft": "once"} | chosen)
    assert page.context["command"]["name"].value() == "Reading <b>night</b>"
    assert not every(Event).exists()


def test_our_own_event_is_found_again(client, organizer, here):
    row = make.event(here)
    client.force_login(organizer)
    page = upload(client, calendar_of([row]))
    assert page.url == reverse("outreach:event", args=[row.uid])


def test_our_own_event_of_other_areas_is_told_to_nobody(client, organizer, elsewhere):
    client.force_login(organizer)
    assert upload(client, calendar_of([make.event(elsewhere)])).status_code == 200


def test_a_wrong_file_is_told_at_its_field(client, organizer):
    client.force_login(organizer)
    page = upload(client, b"no calendar")
    assert page.status_code == 422
    assert "This is no calendar file" in page.content.decode()


# ---- One's own feed


def make_feed(client, what="areas"):
    """The address that the page tells, this once."""
    page = client.get(reverse("outreach:my_feed"))
    sent = {"what": what, "revision": page.context["revision"]}
    url = client.post(reverse("outreach:my_feed"), sent).context["url"]
    return url.removeprefix("http://testserver")


def names(client, url):
    response = client.get(url)
    if response.status_code == 404:
        return None
    assert response["Content-Type"].startswith("text/calendar")
    assert "no-store" in response["Cache-Control"]
    found = Calendar.from_ical(response.content).walk("VEVENT")
    return sorted(str(one["summary"]) for one in found)


@pytest.fixture
def signed_out():
    from django.test import Client

    return Client()


def test_a_feed_needs_no_account_and_tells_what_its_user_sees(
    client, signed_out, organizer, here, elsewhere
):
    today = timezone.localdate()
    make.event(here, day=today, name="Ours")
    make.event(here, day=today + timedelta(days=30), name="Called off", status="cancelled")
    make.event(elsewhere, day=today, name="Theirs")
    make.event(here, day=today - timedelta(days=200), name="Long ago")
    client.force_login(organizer)
    url = make_feed(client)
    assert names(signed_out, url) == ["Called off", "Ours"]
    text = signed_out.get(url).content.decode()
    assert "STATUS:CANCELLED" in text
    assert "ATTENDEE" not in text and "mailto:" not in text


def test_a_feed_of_ones_own_events(client, signed_out, organizer, here):
    make.event(here, day=timezone.localdate(), name="Mine", owner=organizer)
    make.event(here, day=timezone.localdate(), name="Other")
    client.force_login(organizer)
    assert names(signed_out, make_feed(client, "mine")) == ["Mine"]


def test_rights_are_those_of_the_moment(client, signed_out, organizer, here, elsewhere):
    make.event(here, day=timezone.localdate(), name="Ours")
    client.force_login(organizer)
    url = make_feed(client)
    assert names(signed_out, url) == ["Ours"]
    organizer.is_active = False
    organizer.save()
    assert names(signed_out, url) is None


def test_an_ended_feed_gives_nothing_and_a_new_one_ends_the_old(
    client, signed_out, organizer, here
):
    make.event(here, day=timezone.localdate(), name="Ours")
    client.force_login(organizer)
    first = make_feed(client)
    second = make_feed(client)
    assert names(signed_out, first) is None
    assert names(signed_out, second) == ["Ours"]
    revision = client.get(reverse("outreach:my_feed")).context["revision"]
    page = client.post(reverse("outreach:end_feed"), {"revision": revision}, follow=True)
    assert "undo" not in page.content.decode().lower()
    assert names(signed_out, second) is None
    assert not CalendarFeed.objects.exists()


def test_the_secret_is_kept_nowhere(client, organizer):
    client.force_login(organizer)
    secret = make_feed(client).rpartition("/")[2]
    assert secret not in str(CalendarFeed.objects.values())
    assert secret not in str(list(AuditEntry.objects.values()))
    assert secret not in client.get(reverse("outreach:my_feed")).content.decode()


@pytest.mark.parametrize("token", ["x", "x" * 43, "../../etc/passwd", "a" * 43 + ".ics"])
def test_unknown_addresses_give_nothing(client, db, token):
    assert client.get(f"/calendar/{token}").status_code == 404


def test_the_feed_keeps_uid_and_counts_changes(client, signed_out, organizer, here):
    row = make.event(here, day=timezone.localdate(), name="Ours", start=time(18), zone=ZONE)
    client.force_login(organizer)
    url = make_feed(client)
    first = Calendar.from_ical(signed_out.get(url).content).walk("VEVENT")[0]
    row.place = "Library"
    make.saved(row)
    later = Calendar.from_ical(signed_out.get(url).content)
    event = later.walk("VEVENT")[0]
    assert first["uid"] == event["uid"] == str(row.uid)
    assert event["sequence"] > first["sequence"]
    assert [str(zone["tzid"]) for zone in later.walk("VTIMEZONE")] == [ZONE]
