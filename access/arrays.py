"""Many new rows in one statement of PostgreSQL: a parameter a column, where the driver and the
server would have to read one mark a value.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models


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


def parameters(kinds: Sequence[str], columns: Sequence[Sequence]) -> tuple[tuple[bool, ...], list]:
    """Which columns hold the same in all rows, and what the statement of `inserting` takes."""
    same = [column.count(column[0]) == len(column) for column in columns]
    if all(same):
        same[0] = False  # the rows are counted by one
    given = list(zip(kinds, columns, same, strict=True))
    alike: list[Any] = [column[0] for _kind, column, is_same in given if is_same]
    return tuple(same), alike + [_all(kind, some) for kind, some, is_same in given if not is_same]


def _all(kind: str, values: Sequence) -> Any:
    """What is JSON is joined as it is: in an array each of its marks would be marked again."""
    return f"[{','.join(values)}]" if kind == "jsonb" else list(values)


@cache
def inserting(
    table: str, columns: tuple[str, ...], kinds: tuple[str, ...], same: tuple[bool, ...], back: str
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
        f"ORDER BY nth{returning}"
    )


def _rows(kind: str) -> str:
    return "jsonb_array_elements(%s::jsonb)" if kind == "jsonb" else f"unnest(%s::{kind}[])"
