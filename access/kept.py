"""What seldom changes and every page needs, kept by each process: words, areas, views, names.

One row, the Stamp, gets a new random value in each transaction that changes any of it. A request
reads that value together with its user, and is given what was looked up under it: so a change
holds from the next request on, in every process, and one that is rolled back leaves nothing.
Whatever runs without a request, or inside a command, looks everything up anew.
"""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from access.models import Access, Area, Installation, Stamp
from access.recording import Touched, at_work
from access.records import Reference
from access.settling import settles

LASTS = 60  # seconds: as long as a change that came past the kernel, by hand, may go unnoticed
MOST = 5_000  # answers; more are not worth their memory

_stamp: ContextVar[UUID | None] = ContextVar("stamp", default=None)
_WATCHED: set[type] = {Access, Area, Installation}


@dataclass
class _Shelf:
    """All that was looked up under one stamp."""

    stamp: UUID | None = None
    until: float = 0
    found: dict[Hashable, Any] = field(default_factory=dict)


_shelf = _Shelf()


def watch(*models: type) -> None:
    """Say that what is kept also follows from the rows of these models; of Reference ones it does
    anyway.
    """
    _WATCHED.update(models)


def kept[T](key: Hashable, look_up: Callable[[], T]) -> T:
    """What `look_up` answers, at once where this process knows it. It is shared: never change it.

    The answer may depend on the key, and on rows that are watched; on nothing else.
    """
    global _shelf
    stamp = _stamp.get()
    if stamp is None or at_work() is not None:
        return look_up()
    shelf, now = _shelf, time.monotonic()
    if shelf.stamp != stamp or shelf.until < now or len(shelf.found) > MOST:
        shelf = _shelf = _Shelf(stamp, now + LASTS)
    if key not in shelf.found:
        shelf.found[key] = look_up()
    return shelf.found[key]


@contextmanager
def request() -> Iterator[None]:
    """What is kept may be used inside, once `use` has said under which stamp."""
    token = _stamp.set(None)
    try:
        yield
    finally:
        _stamp.reset(token)


def use(stamp: UUID | None) -> None:
    """Take what is kept under this stamp, for the rest of the request; None: look up anew."""
    _stamp.set(stamp)


def renew() -> None:
    """Let everybody look up anew what is kept, once the running transaction is committed."""
    use(None)
    # Where the row is missing, two may make it at once: then each must leave a value of its own.
    Stamp.objects.bulk_create(
        [Stamp(pk=Stamp.ONE, value=uuid4())],
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["id"],
    )


@settles
def renew_after(touched: Touched) -> None:
    """Renew the stamp when a run touched rows that something kept follows from."""
    if any(model in _WATCHED or issubclass(model, Reference) for model in touched.models):
        renew()
