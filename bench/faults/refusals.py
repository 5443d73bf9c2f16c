"""A full disk, and a lock that somebody else holds: 503, nothing half written, and well again.

    python -m bench.faults refusals

The disk is full by a limit on the size of files (RLIMIT_FSIZE) that only the web server has: the
disk of this machine is not touched. The lock is that of another program which opens the database.
"""

import argparse
import random
import resource
import sqlite3
import threading
import time
from collections import Counter

from bench.faults.people import Answer, Browser, Sent, meeting
from bench.faults.place import Place, say

ROOM = 400_000  # bytes that the files may still grow
LOCKED = 20.0  # seconds that the other program keeps its lock
LONGEST = 16.0  # seconds that anybody may wait: ten in line, five for programs that are not ours
WRITERS = 6


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="refusals", description=__doc__)
    parser.parse_args(arguments)
    wrong = []
    with Place() as place:
        told = place.fill()
        wrong += _full_disk(place, told)
        wrong += _foreign_lock(place, told)
    say("FAIL: " + "; ".join(wrong) if wrong else "PASS: refused in words, nothing half written")
    return 1 if wrong else 0


def _full_disk(place: Place, told: dict) -> list[str]:
    """Meetings until the disk is full, some more, and some when there is room again."""
    say("A full disk")
    server = place.serve()
    most = max(path.stat().st_size for path in place.folder.glob("scratch.sqlite3*"))
    resource.prlimit(_serving(server.pid), resource.RLIMIT_FSIZE, (most + ROOM, -1))
    sent: list[Sent] = []
    while len(sent) < 1_500 and sum(not one.acknowledged for one in sent) < 20:
        sent.append(_log(place.port, told, len(sent)))
    refused = [one for one in sent if not one.acknowledged]
    reading = Browser(place.port, told["sessions"][0]).send("GET", "/organizations/?view=all")
    say(f"  {len(sent) - len(refused)} acknowledged, then {_statuses(refused)}")
    say(f"  a page that only reads: {reading.status}")
    wrong = _wrong_refusals(refused, "full disk")
    wrong += ["nothing was refused on a full disk"] if not refused else []
    wrong += ["pages are not read on a full disk"] if reading.status != 200 else []
    wrong += _missing(place, sent, "full disk")
    resource.prlimit(_serving(server.pid), resource.RLIMIT_FSIZE, (-1, -1))
    again = refused[:10]
    for one in again:
        one.answers.append(one.browser.again(place.port).send("POST", "/log/", one.values))
    well = sum(one.acknowledged for one in again)
    say(f"  with room again: {well} of {len(again)} of the refused are saved")
    wrong += ["it does not work again after a full disk"] if well < len(again) else []
    wrong += _look(place, [one for one in sent if one.acknowledged])
    place.end(server)
    return wrong


def _foreign_lock(place: Place, told: dict) -> list[str]:
    """Another program holds the lock for longer than anybody waits."""
    say("A lock that somebody else holds")
    server = place.serve()
    before = [_log(place.port, told, n) for n in range(3)]
    other = sqlite3.connect(place.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    sent: list[Sent] = []

    def work(number: int) -> None:
        sent.append(_log(place.port, told, number))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    reads = []
    while any(t.is_alive() for t in threads) and time.monotonic() < began + LOCKED + 30:
        reads.append(Browser(place.port, told["sessions"][9]).send("GET", "/organizations/"))
        time.sleep(0.5)
        if time.monotonic() > began + LOCKED and other.in_transaction:
            other.execute("ROLLBACK")
    for thread in threads:
        thread.join()
    if other.in_transaction:
        other.execute("ROLLBACK")
    other.close()
    refused = [one for one in sent if not one.acknowledged]
    longest = max(one.answers[0].seconds for one in sent)
    say(f"  {WRITERS} writers: {_statuses(sent)}, after {longest:.1f} s at most")
    read = Counter(answer.status for answer in reads)
    slowest = max(answer.seconds for answer in reads)
    say(f"  pages that read meanwhile: {dict(read)}, {slowest:.1f} s at most")
    wrong = _wrong_refusals(refused, "foreign lock")
    wrong += ["nobody was refused under a foreign lock"] if not refused else []
    wrong += ["a refusal took too long"] if longest > LONGEST else []
    wrong += ["pages that read were not answered"] if set(read) != {200} or slowest > 5 else []
    wrong += _missing(place, [*before, *sent], "foreign lock")
    again = refused
    for one in again:
        one.answers.append(one.browser.again(place.port).send("POST", "/log/", one.values))
    well = sum(one.acknowledged for one in again)
    say(f"  afterwards: {well} of {len(again)} of the refused are saved")
    wrong += ["it does not work again after a lock"] if well < len(again) else []
    place.end(server)
    return wrong


def _log(port: int, told: dict, number: int) -> Sent:
    browser = Browser(port, told["sessions"][number % len(told["sessions"])])
    one = Sent(browser, meeting(told, random.Random()))
    one.answers.append(browser.send("POST", "/log/", one.values))
    return one


def _serving(master: int) -> int:
    """The process of gunicorn that answers."""
    from pathlib import Path

    return int(Path(f"/proc/{master}/task/{master}/children").read_text().split()[0])


def _statuses(sent: list[Sent]) -> dict[int, int]:
    return dict(Counter(one.answers[0].status for one in sent))


def _wrong_refusals(refused: list[Sent], when: str) -> list[str]:
    """Whoever was refused got 503, a sentence that says so, and when to come again."""
    answers: list[Answer] = [one.answers[0] for one in refused]
    wrong = []
    if any(answer.status != 503 for answer in answers):
        wrong.append(f"{when}: another answer than 503")
    if any("not saved" not in answer.body for answer in answers):
        wrong.append(f"{when}: a refusal does not say that nothing was saved")
    if any("Retry-After" not in answer.headers for answer in answers):
        wrong.append(f"{when}: a refusal without Retry-After")
    return wrong


def _missing(place: Place, sent: list[Sent], when: str) -> list[str]:
    """Exactly what was acknowledged is there."""
    there = set(place.ask("those_there", [one.values["uid"] for one in sent]))
    acknowledged = {one.values["uid"] for one in sent if one.acknowledged}
    wrong = [f"{when}: acknowledged and lost"] if acknowledged - there else []
    return wrong + ([f"{when}: refused and saved all the same"] if there - acknowledged else [])


def _look(place: Place, sent: list[Sent]) -> list[str]:
    found = place.ask("look_at_meetings", [one.values["uid"] for one in sent])
    return [f"{name}: {number}" for name, number in found.items() if number not in (0, "ok")]
