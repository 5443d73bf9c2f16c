"""The list of follow-ups."""

from datetime import date
from types import SimpleNamespace

from django.db.models import Case, OuterRef, Subquery, TextField, When
from django.db.models import Value as V
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from access.registers import named_subjects, subject
from access.roles import Action
from crm.commands import (
    AddTask,
    ChangeTask,
    DropTask,
    FinishTask,
    ReassignTask,
    SnoozeTask,
)
from crm.lists.interaction import meeting_names
from crm.models import Interaction, Task
from lists import filters
from lists.bulk import Bulk
from lists.columns import Column, options
from lists.pages import ListPage


def subjects_of_tasks(actor, ids) -> dict[int, dict[str, str]]:
    """What each follow-up is about, where the actor sees it: two statements, however many kinds."""
    rows = Task.objects.visible_to(actor).filter(pk__in=ids, about__isnull=False)
    told = rows.values_list("pk", "about_kind", "about", _told_of_subjects(actor))
    found = {pk: (kind, uid, text) for pk, kind, uid, text in told if text}
    named = named_subjects()
    names = meeting_names(actor, [_meeting(u, t) for k, u, t in found.values() if k not in named])
    return {
        pk: {
            "kind": kind,
            "uid": str(uid),
            "name": text if kind in named else names[uid],
            "url": subject(kind).url(SimpleNamespace(uid=uid)),
        }
        for pk, (kind, uid, text) in found.items()
    }


def _told_of_subjects(actor) -> Case:
    """The name of what a follow-up is about; of a meeting its id, its kind and its day."""
    meeting = Concat(*(Cast(p, TextField()) for p in ("pk", V(" "), "kind_id", V(" "), "day")))
    told = {
        kind: (known.model, Cast(known.name, TextField()))
        for kind, known in named_subjects().items()
    }
    told["interaction"] = Interaction, meeting
    about = {
        kind: model.objects.visible_to(actor).filter(uid=OuterRef("about")).values_list(text)[:1]
        for kind, (model, text) in told.items()
    }
    cases = [When(about_kind=kind, then=Subquery(rows)) for kind, rows in about.items()]
    return Case(*cases, output_field=TextField())


def _meeting(uid, told: str) -> SimpleNamespace:
    pk, kind, day = told.split()
    return SimpleNamespace(uid=uid, pk=int(pk), kind_id=int(kind), day=date.fromisoformat(day))


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
