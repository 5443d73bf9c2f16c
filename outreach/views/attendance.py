"""Who comes to an event: inviting, answers, places in sessions, and what follows for all."""

from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.middleware import needs
from access.roles import Action
from crm.models import Contact
from crm.views.parts import history_steps
from lists.templatetags.form_parts import whole
from lists.views import at_once, carry_out, row_of
from outreach.commands import (
    AddToEvent,
    AnswerInvitation,
    FollowUpAll,
    GiveUpSeat,
    InvitePeople,
    MarkNoShows,
    RemoveFromEvent,
    TakeSeat,
)
from outreach.guests import organizations_of
from outreach.models import Attendance, Event, EventSession, SessionSeat
from outreach.rooms import left
from outreach.views.event import address as event_address

NAMED = 8  # people that a question names


@needs(Action.VIEW_MEETINGS, of=Attendance)
def attendance(request, uid):
    """A person and an event: what she answered, her places in sessions, what became of it."""
    actor = request.actor
    row, event, contact = _found(request, uid)
    seats = {seat.session_id: seat for seat in row.seats.visible_to(actor)}
    sessions = EventSession.objects.visible_to(actor).filter(event=event).order_by("pk")
    context = _about(event, contact) | {
        "row": row,
        "organization": organizations_of(actor, [contact.pk]).get(contact.pk, ""),
        "command": AnswerInvitation(actor, instance=row),
        "sessions": [(one, seats.get(one.pk), left(one)) for one in sessions],
        "may_log": actor.may(Action.LOG),
        "steps": history_steps(actor, row),
    }
    return render(request, "outreach/attendance.html", context)


def _found(request, uid) -> tuple[Attendance, Event, Contact]:
    """A row, its event and its person. Who sees the row sees both."""
    row = row_of(request, Attendance, uid)
    event = Event.objects.visible_to(request.actor).get(pk=row.event_id)
    contact = Contact.objects.visible_to(request.actor).get(pk=row.contact_id)
    row.event, row.contact = event, contact
    return row, event, contact


def _about(event: Event, contact: Contact | None = None) -> dict[str, Any]:
    return {"event": event, "contact": contact, "event_url": event_address(event)}


def address(row) -> str:
    return reverse("outreach:attendance", args=[row.uid])


@needs(Action.LOG, of=Attendance)
def answer(request, uid):
    """Write down what she answered."""
    row, event, contact = _found(request, uid)
    command = AnswerInvitation(request.actor, request.POST or None, instance=row)
    context = _about(event, contact) | {"row": row}
    return carry_out(request, command, "outreach/answer_form.html", address, context)


@needs(Action.LOG, of=Attendance)
def remove_attendance(request, uid):
    row, event, _contact = _found(request, uid)
    command = RemoveFromEvent(request.actor, request.POST, instance=row)
    return at_once(request, command, event_address(event), _("Taken off. The person stays."))


@needs(Action.LOG, of=Attendance)
def take_seat(request, uid):
    row, _event, _contact = _found(request, uid)
    command = TakeSeat(request.actor, request.POST, instance=row)
    return at_once(request, command, address(row), _("Saved."))


@needs(Action.LOG, of=SessionSeat)
def give_up_seat(request, uid):
    seat = row_of(request, SessionSeat, uid)
    row = Attendance.objects.visible_to(request.actor).get(pk=seat.attendance_id)
    command = GiveUpSeat(request.actor, request.POST, instance=seat)
    return at_once(request, command, address(row), _("Taken back."))


@needs(Action.LOG, of=Event)
def add_attendance(request, uid):
    """Put one person on the list of an event."""
    event = row_of(request, Event, uid)
    data = request.POST.copy() if request.POST else None
    if data is not None:
        data["event"] = str(event.uid)
    command = AddToEvent(request.actor, data, initial={"event": event})
    to = event_address(event)
    return carry_out(
        request,
        command,
        "outreach/add_attendance.html",
        lambda _row: to,
        _about(event),
        _("Added."),
    )


@needs(Action.LOG, of=Event)
def invite(request, uid):
    """Invite people: whom, how, and before anything happens how many, and who is left out."""
    event = row_of(request, Event, uid)
    command = InvitePeople(request.actor, request.POST or None, instance=event)
    context = _about(event)
    go = request.POST.get("go") and request.POST.get("count")
    if request.method == "POST":
        command.allow()
        if command.is_valid() and go != str(len(command.found)):
            names = [person.name for person in command.found[:NAMED]]
            context |= {
                "names": names,
                "others": len(command.found) - len(names),
                "count": len(command.found),
                "left_out": command.left_out,
                "command": command,
            }
            return render(request, "outreach/invite.html", context)
    to = event_address(event)

    def said(_row) -> str:
        count = len(command.found)
        words = ngettext("%(count)s person invited.", "%(count)s people invited.", count)
        return words % {"count": whole(count)}

    return carry_out(request, command, "outreach/invite.html", lambda _row: to, context, said)


@needs(Action.LOG, of=Event)
def no_shows(request, uid):
    """Say of all who were coming and were not there that they did not come."""
    event = row_of(request, Event, uid)
    rows = Attendance.objects.visible_to(request.actor).filter(event=event)
    count = rows.filter(status=Attendance.Status.GOING).count()
    if request.method != "POST":
        context = _about(event) | {
            "count": count,
            "command": MarkNoShows(request.actor, instance=event),
        }
        return render(request, "outreach/no_shows.html", context)
    command = MarkNoShows(request.actor, request.POST, instance=event)
    return at_once(request, command, event_address(event))


@needs(Action.LOG, of=Event)
def follow_up_all(request, uid):
    """Make a follow-up for each who came, or for each of their partners."""
    event = row_of(request, Event, uid)
    command = FollowUpAll(request.actor, request.POST or None, instance=event)
    came = Attendance.objects.visible_to(request.actor).filter(event=event).came()
    people = Contact.objects.visible_to(request.actor).filter(pk__in=came.values("contact_id"))
    context = _about(event) | {
        "count": people.count(),
        "off": people.filter(no_contact=True).count(),
    }
    to = event_address(event)

    def said(_row) -> str:
        made = ngettext("%(count)s follow-up made.", "%(count)s follow-ups made.", command.made)
        made %= {"count": whole(command.made)}
        if command.elsewhere:
            rest = _("%(count)s lie outside your areas and got none.")
            made = f"{made} {rest % {'count': whole(command.elsewhere)}}"
        return made

    return carry_out(
        request, command, "outreach/follow_up_all.html", lambda _row: to, context, said
    )
