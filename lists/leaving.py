"""What leaves with an export, what stays out of it and why; and its rows."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import QueryDict

from access.scope import Actor
from lists.columns import Column
from lists.saved_views import Asking

if TYPE_CHECKING:
    from lists.pages import Found, ListPage

# What a channel cannot do without.
NEEDED = {"email": "emails", "phone": "phones", "text": "phones"}


@dataclass(frozen=True)
class Leaving:
    """How many rows leave, and people with them; how many stay out, and whose details do."""

    count: int
    people: int | None = None  # None: no column that brings people is chosen
    out: list[tuple[Any, int]] = field(default_factory=list)  # (reason, how many)
    kept_back: list[tuple[Any, int]] = field(default_factory=list)  # (column, of how many)

    @property
    def total(self) -> int:
        """What it takes out of the row budget."""
        return self.count + (self.people or 0)

    @property
    def typed(self) -> int:
        """The number to type: of the people, where there are any."""
        return self.people or self.count


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to take out of a list: words alone, so that it can be made later too."""

    page: "ListPage"
    query: QueryDict
    text: str
    names: tuple[str, ...]  # of columns
    channel: str

    def columns(self, actor: Actor) -> list[Column]:
        """The chosen columns, filled as for an export: without what we are asked not to use."""
        chosen = [c for c in exportable(self.page, actor) if c.name in self.names]
        return [replace(c, load=c.for_export(self.channel)) if c.for_export else c for c in chosen]

    def found(self, actor: Actor) -> "Found":
        """What the filters leave, or why they leave nothing."""
        asking: Any = Asking(actor)
        return self.page.find(asking, self.query, self.text)

    def leaving(self, actor: Actor) -> Leaving:
        """Who and what would leave now."""
        rows, out = leave_out(self.page, self._all(actor, self.found(actor)), self.channel)
        count, people, columns = rows.order_by().count(), None, self.columns(actor)
        among = rows
        if any(c.brings for c in columns):
            beside, found = self.page.brought(rows, actor)
            among, more = leave_out(beside, found, self.channel)
            people, out = among.order_by().count(), out + more
        kept_back = [(c.label, self._kept_back(c, among)) for c in columns if c.keeps_off]
        return Leaving(count, people, out, [one for one in kept_back if one[1]])

    def _kept_back(self, column: Column, people) -> int:
        assert column.keeps_off is not None
        return people.filter(column.keeps_off(self.channel)).order_by().count()

    def _all(self, actor: Actor, found: "Found"):
        return self.page.exportable(found.rows, actor)

    def in_order(self, actor: Actor):
        """The rows that leave, in the order of the list."""
        found = self.found(actor)
        sign = "-" if found.order.descending else ""
        rows = staying(self.page, self._all(actor, found), self.channel)
        return rows.order_by(f"{sign}{found.order.column.sort}", f"{sign}uid")


def exportable(page: "ListPage", actor: Actor) -> list[Column]:
    """The columns that the actor may take out."""
    return [c for c in page.columns_for(actor) if c.in_csv]


def staying(page: "ListPage", rows, channel: str):
    """The rows without those that must stay out on the channel."""
    condition: Q
    for _reason, condition in page.left_out(rows, channel) if channel else []:
        rows = rows.exclude(condition)
    return rows


def leave_out(page: "ListPage", rows, channel: str) -> tuple[Any, list[tuple[Any, int]]]:
    """The rows without those that must stay out on the channel, and (reason, how many) of these."""
    out = []
    condition: Q
    for reason, condition in page.left_out(rows, channel) if channel else []:
        if number := rows.filter(condition).order_by().count():
            out.append((reason, number))
            rows = rows.exclude(condition)
    return rows, out
