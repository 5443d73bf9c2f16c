"""What reaches the disk before the answer goes out, as strace sees it (SQLite).

    python -m bench.faults syncs [--posts 50]

In every thread of the web server, between the last write to the write-ahead log and the answer that
a meeting is saved, the log must have been synced: then a power cut takes nothing acknowledged.
"""

import argparse
import random
import re
import shutil
from collections import Counter
from pathlib import Path

from bench.faults.people import Browser, meeting
from bench.faults.place import Place, say

CALLS = "trace=fsync,fdatasync,pwrite64,pwritev,write,sendto,sendmsg"
LINE = re.compile(r"^(?P<thread>\d+) +(?P<call>\w+)\((?P<rest>.*)$")
SAVED = "HTTP/1.1 302"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="syncs", description=__doc__)
    parser.add_argument("--posts", type=int, default=50)
    asked = parser.parse_args(arguments)
    if not shutil.which("strace"):
        say("VOID: strace is not installed.")
        return 2
    with Place() as place:
        told, trace = place.fill(), place.folder / "trace"
        server = place.serve(("strace", "-f", "-y", "-s", "40", "-e", CALLS, "-o", str(trace)))
        chance = random.Random(8)
        browser = Browser(place.port, told["sessions"][0])
        saved = Counter(
            browser.send("POST", "/log/", meeting(told, chance)).status for _n in range(asked.posts)
        )
        place.end(server)
        counts = read(trace)
    for name, number in counts.items():
        say(f"  {name}: {number}")
    if saved != {302: asked.posts} or counts["answers"] != asked.posts:
        say(f"VOID: the answers were {dict(saved)}.")
        return 2
    whole = counts["answers after a sync"] == counts["answers"]
    say("PASS: every answer came after its sync" if whole else "FAIL: answers without a sync")
    return 0 if whole else 1


def read(trace: Path) -> Counter:
    """How many answers there were, and how many of them came after a sync of the log."""
    written: dict[str, bool] = {}  # by thread: whether its last write to the log is synced
    counts = Counter({"answers": 0, "answers after a sync": 0, "syncs of the log": 0})
    for line in trace.read_text(errors="replace").splitlines():
        if not (found := LINE.match(line)):
            continue
        thread, call, rest = found["thread"], found["call"], found["rest"]
        if call.startswith("pwrite") and "-wal>" in rest:
            written[thread] = False
        elif call in ("fsync", "fdatasync") and "-wal>" in rest:
            counts["syncs of the log"] += 1
            written[thread] = thread in written and " = -1" not in rest
        elif SAVED in rest:
            counts["answers"] += 1
            counts["answers after a sync"] += written.pop(thread, False)
    return counts
