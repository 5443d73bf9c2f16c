"""50 users log meetings at once: standing in line, beside SQLite's own way of waiting.

    python -m bench.faults crowd [--rounds 5] [--seconds 12]

The same server is started in turn with SQLITE_TURNS on and off; each logs through the whole
product, with rights, history, audit log and settling. Goals, medians over the rounds: flat out, p99
at most a quarter of that of SQLite's waiting; with pauses of a second, p95 at most five times that
of one user alone. Void when the reference swings more than twofold.
"""

import argparse
from collections import Counter
from statistics import median

from bench.faults.people import Crowd, share
from bench.faults.place import USERS, Place, say

QUARTER, FIVE = 0.25, 5.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="crowd", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=12)
    asked = parser.parse_args(arguments)
    runs: dict[str, list[dict]] = {"in line": [], "SQLite's waiting": []}
    with Place() as place:
        told = place.fill()
        for number in range(asked.rounds):
            for name, turns in (("in line", "1"), ("SQLite's waiting", "0")):
                server = place.serve(SQLITE_TURNS=turns)
                runs[name].append(_round(place.port, told, asked.seconds))
                place.end(server)
                say(f"round {number + 1}, {name}: {_in_words(runs[name][-1])}")
    return _verdict(runs)


def _round(port: int, told: dict, seconds: float) -> dict:
    """p95 and p99 in milliseconds of one user, of all flat out, and of all with pauses."""
    Crowd(port, told, USERS).work(3)  # every thread has its connection, every module is loaded
    found = {}
    for name, count, pause in (("one", 1, 0.0), ("all", USERS, 0.0), ("paused", USERS, 1.0)):
        sent = Crowd(port, told, count, pause).work(seconds if count > 1 else seconds / 3)
        took = [one.answers[0].seconds * 1000 for one in sent if one.acknowledged]
        other = Counter(a.status for one in sent for a in one.answers if a.status != 302)
        found[name] = {
            "per second": len(took) / seconds * (1 if count > 1 else 3),
            "p50": share(took, 0.5),
            "p95": share(took, 0.95),
            "p99": share(took, 0.99),
            "refused": sum(other.values()),
        }
    return found


def _in_words(found: dict) -> str:
    return "; ".join(
        f"{name} {it['per second']:.0f}/s, p50 {it['p50']:.0f}, p95 {it['p95']:.0f}, "
        f"p99 {it['p99']:.0f} ms, {it['refused']} refused"
        for name, it in found.items()
    )


def _verdict(runs: dict[str, list[dict]]) -> int:
    ours, theirs = runs["in line"], runs["SQLite's waiting"]
    references = [it["one"]["p95"] for it in ours]
    reference = [it["all"]["p99"] for it in theirs]
    flat_out = median(a["all"]["p99"] / b["all"]["p99"] for a, b in zip(ours, theirs, strict=True))
    paused = median(it["paused"]["p95"] / it["one"]["p95"] for it in ours)
    say(f"flat out: p99 {flat_out:.2f} of that of SQLite's waiting (goal {QUARTER})")
    say(f"with pauses: p95 {paused:.1f} times that of one user (goal {FIVE:.0f})")
    if max(reference) > 2 * min(reference) or max(references) > 2 * min(references):
        say(f"VOID: the references swing: {reference} and {references}")
        return 2
    held = flat_out <= QUARTER and paused <= FIVE
    say("PASS" if held else "FAIL: a goal is not reached")
    return 0 if held else 1
