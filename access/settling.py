"""Columns that follow from other rows: home and reach, last contact, the stage of today.

Commands never write them. At the end of each run, every function registered here gets the rows that
the run touched, and sets right what follows from them: the same for a page, an import and an undo.
"""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from itertools import batched

from django.apps import apps
from django.db import connection
from django.db.models import Max

from access import bulk
from access.among import ByValues
from access.indexing import reindexed
from access.recording import BATCH, Touched

FEW = 20  # rows that each get a statement of their own, put together once

_SETTLERS: list[Callable[[Touched], None]] = []


def settles(function: Callable[[Touched], None]) -> Callable[[Touched], None]:
    """Register a function that sets derived columns right.

    They run in the order of registration.
    """
    _SETTLERS.append(function)
    return function


def settle(touched: Touched) -> None:
    """Set right all that follows from the touched rows."""
    for function in _SETTLERS:
        function(touched)


def every(model):
    """All rows of a model, for upkeep only: what it returns never reaches a response."""
    return model._base_manager.all()


def looked_up(
    model, by: str, values: Collection, *columns: str, order=(), most: str = "", **filters
) -> list[tuple]:
    """The columns of all rows that hold one of the values in `by`, for upkeep only, as `every`;
    with `most`, each combination once, and the greatest value of that column beside it.

    The statement is put together once: `filters` are the same at each place that asks.
    """
    if not values:
        return []
    same = tuple(sorted(filters.items()))
    return _statement(connection.vendor, model, by, columns, order, most, same).of(values)


@cache
def _statement(_vendor: str, model, by: str, columns, order, most: str, filters) -> ByValues:
    rows = every(model).filter(**dict(filters)).order_by(*order).values_list(*columns)
    return ByValues(rows.annotate(most=Max(most)) if most else rows, by)


def slices(ids: Iterable[int]) -> Iterable[tuple[int, ...]]:
    """The ids in slices small enough for one statement."""
    return batched(sorted(ids), BATCH // 2)


def write(model, values: dict[int, dict], known: dict[int, tuple] | None = None) -> set[int]:
    """Set derived columns by row id, where they differ. Returns the ids of rows that changed.

    `known` holds what is stored in these columns, for who has read it in this transaction.
    """
    changed = set()
    for ids in slices(values):
        names = list(next(iter(values.values())))
        stored = known
        if stored is None:
            stored = {row[0]: row[1:] for row in looked_up(model, "pk", ids, "pk", *names)}
        groups: dict[tuple, list[int]] = {}
        for pk in ids:
            new = tuple(values[pk].values())
            if pk in stored and stored[pk] != new:
                groups.setdefault(new, []).append(pk)
        if not groups:
            continue
        written = [pk for pks in groups.values() for pk in pks]
        with reindexed(model, written, names):
            if len(written) <= FEW or len(groups) > FEW:
                bulk.update(model, names, {pk: new for new, pks in groups.items() for pk in pks})
            else:
                for new, pks in groups.items():
                    every(model).filter(pk__in=pks).update(**dict(zip(names, new, strict=True)))
        changed.update(written)
    return changed


def write_reach(model, states: dict[int, set[int]], made: Collection[int] = ()) -> set[int]:
    """Set the Reach rows of each row id to these states. Returns the ids of rows that changed.

    Those that the run `made` reach nowhere yet.
    """
    Reach = apps.get_model("access", "Reach")
    kind = model._meta.model_name
    changed = set()
    for ids in slices(states):
        stored: dict[int, set[int]] = {pk: set() for pk in ids}
        older = [pk for pk in ids if pk not in made]
        for row_id, state_id in looked_up(Reach, "row_id", older, "row_id", "state_id", kind=kind):
            stored[row_id].add(state_id)
        new = []
        for pk in ids:
            if gone := stored[pk] - states[pk]:
                Reach.objects.filter(kind=kind, row_id=pk, state_id__in=gone).delete()
            new += [
                Reach(kind=kind, row_id=pk, state_id=s) for s in sorted(states[pk] - stored[pk])
            ]
            if stored[pk] != states[pk]:
                changed.add(pk)
        if new:
            bulk.insert(Reach, new)
    return changed


def newest(model, by: str, ids: Iterable[int], *order: str, **filters) -> dict[int, object]:
    """The newest row per parent id, by the given order: {parent id: row}."""
    last: dict[int, object] = {}
    for some in slices(ids):
        rows = every(model).filter(**{f"{by}__in": some}, **filters)
        for row in rows.order_by(by, *order):
            last[getattr(row, by)] = row
    return last
