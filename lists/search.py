"""One box for everything that has a name: own rows first, then those met most recently."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, DateField, F, IntegerField, Q, Value, When
from django.urls import reverse

from access.scope import Actor
from lists.columns import NEVER, Row, read
from lists.pages import ListPage

MOST = 12


@dataclass(frozen=True)
class Hit:
    """One row that was found: what it is, its name, what helps to tell it from others."""

    kind: Any
    icon: str
    uid: UUID
    name: str
    hint: str
    url: str


def search(actor: Actor, text: str, pages: Iterable[ListPage], most: int = MOST) -> list[Hit]:
    """The rows of these lists that the actor sees and that the text names, `most` at most.

    Each word must be a part of the name (or of another name); a phone or an e-mail counts only as a
    whole. Lists that the actor may not read give nothing.
    """
    found: list[tuple[int, date, Hit]] = []
    for page in pages:
        if text.strip() and actor.may(page.action):
            found += _hits(actor, text, page, most)
    found.sort(key=lambda hit: (hit[0], -hit[1].toordinal()))  # stable: by name within a list
    return [hit for _own, _day, hit in found[:most]]


def _hits(actor: Actor, text: str, page: ListPage, most: int) -> list[tuple[int, date, Hit]]:
    """(0 for own rows, day of last contact, hit) of the best rows of one list."""
    rows = page.search(page.rows(actor), text, actor)
    own = page.model.objects.none().own(actor) if page.has_owner else Q(pk__in=[])
    is_own = Case(When(own, then=Value(0)), default=Value(1), output_field=IntegerField())
    met = any(f.name == "last_contact" for f in page.model._meta.concrete_fields)
    day = F("last_contact") if met else Value(NEVER, output_field=DateField())
    ranked = rows.annotate(own=is_own, day=day).order_by("own", "-day", "sort_name", "uid")
    ranks = {pk: (own, day) for pk, own, day in ranked.values_list("pk", "own", "day")[:most]}
    main = next(c for c in page.columns if c.main)
    wanted = [main, *(c for c in page.columns if c.name == page.hint)]
    seen = page.model.objects.visible_to(actor).filter(pk__in=ranks)
    by_id = {row.pk: row for row in read(seen, wanted, actor)}
    return [(*rank, _hit(page, by_id[pk], main.name)) for pk, rank in ranks.items() if pk in by_id]


def _hit(page: ListPage, row: Row, main: str) -> Hit:
    return Hit(
        kind=page.one,
        icon=page.icon,
        uid=row.uid,
        name=row.cells[main].text,
        hint=row.cells[page.hint].text if page.hint in row.cells else "",
        url=reverse(page.record, args=[row.uid]),
    )
