"""The leader's home: what changed most, by how much, and where its numbers lead."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from dashboards.asking import Ask
from dashboards.changes import Change, changes, course, headline, narrowed
from dashboards.metrics import METRICS
from dashboards.tables import Period
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
QUARTER = Period(date(2026, 8, 27), TODAY)


@pytest.fixture
def leader(here, elsewhere):
    return make.user(here.region, elsewhere.region, home=here, role="leader")


def changed(actor, ask):
    return changes(actor, ask, METRICS["activity"].table(actor, ask))


def meetings(partner, now, before, **more):
    """So many meetings in the quarter to today, and in the one before."""
    for number in range(now + before):
        day = TODAY - timedelta(days=number % 20 + (0 if number < now else 100))
        make.interaction(organization=partner, day=day.isoformat(), **more)


def test_the_largest_swing_comes_first_and_small_ones_stay_out(here, elsewhere, leader):
    kind = make.kind()
    meetings(make.organization(state=here), 12, 2, kind=kind)
    meetings(make.organization(state=elsewhere), 2, 12, kind=kind)
    found = changed(actor_of(leader), Ask(QUARTER))
    assert {(c.subject, c.name, c.now, c.before) for c in found} == {
        ("region", here.region.name, 12, 2),
        ("region", elsewhere.region.name, 2, 12),
    }
    titles = {
        f"Up most: {here.region.name}. Down most: {elsewhere.region.name}",
    }
    assert headline(found) in titles


def test_a_change_says_its_numbers_and_how_it_went(here, leader):
    meetings(make.organization(state=here), 12, 2)
    actor = actor_of(leader)
    found = next(c for c in changed(actor, Ask(QUARTER)) if c.subject == "region")
    assert found.tag == "10 more meetings"
    assert found.sentence == "12 meetings were held, after 2 in the time before."
    assert found.url.startswith(reverse("crm:organizations"))
    line = course(actor, narrowed(actor, Ask(QUARTER), found))
    assert list(line.spark.numbers) == [0, 0, 0, 0, 0, 2, 0, 0]
    assert line.label.endswith("from 0 to 0 meetings")


@pytest.mark.parametrize(
    ("now", "before", "kept"), [(5, 0, True), (4, 0, False), (55, 50, False), (75, 50, True)]
)
def test_what_chance_would_make_is_no_change(here, leader, now, before, kept):
    change = Change("region", "x", "X", now, before, "")
    assert (change.swing >= 2 and abs(change.difference) >= 5) == kept


def test_a_state_does_not_tell_its_regions_story_again(here, leader):
    meetings(make.organization(state=here), 12, 0)
    subjects = [c.subject for c in changed(actor_of(leader), Ask(QUARTER))]
    assert not {"state", "region"} <= set(subjects)


def test_hidden_meetings_change_nothing(here, elsewhere, organizer):
    meetings(make.organization(state=elsewhere), 20, 0)
    meetings(make.organization(state=here), 20, 0, visibility="restricted", author=organizer)
    assert changed(actor_of(organizer), Ask(QUARTER)) == []


@time_machine.travel("2026-11-24T15:00Z", tick=False)
def test_the_page_is_the_leaders_home_and_says_what_changed(here, leader):
    meetings(make.organization(state=here), 12, 2)
    client = Client()
    client.force_login(leader)
    page = client.get("/", follow=True)
    assert page.redirect_chain[-1][0] == reverse("changes")
    text = page.content.decode()
    assert "10 more meetings" in text and "Against the 90 days before" in text
    assert client.get(reverse("changes"), {"region": "nowhere"}).status_code == 422
    quiet = client.get(reverse("changes"), {"first": "2020-01-01", "last": "2020-01-31"})
    assert "No figure changed much" in quiet.content.decode()


def test_a_narrowed_page_speaks_of_what_is_left(here, elsewhere, leader):
    meetings(make.organization(state=here), 12, 2)
    found = changed(actor_of(leader), Ask(QUARTER, region=here.region))
    assert "region" not in {c.subject for c in found} and found
