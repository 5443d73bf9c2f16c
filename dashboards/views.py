"""Pages that choose metrics and show them. They compute nothing."""

import csv
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from access import audit
from access.installation import this_installation
from access.middleware import needs
from access.models import Region, State
from access.roles import Action
from crm.models import Community
from dashboards.metrics import METRICS
from dashboards.tables import Period, Table
from lists.export import guarded


class PeriodForm(forms.Form):
    """The days that a dashboard looks at."""

    first = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput({"type": "date"}))

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            raise forms.ValidationError(_("The period ends before it begins."))
        if first and last and (last - first).days > 3660:
            raise forms.ValidationError(_("A period may have ten years at most."))
        if first and first.year < 1900:
            raise forms.ValidationError(_("The period begins too early."))
        return cleaned


def period_of(request) -> tuple[PeriodForm, Period | None]:
    """The period that the address asks for: the twelve months to today, when it asks for none."""
    year = Period.year_to(request.actor.today())
    if not {"first", "last"} & set(request.GET):
        return PeriodForm(initial={"first": year.first, "last": year.last}), year
    values = {
        "first": request.GET.get("first") or year.first,
        "last": request.GET.get("last") or year.last,
    }
    form = PeriodForm(values)
    if not form.is_valid():
        return form, None
    return form, Period(form.cleaned_data["first"], form.cleaned_data["last"])


@dataclass(frozen=True)
class Preset:
    """A period that one click chooses."""

    label: str
    url: str
    current: bool


def presets(today, chosen: Period | None) -> list[Preset]:
    """This fiscal year, the last one, and the twelve months to today."""
    month = this_installation().fiscal_year_start
    offered = [
        (_("This fiscal year"), Period.fiscal_year(today, month)),
        (_("Last fiscal year"), Period.fiscal_year(today, month, 1)),
        (_("Last 12 months"), Period.year_to(today)),
    ]
    return [
        Preset(label, f"?first={period.first}&last={period.last}", period == chosen)
        for label, period in offered
    ]


@dataclass(frozen=True)
class HeatCell:
    """One cell: a number, how dark, and the list behind it."""

    value: int | None  # None: no partner at all
    before: int
    level: int
    url: str
    label: str


@dataclass(frozen=True)
class HeatRow:
    """One region: its cells by community, and its total."""

    name: str
    cells: list[HeatCell]
    total: HeatCell


@needs(Action.FIGURES)
def where(request):
    """Where are we active, and where are we not? Region by community, against the time before."""
    form, period = period_of(request)
    if period is None:
        context = {"form": form, "presets": presets(request.actor.today(), None)}
        return render(request, "dashboards/where.html", context, status=422)
    question = METRICS["activity"]
    table = question.table(request.actor, period)
    heat = Heat(request.actor, table, period)
    context = {
        "form": form,
        "presets": presets(request.actor.today(), period),
        "period": period,
        "before": period.before(),
        "question": question,
        "heat": heat,
        "today": request.actor.today(),
        "csv_url": reverse("dashboards:where_csv") + f"?first={period.first}&last={period.last}",
    }
    return render(request, "dashboards/where.html", context)


class Heat:
    """The table of the activity metric, laid out: rows of regions, columns of communities, gaps."""

    def __init__(self, actor, table: Table, period: Period):
        self.actor, self.period, self.facts = actor, period, table.facts
        self.regions = _regions_of(actor)
        tops = list(Community.objects.filter(parent__isnull=True, retired=False))
        self.communities = [(c.pk, c.code, _short(c), c.label) for c in tops]
        not_given = _("Not given")
        self.columns = [*self.communities, (None, "", not_given, not_given)]
        self.values = {(r, c): (partners, n, b) for r, c, partners, n, b in table.rows}
        self.steps = _steps([n for _p, n, _b in self.values.values() if n])
        self.rows = [self._row(*region) for region in self.regions]
        self.total = self._cell(
            self.facts["total"],
            self.facts["total_before"],
            {"with_partner": "yes"},
            _("all regions and communities"),
            total=True,
        )
        self.totals = [self._column_total(*column) for column in self.columns]
        self.gaps = [
            (row.name, column[3])
            for row in self.rows
            for column, cell in zip(self.columns, row.cells, strict=True)
            if cell.value is None and column[0] is not None
        ]
        self.pairs = len(self.regions) * len(self.communities)
        self.active = sum(
            1
            for row in self.rows
            for column, cell in zip(self.columns, row.cells, strict=True)
            if cell.value and column[0] is not None
        )

    def _row(self, pk, code, name) -> HeatRow:
        where = {"region": code} if pk else {"state": State.OUTSIDE}
        cells = []
        for community, c_code, _s, c_name in self.columns:
            partners, number, before = self.values.get((pk, community), (0, 0, 0))
            what = where | ({"community": c_code} if community else {"no_community": "yes"})
            value = number if partners or number else None
            cells.append(self._cell(value, before, what, f"{name}, {c_name}"))
        total = self.facts["regions"].get(pk, 0)
        return HeatRow(name, cells, self._cell(total, 0, where, name, total=True))

    def _column_total(self, pk, code, _short_name, name) -> HeatCell:
        what = {"community": code} if pk else {"no_community": "yes"}
        return self._cell(self.facts["communities"].get(pk, 0), 0, what, name, total=True)

    def _cell(self, value, before, what: dict, label: str, total: bool = False) -> HeatCell:
        level = 0 if not value or total else sum(1 for step in self.steps if value >= step)
        if value is None:
            text = _("No partner: %(label)s") % {"label": label}
        else:
            shown = number_format(value, use_l10n=True, force_grouping=True)
            text = _("%(count)s meetings: %(label)s") % {"count": shown, "label": label}
        return HeatCell(value, before, level, self._url(value, what), text)

    def _url(self, value, what: dict) -> str:
        """The list behind a cell: meetings, or partners for who reads only counts of meetings."""
        if value is None or not self.actor.may(Action.VIEW_MEETINGS):
            what = {k: v for k, v in what.items() if k != "with_partner"}
            return f"{reverse('crm:organizations')}?{urlencode(what)}"
        days = {"from": self.period.first, "to": self.period.last, "counted": "yes"}
        return f"{reverse('crm:interactions')}?{urlencode(what | days)}"

    @property
    def key(self) -> list[tuple[int, str]]:
        """(level, its numbers) for the legend."""
        ends = [step - 1 for step in self.steps[1:]] + [None]
        return [
            (n, f"{a}+" if b is None else f"{a}" if a == b else f"{a}–{b}")
            for n, (a, b) in enumerate(zip(self.steps, ends, strict=True), 1)
        ]


def _short(community: Community) -> str:
    if (get_language() or "").startswith("es"):
        return community.short_es or community.label
    return community.short or community.label


def _regions_of(actor) -> list[tuple[Any, str, str]]:
    """(id, code, name) of the regions in the actor's areas; None stands for outside regions."""
    states = (
        State.objects.all() if actor.everywhere else State.objects.filter(pk__in=actor.state_ids)
    )
    ids = set(states.values_list("region_id", flat=True))
    found: list[tuple[Any, str, str]] = [
        (r.pk, r.code, r.label) for r in Region.objects.filter(pk__in=ids - {None})
    ]
    return [*found, (None, "", _("Outside regions"))] if None in ids else found


def _steps(numbers: list[int]) -> list[int]:
    """Where the five steps of the heat map begin, each with about as many cells."""
    if not numbers:
        return [1, 2, 3, 4, 5]
    ordered, steps = sorted(numbers), [1]
    for n in range(1, 5):
        at = ordered[min(len(ordered) - 1, len(ordered) * n // 5)]
        steps.append(max(steps[-1] + 1, at))
    return steps


@needs(Action.FIGURES)
def where_csv(request):
    """The table under the heat map as CSV. Recorded like every export."""
    _form, period = period_of(request)
    if period is None:
        return HttpResponse(
            _("The period is wrong. Nothing was exported."), status=422, content_type="text/plain"
        )
    heat = Heat(request.actor, METRICS["activity"].table(request.actor, period), period)
    audit.record(
        "ExportFigure",
        request.actor,
        count=len(heat.rows),
        words={"figure": "activity", "first": period.first, "last": period.last},
    )
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="where-{period.last}.csv"'
    writer = csv.writer(response)
    writer.writerow(
        [guarded(str(t)) for t in [_("Region"), *(c[3] for c in heat.columns), _("All, each once")]]
    )
    for row in heat.rows:
        cells = [_("None") if c.value is None else c.value for c in row.cells]
        writer.writerow([guarded(row.name), *cells, row.total.value])
    writer.writerow([_("All, each once"), *(c.value for c in heat.totals), heat.total.value])
    return response
