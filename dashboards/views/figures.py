"""A figure as a page shows it: its drawing, and its table with the list behind each number."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from access.scope import Actor
from dashboards import findings
from dashboards.addresses import address
from dashboards.asking import Ask
from dashboards.drawing import rows, svg
from dashboards.metrics import Metric
from dashboards.tables import TOTALS, Table
from dashboards.views.charts import DRAWN


@dataclass(frozen=True)
class FigureCell:
    """One number of a figure's table, and the list behind it."""

    value: Any  # a number; None: too few people to be told
    url: str


@dataclass(frozen=True)
class FigureRow:
    """One row of a figure's table."""

    key: Any
    name: str
    cells: list[FigureCell]


class Figure:
    """One figure as the page shows it: what it found, its measure, its table and its CSV."""

    def __init__(self, actor: Actor, ask: Ask, metric: Metric, table: Table):
        self.actor, self.ask, self.metric, self.table = actor, ask, metric, table
        self.name, self.measure = metric.name, metric.measure
        self.finding = findings.FINDINGS[metric.name](table)
        self.csv_url = f"{reverse(f'dashboards:{metric.name}_csv')}?{urlencode(ask.query())}"

    @property
    def columns(self) -> list[str]:
        """The words over the numbers."""
        return [self.metric.labels[name] for name in self.metric.numbers]

    @property
    def key_label(self) -> str:
        """The word over the names of the rows."""
        return self.metric.labels[self.metric.keys[0]]

    @cached_property
    def rows(self) -> list[FigureRow]:
        """Each row by its name, each number with the list behind it."""
        found = []
        for row in self.table.dicts():
            key = {name: row[name] for name in self.metric.keys}
            first = key[self.metric.keys[0]]
            cells = [self._cell(key, name, row[name]) for name in self.metric.numbers]
            found.append(FigureRow(first, self.table.name(self.metric.keys[0], first), cells))
        return found

    @property
    def totals(self) -> list[FigureCell]:
        """The last line: each meeting once."""
        facts = self.table.facts
        found = []
        for name in self.metric.numbers:
            number = facts[TOTALS[name]]
            found.append(self._cell({}, name, number))
        return found

    @cached_property
    def chart(self) -> Any:
        """The drawing of the table; None for the one that is drawn as a coloured table."""
        draw = DRAWN.get(self.metric.chart)
        return draw(self) if draw else None

    @cached_property
    def drawing(self) -> SafeString:
        """The drawing as SVG."""
        return getattr(svg, self.metric.chart)(self.chart, self.chart_says)

    @cached_property
    def as_table(self) -> SafeString:
        """The table as HTML."""
        return rows.table(self)

    @cached_property
    def as_cards(self) -> SafeString:
        """The table as HTML, as cards on a phone."""
        return rows.table(self, "cards mini wide")

    @property
    def chart_says(self) -> str:
        """What the drawing is, for who does not see it."""
        words = {"finding": self.finding, "measure": self.measure}
        return _("%(finding)s. %(measure)s; the table has every number.") % words

    def _cell(self, key: dict[str, Any], column: str, number: int | None) -> FigureCell:
        behind = self.metric.behind(self.ask, self.table, key, column)
        return FigureCell(number, address(self.actor, behind))
