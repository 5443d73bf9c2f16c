"""Who comes to an event: invitations, answers, waiting lists, places in sessions."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.many import change_many
from access.models import Run
from access.recording import Refused
from access.settling import every
from access.undo import undo
from crm.commands import SetDoNotContact
from outreach.commands import (
    AddToEvent,
    AnswerInvitation,
    ChangeEvent,
    DeleteEvent,
    GiveUpSeat,
    InvitePeople,
    InviteToEvent,
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
    return make.event(here, day="2030-01-10")


@pytest.fixture
def partner(here):
    return make.organization(state=here)


def people(partner, count):
    return [make.contact(organization=partner) for _n in range(count)]


def asks_not(actor, person, channel):
    """Somebody asks us to keep off a channel."""
    person = make.fresh(person)
    values = {"channels": [channel], "source": "told us", "day": "2026-01-01"}
    SetDoNotContact(actor, values | {"revision": person.revision}, instance=person).run()


def answer(actor, row, status, **values):
    row = make.fresh(row)
    values = {"status": status, "revision": row.revision} | values
    command = AnswerInvitation(actor, values, instance=row, partial=True)
    command.run()
    return command


def status_of(row):
    return make.fresh(row).status


def invite(actor, event, **values):
    event = make.fresh(event)
    values = {"channel": "email", "revision": event.revision} | values
    command = InvitePeople(actor, values, instance=event)
    command.run()
    return command


# ---- Invitations


def test_a_contact_list_is_invited_without_who_asked_us_not_to(actor, organizer, event, partner):
    one, two, three, four = people(partner, 4)
    for person, channel in ((two, "all"), (three, "email")):
        asks_not(actor, person, channel)
    guests.attendance(event, four)
    listed = make.contact_list(organizer, [one, two, three, four])
    command = invite(actor, event, contact_list=str(listed.uid))
    assert dict(command.left_out) == {
        "They asked us not to contact them at all.": 1,
        "They asked us not to e-mail.": 1,
        "They are on the list of this event already.": 1,
    }
    rows = every(Attendance).filter(event=event).order_by("pk")
    assert [row.contact_id for row in rows] == [four.pk, one.pk]
    assert {row.source for row in rows if row.contact_id == one.pk} == {"invited"}


def test_in_person_too_who_asked_for_no_contact_at_all_stays_out(actor, event, partner):
    one, two = people(partner, 2)
    asks_not(actor, two, "all")
    command = invite(actor, event, contacts=[str(one.uid), str(two.uid)], channel="none")
    assert [person.pk for person in command.found] == [one.pk]


def test_a_view_of_people_is_invited_as_it_shows_today(actor, organizer, here, event, partner):
    one = people(partner, 1)[0]
    make.contact(organization=make.organization(state=here))
    view = make.saved_view(organizer, page="people", query={"mine": ["yes"]})
    assert invite_fails(actor, event, view=str(view.uid)) == []  # nobody of her partners yet
    owned = make.organization(state=here, owner=organizer)
    mine = make.contact(organization=owned)
    invite(actor, event, view=str(view.uid))
    assert {row.contact_id for row in every(Attendance)} == {mine.pk} != {one.pk}


def invite_fails(actor, event, **values):
    command = InvitePeople(
        actor, {"channel": "email", "revision": event.revision} | values, instance=event
    )
    return command.found if command.is_valid() else command.errors


def test_who_is_hidden_is_neither_invited_nor_counted(actor, organizer, elsewhere, event):
    hidden = make.contact(organization=make.organization(state=elsewhere))
    listed = make.contact_list(organizer, [hidden])
    command = invite(actor, event, contact_list=str(listed.uid))
    assert command.found == [] == command.left_out


def test_inviting_twice_invites_once(actor, event, partner):
    one = people(partner, 1)[0]
    invite(actor, event, contacts=[str(one.uid)])
    command = invite(actor, event, contacts=[str(one.uid)])
    assert command.found == []
    assert every(Attendance).count() == 1


@pytest.mark.parametrize("status", ["cancelled", "held"])
def test_nobody_is_invited_to_what_is_over_or_called_off(actor, here, partner, status):
    event = make.event(here, day="2026-01-10", status=status)
    one = people(partner, 1)[0]
    assert "__all__" in invite_fails(actor, event, contacts=[str(one.uid)])
    values = {"event": str(event.uid), "channel": "email", "revision": one.revision}
    with pytest.raises(Refused):
        InviteToEvent(actor, values, instance=one).run()
    assert not every(Attendance).exists()


def test_ticked_people_are_invited_and_the_others_counted_with_the_reason(actor, event, partner):
    one, two = people(partner, 2)
    asks_not(actor, two, "phone")
    values = {"event": str(event.uid), "channel": "phone"}
    result = change_many(InviteToEvent, actor, values, [(one.uid, None), (two.uid, None)])
    assert result.changed == 1
    assert result.reasons == {"They asked us not to be reached that way.": 1}


def test_people_of_organizations_are_invited_without_who_asked_us_not_to(
    actor, here, elsewhere, event, partner
):
    one, two = people(partner, 2)
    former = make.contact(organization=make.organization(state=here))
    make.affiliation(former, partner, end="2026-01-01")
    asks_not(actor, two, "email")
    far = make.organization(state=elsewhere)
    make.contact(organization=far)
    command = invite(actor, event, organizations=[str(partner.uid)])
    assert [person.pk for person in command.found] == [one.pk]
    assert command.left_out == [("They asked us not to e-mail.", 1)]
    with pytest.raises(ValidationError):
        invite(actor, event, organizations=[str(far.uid)])


def test_an_invitation_says_first_how_many_and_who_stays_out(client, organizer, event, partner):
    one, two = people(partner, 2)
    client.force_login(organizer)
    url = reverse("outreach:invite", args=[event.uid])
    values = {
        "channel": "email",
        "contacts": [str(one.uid), str(two.uid)],
        "revision": event.revision,
    }
    page = client.post(url, values)
    assert "Invite 2 people" in page.content.decode()
    assert not every(Attendance).exists()
    page = client.post(url, values | {"go": "yes", "count": "1"})  # it was another list then
    assert not every(Attendance).exists()
    client.post(url, values | {"go": "yes", "count": "2"})
    assert every(Attendance).count() == 2


def test_do_not_contact_after_the_invitation_shows_and_stays_on_the_list(
    client, organizer, actor, event, partner
):
    one = people(partner, 1)[0]
    row = guests.attendance(event, one)
    asks_not(actor, one, "all")
    client.force_login(organizer)
    page = client.get(reverse("outreach:attendance", args=[row.uid])).content.decode()
    assert "Do not contact" in page
    assert status_of(row) == "invited"


# ---- Answers, and room


def test_a_full_event_refuses_the_next_and_the_waiting_list_moves_up(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=2)
    rows = [guests.attendance(event, person) for person in people(partner, 4)]
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
    first, second = [guests.attendance(event, person) for person in people(partner, 2)]
    answer(actor, first, "going")
    answer(actor, second, "waiting")
    command = answer(actor, first, "declined")
    assert status_of(second) == "going"
    undo(actor, command.run_made)
    assert [status_of(first), status_of(second)] == ["going", "waiting"]


def test_more_room_lets_more_people_in(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=1)
    rows = [guests.attendance(event, person) for person in people(partner, 3)]
    answer(actor, rows[0], "going")
    answer(actor, rows[1], "waiting")
    answer(actor, rows[2], "waiting")
    event = make.fresh(event)
    values = {"capacity": 2, "revision": event.revision}
    ChangeEvent(actor, values, instance=event, partial=True).run()
    assert [status_of(row) for row in rows] == ["going", "going", "waiting"]


def test_less_room_throws_nobody_out(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=2)
    rows = [guests.attendance(event, person, "going") for person in people(partner, 2)]
    values = {"capacity": 1, "revision": event.revision}
    ChangeEvent(actor, values, instance=event, partial=True).run()
    assert [status_of(row) for row in rows] == ["going", "going"]


def test_who_is_taken_off_makes_room(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=1)
    first, second = [guests.attendance(event, person) for person in people(partner, 2)]
    answer(actor, first, "going")
    answer(actor, second, "waiting")
    first = make.fresh(first)
    RemoveFromEvent(actor, {"revision": first.revision}, instance=first).run()
    assert status_of(second) == "going"


def test_hidden_people_take_a_place_too(actor, here, elsewhere, partner):
    event = make.event(here, day="2030-01-10", capacity=1)
    hidden = make.contact(organization=make.organization(state=elsewhere))
    guests.attendance(event, hidden, "going")
    row = guests.attendance(event, people(partner, 1)[0])
    with pytest.raises(ValidationError):
        answer(actor, row, "going")


@pytest.mark.parametrize("status", ["attended", "no-show"])
def test_nobody_was_there_before_the_day(actor, event, partner, status):
    row = guests.attendance(event, people(partner, 1)[0])
    with pytest.raises(ValidationError):
        answer(actor, row, status)


def test_a_cancelled_event_takes_no_answer_but_no(actor, here, partner):
    event = make.event(here, day="2030-01-10", status="cancelled")
    row = guests.attendance(event, people(partner, 1)[0])
    with pytest.raises(ValidationError):
        answer(actor, row, "going")
    answer(actor, row, "declined")


def test_nobody_moves_up_at_a_cancelled_event(actor, here, partner):
    event = make.event(here, day="2030-01-10", capacity=1)
    first, second = [guests.attendance(event, person) for person in people(partner, 2)]
    answer(actor, first, "going")
    answer(actor, second, "waiting")
    event = make.fresh(event)
    values = {"status": "cancelled", "revision": event.revision}
    ChangeEvent(actor, values, instance=event, partial=True).run()
    answer(actor, first, "declined")
    assert status_of(second) == "waiting"


def test_one_person_stands_on_a_list_once(actor, event, partner):
    one = people(partner, 1)[0]
    values = {"event": str(event.uid), "contact": str(one.uid), "status": "going"}
    AddToEvent(actor, values).run()
    with pytest.raises(ValidationError):
        AddToEvent(actor, values).run()
    assert every(Attendance).count() == 1


def test_silence_is_not_absence(actor, here, partner):
    event = make.event(here, day="2026-11-02")
    silent, coming, there = people(partner, 3)
    silent = guests.attendance(event, silent)
    coming = guests.attendance(event, coming, "going")
    there = guests.attendance(event, there, "attended")
    MarkNoShows(actor, {"revision": event.revision}, instance=event).run()
    assert [status_of(row) for row in (silent, coming, there)] == ["invited", "no-show", "attended"]


def test_nobody_is_said_not_to_have_come_before_the_day(actor, event):
    with pytest.raises(Refused):
        MarkNoShows(actor, {"revision": event.revision}, instance=event).run()


def test_a_deleted_event_takes_its_list_along_and_brings_it_back(actor, event, partner):
    row = guests.attendance(event, people(partner, 1)[0])
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
    rows = [guests.attendance(event, person, "going") for person in people(partner, 3)]
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
    first, second = [guests.attendance(event, p, "going") for p in people(partner, 2)]
    take(actor, first, session)
    take(actor, second, session, waits="on")
    answer(actor, first, "declined")
    assert places(session) == ["going"]
    assert every(SessionSeat).get().attendance_id == second.pk


def test_a_place_twice_is_one(actor, event, partner):
    session = guests.session(event)
    row = guests.attendance(event, people(partner, 1)[0], "going")
    take(actor, row, session)
    take(actor, row, session)
    assert places(session) == ["going"]


def test_a_session_of_another_event_cannot_be_chosen(actor, here, event, partner):
    row = guests.attendance(event, people(partner, 1)[0], "going")
    with pytest.raises(ValidationError):
        take(actor, row, guests.session(make.event(here)))


# ---- Who sees names


def test_leaders_read_numbers_and_no_small_ones(client, here, partner):
    event = make.event(here)
    for person in people(partner, 12):
        guests.attendance(event, person, "attended")
    for person in people(partner, 2):
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


def test_what_one_does_is_told_as_what_it_was(actor, event, partner):
    invite(actor, event, contacts=[str(people(partner, 1)[0].uid)])
    assert Run.objects.filter(command="InvitePeople").exists()
    leader = actor_of(make.user(event.home.region, home=event.home, role="leader"))
    with pytest.raises(PermissionDenied):
        InvitePeople(leader, {"channel": "email"}, instance=event).run()


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
