"""Undo: put back exactly what a run changed, in reverse, and name what was changed since."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import batched, groupby
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from access import audit, registers
from access.commands import command_named
from access.deleting import DAYS, deletions, may_bring_back
from access.models import Change, Run
from access.recording import Refused, Stale, running
from access.records import Record
from access.roles import Action
from access.settling import every, slices

HOURS = 24  # for what one person did; DAYS for deletions, imports and merges
LONG = frozenset({"ImportList", "Merge"})
SLICE = 500


@dataclass(frozen=True)
class Undone:
    """What an undo did: its own run, how many rows it put back, and what it had to leave."""

    run: Run
    restored: int
    left: tuple[str, ...]  # names of rows that were changed since, as far as the actor may see them
    left_unseen: int = 0
    rows: int = 0  # of what was put back, those that are no part or link of another row

    @property
    def stayed(self) -> int:
        """How many rows stayed as they are."""
        return len(self.left) + self.left_unseen


def may_undo(actor, run: Run) -> bool:
    """Whether this actor may take back this run now."""
    if run.status != Run.Status.DONE or run.undoes_id or run.command == "Undo":
        return False
    if not run.changes.exists():
        return False  # it did something that no row of ours holds, such as signing somebody out
    if run.command in deletions():
        return may_bring_back(actor, run)
    long = run.command in LONG
    if run.at < timezone.now() - (timedelta(days=DAYS) if long else timedelta(hours=HOURS)):
        return False
    if not _may_still(actor, run.command):
        return False
    return run.user_id == actor.user_id or (long and sees_some(actor, run))


def sees_some(actor, run: Run) -> bool:
    """Whether the actor sees some of what a run wrote; else she is not told that there was one."""
    if actor.everywhere:
        return True
    for table in run.changes.order_by().values_list("table", flat=True).distinct():
        model = apps.get_model(table)
        uids = run.changes.filter(table=table).values("row_uid")
        if not _hangs(model) and model.objects.visible_to(actor).filter(uid__in=uids).exists():
            return True
    return False


def _may_still(actor, name: str) -> bool:
    """Whether the actor's role of today may do what the run did: who lost a right has lost its
    undo.
    """
    if name in LONG:
        return actor.may(Action.IMPORT)
    command = command_named(name)
    return command is not None and actor.may(command.action)


def undo(actor, run: Run) -> Undone:
    """Take back a run. Raises PermissionDenied, or Refused when none of it can be taken back."""
    if not may_undo(actor, run):
        if run.status == Run.Status.UNDONE:
            raise Refused(_("This was already undone."))
        raise PermissionDenied
    return _take_back(actor, run)


@dataclass(frozen=True)
class Foreseen:
    """What an undo would do now: the changes it would take back, and what it would leave."""

    changes: list[Change]
    left: tuple[str, ...]
    left_unseen: int


def foreseen(actor, run: Run) -> Foreseen:
    """What `undo` would take back, and what it would leave because it was changed since."""
    changes = list(run.changes.order_by("pk"))
    kept = _Kept(actor, changes)
    doing = [c for c in changes if (c.table, c.row_id) not in kept.rows]
    is_own = run.user_id == actor.user_id
    return Foreseen(doing, tuple(kept.names), kept.unseen if is_own else 0)


def undo_broken(actor, run: Run) -> Undone:
    """Take back what an interrupted run left (tick, with the system actor)."""
    return _take_back(actor, run)


def _take_back(actor, run: Run) -> Undone:
    changes = list(run.changes.order_by("pk"))
    command = command_named(run.command)
    beyond_sight = command is not None and command.beyond_sight
    kept = _Kept(actor, changes, beyond_sight)
    doing = [c for c in reversed(changes) if (c.table, c.row_id) not in kept.rows]
    own = Run.objects.filter(
        undoes=run, status=Run.Status.OPEN
    ).first()  # it was interrupted itself
    if changes and not doing and own is None:
        raise Refused(_left_sentence(kept))
    own = own or Run(
        command="Undo",
        user_id=actor.user_id,
        reason=actor.reason,
        subject=run.subject,
        undoes=run,
        status=Run.Status.OPEN,
    )
    try:
        if own.pk is None:  # one that goes on may be done by another request by now
            own.save()
        _put_all_back(actor, run, own, doing, beyond_sight)
    except (IntegrityError, Refused) as error:
        if own.pk:
            Run.objects.filter(pk=own.pk, changes__isnull=True).delete()
        if isinstance(error, Refused):
            raise
        raise Refused(
            _("Not undone: something that it needs is not there any more, or was undone already.")
        ) from error
    back = {(c.table, c.row_id) for c in doing}
    whole = {table for table, _id in back if not _hangs(apps.get_model(table))}
    rows = sum(table in whole for table, _id in back)
    return Undone(own, len(back), tuple(kept.names), kept.told_unseen(run), rows or len(back))


def _hangs(model) -> bool:
    """Whether rows of the model are parts or links of others."""
    return bool(model.part_of or model.seen_through)


def _put_all_back(actor, run: Run, own: Run, doing: list[Change], beyond_sight: bool) -> None:
    """The last slice also says that it is done: whoever finds all rows back, but nobody done with
    it, would take that for an undo that was interrupted, and be done with it a second time.
    """
    visited: set[tuple[str, int]] = set()
    slices = list(batched(doing, SLICE)) or [()]
    for number, some in enumerate(slices, 1):
        with running("Undo", actor, run=own) as work:
            _still_as_left(some, visited)
            for (table, kind), group in groupby(some, key=lambda c: (c.table, _kind(c))):
                _put_back(work, apps.get_model(table), kind, list(group))
            work.finish()
            if not beyond_sight:
                _still_seen(actor, some)
            if number == len(slices):
                Run.objects.filter(pk=run.pk).update(status=Run.Status.UNDONE)
                Run.objects.filter(pk=own.pk).update(status=Run.Status.DONE)
                count = len({change.row_id for change in doing})
                audit.record("Undo", actor, row=run.subject, run=own, count=count)


def _still_seen(actor, changes: Iterable[Change]) -> None:
    """Raise Refused when a row would come back where the actor cannot see it now."""
    back: dict[str, set[int]] = defaultdict(set)
    gone: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        (gone if _kind(change) == "added" else back)[change.table].add(change.row_id)
    for table, found in back.items():
        model, ids = apps.get_model(table), found - gone[table]
        if _hangs(model):
            continue  # seen as its parents are, which the run touched too
        if model.objects.visible_to(actor).filter(pk__in=ids).count() != len(ids):
            raise Refused(_("Not undone: it would put rows where you cannot see them."))


def _still_as_left(changes: Iterable[Change], visited: set[tuple[str, int]]) -> None:
    """Lock the rows of a slice and raise Stale if one was changed since the undo began."""
    fresh: dict[str, dict[int, Change]] = defaultdict(dict)
    for change in changes:
        if (change.table, change.row_id) not in visited:
            visited.add((change.table, change.row_id))
            fresh[change.table][change.row_id] = change
    for table, found in fresh.items():
        rows = every(apps.get_model(table)).filter(pk__in=found).select_for_update()
        stored = dict(rows.values_list("pk", "revision"))
        for pk, change in found.items():
            expected = None if change.before and not change.after else change.revision
            if stored.get(pk) != expected:
                raise Stale


def _left_sentence(kept: "_Kept") -> str:
    if kept.names:
        names = ", ".join(kept.names[:5])
        return _("Not undone: %(names)s changed since. Nothing was taken back.") % {"names": names}
    return _("Not undone: what it wrote was changed since. Nothing was taken back.")


def _kind(change: Change) -> str:
    if change.before:
        return "changed" if change.after else "deleted"
    return "added" if change.after else "counted"


def _put_back(work, model, kind: str, changes: list[Change]) -> None:
    """Put back changes of one kind to rows of one table, newest first."""
    if kind == "added":
        rows = every(model).filter(pk__in=[c.row_id for c in changes])
        work.remove_many(model, list(rows))
    elif kind == "deleted":  # bring them back, id and uid too
        rows = [model(**_values(model, c.before) | {"revision": c.revision + 1}) for c in changes]
        work.restore_many(model, rows)
    else:
        rows_by_id = {
            row.pk: row for row in every(model).filter(pk__in=[c.row_id for c in changes])
        }
        for change in changes:
            row = rows_by_id[change.row_id]
            for name, value in _values(model, change.before).items():
                setattr(row, name, value)
            if kind == "counted":  # only its revision counted: its parts or links changed
                work.bump(row)
            else:
                work.change(row)


def _values(model, stored: dict) -> dict:
    """Stored JSON values as Python values, by attribute name.

    Columns that are gone are left out.
    """
    by_name = {f.attname: f for f in model._meta.concrete_fields}
    found = {}
    for name, value in stored.items():
        if name in by_name:
            found[name] = by_name[name].to_python(value)
    return found


class _Kept:
    """The rows of a run that undo must leave: changed since, hanging on such, or held by others."""

    def __init__(self, actor, changes: list[Change], beyond_sight: bool = False):
        self.actor, self.beyond_sight = actor, beyond_sight
        self.rows: set[tuple[str, int]] = set()
        self.names: list[str] = []
        self.unseen = 0
        last: dict[tuple[str, int], Change] = {}
        added: dict[str, set[int]] = defaultdict(set)
        turned: set[tuple[str, int, str]] = set()  # columns that the undo puts back
        for change in changes:
            last[change.table, change.row_id] = change
            if change.after:
                turned.update((change.table, change.row_id, name) for name in change.before)
            if not change.before and change.after:
                added[change.table].add(change.row_id)
        self._changed_since(last)
        self._held_by_others(last, added, turned)
        self._without_a_parent(last)
        self._parts_of_kept(last)

    def told_unseen(self, run: Run) -> int:
        """How many hidden rows stay, for who wrote them; of others' rows no number is told."""
        return self.unseen if run.user_id == self.actor.user_id else 0

    def _changed_since(self, last: dict) -> None:
        by_table: dict[str, list[Change]] = defaultdict(list)
        for change in last.values():
            by_table[change.table].append(change)
        for table, found in by_table.items():
            model = apps.get_model(table)
            stored: dict[int, int] = {}
            seen: set[int] = set()
            for ids in slices(c.row_id for c in found):
                stored.update(every(model).filter(pk__in=ids).values_list("pk", "revision"))
                seen.update(
                    model.objects.visible_to(self.actor)
                    .filter(pk__in=ids)
                    .values_list("pk", flat=True)
                )
            for change in found:
                is_deleted = bool(change.before) and not change.after
                if is_deleted:
                    if change.row_id in stored:
                        self._keep(change, change.row_id in seen)
                elif stored.get(change.row_id) != change.revision or not (
                    self.beyond_sight or change.row_id in seen
                ):
                    self._keep(change, change.row_id in seen)

    def _held_by_others(
        self, last: dict, added: dict[str, set[int]], turned: set[tuple[str, int, str]]
    ) -> None:
        """A row that the run added stays when rows outside the run point at it, and rows that it
        turned to it and that stay as they are.
        """
        for table, ids in added.items():
            model = apps.get_model(table)
            for other in apps.get_models():
                if not issubclass(other, Record) or other._meta.abstract:
                    continue
                for key in other._meta.concrete_fields:
                    if not key.is_relation or key.related_model is not model:
                        continue
                    label = other._meta.label_lower
                    ours = added.get(label, set())
                    for some in slices(ids):
                        held = every(other).filter(**{f"{key.attname}__in": some})
                        for pk, target in held.values_list("pk", key.attname):
                            goes_back = (label, pk, key.attname) in turned
                            goes_back = goes_back and (label, pk) not in self.rows
                            if pk not in ours and not goes_back:
                                self._keep(last[table, target], True)

    def _without_a_parent(self, last: dict) -> None:
        """A row that belonged to several stays away when another of them is gone since.

        Somebody's list that no longer is does not keep a person from coming back.
        """
        wanted: dict[Any, dict[int, set[tuple[str, int]]]] = defaultdict(lambda: defaultdict(set))
        for (table, row_id), change in last.items():
            model = apps.get_model(table)
            if change.after or len(model.part_of) < 2:
                continue
            for name in model.part_of:
                key = model._meta.get_field(name)
                wanted[key.related_model][change.before[key.attname]].add((table, row_id))
        for parent, found in wanted.items():
            back = {pk for table, pk in last if table == parent._meta.label_lower}
            there = set()
            for ids in slices(found):
                there.update(every(parent).filter(pk__in=ids).values_list("pk", flat=True))
            for pk in found.keys() - there - back:
                self.rows |= found[pk]

    def _parts_of_kept(self, last: dict) -> None:
        """What the run hung on a row that stays, stays too."""
        for (table, row_id), change in last.items():
            model = apps.get_model(table)
            values = change.after or change.before
            for name in {*model.seen_through, *model.part_of}:
                key = model._meta.get_field(name)
                if (key.related_model._meta.label_lower, values.get(key.attname)) in self.rows:
                    self.rows.add((table, row_id))

    def _keep(self, change: Change, seen: bool) -> None:
        if (change.table, change.row_id) in self.rows:
            return
        self.rows.add((change.table, change.row_id))
        model = apps.get_model(change.table)
        if _hangs(model):
            return
        rows = list(model.objects.visible_to(self.actor).filter(pk=change.row_id)) if seen else []
        if not rows:
            self.unseen += 1
        elif known := registers.subject(model._meta.model_name or ""):
            self.names.extend(known.labels(self.actor, rows).values())
        else:
            self.names.append(str(rows[0]))
