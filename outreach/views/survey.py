"""Pages of member surveys, for who is signed in."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from crm.models import Organization
from crm.views.parts import may_delete
from lists.views import at_once, carry_out, link_to, named, row_of
from outreach.commands import (
    AddSurvey,
    ArchiveSurvey,
    ChangeSurvey,
    CloseSurvey,
    DeleteSurvey,
    RenewLink,
    ReopenSurvey,
    SettleMissing,
    SettleName,
    UntieMissing,
    UntieName,
)
from outreach.models import Program, SurveyMissing, SurveyRound, SurveyTie
from outreach.models.survey import is_on_team
from outreach.survey_counts import (
    answers_of,
    missing_from,
    names_settled,
    names_waiting,
    tied_to,
    told,
    waiting_of,
)
from outreach.views.action import program_named

DAYS = timedelta(days=14)  # that a round is open, unless its author says otherwise
NAMED = (SurveyTie, SurveyMissing)  # what bears names that the team decides on
SHOWN = 20  # rounds of a program, and names to decide on, at a time


def surveys_of(actor, program: Program) -> list[SurveyRound]:
    """The newest rounds of a program, each with how it stands."""
    rows = program.surveys.visible_to(actor).order_by("-opens", "-id")
    now = timezone.now()
    found = list(rows[:SHOWN])
    for row in found:
        row.now = row.stands(now)
    return found


@needs(Action.VIEW, of=SurveyRound)
def survey(request, uid):
    """What a round yields: members by organization; who can introduce us, for the team."""
    actor = request.actor
    row = row_of(request, SurveyRound, uid, "author")
    row.now = row.stands(timezone.now())
    on_team = is_on_team(actor, row.program_id)
    context = {
        "row": row,
        "program": Program.objects.visible_to(actor).filter(pk=row.program_id).first(),
        "on_team": on_team,
        "answers": told(answers_of(actor, row), on_team),
        "found": tied_to(actor, row, on_team),
        "waiting": sum(names_waiting(actor, row, of).count() for of in NAMED) if on_team else 0,
        "missing": missing_from(actor, row) if on_team else [],
        "link": link_to(request, reverse("outreach:answer_survey", args=[row.token])),
        "may_change": actor.may(Action.WRITE) and row.status != row.Status.ARCHIVED,
        "may_delete": may_delete(actor, row),
    }
    return render(request, "outreach/survey.html", context)


def address(row) -> str:
    return reverse("outreach:survey", args=[row.uid])


@needs(Action.WRITE)
def add_survey(request):
    actor = request.actor
    first = {"opens": actor.today(), "closes": actor.today() + DAYS}
    first["title"] = _("Where do you live, play and volunteer?")
    if program := program_named(actor, request.GET.get("program", "")):
        first["program"] = program
    command = AddSurvey(actor, request.POST or None, initial=first)
    context = {"program": program, "zone": actor.time_zone}
    return carry_out(
        request, command, "outreach/survey_form.html", address, context, said=_("Begun.")
    )


@needs(Action.WRITE, of=SurveyRound)
def change_survey(request, uid):
    row = row_of(request, SurveyRound, uid)
    command = ChangeSurvey(request.actor, request.POST or None, instance=row)
    context = {"row": row, "zone": row.zone}
    return carry_out(request, command, "outreach/survey_form.html", address, context)


def _confirm(request, uid, command_class, words: dict[str, str], said: str):
    row = row_of(request, SurveyRound, uid)
    command = command_class(request.actor, request.POST or None, instance=row)
    command.allow()
    context = {"row": row, **words}
    template = "outreach/survey_confirm.html"
    return carry_out(request, command, template, address, context, said=said)


@needs(Action.WRITE, of=SurveyRound)
def renew_link(request, uid):
    """A new link, where the one before went to the wrong people."""
    words = {
        "title": _("Renew the link?"),
        "lede": _("The link that you sent leads nowhere from then on. Answers stay."),
        "save": _("Renew the link"),
    }
    return _confirm(request, uid, RenewLink, words, _("The link is new."))


@needs(Action.WRITE, of=SurveyRound)
def close_survey(request, uid):
    words = {
        "title": _("Close this survey now?"),
        "lede": _("Nobody can answer it from then on. What was answered stays."),
        "save": _("Close it"),
    }
    return _confirm(request, uid, CloseSurvey, words, _("Closed."))


@needs(Action.WRITE, of=SurveyRound)
def reopen_survey(request, uid):
    """Open a round again that was closed by hand."""
    words = {
        "title": _("Open this survey again?"),
        "lede": _("The link that you sent takes answers again, until the last day ends."),
        "save": _("Open it again"),
    }
    return _confirm(request, uid, ReopenSurvey, words, _("Open again."))


@needs(Action.WRITE, of=SurveyRound)
def archive_survey(request, uid):
    """Archive a round, which erases names that tell what a member believes."""
    words = {
        "title": _("Archive this survey?"),
        "lede": _(
            "It takes nothing any more; its counts stay. Names of members who can introduce you to "
            "a faith or political organization, or to one whose kind is not given, are erased. "
            "They cannot be brought back, not even with Undo."
        ),
        "save": _("Archive it and erase these names"),
    }
    return _confirm(request, uid, ArchiveSurvey, words, _("Archived."))


@needs(Action.DELETE, of=SurveyRound)
def delete_survey(request, uid):
    row = row_of(request, SurveyRound, uid, "program")
    command = DeleteSurvey(request.actor, request.POST or None, instance=row)
    command.allow()
    context = {
        "row": row,
        "title": _("Delete this survey, with its answers?"),
        "lede": _(
            "Its counts can be brought back for 30 days. Names of members who can introduce you "
            "are erased for good."
        ),
        "save": _("Delete"),
    }
    back = reverse("outreach:program", args=[row.program.uid])
    said = _("Deleted. It can be brought back for 30 days, without names.")
    template = "outreach/survey_confirm.html"
    return carry_out(request, command, template, lambda _row: back, context, said=said)


@needs(Action.WRITE, of=SurveyRound)
def review_names(request, uid):
    """Names that members typed and that no organization bears alone, and groups that they miss:
    for the team to decide.
    """
    actor = request.actor
    row = row_of(request, SurveyRound, uid)
    if not is_on_team(actor, row.program_id):
        raise PermissionDenied
    here = reverse("outreach:review_names", args=[row.uid])
    asked = request.POST or request.GET
    is_missing = "missing" in asked
    of, command_class = (SurveyMissing, SettleMissing) if is_missing else (SurveyTie, SettleName)
    tie = _waiting(actor, row, asked.get("tie", ""), of)
    if request.method == "POST" or tie:
        first = {"tie": tie, "name": tie.typed if tie else "", "do": "match"}
        command = command_class(actor, request.POST or None, instance=row, initial=first)
        context = {"row": row, "tie": tie, "here": here, "is_missing": is_missing}
        template = "outreach/survey_name.html"
        return carry_out(request, command, template, lambda _row: here, context)
    names, missing = (
        (waiting_of(actor, row, SHOWN, of), names_waiting(actor, row, of).count()) for of in NAMED
    )
    context = {"row": row, "names": names, "missing": missing, "all": names[1] + missing[1]}
    return render(request, "outreach/survey_review.html", context)


def _waiting(actor, survey: SurveyRound, uid: str, of) -> SurveyTie | SurveyMissing | None:
    """What an address names, if its name still waits."""
    rows = of.objects.visible_to(actor)
    return named(rows.filter(round=survey, organization=None, dropped=False), uid)


@needs(Action.WRITE, of=SurveyRound)
def settled_names(request, uid):
    """The names that are tied to an organization, or dropped, for the team: each can be untied."""
    actor = request.actor
    row = row_of(request, SurveyRound, uid)
    if not is_on_team(actor, row.program_id):
        raise PermissionDenied
    back = reverse("outreach:survey", args=[row.uid])
    if request.method == "POST":
        command_class = UntieMissing if "missing" in request.POST else UntieName
        said = _("Untied. The name waits for a decision.")
        return at_once(request, command_class(actor, request.POST, instance=row), back, said)
    partners = Organization.objects.visible_to(actor)
    partner = named(partners, request.GET.get("organization", ""))
    names, missing = (names_settled(actor, row, of, partner) for of in NAMED)
    context = {"row": row, "partner": partner, "names": names, "missing": missing}
    return render(request, "outreach/survey_settled.html", context)
