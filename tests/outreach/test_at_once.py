"""Events under several hands at once: the last place goes once, two taps make one row."""

import pytest
from django.core.exceptions import ValidationError

from access.actors import actor_of
from access.models import State
from access.recording import Refused
from access.settling import every
from outreach.commands import AnswerInvitation, CheckIn, TakeSeat
from outreach.models import Attendance, SessionSeat
from tests import guests, make
from tests.access.test_parallel import at_once
from tests.access.test_parallel import shared_database as shared_database

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def actors(shared_database):
    here = make.state()
    make.outside()
    return [actor_of(make.user(here.region, home=here)) for _n in range(4)]


def people(state, count):
    return [make.contact(state=state) for _n in range(count)]


def home(actors):
    return State.objects.get(pk=actors[0].home_id)


def done(run):
    """Whether it was done; else it was refused in words, and nothing broke."""
    try:
        run()
    except (Refused, ValidationError):
        return False
    return True


def test_the_last_place_goes_to_one(actors):
    event = make.event(home(actors), day="2030-01-10", capacity=1)
    rows = [guests.attendance(event, person) for person in people(home(actors), 4)]

    def going(actor, row):
        values = {"status": "going", "revision": row.revision}
        command = AnswerInvitation(actor, values, instance=row, partial=True)
        return done(command.run)

    jobs = [
        lambda actor=actor, row=row: going(actor, row)
        for actor, row in zip(actors, rows, strict=True)
    ]
    assert sorted(at_once(jobs)) == [False, False, False, True]
    assert every(Attendance).filter(status="going").count() == 1


def test_the_last_place_in_a_session_goes_to_one(actors):
    event = make.event(home(actors), day="2030-01-10")
    session = guests.session(event, capacity=1)
    rows = [guests.attendance(event, person, "going") for person in people(home(actors), 4)]

    def take(actor, row):
        values = {"session": str(session.uid), "revision": row.revision}
        return done(TakeSeat(actor, values, instance=row).run)

    jobs = [
        lambda actor=actor, row=row: take(actor, row)
        for actor, row in zip(actors, rows, strict=True)
    ]
    assert sorted(at_once(jobs)) == [False, False, False, True]
    assert every(SessionSeat).filter(status="going").count() == 1


@pytest.mark.parametrize("is_listed", [True, False])
def test_four_phones_check_one_person_in_once(actors, is_listed):
    event = make.event(home(actors), status="confirmed")
    person = people(home(actors), 1)[0]
    if is_listed:
        guests.attendance(event, person, "going")

    def tap(actor):
        values = {"event": str(event.uid), "contact": str(person.uid)}
        return CheckIn(actor, values).run().status

    assert at_once([lambda actor=actor: tap(actor) for actor in actors]) == ["attended"] * 4
    row = every(Attendance).get()
    assert row.before == ("going" if is_listed else "")
    assert row.revision == (2 if is_listed else 1)
