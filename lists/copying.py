"""A CSV straight out of the database, which puts the values into words itself.

PostgreSQL sends the lines by COPY. SQLite is read with a bare cursor; what is linked is loaded for
some rows at a time. Both use a connection of their own, so that one statement shows all rows as
they stood at one time, while the other connection goes on working. It gives byte for byte what is
written row by row; a column that cannot be said in SQL keeps its whole export on that way.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import Case, DateField, F, OuterRef, Subquery, TextField, Value, When
from django.db.models.aggregates import StringAgg
from django.db.models.functions import Cast, NullIf
from django.utils.translation import get_language

from access.scope import Actor
from lists.columns import NEVER, Column, Texts, load_all, loaded_text
from lists.csv_cells import HARMLESS, csv_lines, guarded

EVERY = 0.5  # seconds between looks at whether the reader still has her rights
PIECE = 1_000  # lines that are sent together
PLAIN = {"state", "day", "number", "strength", "flag", "uid"}  # kinds that are never a formula
_SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())
# What csv_cells guards, as PostgreSQL writes it.
FORMULA = f"^[{_SPACES}]*[-=+@\t\r\n'＝＋－＠]"
NUMBER = "^[+-]?[0-9][0-9 ().-]*( ?x[0-9]+)?\n?$"
# Most texts begin with a letter or a digit, and need no look at the rest.
_GUARDED = (
    "CASE WHEN {0} = '' THEN NULL "
    "WHEN ascii({0}) BETWEEN 48 AND 122 AND ascii({0}) NOT IN (61, 64) THEN {0} "
    "WHEN {0} ~ %s AND NOT {0} ~ %s THEN '''' || {0} ELSE {0} END"
)


def can_copy(columns: list[Column]) -> bool:
    """Whether these columns can leave that way.

    A connection of its own would not see what a running transaction wrote.
    """
    if connection.in_atomic_block or len(columns) < 2:
        return False
    return all(_can_be_said(column) for column in columns)


def _can_be_said(column: Column) -> bool:
    if column.load and connection.vendor == "sqlite":
        return True
    if isinstance(column.load, Texts):
        return column.load.said is not None or column.load.made is None
    return column.load is None and (column.made is None or column.said is not None)


def copied(
    rows, columns: list[Column], actor: Actor, now: Callable[[], Actor]
) -> Iterator[tuple[int, bytes]]:
    """(lines, bytes) of the rows as CSV, in their order, as they stand when it begins.

    `now` looks the reader's rights up, and raises when they are gone.
    """
    way = _by_copy if connection.vendor == "postgresql" else _by_cursor
    looked, own = time.monotonic(), connection.copy()
    try:
        for piece in way(own, rows, columns, actor):
            yield piece
            if time.monotonic() - looked > EVERY:
                now()
                looked = time.monotonic()
    finally:
        own.close()


def _by_copy(own, rows, columns: list[Column], actor: Actor) -> Iterator[tuple[int, bytes]]:
    said = {f"said_{place}": said_in_sql(column, actor) for place, column in enumerate(columns)}
    inner, params = rows.annotate(**said).values_list(*said).query.sql_with_params()
    shown, marks = [], []
    for name, column in zip(said, columns, strict=True):
        if column.kind in PLAIN:
            shown.append(name)
        elif column.choices:
            shown.append(f"NULLIF({name}, '')")  # or it would be quoted
        else:
            shown.append(_GUARDED.format(name))
            marks += [FORMULA, NUMBER]
    sql = f"COPY (SELECT {', '.join(shown)} FROM ({inner}) said) TO STDOUT (FORMAT csv)"  # noqa: S608
    with own.cursor() as cursor:
        cursor.execute("SET datestyle TO ISO; SET jit TO off")  # compiling takes a second
    with own.cursor() as cursor, cursor.cursor.copy(sql, [*marks, *params]) as copy:
        for piece in batched(copy, PIECE):  # every message of COPY is one line
            yield len(piece), b"\r\n".join([line[:-1] for line in piece]) + b"\r\n"


def _by_cursor(own, rows, columns: list[Column], actor: Actor) -> Iterator[tuple[int, bytes]]:
    loads = [column for column in columns if column.load]
    said = {c.name: said_in_sql(c, actor) for c in columns if not c.load}
    said = {f"said_{place}": one for place, one in enumerate(said.values())}
    sql, params = rows.annotate(**said).values_list("pk", *said).query.sql_with_params()
    with own.cursor() as cursor:
        cursor.execute(sql, params)
        while found := cursor.fetchmany(PIECE):
            ids, *read = zip(*found, strict=True)
            loaded, texts = load_all(loads, actor, list(ids)), iter(read)
            yield (
                len(ids),
                csv_lines(
                    [
                        _guarded([loaded_text(c, loaded[c.name].get(pk)) for pk in ids])
                        if c.load
                        else _shown(next(texts), c)
                        for c in columns
                    ]
                ),
            )


def _shown(texts: Iterable[str | None], column: Column) -> list[str]:
    known = [text or "" for text in texts]
    return known if _is_plain(column) else _guarded(known)


def _guarded(texts: list[str]) -> list[str]:
    return [text if text[:1] in HARMLESS else guarded(text) for text in texts]


def _is_plain(column: Column) -> bool:
    return column.kind in PLAIN or bool(column.choices)


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
        return Cast(NullIf(F(path), Value(NEVER, DateField())), TextField())
    if kind == "flag":
        words = When(**{path: True}, then=Value("True")), When(**{path: False}, then=Value("False"))
        return Case(*words)
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
