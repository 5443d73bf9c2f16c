"""Today: what is due, what is planned, who goes quiet. The first page of whoever logs meetings."""

from datetime import timedelta

from django.db.models import F
from django.shortcuts import render

from access import registers
from access.middleware import needs
from access.models import User
from access.roles import Action
from crm.lists.interaction import partners_met, people_met
from crm.models import (
    NEVER,
    Interaction,
    Organization,
    Task,
)
from crm.reaching import ways_to_reach
from lists.paging import capped_count

SOON = timedelta(days=7)
SHOWN = 6


@needs(Action.LOG)
def today(request):
    """What the day holds for the viewer, and for a lead what her areas need."""
    actor, day = request.actor, request.actor.today()
    mine = Task.objects.visible_to(actor).filter(owner_id=actor.user_id, status=Task.Status.OPEN)
    partners = Organization.objects.visible_to(actor).filter(owner_id=actor.user_id)
    quiet = partners.gone_quiet(day)
    tasks = list(mine.order_by("due", "id")[:SHOWN])
    subjects = registers.subjects(actor, {(t.about_kind, t.about) for t in tasks if t.about})
    found = list(quiet.order_by(F("strength").desc(nulls_last=True), "last_contact", "id")[:SHOWN])
    ways = ways_to_reach(actor, found)
    planned = _meetings(actor).filter(status=Interaction.Status.PLANNED)
    context = {
        "day": day,
        "due_count": mine.filter(due__lte=day).count(),
        "task_count": mine.count(),
        "tasks": [
            {"task": task, "about": subjects.get(task.about) if task.about else None}
            for task in tasks
        ],
        "quiet_count": quiet.count(),
        "quiet": [
            {
                "partner": p,
                "days": (day - p.last_contact).days,
                "never": p.last_contact == NEVER,
                "way": ways[p.pk],
            }
            for p in found
        ],
        "coming": _named(
            actor, planned.filter(day__gte=day, day__lte=day + SOON).order_by("day", "start")
        ),
        "unclear": _named(actor, planned.filter(day__lt=day).order_by("-day")),
        "logged": _named(
            actor, _meetings(actor).filter(status=Interaction.Status.HELD).order_by("-id")
        ),
        "never_owned": not partners.exists(),
        "cards": registers.today_cards(actor),
    }
    if actor.may(Action.ASSIGN):
        context["areas"] = _areas(actor, day)
    return render(request, "crm/today.html", context)


def _meetings(actor):
    """The meetings that the viewer logged or was at."""
    return Interaction.objects.visible_to(actor).of(actor).select_related("kind")


def _named(actor, rows) -> list[dict]:
    """The first meetings with the names of partners and people."""
    rows = list(rows[: SHOWN - 1])
    ids = [row.pk for row in rows]
    partners, people = partners_met(actor, ids), people_met(actor, ids)
    return [
        {"meeting": row, "partners": partners.get(row.pk, []), "people": people.get(row.pk, [])}
        for row in rows
    ]


def _areas(actor, day) -> dict:
    """For a lead: who has most to do, what has no owner, which partners are quiet."""
    open_tasks = Task.objects.visible_to(actor).filter(status=Task.Status.OPEN)
    busiest = open_tasks.by_owner(day)[:5]
    people = User.objects.in_bulk([row["owner_id"] for row in busiest])
    partners = Organization.objects.visible_to(actor)
    quiet, is_more = capped_count(partners.gone_quiet(day))
    return {
        "busiest": [row | {"user": people[row["owner_id"]]} for row in busiest],
        "unowned": partners.filter(owner__isnull=True).count(),
        "quiet": quiet,
        "quiet_is_more": is_more,
        "late": open_tasks.overdue(day).count(),
    }
