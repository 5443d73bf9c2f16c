"""The list of events."""

from django.utils.translation import gettext_lazy as _

from crm.lists.loading import linked
from crm.models import Affiliate, Community, FocusArea
from lists import filters
from lists.columns import Column, Texts, options
from lists.pages import ListPage
from outreach.commands import AddEvent, ChangeEvent
from outreach.models import (
    Event,
    EventCommunity,
    EventFocusArea,
    EventKind,
    EventOrganization,
)

partners = Texts(EventOrganization, "event_id", "organization__name", order="id")
communities = linked(EventCommunity, "event_id", "community")
focus_areas = linked(EventFocusArea, "event_id", "focus_area")


class Events(ListPage):
    """What many come to: our events, and those that partners host."""

    model, name, title = Event, "events", _("Events")
    one, icon = _("Event"), "calendar"
    record, add_url = "outreach:event", "outreach:add_event"
    add, change = AddEvent, ChangeEvent
    template = "outreach/events.html"
    order = "-day"
    place = ("place", "state")
    empty_text = _("Events appear here when somebody plans one, or a partner invites us.")
    columns = [
        Column("name", _("Event"), sort="sort_name", main=True),
        Column("kind", _("Kind"), kind="reference"),
        Column("day", _("Day"), kind="day", sort="day"),
        Column("partners", _("Partners"), kind="many", load=partners),
        Column("place", _("Place")),
        Column("state", _("State"), path="home", kind="state"),
        Column("status", _("Status"), choices=options(Event, "status")),
        Column("owner", _("Owner"), kind="user"),
        Column("communities", _("Communities"), kind="many", load=communities, on_page=False),
        Column("focus_areas", _("Focus areas"), kind="many", load=focus_areas, on_page=False),
        Column("end_day", _("Last day"), kind="day", on_page=False),
        Column("series", _("Series"), on_page=False),
        Column("edition", _("Edition"), on_page=False),
        Column("capacity", _("Room for"), kind="number", on_page=False),
        Column("head_count", _("Head count"), kind="number", on_page=False),
        Column("counted", _("Source"), choices=options(Event, "counted"), on_page=False),
        Column("cost", _("Cost"), kind="number", on_page=False),
        Column("url", _("Link"), on_page=False),
    ]
    filters = {
        "mine": filters.Flag(lambda rows, actor: rows.filter(owner_id=actor.user_id), _("Mine")),
        "ahead": filters.Flag(lambda rows, actor: rows.ahead(actor.today()), _("Ahead")),
        "unsettled": filters.Flag(
            lambda rows, actor: rows.unsettled(actor.today()), _("Did it happen?")
        ),
        "ours": filters.Flag(lambda rows, actor: rows.hosted_by_us(actor), _("We host")),
        "status": filters.Options("status", Event.Status.choices, _("Status")),
        "kind": filters.Choose(EventKind, "kind", _("Kind")),
        "community": filters.Linked(
            Community, EventCommunity, "event", "community", _("Community")
        ),
        "focus_area": filters.Linked(
            FocusArea, EventFocusArea, "event", "focus_area", _("Focus area")
        ),
        "affiliate": filters.OfSeen(Affiliate, _("Affiliate"), "affiliate"),
        "from": filters.Day("last_day", "gte", _("From")),
        "to": filters.Day("day", "lte", _("To")),
        "owner": filters.Colleague("owner", _("Owner")),
        "region": filters.region(),
        "state": filters.state(),
    }
