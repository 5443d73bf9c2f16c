"""Cells say what the rows say; where they may not be trusted, the rows are read.

The tests beside this one read both sources each time (`conftest.py`).
"""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from access.regions import ChangeRegion
from access.undo import undo
from config.management.commands import tick
from crm.commands.words import WORD_COMMANDS
from crm.models import Organization
from dashboards.asking import Ask
from dashboards.metrics import METRICS
from dashboards.models import Cell, CountedMeeting, CountedPartner, Pending, Places
from dashboards.summary import keeping, slots
from dashboards.summary.checking import check
from dashboards.summary.reading import answers
from dashboards.summary.upkeep import fold, is_current
from dashboards.tables import Period
from tests import make

pytestmark = pytest.mark.django_db
YEAR = Period(date(2025, 11, 28), date(2026, 11, 27))
DAY = date(2026, 4, 1)
APRIL = slots.slot_of(DAY, slots.MONTH)
LONG_AGO = slots.slot_of(date(1999, 1, 1), slots.DAY)
days = st.dates(date(2019, 1, 1), date(2029, 12, 31))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    days,
    days,
    st.sampled_from([slots.GRAINS, (0, 2, 3, 4), (0, 1, 2), (0, 4), (0,)]),
)
def test_spans_sum_up_to_each_day_of_a_period_once(one, other, grains):
    period = Period(min(one, other), max(one, other))
    if grains == (0,):
        period = Period(period.first, min(period.last, period.first + timedelta(days=400)))
    found: Counter = Counter()
    for slot, sign in slots.cover(period, grains).items():
        first, day = slots.first_of(slot), slots.first_of(slot)
        assert slots.slot_of(first, slots.grain_of(slot)) == slot
        while slots.slot_of(day, slots.grain_of(slot)) == slot:
            found[day] += sign
            day += timedelta(days=1)
    length = (period.last - period.first).days + 1
    assert {day: n for day, n in found.items() if n} == {
        period.first + timedelta(days=n): 1 for n in range(length)
    }


@settings(max_examples=100, deadline=None, derandomize=True)
@given(days)
def test_a_year_takes_few_spans(last):
    assert len(slots.cover(Period.year_to(last))) <= 20


def test_a_period_that_cuts_the_smallest_span_is_an_error():
    with pytest.raises(ValueError, match="smallest"):
        slots.cover(Period(date(2026, 3, 2), date(2026, 3, 31)), (slots.MONTH, slots.YEAR))


@pytest.fixture
def ines(here):
    return make.actor(everywhere=True, role="administrator")


HARMS = {
    "a cell": lambda here: Cell.objects.filter(what="t", slot=APRIL).update(n=F("n") + 1),
    "partners": lambda here: Cell.objects.filter(slot=slots.ALWAYS).update(n=F("n") + 1),
    "a quarter": lambda here: Cell.objects.filter(slot=slots.slot_of(DAY, slots.QUARTER)).delete(),
    "a line": lambda here: Pending.objects.create(
        what="a", value=1, place=here.pk, n=1, slot=LONG_AGO
    ),
    "a stray": lambda here: Cell.objects.create(what="t", place=here.pk, n=1, slot=LONG_AGO + 4),
}


def held(actor, name="by_state", **narrowing):
    table = METRICS[name].table(actor, Ask(YEAR, **narrowing))
    return {row["state"]: row["interactions"] for row in table.dicts() if row["interactions"]}


def test_a_meeting_in_two_states_counts_once_for_who_sees_both(here, elsewhere, ines):
    near = make.state(here.region)
    black, asian = make.community(), make.community()
    partners = [
        make.organization(state=here, communities=[black]),
        make.organization(state=near, communities=[black, asian]),
        make.organization(state=elsewhere),
    ]
    make.interaction(organizations=partners, day="2026-04-01")
    make.interaction(organizations=partners[:2], day="2026-04-02")
    assert Places.objects.count() == 2
    for viewer, regions, total in (
        (ines, {here.region.code: 2, elsewhere.region.code: 1}, 2),
        (make.actor(here.region, home=here), {here.region.code: 2}, 2),
        (make.actor(elsewhere, home=elsewhere), {elsewhere.region.code: 1}, 1),
    ):
        table = METRICS["activity"].table(viewer, Ask(YEAR))
        assert (table.facts["regions"], table.facts["total"]) == (regions, total)
    assert check() == []


def test_a_state_that_moves_to_another_region_is_counted_there_at_once(here, elsewhere, ines):
    make.interaction(organization=make.organization(state=here), day="2026-04-01")
    fold()
    region = elsewhere.region
    values = {"revision": make.fresh(region).revision, "name": region.name}
    ChangeRegion(ines, values | {"states": [here.code]}, instance=make.fresh(region)).run()
    assert METRICS["activity"].table(ines, Ask(YEAR)).facts["regions"] == {region.code: 1}


def test_a_community_that_is_retired_moves_its_counts_and_undo_brings_them_back(here, ines):
    word = make.community()
    make.interaction(
        organization=make.organization(state=here, communities=[word]), day="2026-04-01"
    )
    fold()
    retire = WORD_COMMANDS["communities"]["retire"]
    command = retire(ines, {"revision": word.revision}, instance=make.fresh(word))
    command.run()
    assert METRICS["activity"].table(ines, Ask(YEAR)).facts["communities"] == {"*": 1}
    assert is_current()
    undo(ines, command.run_made)
    assert METRICS["activity"].table(ines, Ask(YEAR)).facts["communities"] == {word.code: 1}
    assert check() == []


def test_a_community_of_many_partners_is_counted_anew_by_upkeep(here, ines, monkeypatch):
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    word = make.community()
    partners = [make.organization(state=here, communities=[word]) for _n in range(2)]
    make.interaction(organizations=partners, day="2026-04-01")
    assert answers(Ask(YEAR))
    retire = WORD_COMMANDS["communities"]["retire"]
    retire(ines, {"revision": word.revision}, instance=make.fresh(word)).run()
    assert not answers(Ask(YEAR))
    make.interaction(organizations=partners, day="2026-04-02")  # while nobody reads the cells
    assert METRICS["activity"].table(ines, Ask(YEAR)).facts["communities"] == {"*": 2}
    assert tick.fold_figures() == "made anew"
    assert answers(Ask(YEAR))
    assert METRICS["activity"].table(ines, Ask(YEAR)).facts["communities"] == {"*": 2}
    assert check() == []


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_what_is_wrong_is_noticed_and_made_anew(here, ines, harm):
    partner = make.organization(state=here)
    make.interaction(organization=partner, day="2026-04-01")
    make.interaction(organization=partner, day="2024-02-29", affiliate=make.affiliate(here))
    fold()
    call_command("check_figures")
    harm(here)
    assert check() != []
    call_command("rebuild_figures")
    assert check() == []
    assert held(ines) == {here.code: 1}


def test_rows_that_were_counted_wrong_are_counted_anew(here, elsewhere, ines, capsys):
    partner = make.organization(state=here)
    row = make.interaction(organization=partner, day="2026-04-01")
    CountedMeeting.objects.create(
        interaction=row.pk + 1, day="2026-04-01", kind=1, place=here.pk, communities=""
    )
    CountedMeeting.objects.filter(pk=row.pk).update(place=elsewhere.pk)
    CountedPartner.objects.update(communities="0 7")
    call_command("rebuild_figures")
    assert "counted wrong: 3." in capsys.readouterr().out
    assert check() == []
    assert held(ines) == {here.code: 1}
    make.saved_delete(row)
    assert held(ines) == {}


def test_upkeep_reads_the_rows_once_cells_are_wrong_until_it_has_made_them_anew(here, ines):
    make.interaction(organization=make.organization(state=here), day="2026-04-01")
    fold()
    assert tick.compare_figures() == ""
    Cell.objects.filter(what="t").update(n=5)
    assert tick.compare_figures() == "1 problems"
    assert not answers(Ask(YEAR))
    assert held(ines) == {here.code: 1}
    tick.fold_figures()
    assert answers(Ask(YEAR))
    assert held(ines) == {here.code: 1}


def test_what_was_there_before_cells_were_kept_is_read_from_the_rows(here, ines):
    make.interaction(organization=make.organization(state=here), day="2026-04-01")
    for model in (Cell, Pending, CountedMeeting, CountedPartner):
        model.objects.all().delete()
    migration = __import__("dashboards.migrations.0001_summary_cells", fromlist=["build_later"])
    migration.build_later(apps, None)
    assert held(ines) == {here.code: 1}
    make.interaction(organization=Organization.objects.visible_to(ines).get(), day="2026-04-02")
    assert held(ines) == {here.code: 2}
    assert tick.fold_figures() == "made anew"
    assert answers(Ask(YEAR))
    assert held(ines) == {here.code: 2}


def test_a_transaction_that_fails_counts_nothing(here, ines):
    partner = make.organization(state=here)
    make.interaction(organization=partner, day="2026-04-01")

    def fails():
        with transaction.atomic():
            make.interaction(organization=partner, day="2026-04-02")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert held(ines) == {here.code: 1}


def test_folding_leaves_no_line_and_no_empty_cell(here, ines):
    row = make.interaction(organization=make.organization(state=here), day="2026-04-01")
    assert fold()
    assert Cell.objects.exists() and not Pending.objects.exists()
    make.saved_delete(row)
    assert fold()
    assert not Pending.objects.exists()
    assert set(Cell.objects.values_list("what", flat=True)) == {"p", "s"}
    assert fold() == 0


def test_which_questions_the_rows_answer(here, elsewhere):
    child = make.community(parent=make.community())
    asked = YEAR
    assert answers(Ask(YEAR), "region", "community")
    assert answers(Ask(asked, region=here.region, state=here, community=child.parent))
    assert not answers(Ask(asked, community=child))
    assert not answers(Ask(asked, community=child.parent), "kind")
    kind, affiliate = make.kind(), make.affiliate(here)
    for one, other in ({"kind": kind}, "affiliate"), ({"affiliate": affiliate}, "kind"):
        assert answers(Ask(asked, **one), "region", *one)
        assert not answers(Ask(asked, **one), "region", "community")
        assert not answers(Ask(asked, **one), other)
        assert not answers(Ask(asked, community=child.parent, **one))
    assert not answers(Ask(asked, kind=kind, affiliate=affiliate))
    assert not answers(Ask(asked, focus_area=make.focus_area()))


def test_a_wrong_figure_fails_the_check(here):
    make.interaction(organization=make.organization(state=here), day="2026-04-01")
    fold()
    Cell.objects.filter(what="c").update(n=2)
    with pytest.raises(CommandError, match=r"2026: 1 numbers(.|\n)*rebuild_figures"):
        call_command("check_figures")
