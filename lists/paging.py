"""Pages of a list by key: the next page starts after the last row, however far that is."""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import Q

from lists.columns import Column

SIZE = 50
CAP = 10_000
SALT = "lists.paging"
DAYS = 30  # how long an address of a later page works


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


def _cursor(order: Order, back: bool, key: tuple, start: int) -> str:
    value = key[0].isoformat() if hasattr(key[0], "isoformat") else key[0]
    words = json.dumps([order.name, back, value, str(key[1]), start])
    return _cipher().encrypt(words.encode()).decode()


@cache
def _cipher() -> Fernet:
    """Cursors hold names, and stand in addresses and logs: so they are encrypted."""
    key = hashlib.sha256(f"{SALT}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def _opened(cursor: str, order: Order) -> tuple[bool, Any, str, int]:
    try:
        words = _cipher().decrypt(cursor.encode(), ttl=DAYS * 86_400)
        name, back, value, uid, start = json.loads(words)
    except (InvalidToken, ValueError, TypeError) as error:
        raise WrongCursor from error
    if name != order.name:
        raise WrongCursor
    return back, value, uid, start


def page_of(rows, order: Order, cursor: str = "", size: int = SIZE) -> Page:
    """One page of the rows. Raises WrongCursor for a cursor that does not fit."""
    column = order.column.sort
    back, value, uid, start = _opened(cursor, order) if cursor else (False, None, "", 1)
    descending = order.descending != back
    if cursor and uid:
        compare = "lt" if descending else "gt"
        rows = rows.filter(
            Q(**{f"{column}__{compare}": value}) | Q(**{column: value, f"uid__{compare}": uid})
        )
    sign = "-" if descending else ""
    found = list(
        rows.order_by(f"{sign}{column}", f"{sign}uid").values_list(column, "uid", "pk")[: size + 1]
    )
    more, found = len(found) > size, found[:size]
    if back:
        found.reverse()
        start = max(1, start - len(found)) if start else 0
    has_next = bool(found) and (back or more)
    has_previous = bool(found) and ((cursor != "" and not back) or (back and more))
    return Page(
        keys=found,
        start=start if found else 0,
        next=_cursor(order, False, found[-1], start + len(found) if start else 0)
        if has_next
        else None,
        previous=_cursor(order, True, found[0], start) if has_previous else None,
    )


def capped_count(rows) -> tuple[int, bool]:
    """How many rows, and whether there are more than are counted."""
    found = rows.order_by()[: CAP + 1].count()
    return min(found, CAP), found > CAP
