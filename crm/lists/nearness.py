"""Whom the actor has to do with: what search shows before the rest."""

from datetime import date
from functools import lru_cache

from access.prepared import Prepared
from crm.models import InteractionContact, InteractionOrganization, Organization
from crm.models.interaction import latest_of, met_in

MEETINGS = 200  # of the actor's, the latest logged
OWNED = 1_000


def met_people(actor, known: dict) -> set[int]:
    """The people at the latest meetings of the actor that she sees."""
    return met_in(InteractionContact, "contact_id", _meetings(actor, known))


def own_partners(actor, known: dict) -> set[int]:
    """The partners that the actor owns, and those at her latest meetings that she sees."""
    met = met_in(InteractionOrganization, "organization_id", _meetings(actor, known))
    return met | {pk for (pk,) in _owned(actor, actor.today()).ask()}


@lru_cache(maxsize=256)
def _owned(actor, day: date) -> Prepared:
    owned = Organization.objects.visible_to(actor).filter(owner_id=actor.user_id).order_by("-id")
    return Prepared(owned.values_list("pk")[:OWNED], planned_once=True)


def _meetings(actor, known: dict) -> list[int]:
    if "meetings" not in known:
        known["meetings"] = latest_of(actor, MEETINGS)
    return known["meetings"]
