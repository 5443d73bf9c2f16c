"""Walk-ins at the door of an event, and heads that are counted there."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from access.settling import every
from access.undo import undo
from crm.models import Affiliation, Consent, Contact, ContactEmail, ContactPhone
from outreach.commands import CountHeads, EnterSheet, WalkIn
from outreach.models import Attendance
from tests import guests, make

pytestmark = pytest.mark.django_db


def walk_in(actor, event, **more):
    command = WalkIn(actor, {"event": str(event.uid), "name": "Hoa Trần"} | more)
    command.run()
    return command


def test_a_walk_in_takes_three_fields(actor, event, partner):
    command = walk_in(actor, event, group="casa unida", reach="hoa@mail.example")
    row = every(Attendance).get()
    contact = every(Contact).get(name="Hoa Trần")
    assert (row.contact_id, row.status, row.source) == (contact.pk, "attended", "door")
    assert every(Affiliation).get(contact=contact).organization_id == partner.pk
    assert every(ContactEmail).get().email == "hoa@mail.example"
    consent = every(Consent).get()
    assert (consent.contact_id, consent.source) == (contact.pk, "at the door")
    undo(actor, command.run_made)
    assert not every(Attendance).exists()
    assert not every(Contact).filter(name="Hoa Trần").exists()


def test_a_group_that_nobody_knows_is_kept_as_it_was_told(actor, event):
    walk_in(actor, event, group="Reading circle of the library")
    assert every(Attendance).get().group == "Reading circle of the library"
    assert not every(Affiliation).exists()


@pytest.mark.parametrize("typed", ["ana solis", "Ana Soliz", " ANA  SOLÍS "])
def test_somebody_known_is_offered_before_she_is_added_twice(actor, event, person, typed):
    guests.attendance(event, person)
    command = WalkIn(actor, {"event": str(event.uid), "name": typed})
    with pytest.raises(ValidationError):
        command.run()
    assert [guess.uid for guess in command.guesses] == [person.uid]
    walk_in(actor, event, name=typed, known=str(person.uid))
    assert guests.here_at(event) == [person.pk]
    walk_in(actor, event, name=typed, is_new="on")
    assert len(guests.here_at(event)) == 2


def test_who_is_hidden_is_offered_to_nobody(actor, event, elsewhere):
    make.contact(organization=make.organization(state=elsewhere), name="Hoa Trần")
    walk_in(actor, event)
    assert every(Contact).filter(name="Hoa Trần").count() == 2


def test_what_is_neither_phone_nor_address_is_refused(actor, event):
    with pytest.raises(ValidationError) as refused:
        walk_in(actor, event, reach="tomorrow")
    assert "neither" in str(refused.value)
    assert not every(Attendance).exists()


def test_a_known_walk_in_keeps_what_was_typed(actor, event, person):
    walk_in(actor, event, known=str(person.uid), reach="+1 509 555 0111")
    assert every(ContactPhone).get().contact_id == person.pk
    walk_in(actor, event, known=str(person.uid), reach="(509) 555-0111")
    assert every(ContactPhone).count() == 1
    assert every(Consent).count() == 1


def test_the_hint_comes_while_a_name_is_typed(client, organizer, event, person):
    client.force_login(organizer)
    url = reverse("outreach:walk_in_like", args=[event.uid])
    assert "Casa Unida" in client.post(url, {"name": "ana solis"}).content.decode()
    assert "Casa" not in client.post(url, {"name": "Somebody"}).content.decode()


def test_a_walk_in_of_the_page(client, organizer, event, person):
    client.force_login(organizer)
    url = reverse("outreach:walk_in", args=[event.uid])
    page = client.post(url, {"name": "Ana Solis", "group": "", "reach": ""})
    assert page.status_code == 422
    page = client.post(url, {"name": "Ana Solis", "who": str(person.uid)})
    assert page.status_code == 302
    assert guests.here_at(event) == [person.pk]
    page = client.post(url, {"name": "Ana Solis", "who": "new"})
    assert len(guests.here_at(event)) == 2


# ---- Heads


def test_heads_and_names_are_both_kept(actor, event, person):
    guests.check_in(actor, event, person)
    event = make.fresh(event)
    data = {"head_count": "63", "counted": "estimate", "revision": event.revision}
    CountHeads(actor, data, instance=event).run()
    event = make.fresh(event)
    assert (event.head_count, event.counted) == (63, "estimate")
    assert len(guests.here_at(event)) == 1


def test_where_the_count_comes_from_is_one_of_three(client, organizer, event):
    client.force_login(organizer)
    page = client.get(reverse("outreach:count_heads", args=[event.uid]))
    field = page.context["command"]["counted"]
    assert [str(choice.data["value"]) for choice in field] == ["sign-in", "estimate", "host"]
    assert page.content.decode().count(" checked") == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("-1", "Write 0 or more."),
        ("10000001", "That is more than ten million people. Check the number."),
        ("9" * 30, "That is more than ten million people. Check the number."),
        ("many", "Enter a whole number."),
    ],
)
def test_heads_that_cannot_be_are_refused_in_one_sentence(actor, event, typed, told):
    data = {"head_count": typed, "counted": "estimate", "revision": event.revision}
    for command in (
        CountHeads(actor, data, instance=event),
        EnterSheet(actor, data, instance=event),
    ):
        with pytest.raises(ValidationError):
            command.run()
        assert command.errors == {"head_count": [told]}
    assert make.fresh(event).head_count is None
