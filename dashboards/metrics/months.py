"""When did we meet partners?"""

from datetime import date

from django.utils.translation import gettext_lazy

from access.scope import Actor
from dashboards.asking import Ask
from dashboards.metrics import metric
from dashboards.metrics.source import counts
from dashboards.tables import Period, Table
from lists.templatetags.form_parts import day
from lists.templatetags.form_parts import month as month_name


@metric(
    gettext_lazy("How often do we meet partners, month by month?"),
    measure=gettext_lazy("Meetings held, by month"),
    counts="work",
    chart="lines",
    keys=("month",),
    labels={
        "month": gettext_lazy("Month"),
        "interactions": gettext_lazy("Meetings"),
        "last_year": gettext_lazy("Year before"),
    },
)
def by_month(actor: Actor, ask: Ask) -> Table:
    """Meetings held with partners that are not restricted, by the month of their day.

    Beside each month stands the same month of the year before. A month that is only partly in the
    period is counted from its first or to its last day in it, and so is the one of the year before.
    """
    period = ask.period
    source = counts(actor, ask)
    held, last_year = source.by_month(period, period.year_earlier())
    months = period.months()
    rows = [_row(month, held, last_year) for month in months]
    facts = {
        "total": sum(held.values()),
        "total_last_year": sum(last_year.values()),
        "partial": [m.first.replace(day=1) for m in months if not m.is_whole_months()],
    }
    names = {"month": {m.first.replace(day=1): _name(m) for m in months}}
    return Table(["month", "interactions", "last_year"], rows, facts, names)


def _row(month: Period, held: dict[date, int], last_year: dict[date, int]) -> tuple:
    first = month.first.replace(day=1)
    return first, held.get(first, 0), last_year.get(first.replace(year=first.year - 1), 0)


def _name(month: Period) -> str:
    """November 2026, or its days where they are not all of it."""
    if month.is_whole_months():
        return month_name(month.first)
    if month.first == month.last:
        return day(month.first)
    return f"{day(month.first)} – {day(month.last)}"
