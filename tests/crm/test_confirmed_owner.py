"""Who takes a partner over by herself does not thereby read what is restricted about it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.recording import Refused
from crm.commands import AddOrganization, ChangeOrganization, ConfirmOwner
from crm.models import Contact, Interaction, Organization
from crm.views.reading import who_will_read
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(here):
    return actor_of(make.user(here.region, home=here, role="regional-lead"))


@pytest.fixture
def partner(here):
    """A partner of nobody, with a restricted meeting and a restricted person."""
    partner = make.organization(state=here)
    other = make.user(here.region, home=here)
    make.interaction(organization=partner, visibility="restricted", author=other)
    make.contact(organization=partner, visibility="restricted", author=other)
    return partner


def seen(actor) -> tuple[int, int]:
    rows = [model.objects.visible_to(actor) for model in (Interaction, Contact)]
    return tuple(found.filter(visibility="restricted").count() for found in rows)


def change(command, actor, partner, **values):
    row = Organization.objects.visible_to(actor).get(pk=partner.pk)
    done = command(actor, {"revision": row.revision} | values, instance=row, partial=True)
    done.run()
    return done


def test_a_claim_opens_nothing_and_a_confirmation_does(partner, organizer, actor, lead):
    change(ChangeOrganization, actor, partner, owner=organizer.uid)
    assert make.fresh(partner).owner_id == organizer.pk and seen(actor) == (0, 0)
    change(ConfirmOwner, lead, partner)
    assert seen(actor) == (1, 1)


def test_who_was_made_owner_by_another_reads_at_once(partner, organizer, actor, lead):
    change(ChangeOrganization, lead, partner, owner=organizer.uid)
    assert seen(actor) == (1, 1)


def test_who_added_the_partner_reads_at_once(here, organizer, actor):
    values = {"name": "New", "owner": organizer.uid}
    values["locations"] = [{"kind": "physical", "state": here.code, "is_main": True}]
    partner = AddOrganization(actor, values).run()
    assert make.fresh(partner).confirmed_owner_id == organizer.pk


def test_who_added_a_partner_and_gave_it_up_claims_it_like_others(here, organizer, actor, lead):
    values = {"name": "New", "owner": organizer.uid}
    values["locations"] = [{"kind": "physical", "state": here.code, "is_main": True}]
    partner = AddOrganization(actor, values).run()
    change(ChangeOrganization, lead, partner, owner="")
    change(ChangeOrganization, actor, partner, owner=organizer.uid)
    assert make.fresh(partner).owner_id == organizer.pk
    assert make.fresh(partner).confirmed_owner_id is None


def test_nobody_confirms_herself_and_organizers_confirm_nobody(partner, organizer, actor, here):
    change(ChangeOrganization, actor, partner, owner=organizer.uid)
    with pytest.raises(PermissionDenied):
        change(ConfirmOwner, actor, partner)
    access = make.fresh(organizer.access)
    access.role = "data-manager"
    make.saved(access)
    with pytest.raises(Refused):
        change(ConfirmOwner, actor_of(organizer), partner)
    assert make.fresh(partner).confirmed_owner_id is None


def test_what_is_confirmed_already_stays_as_it_is(partner, organizer, lead):
    change(ChangeOrganization, lead, partner, owner=organizer.uid)
    with pytest.raises(Refused):
        change(ConfirmOwner, lead, partner)


@pytest.mark.parametrize(("role", "offered"), [("regional-lead", True), ("organizer", False)])
def test_the_page_says_so_and_offers_it_to_who_may(here, partner, organizer, actor, role, offered):
    change(ChangeOrganization, actor, partner, owner=organizer.uid)
    client = Client()
    client.force_login(make.user(here.region, home=here, role=role))
    page = client.get(reverse("crm:organization", args=[partner.uid])).content.decode()
    assert "took this partner over" in page
    assert (reverse("crm:confirm_owner", args=[partner.uid]) in page) is offered


def test_the_sentence_names_a_confirmed_owner_only(here, partner, organizer, actor, lead):
    change(ChangeOrganization, actor, partner, owner=organizer.uid)
    assert organizer.name not in who_will_read(lead, [partner.uid])
    change(ConfirmOwner, lead, partner)
    assert organizer.name in who_will_read(lead, [partner.uid])


def test_the_sentence_names_leads_of_the_first_partners_area_only(here, elsewhere, organizer):
    far = make.user(elsewhere.region, home=elsewhere, role="regional-lead", name="Far Lead")
    everywhere = actor_of(make.user(everywhere=True, role="data-manager", home=here))
    ours, theirs = make.organization(state=here), make.organization(state=elsewhere)
    assert far.name not in who_will_read(everywhere, [ours.uid, theirs.uid])
    assert far.name in who_will_read(everywhere, [theirs.uid, ours.uid])
