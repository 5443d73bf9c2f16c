"""Deleting a row, and bringing it back for thirty days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from access.commands import Command
from access.models import Change, Run
from access.registers import subjects
from access.roles import Limit
from access.scope import Visibility

DAYS = 30


class Deletion(Command):
    """Takes a row away with its parts. A subclass names the action and the model."""

    def apply(self):
        self.instance.delete()
        return self.instance


def deletions() -> dict[str, type[Deletion]]:
    """Every command that deletes a row, by name."""
    return {command.__name__: command for command in Deletion.__subclasses__()}


@dataclass(frozen=True)
class Deleted:
    """A row that was deleted and can be brought back."""

    run: Run
    kind: str
    name: str
    at: datetime
    by: str


def deleted_rows(actor, most: int = 100) -> list[Deleted]:
    """The rows that the actor may bring back, those deleted last first."""
    names = [name for name, command in deletions().items() if actor.may(command.action)]
    since = timezone.now() - timedelta(days=DAYS)
    runs = Run.objects.filter(command__in=names, status=Run.Status.DONE, at__gte=since)
    runs = runs.select_related("user").order_by("-pk")
    found = []
    for run in runs[: most * 5]:
        row = deleted_row(run)
        if row is None or not may_bring_back(actor, run, row) or _is_about_unseen(actor, row):
            continue
        name = str(row._meta.verbose_name)
        by = str(run.user) if run.user else _("The system")
        found.append(Deleted(run, name, str(row), run.at, by))
        if len(found) == most:
            break
    return found


def deleted_row(run: Run) -> Any:
    """The row that a run deleted, as it was, not saved; None when the run was no deletion."""
    if run.subject is None:
        return None
    changes = Change.objects.filter(run=run, row_uid=run.subject, after={})
    if (change := changes.exclude(before={}).first()) is None:
        return None
    model: Any = apps.get_model(change.table)
    columns = {f.attname: f for f in model._meta.concrete_fields}
    values = {n: columns[n].to_python(v) for n, v in change.before.items() if n in columns}
    return model(**values)


def _is_about_unseen(actor, row) -> bool:
    """Whether the row hung on one that the actor does not see now, such as a file of a person."""
    about = getattr(row, "about", None)
    return about is not None and about not in subjects(actor, [(row.about_kind, about)])


def may_bring_back(actor, run: Run, row=None) -> bool:
    """Whether the actor may bring back what a run of a deletion took away.

    Her own deletions; and others' where her right to delete reaches all rows of her areas, the row
    lay in them, and was not restricted.
    """
    command = deletions().get(run.command)
    if command is None or not actor.may(command.action):
        return False
    if run.at < timezone.now() - timedelta(days=DAYS):
        return False
    if run.user_id == actor.user_id:
        return True
    if actor.limit(command.action) == Limit.OWN:
        return False
    row = row or deleted_row(run)
    return (
        row is not None
        and actor.covers(row.home_id)
        and getattr(row, "visibility", Visibility.TEAM) == Visibility.TEAM
    )
