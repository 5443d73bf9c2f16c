"""Every figure the product shows, each defined once. `METRICS` holds them by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from typing import Any

from django.utils.translation import gettext

from access.scope import Actor
from dashboards.asking import Ask
from dashboards.metrics.behind import Behind, behind
from dashboards.tables import Table

METRICS: dict[str, "Metric"] = {}


@dataclass(frozen=True)
class Metric:
    """A question a leader asks, and the one table that answers it.

    counts: "work" (meetings, partners: never suppressed) or "people" (small counts are hidden).
    measure: what its numbers are, for the line under a heading.
    keys: the columns that name a row; the others hold numbers.
    labels: the words for its columns.
    lists: function(ask, facts, key, column) to the list behind a number.
    """

    name: str
    question: Any
    measure: Any
    counts: str
    chart: str
    keys: tuple[str, ...]
    labels: Mapping[str, Any]
    table: Callable[[Actor, Ask], Table]
    lists: Callable[..., Behind | None] = behind

    @property
    def how_counted(self) -> str:
        """How this is counted, in the metric's own words, in the reader's language.

        The message of a catalogue is a paragraph on one line.
        """
        return "\n\n".join(gettext(part) for part in _paragraphs(self.table.__doc__ or ""))

    @property
    def numbers(self) -> list[str]:
        """The columns that hold numbers."""
        return [name for name in self.labels if name not in self.keys]

    def behind(
        self, ask: Ask, table: Table, key: Mapping[str, Any], column: str = "interactions"
    ) -> Behind | None:
        """The list that holds exactly what a number counts; None where there is none to open.

        `key` names the row, or part of it for a total ({} for the total of all).
        """
        return self.lists(ask, table.facts, key, column)


@cache
def _paragraphs(docstring: str) -> list[str]:
    found = [" ".join(part.split()) for part in cleandoc(docstring).split("\n\n")]
    return [part for part in found if part]


def metric(
    question,
    *,
    measure,
    counts: str,
    chart: str,
    keys: tuple[str, ...],
    labels: dict,
    lists: Callable[..., Behind | None] = behind,
):
    """Register `function(actor, ask) -> Table` as a figure."""

    def register(function):
        METRICS[function.__name__] = Metric(
            function.__name__, question, measure, counts, chart, keys, labels, function, lists
        )
        return function

    return register


from dashboards.metrics import affiliates, coverage, events, kinds, months, steps  # noqa: E402, F401  (fill METRICS)
