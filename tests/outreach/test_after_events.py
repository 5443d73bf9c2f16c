"""What follows from who was at an event: contact with people and partners, follow-ups for all."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.settling import every
from access.undo import undo
from crm.models import NEVER, DoNotContact, Task
from outreach.commands import ChangeEvent, FollowUpAll
from outreach.models import Attendance
from tests import guests, make

pytestmark = pytest.mark.django_db


# ---- Contact that follows


def last_contact(row):
    return make.fresh(row).last_contact


def hold(actor, event):
    event = make.fresh(event)
    command = ChangeEvent(
        actor, {"status": "held", "revision": event.revision}, instance=event, partial=True
    )
    command.run()
    return command


def test_being_there_counts_as_contact_once_the_event_was_held(actor, event, partner, person):
    guests.check_in(actor, event, person)
    assert last_contact(person) == last_contact(partner) == NEVER
    command = hold(actor, event)
    assert last_contact(person) == last_contact(partner) == date(2026, 11, 2)
    undo(actor, command.run_made)
    assert last_contact(person) == last_contact(partner) == NEVER


def test_an_older_meeting_holds_when_the_event_does_not_count(actor, here, partner, person):
    make.interaction(organization=partner, contacts=[person], day=date(2026, 3, 1))
    event = guests.held(here, person, day=date(2026, 9, 10))
    assert last_contact(partner) == last_contact(person) == date(2026, 9, 10)
    row = every(Attendance).get(event=event)
    row.status = "no-show"
    make.saved(row)
    assert last_contact(partner) == last_contact(person) == date(2026, 3, 1)


def test_it_counts_for_the_partners_of_the_day(here, partner, person):
    former = make.organization(state=here)
    later = make.organization(state=here)
    make.affiliation(person, former, end=date(2026, 9, 9))
    make.affiliation(person, later, start=date(2026, 9, 11))
    guests.held(here, person, day=date(2026, 9, 10))
    assert last_contact(partner) == date(2026, 9, 10)
    assert last_contact(former) == last_contact(later) == NEVER


def test_a_tie_that_is_added_later_counts_and_one_that_goes_does_not(here, partner, person):
    guests.held(here, person, day=date(2026, 9, 10))
    other = make.organization(state=here)
    tie = make.affiliation(person, other)
    assert last_contact(other) == date(2026, 9, 10)
    make.saved_delete(tie)
    assert last_contact(other) == NEVER


def test_restricted_people_bring_their_partner_no_contact(here, partner):
    hidden = make.contact(organization=partner, visibility="restricted")
    guests.held(here, hidden, day=date(2026, 9, 10))
    assert last_contact(partner) == NEVER
    hidden = make.fresh(hidden)
    hidden.visibility = "team"
    make.saved(hidden)
    assert last_contact(partner) == date(2026, 9, 10)


def test_another_day_of_the_event_is_another_day_of_contact(here, partner, person):
    event = guests.held(here, person, day=date(2026, 9, 10))
    event = make.fresh(event)
    event.day = date(2026, 8, 1)
    make.saved(event)
    assert last_contact(partner) == date(2026, 8, 1)
    assert every(Attendance).get().day == date(2026, 8, 1)


def test_both_timelines_tell_of_it(client, organizer, here, partner, person):
    event = guests.held(here, person, day=date(2026, 9, 10), name="Harvest table")
    client.force_login(organizer)
    for url in (
        reverse("crm:organization", args=[partner.uid]),
        reverse("crm:contact", args=[person.uid]),
    ):
        assert f"Event: {event.name}" in client.get(url).content.decode()


def test_a_leader_reads_on_no_persons_page_where_she_was(client, here, person):
    guests.held(here, person, day=date(2026, 9, 10), name="Harvest table")
    client.force_login(make.user(here.region, home=here, role="leader"))
    page = client.get(reverse("crm:contact", args=[person.uid])).content.decode()
    assert "Harvest table" not in page


# ---- Follow-ups for all


def follow_up(actor, event, **more):
    event = make.fresh(event)
    data = {"title": "Thank them", "due": "2026-12-01", "each": "people", "who": "me"}
    command = FollowUpAll(actor, data | {"revision": event.revision} | more, instance=event)
    command.run()
    return command


def test_all_who_came_get_one_follow_up_each(actor, here, partner):
    people = [make.contact(organization=partner) for _n in range(3)]
    event = guests.held(here, *people)
    off = make.contact(organization=partner)
    make.saved(DoNotContact(contact=off, channel="all", source="told us", day=event.day))
    guests.attendance(event, off, "attended")
    guests.attendance(event, make.contact(organization=partner), "no-show")
    assert follow_up(actor, event).made == 3
    assert follow_up(actor, event).made == 0
    assert follow_up(actor, event, each="partners").made == 1


def test_owners_do_it_for_their_partners(here, organizer, partner):
    lead = make.user(here.region, home=here, role="regional-lead")
    owned = make.organization(state=here, owner=organizer)
    event = guests.held(here, make.contact(organization=owned), make.contact(organization=partner))
    follow_up(actor_of(lead), event, who="owners")
    owners = sorted(every(Task).values_list("owner_id", flat=True))
    assert owners == sorted([organizer.pk, lead.pk])


def test_nobody_came_nobody_is_thanked(actor, event, person):
    guests.attendance(event, person, "going")
    with pytest.raises(ValidationError):
        follow_up(actor, event)


def test_an_event_at_which_somebody_was_cannot_lie_ahead(actor, event, person):
    guests.check_in(actor, event, person)
    event = make.fresh(event)
    values = {"day": "2999-01-01", "revision": event.revision}
    with pytest.raises(ValidationError):
        ChangeEvent(actor, values, instance=event, partial=True).run()
