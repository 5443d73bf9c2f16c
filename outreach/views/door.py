"""The door of an event, on a phone: check in with one tap, take it back, let a walk-in in."""

import zoneinfo
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.commands import Command
from access.middleware import needs
from access.roles import Action
from crm.models import Contact
from crm.views.parts import open_tasks
from lists.folding import fold
from lists.templatetags.form_parts import clock
from lists.views import carry_out, named, row_of, say_saved
from outreach.commands import CheckIn, CountHeads, UndoCheckIn, WalkIn
from outreach.commands.sheet import NEW
from outreach.guests import guesses, organizations_of
from outreach.models import Attendance, Event
from outreach.taking_part import taking_part
from outreach.views.event import address as event_address

MOST = 2_500  # people of whom the page tells at once; of more, search finds the rest
SCRIPT = "application/json"


@dataclass(frozen=True)
class Guest:
    """A line at the door: no phone and no e-mail in it."""

    uid: str
    name: str
    organization: str
    at: str  # when she was checked in, in the time of the event; "" for somebody who is not here
    is_here: bool
    find: str  # the words by which the line is found, without accents


def door_url(event: Event) -> str:
    return reverse("outreach:check_in", args=[event.uid])


@needs(Action.LOG, of=Event)
def check_in(request, uid):
    """The list of who is expected. A button checks in or takes it back; a text finds a line."""
    event = row_of(request, Event, uid)
    if request.method == "POST" and ("in" in request.POST or "out" in request.POST):
        return _tap(request, event)
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    rows = _rows(request.actor, event)
    text = fold(request.POST.get("q", "")[:100])
    guests = _guests(request.actor, event, rows)
    if text:
        guests = [one for one in guests if all(word in one.find for word in text.split())]
    context = _counts(rows) | {
        "event": event,
        "event_url": event_address(event),
        "guests": guests[:MOST],
        "is_cut": len(guests) > MOST,
        "q": request.POST.get("q", "")[:100],
        "key_form": CheckIn(request.actor),
        "problem": _problem(request.actor, event),
        "taking_part": taking_part(request.actor, event),
        "tasks": open_tasks(request.actor, event),
        "today": request.actor.today(),
        "may_log": True,
    }
    return render(request, "outreach/check_in.html", context)


def _problem(actor, event: Event) -> str:
    """Why nobody can be checked in now; nothing when all is well."""
    if event.status == Event.Status.CANCELLED:
        return _("This event is cancelled: nobody can be checked in.")
    if event.day > max(actor.today(), event.today()):
        return _("This event lies ahead: people are checked in on its day.")
    return ""


def _rows(actor, event: Event) -> list[tuple]:
    """(id of the person, her uid, name, folded name, status, when she came) of all on the list."""
    rows = Attendance.objects.visible_to(actor).filter(event=event.pk)
    columns = ("contact_id", "contact__uid", "contact__name", "contact__sort_name")
    rows = rows.order_by("contact__sort_name", "pk")
    return list(rows.values_list(*columns, "status", "came_at"))


def _guests(actor, event: Event, rows: list[tuple]) -> list[Guest]:
    at = organizations_of(actor, [row[0] for row in rows])
    zone = _zone(actor, event)
    return [
        Guest(
            str(uid),
            name,
            at.get(pk, ""),
            _clock(came, zone),
            status == Attendance.Status.ATTENDED,
            f"{sort_name} {fold(at.get(pk, ''))}",
        )
        for pk, uid, name, sort_name, status, came in rows
    ]


def _zone(actor, event: Event) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(event.zone or actor.time_zone or "UTC")


def _clock(came: datetime | None, zone: zoneinfo.ZoneInfo) -> str:
    return clock(timezone.localtime(came, zone).time()) if came else ""


def _counts(rows: list[tuple]) -> dict[str, int]:
    """How many are here, and how many are on the list and did not say no."""
    status = Attendance.Status
    here = sum(row[4] == status.ATTENDED for row in rows)
    return {"here": here, "expected": sum(row[4] != status.DECLINED for row in rows)}


def _tap(request, event: Event):
    """Check in, or take it back: the same for a page without script and for a phone that sends what
    it kept while there was no signal. A phone gets all who are here, of other phones too.
    """
    actor, is_in = request.actor, "in" in request.POST
    people = Contact.objects.visible_to(actor)
    contact = named(people, request.POST.get("in" if is_in else "out", ""))
    is_script = SCRIPT in request.headers.get("Accept", "")
    command = _command(request, event, contact, is_in)
    done = command is not None and command.attempt() is not None
    if is_script:
        return _answer(request, event, command, done)
    if done and command is not None and not command.repeated:
        said = _("%(name)s is here.") if is_in else _("Taken back: %(name)s.")
        say_saved(request, command, said % {"name": contact.name})
    if done:
        return redirect(f"{door_url(event)}#c-{contact.uid}")
    context = {"command": command, "back_url": door_url(event), "gone": command is None}
    status = command.status if command else 422
    return render(request, "outreach/not_checked_in.html", context, status=status)


def _command(request, event: Event, contact: Contact | None, is_in: bool) -> Command | None:
    """What a tap asks for; None where the person is not there, or not on the list."""
    if contact is None:
        return None
    key, at = request.POST.get("key", ""), request.POST.get("at", "")
    if is_in:
        values = {"event": str(event.uid), "contact": str(contact.uid), "key": key, "at": at}
        return CheckIn(request.actor, values)
    rows = Attendance.objects.visible_to(request.actor)
    row = rows.filter(event=event.pk, contact=contact.pk).first()
    if row is None:
        return None
    return UndoCheckIn(request.actor, {"key": key, "revision": row.revision}, instance=row)


def _answer(request, event: Event, command: Command | None, done: bool) -> JsonResponse:
    """Who is here by now, and why a tap was not taken, if it was not."""
    rows = _rows(request.actor, event)
    zone = _zone(request.actor, event)
    told: dict[str, Any] = _counts(rows)
    told["at"] = {
        str(row[1]): _clock(row[5], zone) for row in rows if row[4] == Attendance.Status.ATTENDED
    }
    if not done:
        told["error"] = _gone() if command is None else _why(command)
    return JsonResponse(told, status=200 if done else command.status if command else 422)


def _gone() -> str:
    return _("This person is not there any more, or lies outside your areas. Nothing was saved.")


def _why(command: Command) -> str:
    told = (str(one) for problems in command.errors.values() for one in problems)
    return " ".join(dict.fromkeys(told))


@needs(Action.WRITE, of=Event)
def walk_in(request, uid):
    """Let in somebody who was not expected, with three fields; who may be meant is offered."""
    event = row_of(request, Event, uid)
    data = None
    if request.method == "POST" and "name" in request.POST:
        data = request.POST.copy()
        data["event"] = str(event.uid)
        who = data.get("who", "")  # of those who may be meant, or somebody else
        data["known"], data["is_new"] = ("", "on") if who == NEW else (who, "")
    typed = request.POST.get("q", "").strip()[:200]  # in the search of the door
    command = WalkIn(request.actor, data, initial={"name": typed})
    to = door_url(event)
    return carry_out(
        request,
        command,
        "outreach/walk_in.html",
        lambda row: to,
        lambda: {"event": event, "door_url": to, "guesses": getattr(command, "guesses", [])},
        lambda _row: _("%(name)s is here.") % {"name": command.cleaned_data["name"]},
    )


@needs(Action.WRITE, of=Event)
def walk_in_like(request, uid):
    """Who may be meant by a name, while it is typed."""
    event = row_of(request, Event, uid)
    name = request.POST.get("name", "").strip()[:200]
    found = guesses(request.actor, event, [name])[name] if name else []
    context = {"event": event, "guesses": found}
    return render(request, "outreach/walk_in.html#guesses", context)


@needs(Action.LOG, of=Event)
def count_heads(request, uid):
    """How many were there, apart from names."""
    event = row_of(request, Event, uid)
    command = CountHeads(request.actor, request.POST or None, instance=event)
    to = request.GET.get("back") == "event"
    url = event_address(event) if to else door_url(event)
    context = {"event": event, "back_url": url}
    return carry_out(request, command, "outreach/count_heads.html", lambda _row: url, context)
