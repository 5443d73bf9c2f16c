"""Runs the scripts: `python -m bench.faults NAME`."""

import importlib
import signal
import sys

from bench.faults.place import say

SCRIPTS = {
    "crowd": "50 users log meetings at once: in line, beside SQLite's own waiting",
    "kills": "the web server is killed again and again while meetings are logged",
    "syncs": "what reaches the disk before the answer, seen by strace",
    "refusals": "a full disk, and a lock that somebody else holds",
    "postgres": "PostgreSQL is killed again and again while meetings are logged",
    "worker": "the background process is killed in the middle of an import and an export",
    "neighbours": "pages of others while a long import and a long export run",
    "locks": "how long bulk changes, hand-over, import and undo keep others from writing",
}


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in SCRIPTS:
        for name, told in SCRIPTS.items():
            say(f"  {name:12}{told}")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that all it started ends with it
    return importlib.import_module(f"bench.faults.{sys.argv[1]}").main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
