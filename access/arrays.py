"""Many values in one parameter of PostgreSQL; and many new rows in one statement: a parameter a
column, where the driver and the server would have to read one mark a value.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

Encode = Callable[[Any], str]
_NONE = type(None)
_BETWEEN = "\0"  # no text of PostgreSQL holds it


def array(values: Sequence) -> Any:
    """The values as one parameter that becomes an array where a type is expected of it.

    Whole numbers, uids and texts go as the text of an array: the driver looks at each value of a
    list by itself, which takes it longer than the server takes for many a statement.
    """
    types = set(map(type, values)) - {_NONE}
    if types <= {int} or types == {UUID}:
        return f"{{{','.join('NULL' if one is None else str(one) for one in values)}}}"
    if types == {str} and None not in values:
        return _texts(values)
    return list(values)


def _texts(values: Sequence[str]) -> Any:
    joined = _BETWEEN.join(values)
    if joined.count(_BETWEEN) >= len(values):
        return list(values)  # the driver refuses what one of them holds
    quoted = joined.replace("\\", r"\\").replace('"', r"\"").replace(_BETWEEN, '","')
    return f'{{"{quoted}"}}'


def kinds(fields: Iterable[models.Field]) -> tuple[str, ...]:
    """As which type the values of each column are given, or nothing where one cannot be."""
    fields = list(fields)
    if connection.vendor != "postgresql" or any(map(_is_odd, fields)):
        return ()
    return tuple(map(_kind, fields))


def _is_odd(field) -> bool:
    """Whether the values of a column are other than plain ones and the text of JSON."""
    return isinstance(field, models.JSONField) and (field.null or not field.encoder)


def _kind(field) -> str:
    """A text is cut to its length by a cast, and refused by the column: so it is given as a text
    without one.
    """
    kind = field.db_type(connection)
    return "text" if "char" in kind else kind


def parameters(
    kinds: Sequence[str], encoders: Sequence[Encode | None], columns: Sequence[Sequence]
) -> tuple[tuple[bool, ...], list]:
    """Which columns hold the same in all rows, and what the statement of `inserting` takes.

    Columns of JSON come as they are, each with what encodes it: all of its values at once.
    """
    same = [_is_same(*one) for one in zip(encoders, columns, strict=True)]
    if all(same):
        same[0] = False  # the rows are counted by one
    given = list(zip(encoders, columns, same, strict=True))
    alike = [encode(some[0]) if encode else some[0] for encode, some, is_same in given if is_same]
    # JSON is an array of its own: in one of the database its marks would all be marked again.
    varied = [
        encode(list(some)) if encode else array(some)
        for encode, some, is_same in given
        if not is_same
    ]
    return tuple(same), alike + varied


def _is_same(encode: Encode | None, column: Sequence) -> bool:
    """Of JSON only what is empty: what is equal may yet be written in another way."""
    first = column[0]
    return not (encode and first) and column.count(first) == len(column)


@cache
def inserting(
    table: str,
    columns: tuple[str, ...],
    kinds: tuple[str, ...],
    same: tuple[bool, ...],
    back: str,
    clash: str,
) -> str:
    """The statement that writes the rows; they get their ids in their order."""
    quote = connection.ops.quote_name
    names = [quote(column) for column in columns]
    given = list(zip(names, kinds, same, strict=True))
    read = ", ".join(f"%s::{kind}" if is_same else name for name, kind, is_same in given)
    # Those that are the same come first among the parameters, wherever they stand in the row.
    order = sorted(given, key=lambda one: not one[2])
    arrays = ", ".join(_rows(kind) for _name, kind, is_same in order if not is_same)
    varied = ", ".join(name for name, _kind, is_same in order if not is_same)
    returning = f" RETURNING {quote(back)}" if back else ""
    return (
        f"INSERT INTO {quote(table)} ({', '.join(names)}) "  # noqa: S608  (names of columns)
        f"SELECT {read} FROM ROWS FROM ({arrays}) WITH ORDINALITY AS _({varied}, nth) "
        f"ORDER BY nth {clash}{returning}"
    )


def _rows(kind: str) -> str:
    return "jsonb_array_elements(%s::jsonb)" if kind == "jsonb" else f"unnest(%s::{kind}[])"
