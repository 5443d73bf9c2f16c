"""Did they come back? Organizations of events, editions, and the figure of the dashboard."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from access.actors import actor_of
from dashboards.asking import Ask
from dashboards.metrics import METRICS
from dashboards.tables import Period
from outreach.models import Attendance
from outreach.returning import a_year_after, came
from outreach.small import told, told_apart
from tests import guests, make

pytestmark = pytest.mark.django_db

DAY = date(2025, 9, 10)
YEAR = {"first": "2025-01-01", "last": "2025-12-31"}


def member(partner, **fields):
    return make.contact(organization=partner, **fields)


def table(actor, **asked):
    ask = Ask(Period(date(2025, 1, 1), date(2025, 12, 31)), **asked)
    return METRICS["who_came"].table(actor, ask)


@pytest.mark.parametrize(
    ("days", "is_back"), [(1, True), (365, True), (366, False), (0, False), (-30, False)]
)
def test_back_means_another_event_within_twelve_months(here, actor, days, is_back):
    partner = make.organization(state=here)
    guests.held(here, member(partner), day=DAY)
    guests.held(here, member(partner), day=DAY + timedelta(days=days))
    there = came(actor, Attendance.objects.visible_to(actor))
    assert (there[partner.pk].back(DAY) is not None) is is_back


def test_a_leap_day_has_its_year_too():
    assert a_year_after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert a_year_after(DAY) == date(2026, 9, 10)


def test_people_count_for_the_partners_of_the_day(here, actor):
    then, later = make.organization(state=here), make.organization(state=here)
    person = member(then)
    make.affiliation(person, later, start=DAY + timedelta(days=1))
    guests.held(here, person, day=DAY)
    guests.held(here, person, day=DAY + timedelta(days=30))
    there = came(actor, Attendance.objects.visible_to(actor).filter(day=DAY))
    assert set(there) == {then.pk}
    assert there[then.pk].days == [(DAY, there[then.pk].days[0][1])]  # of that event alone
    assert set(came(actor, Attendance.objects.visible_to(actor))) == {then.pk, later.pk}


def test_the_page_of_an_event_names_who_came_back(client, organizer, here):
    faith, labor = make.community(name="Faith"), make.community(name="Labor")
    back = make.organization(state=here, communities=[faith, labor])
    gone = make.organization(state=here, communities=[faith])
    event = guests.held(here, member(back), member(gone), day=DAY, series="Table", edition="1")
    next_one = guests.held(here, member(back), day=DAY + timedelta(days=90), series="Table")
    client.force_login(organizer)
    page = client.get(reverse("outreach:came_back", args=[event.uid]))
    assert [(one.row.pk, one.event) for one in page.context["partners"]] == [
        (gone.pk, None),
        (back.pk, next_one),
    ]
    assert [(s.name, s.count, s.back) for s in page.context["shares"]] == [
        ("Faith", 2, 1),
        ("Labor", 1, 1),
    ]
    editions = page.context["editions"]
    assert [(one["organizations"], one["again"]) for one in editions] == [(2, None), (1, 1)]
    assert "1 of 2 organizations came to another event" in page.content.decode()


def test_what_was_not_held_counts_nowhere(client, organizer, actor, here):
    event = make.event(here, day=DAY)
    guests.attendance(event, member(make.organization(state=here)), "attended")
    client.force_login(organizer)
    page = client.get(reverse("outreach:came_back", args=[event.uid]))
    assert page.context["partners"] == []
    assert table(actor).rows == []


def test_hidden_people_and_partners_count_for_nobody(client, organizer, actor, here, elsewhere):
    ours, theirs = make.organization(state=here), make.organization(state=elsewhere)
    other = make.user(here.region, home=here)
    event = guests.held(
        here, member(theirs), member(ours, visibility="restricted", author=other), day=DAY
    )
    client.force_login(organizer)
    page = client.get(reverse("outreach:came_back", args=[event.uid]))
    assert page.context["partners"] == []
    assert table(actor).rows == []


def test_leaders_are_told_no_small_number_of_people(client, here):
    partner = make.organization(state=here)
    first = guests.held(here, *(member(partner) for _n in range(12)), day=DAY, series="Table")
    guests.held(here, member(partner), day=DAY + timedelta(days=60), series="Table")
    for role, expected in (("leader", [12, None]), ("regional-lead", [12, 1])):
        client.force_login(make.user(here.region, home=here, role=role))
        page = client.get(reverse("outreach:came_back", args=[first.uid]))
        assert [one["people"] for one in page.context["editions"]] == expected


def test_who_came_by_community(here, actor):
    faith = make.community(name="Faith", position=20_000)
    labor = make.community(name="Labor", position=20_001)
    both = make.organization(state=here, communities=[faith, labor])
    one = make.organization(state=here, communities=[faith])
    none = make.organization(state=here)
    people = [member(both) for _n in range(12)]
    guests.held(here, *people, member(one), member(none), day=DAY)
    guests.held(here, people[0], day=DAY + timedelta(days=300))
    found = table(actor)
    assert found.rows == [
        (faith.code, 2, 1, 13),
        (labor.code, 1, 1, None),  # one alone would follow from the sum
        (None, 1, 0, None),
    ]
    assert found.facts == {"organizations": 3, "came_back": 1, "people": 14}


def test_it_is_narrowed_by_place_and_community(here):
    faith = make.community(name="Faith")
    other = make.state(region=here.region)
    actor = actor_of(make.user(here.region, home=here))
    guests.held(
        here,
        member(make.organization(state=here, communities=[faith])),
        member(make.organization(state=other)),
        day=DAY,
    )
    assert table(actor).facts["organizations"] == 2
    assert table(actor, state=here).facts["organizations"] == 1
    assert table(actor, community=faith).facts["organizations"] == 1


def test_every_number_of_organizations_opens_exactly_those(client, organizer, here):
    faith = make.community(name="Faith")
    partners = [make.organization(state=here, communities=[faith]) for _n in range(3)]
    make.organization(state=here, communities=[faith])
    guests.held(here, *(member(one) for one in partners), day=DAY)
    guests.held(here, member(partners[0]), day=DAY + timedelta(days=9))
    client.force_login(organizer)
    page = client.get(reverse("dashboards:events"), YEAR)
    row = page.context["figure"].rows[0]
    for cell in row.cells[:2]:
        behind = client.get(cell.url)
        assert behind.context["pager"]["count"] == cell.value > 0
        assert b"Jan 1, 2025" in behind.content
    assert row.cells[2].value is None
    text = page.content.decode()
    assert '<td role="cell" class="num" data-l="People who came:">Under 11</td>' in text
    assert 'class="cards ' in text  # on a phone


def test_the_figure_leaves_small_numbers_of_people_out_of_csv_and_api(client, here):
    guests.held(here, member(make.organization(state=here)), day=DAY)
    client.force_login(make.user(here.region, home=here, role="regional-lead"))
    text = client.get(reverse("dashboards:who_came_csv"), YEAR).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1:] == [
        ["Not given", "1", "0", "Under 11"],
        ["All, each once", "1", "0", "Under 11"],
    ]
    answer = client.get(reverse("api:figure-who_came"), YEAR).json()
    assert answer["rows"][0]["people"] is answer["totals"]["people"] is None
    assert answer["rows"][0]["behind"]["people"] is None


@pytest.mark.parametrize("wrong", ["2025-01-01", "x/y", "2025-12-31/2025-01-01", "2025-13-01/2026"])
def test_wrong_days_of_the_filter_are_refused(client, organizer, wrong):
    client.force_login(organizer)
    assert client.get(reverse("crm:organizations"), {"came": wrong}).status_code == 422


def test_small_numbers():
    assert [told(n) for n in (0, 1, 10, 11, 200)] == [0, None, None, 11, 200]
    assert told(3, is_exact=True) == 3
    assert told_apart({"a": 3, "b": 40, "c": 12}) == {"a": None, "b": 40, "c": None}
    assert told_apart({"a": 3, "b": 4, "c": 12}) == {"a": None, "b": None, "c": 12}
    assert told_apart({"a": 0, "b": 40}) == {"a": 0, "b": 40}
