"""One box for everything that has a name: own rows first, then those met most recently."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse

from access.scope import Actor
from lists.columns import read
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
    found: list[Hit] = []
    for page in pages:
        if text.strip() and actor.may(page.action):
            found += _hits(actor, text, page, most)
    return found[:most]


def _hits(actor: Actor, text: str, page: ListPage, most: int) -> list[Hit]:
    rows = page.search(page.rows(actor), text, actor)
    order = ["sort_name", "uid"]
    if any(f.name == "last_contact" for f in page.model._meta.concrete_fields):
        order.insert(0, "-last_contact")
    if page.has_owner:
        own = page.model.objects.none().own(actor)
        is_own = Case(When(own, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows, order = rows.alias(is_own=is_own), ["is_own", *order]
    ids = list(rows.order_by(*order).values_list("pk", flat=True)[:most])
    wanted = [c for c in page.columns if c.main or c.name == page.hint]
    seen = page.model.objects.visible_to(actor).filter(pk__in=ids)
    by_id = {row.pk: row for row in read(seen, wanted, actor)}
    main = next(c.name for c in page.columns if c.main)
    return [
        Hit(
            kind=page.one,
            icon=page.icon,
            uid=by_id[pk].uid,
            name=by_id[pk].cells[main].text,
            hint=by_id[pk].cells[page.hint].text if page.hint in by_id[pk].cells else "",
            url=reverse(page.record, args=[by_id[pk].uid]),
        )
        for pk in ids
        if pk in by_id
    ]
