"""Long works, each timed by how long it keeps the turn to write from others (SQLite)."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def watched(turns: list[float]) -> Iterator[None]:
    """Note the seconds of every turn that this process takes meanwhile."""
    from access.sqlite3.base import DatabaseWrapper

    take, give_back = DatabaseWrapper.take_turn, DatabaseWrapper.give_back_turn
    began: list[float] = []

    def taken(self) -> None:
        take(self)
        began.append(time.perf_counter())

    def given_back(self) -> None:
        if self._has_turn and began:
            turns.append(time.perf_counter() - began.pop())
        give_back(self)

    DatabaseWrapper.take_turn, DatabaseWrapper.give_back_turn = taken, given_back  # type: ignore[method-assign]
    try:
        yield
    finally:
        DatabaseWrapper.take_turn = take  # type: ignore[method-assign]
        DatabaseWrapper.give_back_turn = give_back  # type: ignore[method-assign]


def measure(manager, rows: int) -> list[dict[str, Any]]:
    """{work, seconds, turns, longest} of each long work, on the database as it is."""
    found = []
    for name, work in (
        ("bulk change", _bulk),
        ("import", _import),
        ("undo of the import", _undo),
        ("hand-over", _hand_over),
        ("merge of two words", _merge),
        ("upkeep", _upkeep),
    ):
        turns: list[float] = []
        began = time.perf_counter()
        with watched(turns):
            said = work(manager, rows)
        seconds = time.perf_counter() - began
        longest = max(turns, default=0)
        it = {"work": name, "of": said, "seconds": seconds, "turns": len(turns), "longest": longest}
        found.append(it)
    return found


def _bulk(manager, rows: int) -> str:
    from access.many import change_many
    from crm.commands.bulk import AddTag
    from crm.models import Organization

    seen = Organization.objects.visible_to(manager).order_by("pk").values_list("uid", "revision")
    done = change_many(AddTag, manager, {"tag": "Measured"}, list(seen[:rows]))
    return f"{done.changed} partners"


def _import(manager, rows: int) -> str:
    from bench.faults.inside import start_import

    begun = start_import(rows, "Held")
    from access.jobs import run_job

    run_job.func(begun["job"])
    return f"{rows} partners"


def _undo(manager, rows: int) -> str:
    from access.jobs import run_job
    from lists import imports
    from lists.models import Import

    row = Import.objects.latest("pk")
    imports.take_back(manager, row)
    row.refresh_from_db()
    run_job.func(str(row.undoing.uid))
    row.refresh_from_db()
    return str(row.taken_back)


def _hand_over(_manager, rows: int) -> str:
    from django.db.models import Count

    from access.models import Access
    from access.settling import every
    from crm.handing_over import HandOver
    from crm.models import Organization

    owners = every(Organization).exclude(owner=None).order_by().values("owner_id")
    most = owners.filter(owner__access__isnull=False).annotate(n=Count("pk")).order_by("-n")
    if not most:
        return "nobody owns a partner"
    administrator = _administrator()
    row = Access.objects.visible_to(administrator).get(user_id=most[0]["owner_id"])
    looked = HandOver(administrator, {}, instance=row)
    values = {
        "revision": row.revision,
        "to_all": _somebody(looked),
        "leave": "on",
        "seen": len(looked.items),
    }
    command = HandOver(administrator, values, instance=row)
    command.run()
    return f"{len(command.given)} rows"


def _administrator():
    from access.actors import actor_of
    from access.models import User

    return actor_of(User.objects.get(email="administrator@faults.example"))


def _somebody(command) -> str:
    """A successor who sees all areas."""
    from access.models import Access
    from access.settling import every

    wide = every(Access).filter(everywhere=True).values_list("user__uid", flat=True)
    return next((str(uid) for uid in wide if str(uid) in command.users), "")


def _merge(_manager, rows: int) -> str:
    from django.db.models import Count

    from access.commands import command_named
    from access.settling import every
    from crm.models import Community, OrganizationCommunity

    links = every(OrganizationCommunity).order_by().values("community_id")
    most = links.annotate(n=Count("pk")).order_by("-n").first()
    if most is None:
        return "no word is in use"
    word = Community.objects.get(pk=most["community_id"])
    into = Community.objects.filter(retired=False, parent_id=word.parent_id).exclude(pk=word.pk)
    kind = command_named("MergeCommunity")
    assert kind is not None
    values = {"revision": word.revision, "into": into[0].code}
    kind(_administrator(), values, instance=word).run()
    return f"{most['n']} links"


def _upkeep(manager, rows: int) -> str:
    from config.management.commands.tick import JOBS

    longest = {}
    for job in JOBS:
        turns: list[float] = []
        with watched(turns):
            job.work()
        longest[job.name] = max(turns, default=0)
    name = max(longest, key=lambda it: longest[it])
    return f"{len(JOBS)} jobs, the longest turn in: {name}"
