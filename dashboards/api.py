"""The figures as endpoints: the same tables, filters and addresses as on the page. Read only."""

from typing import Any, ClassVar

from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.response import Response

from access.roles import Action
from dashboards.addresses import endpoint_address
from dashboards.asking import AskForm, asked
from dashboards.metrics import METRICS, Metric
from dashboards.tables import TOTALS
from lists.api import Refusal, SignedIn
from lists.endpoints import read_errors

PEOPLE = "people"  # the column of numbers that are null where they are too small to be told


class AboutFigureShape(serializers.Serializer):
    """What a figure answers, and how it is counted."""

    name = serializers.CharField(help_text="In its address.")
    question = serializers.CharField(help_text="What it answers.")
    measure = serializers.CharField(help_text="What its numbers are.")
    how_counted = serializers.CharField(
        help_text="How it is counted; paragraphs, empty line between."
    )
    columns = serializers.DictField(
        child=serializers.CharField(), help_text="The words for each column."
    )
    url = serializers.CharField(help_text="Its address.")


class FiguresShape(serializers.Serializer):
    """Every figure."""

    results = AboutFigureShape(many=True)


class SignedInFigures(SignedIn):
    """Figures are for who may see figures; there is nothing to write."""

    needs = Action.FIGURES
    queryset = None
    group = "figures"


@extend_schema_view(list=extend_schema(responses={200: FiguresShape} | read_errors()))
class Figures(SignedInFigures):
    """Every figure: what it answers and how it is counted."""

    serializer_class = FiguresShape

    def list(self, request):
        _no_others(request)
        return Response({"results": [_about(metric) for metric in METRICS.values()]})


class OneFigure(SignedInFigures):
    """One figure: its rows, its totals, and the list behind each number."""

    metric: ClassVar[Metric]

    def retrieve(self, request):
        form, ask = asked(request.actor, request.query_params, offer=None)
        if ask is None:
            raise Refusal(400, " ".join(form.problems()))
        metric = self.metric
        table = metric.table(request.actor, ask)

        def behind(key: dict[str, Any]) -> dict[str, str | None]:
            found = (metric.behind(ask, table, key, column) for column in metric.numbers)
            urls = [endpoint_address(request.actor, one) or None for one in found]
            return dict(zip(metric.numbers, urls, strict=True))

        rows = []
        for row in table.dicts():
            key = {name: row[name] for name in metric.keys}
            names = {name: table.name(name, row[name]) for name in metric.keys}
            rows.append(row | {"names": names, "behind": behind(key)})
        totals = {column: table.facts[TOTALS[column]] for column in metric.numbers}
        days = {"first": ask.period.first, "last": ask.period.last}
        return Response(
            _about(metric)
            | {"filters": days | ask.narrowing(), "rows": rows}
            | {"totals": totals | {"behind": behind({})}}
        )


def _no_others(request) -> None:
    """Refuse parameters of an endpoint that takes none."""
    for name in sorted(request.query_params):
        raise Refusal(400, _("There is no filter called %(name)s.") % {"name": name[:60]})


def _about(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "question": str(metric.question),
        "measure": str(metric.measure),
        "how_counted": metric.how_counted,
        "columns": {name: str(label) for name, label in metric.labels.items()},
        "url": reverse(f"api:figure-{metric.name}"),
    }


def _shape(metric: Metric) -> type[serializers.Serializer]:
    """What the endpoint of a figure answers."""
    title = "".join(part.capitalize() for part in metric.name.split("_"))
    labels = {name: str(label) for name, label in metric.labels.items()}
    numbers: dict[str, Any] = {
        name: serializers.IntegerField(help_text=labels[name], allow_null=name == PEOPLE)
        for name in metric.numbers
    }
    lists: dict[str, Any] = {
        name: serializers.CharField(allow_null=True, help_text="The list it counts.")
        for name in metric.numbers
    }
    words: dict[str, Any] = {
        name: serializers.CharField(help_text=labels[name]) for name in metric.keys
    }
    kinds = {"month": serializers.DateField}
    keys: dict[str, Any] = {
        name: kinds.get(name, serializers.CharField)(allow_null=True, help_text=labels[name])
        for name in metric.keys
    }
    behind = type(f"{title}Behind", (serializers.Serializer,), lists)
    names = type(f"{title}Names", (serializers.Serializer,), words)
    row = type(
        f"{title}Row",
        (serializers.Serializer,),
        keys | numbers | {"names": names(), "behind": behind()},
    )
    totals = type(f"{title}Totals", (serializers.Serializer,), numbers | {"behind": behind()})
    filters = serializers.DictField(child=serializers.CharField(), help_text="What was asked.")
    return type(
        f"{title}Figure",
        (AboutFigureShape,),
        {"filters": filters, "rows": row(many=True), "totals": totals()},
    )


def _parameters() -> list[OpenApiParameter]:
    """The filters of every figure."""
    found = []
    for name, field in AskForm.base_fields.items():
        kind = (
            {"type": "string", "format": "date"}
            if name in ("first", "last")
            else {"type": "string"}
        )
        found.append(OpenApiParameter(name, kind, description=str(field.label)))
    return found


def routes() -> list:
    """The addresses of the figures."""
    found = [path("figures/", Figures.as_view({"get": "list"}), name="figures")]
    for metric in METRICS.values():
        shape = _shape(metric)
        members = {
            "metric": metric,
            "serializer_class": shape,
            "group": f"figures_{metric.name}",
            "__doc__": f"{metric.question}",
        }
        described = extend_schema(parameters=_parameters(), responses={200: shape} | read_errors())
        view: Any = type(f"{shape.__name__}Api", (OneFigure,), members)
        view = extend_schema_view(retrieve=described)(view)
        one = view.as_view({"get": "retrieve"})
        found.append(path(f"figures/{metric.name}/", one, name=f"figure-{metric.name}"))
    return found
