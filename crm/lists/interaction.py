"""The list of meetings, calls and visits."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from access.kept import kept
from access.models import Region, State
from access.roles import Action
from crm.commands import (
    ChangeInteraction,
    LogInteraction,
)
from crm.lists.organization import in_communities, tied_to
from crm.models import (
    Affiliate,
    Community,
    FocusArea,
    Interaction,
    InteractionContact,
    InteractionFocusArea,
    InteractionKind,
    InteractionOrganization,
    InteractionOrganizer,
    Organization,
)
from lists import filters
from lists.columns import Column, Texts, options, together
from lists.pages import ListPage


def _at_meetings(link, text: str) -> Texts:
    return Texts(link, "interaction_id", text, order="position")


# The partners of each meeting that the actor sees, the people, and who of us was there.
partners_met = _at_meetings(InteractionOrganization, "organization__name")
people_met = _at_meetings(InteractionContact, "contact__name")
colleagues = _at_meetings(InteractionOrganizer, "user__name")


def meeting_names(actor, rows: Iterable[Any]) -> dict[Any, str]:
    """ "Visit with Casa Unida, Nov 24": a meeting by its kind, who was met, and its day.

    A row has uid, pk, kind_id and day.
    """
    rows = list(rows)
    if not rows:
        return {}
    met = together({"o": partners_met, "p": people_met}, actor, [row.pk for row in rows])
    kinds = kept("kinds of meetings", _kinds)
    if not kinds.keys() >= {row.kind_id for row in rows}:  # one came since this request began
        kinds = _kinds()
    return {
        row.uid: meeting_name(
            row, kinds[row.kind_id], met["o"].get(row.pk) or met["p"].get(row.pk, [])
        )
        for row in rows
    }


def _kinds() -> dict[int, InteractionKind]:
    return {kind.pk: kind for kind in InteractionKind.objects.all()}


def meeting_name(row, kind: InteractionKind, met: list[str]) -> str:
    """A meeting by its kind, the first of those who were met, and its day."""
    words = {"kind": kind.label, "day": _in_words(row.day, get_language())}
    if met:
        return gettext("%(kind)s with %(who)s, %(day)s") % (words | {"who": met[0]})
    return gettext("%(kind)s, %(day)s") % words


@lru_cache(maxsize=2_000)
def _in_words(day: date, _language: str | None) -> str:
    return date_format(day, pgettext("date pattern, as in Nov 24, 2026", "M j, Y"))


def without_affiliate(rows, actor):
    """Meetings for no affiliate, as far as the viewer sees: one that is hidden is not told of."""
    seen = Affiliate.objects.visible_to(actor).order_by()
    return rows.filter(Q(affiliate__isnull=True) | ~Q(affiliate__in=seen))


# The filters that are of a partner, and not of the meeting.
OF_PARTNER = (
    "region",
    "state",
    "community",
    "no_community",
    "gone_community",
    "owner",
    "with_partner",
)


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
        "mine": filters.Flag(lambda rows, actor: rows.of(actor), _("Mine")),
        "from": filters.Day("day", "gte", _("From")),
        "to": filters.Day("day", "lte", _("To")),
        "kind": filters.Choose(InteractionKind, "kind", _("How")),
        "gone_kind": filters.Flag(
            lambda rows, actor: rows.filter(kind__retired=True), _("Of a kind no longer used")
        ),
        "status": filters.Options("status", Interaction.Status.choices, _("Status")),
        "focus_area": filters.Linked(
            FocusArea, InteractionFocusArea, "interaction_id", "focus_area", _("Focus area")
        ),
        "affiliate": filters.OfSeen(Affiliate, _("For affiliate"), "affiliate"),
        "not_affiliate": filters.OfSeen(
            Affiliate, _("For an affiliate other than"), "affiliate", other=True
        ),
        "no_affiliate": filters.Flag(without_affiliate, _("Affiliate not given")),
        "region": filters.Stays(Region, "region", _("Region of a partner")),
        "state": filters.Stays(State, "state", _("State of a partner")),
        "community": filters.Stays(Community, "community", _("Community of a partner")),
        "no_community": filters.StaysFlag(_("Partner without a community")),
        "gone_community": filters.StaysFlag(_("Partner of a community no longer used")),
        "owner": filters.StaysColleague(_("Owner of a partner")),
        "with_partner": filters.StaysFlag(_("With a partner")),
        "counted": filters.Flag(lambda rows, actor: rows.counted(), _("Counted in figures")),
    }
    costly = frozenset({*OF_PARTNER, "focus_area"})

    def narrow(self, rows, values, actor):
        """Region, state, community and owner are of one and the same partner."""
        if not any(values.get(name) for name in OF_PARTNER):
            return rows, False
        partners = in_communities(Organization.objects.visible_to(actor), values, actor)
        for name, column in (("region", "home__region"), ("state", "home"), ("owner", "owner")):
            if wanted := values.get(name):
                partners = partners.filter(**{f"{column}__in": [row.pk for row in wanted]})
        links = InteractionOrganization.objects.visible_to(actor)
        return tied_to(partners, rows, links, "interaction_id")
