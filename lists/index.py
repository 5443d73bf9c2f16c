"""The index that search reads: trigrams of the folded keys. All of its SQL is here.

On PostgreSQL it is a GIN index of pg_trgm on the column, which the database keeps by itself. On
SQLite it is an FTS5 table beside the model's own, which holds no copy of the text: it is told of
every key before it goes and after it came (`access.indexing`).
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, reduce
from operator import and_
from typing import Any

from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.utils import DatabaseError

from access.indexing import indexes
from access.prepared import Prepared
from access.scope import Actor
from access.settling import slices
from lists.folding import needles

COLUMN = "search_key"
MERGED = 500  # pages of the SQLite index that one step of tidying writes
LONGEST, MOST = 12, 6  # of a word, and words, that FTS5 looks up; the rest is read row by row
MARK = "\ue000"  # begins what stands for a needle in a statement that is put together once
SECURE = (3, 42)  # the SQLite whose FTS5 takes a deleted word out of its pages at once

# For each model that can be found: works out the keys that rows should have, {id: key}.
KEYS: dict[Any, Callable[[Iterable[int]], dict[int, str]]] = {}


def keyed(model) -> Callable:
    """Register the function that works out the keys of a model's rows."""

    def register(function):
        KEYS[model] = function
        return function

    return register


# -- finding -------------------------------------------------------------------------------------


def holding(text: str) -> Q:
    """Rows whose key holds all that the text asks for, read row by row: for few rows."""
    found = Q()
    for needle in needles(text):
        found &= Q(**{f"{COLUMN}__contains": needle})
    return found


def named(model, text: str, column: str = COLUMN) -> Q:
    """Rows whose key holds all that the text asks for, by the index.

    Another folded column than the key has no index; it is for lists that are short.
    """
    if not needles(text):
        return Q(pk__in=[])
    if column != COLUMN:
        return reduce(and_, (Q(**{f"{column}__contains": n.strip()}) for n in needles(text)))
    if connection.vendor != "sqlite":
        return holding(text)
    table = _table(model)
    sql = f"SELECT rowid FROM {table} WHERE {table} MATCH %s"  # noqa: S608  (the name of a table)
    return Q(pk__in=RawSQL(sql, [_match(text)])) & _rest(text)  # noqa: S611  (and a parameter)


def marked(count: int) -> Q:
    """Rows whose key holds so many needles, for a statement that is put together once: `given`
    says which.
    """
    return reduce(and_, (Q(**{f"{COLUMN}__contains": f"{MARK}{n}"}) for n in range(count)), Q())


def given(text: str) -> dict[str, str]:
    """By what to replace the marks of `marked`. A needle has nothing that LIKE takes otherwise."""
    return {f"%{MARK}{n}%": f"%{needle}%" for n, needle in enumerate(needles(text))}


def first(
    whole: Callable[[Actor], Any], actor: Actor, text: str, columns: tuple[Any, ...], most: int
) -> list[tuple]:
    """The columns, id first, of `most` of the rows that the text names, those found first.

    `whole` gives the rows that the actor may see, and that is asked of each before it counts.
    SQLite reads the index in its own order, by id, and stops; through the ORM it would read all of
    it before the first row. PostgreSQL stops where nobody asks for an order: by id, it would ask of
    every row of a common beginning whether it may be seen.
    """
    if not (count := len(needles(text))):
        return []
    key = whole, actor, actor.today(), columns
    if connection.vendor != "sqlite":
        return _as_found(*key, most, count).ask(given(text))
    sql, params = _by_index(*key, 0 if _is_whole(text) else count)
    needed = given(text)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(needed.get(value, value) for value in params), _match(text), most])
        return cursor.fetchall()


@lru_cache(maxsize=256)
def _as_found(whole, actor: Actor, day: date, columns, most: int, count: int) -> Prepared:
    rows = whole(actor).filter(marked(count)).order_by()
    return Prepared(rows.values_list("pk", *columns)[:most])


@lru_cache(maxsize=256)
def _by_index(whole, actor: Actor, day: date, columns, rest: int) -> tuple[str, tuple]:
    rows = whole(actor).filter(marked(rest)).order_by()
    inner, params = rows.values_list("pk", *columns).query.sql_with_params()
    table = _table(rows.model)
    sql = (
        f"SELECT seen.* FROM {table} CROSS JOIN ({inner}) seen ON seen.pk = {table}.rowid "  # noqa: S608
        f"WHERE {table} MATCH %s ORDER BY {table}.rowid LIMIT %s"
    )
    return sql, params


def _match(text: str) -> str:
    """The text for FTS5. A needle is letters, digits and blanks, so that quotes hold it."""
    return " AND ".join(f'"{needle[:LONGEST]}"' for needle in _telling(text))


def _telling(text: str) -> list[str]:
    """The longest of the needles: FTS5 takes longer the more trigrams it puts together."""
    return sorted(needles(text), key=len, reverse=True)[:MOST]


def _is_whole(text: str) -> bool:
    """Whether FTS5 is asked for all of the text."""
    asked = needles(text)
    return len(asked) <= MOST and all(len(one) <= LONGEST for one in asked)


def _rest(text: str) -> Q:
    """What FTS5 was not asked for."""
    return Q() if _is_whole(text) else holding(text)


def _table(model) -> str:
    """The FTS5 table that stands beside a model's own."""
    return connection.ops.quote_name(f"{model._meta.db_table}_search")


# -- keeping it right ----------------------------------------------------------------------------


def _leave(model, ids: Iterable[int]) -> None:
    """Take the rows out as they are stored now. FTS5 must be told what it was told before."""
    _tell(model, ids, f"INSERT INTO {{0}}({{0}}, rowid, {COLUMN}) SELECT 'delete', id, {COLUMN}")


def _enter(model, ids: Iterable[int]) -> None:
    """Put the rows in as they are stored now."""
    _tell(model, ids, f"INSERT INTO {{0}}(rowid, {COLUMN}) SELECT id, {COLUMN}")


def _tell(model, ids: Iterable[int], sql: str) -> None:
    if connection.vendor != "sqlite":
        return
    source = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        for some in slices(ids):
            marks = ", ".join(["%s"] * len(some))
            there = f"FROM {source} WHERE {COLUMN} <> '' AND id IN ({marks})"
            cursor.execute(f"{sql.format(_table(model))} {there}", some)


indexes(COLUMN, leave=_leave, enter=_enter)


def tidy() -> bool:
    """Write the SQLite index anew where words of deleted rows linger; whether there was any work.

    It goes in small steps, so that nobody waits long for the database. PostgreSQL does this itself.
    """
    if connection.vendor != "sqlite":
        return False
    worked = False
    for model in KEYS:
        table, pages = _table(model), -MERGED  # the first step gathers all parts, others go on
        while _stepped(table, pages):
            worked, pages = True, MERGED
    return worked


def _stepped(table: str, pages: int) -> bool:
    """One step of merging: whether it wrote anything (FTS5 counts one change for the order)."""
    with transaction.atomic(), connection.cursor() as cursor:
        before = _changes(cursor)
        cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES('merge', %s)", [pages])
        return _changes(cursor) - before > 1


def _changes(cursor) -> int:
    cursor.execute("SELECT total_changes()")
    return cursor.fetchone()[0]


# -- making it -----------------------------------------------------------------------------------


def create(table: str) -> None:
    """Make the index of a table, over the keys that are there. For migrations and rebuilding."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _create_fts(cursor, table)
        else:
            extend(cursor)
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {table}_search ON {table} "
                f"USING gin ({COLUMN} gin_trgm_ops)"
            )


def _create_fts(cursor, table: str) -> None:
    name = f"{table}_search"
    cursor.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5({COLUMN}, content='{table}', "
        "content_rowid='id', tokenize='trigram case_sensitive 1')"
    )
    cursor.execute("SELECT sqlite_version()")
    if tuple(map(int, cursor.fetchone()[0].split("."))) >= SECURE:
        cursor.execute(f"INSERT INTO {name}({name}, rank) VALUES('secure-delete', 1)")
    cursor.execute(f"INSERT INTO {name}({name}) VALUES('rebuild')")


def extend(cursor) -> None:
    """Switch on pg_trgm, where it is not yet and where that is allowed."""
    cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    if cursor.fetchone():
        return
    try:
        with transaction.atomic():
            cursor.execute("CREATE EXTENSION pg_trgm")
    except DatabaseError as error:
        raise CommandError(
            "Search needs the PostgreSQL extension pg_trgm, and this account may not switch it on: "
            "ask whoever runs the server for CREATE EXTENSION pg_trgm in this database, then "
            "migrate again; it goes on where it stopped."
        ) from error


def drop(table: str) -> None:
    """Take the index of a table away."""
    with connection.cursor() as cursor:
        kind = "TABLE" if connection.vendor == "sqlite" else "INDEX"
        cursor.execute(f"DROP {kind} IF EXISTS {table}_search")


def is_whole(model) -> bool:
    """Whether the index is there and, on SQLite, agrees with the keys."""
    table = f"{model._meta.db_table}_search"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES('integrity-check', 1)")
                return True
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            return cursor.fetchone()[0]
    except DatabaseError:
        return False
