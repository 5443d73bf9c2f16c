"""Whom we ask to an event, and who stays out because they asked us to."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.many import change_many
from access.models import Run
from access.recording import Refused
from access.settling import every
from crm.commands import SetDoNotContact
from outreach.commands import InvitePeople, InviteToEvent
from outreach.models import Attendance
from tests import guests, make

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(here):
    """One to come."""
    return make.event(here, day="2030-01-10")


def asks_not(actor, person, channel):
    """Somebody asks us to keep off a channel."""
    person = make.fresh(person)
    values = {"channels": [channel], "source": "told us", "day": "2026-01-01"}
    SetDoNotContact(actor, values | {"revision": person.revision}, instance=person).run()


def invite(actor, event, **values):
    event = make.fresh(event)
    values = {"channel": "email", "revision": event.revision} | values
    command = InvitePeople(actor, values, instance=event)
    command.run()
    return command


def test_a_contact_list_is_invited_without_who_asked_us_not_to(actor, organizer, event, partner):
    one, two, three, four = guests.people(partner, 4)
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
    one, two = guests.people(partner, 2)
    asks_not(actor, two, "all")
    command = invite(actor, event, contacts=[str(one.uid), str(two.uid)], channel="person")
    assert [person.pk for person in command.found] == [one.pk]
    assert command.left_out == [("They asked us not to contact them at all.", 1)]


def test_a_view_of_people_is_invited_as_it_shows_today(actor, organizer, here, event, partner):
    one = guests.people(partner, 1)[0]
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
    one = guests.people(partner, 1)[0]
    invite(actor, event, contacts=[str(one.uid)])
    command = invite(actor, event, contacts=[str(one.uid)])
    assert command.found == []
    assert every(Attendance).count() == 1


@pytest.mark.parametrize("status", ["cancelled", "held"])
def test_nobody_is_invited_to_what_is_over_or_called_off(actor, here, partner, status):
    event = make.event(here, day="2026-01-10", status=status)
    one = guests.people(partner, 1)[0]
    assert "__all__" in invite_fails(actor, event, contacts=[str(one.uid)])
    values = {"event": str(event.uid), "channel": "email", "revision": one.revision}
    with pytest.raises(Refused):
        InviteToEvent(actor, values, instance=one).run()
    assert not every(Attendance).exists()


def test_ticked_people_are_invited_and_the_others_counted_with_the_reason(actor, event, partner):
    one, two, three, four = guests.people(partner, 4)
    asks_not(actor, two, "phone")
    asks_not(actor, three, "all")
    guests.attendance(event, four)
    values = {"event": str(event.uid), "channel": "phone"}
    ticked = [(person.uid, None) for person in (one, two, three, four)]
    result = change_many(InviteToEvent, actor, values, ticked)
    assert result.changed == 1
    assert result.reasons == {
        "They asked us not to call.": 1,
        "They asked us not to contact them at all.": 1,
        "They are on the list of this event already.": 1,
    }
    result = change_many(InviteToEvent, actor, values | {"channel": "person"}, ticked[1:3])
    assert result.changed == 1
    assert result.reasons == {"They asked us not to contact them at all.": 1}


def test_people_of_organizations_are_invited_without_who_asked_us_not_to(
    actor, here, elsewhere, event, partner
):
    one, two = guests.people(partner, 2)
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
    one, two = guests.people(partner, 2)
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
    one = guests.people(partner, 1)[0]
    row = guests.attendance(event, one)
    asks_not(actor, one, "all")
    client.force_login(organizer)
    page = client.get(reverse("outreach:attendance", args=[row.uid])).content.decode()
    assert "Do not contact" in page
    assert make.fresh(row).status == "invited"


def test_what_one_does_is_told_as_what_it_was(actor, event, partner):
    invite(actor, event, contacts=[str(guests.people(partner, 1)[0].uid)])
    assert Run.objects.filter(command="InvitePeople").exists()
    leader = actor_of(make.user(event.home.region, home=event.home, role="leader"))
    with pytest.raises(PermissionDenied):
        InvitePeople(leader, {"channel": "email"}, instance=event).run()
