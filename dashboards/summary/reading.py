"""Reads counts of meetings and partners from cells, for the questions that cells can answer."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from itertools import product
from typing import Any

from django.db.models import Count, Max

from access.kept import kept
from access.models import State
from access.scope import Actor
from dashboards.asking import Ask
from dashboards.models import Places, What
from dashboards.summary import slots
from dashboards.summary.facts import NOT_GIVEN
from dashboards.summary.sums import Asked, by_slot, partners, sums
from dashboards.summary.upkeep import GRAINS, is_current
from dashboards.tables import Period

type Row = tuple[Any, int, int, int]  # place (None where not asked), value, now, before


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
        self.places |= _several(self.asked)
        self._named: dict[str, dict[int, frozenset[str]]] = {}
        self._found: dict[tuple[What, bool], list[Row]] = {}
        self._had: dict[What, list[tuple[int, int, int]]] = {}

    def total(self) -> dict[str, int]:
        """How many meetings there are, and were in the time before, each once."""
        now, before = self.by()
        return {"total": now[()], "total_before": before[()]}

    def by(self, *names: str) -> tuple[Counter, Counter]:
        """Meetings by key, and those of the time before; each meeting once for each key."""
        found = self._keyed(names, self._rows(self._what(names), not PLACES.isdisjoint(names)))
        return Counter({key: n for key, (n, _then) in found.items() if n > 0}), (
            Counter({key: then for key, (_n, then) in found.items() if then > 0})
        )

    def by_month(self, *periods: Period) -> list[dict[date, int]]:
        """Of each period, {first day of the month: meetings of the days of the period in it}."""
        what = self._what(())
        grains = tuple(grain for grain in GRAINS[what] if grain <= slots.MONTH)
        found: list[Counter[date]] = []
        wholes: list[list[Period]] = []  # months that cells have, of each period
        for period in periods:
            counts: Counter[date] = Counter()
            whole = []
            for month in period.months():
                if month.is_whole_months() or slots.DAY in grains:
                    whole.append(month)
                else:  # of single days there are no cells
                    part = Cells(self.actor, self.ask.over(month))
                    counts[month.first.replace(day=1)] = part.total()["total"]
            found.append(counts)
            wholes.append(whole)
        self._add(found, wholes, what, grains)
        return [+counts for counts in found]

    def _add(
        self,
        found: list[Counter[date]],
        wholes: list[list[Period]],
        what: What,
        grains: tuple[int, ...],
    ) -> None:
        """Add to each of what was found the counts of these months: all in one statement."""
        spans: list[dict[int, int]] = [
            dict(pair for month in whole for pair in slots.cover(month, grains).items())
            for whole in wholes
        ]
        if not any(spans):
            return
        months = [month for whole in wholes for month in whole]
        days = Period(min(m.first for m in months), max(m.last for m in months))
        rows = by_slot(self._asked((what,), False), set().union(*spans), days)
        for counts, whole, signs in zip(found, wholes, spans, strict=True):
            for is_cell, slot, n in rows:
                first = slots.first_of(slot)
                if is_cell:
                    counts[first.replace(day=1)] += n * signs.get(slot, 0)
                elif whole and whole[0].first <= first <= whole[-1].last:
                    counts[first.replace(day=1)] += n

    def partners_by(self, *names: str) -> dict[Any, int]:
        """Partners by key, each once for each key."""
        by_community = self.ask.community or "community" in names
        what = What.PARTNERS_BY_COMMUNITY if by_community else What.PARTNERS
        found = self._keyed(names, [(*row, 0) for row in self._partners(what)])
        return +Counter({key: n for key, (n, _none) in found.items()})

    def partners(self) -> int:
        """How many partners there are."""
        return self.partners_by().get((), 0)

    def _partners(self, what: What) -> list[tuple[int, int, int]]:
        """(place, value, how many) of partners."""
        if what not in self._had:
            self._read_partners(what)
        return self._had[what]

    def _read_partners(self, *whats: What) -> None:
        found = partners(self._asked(whats, True))
        self._had |= {what: found[what.value] for what in whats}

    def _what(self, names: Iterable[str]) -> What:
        for name, what in VALUES.items():
            if name in names or getattr(self.ask, name):
                return what
        return What.MEETINGS

    def _keyed(self, names: tuple[str, ...], rows: list[Row]) -> dict[Any, list[int]]:
        """{key: [now, before]} of rows, each of which counts once for each key that it has."""
        where = next((name for name in names if name in PLACES), None)
        by_value = any(name in VALUES for name in names)
        if where is None:
            return _by_value(rows) if by_value else {(): _summed(rows)}
        of_place = self._names_of_places(where)
        # Thousands of places have the same few names, so what they share is summed up first.
        shared: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
        for place, value, n, then in rows:
            both = shared[of_place[place], value if by_value else None]
            both[0] += n
            both[1] += then
        found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
        for (places, value), (n, then) in shared.items():
            known = None if value == NOT_GIVEN else value
            parts = [places if name == where else (known,) for name in names]
            for key in parts[0] if len(parts) == 1 else product(*parts):
                both = found[key]
                both[0] += n
                both[1] += then
        return found

    def _names_of_places(self, where: str) -> dict[int, frozenset[str]]:
        """{place: the regions, or the states, that are asked for and that it has}."""
        if where not in self._named:
            names = self.region if where == "region" else self.state

            def look_up() -> dict[int, frozenset[str]]:
                known: dict[frozenset[str], frozenset[str]] = {}  # the same names, the same set
                found = {}
                for place, states in self.places.items():
                    some = frozenset(names[pk] for pk in states)
                    found[place] = known.setdefault(some, some)
                return found

            # No place changes, others come: as many with the same last one are the same.
            are = len(self.places), min(self.places, default=0)
            self._named[where] = kept(("names of places", where, self.asked, *are), look_up)
        return self._named[where]

    def _rows(self, what: What, by_place: bool) -> list[Row]:
        """What is counted, by place where that is wanted or known; else by value alone, which are
        fewer rows.
        """
        if (what, True) in self._found:
            by_place = True
        if (what, by_place) not in self._found:
            self._read(by_place, what)
        return self._found[what, by_place]

    def _read(self, by_place: bool, *whats: What) -> None:
        found = sums(self._asked(whats, by_place), self._periods(), GRAINS[whats[0]])
        for what in whats:
            rows = found[what.value]
            if by_place:  # what is of no place known here came a moment ago
                rows = [row for row in rows if row[0] in self.places]
            self._found[what, by_place] = rows

    def read_ahead(self) -> None:
        """Read what a page of all figures is made of: what has the same spans, in one statement."""
        if any(getattr(self.ask, name) for name in VALUES):
            return  # they are all made of one count
        self._read(True, What.MEETINGS, What.BY_COMMUNITY)
        self._read(False, What.BY_KIND, What.BY_AFFILIATE)
        self._read_partners(What.PARTNERS, What.PARTNERS_BY_COMMUNITY)

    def _periods(self) -> tuple[Period, Period]:
        return self.ask.period, self.ask.period.before()

    def _asked(self, whats: tuple[What, ...], by_place: bool) -> Asked:
        columns = {what.value: SUBJECTS.get(what) for what in whats}
        one = getattr(self.ask, SUBJECTS.get(whats[0]) or "community")  # of partners no other value
        places = None if len(self.asked) == len(self.state) else self.places
        return Asked(columns, by_place, places, one and one.pk)


def _summed(rows: list[Row]) -> list[int]:
    """[now, before] of all rows."""
    return [sum(row[at] for row in rows) for at in (2, 3)]


def _by_value(rows: list[Row]) -> dict[Any, list[int]]:
    """{value: [now, before]} of rows."""
    found: dict[Any, list[int]] = {value: [n, then] for _place, value, n, then in rows}
    if len(found) < len(rows):  # of several places
        found = {value: [0, 0] for value in found}
        for _place, value, n, then in rows:
            found[value][0] += n
            found[value][1] += then
    if NOT_GIVEN in found:
        found[None] = found.pop(NOT_GIVEN)
    return found


def _several(asked: frozenset[int]) -> dict[int, frozenset[int]]:
    """Of each place of several states, minus its id: those that are asked for, where it has any."""
    rows = Places.objects.order_by()

    def look_up() -> dict[int, frozenset[int]]:
        found = rows.values_list("pk", "states")
        some = {-pk: asked.intersection(map(int, states.split())) for pk, states in found}
        return {pk: states for pk, states in some.items() if states}

    known = rows.aggregate(number=Count("pk"), last=Max("pk"))  # none changes, others come
    return kept(("places of cells", asked, *known.values()), look_up)


def _states() -> list[tuple]:
    return list(State.objects.values_list("pk", "code", "region__code", "region_id"))
