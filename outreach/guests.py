"""Who on a typed or written line may be somebody that we know: on the event's list first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from access.scope import Actor
from crm.alike import nearly
from crm.models import Affiliation, Contact, Organization
from lists.folding import fold
from outreach.models import Attendance, Event

MOST = 6  # people that a line is compared with by eye


@dataclass(frozen=True)
class Guess:
    """Somebody who may be meant: her uid, her name, an organization of hers, and whether she is on
    the list of the event, and by exactly this name.
    """

    uid: UUID
    name: str
    organization: str
    is_listed: bool
    is_exact: bool


def guesses(actor: Actor, event: Event, names: Iterable[str]) -> dict[str, list[Guess]]:
    """For each name: who of those that the actor sees may be meant, the likeliest first.

    Everybody of exactly this name (accents and case apart), and whom the list of the event holds by
    nearly this name. Two statements and one for organizations, however many names.
    """
    keys = {name: fold(name) for name in names}
    wanted = set(filter(None, keys.values()))
    if not wanted:
        return {name: [] for name in keys}
    people = Contact.objects.visible_to(actor)
    columns = ("pk", "uid", "name", "sort_name")
    on_list = Attendance.objects.visible_to(actor).filter(event=event.pk)
    listed = {
        row[0]: row
        for row in people.filter(pk__in=on_list.values("contact_id")).values_list(*columns)
    }
    exact = defaultdict(list)
    for row in people.filter(sort_name__in=wanted).order_by("pk").values_list(*columns):
        exact[row[3]].append(row)
    found: dict[str, list[tuple]] = {}
    for key in wanted:
        rows = {row[0]: row for row in exact[key]}
        near = (row for row in listed.values() if row[0] not in rows and nearly(key, row[3]))
        ranked = sorted(rows.values(), key=lambda row: row[0] not in listed)
        found[key] = [*ranked, *near][:MOST]
    at = organizations_of(actor, {row[0] for rows in found.values() for row in rows})
    return {
        name: [
            Guess(uid, called, at.get(pk, ""), pk in listed, sort_name == key)
            for pk, uid, called, sort_name in found.get(key, [])
        ]
        for name, key in keys.items()
    }


def organizations_of(actor: Actor, people: Iterable[int]) -> dict[int, str]:
    """The name of the main current organization of each person, where the actor sees it."""
    ties = Affiliation.objects.visible_to(actor).current(actor.today()).filter(contact__in=people)
    ties = ties.order_by("is_primary", "-pk")  # the last one of a person stays in the dict
    return dict(ties.values_list("contact_id", "organization__name"))


def partner_named(actor: Actor, text: str) -> Organization | None:
    """The one partner in the actor's sight with exactly this name, accents and case apart."""
    key = Organization._meta.get_field("sort_name").clip(text)  # type: ignore[union-attr]
    if not key:
        return None
    rows = list(Organization.objects.visible_to(actor).filter(sort_name=key)[:2])
    return rows[0] if len(rows) == 1 else None
