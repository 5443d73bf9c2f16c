"""The list of programs."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from crm.lists.loading import linked
from crm.models import Affiliate, AffiliateKind, Community
from lists import filters
from lists.columns import Column, Texts
from lists.pages import ListPage
from outreach.commands import AddProgram, ChangeProgram
from outreach.models import ALL_SIGNED, Program, ProgramCommunity

WORDS = {
    "1": _("Step 1"),
    "2": _("Step 2"),
    "3": _("Step 3"),
    "4": _("Step 4"),
    "5": _("Step 5"),
    str(ALL_SIGNED): _("All signed"),
}


def _of_seen(programs, actor):
    """Those whose affiliate the actor sees too."""
    seen = Affiliate.objects.visible_to(actor).filter(pk=OuterRef("affiliate_id"))
    return programs.filter(Exists(seen))


def _affiliate(found: list[tuple[str, str, str]]) -> dict[str, str]:
    name, _other, uid = found[0]
    return {"uid": str(UUID(uid)), "name": name}


affiliates = Texts(
    Program,
    "pk",
    "affiliate__name",
    key="affiliate__uid",
    made=_affiliate,
    said=lambda: F("affiliate__name"),
    one=True,
    narrow=_of_seen,
)
communities = linked(ProgramCommunity, "program_id", "community")


class Programs(ListPage):
    """Every run of the five steps."""

    model, name, title = Program, "programs", _("Programs")
    one, icon = _("Program"), "steps"
    record, add_url = "outreach:program", "outreach:add_program"
    add, change = AddProgram, ChangeProgram
    order, hint = "name", "affiliate"
    place = ("affiliate", "state")
    template = "outreach/programs.html"
    empty_text = _("Programs appear here when an affiliate begins the five steps.")
    columns = [
        Column("name", _("Program"), sort="sort_name", main=True),
        Column("affiliate", _("Affiliate"), kind="link", load=affiliates),
        Column("step", _("Step"), reads=("step_now",), made=lambda n: str(n[0]), choices=WORDS),
        Column("due", _("Due"), path="next_due", kind="day", sort="next_due"),
        Column("lead", _("Lead"), kind="user"),
        Column("communities", _("Communities"), kind="many", load=communities, on_page=False),
        Column("state", _("State"), path="home", kind="state"),
        Column("last_done", _("Last progress"), kind="day", on_page=False),
        Column("start", _("First day"), kind="day", on_page=False),
        Column("end", _("Last day"), kind="day", on_page=False),
        Column("budget_planned", _("Budget planned"), kind="number", on_page=False),
        Column("budget_spent", _("Spent so far"), kind="number", on_page=False),
    ]
    filters = {
        "mine": filters.Flag(lambda rows, actor: rows.filter(lead_id=actor.user_id), _("Mine")),
        "step": filters.Options("step_now", list(WORDS.items()), _("Step")),
        "late": filters.Flag(lambda rows, actor: rows.late(actor.today()), _("Late")),
        "stalled": filters.Flag(lambda rows, actor: rows.stalled(actor.today()), _("Stands still")),
        "community": filters.Linked(
            Community, ProgramCommunity, "program", "community", _("Community")
        ),
        "kind": filters.Choose(AffiliateKind, "affiliate__kind", _("Kind of affiliate")),
        "affiliate": filters.OfSeen(Affiliate, _("Affiliate"), "affiliate"),
        "from": filters.Day("end", "gte", _("Runs on or after")),
        "to": filters.Day("start", "lte", _("Runs on or before")),
        "lead": filters.Colleague("lead", _("Lead")),
        "region": filters.region(),
        "state": filters.state(),
    }

    def more(self, request, found):
        """What day it is for the viewer, so that what is due is told from it."""
        return {"today": request.actor.today()}
