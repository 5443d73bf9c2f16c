"""Who came to events, from which communities' organizations, and did they come back?"""

from typing import Any

from django.shortcuts import render

from access.middleware import needs
from access.roles import Action
from dashboards.metrics import METRICS
from dashboards.views.figures import Figure
from dashboards.views.where import asked_by_page, chips, choices, presets
from outreach.models import Event

LATEST = 12  # events that the page leads to


@needs(Action.FIGURES)
def events(request):
    """Organizations that came, by community; every number of them opens its list."""
    actor = request.actor
    form, ask = asked_by_page(actor, request.GET.copy())
    if request.htmx and form.offer:
        return choices(request, form)
    metric = METRICS["who_came"]
    context: dict[str, Any] = {
        "form": form,
        "question": metric,
        "presets": presets(actor.today(), ask),
    }
    if ask is None:
        return render(request, "dashboards/events.html", context, status=422)
    held = Event.objects.visible_to(actor).filter(
        status=Event.Status.HELD, day__range=(ask.period.first, ask.period.last)
    )
    context |= {
        "ask": ask,
        "chips": chips(form, ask),
        "clear_url": f"?first={ask.period.first}&last={ask.period.last}",
        "figure": Figure(actor, ask, metric, metric.table(actor, ask)),
        "held": held.count(),
        "latest": list(held.order_by("-day", "-pk")[:LATEST]),
    }
    return render(request, "dashboards/events.html", context)
