"""What a measurement is: works beside their references, rounds, goals and verdicts. No Django here.

A work is a function that prepares a pair of functions and yields it: ours, and the reference that
shows what the machine can do. Both are called in turn, round by round, in one process.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

ROUNDS = 5
STEADY = 2.0  # a reference that swings more than so many fold makes a run void
PASS, FAIL, VOID, NONE = "pass", "fail", "void", "-"


@dataclass(frozen=True)
class Goal:
    """What the ratio, or the value itself, has to be.

    most: ours may take so many times the reference, and `plus` more.
    least: ours reaches so many times the speed of the reference.
    within: ours is at the most so much, whatever the machine.
    """

    kind: str
    bound: float
    plus: float = 0
    at: str = "p50"

    def __str__(self) -> str:
        if self.kind == "within":
            return f"≤ {self.bound:g}"
        sign = "≤" if self.kind == "most" else "≥"
        more = f" + {self.plus:g} ms" if self.plus else ""
        where = f" ({self.at})" if self.at != "p50" else ""
        return f"{sign} {self.bound:g} ×{more}{where}"


def most(times: float, plus: float = 0, at: str = "p50") -> Goal:
    """Ours takes at the most so many times what the reference takes."""
    return Goal("most", times, plus, at)


def least(times: float, at: str = "p50") -> Goal:
    """Ours is at least so many times as fast as the reference."""
    return Goal("least", times, at=at)


def within(bound: float, at: str = "p50") -> Goal:
    """Ours is at the most so much."""
    return Goal("within", bound, at=at)


class Values(list[float]):
    """What a function returns that measured itself: the values of its round."""


@dataclass
class Pair:
    """Two functions to call in turn. Each does the work once, and its time is taken; one that
    returns Values has measured itself.
    """

    ours: Callable[[], Any]
    reference: Callable[[], Any] | None = None
    calls: int = 30  # of each in a round, at the most
    rounds: int = ROUNDS
    seconds: float = 2.5  # a round ends after so long


@dataclass(frozen=True)
class Work:
    """One row of the table."""

    name: str
    title: str
    against: str
    goal: Goal | None
    unit: str
    databases: tuple[str, ...]
    slow: bool
    grows: float | None  # at most, from the small database to the large one; see AS_REFERENCE
    prepare: Callable[[Any], Any]


AS_REFERENCE = -1.0  # a work may grow as its reference does, which reads as many rows by hand
WORKS: dict[str, Work] = {}


def work(
    name: str,
    title: str,
    against: str = "",
    goal: Goal | None = None,
    *,
    unit: str = "ms",
    databases: tuple[str, ...] = ("sqlite", "postgresql"),
    slow: bool = False,
    grows: float | None = None,
):
    """Register a generator function `(world)` that yields one Pair, and cleans up after it.

    A slow work, which takes seconds on any database, is left out of the test that runs each once.
    """

    def register(function: Callable[[Any], Iterator[Pair]]):
        if name in WORKS:
            raise ValueError(f"There is a work {name} already.")
        prepare = contextmanager(function)
        WORKS[name] = Work(name, title, against, goal, unit, databases, slow, grows, prepare)
        return function

    return register


class Unmeasurable(Exception):
    """A work whose means are not here, with the reason in words."""


@dataclass
class Round:
    """One round: the values of the reference (none where there is none), and ours."""

    ours: list[float]
    reference: list[float] = field(default_factory=list)


CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def timed(function: Callable[[], Any], clock: str = "") -> list[float]:
    """The milliseconds of one call, or what the function itself measured."""
    now = CLOCKS[clock or os.environ.get("BENCH_CLOCK", "wall")]
    began = now()
    told = function()
    taken = 1_000 * (now() - began)
    return list(told) if isinstance(told, Values) else [taken]


def one_round(pair: Pair, once: bool = False) -> Round:
    """A round of both functions, call by call in turn, so that what else the machine does meets
    both alike. It ends after `calls`, or `seconds`; with `once` after the first of each.
    """
    done, calls = Round([]), 1 if once else pair.calls
    end = time.perf_counter() + pair.seconds
    for number in range(calls):
        if number and time.perf_counter() >= end:
            break
        if pair.reference:
            done.reference += timed(pair.reference)
        before = len(done.ours)
        done.ours += timed(pair.ours)
        if len(done.ours) - before != 1:  # it measured a whole round by itself
            break
    return done


def at(values: list[float], share: float) -> float:
    """The value that so large a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


SHARES = {"p50": 0.5, "p95": 0.95, "worst": 1.0}


@dataclass
class Result:
    """All rounds of one work."""

    work: Work
    rounds: list[Round]
    missing: str = ""  # why it could not be measured

    def ours(self, where: str = "p50") -> float:
        """The median of the rounds, of their median, 95th percentile or worst value."""
        return statistics.median(at(r.ours, SHARES[where]) for r in self.rounds)

    def references(self, where: str = "p50") -> list[float]:
        return [at(r.reference, SHARES[where]) for r in self.rounds if r.reference]

    def reference(self, where: str = "p50") -> float | None:
        found = self.references(where)
        return statistics.median(found) if found else None

    @property
    def ratio(self) -> float | None:
        """The median of the rounds' ratios, ours to the reference or the other way, as the goal
        says it; None without a reference.
        """
        goal = self.work.goal
        where = goal.at if goal else "p50"
        found = []
        for one in self.rounds:
            if one.reference:
                ours, other = at(one.ours, SHARES[where]), at(one.reference, SHARES[where])
                is_speed = goal is not None and goal.kind == "least"
                found.append(other / max(ours, 1e-9) if is_speed else ours / max(other, 1e-9))
        return statistics.median(found) if found else None

    @property
    def swing(self) -> float:
        """How many times the slowest round of the reference took what its quickest took."""
        found = self.references(self.work.goal.at if self.work.goal else "p50")
        return max(found) / max(min(found), 1e-9) if found else 1.0

    @property
    def verdict(self) -> str:
        goal = self.work.goal
        if self.missing or goal is None:
            return NONE
        if goal.kind == "within":
            return PASS if self.ours(goal.at) <= goal.bound else FAIL
        if self.swing > STEADY:
            return VOID
        reference, ratio = self.reference(goal.at), self.ratio
        if reference is None or ratio is None:
            return NONE
        if goal.kind == "least":
            return PASS if ratio >= goal.bound else FAIL
        bound = goal.bound + goal.plus / max(reference, 1e-9)
        return PASS if ratio <= bound else FAIL


def growth(small: Result, large: Result) -> float | None:
    """How many times the large database takes what the small one takes; None of nothing."""
    if small.missing or large.missing:
        return None
    where = large.work.goal.at if large.work.goal else "p50"
    before = small.ours(where)
    return large.ours(where) / before if before > 1e-6 else None


def may_grow(small: Result, large: Result) -> float | None:
    """How many times as long as the small database the large one may take; None: no bound."""
    if large.work.grows != AS_REFERENCE:
        return large.work.grows
    if small.missing or large.missing:
        return None
    where = large.work.goal.at if large.work.goal else "p50"
    before, now = (one.reference(where) for one in (small, large))
    return now / before if before and now else None


def growth_verdict(small: Result, large: Result) -> str:
    """Whether it grows as little as it should; void where a reference was not steady."""
    grown, bound = growth(small, large), may_grow(small, large)
    if grown is None or bound is None:
        return NONE
    if VOID in (small.verdict, large.verdict):
        return VOID
    return PASS if grown <= bound else FAIL


def shown(value: float | None) -> str:
    """A number with three digits that count."""
    if value is None:
        return ""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


HEADINGS = (
    "work",
    "reference",
    "unit",
    "reference p50",
    "ours p50",
    "ours p95",
    "ratio",
    "goal",
    "",
)


def cells(result: Result) -> list[str]:
    """The cells of one row, by HEADINGS."""
    one = result.work
    goal = str(one.goal) if one.goal else ""
    if result.missing:
        return [one.title, one.against, one.unit, "", "", "", "", goal, result.missing]
    verdict = result.verdict
    if verdict == VOID:
        verdict = f"void: the reference swung {result.swing:.1f} ×"
    numbers = (result.reference(), result.ours(), result.ours("p95"), result.ratio)
    return [one.title, one.against, one.unit, *map(shown, numbers), goal, verdict]


def table(headings: tuple[str, ...], rows: list[list[str]]) -> str:
    """A table in Markdown, its columns padded so that it reads well as text too."""
    widths = [max(len(row[n]) for row in [list(headings), *rows]) for n in range(len(headings))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in [list(headings), *rows]
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
