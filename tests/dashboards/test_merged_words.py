"""Figures after words were merged: what was counted under the one is counted under the other."""

from datetime import date

import pytest

from access.undo import undo
from crm.commands.words import WORD_COMMANDS
from dashboards.asking import Ask
from dashboards.metrics import METRICS
from dashboards.tables import Period
from tests import make

pytestmark = pytest.mark.django_db
SPRING = Period(date(2026, 3, 1), date(2026, 5, 31))


@pytest.fixture
def ines(here):
    return make.actor(everywhere=True, role="administrator")


def merge(actor, listed, word, into):
    values = {"revision": make.fresh(word).revision, "into": into.code}
    command = WORD_COMMANDS[listed]["merge"](actor, values, instance=make.fresh(word))
    command.run()
    return command.run_made


def counted(actor, name, key) -> dict:
    """The meetings of a figure by one of its keys, those above 0."""
    rows = METRICS[name].table(actor, Ask(SPRING)).dicts()
    return {row[key]: row["interactions"] for row in rows if row["interactions"]}


def test_meetings_of_a_merged_community_count_in_the_other_once(ines, here):
    one, two = make.community(), make.community()
    both = make.organization(state=here, communities=[one, two])
    make.interaction(organization=both, day="2026-04-01")
    make.interaction(
        organization=make.organization(state=here, communities=[one]), day="2026-04-02"
    )
    assert counted(ines, "activity", "community") == {one.code: 2, two.code: 1}
    run = merge(ines, "communities", one, two)
    assert counted(ines, "activity", "community") == {two.code: 2}
    undo(ines, run)
    assert counted(ines, "activity", "community") == {one.code: 2, two.code: 1}


def test_meetings_of_a_merged_kind_count_as_the_other(ines, here):
    call, visit = make.kind(), make.kind()
    partner = make.organization(state=here)
    make.interaction(organization=partner, day="2026-04-01", kind=call)
    make.interaction(organization=partner, day="2026-04-02", kind=visit)
    assert counted(ines, "by_kind", "kind") == {call.code: 1, visit.code: 1}
    merge(ines, "interaction-kinds", call, visit)
    assert counted(ines, "by_kind", "kind") == {visit.code: 2}
