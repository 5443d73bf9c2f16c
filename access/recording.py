"""Notes every change made while a command runs. Nothing can be saved outside one."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from itertools import batched
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, models, transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from access import bulk
from access.indexing import entered, reindexed

if TYPE_CHECKING:
    from access.records import Record

BATCH = 1_000  # rows a statement when many are written
CHANGE = ("run", "table", "row_id", "row_uid", "revision", "before", "after")

_current: ContextVar["Running | None"] = ContextVar("current_command", default=None)


class NotInCommand(RuntimeError):
    """A row was written outside a command, where no history would be kept."""


class Refused(Exception):
    """The input is well formed, but the row cannot be written as things stand."""


class Stale(Refused):
    """Someone else saved the row after it was read."""

    def __init__(self, row=None):
        self.row = row
        super().__init__(_("Someone else saved this first. Nothing of yours was saved."))


class OtherBody(Refused):
    """A request key came a second time with other contents."""

    def __init__(self):
        super().__init__(
            _("This was sent before with other contents. Nothing was saved this time.")
        )


class Busy(Refused):
    """The same request is still running, or the database is taken."""

    def __init__(self):
        super().__init__(_("The same request is still running. Send it again in a moment."))


def current() -> "Running":
    """The running command. Raises NotInCommand when there is none."""
    if (running := _current.get()) is None:
        raise NotInCommand("Write rows inside a command, so that history and audit are kept.")
    return running


@contextmanager
def running(name: str, actor, *, run=None) -> Iterator["Running"]:
    """Everything saved inside is one transaction with one author, settled at its end.

    With `run`, the changes join a run that an earlier slice began. An error of the database that
    comes as the transaction is committed is `unsure`: nobody knows whether all is saved or nothing.
    """
    committing = False
    try:
        with transaction.atomic():
            work = Running(name, actor, run)
            token = _current.set(work)
            try:
                yield work
                work.finish()
            finally:
                _current.reset(token)
            committing = connection.vendor == "postgresql"  # SQLite says what became of it
    except DatabaseError as error:
        error.unsure = committing and not connection.in_atomic_block  # type: ignore[attr-defined]
        raise


def at_work() -> "Running | None":
    """The running command, or None."""
    return _current.get()


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON keeps them."""
    return json.loads(json.dumps(values, cls=DjangoJSONEncoder))


class Touched:
    """Which rows a run touched, with their values before and after; what settling starts from."""

    def __init__(self):
        self._pairs = defaultdict(list)

    def note(self, model, before: dict, after: dict) -> None:
        self._pairs[model].append((before, after))

    def ids(self, model, column: str = "id") -> set:
        """Every value that the column had in a touched row of the model, before or after."""
        found = set()
        for pair in self._pairs.get(model, ()):
            for values in pair:
                if values and values.get(column) is not None:
                    found.add(values[column])
        return found

    def older(self, model) -> set:
        """The ids of touched rows that the run did not add: others may hang on them already."""
        return {before["id"] for before, _after in self._pairs.get(model, ()) if before}

    def made(self, model) -> dict[int, dict]:
        """The values, by id, of rows that the run made and did not write again.

        Not of those that an undo brought back: others may hang on them.
        """
        pairs = self._pairs.get(model, ())
        found = {new["id"]: new for old, new in pairs if not old and new["revision"] == 1}
        return {pk: found[pk] for pk in found.keys() - self.older(model)}

    def pairs(self, model) -> list[tuple[dict, dict]]:
        """(before, after) of each touched row; an empty dict where there was or is none."""
        return self._pairs.get(model, [])

    @property
    def models(self) -> Iterable[type]:
        """The models that have a touched row."""
        return self._pairs.keys()

    def __contains__(self, model) -> bool:
        return model in self._pairs


class Running:
    """The command at work: new rows waiting to be written together, and the changes noted so
    far.
    """

    def __init__(self, name: str, actor, run=None):
        self.name, self.actor = name, actor
        self.touched = Touched()
        self._new: dict[type[Record], dict[int, Any]] = defaultdict(dict)
        self._changes: list = []
        self._run = run
        self.subject: UUID | None = None  # the row that it is about, for a run yet to be made

    @property
    def run(self):
        """The Run that this work belongs to; made when first asked for."""
        if self._run is None:
            self._run = apps.get_model("access", "Run")(
                command=self.name,
                user_id=self.actor.user_id,
                reason=self.actor.reason,
                subject=self.subject,
            )
            bulk.insert(type(self._run), [self._run])
        return self._run

    def add(self, row) -> None:
        """Queue a new row.

        It gets its id when the queue is written, and its home when it is settled.
        """
        row.revision = 1
        if getattr(row, "home_id", 0) is None:
            row.home_id = self.actor.home_id or outside_id()
        self._new[type(row)][id(row)] = row

    def change(self, row) -> None:
        """Write what differs from what was read, if nobody wrote the row since."""
        before = getattr(row, "_loaded", {})
        values = {
            f.attname: getattr(row, f.attname)
            for f in row._meta.concrete_fields
            if f.attname in before
        }
        changed = {name for name, value in values.items() if before[name] != value}
        changed -= {"revision"} | {self._attname(row, name) for name in row.derived}
        if not changed:
            return
        rows = type(row)._base_manager.filter(pk=row.pk, revision=row.revision)
        if not rows.update(revision=F("revision") + 1, **{name: values[name] for name in changed}):
            raise Stale(row)
        row.revision += 1
        self._note(
            row, {n: before[n] for n in changed}, {n: values[n] for n in changed}, before, values
        )
        row._loaded = values | {"revision": row.revision}

    def change_many(self, model, ids: Iterable[int], **values) -> int:
        """Give many rows the same values; each is noted as if it had been saved by itself.

        Returns how many there were. The rows are locked, so none is written over unseen.
        """
        self.flush()
        count = 0
        for some in batched(sorted(ids), BATCH // 2):
            rows = list(model._base_manager.filter(pk__in=some).select_for_update())
            found = model._base_manager.filter(pk__in=[row.pk for row in rows])
            found.update(revision=F("revision") + 1, **values)
            for row in rows:
                before = {name: row._loaded[name] for name in values}
                now = row._loaded | values | {"revision": row.revision + 1}
                row.revision += 1
                self._note(row, before, dict(values), row._loaded, now)
                row._loaded = now
            count += len(rows)
        return count

    def bump(self, row) -> None:
        """Count a revision of a row whose parts or links changed while it stayed as it was."""
        rows = type(row)._base_manager.filter(pk=row.pk, revision=row.revision)
        if not rows.update(revision=F("revision") + 1):
            raise Stale(row)
        row.revision += 1
        self._note(row, {}, {}, row._loaded, row._loaded)

    @property
    def size(self) -> int:
        """How many rows are written or queued so far."""
        return len(self._changes) + sum(map(len, self._new.values()))

    def remove(self, row: "Record") -> None:
        """Delete a row and its parts, unless somebody wrote it since or others hang on it."""
        self.flush()
        for part, parent in parts_of(type(row)):
            for child in part._base_manager.filter(**{parent: row.pk}):
                self.remove(child)
        manager = type(row)._base_manager
        if not manager.filter(pk=row.pk, revision=row.revision).update(revision=F("revision") + 1):
            raise Stale(row)
        row.revision += 1
        values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        pk = row.pk
        try:
            with reindexed(type(row), [pk]):
                models.Model.delete(row)
        except ProtectedError as error:
            raise Refused(
                _("Other rows still hang on this one, so it cannot be deleted.")
            ) from error
        row.pk, row.is_deleted = pk, True
        self._forget_reach(type(row), [pk])
        self._note(row, values, {}, values, {})

    def remove_many(self, model, rows: list) -> None:
        """Delete rows that nothing else hangs on (undo has made sure; the database checks it
        too).
        """
        ids = [row.pk for row in rows]
        with reindexed(model, ids):
            model._base_manager.filter(pk__in=ids)._raw_delete(DEFAULT_DB_ALIAS)
        self._forget_reach(model, ids)
        for row in rows:
            row.revision += 1
            values = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}
            self._note(row, values, {}, values, {})

    def restore_many(self, model, rows: list) -> None:
        """Put deleted rows back as they were, under their own ids."""
        entered(model, bulk.insert(model, rows))
        for row in rows:
            row._loaded = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}
            self._note(row, {}, row._loaded, {}, row._loaded)

    @staticmethod
    def _forget_reach(model, ids: list[int]) -> None:
        if model.reaches:
            Reach = apps.get_model("access", "Reach")
            Reach.objects.filter(kind=model._meta.model_name, row_id__in=ids).delete()

    def flush(self) -> None:
        """Write the queued rows, parents first."""
        queued, self._new = self._new, defaultdict(dict)
        for model in parents_first(queued):
            rows = list(queued[model].values())
            entered(model, bulk.insert(model, rows))
            names, held = bulk.columns(model)
            for row in rows:
                row._loaded = values = dict(zip(names, held(row.__dict__), strict=True))
                self._note(row, {}, values, {}, values)

    def _note(self, row, before, after, was, now) -> None:
        self.touched.note(type(row), was, now)
        self._changes.append((row, before, after, row.revision))

    def finish(self) -> None:
        """Write what is queued, settle what follows from it, and keep the changes."""
        from access.settling import settle

        self.flush()
        touched, self.touched = self.touched, Touched()
        settle(touched)
        if not self._changes:
            return
        run_id = self.run.pk
        kept = [
            (run_id, row._meta.label_lower, row.id, row.uid, revision, before, after)
            for row, before, after, revision in self._changes
        ]
        self._changes = []
        bulk.insert_values(apps.get_model("access", "Change"), CHANGE, kept)

    @staticmethod
    def _attname(row, name: str) -> str:
        return row._meta.get_field(name).attname


def outside_id() -> int:
    """The id of the reserved state that stands for outside regions."""
    State = apps.get_model("access", "State")
    return State.objects.values_list("pk", flat=True).get(code=State.OUTSIDE)


@cache
def _order() -> dict[type, int]:
    """Every model, parents before the rows that point at them."""
    order: dict[type, int] = {}

    def place(model, path=()):
        if model in order or model in path:
            return
        for key in model._meta.concrete_fields:
            if key.is_relation and key.related_model is not model:
                place(key.related_model, (*path, model))
        order[model] = len(order)

    for model in apps.get_models():
        place(model)
    return order


def parents_first(found: Iterable[type["Record"]]) -> list[type["Record"]]:
    """The models, those that others point at first."""
    return sorted(found, key=lambda model: _order()[model])


@cache
def parts_of(model: type["Record"]) -> tuple[tuple[type["Record"], str], ...]:
    """The (model, key) pairs whose rows go when a row of this model goes."""
    from access.records import Record

    return tuple(
        (other, name)
        for other in apps.get_models()
        if issubclass(other, Record)
        for name in other.part_of
        if other._meta.get_field(name).related_model is model
    )
