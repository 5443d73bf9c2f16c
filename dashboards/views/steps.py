"""How far is each affiliate in the five steps? All affiliates at one look."""

from typing import Any

from django.shortcuts import render

from access.middleware import needs
from access.roles import Action
from dashboards import findings_of_steps
from dashboards.drawing.scales import legend, shade, shades
from dashboards.metrics import METRICS
from dashboards.views.figures import Figure, FigureCell
from dashboards.views.where import asked_by_page, chips, choices, presets


@needs(Action.FIGURES)
def steps(request):
    """Steps by status, and programs by region and step; every number opens its list."""
    actor = request.actor
    form, ask = asked_by_page(actor, request.GET.copy())
    if request.htmx and form.offer:
        return choices(request, form)
    context: dict[str, Any] = {
        "form": form,
        "question": METRICS["five_steps"],
        "presets": presets(actor.today(), ask),
    }
    if ask is None:
        return render(request, "dashboards/steps.html", context, status=422)
    by_status, by_region = (
        Figure(actor, ask, METRICS[name], METRICS[name].table(actor, ask))
        for name in ("five_steps", "steps_by_region")
    )
    edges = shades(cell.value for row in by_status.rows for cell in row.cells)
    late = by_status.metric.numbers.index("late")
    context |= {
        "ask": ask,
        "chips": chips(form, ask),
        "clear_url": f"?first={ask.period.first}&last={ask.period.last}",
        "by_status": by_status,
        "shaded": [
            (row.name, [(cell, shade(edges, cell.value)) for cell in row.cells])
            for row in by_status.rows
        ],
        "key": legend(edges),
        "most_late": max((row.cells[late] for row in by_status.rows), key=_value, default=None),
        "by_region": by_region,
        "says": findings_of_steps.late_programs(by_region.table),
        "late": by_status.totals[late],
    }
    return render(request, "dashboards/steps.html", context)


def _value(cell: FigureCell) -> int:
    return cell.value
