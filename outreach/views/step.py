from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.models import StoredFile
from access.roles import Action
from access.views.own import safe_next
from crm.views.parts import history_steps, open_tasks
from lists.views import at_once, carry_out, row_of
from outreach import contents
from outreach.commands import ChangeStep, ReopenStep, SignStep, TickCheck
from outreach.models import Program, ProgramStep, SignOff
from outreach.views.board import board_of, columns_of, targets_of
from outreach.views.evaluation import evaluations_of
from outreach.views.evidence import meetings_of
from outreach.views.mapping import mapped
from outreach.views.survey import surveys_of

RELATED = ("step", "owner")


@needs(Action.VIEW, of=ProgramStep)
def step(request, uid):
    """One step of a program: what it asks, what is done, who signs it off."""
    actor, today = request.actor, request.actor.today()
    row = row_of(request, ProgramStep, uid, *RELATED)
    program = _program(actor, row)
    shown = next(one for one in board_of(actor, program, today) if one.row.pk == row.pk)
    code = row.step.code
    may_sign = actor.may(Action.SIGN_OFF)
    context = {
        "program": program,
        "shown": shown,
        "row": row,
        "code": code,
        "links": list(row.links.visible_to(actor).order_by("id")),
        "meetings": meetings_of(actor, row),
        "files": list(StoredFile.objects.visible_to(actor).filter(about=row.uid).order_by("id")),
        "sign_offs": _sign_offs(actor, row, program),
        "tasks": open_tasks(actor, row),
        "today": today,
        "may_change": actor.may(Action.WRITE) and not row.is_signed,
        "may_log": actor.may(Action.LOG),
        "may_sign": may_sign and not row.is_signed,
        "may_reopen": may_sign and row.is_signed,
        "is_owner": row.owner_id == actor.user_id,
        "tab": "history" if request.GET.get("tab") == "history" else "step",
    }
    if code == "goals":
        context["goals"] = list(program.goals.visible_to(actor).order_by("id"))
        rows = program.consultations.visible_to(actor)
        context["consultations"] = list(rows.order_by("day", "id"))
    if code == "members":
        context["committee"] = list(program.committee.visible_to(actor).order_by("id"))
        context["surveys"] = surveys_of(actor, program)
    if code == "map":
        context |= mapped(actor, program)
    if code == "relationships":
        context["targets"] = targets_of(actor, program)
    if code == "act":
        rows = program.actions.visible_to(actor).select_related("owner")
        context["actions"] = list(rows.order_by("-start"))
        context["evaluations"] = evaluations_of(actor, program)
    if context["tab"] == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "outreach/step.html", context)


def _sign_offs(actor, row: ProgramStep, program: Program) -> list[SignOff]:
    """The sign-offs of a step, the newest first, each with what it was signed with in words
    (`held`); the newest with what is different now (`since`), also once it is reopened.
    """
    signed = row.sign_offs.visible_to(actor).select_related("author", "reopened_by")
    found = list(signed.order_by("-id"))
    for one in found:
        one.held = contents.in_words(one.contents)
    if found:
        now = contents.counted(actor, program, row.step.code)
        found[0].since = contents.since(found[0].contents, now)
    return found


def _program(actor, row: ProgramStep) -> Program:
    """The program of a step. It lies where the step lies, so who sees one sees both."""
    return Program.objects.visible_to(actor).get(pk=row.program_id)


def address(row) -> str:
    return reverse("outreach:step", args=[row.uid])


def _form(
    request, uid, command_class, template: str, title: str, said: str = "", more: dict | None = None
):
    row = row_of(request, ProgramStep, uid, *RELATED)
    command = command_class(request.actor, request.POST or None, instance=row)
    command.allow()
    program = _program(request.actor, row)
    context = {"row": row, "program": program, "title": title} | (more or {})
    return carry_out(request, command, template, address, context, said=said)


@needs(Action.WRITE, of=ProgramStep)
def change_step(request, uid):
    return _form(request, uid, ChangeStep, "outreach/step_form.html", _("Owner, dates and links"))


@needs(Action.SIGN_OFF, of=ProgramStep)
def sign_step(request, uid):
    """Sign a step off, after one more look at what is done."""
    title, row = _("Sign off this step?"), row_of(request, ProgramStep, uid, *RELATED)
    shown = columns_of(request.actor, [row], request.actor.today())[0]
    numbers = contents.counted(request.actor, _program(request.actor, row), row.step.code)
    context = {
        "held": contents.in_words(numbers),
        "open_checks": [check.label for check in shown.checks if not check.done],
        "not_hers": SignStep.refusal(row, request.actor),
    }
    return _form(
        request, uid, SignStep, "outreach/sign_form.html", title, _("Signed off."), context
    )


@needs(Action.SIGN_OFF, of=ProgramStep)
def reopen_step(request, uid):
    title = _("Reopen this step?")
    return _form(request, uid, ReopenStep, "outreach/sign_form.html", title, _("Open again."))


@needs(Action.WRITE, of=ProgramStep)
def tick_check(request, uid):
    """Tick a check, or take its tick off, and stay where the box is."""
    row = row_of(request, ProgramStep, uid, *RELATED)
    command = TickCheck(request.actor, request.POST, instance=row)
    back = safe_next(request, address(row))
    return at_once(request, command, back)
