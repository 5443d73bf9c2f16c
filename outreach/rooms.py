"""Whether an event or a session has room, and who moves up when a place is free.

A place is taken by whom the viewer may not see, too: that it is full is true for all.
"""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from access.recording import Touched
from access.settling import every, looked_up, settles
from outreach.models import Attendance, Event, EventSession, Place, SessionSeat

Status = Attendance.Status
TAKES_A_PLACE = (Status.GOING, Status.ATTENDED)


def alone_at(actor, event_id: int) -> Event:
    """The event as it is now, its list closed to others until the running command ends: two never
    take the last place, and two taps never make two rows. Raises PermissionDenied when the actor
    does not see it any more.
    """
    rows = Event.objects.visible_to(actor).filter(pk=event_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise PermissionDenied
    return row


def left(of: Event | EventSession) -> int | None:
    """How many places are free, never fewer than none; None where there is room for all."""
    if of.capacity is None:
        return None
    return max(0, of.capacity - _taken(of))


def is_full(of: Event | EventSession) -> bool:
    return left(of) == 0


def _taken(of: Event | EventSession) -> int:
    if isinstance(of, Event):
        return every(Attendance).filter(event=of, status__in=TAKES_A_PLACE).count()
    return every(SessionSeat).filter(session=of, status=Place.GOING).count()


@settles
def waiting_lists(touched: Touched) -> None:
    """Let who waits move up where a place became free: who asked first, first.

    It is written as any change is, so that history tells it, and undo takes it back with what made
    room.
    """
    events = touched.ids(Attendance, "event_id") | touched.older(Event)
    sessions = touched.ids(SessionSeat, "session_id") | touched.older(EventSession)
    _move_up(Attendance, "event", events, ("answered_at", "id"))
    _move_up(SessionSeat, "session", sessions, ("id",))


def _move_up(model, key: str, ids: Iterable[int], order: tuple[str, ...]) -> None:
    of = model._meta.get_field(key).related_model
    waiting = {pk for (pk,) in looked_up(model, f"{key}_id", ids, f"{key}_id", status="waiting")}
    if not waiting:
        return
    for room in every(of).filter(pk__in=waiting):
        event = room if isinstance(room, Event) else every(Event).get(pk=room.event_id)
        if not event.is_ahead:
            continue
        rows = every(model).filter(**{key: room}, status="waiting").order_by(*order)
        free = left(room)
        for row in rows if free is None else rows[:free]:
            row.status, row.moved_up = "going", True
            row.save()
