"""How a partner may be reached: never by a way that its people asked us to keep off."""

from dataclasses import dataclass
from typing import Any

from crm.models import (
    Affiliation,
    ContactEmail,
    ContactPhone,
    Organization,
    OrganizationEmail,
    OrganizationPhone,
)


@dataclass(frozen=True)
class Way:
    """How a quiet partner may be reached: the kind of meeting that it would be, and with whom."""

    kind: str  # the code of an interaction kind
    icon: str
    contact: Any = None


def ways_to_reach(actor, partners: list[Organization]) -> dict[int, Way]:
    """For each partner a way that nobody asked us to keep off: call, write, or go there."""
    ids = [partner.pk for partner in partners]
    ties = Affiliation.objects.visible_to(actor).filter(organization_id__in=ids)
    ties = ties.current(actor.today()).select_related("contact")
    ties = list(ties.order_by("-contact__last_contact", "id"))
    people = [tie.contact_id for tie in ties]
    phones = _having(ContactPhone, actor, "contact_id", people)
    emails = _having(ContactEmail, actor, "contact_id", people)
    office_phones = _having(OrganizationPhone, actor, "organization_id", ids)
    office_emails = _having(OrganizationEmail, actor, "organization_id", ids)
    found: dict[int, Way] = {}
    for partner in partners:
        mine = [tie.contact for tie in ties if tie.organization_id == partner.pk]
        open_to = [c for c in mine if not c.no_contact]
        calls = [c for c in open_to if c.pk in phones and not c.no_phone]
        writes = [c for c in open_to if c.pk in emails and not c.no_email]
        if calls and calls[0].preferred_channel != "email":
            found[partner.pk] = Way("call", "phone", calls[0])
        elif writes:
            found[partner.pk] = Way("e-mail", "mail", writes[0])
        elif calls:
            found[partner.pk] = Way("call", "phone", calls[0])
        elif partner.pk in office_phones:
            found[partner.pk] = Way("call", "phone")
        elif partner.pk in office_emails:
            found[partner.pk] = Way("e-mail", "mail")
        else:
            found[partner.pk] = Way("site-visit", "pin")
    return found


def _having(part, actor, column: str, ids: list[int]) -> set[int]:
    rows = part.objects.visible_to(actor).filter(**{f"{column}__in": ids})
    return set(rows.values_list(column, flat=True))
