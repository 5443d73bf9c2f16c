"""Pages of other users while a long import and a long export run, beside the same pages without.

    python -m bench.faults neighbours [--database COPY.sqlite3] [--rounds 3] [--rows 6000]

Three users read and write pages; in each round first alone, then while the background process
imports a list, then while it makes a file of all people. Goal: p95 over all pages at most one and a
half times as long, in the median of the rounds. `--database` names a filled SQLite database, of
which a copy is taken; else there are some invented people.
"""

import argparse
import random
import sqlite3
import threading
import time
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from statistics import median

from bench.faults.people import Browser, meeting, share
from bench.faults.place import Place, say

GOAL, USERS, PAUSE, ALONE, LONGEST = 1.5, 3, 0.4, 20.0, 60.0
PAGES = ("/today/", "/organizations/?view=all", "/people/?view=all", "/log/", "/interactions/")
PEOPLE = 150_000
STATUS = "SELECT status FROM access_job WHERE uid = ?"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="neighbours", description=__doc__)
    parser.add_argument("--database", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=6_000)
    asked = parser.parse_args(arguments)
    ratios: dict[str, list[float]] = {"import": [], "export": []}
    alone: list[float] = []
    with Place() as place:
        told = place.copy_of(asked.database) if asked.database else place.fill()
        if not asked.database:
            place.ask("add_people", PEOPLE)
        place.serve()
        place.background()
        _watch(place, told, "", 5)  # every module is loaded
        for number in range(asked.rounds):
            quiet = _watch(place, told, "", ALONE)
            alone.append(_p95(quiet))
            begun = place.ask("start_import", asked.rows, f"Round {number}")
            busy = {"import": _watch(place, told, begun["job"], LONGEST)}
            place.end_of(begun["job"])
            begun = place.ask("start_list_export", "people", "csv")
            busy["export"] = _watch(place, told, begun["job"], LONGEST)
            place.end_of(begun["job"])
            for name, took in busy.items():
                ratios[name].append(_p95(took) / alone[-1])
                say(f"round {number + 1}, {name}: {ratios[name][-1]:.2f}")
                _table(quiet, took)
    return _verdict(ratios, alone)


def _watch(place: Place, told: dict, job: str, longest: float) -> dict[str, list[float]]:
    """Milliseconds of each page, while the job runs; without one, for so many seconds."""
    took: dict[str, list[float]] = defaultdict(list)
    stopped = threading.Event()

    def work(browser: Browser) -> None:
        chance = random.Random()
        while not stopped.is_set():
            for page in (*PAGES, f"/organizations/{chance.choice(told['partners'])}/", "log"):
                if page == "log":
                    answer = browser.send("POST", "/log/", meeting(told, chance))
                else:
                    answer = browser.send("GET", page)
                if answer.status not in (200, 302):
                    raise SystemExit(f"{page}: {answer.status} {answer.body[:300]}")
                took["a partner" if "ons/0" in page else page].append(answer.seconds * 1000)
                stopped.wait(PAUSE * (0.5 + chance.random()))

    browsers = [Browser(place.port, session) for session in told["sessions"][:USERS]]
    threads = [threading.Thread(target=work, args=(it,), daemon=True) for it in browsers]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + longest
    with closing(sqlite3.connect(place.database)) as other:
        while time.monotonic() < deadline:
            time.sleep(0.1)
            if job:
                found = other.execute(STATUS, (job.replace("-", ""),)).fetchone()
                if found[0] not in ("waiting", "running"):
                    break
    stopped.set()
    for thread in threads:
        thread.join()
    return took


def _p95(took: dict[str, list[float]]) -> float:
    return share([one for some in took.values() for one in some], 0.95)


def _table(quiet: dict[str, list[float]], busy: dict[str, list[float]]) -> None:
    say("    page                       alone p50   p95     busy p50   p95  count")
    for page in busy:
        alone, beside = quiet[page], busy[page]
        numbers = [share(alone, 0.5), share(alone, 0.95), share(beside, 0.5), share(beside, 0.95)]
        a, b, c, d = numbers
        say(f"    {page:26}{a:10.0f}{b:6.0f}{c:13.0f}{d:6.0f}{len(beside):7}")


def _verdict(ratios: dict[str, list[float]], alone: list[float]) -> int:
    for name, found in ratios.items():
        say(f"beside the {name}: p95 {median(found):.2f} times as long (goal {GOAL})")
    say(f"p95 alone: {', '.join(f'{one:.0f}' for one in alone)} ms")
    if max(alone) > 2 * min(alone):
        say("VOID: the reference swings more than twofold")
        return 2
    held = all(median(found) <= GOAL for found in ratios.values())
    say("PASS" if held else "FAIL: others wait for it")
    return 0 if held else 1
