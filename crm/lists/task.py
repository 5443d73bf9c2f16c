"""The list of follow-ups."""

from django.utils.translation import gettext_lazy as _

from access import registers
from access.roles import Action
from crm.commands import (
    AddTask,
    ChangeTask,
    DropTask,
    FinishTask,
    ReassignTask,
    SnoozeTask,
)
from crm.models import (
    Task,
)
from lists import filters
from lists.bulk import Bulk
from lists.columns import Column, options
from lists.pages import ListPage


def subjects_of_tasks(actor, ids) -> dict[int, dict[str, str]]:
    """What each follow-up is about, where the actor sees it."""
    rows = Task.objects.visible_to(actor).filter(pk__in=ids, about__isnull=False)
    pairs = {pk: (kind, uid) for pk, kind, uid in rows.values_list("pk", "about_kind", "about")}
    known = registers.subjects(actor, set(pairs.values()))
    return {
        pk: {"kind": kind, "uid": str(uid), "name": known[uid][0], "url": known[uid][1]}
        for pk, (kind, uid) in pairs.items()
        if uid in known
    }


class Tasks(ListPage):
    """Follow-ups."""

    model, name, title = Task, "follow-ups", _("Follow-ups")
    api_name = "tasks"
    record, add_url = "crm:task", "crm:add_task"
    action = Action.VIEW_TASKS
    add, change = AddTask, ChangeTask
    order, search_in = "due", ""
    template = "crm/tasks.html"
    empty_text = _("Follow-ups appear here when a meeting has a next step, or when you add one.")
    columns = [
        Column("title", _("What to do"), main=True),
        Column("due", _("Due"), kind="day", sort="due"),
        Column("about", _("About"), kind="link", load=subjects_of_tasks),
        Column("owner", _("Who"), kind="user"),
        Column("status", _("Status"), choices=options(Task, "status")),
        Column("first_due", _("First due"), kind="day", on_page=False),
        Column("moved", _("Times put off"), on_page=False, kind="number"),
        Column("repeats", _("Repeats"), choices=options(Task, "repeats"), on_page=False),
        Column("repeats_until", _("Repeats until"), kind="day", on_page=False),
    ]
    filters = {
        "mine": filters.Flag(lambda rows, actor: rows.filter(owner_id=actor.user_id), _("Mine")),
        "status": filters.Options("status", Task.Status.choices, _("Status")),
        "overdue": filters.Flag(lambda rows, actor: rows.overdue(actor.today()), _("Overdue")),
        "due": filters.Flag(
            lambda rows, actor: rows.filter(due__lte=actor.today(), status=Task.Status.OPEN),
            _("Due by today"),
        ),
        "owner": filters.Colleague("owner", _("Who")),
        "region": filters.region(),
        "state": filters.state(),
    }

    bulk = [
        Bulk("done", _("Mark as done"), FinishTask),
        Bulk("owner", _("Give to a colleague"), ReassignTask, ("owner",)),
        Bulk("snooze", _("Put off"), SnoozeTask, ("due",)),
        Bulk(
            "drop",
            _("Drop"),
            DropTask,
            says=_("They are closed without being done, and stay in the history."),
        ),
    ]

    def more(self, request, found):
        """Whose follow-ups the viewer may mark as done, and what day it is for her."""
        actor = request.actor
        return {
            "row_actions": "crm/task_actions.html" if actor.may(Action.LOG) else "",
            "may_finish_all": actor.may(Action.ASSIGN),
            "my_uid": str(actor.user_uid),
            "today": actor.today(),
        }
