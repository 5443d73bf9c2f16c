from collections import Counter

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from crm.models import Interaction, InteractionOrganization, Organization, met_since
from lists.views import at_once, carry_out, row_of
from outreach.commands import (
    AddTargetStep,
    ChangeTargetStep,
    FinishTargetStep,
    PlanTarget,
    RemoveTargetStep,
)
from outreach.models import Program, Target, TargetStep


@needs(Action.VIEW, of=Target)
def target(request, uid):
    """A target organization of a program: its plan, the one-to-ones, what each brings and wants."""
    actor = request.actor
    row = row_of(request, Target, uid)
    around, may_read = _around(actor, row), actor.may(Action.VIEW_MEETINGS)
    context = around | {
        "steps": list(row.steps.visible_to(actor).order_by("day", "id")),
        "purposes": _purposes(actor, row, around["program"]) if may_read else None,
        "today": actor.today(),
        "may_change": actor.may(Action.WRITE),
        "may_log": actor.may(Action.LOG),
        "plan_form": PlanTarget(actor, instance=row, initial={"start": actor.today()}),
        "add_form": AddTargetStep(actor, instance=row),
    }
    return render(request, "outreach/target.html", context)


def _around(actor, row: Target) -> dict:
    """The program and the organization of a target. Who sees the target sees both."""
    return {
        "row": row,
        "program": Program.objects.visible_to(actor).get(pk=row.program_id),
        "organization": Organization.objects.visible_to(actor).get(pk=row.organization_id),
    }


def _purposes(actor, row: Target, program: Program) -> list[tuple[str, int]]:
    """(purpose, how many meetings since the program began) of the one-to-ones that were held."""
    links = InteractionOrganization.objects.visible_to(actor).filter(
        met_since(program.start), organization=row.organization_id
    )
    held = Counter(
        links.exclude(interaction__purpose="").values_list("interaction__purpose", flat=True)
    )
    return [(label, held[code]) for code, label in Interaction.OneToOne.choices]


def address(row) -> str:
    return reverse("outreach:target", args=[row.uid])


def _form(request, uid, command_class, title: str, said: str):
    row = row_of(request, Target, uid)
    command = command_class(request.actor, request.POST or None, instance=row)
    context = _around(request.actor, row) | {"title": title, "back": address(row)}
    return carry_out(request, command, "outreach/target_form.html", address, context, said=said)


@needs(Action.WRITE, of=Target)
def plan_target(request, uid):
    return _form(request, uid, PlanTarget, _("Use a plan"), _("Planned."))


@needs(Action.WRITE, of=Target)
def add_target_step(request, uid):
    return _form(request, uid, AddTargetStep, _("Add a step"), _("Added."))


def _of_step(actor, step: TargetStep) -> Target:
    """The target of a step. Who sees the step sees it."""
    return Target.objects.visible_to(actor).get(pk=step.target_id)


@needs(Action.WRITE, of=TargetStep)
def change_target_step(request, uid):
    step = row_of(request, TargetStep, uid)
    command = ChangeTargetStep(request.actor, request.POST or None, instance=step)
    row = _of_step(request.actor, step)
    context = _around(request.actor, row) | {"title": step.text, "back": address(row)}
    to = address(row)
    return carry_out(request, command, "outreach/target_form.html", lambda _s: to, context)


@needs(Action.WRITE, of=TargetStep)
def finish_target_step(request, uid):
    return _do(request, uid, FinishTargetStep, "")


@needs(Action.WRITE, of=TargetStep)
def remove_target_step(request, uid):
    return _do(request, uid, RemoveTargetStep, _("Removed."))


def _do(request, uid, command_class, said: str):
    """Carry out what has no page of its own, and go back to the plan."""
    step = row_of(request, TargetStep, uid)
    back = address(_of_step(request.actor, step))
    command = command_class(request.actor, request.POST, instance=step)
    return at_once(request, command, back, said)
