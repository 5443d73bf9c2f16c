"""What the ORM cannot say: a page out of an index range for each state, and counts beside rows.

All raw SQL about scoped rows is here. It is made only of queries that the ORM compiled, so what
they may see is what `visible_to` says.
"""

import time
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, QuerySet, Value
from django.db.models.expressions import RawSQL

from access.models import Reach
from access.prepared import fetched
from access.scope import Rights, ScopedQuerySet

MARK = -7_402_331  # stands in a compiled query for the id of a state
FEW = 500  # rows that reach into one's areas from outside, which are sorted in no time
KNOWN_FOR = 600  # seconds for which this process remembers whether there are more


def first(rows: QuerySet, actor: Rights, order: Sequence[str], most: int) -> QuerySet:
    """The first `most` of the rows that the actor sees, in this order, the last key unique.

    SQLite has an index by home and sort column, and yet sorts all rows of several homes. So it is
    asked for the first of each home, in the order of the index, and these few are sorted.
    PostgreSQL walks through the index by the sort column alone, or sorts, by what it knows of the
    homes: at full size that is quicker than planning a range for each. It merges ranges only where
    few rows of other homes reach into one's areas, which it thinks many. Where many do, sorting
    those would take longest; then the areas hold enough to be met soon on a walk.
    """
    ordered = rows.order_by(*order)
    if not _is_ranged(rows, actor):
        return ordered[:most]
    if rows.model.reaches:
        if _reach_is_wide(rows.model, actor):
            return ordered[:most]
    elif connection.vendor != "sqlite" or len(actor.state_ids or ()) < 2:
        return ordered[:most]  # one range; and PostgreSQL plans a range sooner than it walks here
    keys = ordered.values_list("pk", *(name.removeprefix("-") for name in order))
    try:
        sql, params = _merged(keys, actor, order, most)
    except EmptyResultSet:
        return ordered.none()
    return ordered.filter(pk__in=RawSQL(sql, params))  # noqa: S611  (compiled by the ORM)


def _is_ranged(rows: QuerySet, actor: Rights) -> bool:
    """Whether rows are seen by their homes, of which the actor has some."""
    model: Any = rows.model
    if actor.state_ids is None or not actor.state_ids or model.seen_through:
        return False
    return type(rows).homes is ScopedQuerySet.homes  # type: ignore[attr-defined]


def _reaching(model: Any, actor: Rights) -> QuerySet:
    return Reach.objects.filter(kind=model._meta.model_name, state_id__one_of=actor.state_ids or ())


_wide: dict[tuple, tuple[float, bool]] = {}


def _reach_is_wide(model: Any, actor: Rights) -> bool:
    """Whether many rows reach into the actor's areas. It decides how to look, not what is found."""
    key, now = (model, actor.state_ids), time.monotonic()
    until, found = _wide.get(key, (0.0, False))
    if until < now:
        found = _reaching(model, actor)[: FEW + 1].count() > FEW
        _wide[key] = now + KNOWN_FOR, found
    return found


def _others(keys: QuerySet, actor: Rights) -> QuerySet:
    """The rows of other homes that reach into the actor's areas."""
    reach = _reaching(keys.model, actor).values("row_id")
    return keys.filter(pk__in=reach).exclude(home_id__one_of=actor.state_ids)


def _merged(keys: QuerySet, actor: Rights, order: Sequence[str], most: int) -> tuple[str, list]:
    """The ids of the first rows: a range for each home, and one for rows that only reach here."""
    states = sorted(actor.state_ids or ())
    sql, params = keys.filter(home_id=MARK)[:most].query.sql_with_params()
    parts, values = [], []
    for state in states:
        parts.append(sql)
        values += [state if value == MARK else value for value in params]
    if keys.model.reaches:
        sql, params = _others(keys, actor)[:most].query.sql_with_params()
        parts.append(sql)
        values += params
    all_of_them = " UNION ALL ".join(f"SELECT * FROM ({one}) a" for one in parts)  # noqa: S608
    by = ", ".join(
        f"{place} {'DESC' if name.startswith('-') else 'ASC'}"
        for place, name in enumerate(order, start=2)
    )
    merged = f"SELECT * FROM ({all_of_them}) b ORDER BY {by} LIMIT {most:d}"  # noqa: S608
    # Only the id leaves; the others were there to be sorted by.
    return f"SELECT pk FROM ({merged}) c", values  # noqa: S608


def count_of(rows: QuerySet, actor: Rights, most: int) -> Any:
    """How many of the rows the actor sees, `most` at the most, as a value beside the columns of any
    query. Those at home are counted first, by the index; then those that reach here.
    """
    counts = [_counted(sql, params) for sql, params in _parts(rows, actor, most)]
    if len(counts) < 2:
        return counts[0] if counts else Value(0)
    # Each by itself: to put thousands of ids after one another takes longer than to count them.
    home, others = counts
    least = "LEAST" if connection.vendor == "postgresql" else "MIN"
    both = f"CASE WHEN n < {most:d} THEN {least}(n + ({others.sql}), {most:d}) ELSE n END"
    sql = f"SELECT {both} FROM ({home.sql}) home"  # noqa: S608  (compiled by the ORM)
    return _value(sql, [*others.params, *home.params])


def count_among(rows: QuerySet, candidates: QuerySet, actor: Rights, most: int) -> Any:
    """How many of the rows are among the first `most` of the candidates that the actor sees, as a
    value like `count_of`: for conditions that cost too much to ask of all candidates. Where there
    are more candidates than that, it is a number below zero: -1 where none of the first is one of
    the rows, -2 where one is, and so on.
    """
    compiled = _parts(candidates, actor, most + 1)
    if not compiled:
        return Value(0)
    every = " UNION ALL ".join(f"SELECT * FROM ({one}) a" for one, _params in compiled)  # noqa: S608
    params = [value for _sql, values in compiled for value in values]
    looked_at = RawSQL(f"SELECT pk FROM looked_at LIMIT {most:d}", [])  # noqa: S608, S611
    found = rows.order_by().filter(pk__in=looked_at)
    try:
        sql, values = found.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return Value(0)
    return _value(
        # Found once, then counted, and looked at.
        f"WITH looked_at (pk) AS MATERIALIZED (SELECT * FROM ({every}) b LIMIT {most + 1:d}) "  # noqa: S608
        f"SELECT CASE WHEN (SELECT COUNT(*) FROM looked_at) > {most:d} THEN -1 - n ELSE n END "
        f"FROM (SELECT COUNT(*) AS n FROM ({sql}) counted) found",
        [*params, *values],
    )


def _counted(sql: str, params: Sequence[Any]) -> RawSQL:
    return _value(f"SELECT COUNT(*) AS n FROM ({sql}) counted", params)  # noqa: S608


def _value(sql: str, params: Sequence[Any]) -> RawSQL:
    return RawSQL(sql, params, output_field=IntegerField())  # noqa: S611  (compiled by the ORM)


def _parts(rows: QuerySet, actor: Rights, most: int) -> list[tuple[str, tuple]]:
    """Statements for the ids of the rows that the actor sees, `most` of each at the most: those at
    home, then those that reach here. Without one that finds nothing.
    """
    keys = rows.order_by().values("pk")
    parts = [keys]
    if _is_ranged(rows, actor) and rows.model.reaches:
        parts = [keys.filter(home_id__one_of=actor.state_ids), _others(keys, actor)]
    compiled = []
    for one in parts:
        try:
            compiled.append(one[:most].query.sql_with_params())
        except EmptyResultSet:
            continue
    return compiled


class Counts:
    """Several queries whose rows are counted in one statement. It is compiled once, to be asked
    again and again.
    """

    def __init__(self, *rows: QuerySet):
        self._total, self._places = len(rows), []
        self._params: list[Any] = []
        parts = []
        for place, one in enumerate(rows):
            try:
                sql, params = one.query.sql_with_params()
            except EmptyResultSet:
                continue
            self._places.append(place)
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608
            self._params += params
        self._sql = f"SELECT {', '.join(parts)}"

    def ask(self) -> list[int]:
        """How many rows each has now."""
        found = [0] * self._total
        if self._places:
            (counts,) = fetched(self._sql, self._params, planned_once=True)
            for place, count in zip(self._places, counts, strict=True):
                found[place] = count
        return found
