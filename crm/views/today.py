"""Today: what is due, what is planned, who goes quiet. The first page of whoever logs meetings."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.shortcuts import render

from access import registers
from access.middleware import needs
from access.models import User
from access.roles import Action
from crm.lists.interaction import partners_met, people_met
from crm.models import (
    NEVER,
    Affiliation,
    ContactEmail,
    ContactPhone,
    Interaction,
    Organization,
    OrganizationEmail,
    OrganizationPhone,
    Task,
)

SOON = timedelta(days=7)
SHOWN = 6


@dataclass(frozen=True)
class Way:
    """How a quiet partner may be reached: the kind of meeting that it would be, and with whom."""

    kind: str  # the code of an interaction kind
    icon: str
    contact: Any = None


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
    }
    if actor.may(Action.ASSIGN):
        context["areas"] = _areas(actor, day)
    return render(request, "crm/today.html", context)


def _meetings(actor):
    """The meetings that the viewer logged or was at."""
    rows = Interaction.objects.visible_to(actor)
    return rows.filter(rows.own(actor)).select_related("kind")


def _named(actor, rows) -> list[dict]:
    """The first meetings with the names of partners and people."""
    rows = list(rows[: SHOWN - 1])
    ids = [row.pk for row in rows]
    partners, people = partners_met(actor, ids), people_met(actor, ids)
    return [
        {"meeting": row, "partners": partners.get(row.pk, []), "people": people.get(row.pk, [])}
        for row in rows
    ]


def ways_to_reach(actor, partners: list[Organization]) -> dict[int, Way]:
    """For each partner a way that nobody asked us to keep off: call, write, or go there."""
    ids = [partner.pk for partner in partners]
    ties = Affiliation.objects.visible_to(actor).filter(organization_id__in=ids)
    ties = ties.filter(Q(end__isnull=True) | Q(end__gte=actor.today())).select_related("contact")
    ties = list(ties.order_by("-contact__last_contact", "id"))
    people = [tie.contact_id for tie in ties]
    phones = _having(ContactPhone, actor, "contact_id", people)
    emails = _having(ContactEmail, actor, "contact_id", people)
    office_phones = _having(OrganizationPhone, actor, "organization_id", ids)
    office_emails = _having(OrganizationEmail, actor, "organization_id", ids)
    found: dict[int, Way] = {}
    for partner in partners:
        mine = [tie.contact for tie in ties if tie.organization_id == partner.pk]
        open_to = [c for c in mine if not c.no_contact]
        calls = [c for c in open_to if c.pk in phones and not c.no_phone]
        writes = [c for c in open_to if c.pk in emails and not c.no_email]
        if calls and calls[0].preferred_channel != "email":
            found[partner.pk] = Way("call", "phone", calls[0])
        elif writes:
            found[partner.pk] = Way("e-mail", "mail", writes[0])
        elif calls:
            found[partner.pk] = Way("call", "phone", calls[0])
        elif partner.pk in office_phones:
            found[partner.pk] = Way("call", "phone")
        elif partner.pk in office_emails:
            found[partner.pk] = Way("e-mail", "mail")
        else:
            found[partner.pk] = Way("site-visit", "pin")
    return found


def _having(part, actor, column: str, ids: list[int]) -> set[int]:
    rows = part.objects.visible_to(actor).filter(**{f"{column}__in": ids})
    return set(rows.values_list(column, flat=True))


def _areas(actor, day) -> dict:
    """For a lead: who has most to do, what has no owner, which partners are quiet."""
    open_tasks = Task.objects.visible_to(actor).filter(status=Task.Status.OPEN).order_by()
    load = open_tasks.values("owner_id").annotate(
        open=Count("pk"), late=Count("pk", filter=Q(due__lt=day))
    )
    busiest = sorted(load, key=lambda row: (-row["late"], -row["open"]))[:5]
    people = User.objects.in_bulk([row["owner_id"] for row in busiest])
    partners = Organization.objects.visible_to(actor)
    return {
        "busiest": [row | {"user": people[row["owner_id"]]} for row in busiest],
        "unowned": partners.filter(owner__isnull=True).count(),
        "quiet": partners.gone_quiet(day).count(),
        "late": open_tasks.filter(due__lt=day).count(),
    }
