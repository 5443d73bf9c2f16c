"""Logging a meeting: through the page, beside bare SQL; and by many at once."""

import json
import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bench.measuring import Pair, Values, at, least, most, work
from bench.works.requests import ROOT, WORKERS
from bench.world import TWO, World

WRITERS, PAUSE, SECONDS = 50, 1.0, 8.0


def _values(world: World) -> list[tuple[str, str]]:
    """(partner, person) uids of partners in sight."""
    return [
        (str(uuid.UUID(str(partner))), str(uuid.UUID(str(person))))
        for partner, person in world.sql(
            "SELECT o.uid, c.uid FROM crm_affiliation t "
            "JOIN crm_organization o ON o.id = t.organization_id "
            "JOIN crm_contact c ON c.id = t.contact_id "
            f"WHERE o.home_id IN ({', '.join(map(str, world.states))}) "
            "AND c.visibility = 'team' AND t.is_primary ORDER BY t.id LIMIT 500"
        )
    ]


def _logger(world: World, who: str = TWO, known: list[tuple[str, str]] | None = None):
    """A function that logs one meeting by the product's command, history and audit included."""
    from crm.commands import LogInteraction

    actor, known, pick = world.actor(who), known or _values(world), random.Random()
    day = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()

    def log() -> None:
        partner, person = pick.choice(known)
        values = {
            "kind": "meeting", "status": "held", "day": day, "summary": "Measured.",
            "outcome": "met", "organizations": [partner], "contacts": [person],
            "next_step": "Call back", "visibility": "team",
        }  # fmt: skip
        LogInteraction(actor, values).run()

    return log


def _bare(world: World):
    """A function that writes one small row durably: what the disk allows."""
    with world.connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_commit (at text)")

    def commit() -> None:
        with world.connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_commit VALUES ('now')")

    return commit


@work("log.first", "The form to log a meeting, opened by who has logged none",
      "an empty signed-in page", most(20))  # fmt: skip
def first(world: World):
    client = world.client(TWO)  # of a fresh copy: the works after this one log meetings
    yield Pair(lambda: world.got(client, "/log/"), lambda: world.got(client, "/more/"))


@work("log.command", "Logging a meeting, history and audit included", "a durable commit of one row")
def command(world: World):
    yield Pair(_logger(world), _bare(world), calls=100, seconds=2)


@work("log.page", "The form to log a meeting, opened", "an empty signed-in page")
def form(world: World):
    client = world.client(TWO)
    yield Pair(lambda: world.got(client, "/log/"), lambda: world.got(client, "/more/"))


@work("log.post", "Logging a meeting by the page", "the command alone")
def post(world: World):
    client, known = world.client(TWO), _values(world)
    pick, day = random.Random(3), (datetime.now(UTC) - timedelta(days=2)).date().isoformat()

    def send() -> None:
        partner, person = pick.choice(known)
        values = {
            "kind": "meeting", "status": "held", "day": day, "summary": "Measured.",
            "organizations": partner, "contacts": person, "visibility": "team",
            "key": str(uuid.uuid4()), "uid": str(uuid.uuid4()),
        }  # fmt: skip
        client.cookies.pop("messages", None)  # a browser has shown what was said of the last one
        answer = client.post("/log/", values)
        if answer.status_code != 302:
            raise RuntimeError(f"/log/ answered {answer.status_code}")

    yield Pair(send, _logger(world), calls=50, seconds=2)


@work("log.cells", "Logging a meeting, cells of figures kept", "the same without keeping them",
      most(1.15))  # fmt: skip
def cells(world: World):
    """Both are taken back, so that no figure is wrong afterwards: the sync, which is the same for
    both, is left out, and the share of the cells comes out the larger.
    """
    from unittest.mock import patch

    from django.db import transaction

    from access import settling
    from dashboards.summary import keeping

    log = _logger(world)
    others = [one for one in settling._SETTLERS if one is not keeping.figures]
    if len(others) == len(settling._SETTLERS):
        raise RuntimeError("Nothing keeps the cells of figures.")

    def undone() -> None:
        with transaction.atomic():
            log()
            transaction.set_rollback(True)

    def without() -> None:
        with patch.object(settling, "_SETTLERS", others):
            undone()

    yield Pair(undone, without, calls=100, seconds=2)


def _together(world: World, writers: int, pause: float, seconds: float) -> list[float]:
    """Milliseconds of each meeting that so many threads log in so long."""
    from django.db import connection

    taken: list[float] = []
    known, ready = _values(world), threading.Barrier(writers)

    def one() -> None:
        try:
            log = _logger(world, known=known)
            ready.wait()
            end = time.monotonic() + seconds
            time.sleep(random.random() * pause)
            while time.monotonic() < end:
                began = time.perf_counter()
                log()
                taken.append(1_000 * (time.perf_counter() - began))
                time.sleep(pause)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


@work("log.paced", f"{WRITERS} organizers with pauses log meetings", "one organizer with pauses",
      most(5, at="p95"), slow=True)  # fmt: skip
def paced(world: World):
    if world.is_sqlite:  # one process serves
        yield Pair(
            lambda: Values(_together(world, WRITERS, PAUSE, SECONDS)),
            lambda: Values(_together(world, 1, PAUSE / 10, SECONDS)),
            rounds=3,
        )
        return
    with _processes() as taken:
        taken(WORKERS, PAUSE / 10)  # each process has written before it is measured
        yield Pair(
            lambda: Values(taken(WRITERS, PAUSE)),
            lambda: Values(taken(1, PAUSE / 10)),
            rounds=3,
        )


@work("log.flat", f"{WRITERS} organizers log meetings flat out, worst 1 in 100", "one flat out",
      slow=True)  # fmt: skip
def flat(world: World):
    yield Pair(
        lambda: Values([at(_together(world, WRITERS, 0, SECONDS), 0.99)]),
        lambda: Values([at(_together(world, 1, 0, SECONDS / 4), 0.99)]),
        rounds=3,
    )


@contextmanager
def _processes() -> Iterator[Callable[[int, float], list[float]]]:
    """A function for the milliseconds of each meeting that so many writers log together with such
    a pause, spread over as many processes as serve the product on PostgreSQL: threads of one would
    share its interpreter.
    """
    command = [sys.executable, "-m", "bench.writers"]
    running = [
        subprocess.Popen(
            command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _n in range(WORKERS)
    ]

    def taken(writers: int, pause: float) -> list[float]:
        busy = running[:writers]
        for number, one in enumerate(busy):
            share = len(range(number, writers, len(busy)))
            one.stdin.write(f"{json.dumps([share, pause, SECONDS])}\n")
            one.stdin.flush()
        return [ms for one in busy for ms in json.loads(one.stdout.readline())]

    try:
        yield taken
    finally:
        for one in running:
            one.communicate()


@work("log.writers", "Meetings that 8 writers log, time for each", "one writer", least(1.5),
      databases=("postgresql",), slow=True)  # fmt: skip
def eight(world: World):
    with _processes() as taken:

        def rate(writers: int) -> Values:
            return Values([1_000 * SECONDS / len(taken(writers, 0))])

        rate(WORKERS)  # each process has written before it is measured
        yield Pair(lambda: rate(8), lambda: rate(1), rounds=3)
