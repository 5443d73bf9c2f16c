"""The guards that `./run prove` takes away, one at a time, and the tests that must then turn red."""

from importlib import import_module
from typing import NamedTuple


class Guard(NamedTuple):
    """One guard: what it is, where, the text to take out, what to put there, who must notice."""

    kind: str
    what: str
    file: str
    find: str
    put: str
    tests: str


PARTS = (
    "kernel",
    "giving",
    "day",
    "lists",
    "imports",
    "exports",
    "figures",
    "settings",
    "tokens",
    "writing",
    "programs",
    "surveys",
    "maps",
    "events",
    "attendance",
)


def all_guards() -> list[Guard]:
    """Every guard of the modules beside this one."""
    return [guard for part in PARTS for guard in import_module(f"tools.guards.{part}").GUARDS]
