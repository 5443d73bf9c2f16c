"""After any edits, each figure is what counting by hand gives.

Rows are added, changed, moved, cancelled, restricted, deleted and undone. Partners cannot be merged
in the product yet, so words are what can be merged: communities, kinds and focus areas are, and the
undo of that; meetings go to other partners, as they will when partners are merged.
"""

import calendar
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dashboards.asking import Ask
from dashboards.metrics import METRICS
from dashboards.summary.checking import check
from dashboards.tables import Period
from tests import make
from tests.dashboards.counted import EDITS, MERGES, Books, Counting, Edits

pytestmark = pytest.mark.django_db

numbers = st.tuples(*[st.integers(0, 15)] * 4)
begun = st.lists(numbers, min_size=9, max_size=9)  # three partners and six meetings
edits = st.lists(st.tuples(st.sampled_from(EDITS), numbers), min_size=2, max_size=8)
merged = st.tuples(*[st.tuples(numbers, st.booleans())] * len(MERGES))  # and whether it is undone
EVER = Period(date(2023, 12, 15), date(2026, 12, 31))
periods = st.sampled_from(
    [
        EVER,
        Period(date(2026, 1, 1), date(2026, 12, 31)),
        Period(date(2025, 11, 28), date(2026, 11, 27)),
        Period(date(2025, 2, 1), date(2025, 2, 28)),
        Period(date(2024, 2, 29), date(2024, 2, 29)),
        Period(date(2026, 2, 28), date(2026, 3, 1)),
    ]
)
narrowing = st.dictionaries(
    st.sampled_from(["region", "state", "community", "owner", "kind", "focus_area", "affiliate"]),
    st.integers(0, 5),
    max_size=2,
)
OF_MEETINGS = {name: one for name, one in METRICS.items() if "interactions" in one.numbers}


def question(edits, period, chosen):
    """A question that narrows by rows of the books, and by words that are offered."""
    books = edits.books
    rows = {
        "region": [s.region for s in books.states if s],
        "state": [*books.states[:3], books.outside],
        "community": edits.offered["communities"],
        "owner": books.owners[1:],
        "kind": edits.offered["interaction-kinds"],
        "focus_area": edits.offered["focus-areas"],
        "affiliate": books.affiliates[1:],
    }
    return Ask(period, **{name: rows[name][n % len(rows[name])] for name, n in chosen.items()})


def test_figures_hold_whatever_is_edited(db, pytestconfig, monkeypatch):
    monkeypatch.setattr("dashboards.metrics.affiliates.BIGGEST", 1)
    books = Books()
    viewers = viewers_of(books)
    done: Counter = Counter()

    @settings(
        max_examples=pytestconfig.getoption("edits") // 30,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=[Phase.generate],  # to shrink edits takes minutes
    )
    @given(begun, edits, merged, edits, periods, narrowing, st.integers(0, len(viewers) - 1))
    def holds(first, wanted, words, more, period, chosen, who):
        with transaction.atomic():
            made = Edits(books)
            for n, some in enumerate(first):
                made.one("add" if n < 3 else "log", *some)
            for name, some in wanted:
                made.one(name, *some)
            for name, (some, is_undone) in zip(MERGES, words, strict=True):
                made.one(name, *some)
                if is_undone:
                    made.take_back()
            for name, some in more:
                made.one(name, *some)
            asked = question(made, period, chosen)
            above = Ask(EVER, community=books.communities[1])  # with communities below it
            pairs = [(Ask(EVER), 0), (Ask(EVER), 3), (above, 0), (asked, who)]
            for ask, viewer in pairs:
                actor, states = viewers[viewer]
                if ask.affiliate and ask.affiliate.state.code not in states:
                    ask = replace(ask, affiliate=None)  # she cannot name one that she does not see
                compare(actor, Counting(made, ask, states))
            assert check() == []
            transaction.set_rollback(True)
            done.update(made.done)

    holds()
    for name in MERGES:
        assert done[name] > done[f"{name}, undone"] > 0, done  # both were tried


def test_figures_hold_where_nothing_is_there(db):
    books = Books()
    for actor, states in viewers_of(books):
        compare(actor, Counting(Edits(books), Ask(EVER), states))


def viewers_of(books):
    """Who sees all, the same as a leader, one region, one state, and what is outside regions."""
    one, next_door, _other, _none = books.states
    every = {*(s.code for s in books.states if s), "--"}
    return [
        (books.editor, every),  # who also reads what is restricted
        (make.actor(everywhere=True, role="leader"), every),
        (make.actor(one.region, home=one), {one.code, next_door.code}),
        (make.actor(one, home=one, role="regional-lead"), {one.code}),
        (make.actor(books.outside, home=books.outside), {"--"}),
    ]


def compare(actor, counting):
    ask = counting.ask
    now, before = counting.now(), counting.before()
    tables = {name: metric.table(actor, ask) for name, metric in OF_MEETINGS.items()}
    for table in tables.values():
        assert table.facts["total"] == len(now)
        assert table.facts.get("total_before", len(before)) == len(before)
    covers(tables["activity"], counting, now, before)
    by_state(tables["by_state"], counting, now, before)
    by_month(tables["by_month"], counting, now)
    by_kind(tables["by_kind"], now, before)
    by_affiliate(tables["by_affiliate"], counting, now, before)


def covers(table, counting, now, before):
    pairs = counting.pairs_of
    known, held, earlier = (
        counting.partners_by(pairs),
        counting.by(now, pairs),
        counting.by(before, pairs),
    )
    rows = {row[:2]: row[2:] for row in table.rows}
    regions = {counting.region[code] for code in counting.states if asked_for(counting, code)}
    assert set(rows) == {(r, column) for r in regions for column in counting.columns()}
    assert {p: v for p, v in rows.items() if any(v)} == {
        p: (known[p], held[p], earlier[p]) for p in {*known, *held, *earlier}
    }
    region = lambda partner: {counting.region[partner.state]}  # noqa: E731
    assert table.facts["regions"] == counting.by(now, region)
    assert table.facts["regions_before"] == counting.by(before, region)
    assert table.facts["communities"] == counting.by(now, counting.tops)
    assert table.facts["communities_before"] == counting.by(before, counting.tops)
    assert table.facts["partners"] == len(counting.seen)
    assert set(table.facts["gaps"]) == {p for p in rows if p[1] is not None and not known[p]}
    assert table.facts["active"] == sum(1 for p in rows if p[1] is not None and held[p])


def by_state(table, counting, now, before):
    state = lambda partner: {partner.state}  # noqa: E731
    known, held = counting.partners_by(state), counting.by(now, state)
    earlier = counting.by(before, state)
    states = {s for s in counting.states if asked_for(counting, s)}
    assert set(table.rows) == {(s, known[s], held[s], earlier[s]) for s in states}


def asked_for(counting, code):
    ask = counting.ask
    if ask.region and counting.region[code] != ask.region.code:
        return False
    return not ask.state or ask.state.code == code


def by_month(table, counting, now):
    """Each day of the period by its month, and the same day of the year before."""
    period = counting.ask.period
    held = Counter(met.day.replace(day=1) for met in now.values())
    months = sorted({(d.year, d.month) for d in days(period)})
    expected = []
    for year, month in months:
        inside = [d.day for d in days(period) if (d.year, d.month) == (year, month)]
        end = calendar.monthrange(year - 1, month)[1]
        last = end if max(inside) == calendar.monthrange(year, month)[1] else max(inside)
        first = min(min(inside), end)
        then = counting.held(date(year - 1, month, first), date(year - 1, month, min(last, end)))
        expected.append((date(year, month, 1), held[date(year, month, 1)], len(then)))
    assert table.rows == expected
    assert table.facts["total_last_year"] == sum(row[2] for row in expected)


def days(period):
    count = (period.last - period.first).days + 1
    return [date.fromordinal(period.first.toordinal() + n) for n in range(count)]


def by_kind(table, now, before):
    held, earlier = (Counter(m.kind.code for m in found.values()) for found in (now, before))
    assert set(table.rows) == {(k, held[k], earlier[k]) for k in {*held, *earlier}}


def by_affiliate(table, counting, now, before):
    """One affiliate has a row of its own, the others share one."""

    def key(met):
        seen = met.affiliate and (met.affiliate.state.code in counting.states)
        return str(met.affiliate.uid) if seen else None

    held, earlier = (Counter(map(key, found.values())) for found in (now, before))
    rows = {row[0]: row[1:] for row in table.rows}
    named = {*held, *earlier} - {None}
    if counting.ask.affiliate:
        named.add(str(counting.ask.affiliate.uid))
    assert rows.get(None, (0, 0)) == (held[None], earlier[None])
    shown = set(rows) - {None, "*"}
    assert len(shown) == min(1, len(named)) and shown <= named
    for one in shown:
        assert rows[one] == (held[one], earlier[one])
        assert held[one] == max(held[other] for other in named)
    others = named - shown
    assert ("*" in rows) == bool(others)
    if others:
        assert rows["*"] == (sum(held[o] for o in others), sum(earlier[o] for o in others))
