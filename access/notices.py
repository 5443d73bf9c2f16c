"""What a user is told: what colleagues did that concerns her, and what is due.

Upper apps register kinds of notices, and matters that are due. A notice is written when a run is
settled, and looked up anew when it is read: what was undone, given on or hidden since is not told.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from access.models import Notice, User
from access.recording import at_work
from access.scope import Actor

MOST = 100


@dataclass(frozen=True)
class Kind:
    """A kind of notice.

    said     what the page says before the name of the row ("Given to you"), translated
    counted  what the daily mail says, without any name: a lazy plural over %(n)d
    held     function(actor) -> query sets of the rows that still hold and that the actor sees
    named    function(actor, uids) -> {uid: (name, address)} of such rows
    """

    name: str
    said: Any
    icon: str
    counted: Any
    held: Callable[[Actor], list[QuerySet]]
    named: Callable[[Actor, set[UUID]], dict[UUID, tuple[str, str]]]


@dataclass(frozen=True)
class Matter:
    """Something that is due today: how many, a lazy plural over %(n)d without any name, and where
    it is listed.
    """

    name: str
    count: Callable[[Actor], int]
    counted: Any
    url: Callable[[], str]


@dataclass(frozen=True)
class Told:
    """One notice as the page shows it."""

    said: str
    icon: str
    label: str
    url: str
    by: str
    at: datetime
    is_new: bool


_KINDS: dict[str, Kind] = {}
_MATTERS: dict[str, Matter] = {}
_CONCERNED: list[Callable[[UUID], set[int]]] = []


def kind(*args) -> None:
    """Register a kind of notice; the arguments are those of Kind."""
    made = Kind(*args)
    _KINDS[made.name] = made


def matter(*args) -> None:
    """Register something that can be due; the arguments are those of Matter."""
    made = Matter(*args)
    _MATTERS[made.name] = made


def concerned(function: Callable[[UUID], set[int]]) -> Callable[[UUID], set[int]]:
    """Register `function(uid) -> ids of the users` whom it concerns that a row was opened."""
    _CONCERNED.append(function)
    return function


def whom_it_concerns(uid: UUID) -> set[int]:
    """The ids of the users whom it concerns that the row was opened."""
    return set().union(*(function(uid) for function in _CONCERNED))


def tell(kind_name: str, pairs: Iterable[tuple[int, UUID]], by: int | None) -> None:
    """Write notices of a kind for (user id, uid of a row) pairs, except for who did it herself."""
    work = at_work()
    run = work.run if work is not None else None
    rows = [
        Notice(user_id=user_id, kind=kind_name, about=uid, by_id=by, run=run)
        for user_id, uid in dict.fromkeys(pairs)
        if user_id != by
    ]
    Notice.objects.bulk_create(rows, batch_size=500)


def forget_run(run) -> None:
    """Take back what a run told, because it was undone."""
    Notice.objects.filter(run=run).delete()


def fresh(actor: Actor, since: datetime | None) -> QuerySet:
    """What came since the user last looked and still holds, 99 at the most, to be counted."""
    holds = Q(pk__in=[])
    for name, one in _KINDS.items():
        for held in one.held(actor):
            holds |= Q(Exists(held.order_by().filter(uid=OuterRef("about"))), kind=name)
    rows = Notice.objects.filter(holds, user_id=actor.user_id or 0)
    rows = rows.filter(at__gt=since) if since else rows
    return rows.values("kind", "about").distinct()[:99]


def notices_of(actor: Actor, user: User) -> list[Told]:
    """The newest notices that still hold, newest first."""
    kept = Notice.objects.filter(user=user, at__gte=timezone.now() - Notice.KEPT)
    rows = list(kept.select_related("by").order_by("-at", "-pk")[:MOST])
    known = _look_up(actor, rows)
    seen_at, told, found = user.notices_seen_at, set(), []
    for row in rows:
        where = known.get((row.kind, row.about))
        if where is None or (row.kind, row.about) in told:
            continue
        told.add((row.kind, row.about))
        is_new = seen_at is None or row.at > seen_at
        one = _KINDS[row.kind]
        by = row.by.name if row.by else ""
        found.append(Told(str(one.said), one.icon, *where, by, row.at, is_new))
    return found


def due_now(actor: Actor) -> list[tuple[str, str]]:
    """(words, address) of each matter that is due, without any name."""
    counted = [(matter, matter.count(actor)) for matter in _MATTERS.values()]
    return [(matter.counted % {"n": n}, matter.url()) for matter, n in counted if n]


def counted_since(actor: Actor, user: User, since: datetime) -> list[str]:
    """What came since a moment and still holds, counted by kind, without any name."""
    rows = Notice.objects.filter(user=user, at__gt=since).order_by("pk")
    counts: dict[str, int] = {}
    for kind_name, _uid in _held(actor, rows):
        counts[kind_name] = counts.get(kind_name, 0) + 1
    return [one.counted % {"n": counts[n]} for n, one in _KINDS.items() if n in counts]


def _held(actor: Actor, rows: Iterable[Notice]) -> set[tuple[str, UUID]]:
    """The (kind, uid) pairs of notices that still hold."""
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        wanted.setdefault(row.kind, set()).add(row.about)
    return {
        (name, uid)
        for name, uids in wanted.items()
        if name in _KINDS
        for held in _KINDS[name].held(actor)
        for uid in held.order_by().filter(uid__in=uids).values_list("uid", flat=True)
    }


def _look_up(actor: Actor, rows: list[Notice]) -> dict[tuple[str, UUID], tuple[str, str]]:
    held = _held(actor, rows)
    found = {}
    for name in {name for name, _uid in held}:
        uids = {uid for one, uid in held if one == name}
        for uid, where in _KINDS[name].named(actor, uids).items():
            found[name, uid] = where
    return found
