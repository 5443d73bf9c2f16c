"""Who comes to an event: answers, waiting lists, places in sessions, and who sees names."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.recording import Refused
from access.settling import every
from access.undo import undo
from outreach.commands import (
    AddToEvent,
    AnswerInvitation,
    ChangeEvent,
    DeleteEvent,
    GiveUpSeat,
    MarkNoShows,
    RemoveFromEvent,
    TakeSeat,
)
from outreach.lists import ATTENDANCES
from outreach.models import Attendance, SessionSeat
from tests import guests, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(here):
    """One to come."""
    return make.event(here, day="2030-01-10")


def answer(actor, row, status, **values):
    row = make.fresh(row)
    values = {"status": status, "revision": row.revision} | values
    command = AnswerInvitation(actor, values, instance=row, partial=True)
    command.run()
    return command


def status_of(row):
    return make.fresh(row).status


# ---- Answers, and room


def test_a_full_event_refuses_the_next_and_the_waiting_list_moves_up(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=2)
    rows = [guests.attendance(event, person) for person in guests.people(partner, 4)]
    answer(actor, rows[0], "going")
    answer(actor, rows[1], "going")
    with pytest.raises(ValidationError) as refused:
        answer(actor, rows[2], "going")
    assert "full" in str(refused.value)
    answer(actor, rows[3], "waiting")
    answer(actor, rows[2], "waiting")
    assert [status_of(row) for row in rows] == ["going", "going", "waiting", "waiting"]
    answer(actor, rows[0], "declined")
    assert [status_of(row) for row in rows] == ["declined", "going", "waiting", "going"]
    assert make.fresh(rows[3]).moved_up


def test_who_moved_up_waits_again_when_what_made_room_is_undone(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=1)
    first, second = [guests.attendance(event, person) for person in guests.people(partner, 2)]
    answer(actor, first, "going")
    answer(actor, second, "waiting")
    command = answer(actor, first, "declined")
    assert status_of(second) == "going"
    undo(actor, command.run_made)
    assert [status_of(first), status_of(second)] == ["going", "waiting"]


def test_more_room_lets_more_people_in(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=1)
    rows = [guests.attendance(event, person) for person in guests.people(partner, 3)]
    answer(actor, rows[0], "going")
    answer(actor, rows[1], "waiting")
    answer(actor, rows[2], "waiting")
    event = make.fresh(event)
    values = {"capacity": 2, "revision": event.revision}
    ChangeEvent(actor, values, instance=event, partial=True).run()
    assert [status_of(row) for row in rows] == ["going", "going", "waiting"]


def test_less_room_throws_nobody_out(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=2)
    rows = [guests.attendance(event, person, "going") for person in guests.people(partner, 2)]
    values = {"capacity": 1, "revision": event.revision}
    ChangeEvent(actor, values, instance=event, partial=True).run()
    assert [status_of(row) for row in rows] == ["going", "going"]


def test_who_is_taken_off_makes_room(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=1)
    first, second = [guests.attendance(event, person) for person in guests.people(partner, 2)]
    answer(actor, first, "going")
    answer(actor, second, "waiting")
    first = make.fresh(first)
    RemoveFromEvent(actor, {"revision": first.revision}, instance=first).run()
    assert status_of(second) == "going"


def test_hidden_people_take_a_place_too(actor, here, elsewhere, partner):
    event = make.event(here, day="2030-01-10", capacity=1)
    hidden = make.contact(organization=make.organization(state=elsewhere))
    guests.attendance(event, hidden, "going")
    row = guests.attendance(event, guests.people(partner, 1)[0])
    with pytest.raises(ValidationError):
        answer(actor, row, "going")


@pytest.mark.parametrize("status", ["attended", "no-show"])
def test_nobody_was_there_before_the_day(actor, event, partner, status):
    row = guests.attendance(event, guests.people(partner, 1)[0])
    with pytest.raises(ValidationError):
        answer(actor, row, status)


def test_a_cancelled_event_takes_no_answer_but_no(actor, here, partner):
    event = make.event(here, day="2030-01-10", status="cancelled")
    row = guests.attendance(event, guests.people(partner, 1)[0])
    with pytest.raises(ValidationError):
        answer(actor, row, "going")
    answer(actor, row, "declined")


def test_nobody_moves_up_at_a_cancelled_event(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=1)
    first, second = [guests.attendance(event, person) for person in guests.people(partner, 2)]
    answer(actor, first, "going")
    answer(actor, second, "waiting")
    event = make.fresh(event)
    values = {"status": "cancelled", "revision": event.revision}
    ChangeEvent(actor, values, instance=event, partial=True).run()
    answer(actor, first, "declined")
    assert status_of(second) == "waiting"


def test_one_person_stands_on_a_list_once(actor, event, partner):
    one = guests.people(partner, 1)[0]
    values = {"event": str(event.uid), "contact": str(one.uid), "status": "going"}
    AddToEvent(actor, values).run()
    with pytest.raises(ValidationError):
        AddToEvent(actor, values).run()
    assert every(Attendance).count() == 1


def test_silence_is_not_absence(actor, here, partner):
    event = make.event(here, day="2026-11-02")
    silent, coming, there = guests.people(partner, 3)
    silent = guests.attendance(event, silent)
    coming = guests.attendance(event, coming, "going")
    there = guests.attendance(event, there, "attended")
    MarkNoShows(actor, {"revision": event.revision}, instance=event).run()
    assert [status_of(row) for row in (silent, coming, there)] == ["invited", "no-show", "attended"]


def test_nobody_is_said_not_to_have_come_before_the_day(actor, event):
    with pytest.raises(Refused):
        MarkNoShows(actor, {"revision": event.revision}, instance=event).run()


def test_a_deleted_event_takes_its_list_along_and_brings_it_back(actor, event, partner):
    row = guests.attendance(event, guests.people(partner, 1)[0])
    seat = guests.seat(guests.session(event), row)
    event = make.fresh(event)
    command = DeleteEvent(make_lead(event), {"revision": event.revision}, instance=event)
    command.run()
    assert not every(Attendance).exists()
    assert not every(SessionSeat).exists()
    undo(command.actor, command.run_made)
    assert every(Attendance).get().uid == row.uid
    assert every(SessionSeat).get().uid == seat.uid


def make_lead(event):
    return actor_of(make.user(event.home.region, home=event.home, role="regional-lead"))


# ---- Sessions


def take(actor, row, session, **values):
    row = make.fresh(row)
    values = {"session": str(session.uid), "revision": row.revision} | values
    TakeSeat(actor, values, instance=row).run()


def places(session):
    rows = every(SessionSeat).filter(session=session).order_by("pk")
    return [row.status for row in rows]


def test_a_full_session_refuses_the_next_and_its_waiting_list_moves_up(actor, event, partner):
    session = guests.session(event, capacity=1)
    rows = [guests.attendance(event, person, "going") for person in guests.people(partner, 3)]
    take(actor, rows[0], session)
    with pytest.raises(Refused) as refused:
        take(actor, rows[1], session)
    assert "Workshop is full: there is room for 1" in str(refused.value)
    take(actor, rows[1], session, waits="on")
    take(actor, rows[2], session, waits="on")
    assert places(session) == ["going", "waiting", "waiting"]
    seat = every(SessionSeat).get(attendance=rows[0])
    GiveUpSeat(actor, {"revision": seat.revision}, instance=seat).run()
    assert places(session) == ["going", "waiting"]
    assert every(SessionSeat).get(attendance=rows[1]).moved_up


def test_who_does_not_come_gives_up_her_places(actor, event, partner):
    session = guests.session(event, capacity=1)
    first, second = [guests.attendance(event, p, "going") for p in guests.people(partner, 2)]
    take(actor, first, session)
    take(actor, second, session, waits="on")
    answer(actor, first, "declined")
    assert places(session) == ["going"]
    assert every(SessionSeat).get().attendance_id == second.pk


def test_a_place_twice_is_one(actor, event, partner):
    session = guests.session(event)
    row = guests.attendance(event, guests.people(partner, 1)[0], "going")
    take(actor, row, session)
    take(actor, row, session)
    assert places(session) == ["going"]


def test_a_session_of_another_event_cannot_be_chosen(actor, here, event, partner):
    row = guests.attendance(event, guests.people(partner, 1)[0], "going")
    with pytest.raises(ValidationError):
        take(actor, row, guests.session(make.event(here)))


# ---- Who sees names


def test_leaders_read_numbers_and_no_small_ones(client, here, partner):
    event = make.event(here)
    for person in guests.people(partner, 12):
        guests.attendance(event, person, "attended")
    for person in guests.people(partner, 2):
        guests.attendance(event, person, "going")
    leader = make.user(here.region, home=here, role="leader")
    client.force_login(leader)
    page = client.get(reverse("outreach:event", args=[event.uid]))
    told = {code: count for code, _label, count in page.context["who"]}
    assert told == {"attended": None, "going": None}  # one alone would follow from the sum
    assert "Under 11" in page.content.decode()
    assert client.get(reverse("outreach:attendances")).status_code == 403
    row = every(Attendance).first()
    assert client.get(reverse("outreach:attendance", args=[row.uid])).status_code == 403
    assert client.get(reverse("outreach:check_in", args=[event.uid])).status_code == 403


def test_restricted_people_are_on_no_list_of_others(client, organizer, here, partner):
    event = make.event(here)
    other = make.user(here.region, home=here)
    hidden = make.contact(
        organization=partner, visibility="restricted", author=other, name="Canary Person"
    )
    row = guests.attendance(event, hidden)
    client.force_login(organizer)
    for url in (
        reverse("outreach:event", args=[event.uid]),
        reverse("outreach:check_in", args=[event.uid]),
        reverse("outreach:sheet", args=[event.uid]),
        reverse("outreach:attendances") + f"?view=all&event={event.uid}",
    ):
        assert "Canary Person" not in client.get(url).content.decode()
    assert client.get(reverse("outreach:attendance", args=[row.uid])).status_code == 404


def test_an_organizer_takes_out_people_of_her_partners_alone(organizer, here, actor):
    event = make.event(here)
    mine = make.contact(organization=make.organization(state=here, owner=organizer))
    other = make.contact(organization=make.organization(state=here))
    for person in (mine, other):
        guests.attendance(event, person, author=organizer)
    rows = ATTENDANCES.exportable(ATTENDANCES.rows(actor), actor)
    assert [row.contact_id for row in rows] == [mine.pk]


def test_a_leader_reads_no_name_in_the_history_of_an_event(client, here, partner):
    event = make.event(here)
    row = guests.attendance(
        event, make.contact(organization=partner, name="Canary Person"), "attended"
    )
    guests.seat(guests.session(event), row)
    url = reverse("outreach:event", args=[event.uid]) + "?tab=history"
    for role, reads in (("leader", False), ("organizer", True)):
        client.force_login(make.user(here.region, home=here, role=role))
        page = client.get(url).content.decode()
        assert ("Canary Person" in page) is reads
        assert ("Was there" in page) is reads
