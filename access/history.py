"""The history of a row: who changed what, when, as far as the viewer may see it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, reduce
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import DateField, Q, TimeField
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from access import registers
from access.commands import Command, command_named
from access.deleting import DAYS
from access.models import Change, Run
from access.recording import parts_of
from access.records import Record
from access.undo import LONG, may_undo

OTHERS = {
    "Undo": gettext_lazy("Undid a change"),
    "ImportList": gettext_lazy("Imported a list"),
    "Export": gettext_lazy("Exported a list"),
    "ExportSent": gettext_lazy("The exported file was sent"),
    "ExportMade": gettext_lazy("The exported file was made"),
    "ExportNotMade": gettext_lazy("No file came of an export"),
    "ExportMore": gettext_lazy("More rows came into an export"),
    "ExportDownload": gettext_lazy("Downloaded an exported file"),
    "ExportFigure": gettext_lazy("Exported a figure"),
    "CallSheet": gettext_lazy("Made a call sheet"),
    "ViewDetails": gettext_lazy("Looked at a phone or an e-mail"),
    "ViewDetailsByApi": gettext_lazy("Read details through the API"),
    "OpenRestricted": gettext_lazy("Opened a restricted row"),
    "SignIn": gettext_lazy("Signed in"),
    "InviteAgain": gettext_lazy("Made a fresh link for an invited person"),
    "SentTestMail": gettext_lazy("Sent a test mail"),
    "AskedWhatIsSeen": gettext_lazy("Asked whether somebody sees a row"),
    "ExportRecord": gettext_lazy("Exported the record"),
    "CheckRecord": gettext_lazy("Checked the record"),
    "LoadDefaults": gettext_lazy("Loaded the words that ship with the product"),
    "DemoData": gettext_lazy("Loaded the demonstration"),
    "KeepBrokenRun": gettext_lazy("Kept what an interrupted change left"),
}
HIDDEN = "•••"


def did(name: str) -> str:
    """What a run or an audit entry of this name did, in words."""
    if name in OTHERS:
        return str(OTHERS[name])
    command = command_named(name)
    return str(command.did) if command and command.did else name


@dataclass(frozen=True)
class Told:
    """One column before and after, in words."""

    label: str
    before: str
    after: str
    column: str = ""  # its name, where the viewer may put the value back


@dataclass(frozen=True)
class Line:
    """What became of the row itself, or of one part of it ("person Rosa Delgado")."""

    what: str
    name: str
    columns: tuple[Told, ...]


@dataclass(frozen=True)
class Step:
    """What one run did to the row and to its parts."""

    at: datetime
    by: str
    did: str
    run: Run
    lines: tuple[Line, ...]
    may_undo: bool


def history_of(actor, row: Record, most: int = 100) -> list[Step]:
    """The newest steps of a visible row, newest first, from at most so many changes.

    A part that ties the row to one that the viewer cannot see is left out, and so is a step of a
    colleague that did nothing else.
    """
    changes = _changes(actor, row, most)
    names = _Names(actor, changes)
    by_run: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_run[change.run_id].append(change)
    restorable = _restorable(actor, row)
    steps = []
    for found in by_run.values():
        run = found[0].run
        fresh = run.at > timezone.now() - timedelta(days=DAYS)
        offered = restorable if fresh else frozenset()
        lines = tuple(filter(None, (_line(row, c, names, offered) for c in found)))
        if not lines and run.user_id != actor.user_id:
            continue  # it concerned only what the viewer does not see
        steps.append(
            Step(
                run.at,
                str(run.user) if run.user else _("The system"),
                did(run.command),
                run,
                lines,
                may_undo(actor, run),
            )
        )
    return steps


def _changes(actor, row: Record, most: int) -> list[Change]:
    """The changes of the row, of the parts it has, and of those that its own runs took away."""
    mine = Q(table=row._meta.label_lower, row_uid=row.uid)
    rows = Change.objects.select_related("run", "run__user").order_by("-pk")
    runs = [
        change.run_id
        for change in rows.filter(mine)[:most]
        if change.run.command not in LONG  # an import is long, and took nothing away
    ]
    for part, parent in parts_of(type(row)):
        if part.read_with and not actor.may(part.read_with):
            continue
        there = part.objects.visible_to(actor).filter(**{parent: row.pk})
        table = part._meta.label_lower
        if uids := list(there.values_list("uid", flat=True)):
            mine |= Q(table=table, row_uid__in=uids)
        field: Any = part._meta.get_field(parent)
        key = field.attname
        gone = Q(**{f"before__{key}": row.pk}) | Q(**{f"after__{key}": row.pk})
        mine |= Q(run_id__in=runs, table=table) & gone
    for part, path in _tellers(type(row)):
        there = part.objects.visible_to(actor).filter(**{path: row.pk})
        if uids := list(there.values_list("uid", flat=True)):
            mine |= Q(table=part._meta.label_lower, row_uid__in=uids)
    return list(rows.filter(mine)[:most])


@cache
def _tellers(model: type[Record]) -> tuple[tuple[type[Record], str], ...]:
    """The (model, path) pairs of parts of parts that this model's history tells of."""
    return tuple(
        (part, path)
        for part in apps.get_models()
        if issubclass(part, Record)
        for path in part.told_in
        if reduce(_related, path.split("__"), part) is model
    )


def _related(model: Any, key: str) -> Any:
    return model._meta.get_field(key).related_model


def _restorable(actor, row: Record) -> frozenset[str]:
    """The columns of the row that the viewer may put back to what they were."""
    known = registers.subject(row._meta.model_name or "")
    if known is None or known.change is None or not actor.may(known.change.action):
        return frozenset()
    columns = {column.name for column in row._meta.concrete_fields}
    return frozenset(columns & set(known.change.base_fields)) - row.masked


def put_back(actor, row: Record, run: Run, column: str, sent: dict) -> Command:
    """The command that puts a column of a row back to what it was before a run.

    `sent` holds the key and the revision of the form. Raises PermissionDenied for a column that the
    actor may not put back, and for a run that did not change it.
    """
    change = Change.objects.filter(run=run, row_uid=row.uid).first()
    model: Any = type(row)
    if column not in _restorable(actor, row) or change is None or not change.before:
        raise PermissionDenied
    field = model._meta.get_field(column)
    if field.attname not in change.before or run.at < timezone.now() - timedelta(days=DAYS):
        raise PermissionDenied
    value = change.before[field.attname]
    known = registers.subject(model._meta.model_name)
    assert known is not None and known.change is not None
    if field.is_relation and value is not None:
        target = field.related_model.objects
        rows = target.visible_to(actor) if issubclass(field.related_model, Record) else target.all()
        field_of_form: Any = known.change.base_fields[column]
        to = field_of_form.to_field_name
        value = rows.filter(pk=value).values_list(to, flat=True).first()
        if value is None:
            raise PermissionDenied
    return known.change(actor, sent | {column: value}, instance=row, partial=True)


def _line(row: Record, change: Change, names: "_Names", restorable: frozenset[str]) -> Line | None:
    what = _("Changed")
    if not change.before and change.after:
        what = _("Added")
    elif change.before and not change.after:
        what = _("Removed")
    elif not change.before:
        return None  # only its parts changed, and they have lines of their own
    model: Any = apps.get_model(change.table)
    is_row = change.row_uid == row.uid
    own = "" if is_row else _own_name(model, change)
    targets = [own] if own else []
    for key in [] if is_row or own else _keys(model):
        value = change.after.get(key.attname, change.before.get(key.attname))
        if value is None or (key.related_model is type(row) and value == row.pk):
            continue
        if (name := names.of(key.related_model, value)) is None:
            if key.name in model.seen_through:
                return None
            continue
        targets.append(name)
    offered = restorable if is_row else frozenset()
    left_out = frozenset() if is_row else frozenset(model.part_of) if own else None
    columns = tuple(_columns(model, change, names, left_out, offered))
    if not columns and what == _("Changed"):
        return None
    name = "" if is_row else " ".join([str(model._meta.verbose_name), ", ".join(targets)]).strip()
    return Line(what, name, columns)


def _keys(model) -> list[Any]:
    """The keys that a line is named after, and that a row tells of: not who wrote it."""
    keys = [f for f in model._meta.concrete_fields if f.is_relation and f.editable]
    return [key for key in keys if key.name != "author"]


def _own_name(model, change: Change) -> str:
    """What a part is called that bears a name of its own, as a joint action does; else ""."""
    known = registers.subject(model._meta.model_name)
    column = known.name if known else ""
    return str(change.after.get(column) or change.before.get(column) or "")


def _columns(
    model,
    change: Change,
    names: "_Names",
    left_out: frozenset[str] | None,
    restorable: frozenset[str],
):
    """The columns that changed, in words, without the keys that are left out: all, if None."""
    for column in model._meta.concrete_fields:
        if column.primary_key or not column.editable or column.name in model.derived:
            continue
        if column.is_relation and (left_out is None or column.name in left_out):
            continue  # it is in the name of the line, or the row that the page is of
        before, after = (v.get(column.attname, "") for v in (change.before, change.after))
        if before == after:
            continue
        may_put_back = column.name in restorable and change.before and change.after
        if column.name in model.masked:
            told = [HIDDEN if value else "" for value in (before, after)]
        elif column.is_relation:
            known = [names.of(column.related_model, v) if v else "" for v in (before, after)]
            told = [name or "" for name in known]
            may_put_back = may_put_back and known[0] is not None
        else:
            told = [_words(column, value) for value in (before, after)]
        if any(told):
            put_back_to = column.name if may_put_back else ""
            yield Told(str(column.verbose_name), told[0], told[1], put_back_to)


class _Names:
    """What the rows that changes point at are called, as far as the viewer may see them."""

    def __init__(self, actor, changes: Iterable[Change]):
        wanted: dict[Any, set[int]] = defaultdict(set)
        for change in changes:
            for key in _keys(apps.get_model(change.table)):
                for values in (change.before, change.after):
                    if values.get(key.attname):
                        wanted[key.related_model].add(values[key.attname])
        self._known = {model: self._look_up(actor, model, ids) for model, ids in wanted.items()}

    @staticmethod
    def _look_up(actor, model, ids: set[int]) -> dict[int, str]:
        rows = model.objects.visible_to(actor) if issubclass(model, Record) else model.objects.all()
        rows = list(rows.filter(pk__in=ids))
        if known := registers.subject(model._meta.model_name):
            labels = known.labels(actor, rows)
            return {row.pk: labels[row.uid] for row in rows}
        return {row.pk: str(row) for row in rows}

    def of(self, model, pk: int) -> str | None:
        """The name, or None where the viewer does not see the row."""
        return self._known.get(model, {}).get(pk)


def _words(column, value) -> str:
    """A stored value as the page shows it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, "") or isinstance(value, dict | list):
        return ""  # what a row keeps for pages, such as the words that a step was signed with
    if isinstance(column, DateField):
        pattern = pgettext("date pattern, as in Nov 24, 2026", "M j, Y")
        return date_format(column.to_python(value), pattern)
    if isinstance(column, TimeField):
        pattern = pgettext("time pattern, as in 2:40 PM", "g:i A")
        return time_format(column.to_python(value), pattern)
    return str(dict(column.flatchoices).get(value, value))
