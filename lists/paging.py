"""Pages of a list by key: the next page starts after the last row, however far that is."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from access import ranges
from access.prepared import Prepared, for_driver
from access.scope import Actor, Rights
from lists.columns import Column, paths_of, words_last

SIZE = 50
CAP = 10_000
# So many rows are asked for a costly condition to count those that meet it: beside a page, that
# takes a hundredth of a second on either database.
LOOKED_AT = 1_000
SALT = "lists.paging"
DAYS = 30  # how long an address of a later page works
# They stand in a query that is put together once for the place where a page begins.
MARKS = {str: "\ue000", date: date(1, 1, 2)}
MARK_UID = UUID(int=0xE000)


class WrongCursor(ValueError):
    """A cursor that was not made here, or for another order."""


@dataclass(frozen=True)
class Order:
    """How a list is sorted: a column that is never empty, then the uid."""

    column: Column
    descending: bool = False

    @property
    def name(self) -> str:
        return f"-{self.column.name}" if self.descending else self.column.name


@dataclass
class Page:
    """One page: its rows' ids in order, where it starts, and the cursors beside it."""

    keys: list[tuple]  # (sort value, uid, pk)
    start: int  # 1-based number of its first row, 0 when unknown
    next: str | None
    previous: str | None
    values: list[tuple] = field(default_factory=list)  # of each row: pk, uid, revision, columns
    count: int = 0  # of all rows, CAP at the most
    count_is_more: bool = False  # there are more than that
    is_short: bool = False  # because not all candidates were looked at


def _cursor(order: Order, back: bool, key: tuple, start: int) -> str:
    value = key[0].isoformat() if hasattr(key[0], "isoformat") else key[0]
    words = json.dumps([order.name, back, value, str(key[1]), start])
    return _cipher().encrypt(words.encode()).decode()


@cache
def _cipher():
    """Cursors hold names, and stand in addresses and logs: so they are encrypted."""
    from cryptography.fernet import Fernet  # large, and a worker starts without it

    key = hashlib.sha256(f"{SALT}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _opened(cursor: str, order: Order) -> tuple[bool, Any, str, int]:
    from cryptography.fernet import InvalidToken

    try:
        words = _cipher().decrypt(cursor.encode(), ttl=DAYS * 86_400)
        name, back, value, uid, start = json.loads(words)
    except (InvalidToken, ValueError, TypeError) as error:
        raise WrongCursor from error
    if name != order.name:
        raise WrongCursor
    return back, value, uid, start


def page_of(
    rows,
    order: Order,
    cursor: str = "",
    size: int = SIZE,
    *,
    actor: Actor,
    columns: Iterable[Column] = (),
    whole: Callable[[Actor], Any] | None = None,
    among: Any = None,
) -> Page:
    """One page of the rows that the actor sees, and how many there are, in one statement.

    `among` are the candidates where the rows are chosen from them by a condition that costs much:
    then only the first LOOKED_AT of them are counted by it, and if there are more of them, the
    count is one that the rows exceed. `whole` is the function that gave the rows, where nothing
    narrows them: then the statement is put together only once. Raises WrongCursor for a cursor that
    does not fit.
    """
    back, value, uid, start = _opened(cursor, order) if cursor else (False, None, "", 1)
    sign = "-" if order.descending != back else ""
    by, paths = f"{sign}{order.column.sort}", tuple(paths_of(columns))
    if whole is None:
        after = (value, uid) if uid else None
        found = list(_statement(rows, actor, by, after, size, paths, among))
    else:
        kind = (date if order.column.kind == "day" else str) if uid else None
        prepared, model = _prepared(whole, actor, actor.today(), by, kind, size, paths), rows.model
        found = prepared.ask(_given(model, order.column.sort, kind, value, uid) if uid else None)
    total = found[0][0] if found else counted_rows(rows) if cursor else 0
    more, found = len(found) > size, found[:size]
    if not cursor and not more:
        total = len(found)  # they are all here
    if back:
        found.reverse()
        start = max(1, start - len(found)) if start else 0
    keys = [(value, uid, pk) for _count, value, pk, uid, *_rest in found]
    has_next = bool(found) and (back or more)
    has_previous = bool(found) and ((cursor != "" and not back) or (back and more))
    is_short = total < 0
    if is_short:  # so many there are at least, so they are more than one less
        total = max(-1 - total, max(start, 1) + len(found) - 1 + (more or back)) - 1
    return Page(
        keys=keys,
        start=start if found else 0,
        next=_cursor(order, False, keys[-1], start + len(keys) if start else 0)
        if has_next
        else None,
        previous=_cursor(order, True, keys[0], start) if has_previous else None,
        values=[row[2:] for row in found],
        count=min(total, CAP),
        count_is_more=total > CAP or is_short,
        is_short=is_short,
    )


def _statement(
    rows, actor: Rights, by: str, after: tuple | None, size: int, paths: tuple, among: Any = None
):
    """(how many rows in all as `ranges.count_of` or `count_among` says, the value to sort by, pk,
    uid, revision, values of the paths) of each row of a page and of the next, in the order `by`,
    which starts behind `after`.
    """
    column, sign = by.removeprefix("-"), "-" if by.startswith("-") else ""
    some = _after(rows, column, bool(sign), *after) if after else rows
    some = ranges.first(some, actor, (by, f"{sign}uid"), size + 1)
    if among is None:
        count = ranges.count_of(rows, actor, CAP + 1)
    else:
        count = ranges.count_among(rows, among, actor, LOOKED_AT)
    asked = some.values_list(count, column, "pk", "uid", "revision", *paths)
    return words_last(asked, some)


@lru_cache(maxsize=256)
def _prepared(
    whole: Callable[[Actor], Any],
    actor: Actor,
    day: date,  # of the actor, on which rows may depend
    by: str,
    kind: type | None,
    size: int,
    paths: tuple,
) -> Prepared:
    after = (MARKS[kind], MARK_UID) if kind else None
    return Prepared(_statement(whole(actor), actor, by, after, size, paths))


def _given(model, column: str, kind: type | None, value: Any, uid: str) -> dict[Any, Any]:
    """What stands for the marks in a query: the place where the page begins."""
    assert kind
    pairs = [(column, MARKS[kind], value), ("uid", MARK_UID, UUID(uid))]
    return {for_driver(model, n, mark): for_driver(model, n, now) for n, mark, now in pairs}


def _after(rows, column: str, descending: bool, value: Any, uid: str):
    """The rows behind a key. The first condition is the one that an index can begin at."""
    compare = "lt" if descending else "gt"
    behind = Q(**{f"{column}__{compare}": value}) | Q(**{f"uid__{compare}": uid})
    return rows.filter(behind, **{f"{column}__{compare}e": value})


def counted_rows(rows) -> int:
    return rows.order_by()[: CAP + 1].count()


def capped_count(rows) -> tuple[int, bool]:
    """How many rows, and whether there are more than are counted."""
    found = counted_rows(rows)
    return min(found, CAP), found > CAP
