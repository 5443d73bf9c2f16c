"""One change to many rows that are there: one run, one undo, and what became of each row."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import batched
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models
from django.utils import timezone
from django.utils.translation import gettext as _

from access.commands import Command, begin, end
from access.models import Run
from access.recording import Refused, Running, Stale, running

SLICE = 50  # rows a transaction, so that others write in between
Target = tuple[UUID, int | None]  # a row's uid, and the revision that was read of it, if one was


@dataclass
class Changed:
    """What became of the rows: how many changed, and how many not, for which reason."""

    changed: int = 0
    unchanged: int = 0  # they were so already
    stale: int = 0  # somebody saved them since they were read
    missing: int = 0  # not there, or not visible: nobody is told which
    refused: int = 0  # the actor may not do this to them
    reasons: dict[str, int] = field(default_factory=dict)  # sentence: how many it holds for
    run: Run | None = None

    def add(self, other: "Changed") -> None:
        for name in ("changed", "unchanged", "stale", "missing", "refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for sentence, number in other.reasons.items():
            self.reasons[sentence] = self.reasons.get(sentence, 0) + number


def change_many(
    kind: type[Command], actor, values: dict[str, Any], targets: Iterable[Target]
) -> Changed:
    """Apply a command with the same values to each of the rows that the actor may change.

    Each slice of rows is one transaction. A row that does not pass is left as it was and counted;
    `undo(run)` takes back all of it, except for rows that were changed since.
    """
    if not actor.may(kind.action):
        raise PermissionDenied
    result = Changed(run=begin(kind.__name__, actor))
    for some in batched(targets, SLICE):
        try:
            done = _slice(kind, actor, values, some, result.run)
        except (PermissionDenied, Refused, IntegrityError):
            # One of them cannot be written after all: the slice is gone, and goes row by row.
            for one in some:
                result.add(_alone(kind, actor, values, one, result.run))
            continue
        result.add(done)
    end(result.run, actor, result.changed)  # type: ignore[arg-type]  # made above
    return result


def _slice(kind, actor, values, some: Iterable[Target], run) -> Changed:
    """Change the rows of one transaction. Raises what a row that was half written raised."""
    result, some = Changed(), list(some)
    with running(kind.__name__, actor, run=run) as work:
        found = {
            row.uid: row
            for row in kind._meta.model.objects.visible_to(actor).filter(
                uid__in=[uid for uid, _revision in some]
            )
        }
        command, written = None, []
        for uid, revision in some:
            if (row := found.get(uid)) is None:
                result.missing += 1
                continue
            if command is None:
                command = kind(actor, values, instance=row, partial=True)
                command._know([values])
            written += _one(command, row, revision, values, work, result)
        work.finish()
        if command is not None:
            command.check_seen(written)
        run.beat_at = timezone.now()
        models.Model.save(run, update_fields=["beat_at"])
    return result


def _one(command, row, revision, values, work: Running, result: Changed) -> list:
    """Change one row and count what became of it; returns what was written."""
    read = row.revision
    command.instance, command._errors = row, None
    command.data = values | {"revision": read if revision is None else revision}
    size = work.size
    try:
        command.allow()
        if not command.is_valid():
            _say(result, next(iter(command.errors.values()))[0])
            return []
        command._place()
        saved = command.apply()
    except (PermissionDenied, Refused) as problem:
        if work.size != size:
            raise  # it was half written
        _count(result, problem)
        return []
    if work.size == size:
        result.unchanged += 1
        return []
    if saved is row and row.revision == read:
        work.bump(row)  # its parts changed, so that who has it open learns of it
    result.changed += 1
    return [saved]


def _alone(kind, actor, values, target: Target, run) -> Changed:
    """Change one row in a transaction of its own."""
    try:
        return _slice(kind, actor, values, [target], run)
    except (PermissionDenied, Refused, IntegrityError) as problem:
        result = Changed()
        _count(result, problem)
        return result


def _count(result: Changed, problem: Exception) -> None:
    if isinstance(problem, Stale):
        result.stale += 1
    elif isinstance(problem, PermissionDenied):
        result.refused += 1
    elif isinstance(problem, Refused):
        _say(result, str(problem))
    else:
        _say(result, _("It clashes with a row that is already there."))


def _say(result: Changed, sentence: str) -> None:
    result.reasons[str(sentence)] = result.reasons.get(str(sentence), 0) + 1
