"""What changed: where a leader begins the day."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from access.scope import Actor
from dashboards import findings
from dashboards.asking import Ask
from dashboards.changes import changes, course, headline, narrowed
from dashboards.metrics import METRICS
from dashboards.summary.drawn import drawn
from dashboards.tables import Period
from dashboards.views.where import Preset, asked_by_page, chips, choices, presets_of

DAYS = 90


def to_today(today, days: int) -> Period:
    """So many days that end today."""
    return Period(today - timedelta(days=days - 1), today)


@needs(Action.FIGURES)
def what_changed(request):
    """The four figures that changed most against the time before, each with its sentence."""
    actor = request.actor
    data = request.GET.copy()
    if "first" not in data and "last" not in data:
        days = to_today(actor.today(), DAYS)
        data["first"], data["last"] = days.first.isoformat(), days.last.isoformat()
    form, ask = asked_by_page(actor, data)
    if request.htmx and form.offer:
        return choices(request, form)
    context = {"form": form, "presets": presets(actor.today(), ask)}
    if ask is None:
        return render(request, "dashboards/changes.html", context, status=422)
    where = reverse("dashboards:where")
    context |= drawn("changes", actor, ask.query(), lambda: told(actor, ask, where))
    context |= {
        "ask": ask,
        "may_open": actor.may(Action.VIEW_MEETINGS),
        "length": (ask.period.last - ask.period.first).days + 1,
        "questions": [
            (metric.question, f"{where}?{urlencode(ask.query())}#{metric.name}")
            for metric in METRICS.values()
        ],
        "chips": chips(form, ask),
        "clear_url": "?" + urlencode({"first": ask.period.first, "last": ask.period.last}),
    }
    return render(request, "dashboards/changes.html", context)


def told(actor: Actor, ask: Ask, where: str) -> dict[str, Any]:
    """What the page says of the numbers of a question; `where` is the page of all figures."""
    activity = METRICS["activity"].table(actor, ask)
    found = changes(actor, ask, activity)
    alone = [narrowed(actor, ask, change) for change in found]
    return {
        "title": headline(found),
        "changes": [
            (change, course(actor, one), f"{where}?{urlencode(one.query())}")
            for change, one in zip(found, alone, strict=True)
        ],
        "held_says": findings.held(activity),
        "gaps_say": findings.gaps(ask, activity),
    }


def presets(today, ask: Ask | None) -> list[Preset]:
    """The month, the quarter and the year to today, of the same question."""
    return presets_of(
        [
            (_("30 days"), to_today(today, 30)),
            (_("90 days"), to_today(today, DAYS)),
            (_("12 months"), Period.year_to(today)),
        ],
        ask,
    )
