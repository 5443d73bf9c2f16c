"""Meetings that show what was done in a step of a program."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.urls import reverse

from access.middleware import needs
from access.roles import Action
from access.views.own import safe_next
from crm.lists import meeting_names
from crm.models import Interaction, InteractionOrganization
from lists.views import at_once, row_of
from outreach.commands import TickMeeting
from outreach.models import Program, ProgramStep, StepMeeting, Target

MOST = 50  # meetings that a page offers for a step
PROGRAMS = 20  # programs whose steps a page offers for a meeting


@needs(Action.WRITE, of=ProgramStep)
def step_meetings(request, uid):
    """Choose the meetings that show what was done in a step."""
    actor, row = request.actor, row_of(request, ProgramStep, uid, "step")
    program = Program.objects.visible_to(actor).get(pk=row.program_id)
    shown = meetings_of(actor, row)
    known = {uid for uid, _name in shown}
    others = [one for one in _offered(actor, program) if one.uid not in known]
    context = {
        "row": row,
        "program": program,
        "shown": shown,
        "others": list(meeting_names(actor, others).items()),
    }
    return render(request, "outreach/step_meetings.html", context)


@needs(Action.WRITE, of=Interaction)
def meeting_steps(request, uid):
    """Choose the open steps for which a meeting shows what was done: of programs of its affiliate,
    of those that target whom we met, and of the viewer's own.
    """
    actor, meeting = request.actor, row_of(request, Interaction, uid, "kind")
    programs = _programs(actor, meeting)
    rows = ProgramStep.objects.visible_to(actor).filter(program__in=[one.pk for one in programs])
    rows = rows.exclude(status=ProgramStep.Status.SIGNED).select_related("step")
    links = StepMeeting.objects.visible_to(actor).filter(interaction=meeting)
    shown = set(links.values_list("program_step_id", flat=True))
    steps = defaultdict(list)
    for row in rows.order_by("step__position", "id"):
        steps[row.program_id].append((row, row.pk in shown))
    context = {
        "meeting": meeting,
        "name": meeting_names(actor, [meeting])[meeting.uid],
        "is_held": meeting.status == Interaction.Status.HELD,
        "programs": [(one, steps[one.pk]) for one in programs if steps[one.pk]],
    }
    return render(request, "outreach/meeting_steps.html", context)


@needs(Action.WRITE, of=ProgramStep)
def tick_meeting(request, uid):
    """Let a meeting show a step, or no longer, and stay where the button is."""
    row = row_of(request, ProgramStep, uid)
    command = TickMeeting(request.actor, request.POST, instance=row)
    return at_once(request, command, safe_next(request, reverse("outreach:step", args=[row.uid])))


def meetings_of(actor, row: ProgramStep) -> list[tuple[Any, str]]:
    """(uid, name) of the meetings that show a step, as the actor may know, the newest first."""
    if not actor.may(Action.VIEW_MEETINGS):
        return []
    links = row.meetings.visible_to(actor).values("interaction_id")
    rows = Interaction.objects.visible_to(actor).filter(pk__in=links).order_by("-day", "-id")
    return list(meeting_names(actor, rows).items())


def _offered(actor, program: Program) -> list[Interaction]:
    """The last meetings held for a program's affiliate, or with an organization that it targets,
    since it began.
    """
    held = Interaction.objects.visible_to(actor).filter(
        status=Interaction.Status.HELD, day__gte=program.start
    )
    targets = Target.objects.visible_to(actor).filter(program=program).values("organization_id")
    met = InteractionOrganization.objects.visible_to(actor).filter(organization__in=targets)
    found: dict[int, Interaction] = {}
    for rows in (
        held.filter(affiliate=program.affiliate_id),
        held.filter(pk__in=met.values("interaction_id")),
    ):
        found |= {row.pk: row for row in rows.order_by("-day", "-id")[:MOST]}

    def newest(row: Interaction) -> tuple[date, int]:
        return row.day, row.pk

    return sorted(found.values(), key=newest, reverse=True)[:MOST]


def _programs(actor, meeting: Interaction) -> list[Program]:
    """The programs for whose steps a meeting is offered, those that began last first."""
    links = meeting.organization_links.visible_to(actor).values("organization_id")
    targets = Target.objects.visible_to(actor).filter(
        program=OuterRef("pk"), organization__in=links
    )
    steps = ProgramStep.objects.visible_to(actor).filter(
        program=OuterRef("pk"), owner=actor.user_id
    )
    near = Q(affiliate=meeting.affiliate_id) | Q(lead=actor.user_id) | Exists(targets)
    rows = Program.objects.visible_to(actor).filter(near | Exists(steps))
    return list(rows.order_by("-start", "-id")[:PROGRAMS])
