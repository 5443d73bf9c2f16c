"""The list of promises."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from access.roles import Action
from crm.models import Contact, Organization
from lists import filters
from lists.columns import Column, Texts, options
from lists.pages import ListPage
from outreach.commands import AddCommitment, ChangeCommitment
from outreach.models import Commitment


def _named(found: list[tuple[str, str, str]]) -> dict[str, str]:
    name, _other, uid = found[0]
    return {"uid": str(UUID(uid)), "name": name}


def _other(key: str, model) -> Texts:
    """Loads the partner or the person of each promise, where the viewer sees it."""

    def seen(promises, actor):
        rows = model.objects.visible_to(actor).filter(pk=OuterRef(f"{key}_id"))
        return promises.filter(Exists(rows))

    return Texts(
        Commitment,
        "pk",
        f"{key}__name",
        key=f"{key}__uid",
        made=_named,
        said=lambda: F(f"{key}__name"),
        one=True,
        narrow=seen,
    )


partners, people = _other("organization", Organization), _other("contact", Contact)


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
