"""Many rows in one statement, put together once a model: what commands and settling write.

Django's bulk_create asks each field of each row anew how it is written, which takes several times
as long as the database does. The rows are those that the ORM would write.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import batched, chain
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from access import arrays
from access.prepared import planning_once

VALUES = 20_000  # of one statement
FEW = 8  # rows, which are written as fast with a mark a value
_NONE = type(None)
_OWN_COLUMN = (  # takes what a row holds as it is
    models.CharField, models.TextField, models.IntegerField, models.BooleanField,
    models.ForeignKey,
)  # fmt: skip


def insert(model: type[models.Model], rows: Iterable[Any]) -> list[int]:
    """Write new rows, and return their ids. Those without one get theirs, in their order."""
    rows = list(rows)
    for row in rows:
        if row._state.fields_cache:
            _point(row)
    key, alias = model._meta.pk.attname, connection.alias
    new = [row for row in rows if row.__dict__[key] is None]
    old = [row for row in rows if row.__dict__[key] is not None] if len(new) < len(rows) else []
    for some, with_id in (new, False), (old, True):
        table = _table(model, with_id, connection.vendor)
        for part in batched(some, VALUES // len(table.columns)):
            ids = _insert(model, table, [table.read(row) for row in part], key)
            for row, pk in zip(part, ids, strict=True):
                row.__dict__[key], state = pk, row._state
                state.adding, state.db = False, alias
    return [row.__dict__[key] for row in rows]


def insert_new(row: Any) -> bool:
    """Write a new row unless one is there beside which it must not stand; whether it was written.

    Waits for whoever is writing such a row now.
    """
    model: Any = type(row)
    table, key = _table(model, False, connection.vendor), model._meta.pk.attname
    for pk in _insert(model, table, [table.read(row)], key, "ON CONFLICT DO NOTHING"):
        row.__dict__[key], row._state.adding, row._state.db = pk, False, connection.alias
        return True
    return False


def put(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Write rows that have their ids, each over the one of its id if that is there."""
    table = _table(model, True, connection.vendor)
    for some in batched(rows, VALUES // len(table.columns)):
        _insert(model, table, [table.read(row) for row in some], clash=_over(model))


def insert_values(model: type[models.Model], names: tuple[str, ...], rows: Iterable[tuple]) -> None:
    """Write new rows of these columns, given as tuples; the model has no others but its id."""
    table = _part(model, names, connection.vendor)
    for some in batched(rows, VALUES // len(names)):
        _insert(model, table, some)


def update(model: type[models.Model], names: Iterable[str], values: dict[int, tuple]) -> None:
    """Give each row, by id, its own values of these columns."""
    if not values:
        return
    columns: list[Any] = [model._meta.get_field(name) for name in names]
    quote: Callable[[str], str] = connection.ops.quote_name
    writers = [_writer(column) for column in columns]
    written = _ready(writers, values.values())
    to = ", ".join(f"{quote(column.column)} = %s" for column in columns)
    table, key = quote(model._meta.db_table), quote("id")
    statement = f"UPDATE {table} SET {to} WHERE {key} = %s"  # noqa: S608  (names of columns)
    rows = list(zip(*written, values, strict=True))
    with planning_once() if len(rows) <= FEW else connection.cursor() as cursor:
        if len(rows) == 1:
            cursor.execute(statement, rows[0])
        else:
            cursor.executemany(statement, rows)


def _point(row) -> None:
    """Take in the ids of parents that were written since the row was made."""
    for key in _keys(row._meta.model):
        parent = row._state.fields_cache.get(key.cache_name)
        if parent is not None and row.__dict__[key.attname] is None:
            row.__dict__[key.attname] = pk = parent.pk
            if pk is None:
                raise ValueError(f"{row._meta.label}.{key.name} was not written.")


@cache
def _keys(model) -> list:
    return [field for field in model._meta.concrete_fields if field.is_relation]


@cache
def _over(model) -> str:
    quote, key = connection.ops.quote_name, model._meta.pk.column
    names = [quote(field.column) for field in model._meta.concrete_fields if not field.primary_key]
    to = ", ".join(f"{name} = EXCLUDED.{name}" for name in names)
    return f"ON CONFLICT ({quote(key)}) DO UPDATE SET {to}"


def _insert(
    model, table: "_Table", rows: Sequence[Sequence], back: str = "", clash: str = ""
) -> list[int]:
    """Write the rows, and return this column of those written as it was stored, if one is named.
    `clash` is what the statement says of rows that are there.
    """
    if not rows:
        return []
    in_columns = bool(table.kinds) and len(rows) > FEW
    values: Any
    if in_columns:
        columns = _ready(table.of_columns, rows)
        same, values = arrays.parameters(table.kinds, table.encoders, columns)
        told = model._meta.db_table, table.columns, table.kinds
        statement = arrays.inserting(*told, same, back, clash)
    else:
        values = _ready(table.writers, rows)
        # SQLite's own mark, where Django would have to replace thousands of others.
        mark = "?" if connection.vendor == "sqlite" and not connection.queries_logged else "%s"
        statement = _statement(model, table.columns, len(rows), mark, back, clash)
        values = tuple(chain.from_iterable(zip(*values, strict=True)))
    with planning_once() if in_columns or len(rows) <= FEW else connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()] if back else []


def _ready(writers: Iterable[Callable], rows: Iterable[Sequence]) -> list[Sequence]:
    """The values of these rows as the database takes them, column by column."""
    columns = zip(*rows, strict=True)
    return [write(some) for write, some in zip(writers, columns, strict=True)]


@cache
def _statement(model, names: tuple[str, ...], count: int, mark: str, back: str, clash: str) -> str:
    quote = connection.ops.quote_name
    columns = ", ".join(map(quote, names))
    marks = ", ".join([f"({', '.join([mark] * len(names))})"] * count)
    end = f" {clash}" + (f" RETURNING {quote(back)}" if back else "")
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {marks}{end}"  # noqa: S608


@dataclass(frozen=True)
class _Table:
    """Columns of a model: how they are read off a row, and each written for the database."""

    columns: tuple[str, ...]
    read: Callable[[Any], tuple]
    writers: list[Callable[[Sequence], Sequence]]
    kinds: tuple[str, ...]  # of access.arrays, as are these two
    encoders: list[arrays.Encode | None]
    of_columns: list[Callable[[Sequence], Sequence]]  # writes what is not encoded as a whole


@cache
def columns(model, with_id: bool = True) -> tuple[tuple[str, ...], Callable[[dict], tuple]]:
    """The columns of a model by attribute, and what reads them all out of a row's `__dict__`."""
    names = tuple(f.attname for f in model._meta.concrete_fields if with_id or not f.primary_key)
    return names, itemgetter(*names)


@cache
def _table(model, with_id: bool, vendor: str) -> _Table:
    """All columns of a model, for this database."""
    mine = [f for f in model._meta.concrete_fields if with_id or not f.primary_key]
    _names, held = columns(model, with_id)
    by_itself = [field for field in mine if _is_set_on_saving(field)]

    def read(row) -> tuple:
        for field in by_itself:
            row.__dict__[field.attname] = field.pre_save(row, True)
        return held(row.__dict__)

    return _of(mine, read)


@cache
def _part(model, names: tuple[str, ...], vendor: str) -> _Table:
    """These columns of a model, whose values come as tuples."""
    mine = [model._meta.get_field(name) for name in names]
    return _of(mine, tuple)


def _of(fields: list, read: Callable[[Any], tuple]) -> _Table:
    written, encoders = [_writer(field) for field in fields], [_encoder(f) for f in fields]
    both = zip(written, encoders, strict=True)
    return _Table(
        columns=tuple(field.column for field in fields), read=read, writers=written,
        kinds=arrays.kinds(fields), encoders=encoders,
        of_columns=[tuple if encode else write for write, encode in both],
    )  # fmt: skip


def _is_set_on_saving(field) -> bool:
    """Whether the column is more than what the row holds: a day of today, a file."""
    if isinstance(field, models.DateField | models.TimeField):
        return field.auto_now or field.auto_now_add
    return type(field).pre_save is not models.Field.pre_save


def ready(field, values: Sequence) -> Sequence:
    """The values of a column as the database takes them."""
    return _writer(field)(values)


def _writer(field) -> Callable[[Sequence], Sequence]:
    """How the values of a column are given to the database."""
    plain, prepare = _plain(field), _prepared(field)

    def write(values: Sequence) -> Sequence:
        if plain.issuperset(map(type, values)):
            return values
        return [value if type(value) in plain else prepare(value) for value in values]

    return write


def _plain(field) -> frozenset[type]:
    """The types of values that the driver takes as they are, in a column of this field."""
    if isinstance(field, models.UUIDField) and connection.features.has_native_uuid_field:
        return frozenset({UUID, _NONE})
    if not isinstance(field, _OWN_COLUMN):
        return frozenset()
    if isinstance(field, models.BooleanField):
        return frozenset({bool, _NONE})
    if isinstance(field, models.IntegerField | models.ForeignKey):
        return frozenset({int, bool, _NONE})
    return frozenset({str, _NONE})


def _prepared(field) -> Callable[[Any], Any]:
    """How one value of the field is given to the database."""

    def save(value):
        return field.get_db_prep_save(value, connection)

    if encode := _encoder(field):
        return lambda value: encode(value) if value else "{}" if value == {} else save(value)
    if isinstance(field, models.UUIDField):
        return lambda value: value.hex if type(value) is UUID else save(value)
    if type(field) is models.DateField:  # many rows have the same few days
        return lru_cache(maxsize=1_000)(save)
    return save


def _encoder(field) -> arrays.Encode | None:
    """What makes the text of a column of JSON."""
    if isinstance(field, models.JSONField) and field.encoder:
        return field.encoder(default=_in_json).encode
    return None


def _in_json(value):
    """A value that JSON has no form for: most are uids."""
    return str(value) if type(value) is UUID else DjangoJSONEncoder().default(value)
