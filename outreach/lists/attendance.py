"""The list of who is asked to events, who comes, and who was there."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from access.roles import Action
from crm.lists.contact import main_organizations
from crm.models import Affiliation, Contact, Organization
from lists import filters
from lists.bulk import Bulk
from lists.columns import Column, options
from lists.pages import ListPage
from outreach.commands import AddToEvent, AnswerInvitation
from outreach.lists.parents import named, parent_of
from outreach.models import Attendance, Event

events, people = parent_of(Attendance, "event", Event), parent_of(Attendance, "contact", Contact)


# The main organization today of the person of each row, where the actor sees it.
organizations = replace(main_organizations, mine="contact__attendances", made=named)


class OfPartner(filters.OfSeen):
    """Rows of people who belong to any of several partners today."""

    def narrow(self, rows, ids):
        actor = self.parent.request.actor
        ties = Affiliation.objects.visible_to(actor).current(actor.today())
        ties = ties.filter(organization__in=ids)
        return rows.filter(contact__in=ties.order_by().values("contact_id"))


class Attendances(ListPage):
    """Who was asked to which event, and who was there. Leaders read numbers, not names."""

    model, name, title = Attendance, "attendances", _("Who comes to events")
    one, icon = _("Attendance"), "people"
    record, add_url = "outreach:attendance", ""
    action = Action.VIEW_MEETINGS
    add, change = AddToEvent, AnswerInvitation
    order, search_in = "-day", ""
    empty_text = _("People appear here when they are invited to an event, or were at one.")
    columns = [
        Column("contact", _("Person"), kind="link", load=people, main=True),
        Column("event", _("Event"), kind="link", load=events),
        Column("day", _("Day"), kind="day", sort="day"),
        Column("status", _("Status"), choices=options(Attendance, "status")),
        Column("organization", _("Organization"), kind="link", load=organizations),
        Column("group", _("Group, as told"), on_page=False),
        Column("first_time", _("First time"), kind="flag", on_page=False),
        Column("moved_up", _("Moved up"), kind="flag", on_page=False),
        Column("source", _("How listed"), choices=options(Attendance, "source"), on_page=False),
    ]
    filters = {
        "event": filters.OfSeen(Event, _("Event"), "event"),
        "status": filters.Options("status", Attendance.Status.choices, _("Status")),
        "organization": OfPartner(Organization, _("Organization")),
        "first": filters.Flag(lambda rows, actor: rows.filter(first_time=True), _("First time")),
        "moved_up": filters.Flag(lambda rows, actor: rows.filter(moved_up=True), _("Moved up")),
        "source": filters.Options("source", Attendance.Source.choices, _("How listed")),
        "from": filters.Day("day", "gte", _("From")),
        "to": filters.Day("day", "lte", _("To")),
        "region": filters.region("event__home__region"),
        "state": filters.state("event__home"),
    }
    bulk = [Bulk("status", _("Set what they answered"), AnswerInvitation, ("status",))]
