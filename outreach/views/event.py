"""The page of an event, and the forms that plan and change it."""

from collections import Counter
from datetime import time
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.models import StoredFile
from access.roles import Action
from crm.models import Affiliate, Organization
from crm.views.parts import delete_page, history_steps, may_delete, open_tasks
from lists.views import carry_out, named, row_of
from outreach.commands import AddEvent, ChangeEvent, DeleteEvent
from outreach.ical import calendar_of
from outreach.keeping import clashes, kept_between
from outreach.models import Attendance, Event, EventRole, EventSession, Place, SessionSeat
from outreach.small import told_apart
from outreach.taking_part import taking_part

FROM_FILE = (
    "name", "day", "start", "end", "end_day", "zone", "place", "url", "note", "status",
)  # fmt: skip
RELATED = ("kind", "owner", "state", "home")


@needs(Action.VIEW, of=Event)
def event(request, uid):
    """An event: when, where, who does what at it, for whom it is, what is left to do."""
    actor = request.actor
    row = row_of(request, Event, uid, *RELATED)
    context = {
        "row": row,
        "taking_part": taking_part(actor, row),
        "sessions": _sessions(actor, row),
        "who": _who(actor, row),
        "clashes": clashes(actor, [row], kept_between(actor, row.day, row.last_day)),
        "is_today": row.is_ahead and row.day <= actor.today() <= row.last_day,
        "is_over": row.status == Event.Status.HELD or row.last_day < actor.today(),
        "may_read": actor.may(Action.VIEW_MEETINGS),
        "communities": _names(row.community_links, actor, "community"),
        "focus_areas": _names(row.focus_links, actor, "focus_area"),
        "states": _names(row.state_links, actor, "state"),
        "affiliate": Affiliate.objects.visible_to(actor).filter(pk=row.affiliate_id).first(),
        "others": _others(actor, row),
        "files": list(StoredFile.objects.visible_to(actor).filter(about=row.uid).order_by("id")),
        "tasks": open_tasks(actor, row),
        "today": actor.today(),
        "may_change": actor.may(Action.WRITE),
        "may_log": actor.may(Action.LOG),
        "may_delete": may_delete(actor, row),
        "tab": "history" if request.GET.get("tab") == "history" else "event",
    }
    if context["tab"] == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "outreach/event.html", context)


def _sessions(actor, row: Event) -> list[tuple[EventSession, int, int]]:
    """The sessions, each with how many that the actor sees have a place in it or wait for one."""
    rows = list(EventSession.objects.visible_to(actor).filter(event=row))
    seats = SessionSeat.objects.visible_to(actor).filter(session__in=[one.pk for one in rows])
    found = Counter(seats.values_list("session_id", "status")) if rows else Counter()
    rows.sort(key=lambda one: (one.day or row.day, one.start or time.min, one.pk))
    return [(one, found[one.pk, Place.GOING], found[one.pk, Place.WAITING]) for one in rows]


def _who(actor, row: Event) -> list[tuple[str, str, int | None]]:
    """(status, its label, how many of whom the actor sees) where there is anybody; small counts
    only for who reads the names.
    """
    rows = Attendance.objects.visible_to(actor).filter(event=row).order_by()
    found = dict(rows.values_list("status").annotate(count=Count("pk")))
    if not actor.may(Action.VIEW_MEETINGS):
        found = told_apart(found)
    choices = Attendance.Status.choices
    return [(code, str(label), found[code]) for code, label in choices if code in found]


@needs(Action.VIEW, of=Event)
def event_file(request, uid):
    """The event as a file for somebody's own calendar."""
    row = row_of(request, Event, uid)
    answer = HttpResponse(calendar_of([row]), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="event-{row.day}.ics"'
    return answer


def _names(links, actor, name: str) -> list[str]:
    """What reference rows that links tie to the event are called."""
    rows = links.visible_to(actor).select_related(name).order_by(f"{name}__position", "id")
    return [getattr(link, name).label for link in rows]


def _others(actor, row: Event) -> list[Event]:
    """The last editions of its series beside this one, the newest first."""
    if not row.series_key:
        return []
    rows = Event.objects.visible_to(actor).filter(series_key=row.series_key).exclude(pk=row.pk)
    return list(rows.order_by("-day", "-id")[:12])


def address(row) -> str:
    return reverse("outreach:event", args=[row.uid])


@needs(Action.WRITE)
def add_event(request):
    """Plan an event; of a partner's page, with that partner as its host."""
    actor = request.actor
    first: dict[str, Any] = {"owner": request.user, "zone": actor.time_zone}
    if "draft" in request.POST:  # one of the events of a calendar file
        sent = {name: request.POST[name] for name in FROM_FILE if name in request.POST}
        return draft_form(request, sent, request.POST["draft"] == "repeats")
    partner = named(Organization.objects.visible_to(actor), request.GET.get("organization", ""))
    if partner:
        first["partners"] = [{"organization": partner, "role": EventRole.HOST}]
    command = AddEvent(actor, request.POST or None, initial=first)
    context = {"partner": partner}
    return carry_out(
        request, command, "outreach/event_form.html", address, context, said=_("Planned.")
    )


def draft_form(request, initial: dict[str, Any], repeats: bool):
    """The form that adds an event, filled with what a calendar file says of it."""
    first = {"owner": request.user, "zone": request.actor.time_zone} | initial
    command = AddEvent(request.actor, initial=first)
    context = {"command": command, "from_file": True, "repeats": repeats}
    return render(request, "outreach/event_form.html", context)


@needs(Action.WRITE, of=Event)
def change_event(request, uid):
    row = row_of(request, Event, uid)
    command = ChangeEvent(request.actor, request.POST or None, instance=row)
    return carry_out(request, command, "outreach/event_form.html", address, {"row": row})


@needs(Action.DELETE, of=Event)
def delete_event(request, uid):
    row = row_of(request, Event, uid)
    command = DeleteEvent(request.actor, request.POST or None, instance=row)
    to = reverse("outreach:events")
    title = _("Delete this event?")
    return delete_page(request, command, title, address(row), to)
