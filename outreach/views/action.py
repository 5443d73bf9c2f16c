from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.models import StoredFile
from access.roles import Action
from crm.models import Organization
from crm.views.parts import delete_page, history_steps, may_delete, open_tasks
from lists.views import carry_out, named, row_of
from outreach.commands import AddJointAction, ChangeJointAction, DeleteJointAction
from outreach.models import Commitment, JointAction, JointActionPartner, Program


@needs(Action.VIEW, of=JointAction)
def joint_action(request, uid):
    """Something that we do with partners: what, with whom, when, what came of it."""
    actor = request.actor
    row = row_of(request, JointAction, uid, "owner")
    links = JointActionPartner.objects.visible_to(actor).filter(joint_action=row)
    links = links.select_related("organization").order_by("position", "id")
    context = {
        "row": row,
        "program": Program.objects.visible_to(actor).filter(pk=row.program_id).first(),
        "partners": [link.organization for link in links],
        "promises": _promises(actor, row),
        "files": list(StoredFile.objects.visible_to(actor).filter(about=row.uid).order_by("id")),
        "tasks": open_tasks(actor, row),
        "today": actor.today(),
        "may_change": actor.may(Action.WRITE),
        "may_log": actor.may(Action.LOG),
        "may_delete": may_delete(actor, row),
        "tab": "history" if request.GET.get("tab") == "history" else "action",
    }
    if context["tab"] == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "outreach/joint_action.html", context)


def _promises(actor, row: JointAction) -> list[tuple[Commitment, str]]:
    """What was promised in the action, with the partner's name, as far as the viewer sees them."""
    if not actor.may(Action.VIEW_TASKS):
        return []
    rows = Commitment.objects.visible_to(actor).filter(made_at=row.uid)
    found = list(rows.order_by("due", "id")[:200])
    partners = Organization.objects.visible_to(actor)
    names = dict(
        partners.filter(pk__in={one.organization_id for one in found}).values_list("pk", "name")
    )
    return [(one, names.get(one.organization_id, "")) for one in found]


def address(row) -> str:
    return reverse("outreach:joint_action", args=[row.uid])


@needs(Action.WRITE)
def add_joint_action(request):
    first = {"owner": request.user, "start": request.actor.today()}
    if program := program_named(request.actor, request.GET.get("program", "")):
        first["program"] = program
    command = AddJointAction(request.actor, request.POST or None, initial=first)
    context = {"program": program}
    return carry_out(
        request, command, "outreach/joint_action_form.html", address, context, said=_("Planned.")
    )


def program_named(actor, uid: str) -> Program | None:
    """The program of an address, if it is one that the viewer sees."""
    return named(Program.objects.visible_to(actor), uid)


@needs(Action.WRITE, of=JointAction)
def change_joint_action(request, uid):
    row = row_of(request, JointAction, uid)
    command = ChangeJointAction(request.actor, request.POST or None, instance=row)
    return carry_out(request, command, "outreach/joint_action_form.html", address, {"row": row})


@needs(Action.DELETE, of=JointAction)
def delete_joint_action(request, uid):
    row = row_of(request, JointAction, uid)
    command = DeleteJointAction(request.actor, request.POST or None, instance=row)
    to = reverse("outreach:joint-actions")
    title = _("Delete this joint action?")
    return delete_page(request, command, title, address(row), to)
