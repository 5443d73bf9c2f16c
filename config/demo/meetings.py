"""What organizers wrote down after a meeting, what comes next, and how it ended: all invented."""

import csv
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Summary:
    """A text with the places {who}, {org} and {place}; codes are those of config/defaults."""

    kind: str
    language: str
    focus_area: str
    text: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """An invented interaction, without its day: `outcome` and `focus_area` may be empty."""

    kind: str
    summary: str
    outcome: str
    focus_area: str
    minutes: int | None
    where: str
    next_step: str
    language: str


_PLACES_TO_MEET = {
    "en": (
        "the branch library", "the school cafeteria", "the community center", "the union hall",
        "the corner bakery", "the recreation center", "the museum café", "the fairgrounds",
        "the public garden", "the high school gym", "the town hall annex", "the farmers' market",
    ),
    "es": (
        "la biblioteca del barrio", "el comedor de la escuela", "el centro comunitario",
        "la panadería de la esquina", "el local del sindicato", "el jardín público",
    ),
}  # fmt: skip

# How often each kind happens, and its usual minutes.
_KINDS: dict[str, tuple[int, tuple[int, ...]]] = {
    "meeting": (28, (30, 45, 60, 60, 90)),
    "one-to-one": (22, (20, 30, 45, 60)),
    "call": (18, (5, 10, 15, 20)),
    "e-mail": (12, ()),
    "text": (6, ()),
    "site-visit": (7, (45, 60, 90, 120)),
    "event": (5, (90, 120, 180)),
    "other": (2, ()),
}

# An outcome fits its text: the first that is found, else "met" where people spoke.
_OUTCOMES = {
    "rescheduled": re.compile(r"moved to|se cambia a|come back with|: later"),
    "declined": re.compile(r"will stay out|prefer a call|Promised not to press"),
    "agreed": re.compile(
        r"[Aa]greed (on|to)|: yes|is in for|was yes|settled|Confirmed|confirma|que sí|Quedamos"
    ),
}
_WRITTEN = ("e-mail", "text", "other")

_NOT_REACHED = {
    "left-message": {
        "en": ("Left {who} a message.", "Message on the machine of {org}; asked for a call back."),
        "es": ("Le dejé un mensaje a {who}.",),
    },
    "no-answer": {
        "en": ("No answer at {org}.", "Tried {who} twice, no answer."),
        "es": ("Nadie contestó en {org}.",),
    },
}


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def summaries(kind: str = "", language: str = "") -> tuple[Summary, ...]:
    """All texts, or those of a kind of interaction and a language."""
    return tuple(
        Summary(**row)
        for row in _rows("summaries.csv")
        if kind in ("", row["kind"]) and language in ("", row["language"])
    )


@cache
def next_steps(language: str = "en") -> tuple[str, ...]:
    """Short lines that say what the organizer will do next."""
    return tuple(row["text"] for row in _rows("next_steps.csv") if row["language"] == language)


@cache
def follow_ups(language: str = "en") -> tuple[str, ...]:
    """Titles of follow-ups, with the places {who} and {org}."""
    return tuple(row["text"] for row in _rows("follow_ups.csv") if row["language"] == language)


def meeting(rng: Random, who: str, org: str, *, kind: str = "", language: str = "en") -> Meeting:
    """An invented interaction with this person of this organization."""
    kind = kind or rng.choices(list(_KINDS), [weight for weight, _minutes in _KINDS.values()])[0]
    minutes = _KINDS[kind][1]
    if kind == "call" and rng.random() < 0.3:
        outcome = rng.choice(tuple(_NOT_REACHED))
        text = rng.choice(_NOT_REACHED[outcome][language]).format(who=who, org=org)
        return Meeting(kind, text, outcome, "", None, "", "", language)
    chosen = rng.choice(summaries(kind, language) or summaries(kind, "en"))
    where = rng.choice(_PLACES_TO_MEET[chosen.language])
    return Meeting(
        kind=kind,
        summary=chosen.text.format(who=who, org=org, place=where),
        outcome=_outcome(chosen),
        focus_area=chosen.focus_area,
        minutes=rng.choice(minutes) if minutes and rng.random() < 0.7 else None,
        where=where if "{place}" in chosen.text and kind not in ("call", "e-mail", "text") else "",
        next_step=rng.choice(next_steps(chosen.language)) if rng.random() < 0.45 else "",
        language=chosen.language,
    )


def _outcome(summary: Summary) -> str:
    for outcome, said in _OUTCOMES.items():
        if said.search(summary.text):
            return outcome
    return "" if summary.kind in _WRITTEN else "met"


def follow_up(rng: Random, who: str, org: str, language: str = "en") -> str:
    """The title of a follow-up about this person or organization."""
    return rng.choice(follow_ups(language)).format(who=who, org=org)


def days_of_contact(rng: Random, start: date, end: date, every: int) -> list[date]:
    """Weekdays from start to end, about so many days apart, sometimes with a long pause."""
    days, day = [], start + timedelta(days=rng.randrange(0, max(every, 1)))
    while day <= end:
        weekday = day - timedelta(days=max(0, day.weekday() - 4))
        if weekday >= start and weekday not in days:
            days.append(weekday)
        pause = 3 if rng.random() < 0.08 else 1
        day += timedelta(days=max(1, round(every * pause * rng.uniform(0.4, 1.6))))
    return days
