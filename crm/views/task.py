from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access import registers
from access.middleware import needs
from access.models import User
from access.roles import Action
from access.views.own import safe_next
from crm.commands import (
    AddTask,
    ChangeTask,
    DropTask,
    FinishTask,
    ReassignTask,
    SnoozeTask,
)
from crm.models import Task
from crm.views.parts import history_steps
from lists.templatetags.form_parts import day
from lists.views import at_once, carry_out, row_of

MOST = 100  # people or partners on the page of a team


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
        "may_assign": request.actor.may(Action.ASSIGN),
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
def snooze_task(request, uid):
    """Put a follow-up off to a later day, and go back to where the link was."""
    row = row_of(request, Task, uid, "owner")
    command = SnoozeTask(request.actor, request.POST or None, instance=row)
    command.allow()
    back = safe_next(request, address(row))
    first = max(request.actor.today(), row.due)
    context = {"task": row, "back_url": back, "first": first}
    return carry_out(
        request, command, "crm/snooze_task.html", lambda _row: back, context, said=_("Put off.")
    )


@needs(Action.ASSIGN, of=Task)
def reassign_task(request, uid):
    """Give a follow-up to somebody else."""
    row = row_of(request, Task, uid, "owner")
    command = ReassignTask(request.actor, request.POST or None, instance=row)
    said = _("Given to %(name)s.")
    return carry_out(
        request,
        command,
        "crm/reassign_task.html",
        address,
        {"task": row, "back_url": address(row)},
        said=lambda row: said % {"name": row.owner.name},
    )


@needs(Action.VIEW_TASKS)
def team_tasks(request):
    """Who has how much to do in the viewer's areas, and about whom."""
    actor, today = request.actor, request.actor.today()
    tasks = Task.objects.visible_to(actor).filter(status=Task.Status.OPEN)
    owners = list(tasks.by_owner(today)[:MOST])
    people = User.objects.in_bulk([row["owner_id"] for row in owners])
    found = list(tasks.by_subject(today)[:MOST])
    known = registers.subjects(actor, {(row["about_kind"], row["about"]) for row in found})
    context = {
        "people": [r | {"user": people[r["owner_id"]]} for r in owners],
        "subjects": [
            row | {"about": known[row["about"]]} for row in found if row["about"] in known
        ],
        "today": today,
        "most": MOST,
    }
    return render(request, "crm/team_tasks.html", context)


@needs(Action.LOG, of=Task)
def finish_task(request, uid):
    return _close(request, uid, FinishTask, _done)


def _done(command) -> str:
    if command.next_made is None:
        return _("Done.")
    return _("Done. It comes again on %(day)s.") % {"day": day(command.next_made.due)}


@needs(Action.LOG, of=Task)
def drop_task(request, uid):
    return _close(request, uid, DropTask, lambda _command: _("Dropped."))


def _close(request, uid, command_class, said):
    """Close a follow-up and go back to where the button was."""
    row = row_of(request, Task, uid, "owner")
    command = command_class(request.actor, request.POST, instance=row)
    back = safe_next(request, address(row))
    return at_once(request, command, back, said(command))
