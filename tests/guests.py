"""Who comes to events, for tests."""

from access.settling import every
from outreach.commands import CheckIn
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


def people(partner, count):
    """New people of a partner."""
    return [make.contact(organization=partner) for _n in range(count)]


def check_in(actor, event, person, **more):
    """Somebody is checked in at the door."""
    return CheckIn(actor, {"event": str(event.uid), "contact": str(person.uid)} | more).run()


def here_at(event):
    """The ids of who was there, in the order of their rows."""
    rows = every(Attendance).filter(event=event, status="attended").order_by("pk")
    return [row.contact_id for row in rows]
