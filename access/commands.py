"""The only way to write: a form that knows who is asking."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import batched
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, models
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from access import audit, recording, requests
from access.among import ByValues
from access.choosing import ManyOf, OneOf
from access.fields import LinesOf
from access.forms import CommandForm, has_field
from access.models import Change, Run
from access.recording import Busy, Refused, Stale, running
from access.records import Record
from access.roles import Action, Limit
from access.scope import Rights
from access.settling import looked_up

SLICE = 500  # rows a transaction when many are written
RETRIED = {"40001", "40P01"}  # serialization failure, deadlock (PostgreSQL)


def clash() -> str:
    return _("This clashes with a row that is already there. Nothing was saved.")


def command_named(name: str) -> "type[Command] | None":
    """The command of this name, or None."""
    waiting: list[type[Command]] = [Command]
    while waiting:
        for command in waiting.pop().__subclasses__():
            if command.__name__ == name:
                return command
            waiting.append(command)
    return None


@dataclass(frozen=True)
class Gone:
    """Stands for the row of a repeated request when the row is not there any more."""

    uid: UUID


@dataclass
class Many:
    """What became of many rows: the run, what was written, and what was refused, by position."""

    run: Run
    rows: dict[int, Record] = field(default_factory=dict)
    refused: dict[int, dict[str, list[str]]] = field(default_factory=dict)


class Command(CommandForm):
    """One change to one row and what belongs to it; the same for a page, the API and an import.

    A subclass names its `action`, its Meta.model and Meta.fields, and may add fields made with
    one_of, many_of and lines_of. `apply` does the work.
    """

    action: Action
    did: Any = ""  # what a list of past changes says of it
    only_asked: frozenset[str] = frozenset()  # fields that say how to change; no row holds them
    beyond_sight = False  # whether it writes rows that its actor may not see, and so does its undo
    reply: dict[str, Any]
    is_of_row = True  # what it writes belongs to its row, whose revision it counts
    repeated = False  # whether the reply is that of an earlier request
    run_made: Run | None = None
    begun: Run | None = None  # the run of slices that went ahead
    status = 422  # what a page answers with when it shows the form again

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        self.reply = {}
        self.stale = False

    def run(self, respond: Callable[[Any], tuple[int, dict]] | None = None):
        """Apply the command and return its row, or raise; nothing is half done.

        `respond(row)` makes the (status, reply) that a repeated request gets again; it is in
        `reply`. Raises PermissionDenied, ValidationError, or Refused (Stale, OtherBody, Busy).
        """
        self.allow()
        key = self._request_key()
        if key is None or self.actor.user_id is None:
            return self._run(None, respond)
        with requests.alone(self.actor.user_id, key):
            return self._run(key, respond)

    def attempt(self, respond: Callable[[Any], tuple[int, dict]] | None = None):
        """Run for a page: the row, or None with the reasons in `errors` and a `status` to
        answer with.
        """
        if not self.is_bound:
            return None
        try:
            return self.run(respond)
        except ValidationError:
            return None
        except Refused as refusal:
            self.stale = isinstance(refusal, Stale)
            self.status = 409 if isinstance(refusal, Stale | Busy) else 422
            if not hasattr(self, "cleaned_data"):
                self.full_clean()
            self.add_error(None, str(refusal))
            return None

    def allow(self) -> None:
        """Raise PermissionDenied unless the actor may do this to this row."""
        if not self.actor.may(self.action):
            raise PermissionDenied
        if not self.adding and self.actor.limit(self.action) == Limit.OWN:
            own = self.rows.none().own(self.actor)
            if not self.rows.filter(pk=self.instance.pk).filter(own).exists():
                raise PermissionDenied

    def apply(self):
        """The change itself: save the row, its links and its lines. Override to do more."""
        self.instance.save()
        self.save_related()
        return self.instance

    def for_the_record(self) -> dict[str, Any]:
        """Words that stand beside the audit entry, such as a reason. Most commands need none."""
        return {}

    def save(self, commit=True):
        raise NotImplementedError("Use run() or attempt(), which check and record.")

    def save_related(self) -> None:
        """Write the links and lines of this command; what the actor cannot see stays."""
        for name, form_field in self.fields.items():
            wanted = self.cleaned_data.get(name)
            if wanted is None or (self.adding and not wanted):
                continue
            if isinstance(form_field, ManyOf) and form_field.through:
                self._save_links(form_field, wanted)
            elif isinstance(form_field, LinesOf):
                self._save_lines(form_field, wanted)

    def _save_links(self, form_field: ManyOf, wanted: list) -> None:
        mine, theirs = self._ends(form_field)
        stored = {}
        if not self.adding:
            links = form_field.through.objects.visible_to(self.actor).filter(
                **{mine: self.instance.pk}
            )
            stored = {getattr(link, f"{theirs}_id"): link for link in links}
        ordered = has_field(form_field.through, "position")
        for link in stored.values():
            if getattr(link, f"{theirs}_id") not in {row.pk for row in wanted}:
                link.delete()
        for position, row in enumerate(wanted):
            link = stored.get(row.pk) or form_field.through(**{mine: self.instance, theirs: row})
            if ordered:
                link.position = position
            link.save()

    def _save_lines(self, form_field: LinesOf, wanted: list) -> None:
        stored = {} if self.adding else {row.uid: row for row in self._lines(form_field)}
        kept = {uid for uid, _line in wanted}
        for uid, row in stored.items():
            if uid not in kept:
                row.delete()
        for uid, line in wanted:
            row = stored.get(uid) or form_field.model.beside(self.instance)
            for name, value in line.items():
                setattr(row, name, value)
            row.save()

    def _run(self, key, respond):
        try:
            return self._transaction(key, respond)
        except IntegrityError as error:
            raise Refused(clash()) from error
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in RETRIED or self.is_retry:
                raise
            return self._run_again(key, respond)

    is_retry = False

    def _run_again(self, key, respond):
        """The same command, read anew, for the one retry after a deadlock."""
        instance = None if self.adding else self.rows.filter(pk=self.instance.pk).first()
        if instance is None and not self.adding:
            raise Stale
        again = type(self)(
            self.actor, self.data, self.files, instance=instance, partial=self.partial
        )
        again.is_retry = True
        try:
            return again._run(key, respond)
        finally:
            self.reply, self.repeated, self.run_made = again.reply, again.repeated, again.run_made
            self._errors = again._errors  # type: ignore[has-type]
            if hasattr(again, "cleaned_data"):
                self.cleaned_data = again.cleaned_data

    def _transaction(self, key, respond):
        with running(type(self).__name__, self.actor, run=self.begun) as work:
            kept = None
            if key:
                body = requests.body_hash(type(self).__name__, self._sent(), self.files)
                kept = requests.claim(self.actor.user_id, key, type(self).__name__, body)
                if kept.status:
                    return self._answer_again(kept)
            if not self.is_valid():
                raise ValidationError(self.errors.as_data())
            self._place()
            size = work.size
            row = self.apply()
            changed_parts = self.is_of_row and not self.adding and work.size > size
            changed_parts = changed_parts and row is self.instance
            if changed_parts and row.revision == self.cleaned_data["revision"]:
                work.bump(row)
            work.subject = row.uid
            work.finish()
            self.check_seen([row])
            status, reply = respond(row) if respond else (200, {"uid": row.uid})
            self.reply = recording.plain(reply)
            if self.begun or work.run.subject != row.uid:
                work.run.subject, work.run.status = row.uid, Run.Status.DONE
                models.Model.save(work.run, update_fields=["subject", "status"])
            words = recording.plain(self.for_the_record())
            audit.record(type(self).__name__, self.actor, row=row, run=work.run, words=words)
            self.run_made = work.run
            if kept:
                requests.keep(kept, status, self.reply | {"_uid": str(row.uid)})
            return row

    def check_seen(self, rows: list) -> None:
        """Raise PermissionDenied if a written row cannot be seen by who wrote it."""
        by_model: dict[type[Record], set[int]] = {}
        for row in rows:
            if isinstance(row, Record) and row.pk and not row.is_deleted:
                by_model.setdefault(type(row), set()).add(row.pk)
        for model, ids in by_model.items():
            seen = _seen(model, self.actor.rights).of(ids)
            if len(seen) != len(ids):
                raise PermissionDenied

    def _place(self) -> None:
        """Give the row the uid that the client made, or the revision that the form opened."""
        if not self.adding:
            if self.instance.revision != self.cleaned_data["revision"]:
                raise Stale(self.instance)
        elif uid := self.cleaned_data.get("uid"):
            # One that was ever used, of whatever kind and by whomever: its history, follow-ups and
            # files are found by it, and are not for who takes it up anew.
            if looked_up(Change, "row_uid", [uid], "pk"):
                raise Refused(clash())
            self.instance.uid = uid

    def _answer_again(self, kept):
        self.reply = json.loads(kept.reply)
        self.repeated = True
        uid = UUID(self.reply.pop("_uid"))
        return self.rows.filter(uid=uid).first() or Gone(uid)

    def _request_key(self):
        raw = self.fields["key"].widget.value_from_datadict(
            self.data, self.files, self.add_prefix("key")
        )
        try:
            return UUID(str(raw)) if raw else None
        except ValueError:
            return None

    def _sent(self) -> dict:
        return {
            name: form_field.widget.value_from_datadict(
                self.data, self.files, self.add_prefix(name)
            )
            for name, form_field in self.fields.items()
            if name != "key"
        }

    # -- many rows -------------------------------------------------------------------------------

    @classmethod
    def many(cls, actor, rows: Iterable[dict], *, run: Run | None = None) -> Many:
        """Apply the command to many sets of values: one run, the same cleaning, few statements.

        Each slice of rows is one transaction. A row that does not pass is left out and reported;
        `undo(run)` takes back all of it.
        """
        if not actor.may(cls.action):
            raise PermissionDenied
        inside = recording.at_work()
        result = Many(run or (inside.run if inside else begin(cls.__name__, actor)))
        command = cls(actor, {})
        for some in batched(enumerate(rows), SLICE):
            command._know([row for _n, row in some])
            if inside:
                command._apply_some(some, result, inside)
                continue
            with running(cls.__name__, actor, run=result.run) as work:
                command._apply_some(some, result, work)
                result.run.beat_at = timezone.now()
                models.Model.save(result.run, update_fields=["beat_at"])
        if run is None and not inside:
            end(result.run, actor, len(result.rows))
        return result

    def _apply_some(self, some, result: Many, work) -> None:
        written = []
        for number, values in some:
            self._rebind(values)
            if not self.is_valid():
                result.refused[number] = {
                    n: [str(e) for e in errors] for n, errors in self.errors.items()
                }
                continue
            self._place()
            result.rows[number] = row = self.apply()
            written.append(row)
        try:
            work.finish()
        except IntegrityError as error:
            raise Refused(_("A row clashes with one that is already there.")) from error
        self.check_seen(written)

    def _rebind(self, values: dict) -> None:
        """Take the next row's values into this same command."""
        self.data, self.files, self.is_bound = values, MultiValueDict(), True
        self.instance = self._meta.model.blank()
        self._errors = None

    def _know(self, rows: list[dict]) -> None:
        """Look up once what the coming rows choose."""
        for name, form_field in self.fields.items():
            if isinstance(form_field, LinesOf):
                for part, chooses in form_field.chooses.items():
                    keys = {
                        str(line[part])
                        for row in rows
                        for line in row.get(name) or []
                        if isinstance(line, dict) and line.get(part)
                    }
                    chooses.known = self._look_up(part, chooses, keys)
                form_field.fill_with = None
            elif isinstance(form_field, OneOf | ManyOf):
                keys = set()
                for row in rows:
                    value = row.get(name)
                    for one in value if isinstance(value, list | tuple) else [value]:
                        if one not in (None, ""):
                            keys.add(str(getattr(one, form_field.to_field_name, one)))
                form_field.known = self._look_up(name, form_field, keys)

    def _look_up(self, name: str, form_field, keys: set[str]) -> dict[str, Any]:
        found = {}
        offered = self.choices(name, form_field.model)
        parsed = []
        for key in sorted(keys):
            try:
                parsed.append(form_field._parsed(key))
            except ValidationError:
                continue  # the row that chose it is refused when its turn comes
        for some in batched(parsed, SLICE):
            for row in offered.filter(**{f"{form_field.to_field_name}__in": some}):
                found[str(getattr(row, form_field.to_field_name))] = row
        return found


@lru_cache(maxsize=1_024)
def _seen(model: type[Record], rights: Rights) -> ByValues:
    """The ids of those of some rows that are seen."""
    return ByValues(model.objects.visible_to(rights).order_by().values_list("pk"), "pk")


def begin(name: str, actor) -> Run:
    """Open a run for many slices of work. `end` closes it; one left open is undone by tick."""
    run = Run(command=name, user_id=actor.user_id, reason=actor.reason, status=Run.Status.OPEN)
    run.save(force_insert=True)
    return run


def end(run: Run, actor, count: int, **words) -> None:
    """Close a run, with one audit entry for all of it."""
    run.status = Run.Status.DONE
    models.Model.save(run, update_fields=["status"])
    audit.record(run.command, actor, run=run, count=count, words=words or None)
