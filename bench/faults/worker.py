"""The background process is killed in the middle of an import and of an export.

    python -m bench.faults worker [--rows 3000]

What the import had written is taken back by the upkeep once there was no sign of life for a while
(the clock of the scratch database is moved, so nobody waits), its user is told, and she confirms
once more: every row is there once. The half file of the export goes, and she asks for it again.
"""

import argparse
import sqlite3
import time
from contextlib import closing

from bench.faults.people import Browser
from bench.faults.place import Place, say

SILENT, DAY = 11, 25 * 60  # minutes: longer than the upkeep waits for a sign of life; over a day
PATIENCE = 240
PEOPLE = 20_000
WRITTEN = "SELECT count(*) FROM crm_organization WHERE name LIKE ?"
MADE = "SELECT done FROM access_job WHERE uid = ?"
CUT_SHORT = "cut short"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="worker", description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000)
    asked = parser.parse_args(arguments)
    wrong: list[str] = []
    with Place() as place:
        told = place.fill()
        place.serve()
        manager = Browser(place.port, told["manager"])
        _import(place, manager, asked.rows, wrong)
        _export(place, wrong)
        left = place.ask("left_over")
        say(f"left over: {left}")
        wrong += [f"{name}: {number}" for name, number in left.items() if number]
    say("FAIL: " + "; ".join(wrong) if wrong else "PASS: taken back, told, and done once")
    return 1 if wrong else 0


def _import(place: Place, manager: Browser, rows: int, wrong: list[str]) -> None:
    begun = place.ask("start_import", rows, "Imported")
    worker = place.background()
    _watch(place, WRITTEN, ("Imported%",), rows // 4)
    place.kill(worker)
    there = place.ask("names_with", "Imported")["rows"]
    say(f"import: killed with {there} of {rows} rows written")
    if not 0 < there < rows:
        wrong.append("the import was not killed in the middle")
    page = manager.again(place.port).send("GET", f"/data/import/{begun['uid']}/run/")
    say(f"  its page meanwhile: {page.status}")
    wrong += ["the page of the import is broken"] if page.status != 200 else []
    place.ask("let_time_pass", SILENT)
    worker = place.background()
    state = place.end_of(begun["job"])
    _until_rows(place, 0)
    say(f"  after the upkeep: {state['status']}, {state['message']}")
    if place.ask("names_with", "Imported")["rows"]:
        wrong.append("the rows of the import were not taken back")
    if state["status"] != "failed" or CUT_SHORT not in state["message"]:
        wrong.append("the user of the import is not told that it was cut short")
    page = manager.again(place.port).send("GET", f"/data/import/{begun['uid']}/run/")
    if page.status != 200 or CUT_SHORT not in page.body:
        wrong.append("its page does not say that the import was cut short")
    again = place.ask("confirm_again", begun["uid"])
    state = place.end_of(again["job"])
    found = place.ask("names_with", "Imported")
    say(f"  once more: {state['status']}, {found}")
    if state["status"] != "done" or found != {"rows": rows, "names": rows}:
        wrong.append("the import did not come in once and whole")
    place.end(worker)


def _export(place: Place, wrong: list[str]) -> None:
    place.ask("add_people", PEOPLE)
    begun = place.ask("start_list_export", "people", "xlsx")
    worker = place.background()
    _watch(place, MADE, (begun["job"].replace("-", ""),), PEOPLE // 5)
    place.kill(worker)
    state = place.ask("state_of_job", begun["job"])
    files = place.ask("left_over")["files that nobody holds"]
    say(f"export: killed after {state['done']} rows, {files} half files")
    if state["status"] != "running":
        wrong.append("the export was not killed in the middle")
    place.ask("let_time_pass", DAY)
    worker = place.background()
    state = place.end_of(begun["job"])
    say(f"  after the upkeep: {state['status']}, {state['message']}")
    if state["status"] != "failed" or CUT_SHORT not in state["message"] or state["file"]:
        wrong.append("the user of the export is not told that it was cut short")
    again = place.ask("start_list_export", "people", "xlsx")
    state = place.end_of(again["job"])
    say(f"  once more: {state['status']}, {state['done']} rows")
    if state["status"] != "done" or state["done"] != state["total"] or not state["file"]:
        wrong.append("the export was not made the second time")
    deadline = time.monotonic() + 60  # the upkeep of the files comes after that of the jobs
    while place.ask("left_over")["files that nobody holds"] and time.monotonic() < deadline:
        time.sleep(2)
    place.end(worker)


def _watch(place: Place, question: str, values: tuple[str], wanted: int) -> None:
    """Wait until the database counts so many, without loading the application each time."""
    deadline = time.monotonic() + PATIENCE
    with closing(sqlite3.connect(place.database)) as other:
        while other.execute(question, values).fetchone()[0] < wanted:
            if time.monotonic() > deadline:
                raise SystemExit(f"Nothing came of it.\n{place.words('background.log')}")
            time.sleep(0.01)


def _until_rows(place: Place, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while place.ask("names_with", "Imported")["rows"] != count and time.monotonic() < deadline:
        time.sleep(0.5)
