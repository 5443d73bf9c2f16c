"""Reads counts of meetings and partners from cells, for the questions that cells can answer."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import Any

from django.db.models import Case, F, Sum, Value, When

from access.kept import kept
from access.models import State
from access.scope import Actor
from dashboards.asking import Ask
from dashboards.models import Cell, CountedMeeting, Pending, Places, What
from dashboards.summary import slots
from dashboards.summary.facts import NOT_GIVEN
from dashboards.summary.upkeep import GRAINS, is_current
from dashboards.tables import Period

type Row = tuple[frozenset[int], int, int, int]  # states that are asked for, value, now, before


# A cell holds one of these values of a meeting.
VALUES = {
    "community": What.BY_COMMUNITY,
    "kind": What.BY_KIND,
    "affiliate": What.BY_AFFILIATE,
}
PLACES = {"region", "state"}  # keys that say where
SUBJECTS = {what: name for name, what in VALUES.items()}


def answers(ask: Ask, *names: str) -> bool:
    """Whether cells can answer the question, by these keys."""
    if ask.owner or ask.focus_area:
        return False
    if ask.community and (ask.community.parent_id or ask.community.retired):
        return False
    if sum(1 for name in VALUES if name in names or getattr(ask, name)) > 1:
        return False
    if "current" not in ask.counted:
        ask.counted["current"] = is_current()
    return ask.counted["current"]


class Cells:
    """Counts of a period and of the time before, as `dashboards.metrics.counting.Live` gives them.

    A viewer sees the partners of her states, and a meeting where she sees one of its partners. So a
    meeting counts where its place has a state of hers.
    """

    def __init__(self, actor: Actor, ask: Ask):
        self.actor, self.ask = actor, ask
        rows = kept("states of cells", _states)
        self.state = {pk: code for pk, code, _region, _id in rows}
        self.region = {pk: region or State.OUTSIDE for pk, _code, region, _id in rows}
        self.asked = frozenset(
            pk
            for pk, _code, _region, region_id in rows
            if actor.covers(pk)
            and (not ask.region or region_id == ask.region.pk)
            and (not ask.state or pk == ask.state.pk)
        )
        # Of each place that has some, the states that are asked for.
        self.places = {pk: frozenset({pk}) for pk in self.asked}
        for pk, states in Places.objects.values_list("pk", "states"):
            if some := self.asked.intersection(map(int, states.split())):
                self.places[-pk] = some
        self._found: dict[tuple[What, bool], list[Row]] = {}
        self._had: dict[What, list[tuple[int, int, int]]] = {}

    def total(self) -> dict[str, int]:
        """How many meetings there are, and were in the time before, each once."""
        now, before = self.by()
        return {"total": now[()], "total_before": before[()]}

    def by(self, *names: str) -> tuple[Counter, Counter]:
        """Meetings by key, and those of the time before; each meeting once for each key."""
        now, before = Counter[Any](), Counter[Any]()
        for states, value, n, then in self._rows(self._what(names), not PLACES.isdisjoint(names)):
            for key in self._keys(names, states, value):
                now[key] += n
                before[key] += then
        return +now, +before

    def by_month(self, period: Period) -> dict[date, int]:
        """{first day of the month: meetings of the days of the period in it}."""
        what = self._what(())
        grains = tuple(grain for grain in GRAINS[what] if grain <= slots.MONTH)
        months: Counter[date] = Counter()
        whole = []
        for month in period.months():
            if month.is_whole_months() or slots.DAY in grains:
                whole.append(month)
            else:  # of single days there are no cells
                part = Cells(self.actor, self.ask.over(month))
                months[month.first.replace(day=1)] = part.total()["total"]
        if whole:
            months += self._by_month(what, whole, grains)
        return +months

    def _by_month(self, what: What, months: list[Period], grains: tuple[int, ...]) -> Counter[date]:
        covers = [slots.cover(month, grains) for month in months]
        signs = {slot: sign for some in covers for slot, sign in some.items()}
        days = slots.within(Period(months[0].first, months[-1].last))
        cells = self._of(Cell, what).filter(slot__in=signs).annotate(late=Value(0))
        late = self._of(Pending, what).filter(slot__range=days).annotate(late=Value(1))
        found = [rows.values_list("late", "slot").annotate(Sum("n")) for rows in (cells, late)]
        counts: Counter[date] = Counter()
        for is_late, slot, n in found[0].union(found[1], all=True):
            sign = 1 if is_late else signs[slot]
            counts[slots.first_of(slot).replace(day=1)] += sign * n
        return counts

    def partners_by(self, *names: str) -> dict[Any, int]:
        """Partners by key, each once for each key."""
        by_community = self.ask.community or "community" in names
        what = What.PARTNERS_BY_COMMUNITY if by_community else What.PARTNERS
        found = Counter[Any]()
        for place, value, n in self._partners(what):
            for key in self._keys(names, self.places[place], value):
                found[key] += n
        return +found

    def partners(self) -> int:
        """How many partners there are."""
        return self.partners_by().get((), 0)

    def _partners(self, what: What) -> list[tuple[int, int, int]]:
        """(place, value, how many) of partners."""
        if what not in self._had:
            cells, late = (
                self._of(model, what).values_list("place", "value").annotate(Sum("n"))
                for model in (Cell, Pending)
            )
            self._had[what] = list(cells.union(late, all=True))
        return self._had[what]

    def _what(self, names: Iterable[str]) -> What:
        for name, what in VALUES.items():
            if name in names or getattr(self.ask, name):
                return what
        return What.MEETINGS

    def _keys(self, names: tuple[str, ...], states: frozenset[int], value: int) -> Iterable[Any]:
        """The keys that something of these states and this value counts for."""
        if not names:
            return [()]
        found = [self._key(name, states, value) for name in names]
        return found[0] if len(names) == 1 else list(product(*found))

    def _key(self, name: str, states: frozenset[int], value: int) -> Iterable[Any]:
        if name in PLACES:
            names = self.region if name == "region" else self.state
            return {names[pk] for pk in states}
        return (None if value == NOT_GIVEN else value,)

    def _rows(self, what: What, by_place: bool) -> list[Row]:
        """What is counted, by place where that is wanted or known; else by value alone, which are
        fewer rows.
        """
        if (what, True) in self._found:
            by_place = True
        if (what, by_place) not in self._found:
            found = self._sums(what, ["place"] if by_place else [])
            self._found[what, by_place] = (
                [
                    (self.places[place], value, now, before)
                    for place, value, now, before in found
                    if place in self.places  # else it came a moment ago
                ]
                if by_place
                else [(frozenset(), value, now, before) for value, now, before in found]
            )
        return self._found[what, by_place]

    def _sums(self, what: What, by: list[str]):
        """(what it is by, value, now, before) of cells, of what is pending, and of single days that
        have no cells, in one statement, so that all of them are of the same moment.
        """
        kept = GRAINS[what]
        grains = kept if slots.DAY in kept else (slots.DAY, *kept)
        periods = (self.ask.period, self.ask.period.before())
        both = Period(periods[1].first, periods[0].last)
        covers = [slots.cover(period, grains) for period in periods]
        spans = [{s: sign for s, sign in c.items() if slots.grain_of(s) in kept} for c in covers]
        edges = [
            {s: sign for s, sign in c.items() if slots.grain_of(s) not in kept} for c in covers
        ]
        cells = self._of(Cell, what).filter(slot__in={*spans[0], *spans[1]})
        late = self._of(Pending, what).filter(slot__range=slots.within(both))
        found = [
            _sums(cells, [*by, "value"], [_signed("slot", some) for some in spans]),
            _sums(
                late,
                [*by, "value"],
                [_days(p) - _signed("slot", edges[n]) for n, p in enumerate(periods)],
            ),
        ]
        if edges[0] or edges[1]:
            column = SUBJECTS[what]
            days = [{slots.first_of(slot): sign for slot, sign in some.items()} for some in edges]
            met = self._here(CountedMeeting).filter(day__in={*days[0], *days[1]})
            met = met.exclude(**{column: None})
            if one := getattr(self.ask, column):
                met = met.filter(**{column: one.pk})
            found.append(
                _sums(met, [*by, column], [_signed("day", some, Value(1)) for some in days])
            )
        return found[0].union(*found[1:], all=True)

    def _of(self, model, what: What):
        """The rows of a count that may be of a state that is asked for."""
        rows = self._here(model).filter(what=what)
        one = getattr(self.ask, SUBJECTS.get(what, "community"))
        return rows.filter(value=one.pk) if one else rows

    def _here(self, model):
        """The rows of places that have a state that is asked for."""
        if len(self.asked) == len(self.state):
            return model.objects.order_by()
        return model.objects.filter(place__in=self.places).order_by()


def _states() -> list[tuple]:
    return list(State.objects.values_list("pk", "code", "region__code", "region_id"))


N = F("n")


def _sums(rows, by: list[str], sums: list):
    """The columns that it is by, and the two sums, of rows."""
    return rows.values_list(*by).annotate(now=sums[0], then=sums[1])


def _signed(column: str, signs: dict[Any, int], n: Any = N):
    """The sum of what has a sign, with it."""
    plus, minus = ([key for key, sign in signs.items() if sign == s] for s in (1, -1))
    cases = [When(**{f"{column}__in": plus}, then=n), When(**{f"{column}__in": minus}, then=-n)]
    return Sum(Case(*cases, default=0))


def _days(period: Period):
    """The sum of what is of a day of the period."""
    return Sum(Case(When(slot__range=slots.within(period), then=N), default=0))
