"""`./run bench`: each work beside its reference, in one run, as one table.

./run bench                                  everything, on the small database, on SQLite
./run bench --size 20x list search           the works whose names begin so, on the large one
./run bench --database postgresql            on a PostgreSQL of its own
./run bench --growth                         on both sizes in turn: how the times grow
./run bench --output table.md                the table as Markdown
"""

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import databases, works
from bench.measuring import (
    HEADINGS,
    WORKS,
    Result,
    Round,
    Work,
    cells,
    growth,
    growth_verdict,
    may_grow,
    shown,
    table,
)

SMALL, LARGE = "1x", "20x"


class Bench:
    """A process that measures on one database."""

    def __init__(self, size: str, address: str):
        self.size = size
        env = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "bench.settings"}
        env.setdefault("SECRET_KEY", "bench-only-" + "0123456789abcdef" * 4)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker"],
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **words: Any) -> dict[str, Any]:
        """Send one line and wait for its answer."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"The measuring process for {self.size} ended by itself.")
        return json.loads(line)

    def close(self) -> None:
        """Let it clean up and end; one that is in the middle of a round is ended."""
        assert self.process.stdin
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def measure(one: Work, benches: list[Bench]) -> list[Result]:
    """All rounds of a work, on the databases in turn."""
    results, begun = [], []
    for bench in benches:
        begun.append(bench.ask(begin=one.name))
        results.append(Result(one, [], missing=begun[-1].get("missing", "")))
    for _number in range(max(answer.get("rounds", 0) for answer in begun)):
        for bench, result in zip(benches, results, strict=True):
            if result.missing:
                continue
            done = bench.ask(round=True)
            result.missing = done.get("missing", "" if done.get("ours") else "nothing was done")
            if not result.missing:
                result.rounds.append(Round(**done))
    for bench in benches:
        bench.ask(end=True)
    return results


def chosen(prefixes: list[str], database: str) -> list[Work]:
    """The works whose names begin with one of the words; all of them without any."""
    found = [
        one
        for one in WORKS.values()
        if database in one.databases
        and (not prefixes or any(one.name.startswith(prefix) for prefix in prefixes))
    ]
    if not found:
        raise SystemExit(f"No work begins so. There are: {', '.join(sorted(WORKS))}.")
    return found


def heading(sizes: list[str], database: str, version: str) -> str:
    """When, on what and with what it was measured."""
    import django

    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, size {' and '.join(sizes)}, {version}, "
        f"Python {sys.version.split()[0]}, Django {django.__version__}, "
        f"{os.cpu_count()} cores, {memory:.0f} GiB of memory. "
        f"Load before the run: {os.getloadavg()[0]:.1f}."
        + (" Processor time." if os.environ["BENCH_CLOCK"] == "cpu" else "")
    )


def parsed(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("works", nargs="*", metavar="work", help="how the names of works begin")
    parser.add_argument("--size", default=SMALL, help="1x (50,000 meetings), 20x, or less: 0.02x")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--growth", action="store_true", help="1x and 20x in turn")
    parser.add_argument(
        "--of",
        action="append",
        metavar="ADDRESS",
        help="measure on a copy of this database, instead of an invented one that is kept; "
        "twice with --growth",
    )
    parser.add_argument(
        "--cpu",
        action="store_true",
        help="the processor's time of the measuring process, not the clock's: for SQLite, which "
        "works in it, on a machine that others use too",
    )
    parser.add_argument("--output", type=Path, help="write the table into this file too")
    parser.add_argument("--list", action="store_true", help="name the works and measure nothing")
    return parser.parse_args(args)


def main() -> int:
    asked = parsed(sys.argv[1:])
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # the copies go, too
    works.register()
    if asked.list:
        for name, one in WORKS.items():
            print(f"{name:24} {one.title}; goal {one.goal or 'none'}")
        return 0
    if asked.cpu and asked.database != "sqlite":
        raise SystemExit("PostgreSQL works in another process: its time is not counted by --cpu.")
    os.environ["BENCH_CLOCK"] = "cpu" if asked.cpu else "wall"
    wanted = chosen(asked.works, asked.database)
    sizes = [SMALL, LARGE] if asked.growth else [asked.size]
    with databases.copies(asked.database, sizes, asked.of) as (addresses, version):
        told = heading(sizes, asked.database, version)
        benches = [Bench(size, address) for size, address in zip(sizes, addresses, strict=True)]
        print(told, flush=True)
        found: list[list[Result]] = []
        with contextlib.suppress(KeyboardInterrupt):  # what was measured so far is told
            for one in wanted:
                found.append(measure(one, benches))
                print(line_of(found[-1]), flush=True)
        for bench in benches:
            bench.close()
    text = grown(found) if asked.growth else table(HEADINGS, [cells(one[0]) for one in found])
    print(f"\n{text}")
    if asked.output:
        asked.output.write_text(f"{told}\n\n{text}\n", encoding="utf-8")
    verdicts = [result.verdict for results in found for result in results]
    print(f"\n{verdicts.count('pass')} pass, {verdicts.count('fail')} fail, "
          f"{verdicts.count('void')} void.")  # fmt: skip
    return 0


def line_of(results: list[Result]) -> str:
    """One line that tells how a work went, while others still run."""
    said = [
        result.missing
        or f"{shown(result.ours())} {result.work.unit}, ratio {shown(result.ratio) or '-'} "
        f"({result.verdict})"
        for result in results
    ]
    return f"  {results[0].work.name:24} {'; '.join(said)}"


GROWTH = ("work", "unit", "ours at 1x", "ours at 20x", "growth", "may grow", "reference's growth",
          "ratio at 1x", "ratio at 20x", "goal", "at 20x", "growth is")  # fmt: skip


def grown(found: list[list[Result]]) -> str:
    """The table of how works grow from the small database to the large one."""
    rows = []
    for small, large in found:
        one = large.work
        goal = str(one.goal or "")
        if large.missing:
            rows.append([one.title, one.unit, *[""] * 7, goal, large.missing, ""])
            continue
        where = one.goal.at if one.goal else "p50"
        most = may_grow(small, large)
        bound = "" if most is None else f"≤ {most:.3g} ×"
        at_1x, ratio, other = "", "", None
        if not small.missing:
            at_1x, ratio = shown(small.ours(where)), shown(small.ratio)
            others = (small.reference(where), large.reference(where))
            other = others[1] / max(others[0], 1e-9) if others[0] and others[1] else None
        rows.append([
            one.title, one.unit, at_1x, shown(large.ours(where)), shown(growth(small, large)),
            bound, shown(other), ratio, shown(large.ratio), goal, large.verdict,
            growth_verdict(small, large),
        ])  # fmt: skip
    return table(GROWTH, rows)


if __name__ == "__main__":
    sys.exit(main())
