"""The door of an event: taps of two phones, and what they take back."""

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.actors import actor_of
from access.recording import Refused
from access.settling import every
from access.undo import undo
from crm.commands import DeleteContact
from crm.models import Affiliation
from outreach.commands import AnswerInvitation, ChangeEvent, UndoCheckIn
from outreach.models import Attendance
from tests import guests, make

pytestmark = pytest.mark.django_db


def values(event, person, **more):
    return {"event": str(event.uid), "contact": str(person.uid)} | more


def tap(client, event, what, person, key=None, **more):
    """A tap as the script of the page sends it."""
    body = {what: str(person.uid), "key": str(key or uuid.uuid4())} | more
    url = reverse("outreach:check_in", args=[event.uid])
    return client.post(url, body, headers={"accept": "application/json"})


def test_one_tap_checks_in_and_a_second_changes_nothing(actor, event, person):
    guests.attendance(event, person, "going")
    row = make.fresh(guests.check_in(actor, event, person))
    assert (row.status, row.before) == ("attended", "going")
    revision, came_at = row.revision, row.came_at
    row = make.fresh(guests.check_in(actor, event, person))
    assert (row.revision, row.came_at) == (revision, came_at)
    assert every(Attendance).count() == 1


def test_a_tap_that_is_sent_again_is_done_once(client, organizer, event, person):
    client.force_login(organizer)
    key = uuid.uuid4()
    for _time in range(2):
        reply = tap(client, event, "in", person, key)
        assert reply.status_code == 200
        assert reply.json()["here"] == 1
    assert guests.here_at(event) == [person.pk]


def test_two_phones_end_with_the_union(here, organizer, event, partner):
    people = [make.contact(organization=partner) for _n in range(6)]
    for one in people[:4]:
        guests.attendance(event, one)
    other = make.user(here.region, home=here)
    phones = Client(), Client()
    for phone, user in zip(phones, (organizer, other), strict=True):
        phone.force_login(user)
    for one in people[:4]:
        tap(phones[0], event, "in", one)
    for one in people[2:]:
        tap(phones[1], event, "in", one)
    answer = tap(phones[0], event, "in", people[0]).json()  # it learns of the other phone's
    assert set(answer["at"]) == {str(one.uid) for one in people}
    assert sorted(guests.here_at(event)) == sorted(one.pk for one in people)


def test_a_tap_is_told_at_the_time_of_the_phone_if_that_can_be(actor, event, partner):
    now = timezone.now()
    for told, expected in (
        (now - timedelta(hours=2), now - timedelta(hours=2)),
        (now + timedelta(hours=2), now),
        (now - timedelta(days=30), now),
    ):
        one = make.contact(organization=partner)
        row = guests.check_in(actor, event, one, at=told.isoformat())
        assert abs(row.came_at - expected) < timedelta(minutes=1)


def test_a_check_in_is_taken_back_to_what_it_was(actor, event, partner, person):
    guests.attendance(event, person, "going")
    other = make.contact(organization=partner)
    for one in (person, other):
        row = make.fresh(guests.check_in(actor, event, one))
        UndoCheckIn(actor, {"revision": row.revision}, instance=row).run()
    rows = every(Attendance).filter(event=event)
    assert [(row.contact_id, row.status) for row in rows] == [(person.pk, "going")]


def test_the_page_without_script_does_the_same(client, organizer, event, person):
    guests.attendance(event, person)
    client.force_login(organizer)
    url = reverse("outreach:check_in", args=[event.uid])
    page = client.post(url, {"in": str(person.uid), "key": str(uuid.uuid4())})
    assert page.url == f"{url}#c-{person.uid}"
    assert guests.here_at(event) == [person.pk]
    client.post(url, {"out": str(person.uid), "key": str(uuid.uuid4())})
    assert guests.here_at(event) == []


def test_names_are_found_without_accents_and_never_stand_in_an_address(
    client, organizer, event, partner, person
):
    guests.attendance(event, person)
    guests.attendance(event, make.contact(organization=partner, name="Dao Vang"))
    client.force_login(organizer)
    url = reverse("outreach:check_in", args=[event.uid])
    page = client.post(url, {"q": "SOLIS casa"}).content.decode()
    assert "Ana Solís" in page
    assert "Dao Vang" not in page


def test_no_phone_and_no_e_mail_at_the_door(client, organizer, event, partner):
    one = make.contact(
        organization=partner, emails=["canary@mail.example"], phones=["+1 509 555 0199"]
    )
    guests.attendance(event, one)
    client.force_login(organizer)
    for name in ("check_in", "sheet", "enter_sheet"):
        page = client.get(reverse(f"outreach:{name}", args=[event.uid])).content.decode()
        assert "canary@mail" not in page
        assert "0199" not in page


def test_who_is_hidden_cannot_be_tapped(client, organizer, event, elsewhere):
    hidden = make.contact(organization=make.organization(state=elsewhere), name="Canary")
    client.force_login(organizer)
    reply = tap(client, event, "in", hidden)
    assert reply.status_code == 422
    assert "not there any more" in reply.json()["error"]
    assert "Canary" not in reply.content.decode()
    assert not every(Attendance).exists()


def test_an_attendee_who_moved_meanwhile_is_refused_in_a_sentence(
    client, organizer, event, person, elsewhere
):
    row = guests.attendance(event, person)
    tie = every(Affiliation).get(contact=person)
    make.saved_delete(tie)
    contact = make.fresh(person)
    contact.state = elsewhere
    make.saved(contact)
    client.force_login(organizer)
    reply = tap(client, event, "in", person)
    assert reply.status_code == 422
    assert make.fresh(row).status == "invited"


@pytest.mark.parametrize(
    ("status", "day"), [("cancelled", "2026-11-02"), ("planned", "2999-01-01")]
)
def test_nobody_is_checked_in_where_nothing_takes_place(actor, here, person, status, day):
    event = make.event(here, day=day, status=status)
    with pytest.raises(Refused):
        guests.check_in(actor, event, person)
    assert not every(Attendance).exists()


def test_an_event_that_was_called_off_meanwhile_refuses_the_kept_taps(
    client, organizer, actor, event, person
):
    ChangeEvent(
        actor, {"status": "cancelled", "revision": event.revision}, instance=event, partial=True
    ).run()
    client.force_login(organizer)
    reply = tap(client, event, "in", person)
    assert reply.status_code == 422
    assert reply.json()["error"] == "This event is cancelled. Nobody was checked in."


def test_beside_the_list_stands_who_does_what_and_what_comes_after(
    client, organizer, here, elsewhere, partner
):
    hidden = make.organization(state=elsewhere, name="Canary House")
    roles = [(partner, "co-host"), (hidden, "sponsor")]
    event = make.event(here, roles, ["host"], day=date(2026, 11, 2), status="confirmed")
    make.task(about=event, title="Thank the co-hosts")
    make.task(about=make.event(here), title="Something else")
    client.force_login(organizer)
    page = client.get(reverse("outreach:check_in", args=[event.uid])).content.decode()
    aside = page[page.index("<aside") : page.index("</aside>")]
    assert page.index("data-guests") < page.index("<aside")  # a phone reads the list first
    for words in ("Co-host", partner.name, "Thank the co-hosts", "Say whether it was held"):
        assert words in aside
    assert reverse("outreach:follow_up_all", args=[event.uid]) in aside
    assert "Canary House" not in page and "Sponsor" not in aside
    assert "Something else" not in page


@pytest.mark.parametrize(
    "wrong", [{"key": "tap-7"}, {"at": "soon"}, {"key": "tap-7", "at": "soon"}]
)
def test_a_tap_that_no_page_of_ours_sends_is_refused_in_a_sentence(
    client, organizer, event, person, wrong
):
    client.force_login(organizer)
    reply = tap(client, event, "in", person, **wrong)
    assert reply.status_code == 422
    assert reply.json()["error"] == (
        "The page did not send what it should. Open it again; nothing was saved."
    )
    url = reverse("outreach:check_in", args=[event.uid])
    for who in ("x", "", "0", str(uuid.uuid4())):
        page = client.post(url, {"in": who, "key": str(uuid.uuid4())})
        assert page.status_code == 422
        assert "not there any more" in page.content.decode()
    assert not every(Attendance).exists()


def test_the_door_takes_back_what_was_written_elsewhere(actor, event, person):
    row = guests.attendance(event, person)
    values = {"status": "attended", "revision": row.revision}
    AnswerInvitation(actor, values, instance=make.fresh(row), partial=True).run()
    row = make.fresh(row)
    UndoCheckIn(actor, {"revision": row.revision}, instance=row).run()
    assert make.fresh(row).status == "invited"


def test_somebody_deleted_is_refused_and_taken_once_she_is_back(client, organizer, event, partner):
    person = make.contact(organization=partner, author=organizer)
    actor = actor_of(organizer)
    command = DeleteContact(actor, {"revision": person.revision}, instance=person)
    command.run()
    client.force_login(organizer)
    assert tap(client, event, "in", person).status_code == 422
    undo(actor, command.run_made)
    assert tap(client, event, "in", person).json()["here"] == 1
    assert guests.here_at(event) == [person.pk]
