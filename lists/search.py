"""One box for everything that has a name: own rows first, then those met most recently."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from access.scope import Actor
from lists import index
from lists.columns import NEVER, Row, read
from lists.folding import needles
from lists.pages import ListPage

MOST = 12
CLOSE = 200  # rows of one list that are looked at more closely; fewer hits are ranked exactly
MET = 100  # rows of one list met last, which are looked at where there are more
DAY, OFF = "last_contact", "keep_off"


@dataclass(frozen=True)
class Hit:
    """One row that was found: what it is, its name, and what helps to tell it from others."""

    kind: Any
    icon: str
    uid: UUID
    name: str
    place: str
    url: str
    is_met: bool  # whether contact with rows of this kind is dated at all
    day: date | None
    keep_off: tuple[str, ...] = ()  # the channels that a person asked us not to use


@dataclass(frozen=True)
class Ranked:
    """A row that was found, and what its place depends on."""

    is_far: bool  # not one's own
    ago: int  # the day of contact, latest first
    name: str
    pk: int
    page: ListPage

    @property
    def order(self) -> tuple:
        return self.is_far, self.ago, self.name


def search(actor: Actor, text: str, pages: Iterable[ListPage], most: int = MOST) -> list[Hit]:
    """The rows of these lists that the actor sees and that the text names, `most` at most.

    Own rows come first, then by the day of last contact, then by name. Of a text that names more
    than CLOSE rows of a list, these are ranked: own rows, those among the MET met last,
    and the first CLOSE.
    Lists that the actor may not read give nothing.
    """
    found: list[Ranked] = []
    known: dict[str, Any] = {}
    for page in pages:
        if page.search_in and actor.may(page.action):
            found += _ranked(actor, text, page, known)
    found.sort(
        key=lambda one: one.order
    )  # stable: by list, then by age, where all else is the same
    best = found[:most]
    shown = {page: _shown(actor, page, best) for page in {one.page for one in best}}
    return [hit for one in best if (hit := shown[one.page].get(one.pk))]


def _ranked(actor: Actor, text: str, page: ListPage, known: dict[str, Any]) -> list[Ranked]:
    """The rows of one list that may be among the best."""
    rows, columns = page.rows(actor), ("sort_name", *_day_of(page))
    found = {row[0]: row for row in index.first(rows, text, columns, CLOSE + 1)}
    is_many = len(found) > CLOSE
    if is_many:
        found.pop(max(found))
    for held in page.detailed(text, actor):
        found |= _read(rows.filter(pk__in=held).order_by("pk")[:CLOSE], columns)
    near = page.nearest(actor, known) if found else set()
    if is_many:
        found |= _read(rows.filter(index.holding(text), pk__in=near), columns)
        if _day_of(page):
            found |= _met(rows, text, columns)
    return [_rank(row, page, near) for row in found.values()]


def _met(rows, text: str, columns: tuple[str, ...]) -> dict[int, tuple]:
    """Those of the rows met last that the text names."""
    last = rows.filter(last_contact__gt=NEVER).order_by("-last_contact", "-uid")
    window = last.values_list("pk", *columns, index.COLUMN)[:MET]
    wanted = needles(text)
    return {pk: (pk, *row) for pk, *row, key in window if all(one in key for one in wanted)}


def _read(rows, columns: tuple[str, ...]) -> dict[int, tuple]:
    return {row[0]: row for row in rows.values_list("pk", *columns)}


def _day_of(page: ListPage) -> tuple[str, ...]:
    return (DAY,) if any(column.name == DAY for column in page.columns) else ()


def _rank(row: tuple, page: ListPage, near: set[int]) -> Ranked:
    pk, name, *days = row
    day = days[0] if days else NEVER
    day = date.fromisoformat(day) if isinstance(day, str) else day  # as SQLite keeps it
    return Ranked(pk not in near, -day.toordinal(), name, pk, page)


def _shown(actor: Actor, page: ListPage, best: list[Ranked]) -> dict[int, Hit]:
    """The hits of one list by id, with the words for the page."""
    names = {*page.place, DAY, OFF}
    columns = [c for c in page.columns if c.main or c.name in names]
    ids = [one.pk for one in best if one.page is page]
    seen = page.model.objects.visible_to(actor).filter(pk__in=ids)
    return {row.pk: _hit(page, row) for row in read(seen, columns, actor)}


def _hit(page: ListPage, row: Row) -> Hit:
    main = next(c.name for c in page.columns if c.main)
    day = row.cells[DAY].value if DAY in row.cells else None
    return Hit(
        kind=page.one,
        icon=page.icon,
        uid=row.uid,
        name=row.cells[main].text,
        place=", ".join(filter(None, (row.cells[name].text for name in page.place))),
        url=reverse(page.record, args=[row.uid]),
        is_met=DAY in row.cells,
        day=day,
        keep_off=tuple(row.cells[OFF].value) if OFF in row.cells else (),
    )
