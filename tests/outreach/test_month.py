"""The events of a month, as a calendar and by day."""

from datetime import date, time

import pytest
import time_machine
from django.urls import reverse

from outreach.models import EventCommunity
from tests import make

pytestmark = pytest.mark.django_db


def month(client, **asked):
    return client.get(reverse("outreach:month"), asked)


def on(page, day):
    """The names on a day of the calendar."""
    squares = [square for week in page.context["weeks"] for square in week if square.day == day]
    return [row.name for row in squares[0].events]


def agenda(page):
    return {day: [one.row.name for one in found] for day, found in page.context["agenda"]}


def test_events_stand_on_their_days(client, organizer, here, elsewhere):
    client.force_login(organizer)
    make.event(here, day=date(2026, 12, 3), name="Reading night", start=time(17, 30))
    make.event(here, day=date(2026, 12, 3), name="Whole day")
    make.event(here, day=date(2026, 12, 30), end_day=date(2027, 1, 2), name="Winter camp")
    make.event(here, day=date(2026, 11, 30), name="The day before")
    make.event(here, day=date(2026, 12, 9), name="Called off", status="cancelled")
    make.event(elsewhere, day=date(2026, 12, 3), name="Of others")
    page = month(client, month="2026-12")
    assert set(on(page, date(2026, 12, 3))) == {"Reading night", "Whole day"}
    assert on(page, date(2026, 12, 30)) == on(page, date(2027, 1, 2)) == ["Winter camp"]
    assert on(page, date(2026, 11, 30)) == ["The day before"]  # a square of the month before
    text = page.content.decode()
    assert "3 events in December 2026" in text
    assert "Called off" not in text and "Of others" not in text
    assert list(agenda(page)) == [date(2026, 12, 3), date(2026, 12, 30)]


def test_what_goes_on_stands_on_the_first_day_of_the_next_month(client, organizer, here):
    client.force_login(organizer)
    make.event(here, day=date(2026, 12, 30), end_day=date(2027, 1, 2), name="Winter camp")
    assert agenda(month(client, month="2027-01")) == {date(2027, 1, 1): ["Winter camp"]}


def test_the_agenda_says_who_hosts(client, organizer, here):
    client.force_login(organizer)
    partner = make.organization(state=here, name="Casa Unida")
    make.event(here, ours=["host"], day=date(2026, 12, 3))
    make.event(here, [(partner, "host")], ["sponsor"], day=date(2026, 12, 4))
    make.event(here, [(partner, "sponsor")], day=date(2026, 12, 5))
    found = month(client, month="2026-12").context["agenda"]
    assert [found[at][1][0].host for at in range(3)] == ["We host", "Casa Unida", ""]


def test_a_month_of_one_region_or_community(client, here, elsewhere):
    reader = make.user(here.region, elsewhere.region, home=here)
    client.force_login(reader)
    asian = make.community()
    one = make.event(here, day=date(2026, 12, 3), name="Here")
    make.event(elsewhere, day=date(2026, 12, 3), name="There")
    make.saved(EventCommunity(event=one, community=asian))
    page = month(client, month="2026-12", region=elsewhere.region.code)
    assert on(page, date(2026, 12, 3)) == ["There"]
    assert f"region={elsewhere.region.code}" in page.context["after"]
    page = month(client, month="2026-12", community=asian.code, region="")
    assert on(page, date(2026, 12, 3)) == ["Here"]


@pytest.mark.parametrize(
    "asked",
    [
        {"month": "2026-13"},
        {"month": "2026-1"},
        {"month": "x"},
        {"month": "٢٠٢٦-١٢"},
        {"month": "0000-01"},
        {"month": "9999-12"},
        {"month": "2026-12-01"},
        {"region": "nowhere"},
        {"community": "\0"},
        {"q": "names do not stand in addresses"},
    ],
)
def test_what_is_not_there_is_said(client, organizer, asked):
    client.force_login(organizer)
    page = month(client, **asked)
    assert page.status_code == 422
    assert "that is not there" in page.content.decode()


def test_a_region_of_others_is_not_there(client, organizer, elsewhere):
    client.force_login(organizer)
    assert month(client, region=elsewhere.region.code).status_code == 422


@pytest.mark.parametrize(("asked", "missing"), [("1900-01", "before"), ("2999-12", "after")])
def test_the_years_have_ends(client, organizer, asked, missing):
    client.force_login(organizer)
    page = month(client, month=asked)
    assert page.status_code == 200 and page.context[missing] == ""


@time_machine.travel("2026-11-30T23:30:00-10:00", tick=False)
def test_this_month_is_that_of_the_reader(client, here):
    for zone, name in (("Pacific/Honolulu", "November"), ("America/New_York", "December")):
        reader = make.user(here.region, home=here)
        reader.time_zone = zone
        reader.save()
        client.force_login(reader)
        assert f"No event in {name} 2026" in month(client).content.decode()


def test_the_month_and_the_list_add_in_the_same_words(client, organizer, here):
    make.event(here)
    client.force_login(organizer)
    url = reverse("outreach:add_event")
    for page in (month(client), client.get(reverse("outreach:events"), {"view": "all"})):
        words = page.content.decode()
        words = words[words.index(f'href="{url}"') :]
        assert words[: words.index("</a>")].endswith("Add event")
