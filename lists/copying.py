"""A CSV straight out of PostgreSQL: COPY sends lines that the database has put into words itself.

It gives byte for byte what `lists.export` writes row by row. A column that cannot be said in SQL
keeps its whole export on that way.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Case, DateField, F, Func, OuterRef, Subquery, TextField, Value, When
from django.db.models.aggregates import StringAgg
from django.db.models.functions import Cast, NullIf
from django.utils.translation import get_language

from access.scope import Actor
from lists.columns import NEVER, Column, Texts

EVERY = 0.5  # seconds between looks at whether the reader still has her rights
PIECE = 1_000  # lines that are sent together
PLAIN = {"state", "day", "number", "strength", "flag", "uid"}  # kinds that are never a formula
_SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())
# What lists.export guards, as PostgreSQL writes it.
FORMULA = f"^[{_SPACES}]*[-=+@\t\r\n'＝＋－＠]"
NUMBER = "^[+-]?[0-9][0-9 ().-]*( ?x[0-9]+)?\n?$"
# Most texts begin with a letter or a digit, and need no look at the rest.
_GUARDED = (
    "CASE WHEN {0} = '' THEN NULL "
    "WHEN ascii({0}) BETWEEN 48 AND 122 AND ascii({0}) NOT IN (61, 64) THEN {0} "
    "WHEN {0} ~ %s AND NOT {0} ~ %s THEN '''' || {0} ELSE {0} END"
)


def can_copy(columns: list[Column]) -> bool:
    """Whether these columns can leave by COPY.

    It needs a connection of its own, which would not see what a running transaction wrote.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block or len(columns) < 2:
        return False
    return all(_can_be_said(column) for column in columns)


def _can_be_said(column: Column) -> bool:
    if isinstance(column.load, Texts):
        return column.load.said is not None or column.load.made is None
    return column.load is None and (column.made is None or column.said is not None)


def copied(
    rows, columns: list[Column], actor: Actor, now: Callable[[], Actor]
) -> Iterator[tuple[int, bytes]]:
    """(lines, bytes) of the rows as CSV, in their order, as they stand when it begins.

    `now` looks the reader's rights up, and raises when they are gone.
    """
    said = {f"said_{place}": said_in_sql(column, actor) for place, column in enumerate(columns)}
    inner, params = rows.annotate(**said).values_list(*said).query.sql_with_params()
    shown, marks = [], []
    for name, column in zip(said, columns, strict=True):
        if column.kind in PLAIN or column.choices:
            shown.append(f"NULLIF({name}, '')")
        else:
            shown.append(_GUARDED.format(name))
            marks += [FORMULA, NUMBER]
    sql = f"COPY (SELECT {', '.join(shown)} FROM ({inner}) said) TO STDOUT (FORMAT csv)"  # noqa: S608
    for piece in _lines(sql, [*marks, *params], now):
        yield len(piece), b"\r\n".join(piece) + b"\r\n"


def _lines(sql: str, params: list, now: Callable[[], Actor]) -> Iterator[list[memoryview]]:
    """The lines, without their ends, some at a time. Every message of COPY is one line."""
    own, looked, piece = connection.copy(), time.monotonic(), []
    try:
        with own.cursor() as cursor, cursor.cursor.copy(sql, params) as copy:
            for line in copy:
                piece.append(line[:-1])
                if len(piece) == PIECE:
                    if time.monotonic() - looked > EVERY:
                        now()
                        looked = time.monotonic()
                    yield piece
                    piece = []
        if piece:
            yield piece
    finally:
        own.close()


def said_in_sql(column: Column, actor: Actor) -> Any:
    """The value of a column in words, as Column.text says it, for each row of the list."""
    if isinstance(column.load, Texts):
        return _linked(column.load, actor)
    if column.said:
        return column.said()
    path, kind = column.paths[0], column.kind
    if kind == "reference":
        return in_reader_language(*column.paths[1:])
    if kind == "user":
        return F(column.paths[1])
    if kind == "state":
        return NullIf(F(path), Value("--"))
    if kind == "day":
        day = NullIf(F(path), Value(NEVER, DateField()))
        return Func(day, Value("YYYY-MM-DD"), function="to_char", output_field=TextField())
    if kind == "flag":
        words = When(**{path: True}, then=Value("True")), When(**{path: False}, then=Value("False"))
        return Case(*words, default=Value(""))
    if column.choices:
        known = [When(**{path: v}, then=Value(str(w))) for v, w in column.choices.items() if v]
        return Case(*known, default=Cast(path, TextField()), output_field=TextField())
    return Cast(path, TextField())


def in_reader_language(name: str, name_es: str) -> Any:
    """The name of a reference row, as its label says it."""
    if not (get_language() or "").startswith("es"):
        return F(name)
    return Case(When(**{name_es: ""}, then=F(name)), default=F(name_es))


def _linked(texts: Texts, actor: Actor) -> Any:
    """The texts of a row's links, joined as a page joins them; or that of the first alone."""
    links = texts.links(actor).filter(**{texts.mine: OuterRef("pk")}).order_by()
    text = texts.said() if texts.said else F(texts.text)
    order = [texts.order, F("pk")]
    if texts.one:
        return Subquery(links.order_by(*order).values_list(Cast(text, TextField()))[:1])
    joined = StringAgg(Cast(text, TextField()), Value("; "), order_by=order)
    return Subquery(links.values(texts.mine).annotate(said_all=joined).values("said_all"))
