"""Queries put together once, to be asked again: that often takes longer than their answer.

Some PostgreSQL plans once, too: planning takes longer than answering those that look a few rows up
by their ids. Not where the best plan depends on the values: by the plan for any word, a search for
a rare one took four times as long, and a list of a small state would be walked like one of many.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet


class Prepared:
    """A `values_list` that the ORM compiled, so it shows what its rows' `visible_to` says: keep it
    for one actor, and one day where rows depend on that.

    Values that stand in its conditions may be others each time: see `ask`.

    planned_once: whether PostgreSQL may keep its plan, whatever these values are.
    """

    def __init__(self, rows: QuerySet, *, planned_once: bool = False):
        self._planned_once = planned_once
        self._compiler: Any = rows.query.get_compiler(rows.db)
        self._converters: dict = {}
        try:
            self._sql, self._params = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._params = "", ()
        else:
            fields = [one for one, *_rest in self._compiler.select]
            self._converters = self._compiler.get_converters(fields)

    def ask(
        self, given: Mapping[Any, Any] | None = None, *, planned_once: bool = False
    ) -> list[tuple]:
        """The rows there are now. `given` says by which values to replace those that the query was
        made with, both as the database driver takes them; `planned_once` as above, for these.
        """
        if not self._sql:
            return []
        params = self._params
        if given:
            params = tuple(
                value if isinstance(value, list) else given.get(value, value) for value in params
            )
        found = fetched(self._sql, params, planned_once=self._planned_once or planned_once)
        if not self._converters:
            return found
        return list(map(tuple, self._compiler.apply_converters(found, self._converters)))


def fetched(sql: str, params: Sequence[Any], *, planned_once: bool) -> list[tuple]:
    """The rows of a statement."""
    with planning_once() if planned_once else connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def planning_once() -> CursorWrapper:
    """A cursor that leaves the parameters to a PostgreSQL server, which keeps the plan of a
    statement that has come as often as the settings say. Django's own puts them into the text, anew
    each time.
    """
    cursor = connection.cursor()
    if connection.vendor == "postgresql":
        from django.db.backends.postgresql import base  # needs the driver

        of_server: Any = base.ServerBindingCursor
        cursor.cursor = of_server(connection.connection)
    return cursor


def for_driver(model: Any, name: str, value: Any) -> Any:
    """A value of a column as the database driver takes it."""
    return model._meta.get_field(name).get_db_prep_value(value, connection)
