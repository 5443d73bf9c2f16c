"""What an import and its undo tell afterwards: as JSON for machines, as lines for people."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.deleting import DAYS
from access.models import Run
from access.recording import Refused
from access.roles import Action
from access.scope import Actor
from access.undo import foreseen, may_undo, undo
from lists.reading import SourceList

MOST_FORESEEN = 50_000  # changes that are looked at one by one before an undo
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True, slots=True)
class Note:
    """Something to look at in one cell, or the reason why its row stayed out."""

    row: int
    column: str
    value: str
    message: str


@dataclass
class ImportReport:
    """What an import did, or would do while there is no `run_id`."""

    source: SourceList
    kind: str
    columns: list[dict[str, str | None]]
    same_as: list[tuple[int, int]]
    rows_set_aside: list[Note]
    notes: list[Note]
    notes_in_all: int
    created: dict[str, int]
    updated: dict[str, int]
    matched: dict[str, int]
    left_to_first_row: dict[str, int] = field(default_factory=dict)
    run_id: UUID | None = None
    tally: dict[str, dict[str, int]] = field(default_factory=dict)
    """What became of the rows, by kind: each adds up to the rows of the list."""

    @property
    def rows_imported(self) -> int:
        """Rows that were created, found to be there, or are the same as another row."""
        return self.source.count - len({note.row for note in self.rows_set_aside})

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON keeps it."""
        source = self.source
        in_file = [
            {"row": w.row, "column": w.column, "value": w.value, "message": w.message}
            for w in source.warnings
        ]
        return {
            "kind": self.kind,
            "encoding": source.encoding,
            "delimiter": source.delimiter,
            "rows_read": source.count,
            "rows_imported": self.rows_imported,
            "empty_rows": source.empty_rows,
            "lines_with_warnings": source.lines_with_warnings,
            "created": self.created,
            "updated": self.updated,
            "matched": self.matched,
            "rows": self.tally,
            "same_as": [{"row": row, "first_row": first} for row, first in self.same_as],
            "rows_set_aside": [
                {"row": n.row, "column": n.column, "value": n.value, "reason": n.message}
                for n in self.rows_set_aside
            ],
            "left_to_first_row": self.left_to_first_row,
            "columns": self.columns,
            "warnings": in_file + [asdict(note) for note in self.notes],
            "warnings_in_all": source.warning_counts.total() + self.notes_in_all,
            "dry_run": self.run_id is None,
            "run_id": str(self.run_id) if self.run_id else None,
        }

    def lines(self) -> list[str]:
        """The report in a few lines for people."""
        source = self.source
        said = [
            f"{source.summary}; {source.encoding}, "
            f"{_DELIMITERS.get(source.delimiter, source.delimiter)}.",
            _("%(kind)s: %(created)d new, %(updated)d added to, %(matched)d known and complete.")
            % {
                "kind": self.kind,
                "created": sum(self.created.values()),
                "updated": sum(self.updated.values()),
                "matched": sum(self.matched.values()),
            },
        ]
        if same := len(self.same_as):
            text = ngettext(
                "%(n)d row is the same as an earlier row.",
                "%(n)d rows are the same as an earlier row.",
                same,
            )
            said.append(text % {"n": same})
        aside = len({note.row for note in self.rows_set_aside})
        said.append(ngettext("%(n)d row set aside.", "%(n)d rows set aside.", aside) % {"n": aside})
        for note in self.rows_set_aside[:5]:
            said.append(f"  {_('row')} {note.row}, {note.column}: {note.message}")
        if notes := self.notes_in_all:
            text = ngettext(
                "%(n)d value was left out or needs a look.",
                "%(n)d values were left out or need a look.",
                notes,
            )
            said.append(text % {"n": notes})
        if self.run_id:
            said.append(_("Run %(id)s; take it back with undo_import.") % {"id": self.run_id})
        else:
            said.append(_("A dry run: nothing was written."))
        return said


@dataclass(frozen=True)
class UndoReport:
    """What the undo of an import took out, and what it had to leave."""

    removed: dict[str, int]  # by what the rows are called
    put_back: int
    left: tuple[str, ...]
    left_unseen: int
    is_whole: bool = True  # False: there are too many rows to say which were changed since

    def lines(self) -> list[str]:
        """The report in a few lines for people."""
        out = ", ".join(f"{name}: {count}" for name, count in self.removed.items())
        said = [_("Taken out: %(rows)s.") % {"rows": out or _("nothing")}]
        if self.put_back:
            text = ngettext(
                "%(n)d row is as it was before.",
                "%(n)d rows are as they were before.",
                self.put_back,
            )
            said.append(text % {"n": self.put_back})
        if self.left:
            said.append(
                _("Left, because they were changed since or other rows hang on them: %(names)s.")
                % {"names": ", ".join(self.left[:20])}
            )
            if more := len(self.left) - 20:
                said += [_("... and %(n)d more.") % {"n": more}] if more > 0 else []
        if self.left_unseen:
            said.append(_("%(n)d more were left that you cannot see.") % {"n": self.left_unseen})
        return said


def would_undo(actor: Actor, run_id: str | UUID) -> UndoReport:
    """What undoing an import would take out and leave now. Raises Refused where it cannot be."""
    run = _undoable(actor, run_id)
    if run.changes.count() > MOST_FORESEEN:
        rows = run.changes.filter(before={}).exclude(after={}).order_by()
        counted = rows.values_list("table").annotate(n=Count("pk"))
        return UndoReport(_named(dict(counted)), 0, (), 0, is_whole=False)
    found = foreseen(actor, run)
    added = {(c.table, c.row_id) for c in found.changes if not c.before and c.after}
    others = {(c.table, c.row_id) for c in found.changes} - added
    tables = Counter(table for table, _id in added)
    return UndoReport(_named(tables), len(others), found.left, found.left_unseen)


def _named(tables: dict[str, int]) -> dict[str, int]:
    """How many rows, by what they are called, of several kinds together."""
    names: Counter[str] = Counter()
    for table, count in tables.items():
        names[str(apps.get_model(table)._meta.verbose_name)] += count
    return dict(names.most_common())


def undo_import(actor: Actor, run_id: str | UUID) -> UndoReport:
    """Take back an import by the id of its run. Raises Refused where it cannot be."""
    run = _undoable(actor, run_id)
    done = undo(actor, run)
    gone = done.run.changes.filter(after={}).exclude(before={})
    removed = _named(Counter(gone.values_list("table", flat=True)))
    back = done.restored - sum(removed.values())
    return UndoReport(removed, back, done.left, done.left_unseen)


def _undoable(actor: Actor, run_id: str | UUID) -> Run:
    """The run of an import that the actor may take back now. Raises Refused."""
    run = imported(actor, run_id)
    if run.status == Run.Status.OPEN:
        raise Refused(
            _(
                "This import is not finished. One that was cut short is taken back by "
                "itself within minutes."
            )
        )
    if not run.changes.exists():
        raise Refused(_("This import wrote nothing, so there is nothing to take back."))
    if run.status == Run.Status.DONE and not may_undo(actor, run):
        raise Refused(
            _("An import can be taken back for %(days)d days; this one is older.") % {"days": DAYS}
        )
    return run


def imported(actor: Actor, run_id: str | UUID) -> Run:
    """The run of an import that the actor made, or any if she may import. Raises Refused."""
    try:
        run = Run.objects.filter(uid=UUID(str(run_id)), command="ImportList").first()
    except ValueError:
        run = None
    if run is None or (run.user_id != actor.user_id and not actor.may(Action.IMPORT)):
        raise Refused(_("There is no import with this id."))
    return run
