"""Sentences out of the figures of the five steps."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.metrics.steps import AT_STEP
from dashboards.tables import Table
from lists.templatetags.form_parts import whole


def steps(table: Table) -> str:
    """How many steps are signed off."""
    count = sum(table.facts.values())
    if not count:
        return _("No program runs in these days")
    words = ngettext(
        "%(signed)s of %(count)s step is signed off",
        "%(signed)s of %(count)s steps are signed off",
        count,
    )
    return words % {"signed": whole(table.facts["signed"]), "count": whole(count)}


def programs(table: Table) -> str:
    """How many programs run, and which step most of them are in."""
    at = {number: table.facts[name] for name, number in AT_STEP.items()}
    running = sum(at.values())
    if not running:
        return _("No program runs in these days")
    runs = ngettext("%(count)s program runs", "%(count)s programs run", running)
    runs %= {"count": whole(running)}
    most = max(list(at)[:-1], key=lambda number: at[number])
    if not at[most] or list(at.values())[:-1].count(at[most]) > 1:
        return runs
    words = {"runs": runs, "number": most, "held": whole(at[most])}
    return _("%(runs)s; step %(number)d holds up %(held)s") % words


def late_programs(table: Table) -> str:
    """How many programs are late, and how many affiliates never began."""
    late, without = table.facts["late"], table.facts["no_program"]
    said = ngettext(
        "%(count)s program is late in its step.", "%(count)s programs are late in their step.", late
    ) % {"count": whole(late)}
    rest = ngettext(
        "%(count)s affiliate has no program yet.",
        "%(count)s affiliates have no program yet.",
        without,
    ) % {"count": whole(without)}
    return f"{said} {rest}"
