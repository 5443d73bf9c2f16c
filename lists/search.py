"""One box for everything that has a name: own rows first, then those met most recently."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse

from access.among import GIVEN, ByValues, parameter
from access.prepared import Prepared
from access.scope import Actor
from lists import index
from lists.columns import NEVER, Column, Row, made_of, paths_of
from lists.folding import needles
from lists.pages import NO_UID, ListPage

MOST = 12
CLOSE = 200  # rows of one list that are looked at more closely; fewer hits are ranked exactly
MET = 100  # rows of one list met last, which are looked at where there are more
DAY, OFF = "last_contact", "keep_off"
IN_WORDS = Cast(DAY, TextField())  # as 2026-11-02: hundreds are compared, and few are shown


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


class Ranked(NamedTuple):
    """A row that was found, and what its place depends on."""

    is_far: bool  # not one's own
    ago: int  # the day of contact, latest first
    name: str
    pk: int
    page: ListPage


ORDER = itemgetter(0, 1, 2)


def search(actor: Actor, text: str, pages: Iterable[ListPage], most: int = MOST) -> list[Hit]:
    """The rows of these lists that the actor sees and that the text names, `most` at most.

    Own rows come first, then by the day of last contact, then by name. Of a text that names more
    than CLOSE rows of a list, these are ranked: own rows, those among the MET met last,
    and CLOSE that were found first.
    Lists that the actor may not read give nothing.
    """
    found: list[Ranked] = []
    known: dict[str, Any] = {}
    for page in pages:
        if page.search_in and actor.may(page.action):
            found += _ranked(actor, text, page, known)
    # Stable: by list, then by age, where all else is the same.
    best = sorted(found, key=ORDER)[:most]
    shown = {page: _shown(actor, page, best) for page in {one.page for one in best}}
    return [hit for one in best if (hit := shown[one.page].get(one.pk))]


def _ranked(actor: Actor, text: str, page: ListPage, known: dict[str, Any]) -> list[Ranked]:
    """The rows of one list that may be among the best."""
    rows, columns = page.rows, ("sort_name", *_day_of(page))
    found = {row[0]: row for row in index.first(rows, actor, text, columns, CLOSE + 1)}
    is_many = len(found) > CLOSE
    if is_many:
        found.pop(max(found))
    for held in page.detailed(text, actor):
        seen = rows(actor).filter(pk__in=held).order_by("pk").values_list("pk", *columns)
        found |= {row[0]: row for row in seen[:CLOSE]}
    near = page.nearest(actor, known) if found else set()
    if is_many:
        key, wanted = (rows, actor, actor.today(), columns), needles(text)
        asked: dict[Any, Any] = {GIVEN: parameter(page.model._meta.pk, near)}
        asked |= index.given(text)
        found |= {row[0]: row for row in _near(*key, len(wanted)).ask(asked)}
        if _day_of(page):
            for *row, name in _met(*key).ask():
                if all(one in name for one in wanted):
                    found[row[0]] = tuple(row)
    return [_rank(row, page, near) for row in found.values()]


@lru_cache(maxsize=256)
def _near(rows, actor: Actor, day: date, columns: tuple[Any, ...], count: int) -> Prepared:
    """Those of some rows whose key holds so many needles."""
    seen = rows(actor).filter(index.marked(count), pk__among=GIVEN)
    return Prepared(seen.order_by().values_list("pk", *columns), planned_once=True)


@lru_cache(maxsize=256)
def _met(rows, actor: Actor, day: date, columns: tuple[Any, ...]) -> Prepared:
    """The rows met last, with their keys."""
    last = rows(actor).filter(last_contact__gt=NEVER).order_by("-last_contact", "-uid")
    return Prepared(last.values_list("pk", *columns, index.COLUMN)[:MET])


def _day_of(page: ListPage) -> tuple[Any, ...]:
    return (IN_WORDS,) if any(column.name == DAY for column in page.columns) else ()


def _rank(row: tuple, page: ListPage, near: set[int]) -> Ranked:
    pk, name, *days = row
    ago = -int((days[0] if days else str(NEVER)).replace("-", ""))
    return Ranked(pk not in near, ago, name, pk, page)


def _shown(actor: Actor, page: ListPage, best: list[Ranked]) -> dict[int, Hit]:
    """The hits of one list by id, with the words for the page."""
    ids = [one.pk for one in best if one.page is page]
    found = made_of(_seen(page, actor, actor.today()).of(ids), _words(page), actor)
    address = reverse(page.record, args=[NO_UID])
    return {row.pk: _hit(page, row, address) for row in found}


def _words(page: ListPage) -> list[Column]:
    names = {*page.place, DAY, OFF}
    return [c for c in page.columns if c.main or c.name in names]


@lru_cache(maxsize=256)
def _seen(page: ListPage, actor: Actor, day: date) -> ByValues:
    """Rows of one list with the words for the page."""
    seen = page.model.objects.visible_to(actor)
    return ByValues(seen.values_list("pk", "uid", "revision", *paths_of(_words(page))), "pk")


def _hit(page: ListPage, row: Row, address: str) -> Hit:
    main = next(c.name for c in page.columns if c.main)
    day = row.cells[DAY].value if DAY in row.cells else None
    return Hit(
        kind=page.one,
        icon=page.icon,
        uid=row.uid,
        name=row.cells[main].text,
        place=", ".join(filter(None, (row.cells[name].text for name in page.place))),
        url=address.replace(str(NO_UID), str(row.uid)),
        is_met=DAY in row.cells,
        day=day,
        keep_off=tuple(row.cells[OFF].value) if OFF in row.cells else (),
    )
