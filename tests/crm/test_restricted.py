"""Ways by which a restricted row, or one of another area, could come to light."""

from datetime import timedelta

import pytest
from django.urls import reverse

from access.actors import actor_of
from access.models import AuditEntry
from crm.commands import (
    AddTask,
    ChangeInteraction,
    ChangeOrganization,
    DeleteInteraction,
    FinishTask,
    LogInteraction,
    SetDoNotContact,
)
from crm.models import Contact, Organization, Strength
from tests import make

pytestmark = pytest.mark.django_db


def seen(actor, row):
    return type(row).objects.visible_to(actor).get(pk=row.pk)


def change(command, actor, row, **values):
    row = seen(actor, row)
    made = command(actor, {"revision": row.revision} | values, instance=row, partial=True)
    made.attempt()
    return made


def test_a_follow_up_stays_restricted_when_its_meeting_is_deleted(here, organizer, actor):
    partner = make.organization(state=here)
    met = make.interaction(organization=partner, visibility="restricted", author=organizer)
    task = make.task(about=partner, owner=organizer, made_in=met.uid)
    row = seen(actor, met)
    DeleteInteraction(actor, {"revision": row.revision}, instance=row).run()
    row = seen(actor, task)
    FinishTask(actor, {"revision": row.revision}, instance=row).run()
    stored = make.fresh(task)
    assert (stored.status, stored.visibility, stored.home_id) == ("done", "restricted", here.pk)


def test_a_follow_up_about_an_affiliate_moves_along(here, elsewhere, organizer):
    body = make.affiliate(here)
    task = make.task(about=body, owner=organizer)
    row = make.fresh(body)
    row.state = elsewhere
    make.saved(row)
    assert make.fresh(task).home_id == elsewhere.pk


@pytest.mark.parametrize("who", ["herself", "nobody"])
def test_an_organizer_takes_no_partner_away_from_its_owner(here, organizer, actor, who):
    """The owner reads what is restricted: who makes herself the owner would read it all."""
    other = make.user(here.region, home=here)
    partner = make.organization(state=here, owner=other)
    secret = make.contact(organization=partner, visibility="restricted", author=other)
    owner = str(organizer.uid) if who == "herself" else None
    assert "owner" in change(ChangeOrganization, actor, partner, owner=owner).errors
    assert make.fresh(partner).owner_id == other.pk
    assert not Contact.objects.visible_to(actor).filter(pk=secret.pk).exists()
    kept = {"owner": str(other.uid), "name": "New name"}
    assert not change(ChangeOrganization, actor, partner, **kept).errors
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    assert not change(ChangeOrganization, lead, partner, owner=str(organizer.uid)).errors
    assert make.fresh(partner).owner_id == organizer.pk


@pytest.fixture
def meeting(here):
    return {
        "kind": make.kind().code,
        "status": "held",
        "day": "2026-01-02",
        "summary": "Tea.",
        "visibility": "team",
    }


def test_a_new_partner_of_a_meeting_lies_in_the_areas(here, elsewhere, actor, meeting):
    meeting |= {"organizations": [str(make.organization(state=here).uid)], "new_organization": "N"}
    command = LogInteraction(actor, meeting | {"new_organization_state": elsewhere.code})
    assert command.attempt() is None
    assert "new_organization_state" in command.errors
    command = LogInteraction(actor, meeting | {"new_organization_state": here.code})
    assert command.attempt() is not None
    assert Organization.objects.visible_to(actor).filter(name="N").exists()


@pytest.fixture
def guest(here, elsewhere):
    """Seen here through her second organization; she lies where the first one is."""
    return make.contact(
        organizations=[make.organization(state=elsewhere), make.organization(state=here)]
    )


def test_a_meeting_that_would_lie_elsewhere_is_asked_about_not_lost(here, actor, guest, meeting):
    meeting["contacts"] = [str(guest.uid)]
    command = LogInteraction(actor, meeting)
    assert command.attempt() is None
    assert "organizations" in command.errors
    partner = str(make.organization(state=here).uid)
    assert LogInteraction(actor, meeting | {"organizations": [partner]}).attempt() is not None


def test_a_follow_up_that_would_lie_elsewhere_is_asked_about(actor, guest):
    data = {"title": "Call", "due": "2026-12-01", "about_kind": "contact", "about": str(guest.uid)}
    command = AddTask(actor, data)
    assert command.attempt() is None
    assert "outside your areas" in str(command.errors)


def test_a_strength_sent_alone_replaces_the_one_of_the_meeting(here, organizer, actor):
    partner = make.organization(state=here)
    met = make.interaction(organization=partner, author=organizer)
    change(ChangeInteraction, actor, met, strength_after=3, organizations=[str(partner.uid)])
    change(ChangeInteraction, actor, met, strength_after=4)
    assert list(Strength.objects.visible_to(actor).values_list("value", flat=True)) == [4]


def test_history_masks_e_mails_and_phones(client, here, organizer):
    person = make.contact(state=here, emails=["canary@mail.example"], phones=["+1 509 555 0142"])
    client.force_login(organizer)
    page = client.get(reverse("crm:contact", args=[person.uid]), {"tab": "history"})
    assert "•••" in page.content.decode()
    assert b"canary" not in page.content
    assert not make.holds_number(page, "0142")


def test_a_form_that_shows_details_is_recorded(client, here, organizer):
    client.force_login(organizer)
    url = reverse("crm:change_contact", args=[make.contact(state=here).uid])
    assert client.get(url).status_code == 200
    assert not AuditEntry.objects.filter(action="ViewDetails").exists()
    person = make.contact(state=here, emails=["canary@mail.example"])
    page = client.get(reverse("crm:change_contact", args=[person.uid]))
    assert b"canary@mail.example" in page.content
    assert AuditEntry.objects.get(action="ViewDetails").row_uid == person.uid


def test_do_not_contact_is_not_outlived_by_a_wrong_day(here, actor):
    person, today = make.contact(state=here), actor.today()

    def say(channels, day):
        data = {"channels": channels, "source": "in person", "day": day}
        return change(SetDoNotContact, actor, person, **data).errors

    assert not say(["all"], today - timedelta(days=9))
    assert "day" in say([], today + timedelta(days=400))
    assert not say([], today - timedelta(days=1))
    assert "day" in say(["all"], today - timedelta(days=5))
    assert not say(["all"], today)
    assert make.fresh(person).no_contact
