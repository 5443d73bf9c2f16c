"""How long bulk changes, import, undo, hand-over, merging and upkeep keep others from writing.

    python -m bench.faults locks [--database COPY.sqlite3] [--rows 2000]

Each work is run by itself on a copy of the database (else on some invented partners), with a watch
on every turn to write. Goal: none holds it for longer than a second and a half at a time, so that
whoever logs a meeting meanwhile does not notice.
"""

import argparse
from pathlib import Path

from bench.faults.place import Place, say

GOAL = 1.5  # seconds


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="locks", description=__doc__)
    parser.add_argument("--database", type=Path)
    parser.add_argument("--rows", type=int, default=2_000)
    asked = parser.parse_args(arguments)
    with Place() as place:
        if asked.database:
            place.copy_of(asked.database)
        else:
            place.fill()
            place.ask("add_people", 5_000)
        found = place.ask("longest_turns", asked.rows)
    say("work                 seconds  turns  longest turn  of")
    for it in found:
        numbers = f"{it['seconds']:7.1f}{it['turns']:7}{it['longest']:12.2f} s"
        say(f"{it['work']:20}{numbers}  {it['of']}")
    late = [it["work"] for it in found if it["longest"] > GOAL]
    say("FAIL: too long: " + ", ".join(late) if late else "PASS: nobody waits long")
    return 1 if late else 0
