"""`column__among=values` and `column__one_of=values`: as `column__in`, with all the values in one
parameter. `one_of` is for few of them: on SQLite it is `in`, since only there a list of values has
it use an index for each.

Django and the drivers take longer to put many parameters into a statement than the database takes
to answer it, and SQLite counts them.
"""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import DataError, connection
from django.db.models import Field, ForeignObject, Lookup, QuerySet
from django.db.models.lookups import In

from access import arrays, bulk
from access.prepared import Prepared

FEW = 20  # values, whose rows are found the same way whichever they are
GIVEN = object()  # in a statement that is put together once: the values that come with each asking


@Field.register_lookup
@ForeignObject.register_lookup  # it asks no class above it
class Among(Lookup):
    """The column holds one of the values: a list or a set, in any number, none of them NULL."""

    lookup_name = "among"
    prepare_rhs = False  # each value is made ready for the database by itself

    def _parameter(self) -> Any:
        return GIVEN if self.rhs is GIVEN else parameter(self.lhs.output_field, self.rhs)

    def as_sql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"{left} IN (SELECT value FROM json_each(%s))", (*params, self._parameter())  # noqa: S608

    def as_postgresql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, self._parameter())


@Field.register_lookup
@ForeignObject.register_lookup
class OneOf(In):
    """The column holds one of a few values."""

    lookup_name = "one_of"

    def as_postgresql(self, compiler, connection):
        if not self.rhs:
            raise EmptyResultSet
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, parameter(self.lhs.output_field, self.rhs))


def parameter(field: Any, values: Any) -> Any:
    """The values as the one parameter that this database takes.

    Raises DataError for a text with a NUL: PostgreSQL holds none, and SQLite would end it there.
    """
    ready = list(bulk.ready(field, list(values)))
    if connection.vendor == "postgresql":
        return arrays.array(ready)
    text = json.dumps(ready)
    if r"\u0000" in text and any("\0" in str(value) for value in ready):
        raise DataError("A text holds a NUL.")
    return text


class ByValues(Prepared):
    """A `values_list`, put together once, of the rows that hold one of some values in a column.

    PostgreSQL may keep its plan for FEW values, or with `planned_once` for any number.
    """

    def __init__(self, rows: QuerySet, by: str, *, planned_once: bool = False):
        super().__init__(rows.filter(**{f"{by}__among": GIVEN}), planned_once=planned_once)
        meta = rows.model._meta
        self._field = meta.pk if by == "pk" else meta.get_field(by)

    def of(self, values: Any) -> list[tuple]:
        """The rows there are now with one of the values."""
        given = {GIVEN: parameter(self._field, values)}
        return self.ask(given, planned_once=len(values) <= FEW)


class WholeRows:
    """Some rows of a model as a query set, which others may narrow and nobody iterates, and what
    finds them by a key, put together once.
    """

    def __init__(self, rows: QuerySet, by: str):
        self.rows, self._model, self._by = rows, rows.model, by
        self._names = [column.attname for column in self._model._meta.concrete_fields]
        self._found = ByValues(rows.order_by().values_list(*self._names), by)

    def found(self, keys: list) -> dict[str, Any]:
        """The rows by their keys as text, without those that are not there."""
        made, mode = self._model.from_db, settings.FETCH_MODE
        rows = [
            made(connection.alias, self._names, values, fetch_mode=mode)
            for values in self._found.of(keys)
        ]
        return {str(getattr(row, self._by)): row for row in rows}
