"""Deleting a row, and bringing it back for thirty days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _

from access.commands import Command
from access.forms import has_field
from access.models import Change, Run
from access.records import Record, Reference
from access.registers import subjects
from access.roles import Action, Limit
from access.scope import Visibility

DAYS = 30


class Deletion(Command):
    """Takes a row away with its parts. A subclass names the action and the model."""

    by_whom_alone = False  # whether only who deleted it brings it back

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

    Her own deletions, as long as she would see the row; and others' where her right to delete
    reaches all rows of her areas, the row lay in them, and was not restricted.
    """
    command = deletions().get(run.command)
    if command is None or not actor.may(command.action):
        return False
    if run.at < timezone.now() - timedelta(days=DAYS):
        return False
    row = row or deleted_row(run)
    if row is None:
        return False
    if run.user_id == actor.user_id:
        return _keeps(actor, row) or (_lay_in_areas(actor, run, row) and _reads(actor, run, row))
    if command.by_whom_alone or actor.limit(command.action) == Limit.OWN:
        return False
    is_open = getattr(row, "visibility", Visibility.TEAM) == Visibility.TEAM
    return is_open and actor.covers(row.home_id)


def _keeps(actor, row) -> bool:
    """Whether the row is something that the actor keeps for herself, such as a list of people."""
    return _is_kept(type(row)) and row.owner_id == actor.user_id


def _is_kept(model) -> bool:
    return has_field(model, "owner") and "owner" not in model.derived


def _shows(model) -> bool:
    """Whether rows that are tied to one of the model may be seen where it is."""
    if not model or not issubclass(model, Record) or issubclass(model, Reference):
        return False
    return not _is_kept(model)


def _gone(run: Run) -> list[Change]:
    """What a run took away: the row and its parts."""
    return list(Change.objects.filter(run=run, after={}).exclude(before={}))


def _lay_in_areas(actor, run: Run, row) -> bool:
    """Whether the row lay where the actor works today, or was tied to what she sees there."""
    if actor.covers(row.home_id):
        return True
    if not row.reaches:
        return False
    for change in _gone(run):
        for key in apps.get_model(change.table)._meta.concrete_fields:
            target: Any = key.related_model
            if not _shows(target) or target is type(row):
                continue
            pk = change.before.get(key.attname)
            if pk and target.objects.visible_to(actor).filter(pk=pk).exists():
                return True
    return False


def _reads(actor, run: Run, row) -> bool:
    """Whether the actor's role of today would read the row: a restricted one is for few."""
    if getattr(row, "visibility", Visibility.TEAM) == Visibility.TEAM:
        return True
    limit = actor.limit(Action.VIEW_RESTRICTED)
    if limit is None or not actor.second_factor:
        return False
    if limit == Limit.AREAS:
        return actor.covers(row.home_id)
    return row.author_id == actor.user_id or any(
        change.before.get("user_id") == actor.user_id for change in _gone(run)
    )
