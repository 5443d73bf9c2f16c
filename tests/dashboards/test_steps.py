"""All affiliates at one look: each step once, and every number opens what it counts."""

from datetime import date

import pytest
import time_machine
from django.test import RequestFactory
from django.urls import reverse

from access.actors import actor_of
from dashboards.addresses import address
from dashboards.asking import Ask
from dashboards.metrics import METRICS
from dashboards.tables import Period
from lists.pages import PAGES
from outreach.models import Program, ProgramStep, SignOff
from tests import make

pytestmark = pytest.mark.django_db
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
TODAY = "2027-01-15T15:00Z"  # the first step, due on January 1, is late


@pytest.fixture
def programs(here, elsewhere, organizer):
    """Three programs here, one of which signed its first step and waits in the second."""
    ours = [make.program(here, owner=organizer) for _n in range(3)]
    make.saved(SignOff(program_step=make.step_of(ours[0], "goals"), day=make.DAY))
    second = make.step_of(ours[0], "members")
    second.by_hand = ProgramStep.Status.WAITING
    make.saved(second)
    make.program(elsewhere)
    make.affiliate(here)
    return ours


def rows_of(name, actor, **narrowing):
    table = METRICS[name].table(actor, Ask(YEAR, **narrowing))
    return {row[0]: dict(zip(table.columns[1:], row[1:], strict=True)) for row in table.rows}


@time_machine.travel(TODAY)
def test_each_step_is_counted_in_one_column(programs, actor):
    found = rows_of("five_steps", actor)
    assert list(found) == list(make.STEPS)
    assert found["goals"] == {
        "not_started": 0, "started": 0, "late": 2, "waiting": 0, "signed": 1,
    }  # fmt: skip
    assert found["members"] == {
        "not_started": 2, "started": 0, "late": 0, "waiting": 1, "signed": 0,
    }  # fmt: skip
    assert sum(found["act"].values()) == len(programs)


@time_machine.travel(TODAY)
def test_a_program_is_counted_in_the_step_that_it_is_in(programs, here, actor):
    row = rows_of("steps_by_region", actor)[here.region.code]
    assert (row["step_1"], row["step_2"], row["all_signed"]) == (2, 1, 0)
    assert (row["late"], row["no_program"]) == (2, 1)


@time_machine.travel(TODAY)
def test_every_number_opens_as_many_rows(programs, here, actor):
    black = make.community()
    make.program(here, communities=[black])
    for narrowing in ({}, {"community": black}, {"state": here}, {"region": here.region}):
        ask = Ask(YEAR, **narrowing)
        for name in ("five_steps", "steps_by_region"):
            metric = METRICS[name]
            table = metric.table(actor, ask)
            rows = [*table.dicts(), table.facts]
            for row in rows:
                key = {k: row[k] for k in metric.keys if k in row}
                for column in metric.numbers:
                    url = address(actor, metric.behind(ask, table, key, column))
                    assert count_at(actor, url) == row[column], (name, key, column, narrowing)


def count_at(actor, url):
    request = RequestFactory().get(url)
    request.actor = actor
    page = PAGES[url.split("/")[1]]
    found = page.find(request, request.GET)
    assert found.problems == []
    return found.rows.order_by().count()


def test_a_run_of_other_days_is_not_counted(programs, actor):
    before = Period(date(2025, 1, 1), date(2025, 12, 31))
    table = METRICS["five_steps"].table(actor, Ask(before))
    assert not any(table.facts.values())


def test_the_page_and_its_csv_hold_the_same_numbers(client, programs, organizer):
    client.force_login(organizer)
    days = {"first": "2026-01-01", "last": "2026-12-31"}
    page = client.get(reverse("dashboards:steps"), days)
    assert "3 programs run" in page.content.decode()
    text = client.get(reverse("dashboards:five_steps_csv"), days).content.decode()
    shown = [[str(cell.value) for cell in row.cells] for row in page.context["by_status"].rows]
    assert [line.split(",")[1:] for line in text.splitlines()[1:6]] == shown


def test_a_wrong_filter_shows_no_number(client, programs, organizer):
    client.force_login(organizer)
    page = client.get(reverse("dashboards:steps"), {"region": "none"})
    assert page.status_code == 422 and "by_status" not in page.context


def test_who_sees_no_program_counts_none(programs, elsewhere):
    other = actor_of(make.user(make.region(), home=make.state()))
    assert not any(METRICS["five_steps"].table(other, Ask(YEAR)).facts.values())
    assert not Program.objects.visible_to(other).exists()
