"""Many rows in one statement, put together once a model: what commands and settling write.

Django's bulk_create asks each field of each row anew how it is written, which takes several times
as long as the database does. The rows are those that the ORM would write.
"""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import batched
from typing import Any

from django.db import connection, models
from django.db.models import fields

VALUES = 20_000  # of one statement
_PLAIN = frozenset({str, int, bool, type(None)})  # what a driver takes as it is, in its own column
_OWN_COLUMN = (
    fields.CharField, fields.TextField, fields.IntegerField, fields.BooleanField,
    models.ForeignKey,
)  # fmt: skip


def insert(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Write new rows. Those without an id get theirs, in their order."""
    rows = list(rows)
    for row in rows:
        row._prepare_related_fields_for_save("insert")  # the id of a parent that was just written
    new = [row for row in rows if row.pk is None]
    for some, with_id in (new, False), ([row for row in rows if row.pk is not None], True):
        names, readers = _columns(model, with_id, connection.vendor)
        for part in batched(some, VALUES // len(names)):
            ids = _insert(model, names, [[read(row) for read in readers] for row in part])
            for row, pk in zip(part, ids, strict=True):
                row.pk, row._state.adding, row._state.db = pk, False, connection.alias


def insert_values(model: type[models.Model], names: list[str], rows: Iterable[tuple]) -> None:
    """Write new rows of these columns, given as tuples; the model has no others but its id."""
    fields_of: list[Any] = [model._meta.get_field(name) for name in names]
    writers = [_writer(field) for field in fields_of]
    columns = tuple(field.column for field in fields_of)
    for some in batched(rows, VALUES // len(names)):
        _insert(model, columns, [[w(v) for w, v in zip(writers, row, strict=True)] for row in some])


def update(model: type[models.Model], names: Iterable[str], values: dict[int, tuple]) -> None:
    """Give each row, by id, its own values of these columns."""
    columns: list[Any] = [model._meta.get_field(name) for name in names]
    quote: Callable[[str], str] = connection.ops.quote_name
    writers = [_writer(column) for column in columns]
    to = ", ".join(f"{quote(column.column)} = %s" for column in columns)
    table, key = quote(model._meta.db_table), quote("id")
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {to} WHERE {key} = %s",  # noqa: S608  (names of columns)
            [
                [*(w(v) for w, v in zip(writers, new, strict=True)), pk]
                for pk, new in values.items()
            ],
        )


def _insert(model, names: tuple[str, ...], rows: list[list]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, names, len(rows)), [v for row in rows for v in row])
        return [pk for (pk,) in cursor.fetchall()]


@cache
def _statement(model, names: tuple[str, ...], count: int) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, names))
    marks = ", ".join([f"({', '.join(['%s'] * len(names))})"] * count)
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {marks} "  # noqa: S608
        f"RETURNING {quote(model._meta.pk.column)}"
    )


@cache
def _columns(model, with_id: bool, vendor: str) -> tuple[tuple[str, ...], list[Callable]]:
    """The columns of a model, and how each is read off a row for this database."""
    mine = [f for f in model._meta.concrete_fields if with_id or not f.primary_key]
    return tuple(field.column for field in mine), [_reader(field) for field in mine]


def _reader(field) -> Callable[[Any], Any]:
    write, name = _writer(field), field.attname
    if type(field).pre_save is not fields.Field.pre_save:  # a day of today, a file
        return lambda row: write(field.pre_save(row, True))
    return lambda row: write(getattr(row, name))


def _writer(field) -> Callable[[Any], Any]:
    """How a value of the field is given to the database."""
    if not isinstance(field, _OWN_COLUMN):
        return lambda value: field.get_db_prep_save(value, connection)
    if isinstance(field, fields.BooleanField):
        kinds = frozenset({bool, type(None)})
    elif isinstance(field, fields.IntegerField | models.ForeignKey):
        kinds = _PLAIN - {str}
    else:
        kinds = _PLAIN - {int, bool}

    def write(value):
        return value if type(value) in kinds else field.get_db_prep_save(value, connection)

    return write
