"""Columns that follow from other rows: home and reach, last contact, the stage of today.

Commands never write them. At the end of each run, every function registered here gets the rows that
the run touched, and sets right what follows from them: the same for a page, an import and an undo.
"""

from collections.abc import Callable, Iterable
from itertools import batched

from django.apps import apps

from access import bulk
from access.indexing import reindexed
from access.recording import BATCH, Touched

FEW = 4  # statements of the same values; of more, each row gets its own

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
            rows = every(model).filter(pk__among=ids).values_list("pk", *names)
            stored = {row[0]: row[1:] for row in rows}
        groups: dict[tuple, list[int]] = {}
        for pk in ids:
            new = tuple(values[pk].values())
            if pk in stored and stored[pk] != new:
                groups.setdefault(new, []).append(pk)
        written = [pk for pks in groups.values() for pk in pks]
        with reindexed(model, written, names):
            if len(groups) > FEW:
                bulk.update(model, names, {pk: new for new, pks in groups.items() for pk in pks})
            else:
                for new, pks in groups.items():
                    every(model).filter(pk__in=pks).update(**dict(zip(names, new, strict=True)))
        changed.update(written)
    return changed


def write_reach(model, states: dict[int, set[int]]) -> set[int]:
    """Set the Reach rows of each row id to these states. Returns the ids of rows that changed."""
    Reach = apps.get_model("access", "Reach")
    kind = model._meta.model_name
    changed = set()
    for ids in slices(states):
        stored: dict[int, set[int]] = {pk: set() for pk in ids}
        there = Reach.objects.filter(kind=kind, row_id__among=ids)
        for row_id, state_id in there.values_list("row_id", "state_id"):
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
        Reach.objects.bulk_create(new)
    return changed


def newest(model, by: str, ids: Iterable[int], *order: str, **filters) -> dict[int, object]:
    """The newest row per parent id, by the given order: {parent id: row}."""
    found: dict[int, object] = {}
    for some in slices(ids):
        rows = every(model).filter(**{f"{by}__in": some}, **filters)
        for row in rows.order_by(by, *order):
            found[getattr(row, by)] = row
    return found
