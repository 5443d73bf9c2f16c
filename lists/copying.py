"""The rows of an export straight out of the database, which puts the values into words itself.

PostgreSQL sends the lines of a CSV by COPY; otherwise the words are read with a bare cursor, and
the few columns that cannot be said in SQL are loaded for some rows at a time. Both use a connection
of their own, so that one statement shows all rows as they stood at one time, while the other goes
on working. The words are byte for byte those of the cells of a page.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Case, DateField, F, OuterRef, Subquery, TextField, Value, When
from django.db.models.functions import Cast, NullIf
from django.utils.translation import get_language

from access.scope import Actor
from lists.columns import FIRST, NEVER, Column, Texts, load_all, loaded_text, words_last

type Cells = Iterable[str | None]  # of one column, in words
EVERY = 0.5  # seconds between looks at whether the reader still has her rights
PIECE = 1_000  # lines that are sent together
PLAIN = {"state", "day", "number", "strength", "flag", "uid"}  # kinds that are never a formula
_SPACES = "".join(c for c in map(chr, range(0x3001)) if c.isspace())
# What csv_cells guards, as PostgreSQL writes it.
FORMULA = f"^[{_SPACES}]*[-=+@\t\r\n'＝＋－＠]"
NUMBER = "^[+-]?[0-9][0-9 ().-]*( ?x[0-9]+)?\n?$"
_END = re.compile(rb'("[^"]*")|\n')  # of a line; or a part of one in quotation marks
# Most texts begin with a letter, a digit or (, and need no look at the rest.
_GUARDED = (
    "CASE WHEN ascii({0}) BETWEEN 65 AND 122 OR ascii({0}) BETWEEN 46 AND 60 "
    "OR ascii({0}) = 40 THEN {0} WHEN {0} = '' THEN NULL "
    "WHEN {0} ~ %s AND NOT {0} ~ %s THEN '''' || {0} ELSE {0} END"
)


def can_copy(columns: list[Column]) -> bool:
    """Whether PostgreSQL can send these columns by COPY: while that goes on, a connection does
    nothing else, and a line of one empty cell is not that of csv.
    """
    if connection.vendor != "postgresql" or connection.in_atomic_block or len(columns) < 2:
        return False
    return all(map(_is_said, columns))


def _is_said(column: Column) -> bool:
    """Whether the statement itself says the column, and not what is loaded beside it."""
    if isinstance(column.load, Texts):
        return column.load.said is not None or column.load.made is None
    return column.load is None


def copied(
    rows, columns: list[Column], actor: Actor, now: Callable[[], Actor]
) -> Iterator[tuple[int, bytes]]:
    """(lines, bytes) of the rows as CSV, in their order, as they stand when it begins.

    `now` looks the reader's rights up, and raises when they are gone.
    """
    inner, params = _statement(rows, columns, actor)
    shown, marks = [], []
    for place, column in enumerate(columns):
        name = f"said_{place}"
        if column.kind in PLAIN:
            shown.append(name)
        elif column.choices:
            shown.append(f"NULLIF({name}, '')")  # or it would be quoted
        else:
            shown.append(_GUARDED.format(name))
            marks += [FORMULA, NUMBER]
    sql = f"COPY (SELECT {', '.join(shown)} FROM ({inner}) said) TO STDOUT (FORMAT csv)"  # noqa: S608
    with _own() as own, own.cursor() as cursor, cursor.cursor.copy(sql, [*marks, *params]) as copy:
        for count, lines in _while_allowed(_together(copy), now):
            if lines.count(b"\n") == count:
                yield count, lines.replace(b"\n", b"\r\n")
            else:  # some stand within a cell
                yield count, _END.sub(lambda found: found[1] or b"\r\n", lines)


def _together(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """(how many, lines) out of COPY, each of whose messages is one line."""
    count, some = 0, bytearray()
    for line in lines:
        some += line
        count += 1
        if count == PIECE:
            yield count, bytes(some)
            count, some = 0, bytearray()
    if count:
        yield count, bytes(some)


def texts_of(
    rows, columns: list[Column], actor: Actor, now: Callable[[], Actor]
) -> Iterator[tuple[int, list[Cells]]]:
    """(how many rows, the texts of each column) of the same rows, some at a time."""
    loads = [column for column in columns if not _is_said(column)]
    said = [column for column in columns if _is_said(column)]
    sql, params = _statement(rows, said, actor)
    with _own() as own, own.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        for found in _while_allowed(iter(lambda: cursor.fetchmany(PIECE), []), now):
            ids, *read = zip(*found, strict=True)
            texts, loaded = iter(read), load_all(loads, actor, list(ids)) if loads else {}
            yield (
                len(ids),
                [
                    [loaded_text(c, loaded[c.name].get(pk)) for pk in ids]
                    if c.name in loaded
                    else next(texts)
                    for c in columns
                ],
            )


def _statement(rows, columns: list[Column], actor: Actor) -> tuple[str, tuple]:
    """The statement of the rows' ids and what their columns say, with its parameters."""
    said = {f"said_{place}": said_in_sql(column, actor) for place, column in enumerate(columns)}
    asked = words_last(rows.annotate(**said).values_list("pk", *said), rows).query
    compiler = asked.get_compiler(connection=connection, elide_empty=False)  # even for no row
    return compiler.as_sql()


@contextmanager
def _own() -> Iterator[Any]:
    """A connection of its own, unless that would not see what a running transaction wrote."""
    own = connection if connection.in_atomic_block else connection.copy()
    try:
        yield own
    finally:
        if own is not connection:
            own.close()


def _while_allowed[T](pieces: Iterable[T], now: Callable[[], Actor]) -> Iterator[T]:
    """The pieces, as long as the reader has her rights."""
    looked = time.monotonic()
    for piece in pieces:
        yield piece
        if time.monotonic() - looked > EVERY:
            now()
            looked = time.monotonic()


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
    return F(path) if kind == "text" else Cast(path, TextField())


def in_reader_language(name: str, name_es: str) -> Any:
    """The name of a reference row, as its label says it."""
    if not (get_language() or "").startswith("es"):
        return F(name)
    return Case(When(**{name_es: ""}, then=F(name)), default=F(name_es))


class Joined(Subquery):
    """What a query set names `said`, in its order, joined as a page joins it."""

    template = "(SELECT group_concat(said, '; ') FROM (%(subquery)s) links)"
    output_field = TextField()

    def as_postgresql(self, compiler, connection):
        joined = self.template.replace("group_concat", "string_agg")
        return self.as_sql(compiler, connection, template=joined)


def _linked(texts: Texts, actor: Actor) -> Any:
    """The texts of a row's links, joined; or that of the first alone.

    Those that hang on rows which the statement has the actor see are not asked for them again.
    """
    seen, is_under = texts.link.objects, texts.parent in texts.link.seen_through
    links = seen.visible_under(actor, texts.parent) if is_under else seen.visible_to(actor)
    links = texts.counting(links, actor).filter(**{texts.mine: OuterRef("pk")})
    links = links.annotate(said=texts.said() if texts.said else F(texts.text))
    order = ["pk"] if texts.order is FIRST else [texts.order, "pk"]  # a constant would be sorted by
    links = links.order_by(*order).values("said")
    found = Subquery(links[:1]) if texts.one else Joined(links)
    if texts.unless is None:
        return found
    return Case(When(texts.unless, then=Value(None)), default=found, output_field=TextField())
