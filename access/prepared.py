"""Queries put together once, to be asked again: that often takes longer than their answer."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


class Prepared:
    """A `values_list` that the ORM compiled, so it shows what its rows' `visible_to` says: keep it
    for one actor, and one day where rows depend on that.

    Values that stand in its conditions may be others each time: see `ask`.
    """

    def __init__(self, rows: QuerySet):
        self._compiler: Any = rows.query.get_compiler(rows.db)
        self._converters: dict = {}
        try:
            self._sql, self._params = self._compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._params = "", ()
        else:
            fields = [one for one, *_rest in self._compiler.select]
            self._converters = self._compiler.get_converters(fields)

    def ask(self, given: Mapping[Any, Any] | None = None) -> list[tuple]:
        """The rows there are now. `given` says by which values to replace those that the query was
        made with, both as the database driver takes them.
        """
        if not self._sql:
            return []
        params = self._params
        if given:
            params = tuple(given.get(value, value) for value in params)
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            found = cursor.fetchall()
        if not self._converters:
            return found
        return list(map(tuple, self._compiler.apply_converters(found, self._converters)))


def for_driver(model: Any, name: str, value: Any) -> Any:
    """A value of a column as the database driver takes it."""
    return model._meta.get_field(name).get_db_prep_value(value, connection)
