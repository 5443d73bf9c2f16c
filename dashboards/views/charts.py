"""Which drawing a figure has, made of its table."""

from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dashboards.drawing import plots
from dashboards.drawing.bars import Bars
from dashboards.drawing.lines import Lines
from dashboards.drawing.state_map import StateMap

if TYPE_CHECKING:
    from dashboards.views.figures import Figure
    from dashboards.views.heat import Heat


def lines(figure: "Figure") -> Lines:
    """Meetings a month, beside the year before."""
    rows = figure.rows
    months = [row.key for row in rows]
    partial = set(figure.table.facts["partial"])
    return Lines(
        names=[row.name for row in rows],
        now=[row.cells[0].value for row in rows],
        before=[row.cells[1].value for row in rows],
        urls=[row.cells[0].url for row in rows],
        partial=frozenset(n for n, month in enumerate(months) if month in partial),
        ends=(_("This time"), _("Year before")),
        short=[date_format(month, "M" if len(months) <= 13 else "M Y") for month in months],
    )


def bars(figure: "Figure") -> Bars:
    """One bar a row, beside the time before."""
    rows = figure.rows
    return Bars(
        names=[row.name for row in rows],
        now=[row.cells[0].value for row in rows],
        before=[row.cells[1].value for row in rows],
        urls=[row.cells[0].url for row in rows],
    )


def states(figure: "Figure") -> StateMap:
    """Meetings by state; a state without a partner is a gap."""
    gaps = set(figure.table.facts["gaps"])
    numbers = {
        row.key: (row.cells[1].value, row.key in gaps, row.cells[0 if row.key in gaps else 1].url)
        for row in figure.rows
    }
    return StateMap(numbers, {row.key: row.name for row in figure.rows})


DRAWN: dict[str, Any] = {"lines": lines, "bars": bars, "states": states}


def plots_of(heat: "Heat", figures: "list[Figure]") -> dict[str, Any]:
    """The figures of a page for Plotly, by name."""
    found = {f.name: plots.PLOTS[f.metric.chart](f.chart) for f in figures if f.chart}
    return found | {"activity": plots.heat(heat)}
