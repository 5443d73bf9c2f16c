"""The list of promises."""

from django.utils.translation import gettext_lazy as _

from access.roles import Action
from crm.models import Contact, Organization
from lists import filters
from lists.columns import Column, options
from lists.pages import ListPage
from outreach.commands import AddCommitment, ChangeCommitment
from outreach.lists.parents import parent_of
from outreach.models import Commitment

partners = parent_of(Commitment, "organization", Organization)
people = parent_of(Commitment, "contact", Contact)


class Commitments(ListPage):
    """What was promised, by us and to us."""

    model, name, title = Commitment, "promises", _("Promises")
    one, icon = _("Promise"), "promise"
    record, add_url = "outreach:promise", "outreach:add_promise"
    action = Action.VIEW_TASKS
    add, change = AddCommitment, ChangeCommitment
    order, search_in = "due", ""
    empty_text = _("Promises appear here when you write one down on a partner's page.")
    columns = [
        Column("text", _("What was promised"), main=True),
        Column("organization", _("Organization"), kind="link", load=partners),
        Column("by", _("Who promised"), choices=options(Commitment, "by")),
        Column("contact", _("Person"), kind="link", load=people, on_page=False),
        Column("due", _("By when"), kind="day", sort="due"),
        Column("status", _("Status"), choices=options(Commitment, "status")),
        Column("owner", _("Who of us"), kind="user"),
        Column("first_due", _("First promised for"), kind="day", on_page=False),
        Column("moved", _("Times moved"), kind="number", on_page=False),
        Column("made_on", _("Promised on"), kind="day", on_page=False),
        Column("ended_on", _("Ended on"), kind="day", on_page=False),
    ]
    filters = {
        "mine": filters.Flag(lambda rows, actor: rows.filter(owner_id=actor.user_id), _("Mine")),
        "by": filters.Options("by", Commitment.By.choices, _("Who promised")),
        "status": filters.Options("status", Commitment.Status.choices, _("Status")),
        "late": filters.Flag(lambda rows, actor: rows.late(actor.today()), _("Late")),
        "owner": filters.Colleague("owner", _("Who of us")),
        "region": filters.region(),
        "state": filters.state(),
    }

    def more(self, request, found):
        """What day it is for the viewer, so that what is due is told from it."""
        return {"today": request.actor.today()}
