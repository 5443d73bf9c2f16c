"""The list of steps: of all programs, so that what is late or waits is found."""

from functools import partial

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from crm.models import Affiliate, AffiliateKind, Community
from lists import filters
from lists.columns import Column, Texts, in_words, options
from lists.copying import in_reader_language
from lists.pages import ListPage
from outreach.commands import ChangeStep
from outreach.lists.parents import parent_of
from outreach.models import Program, ProgramCommunity, ProgramStep, SignOff, Step


def program_of(model) -> Texts:
    """Loads the program that each row of the model belongs to."""
    return parent_of(model, "program", Program)


# What a signed step was called on the day of its sign-off, whatever it is called now.
signed_as = Texts(
    SignOff,
    "program_step_id",
    "title",
    "title_es",
    made=in_words,
    said=partial(in_reader_language, "title", "title_es"),
    narrow=lambda rows, _actor: rows.filter(reopened__isnull=True),
)


class OfCommunity(filters.Choose):
    """Steps of programs that are for any of several communities."""

    def filter(self, rows, value):
        if not value:
            return rows
        links = ProgramCommunity.objects.visible_to(self.parent.request.actor).filter(
            program=OuterRef("program_id"), community__in=[row.pk for row in value]
        )
        return rows.filter(Exists(links))


class ProgramSteps(ListPage):
    """The steps of all programs."""

    model, name, title = ProgramStep, "program-steps", _("Steps of programs")
    one, icon = _("Step"), "steps"
    record = "outreach:step"
    change = ChangeStep
    order, search_in = "due", ""
    has_owner = False
    empty_text = _("Steps appear here when an affiliate begins a program.")
    columns = [
        Column("step", _("Step"), kind="reference", main=True),
        Column("program", _("Program"), kind="link", load=program_of(ProgramStep)),
        Column("status", _("Status"), choices=options(ProgramStep, "status")),
        Column("signed_as", _("Signed as"), kind="many", load=signed_as),
        Column("due", _("Due"), kind="day", sort="due"),
        Column("owner", _("Owner"), kind="user"),
        Column("state", _("State"), path="home", kind="state"),
        Column("start", _("Begins"), kind="day", on_page=False),
    ]
    filters = {
        "mine": filters.Flag(lambda rows, actor: rows.filter(owner_id=actor.user_id), _("Mine")),
        "step": filters.Choose(Step, "step", _("Step")),
        "status": filters.Options("status", ProgramStep.Status.choices, _("Status")),
        "to_sign": filters.Flag(lambda rows, actor: rows.to_sign(actor), _("For me to sign off")),
        "late": filters.Flag(lambda rows, actor: rows.late(actor.today()), _("Late")),
        "on_time": filters.Flag(lambda rows, actor: rows.on_time(actor.today()), _("On time")),
        "community": OfCommunity(Community, "", _("Community")),
        "affiliate": filters.OfSeen(Affiliate, _("Affiliate"), "program__affiliate"),
        "kind": filters.Choose(AffiliateKind, "program__affiliate__kind", _("Kind of affiliate")),
        "from": filters.Day("program__end", "gte", _("Runs on or after")),
        "to": filters.Day("program__start", "lte", _("Runs on or before")),
        "owner": filters.Colleague("owner", _("Owner")),
        "region": filters.region(),
        "state": filters.state(),
    }

    def more(self, request, found):
        """What day it is for the viewer, so that what is due is told from it."""
        return {"today": request.actor.today()}
