"""Where are we active, and where are we not?"""

import csv
import json
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access import audit
from access.installation import this_installation
from access.middleware import needs
from access.roles import Action
from access.scope import Actor
from dashboards import findings
from dashboards.addresses import address
from dashboards.asking import LONG, Ask, AskForm, asked
from dashboards.metrics import METRICS, Metric
from dashboards.metrics.source import read_ahead
from dashboards.summary.drawn import drawn
from dashboards.tables import TOTALS, Period, Table
from dashboards.views.charts import plots_of
from dashboards.views.figures import Figure
from dashboards.views.gaps import gaps_of
from dashboards.views.heat import Heat
from lists.csv_cells import guarded

SHOWN = ("by_month", "by_state", "by_kind", "by_affiliate")  # below the heat map, in this order


@dataclass(frozen=True)
class Preset:
    """A period that one click chooses."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class BigNumber:
    """A number at the top of the page, what it is, and the list behind it."""

    value: int
    label: str
    url: str


@needs(Action.FIGURES)
def where(request):
    """Where are we active, and where are we not? Five figures, against the time before."""
    actor = request.actor
    form, ask = asked_by_page(actor, request.GET.copy())
    if request.htmx and form.offer:
        return choices(request, form)
    context = {
        "form": form,
        "presets": presets(actor.today(), ask),
        "question": METRICS["activity"],
    }
    if ask is None:
        return render(request, "dashboards/where.html", context, status=422)
    shown = shown_of(actor, ask)
    activity = shown.activity
    context |= {
        "ask": ask,
        "opens_meetings": actor.may(Action.VIEW_MEETINGS),
        "before": ask.period.before(),
        "heat": shown.heat,
        "figures": shown.figures,
        "shown": [shown.figures[name] for name in SHOWN],
        "plots_url": f"{reverse('dashboards:plots')}?{urlencode(ask.query())}",
        "gaps": gaps_of(actor, ask, activity),
        "gap_count": len(activity.facts["gaps"]),
        "gaps_say": findings.gaps(ask, activity),
        "held_says": findings.held(activity),
        "numbers": shown.numbers,
        "chips": chips(form, ask),
        "clear_url": "?" + urlencode({"first": ask.period.first, "last": ask.period.last}),
    }
    return render(request, "dashboards/where.html", context)


@needs(Action.FIGURES)
def plots(request):
    """The figures for Plotly, by name: asked for once it is to draw, so no phone carries them."""
    actor = request.actor
    _form, ask = asked(actor, request.GET, offer=None)
    if ask is None:
        return JsonResponse({}, status=422)
    return HttpResponse(shown_of(actor, ask).plots, content_type="application/json")


def asked_by_page(actor: Actor, data: QueryDict) -> tuple[AskForm, Ask | None]:
    """The question of a page's address, which may also name a filter whose choices it `offer`s."""
    offer = data.get("offer", "")
    if offer in LONG:
        del data["offer"]
        return asked(actor, data, offer)
    return asked(actor, data)


def choices(request, form: AskForm) -> HttpResponse:
    """All choices of the filter that is asked for, in place of those that the page carries."""
    assert form.offer
    return render(request, "dashboards/filters.html#choice", {"field": form[form.offer]})


def shown_of(actor: Actor, ask: Ask) -> "Shown":
    """What the page shows of a question."""
    return drawn("where", actor, ask.query(), lambda: Shown(actor, ask))


class Shown:
    """What the page shows of a question's numbers, each part drawn once."""

    def __init__(self, actor: Actor, ask: Ask):
        read_ahead(actor, ask)
        tables = {name: METRICS[name].table(actor, ask) for name in ("activity", *SHOWN)}
        self.activity = tables["activity"]
        self.figures = {n: Figure(actor, ask, METRICS[n], table) for n, table in tables.items()}
        self.heat = Heat(actor, ask, self.activity)
        self.numbers = numbers(actor, ask, self.activity, tables["by_state"])

    @cached_property
    def plots(self) -> str:
        """The figures for Plotly, as JSON."""
        return json.dumps(plots_of(self.heat, [self.figures[name] for name in SHOWN]))


def numbers(actor: Actor, ask: Ask, activity: Table, states: Table) -> list[BigNumber]:
    """The four numbers at the top."""
    facts, metric = activity.facts, METRICS["activity"]

    def to(column: str) -> str:
        return address(actor, metric.behind(ask, activity, {}, column))

    gaps = len(facts["gaps"])
    return [
        BigNumber(
            facts["total"],
            ngettext("meeting held", "meetings held", facts["total"]),
            to("interactions"),
        ),
        BigNumber(
            facts["partners"],
            ngettext("partner", "partners", facts["partners"]),
            to("partners"),
        ),
        BigNumber(
            states.facts["active"],
            ngettext("state with meetings", "states with meetings", states.facts["active"]),
            "#by_state",
        ),
        BigNumber(
            gaps, ngettext("pair without a partner", "pairs without a partner", gaps), "#gaps"
        ),
    ]


def chips(form: AskForm, ask: Ask) -> list[dict[str, str]]:
    """One chip for each filter in force, with the address that takes it off."""
    found = []
    for name in ask.narrowing():
        row = getattr(ask, name)
        rest = {k: v for k, v in ask.query().items() if k != name}
        label = f"{form.fields[name].label}: {getattr(row, 'label', None) or row}"
        found.append({"label": label, "url": f"?{urlencode(rest)}"})
    return found


def presets(today, ask: Ask | None) -> list[Preset]:
    """This fiscal year, the last one, and the twelve months to today, of the same question."""
    month = this_installation().fiscal_year_start
    return presets_of(
        [
            (_("This fiscal year"), Period.fiscal_year(today, month)),
            (_("Last fiscal year"), Period.fiscal_year(today, month, 1)),
            (_("Last 12 months"), Period.year_to(today)),
        ],
        ask,
    )


def presets_of(offered: list[tuple[str, Period]], ask: Ask | None) -> list[Preset]:
    """The same question of each of these periods."""
    asks = [(label, ask.over(period) if ask else Ask(period)) for label, period in offered]
    return [
        Preset(label, f"?{urlencode(one.query())}", ask is not None and one.period == ask.period)
        for label, one in asks
    ]


def figure_csv(name: str):
    """The view that gives the table of a figure as CSV. Recorded like every export."""

    @needs(Action.FIGURES)
    def view(request):
        form, ask = asked(request.actor, request.GET)
        if ask is None:
            text = " ".join([_("Nothing was exported."), *form.problems()])
            return HttpResponse(text, status=422, content_type="text/plain; charset=utf-8")
        metric = METRICS[name]
        table = metric.table(request.actor, ask)
        audit.record(
            "ExportFigure",
            request.actor,
            count=len(table.rows),
            words={"figure": name} | ask.query(),
        )
        response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
        file_name = f"{name.replace('_', '-')}-{ask.period.last}.csv"
        response["Content-Disposition"] = f'attachment; filename="{file_name}"'
        _write(csv.writer(response), metric, table)
        return response

    view.__qualname__ = f"figure_csv.{name}"
    return view


def _write(writer, metric: Metric, table: Table) -> None:
    """The table with words for its keys, and the totals below."""
    writer.writerow([guarded(str(metric.labels[name])) for name in table.columns])
    for row in table.dicts():
        writer.writerow(
            [
                guarded(table.name(name, value)) if name in metric.keys else _number(value)
                for name, value in row.items()
            ]
        )
    keys = [_("All, each once"), *[""] * (len(metric.keys) - 1)]
    numbers = [_number(table.facts[TOTALS[n]]) for n in metric.numbers]
    writer.writerow([*keys, *numbers])


def _number(value: int | None) -> int | str:
    """A number, or the words for one of people that is too small to be told."""
    return _("Under 11") if value is None else value
