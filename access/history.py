"""The history of a row: who changed what, when, as far as the viewer may see the row itself."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db.models import DateField, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access.models import Change, Run, User
from access.recording import parts_of
from access.records import Record
from access.undo import may_undo


@dataclass(frozen=True)
class Step:
    """One run's change to a row or to a part of it."""

    at: datetime
    by: str
    run: Run
    what: str  # the verb: added, changed, deleted
    table: str
    columns: tuple[tuple[str, str, str], ...]  # (label, before, after)
    may_undo: bool = False  # on the newest step of each run that the viewer may take back


def history_of(actor, row: Record, most: int = 100) -> list[Step]:
    """The newest changes of a visible row and of its visible parts, newest first."""
    mine = Q(table=row._meta.label_lower, row_uid=row.uid)
    for part, parent in parts_of(type(row)):
        parts = part.objects.visible_to(actor).filter(**{parent: row.pk})
        uids = list(parts.values_list("uid", flat=True))
        if uids:
            mine |= Q(table=part._meta.label_lower, row_uid__in=uids)
    changes = Change.objects.filter(mine).select_related("run", "run__user").order_by("-pk")[:most]
    undone: set[int] = set()
    steps = []
    for change in changes:
        first = change.run_id not in undone
        undone.add(change.run_id)
        steps.append(_step(change, first and may_undo(actor, change.run)))
    return steps


def _step(change: Change, undoable: bool) -> Step:
    what = _("changed")
    if not change.before and change.after:
        what = _("added")
    elif change.before and not change.after:
        what = _("deleted")
    model = apps.get_model(change.table)
    user: User | None = change.run.user
    return Step(
        change.run.at,
        str(user) if user else _("The system"),
        change.run,
        what,
        str(model._meta.verbose_name),
        tuple(_columns(model, change)),
        undoable,
    )


def _columns(model, change: Change):
    for name in sorted(change.before.keys() | change.after.keys()):
        column = next((f for f in model._meta.concrete_fields if f.attname == name), None)
        if column is None or column.is_relation or not column.editable or name in model.derived:
            continue
        if column.primary_key:
            continue
        before, after = change.before.get(name, ""), change.after.get(name, "")
        if before != after:
            told = (
                ("•••" if value else "" for value in (before, after))
                if name in model.masked
                else (_words(column, before), _words(column, after))
            )
            yield str(column.verbose_name), *told


def _words(column, value) -> str:
    """A stored value as the page shows it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return ""
    if isinstance(column, DateField):
        return date_format(column.to_python(value), "SHORT_DATE_FORMAT")
    return str(dict(column.flatchoices).get(value, value))
