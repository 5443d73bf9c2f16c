from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access import registers
from access.middleware import needs
from access.roles import Action
from access.views.own import safe_next
from crm.commands import AddTask, ChangeTask, DropTask, FinishTask
from crm.models import Task
from crm.views.parts import history_steps
from lists.views import carry_out, row_of, say_saved


@needs(Action.VIEW_TASKS, of=Task)
def task(request, uid):
    """One follow-up: what, for whom, by when, about whom."""
    row = row_of(request, Task, uid, "owner", "author")
    about = registers.subjects(request.actor, [(row.about_kind, row.about)]).get(row.about)
    context = {
        "task": row,
        "about": about,
        "steps": history_steps(request.actor, row),
        "today": request.actor.today(),
        "may_change": may_change(request.actor, row),
        "finish_form": FinishTask(request.actor, instance=row),
    }
    return render(request, "crm/task.html", context)


def may_change(actor, row) -> bool:
    """Whether the actor may change or close this follow-up."""
    if not actor.may(Action.LOG):
        return False
    return actor.may(Action.ASSIGN) or actor.user_id in (row.owner_id, row.author_id)


def address(row) -> str:
    return reverse("crm:task", args=[row.uid])


@needs(Action.LOG)
def add_task(request):
    first = {"due": request.actor.today(), "owner": request.user}
    kind, uid = request.GET.get("about_kind", ""), request.GET.get("about", "")
    about = None
    if kind and uid:
        first |= {"about_kind": kind, "about": uid}
        about = _subject(request.actor, kind, uid)
    command = AddTask(request.actor, request.POST or None, initial=first)
    return carry_out(
        request, command, "crm/task_form.html", address, {"about": about}, said=_("Added.")
    )


def _subject(actor, kind: str, uid: str):
    from uuid import UUID

    try:
        key = UUID(uid)
    except ValueError:
        return None
    return registers.subjects(actor, [(kind, key)]).get(key)


@needs(Action.LOG, of=Task)
def change_task(request, uid):
    row = row_of(request, Task, uid, "owner")
    command = ChangeTask(request.actor, request.POST or None, instance=row)
    command.allow()
    return carry_out(request, command, "crm/task_form.html", address, {"task": row})


@needs(Action.LOG, of=Task)
def finish_task(request, uid):
    return _close(request, uid, FinishTask, _("Done."))


@needs(Action.LOG, of=Task)
def drop_task(request, uid):
    return _close(request, uid, DropTask, _("Dropped."))


def _close(request, uid, command_class, said: str):
    """Close a follow-up and go back to where the button was."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = row_of(request, Task, uid, "owner")
    command = command_class(request.actor, request.POST, instance=row)
    back = safe_next(request, address(row))
    if command.attempt(lambda _row: (302, {"location": back})) is None:
        return render(request, "409.html", {"command": command, "back_url": back}, status=409)
    if not command.repeated:
        say_saved(request, command, said)
    return redirect(back)
