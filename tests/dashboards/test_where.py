import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse

from access.actors import actor_of
from crm.commands import ChangeInteraction, ChangeOrganization, LogInteraction
from crm.models import Interaction, Organization
from dashboards.asking import Ask
from dashboards.metrics import METRICS
from dashboards.tables import Period
from tests import make

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def cells(actor, period=YEAR):
    """What the cells hold, without those that hold nothing."""
    rows = METRICS["activity"].table(actor, Ask(period)).rows
    return {(r, c): (p, n, b) for r, c, p, n, b in rows if p or n or b}


def facts(actor):
    return METRICS["activity"].table(actor, Ask(YEAR)).facts


def test_a_meeting_counts_in_each_cell_and_once_in_the_total(here, elsewhere):
    actor = make.actor(everywhere=True)
    black, asian = make.community(), make.community()
    south = make.community(parent=asian)
    one = make.organization(state=here, communities=[black, south])
    two = make.organization(state=elsewhere)
    make.interaction(organizations=[one, two])
    a, b = here.region.code, elsewhere.region.code
    assert cells(actor) == {
        (a, black.code): (1, 1, 0),
        (a, asian.code): (1, 1, 0),
        (b, None): (1, 1, 0),
    }
    found = facts(actor)
    assert found["total"] == 1
    assert found["regions"] == {a: 1, b: 1}
    assert (found["pairs"], found["active"]) == (6, 2)
    assert found["communities"] == {black.code: 1, asian.code: 1, None: 1}


def test_a_child_counts_once_in_its_parent(here):
    asian = make.community()
    children = [make.community(parent=asian), make.community(parent=asian)]
    make.interaction(organization=make.organization(state=here, communities=[asian, *children]))
    assert cells(make.actor(everywhere=True)) == {(here.region.code, asian.code): (1, 1, 0)}


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "planned"},
        {"status": "cancelled"},
        {"visibility": "restricted"},
        {"day": date(2027, 1, 1)},
    ],
)
def test_what_does_not_count(here, organizer, fields):
    """Nor for its author, who may read it."""
    partner = make.organization(state=here)
    make.interaction(organization=partner, author=organizer, **fields)
    assert cells(actor_of(organizer)) == {(here.region.code, None): (1, 0, 0)}


def test_log_edit_move_undo_and_delete_show_at_once(here, elsewhere, actor):
    from access.undo import undo

    partner = make.organization(state=here)
    boss = make.actor(everywhere=True, role="regional-lead")
    data = make.meeting_values(partner)
    command = LogInteraction(actor, data)
    met = command.run()
    assert cells(boss)[here.region.code, None] == (1, 1, 0)
    row = Interaction.objects.visible_to(boss).get(pk=met.pk)
    ChangeInteraction(
        boss, {"revision": 1, "status": "cancelled"}, instance=row, partial=True
    ).run()
    assert cells(boss)[here.region.code, None] == (1, 0, 0)
    row = Interaction.objects.visible_to(boss).get(pk=met.pk)
    back = ChangeInteraction(boss, {"revision": 2, "status": "held"}, instance=row, partial=True)
    back.run()
    there = Organization.objects.visible_to(boss).get(pk=partner.pk)
    lines = [{"kind": "physical", "state": elsewhere.code}]
    moving = ChangeOrganization(
        boss, {"revision": 1, "locations": lines}, instance=there, partial=True
    )
    moving.run()
    assert cells(boss) == {(elsewhere.region.code, None): (1, 1, 0)}
    undo(boss, moving.run_made)
    assert cells(boss)[here.region.code, None] == (1, 1, 0)


def test_the_time_before_is_as_long_and_right_before(here):
    partner = make.organization(state=here)
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    make.interaction(organization=partner, day=date(2026, 10, 2))
    make.interaction(organization=partner, day=date(2026, 10, 1))
    assert cells(make.actor(everywhere=True), period)[here.region.code, None] == (1, 0, 1)


def test_periods_meet_without_gap_or_overlap():
    for last in (date(2026, 11, 24), date(2024, 2, 29), date(2025, 2, 28), date(2026, 1, 1)):
        year = Period.year_to(last)
        assert year.last == last
        assert year.before().last + timedelta(days=1) == year.first
        assert (year.last - year.first) == (year.before().last - year.before().first)


def heat_of(client, query="?first=2026-01-01&last=2026-12-31"):
    return client.get(reverse("dashboards:where") + query).context["heat"]


@pytest.mark.parametrize("role", ["organizer", "regional-lead", "data-manager", "administrator"])
def test_each_cell_opens_a_list_of_exactly_as_many_rows(client, here, elsewhere, role):
    black, asian = make.community(), make.community()
    south = make.community(parent=asian)
    both = make.organization(state=here, communities=[black, south])
    other = make.organization(state=elsewhere, communities=[black])
    plain, abroad = make.organization(state=here), make.organization(communities=[asian])
    for partners in (
        [both],
        [both, other],
        [other],
        [plain],
        [plain, both],
        [abroad],
        [abroad, plain],
    ):
        make.interaction(organizations=partners)
    make.interaction(organizations=[both], status="planned")
    make.interaction(organizations=[both], visibility="restricted")
    client.force_login(make.user(everywhere=True, role=role))
    heat = heat_of(client)
    opened = 0
    everything = [c for row in heat.rows for c in [*row.cells, row.total]] + [
        *heat.totals,
        heat.total,
    ]
    for cell in everything:
        page = client.get(cell.url)
        assert page.status_code == 200
        if cell.value is not None:
            assert page.context["pager"]["count"] == cell.value, cell
            opened += bool(cell.value)
        else:
            assert page.context["pager"]["count"] == 0
    assert opened >= 8
    assert heat.total.value == 7


def test_a_leader_opens_the_partners_behind_a_cell(client, here):
    black = make.community()
    make.interaction(organization=make.organization(state=here, communities=[black]))
    client.force_login(make.user(here.region, home=here, role="leader"))
    cell = heat_of(client).rows[0].cells[0]
    page = client.get(cell.url)
    assert page.status_code == 200
    assert page.context["pager"]["count"] == 1
    assert page.context["list"].name == "organizations"


@pytest.mark.parametrize("role", ["leader", "organizer"])
def test_who_opens_no_meetings_is_told_what_a_number_opens(client, here, role):
    client.force_login(make.user(here.region, home=here, role=role))
    page = client.get("/dashboards/where/").content.decode()
    assert ("a number of a place opens the partners there" in page) == (role == "leader")


def test_none_is_no_partner_and_zero_is_no_meeting(client, here):
    black, lgbtq = make.community(name="Black"), make.community(name="LGBTQ")
    make.organization(state=here, communities=[black])
    client.force_login(make.user(here.region, home=here))
    heat = heat_of(client)
    assert [c.value for c in heat.rows[0].cells] == [0, None, None]
    assert heat.table.facts["gaps"] == [(here.region.code, lgbtq.code)]


@pytest.mark.parametrize(
    "query",
    ["?first=junk", "?first=2026-12-31&last=2026-01-01", "?first=0001-01-01", "?last=99999-01-01"],
)
def test_a_wrong_period_says_so(client, here, organizer, query):
    client.force_login(organizer)
    assert client.get(reverse("dashboards:where") + query).status_code == 422
    assert client.get(reverse("dashboards:activity_csv") + query).status_code == 422


def test_the_csv_says_what_the_table_says(client, here):
    black = make.community(name="Black", short="Black")
    make.interaction(organization=make.organization(state=here, communities=[black]))
    client.force_login(make.user(here.region, home=here))
    answer = client.get(reverse("dashboards:activity_csv") + "?first=2026-01-01&last=2026-12-31")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["Region", "Community", "Partners", "Meetings", "Time before"],
        [here.region.name, "Black", "1", "1", "0"],
        [here.region.name, "Not given", "0", "0", "0"],
        ["All, each once", "", "1", "1", "0"],
    ]


def test_an_empty_database_has_a_table_too(client, here):
    client.force_login(make.user(here.region, home=here))
    assert heat_of(client).total.value == 0
    assert actor_of(make.user(here.region, home=here)) is not None
