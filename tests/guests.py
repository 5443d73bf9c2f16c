"""Who comes to events, for tests."""

from outreach.models import Attendance, EventSession, SessionSeat
from tests import make


def attendance(event, contact, status="invited", **fields):
    """A row of somebody on the list of an event."""
    return make.saved(Attendance(event=event, contact=contact, status=status, **fields))


def held(state, *people, day="2026-09-10", **fields):
    """An event that was held in the state, at which these people were."""
    event = make.event(state, day=day, status="held", **fields)
    for person in people:
        attendance(event, person, "attended")
    return event


def session(event, name="Workshop", **fields):
    return make.saved(EventSession(event=event, name=name, **fields))


def seat(session, row, status="going"):
    return make.saved(SessionSeat(session=session, attendance=row, status=status))
