"""Sums of counts over many spans of days: one statement, whose text stays the same.

The ORM takes longer to put such a statement together than a database takes to answer it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from access.among import parameter
from dashboards.models import Cell
from dashboards.summary import slots
from dashboards.tables import Period

type Signed = tuple[Any, int, int]  # a slot or a day, and how often it counts now and before

# Rows of a parameter, kept for the statement: SQLite would read their text anew for each other row.
TABLE = {
    "sqlite": "{name} AS MATERIALIZED (SELECT json_extract(value, '$[0]') AS at, "
    "json_extract(value, '$[1]') AS now, json_extract(value, '$[2]') AS before FROM json_each(%s))",
    "postgresql": "{name} (at, now, before) AS MATERIALIZED "
    "(SELECT * FROM unnest(%s::{type}[], %s::int[], %s::int[]))",
}
# PostgreSQL compares each row with the places of an array one by one, but hashes a subquery: 375 of
# them took 50 ms, and take 11. SQLite would look each place up in each span; the plus has it read
# the spans from end to end, a third of the time, as most places have no cell in most spans.
AMONG = {
    "sqlite": "AND +c.place IN (SELECT value FROM json_each(%s))",
    "postgresql": "AND c.place IN (SELECT unnest(%s::bigint[]))",
}

# Summed up once, over all parts: a sum for each part took SQLite half as long again.
ALL = "WITH {given} SELECT {columns}, SUM(now), SUM(before) FROM ({parts}) parts GROUP BY {columns}"
# A CROSS JOIN has SQLite begin with what stands before it; to PostgreSQL it is as any other.
CELLS = """
SELECT {heads} c.value AS value, c.n * s.now AS now, c.n * s.before AS before
FROM spans s CROSS JOIN dashboards_cell c
WHERE c.what IN ({whats}) AND c.slot = s.at {scope}
"""
# A line is of a day. The day counts where it lies in the period, less what `MET` has of it already.
LATE = """
SELECT {heads} c.value,
c.n * (CASE WHEN c.slot BETWEEN %s AND %s THEN 1 ELSE 0 END - COALESCE(s.now, 0)),
c.n * (CASE WHEN c.slot BETWEEN %s AND %s THEN 1 ELSE 0 END - COALESCE(s.before, 0))
FROM dashboards_pending c LEFT JOIN edges s ON s.at = c.slot
WHERE c.what IN ({whats}) AND c.slot BETWEEN %s AND %s {scope}
"""
MET = """
SELECT {heads} c.{value}, s.now, s.before
FROM days s CROSS JOIN dashboards_countedmeeting c
WHERE c.day = s.at AND c.{value} IS NOT NULL {scope}
"""
SLOTS = """
SELECT 1, c.slot, SUM(c.n) FROM spans s CROSS JOIN dashboards_cell c
WHERE c.what = %s AND c.slot = s.at {scope} GROUP BY c.slot
UNION ALL SELECT 0, c.slot, SUM(c.n) FROM dashboards_pending c
WHERE c.what = %s AND c.slot BETWEEN %s AND %s {scope} GROUP BY c.slot
"""
HAD = """
SELECT c.what, c.place, c.value, SUM(c.n) FROM dashboards_{table} c
WHERE c.what IN ({whats}) {scope} GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Asked:
    """What is counted of which places: `places` None for all, `value` None for every value."""

    whats: Mapping[str, str | None]  # the column of `CountedMeeting` that holds the value of each
    by_place: bool
    places: Iterable[int] | None
    value: int | None


def sums(
    asked: Asked, periods: tuple[Period, Period], grains: tuple[int, ...]
) -> dict[str, list[tuple]]:
    """(place or None, value, now, before) of each what, a place and value once: of cells, of lines
    that are not folded yet, and of single days where `grains` has none; all of one moment.

    `periods` are the one that is asked for, and the time just before it.
    """
    used = grains if slots.DAY in grains else (slots.DAY, *grains)
    covers = [slots.cover(period, used) for period in periods]
    signed = [
        (slot, covers[0].get(slot, 0), covers[1].get(slot, 0)) for slot in covers[0] | covers[1]
    ]
    spans = [row for row in signed if slots.grain_of(row[0]) in grains]
    edges = [row for row in signed if slots.grain_of(row[0]) not in grains]
    days = [(slots.first_of(slot), now, before) for slot, now, before in edges]
    bounds = [slots.within(period) for period in periods]
    both = (bounds[1][0], bounds[0][1])
    scope, narrowing = _scope(asked, "value")
    whats = list(asked.whats)
    tables: list[tuple[str, str, list[Signed]]] = [
        ("spans", "int", spans),
        ("edges", "int", edges),
        ("days", "date", days),
    ]
    parts = [_put(CELLS, asked, scope), _put(LATE, asked, scope)]
    params = [one for _name, _kind, rows in tables for one in _rows(rows)]
    params += [*whats, *narrowing, *bounds[0], *bounds[1], *whats, *both, *narrowing]
    for what, column in asked.whats.items():
        if column and days:
            scope, narrowing = _scope(asked, column)
            parts.append(_put(MET, asked, scope, column))
            params += [*([what] if len(whats) > 1 else []), *narrowing]
    given = ", ".join(_given(name, kind) for name, kind, _rows in tables)
    columns = ", ".join([*_heads(asked), "value"])
    rows = _answer(
        ALL.format(given=given, columns=columns, parts=" UNION ALL ".join(parts)), params
    )
    found = _by_what(asked, rows) if len(whats) > 1 else {whats[0]: rows}
    if asked.by_place:
        return found
    return {what: [(None, *row) for row in rows] for what, rows in found.items()}


def by_slot(asked: Asked, spans: Iterable[int], days: Period) -> list[tuple[int, int, int]]:
    """(1, slot, how many) of the cells of each of these spans, and (0, slot, how many) of the lines
    of each of these days that are not folded yet.
    """
    scope, narrowing = _scope(asked, "value")
    statement = f"WITH {_given('spans', 'int')} {SLOTS.format(scope=scope)}"
    given, (what,) = _rows([(slot, 0, 0) for slot in spans]), asked.whats
    params = [*given, what, *narrowing, what, *slots.within(days), *narrowing]
    return _answer(statement, params)


def partners(asked: Asked) -> dict[str, list[tuple]]:
    """(place, value, how many) of each what, a pair often more than once: of cells and of lines
    that are not folded yet, for what has no day.
    """
    scope, narrowing = _scope(asked, "value")
    parts = [
        HAD.format(table=table, whats=_marks(asked), scope=scope) for table in ("cell", "pending")
    ]
    return _by_what(asked, _answer(" UNION ALL ".join(parts), [*asked.whats, *narrowing] * 2))


def _by_what(asked: Asked, rows: list[tuple]) -> dict[str, list[tuple]]:
    """The rows of each what, which is the first of their values, without it."""
    found: dict[str, list[tuple]] = {what: [] for what in asked.whats}
    for what, *rest in rows:
        found[what].append(tuple(rest))
    return found


def _marks(asked: Asked) -> str:
    return ", ".join(["%s"] * len(asked.whats))


def _answer(statement: str, params: list[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def _given(name: str, kind: str) -> str:
    """The rows of a parameter, under this name."""
    return TABLE[connection.vendor].format(name=name, type=kind)


def _put(text: str, asked: Asked, scope: str, column: str = "") -> str:
    """The statement with its names of columns, which are ours alone."""
    heads = "".join(f"{source} AS {name}, " for name, source in _heads(asked, column).items())
    return text.format(heads=heads, value=column, whats=_marks(asked), scope=scope)


def _heads(asked: Asked, column: str = "") -> dict[str, str]:
    """The columns before the value. Of one what, it is left out: to group by it takes its time."""
    heads = {"what": "%s" if column else "c.what"} if len(asked.whats) > 1 else {}
    return heads | {"place": "c.place"} if asked.by_place else heads


def _scope(asked: Asked, value: str) -> tuple[str, list[Any]]:
    """Conditions on the place and on the value, and their parameters."""
    text = ""
    params: list[Any] = []
    if asked.places is not None:
        text = AMONG[connection.vendor]
        params.append(parameter(Cell._meta.get_field("place"), asked.places))
    if asked.value is not None:
        text += f" AND c.{value} = %s"
        params.append(asked.value)
    return text, params


def _rows(rows: list[Signed]) -> list[Any]:
    """Rows as the parameters of a TABLE."""
    if connection.vendor == "postgresql":
        return [[row[at] for row in rows] for at in range(3)]
    return [json.dumps(rows, default=str)]
