"""The list of meetings, calls and visits."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from access.models import Region, State
from access.roles import Action
from crm.commands import (
    ChangeInteraction,
    LogInteraction,
)
from crm.lists.loading import grouped
from crm.lists.organization import in_communities
from crm.models import (
    Community,
    Interaction,
    InteractionContact,
    InteractionKind,
    InteractionOrganization,
    InteractionOrganizer,
    Organization,
)
from lists import filters
from lists.columns import Column, options
from lists.pages import ListPage


def partners_met(actor, ids) -> dict[int, list[str]]:
    """The partners of each meeting that the actor sees, in order."""
    links = InteractionOrganization.objects.visible_to(actor).filter(interaction_id__in=ids)
    return grouped(
        links.order_by("position", "id").values_list("interaction_id", "organization__name")
    )


def people_met(actor, ids) -> dict[int, list[str]]:
    """The people at each meeting that the actor sees, in order."""
    links = InteractionContact.objects.visible_to(actor).filter(interaction_id__in=ids)
    return grouped(links.order_by("position", "id").values_list("interaction_id", "contact__name"))


def colleagues(actor, ids) -> dict[int, list[str]]:
    """Who of us was at each meeting."""
    links = InteractionOrganizer.objects.visible_to(actor).filter(interaction_id__in=ids)
    return grouped(links.order_by("position", "id").values_list("interaction_id", "user__name"))


class Interactions(ListPage):
    """Meetings, calls and visits."""

    model, name, title = Interaction, "interactions", _("Meetings")
    record, add_url = "crm:interaction", "crm:log_interaction"
    action = Action.VIEW_MEETINGS
    add, change = LogInteraction, ChangeInteraction
    order, search_in = "-day", ""
    sub = ("kind", "status")
    empty_text = _("Meetings appear here when you log one.")
    columns = [
        Column("day", _("Day"), kind="day", sort="day", main=True),
        Column("organizations", _("Organizations"), kind="many", load=partners_met),
        Column("contacts", _("People"), kind="many", load=people_met),
        Column("kind", _("How"), kind="reference"),
        Column("status", _("Status"), choices=options(Interaction, "status")),
        Column("summary", _("What happened")),
        Column("organizers", _("From us"), kind="many", load=colleagues),
        Column("minutes", _("Minutes"), kind="number", on_page=False),
        Column("state", _("State"), path="home", kind="state", on_page=False),
        Column("visibility", _("Who may read this"), on_page=False, in_csv=False),
    ]
    filters = {
        "mine": filters.Flag(lambda rows, actor: rows.filter(rows.own(actor)), _("Mine")),
        "from": filters.Day("day", "gte", _("From")),
        "to": filters.Day("day", "lte", _("To")),
        "kind": filters.Choose(InteractionKind, "kind", _("How")),
        "status": filters.Options("status", Interaction.Status.choices, _("Status")),
        "region": filters.Stays(Region, "region", _("Region of a partner")),
        "state": filters.Stays(State, "state", _("State of a partner")),
        "community": filters.Stays(Community, "community", _("Community of a partner")),
        "no_community": filters.StaysFlag(_("Partner without a community")),
        "with_partner": filters.StaysFlag(_("With a partner")),
        "counted": filters.Flag(lambda rows, actor: rows.counted(), _("Counted in figures")),
    }

    def narrow(self, rows, values, actor):
        """Region, state and community are of one and the same partner."""
        if not any(
            values.get(n) for n in ("region", "state", "community", "no_community", "with_partner")
        ):
            return rows
        partners = in_communities(Organization.objects.visible_to(actor), values, actor)
        if regions := values.get("region"):
            partners = partners.filter(home__region__in=[r.pk for r in regions])
        if states := values.get("state"):
            partners = partners.filter(home__in=[s.pk for s in states])
        links = InteractionOrganization.objects.visible_to(actor).filter(
            interaction_id=OuterRef("pk")
        )
        return rows.filter(Exists(links.filter(organization__in=partners.order_by())))
