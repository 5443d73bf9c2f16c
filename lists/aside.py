"""The rows that an import sets aside: by reason for a page, with their cells as a file to mend."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from access.jobs import Work
from lists.csv_cells import guarded
from lists.importing import Plan
from lists.mapping import is_social_security, never_taken
from lists.pairs import PairPlan
from lists.reports import Note

MOST_REASONS = 50


def grouped(notes: Iterable[Note]) -> list[dict[str, Any]]:
    """The reasons, the most frequent first: how many rows, and one of them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for note in notes:
        one = found.setdefault(
            (note.column, note.message),
            {
                "column": note.column,
                "reason": note.message,
                "rows": 0,
                "row": note.row,
                "value": note.value[:80],
            },
        )
        one["rows"] += 1
    return sorted(found.values(), key=lambda one: -one["rows"])[:MOST_REASONS]


def added_columns() -> list[str]:
    """What the file says beside the cells of each row."""
    return [_("Row"), _("Column"), _("Value"), _("Why")]


def write_aside(work: Work, plan: Plan | PairPlan) -> None:
    """Make the file of the rows that were set aside, if there are any.

    It has the columns of the list, so that it can be mended and imported again, but for those that
    are never imported.
    """
    notes = {note.row: note for note in plan.aside}
    if not notes:
        return
    source = plan.source
    names = [source.column(position) for position in range(len(source.header))]
    kept = [n for n, name in enumerate(names) if not never_taken(name, plan.kind.of_people)]
    if [names[n] for n in kept[-4:]] == added_columns():
        kept = kept[:-4]  # it is such a file itself
    with work.new_file(f"{_('set-aside')}.csv", "text/csv") as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        out = csv.writer(text)
        out.writerow([guarded(names[n]) for n in kept] + added_columns())
        for one in source.rows:
            if note := notes.get(one.number):
                cells = [_shown(one.cells[n]) for n in kept]
                why = [str(note.row), note.column, note.value, note.message]
                out.writerow([guarded(cell) for cell in (*cells, *why)])
        text.flush()
        text.detach()


def _shown(cell: str) -> str:
    return "" if is_social_security(cell) else cell
