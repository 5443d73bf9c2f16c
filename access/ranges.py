"""What the ORM cannot say: a page out of an index range for each state, and counts beside rows.

All raw SQL about scoped rows is here. It is made only of queries that the ORM compiled, so what
they may see is what `visible_to` says.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, QuerySet, Value
from django.db.models.expressions import RawSQL

from access.models import Reach
from access.scope import Rights, ScopedQuerySet

MARK = -7_402_331  # stands in a compiled query for the id of a state


def first(rows: QuerySet, actor: Rights, order: Sequence[str], most: int) -> QuerySet:
    """The first `most` of the rows that the actor sees, in this order, the last key unique.

    SQLite has an index by home and sort column, and yet sorts all rows of several homes. So it is
    asked for the first of each home, in the order of the index, and these few are sorted.
    """
    ordered = rows.order_by(*order)
    if connection.vendor != "sqlite" or not _is_ranged(rows, actor):
        return ordered[:most]
    keys = ordered.values_list("pk", *(name.removeprefix("-") for name in order))
    try:
        inner, params = _merged(keys, actor, order, most)
    except EmptyResultSet:
        return ordered.none()
    return ordered.filter(pk__in=RawSQL(inner, params))  # noqa: S611  (compiled by the ORM)


def _is_ranged(rows: QuerySet, actor: Rights) -> bool:
    """Whether rows are seen by their homes, of which the actor has several."""
    model: Any = rows.model
    if actor.state_ids is None or len(actor.state_ids) < 2 or model.seen_through:
        return False
    return type(rows).homes is ScopedQuerySet.homes  # type: ignore[attr-defined]


def _merged(keys, actor: Rights, order: Sequence[str], most: int) -> tuple[str, list]:
    """The ids of the first rows: a range for each home, and one for rows that only reach here."""
    states = sorted(actor.state_ids or ())
    sql, params = keys.filter(home_id=MARK)[:most].query.sql_with_params()
    parts, values = [], []
    for state in states:
        parts.append(f"SELECT * FROM ({sql})")  # noqa: S608
        values += [state if value == MARK else value for value in params]
    if keys.model.reaches:
        reach = Reach.objects.filter(kind=keys.model._meta.model_name, state_id__in=states)
        others = keys.filter(pk__in=reach.values("row_id")).exclude(home_id__in=states)[:most]
        sql, params = others.query.sql_with_params()
        parts.append(f"SELECT * FROM ({sql})")  # noqa: S608
        values += params
    by = ", ".join(
        f"{place} {'DESC' if name.startswith('-') else 'ASC'}"
        for place, name in enumerate(order, start=2)
    )
    merged = f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY {by} LIMIT {most:d}"  # noqa: S608
    # Only the id leaves; the others were there to be sorted by.
    return f"SELECT pk FROM ({merged})", values  # noqa: S608


def count_of(rows: QuerySet, most: int):
    """How many rows there are, `most` at the most, as a value beside the columns of any query."""
    try:
        sql, params = rows.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return Value(0)
    sql = f"SELECT COUNT(*) FROM ({sql}) counted"  # noqa: S608
    return RawSQL(sql, params, output_field=IntegerField())  # noqa: S611


class Counts:
    """Several queries whose rows are counted in one statement. It is compiled once, to be asked
    again and again.
    """

    def __init__(self, *rows: QuerySet):
        self._total, self._places = len(rows), []
        parts, self._params = [], []
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
            with connection.cursor() as cursor:
                cursor.execute(self._sql, self._params)
                for place, count in zip(self._places, cursor.fetchone(), strict=True):
                    found[place] = count
        return found
