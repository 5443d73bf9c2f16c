"""Who does what at an event: we and partners, in the order of roles, and what sponsors give."""

from dataclasses import dataclass, field

from access.scope import Actor
from outreach.models import Event, EventOrganization, EventOwnRole, EventRole


@dataclass(frozen=True)
class Part:
    """A role at an event: who has it, we or partners, and with what amount."""

    label: str
    own: list[EventOwnRole] = field(default_factory=list)
    partners: list[EventOrganization] = field(default_factory=list)


@dataclass(frozen=True)
class TakingPart:
    """The roles that somebody in sight has, how many partners that is, and what sponsors give."""

    parts: list[Part]
    partners: int  # each once, whatever it does
    given: int


def taking_part(actor: Actor, event: Event) -> TakingPart:
    """Who does what at an event, as far as the actor sees them. Two statements."""
    found = {code: Part(str(label)) for code, label in EventRole.choices}
    for own in event.own_roles.visible_to(actor).order_by("id"):
        found[own.role].own.append(own)
    rows = event.partner_roles.visible_to(actor).select_related("organization")
    rows = list(rows.order_by("organization__sort_name", "id"))
    for row in rows:
        found[row.role].partners.append(row)
    return TakingPart(
        [part for part in found.values() if part.own or part.partners],
        len({row.organization_id for row in rows}),
        sum(row.amount or 0 for row in found[EventRole.SPONSOR].partners),
    )
