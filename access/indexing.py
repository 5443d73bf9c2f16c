"""Indexes beside the tables: told of each value before it goes and after it came.

Every way of writing a row passes here: a command, an import, settling, deleting, undo.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Index:
    """An index over one column, on every model that has it.

    Both functions get a model and ids, while the rows are stored as they were, or as they are now.
    """

    column: str
    leave: Callable[[Any, Iterable[int]], None]
    enter: Callable[[Any, Iterable[int]], None]


_INDEXES: list[Index] = []


def indexes(column: str, *, leave, enter) -> None:
    """Register an index over a column."""
    _INDEXES.append(Index(column, leave, enter))
    _indexes_of.cache_clear()


@contextmanager
def reindexed(model, ids: Iterable[int], names: Iterable[str] = ()) -> Iterator[None]:
    """Around a statement that writes these columns of rows, or all of them when none are named."""
    kept, ids = _over(model, names), list(ids)
    for index in kept:
        index.leave(model, ids)
    try:
        yield
    finally:  # a statement that was refused left the rows as they were
        for index in kept:
            index.enter(model, ids)


def entered(model, ids: Iterable[int]) -> None:
    """After new rows were written."""
    ids = list(ids)
    for index in _over(model):
        index.enter(model, ids)


def _over(model, names: Iterable[str] = ()) -> list[Index]:
    names = set(names)
    return [i for i in _indexes_of(model) if not names or i.column in names]


@cache
def _indexes_of(model) -> list[Index]:
    has = {field.name for field in model._meta.concrete_fields}
    return [index for index in _INDEXES if index.column in has]
