"""Partners look back: asked and entered by the team, answered without an account."""

from allauth.core import ratelimit
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from access.system import surveyor
from crm.models import Organization
from lists.views import carry_out, link_to, named, row_of
from outreach.commands import AnswerEvaluation, AskEvaluation, EnterEvaluation
from outreach.models import Evaluation, Program
from outreach.views.action import program_named
from outreach.views.survey_public import TOKEN, TRAP, kept_nowhere

SHOWN = 100  # evaluations of a program


def evaluations_of(actor, program: Program) -> list[Evaluation]:
    """Those of a program whose partner the viewer sees, the newest first."""
    rows = program.evaluations.visible_to(actor).select_related("organization")
    found, now = list(rows.order_by("-asked_on", "-id")[:SHOWN]), timezone.now()
    for row in found:
        row.is_open = row.takes_answer(now)
        grades = [g for g in (row.kept_word, row.worth_it, row.listened) if g]
        row.mean = round(sum(grades) / len(grades), 1) if grades else None
    return found


@needs(Action.VIEW, of=Evaluation)
def evaluation(request, uid):
    """What one partner said; or the link, while it works."""
    actor = request.actor
    row = row_of(request, Evaluation, uid, "author")
    may_change = actor.may(Action.WRITE)
    is_open = row.takes_answer(timezone.now())
    context = _around(actor, row) | {
        "is_open": is_open,
        "link": link_to(request, reverse("outreach:answer_evaluation", args=[row.token]))
        if may_change and is_open
        else "",
        "may_change": may_change,
    }
    return render(request, "outreach/evaluation.html", context)


def _around(actor, row: Evaluation) -> dict:
    """The program and the partner. Who sees the evaluation sees both."""
    return {
        "row": row,
        "program": Program.objects.visible_to(actor).get(pk=row.program_id),
        "organization": Organization.objects.visible_to(actor).get(pk=row.organization_id),
    }


def address(row) -> str:
    return reverse("outreach:evaluation", args=[row.uid])


@needs(Action.WRITE)
def ask_evaluation(request):
    program = program_named(request.actor, request.GET.get("program", ""))
    first = {"program": program} if program else {}
    partners = Organization.objects.visible_to(request.actor)
    if partner := named(partners, request.GET.get("organization", "")):
        first["organization"] = partner
    command = AskEvaluation(request.actor, request.POST or None, initial=first)
    context = {"program": program, "title": _("Ask a partner to look back")}
    return carry_out(
        request, command, "outreach/evaluation_form.html", address, context, said=_("Asked.")
    )


@needs(Action.WRITE, of=Evaluation)
def enter_evaluation(request, uid):
    """Enter what came back on paper."""
    row = row_of(request, Evaluation, uid)
    command = EnterEvaluation(request.actor, request.POST or None, instance=row)
    context = _around(request.actor, row) | {"title": _("Enter the paper")}
    return carry_out(
        request, command, "outreach/evaluation_form.html", address, context, said=_("Entered.")
    )


@needs(Action.VIEW, of=Evaluation)
def evaluation_paper(request, uid):
    """The questions on a sheet to print."""
    row = row_of(request, Evaluation, uid)
    context = _around(request.actor, row) | {"form": AnswerEvaluation(surveyor(), instance=row)}
    return render(request, "outreach/evaluation_paper.html", context)


@needs(Action.PUBLIC)
def answer_evaluation(request, token):
    """Ask a partner, and take the answer once. Whatever takes none looks the same: unknown,
    expired, answered.
    """
    rows = Evaluation.objects.visible_to(surveyor()).filter(token=token)
    rows = rows.select_related("program__affiliate", "author")
    row = rows.first() if TOKEN.fullmatch(token) else None
    if "sent" in request.GET:  # tells nothing of the link
        return kept_nowhere(render(request, "outreach/evaluation_sent.html"))
    if row is None or not row.takes_answer(timezone.now()):
        return kept_nowhere(render(request, "outreach/evaluation_over.html", status=404))
    values = None
    if request.method == "POST":
        if request.POST.get(TRAP):
            return kept_nowhere(redirect(f"{request.path}?sent=yes"))
        values = request.POST.copy()
        values["revision"] = str(row.revision)  # a partner has one form and no rival
    command = AnswerEvaluation(surveyor(), values, instance=row)
    limited = values is not None and not ratelimit.consume(request, action="survey", key=token)
    if values is not None and not limited and command.attempt() is not None:
        return kept_nowhere(redirect(f"{request.path}?sent=yes"))
    context = {
        "affiliate": row.program.affiliate.name,
        "last": row.last_day,
        "zone": row.zone.rpartition("/")[2].replace("_", " "),
        "command": command,
        "limited": limited,
        "trap": TRAP,
    }
    status = 429 if limited else command.status if command.is_bound else 200
    return kept_nowhere(render(request, "outreach/evaluation_public.html", context, status=status))
