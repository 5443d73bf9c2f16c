"""Every figure the product shows, each defined once. `METRICS` holds them by name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from access.scope import Actor
from dashboards.tables import Period, Table

METRICS: dict[str, "Metric"] = {}


@dataclass(frozen=True)
class Metric:
    """A question a leader asks, and the one table that answers it.

    counts: "work" (meetings, partners: never suppressed) or "people" (small counts are hidden).
    """

    name: str
    question: Any
    counts: str
    chart: str
    table: Callable[[Actor, Period], Table]

    @property
    def how_counted(self) -> str:
        """How this is counted, in the metric's own words."""
        return (self.table.__doc__ or "").strip()


def metric(question, *, counts: str, chart: str):
    """Register `function(actor, period) -> Table` as a figure."""

    def register(function):
        METRICS[function.__name__] = Metric(function.__name__, question, counts, chart, function)
        return function

    return register


from dashboards.metrics import coverage  # noqa: E402, F401  (fills METRICS)
