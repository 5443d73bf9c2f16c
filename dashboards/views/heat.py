"""The figure of region by community as a coloured table."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from access.kept import kept
from access.scope import Actor
from crm.models import Community
from dashboards.addresses import address
from dashboards.asking import Ask
from dashboards.drawing import rows
from dashboards.drawing.scales import legend, shade, shades
from dashboards.metrics import METRICS
from dashboards.metrics.counting import NOT_GIVEN, OTHERS
from dashboards.tables import Table
from lists.templatetags.form_parts import whole

NO_COLUMN = (NOT_GIVEN, OTHERS)  # no community, so that nothing there is a gap


@dataclass(frozen=True)
class HeatCell:
    """One cell: a number, how dark, and the list behind it."""

    value: int | None  # None: no partner at all
    before: int
    level: int
    url: str
    label: str
    is_gap: bool = False

    @property
    def shown(self) -> str:
        """What stands in the cell."""
        if self.value is None:
            return _("None") if self.is_gap else "–"
        return whole(self.value)


@dataclass(frozen=True)
class HeatRow:
    """One region: its cells by community, and its total."""

    name: str
    cells: list[HeatCell]
    total: HeatCell


class Heat:
    """The table of the activity metric, laid out: rows of regions, columns of communities."""

    def __init__(self, actor: Actor, ask: Ask, table: Table):
        self.actor, self.ask, self.table = actor, ask, table
        self.metric = METRICS["activity"]
        regions, communities = table.names["region"], table.names["community"]
        short = _short_names()
        self.columns = [(key, short.get(key) or name, name) for key, name in communities.items()]
        self.values = {row[:2]: row[2:] for row in table.rows}
        self.steps = shades(row[3] for row in table.rows)
        self.rows = [self._row(key, name) for key, name in regions.items()]
        facts = table.facts
        self.totals = [
            self._total("community", "communities", key, name) for key, _short, name in self.columns
        ]
        everything = _("all regions and communities")
        self.total = self._cell({}, facts["total"], facts["total_before"], everything, total=True)

    def _row(self, region: str, name: str) -> HeatRow:
        cells = []
        for community, _short, label in self.columns:
            partners, number, before = self.values[region, community]
            key = {"region": region, "community": community}
            value = number if partners or number else None
            cells.append(self._cell(key, value, before, f"{name}, {label}"))
        return HeatRow(name, cells, self._total("region", "regions", region, name))

    def _total(self, key: str, fact: str, value: Any, name: str) -> HeatCell:
        """The total of a region or a community: each meeting once."""
        now, before = (self.table.facts[f"{fact}{when}"].get(value, 0) for when in ("", "_before"))
        return self._cell({key: value}, now, before, name, total=True)

    def _cell(
        self, key: dict[str, Any], value: int | None, before: int, label: str, total: bool = False
    ) -> HeatCell:
        level = 0 if value is None or total else shade(self.steps, value)
        if value is None:
            text = _("No partner: %(label)s") % {"label": label}
        else:
            words = ngettext("%(count)s meeting: %(label)s", "%(count)s meetings: %(label)s", value)
            text = words % {"count": whole(value), "label": label}
        column = "partners" if value is None else "interactions"
        url = address(self.actor, self.metric.behind(self.ask, self.table, key, column))
        is_gap = value is None and key.get("community") not in NO_COLUMN
        return HeatCell(value, before, level, url, text, is_gap)

    @cached_property
    def as_table(self) -> SafeString:
        """The table as HTML."""
        return rows.heat(self)

    @property
    def key(self) -> list[tuple[int, str]]:
        """(level, its numbers) for the legend."""
        return legend(self.steps)


def _short_names() -> dict[Any, str]:
    """The short names of communities, in the reader's language."""
    spanish = (get_language() or "").startswith("es")
    return {
        row.code: (row.short_es if spanish else "") or row.short
        for row in kept("communities", lambda: list(Community.objects.all()))
        if not spanish or row.short_es
    }
