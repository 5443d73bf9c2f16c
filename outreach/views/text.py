"""The words of the five steps, and plans for targets, as an administrator edits them."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.history import history_of
from access.middleware import needs
from access.moving import moved_line
from access.roles import Action
from lists.views import carry_out, row_of
from outreach.commands import AddPlanTemplate, ChangePlanTemplate, ChangeStepText
from outreach.models import PlanTemplate, ProgramStep, Step


@needs(Action.ADMINISTER)
def step_texts(request):
    """The first of the five, which leads to the others."""
    first = Step.objects.visible_to(request.actor).filter(retired=False).first()
    if first is None:
        return render(request, "outreach/no_steps.html")
    return redirect("outreach:step_text", first.uid)


@needs(Action.ADMINISTER, of=Step)
def step_text(request, uid):
    """The words of one step: what is signed keeps the old ones."""
    actor = request.actor
    row = row_of(request, Step, uid)
    moved = moved_line(request.POST, "checks")
    command = ChangeStepText(actor, moved or request.POST or None, instance=row)
    steps = ProgramStep.objects.visible_to(actor).filter(step=row).order_by()
    signed = steps.filter(status=ProgramStep.Status.SIGNED).count()
    context = {
        "row": row,
        "all_steps": list(Step.objects.visible_to(actor).filter(retired=False)),
        "checks": [one for one in row.checks.visible_to(actor) if not one.retired],
        "signed": signed,
        "open": steps.count() - signed,
        "history": history_of(actor, row) if request.GET.get("tab") == "history" else None,
    }
    if moved:  # without script a check is moved on the page, and saved with the rest of it
        context |= {"command": command, "moved": True}
        return render(request, "outreach/step_text.html", context)
    here = reverse("outreach:step_text", args=[row.uid])
    return carry_out(
        request, command, "outreach/step_text.html", lambda _r: here, context, said=_("Saved.")
    )


@needs(Action.ADMINISTER)
def plan_templates(request):
    """The plans that a target organization can be given."""
    rows = list(PlanTemplate.objects.visible_to(request.actor))
    return render(request, "outreach/plan_templates.html", {"rows": rows})


@needs(Action.ADMINISTER)
def add_plan_template(request):
    command = AddPlanTemplate(request.actor, request.POST or None)
    return _plan(request, command, _("Added."))


@needs(Action.ADMINISTER, of=PlanTemplate)
def plan_template(request, uid):
    """One plan: its name, its steps, whether it is still offered."""
    row = row_of(request, PlanTemplate, uid)
    command = ChangePlanTemplate(request.actor, request.POST or None, instance=row)
    history = history_of(request.actor, row) if request.GET.get("tab") == "history" else None
    return _plan(request, command, _("Saved."), {"row": row, "history": history})


def _plan(request, command, said: str, context: dict | None = None):
    back = reverse("outreach:plan_templates")
    template = "outreach/plan_template.html"
    return carry_out(request, command, template, lambda _r: back, context, said=said)
