"""The first rows of a list as an import would take them."""

from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from lists.importing import Plan
from lists.mapping import is_social_security
from lists.pairs import PairPlan

MOST = 20
WIDEST = 8  # columns
LONGEST = 120


def first_rows(plan: Plan | PairPlan, most: int = MOST) -> dict[str, Any]:
    """The names of the columns that are taken, and what becomes of each of the first rows."""
    feeds = list({feed.position: feed for feed in plan.mapping.feeds}.values())[:WIDEST]
    aside = {note.row: note for note in plan.aside}
    rows = []
    for one in islice(plan.source.rows, most):
        note = aside.get(one.number)
        result, says = ("aside", f"{note.column}: {note.message}") if note else _result(plan, one)
        rows.append(
            {
                "row": one.number,
                "result": result,
                "says": says,
                "cells": [(feed.column, _shown(one.cells[feed.position])) for feed in feeds],
            }
        )
    return {"columns": [feed.column for feed in feeds], "rows": rows}


def _result(plan: Plan | PairPlan, one) -> tuple[str, str]:
    """What becomes of a row that comes in: the most that one of its sides gives."""
    results = [it for part in plan.parts if (it := _of_part(part, one.number))]
    order = ("new", "added", "same")
    return min(results, key=lambda it: order.index(it[0]))


def _of_part(part: Plan, number: int) -> tuple[str, str] | None:
    entry = part.entry_at(number)
    if entry is None:
        return None
    if number != entry.first:
        return "same", _("The same as row %(row)d.") % {"row": entry.first}
    if entry.same is None:
        return "new", ""
    if entry.lacking:
        labels = [str(part.kind.targets[n].label) for n in entry.lacking if n in part.kind.targets]
        if not labels:
            return "added", _("There already; what it lacks is added.")
        return "added", _("There already; added: %(fields)s.") % {"fields": ", ".join(labels)}
    return "same", _("There already, and complete.")


def _shown(cell: str) -> str:
    if is_social_security(cell):
        return _("Not shown")
    text = " ".join(cell.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
