"""What was hidden since, or lies elsewhere, is told by no number, name or step."""

import pytest
from django.test import Client

from access.actors import actor_of
from access.deleting import deleted_rows
from access.history import history_of
from access.models import User
from access.notices import fresh_count
from access.undo import may_undo
from crm.commands import (
    AddTask,
    ChangeInteraction,
    DeleteContact,
    DeleteOrganization,
)
from crm.models import Contact
from tests import make

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def move(user, region):
    """Let the user work in another region from now on."""
    area = user.access.areas.visible_to(make.SETUP).get()
    area.region = region
    make.saved(area)


def again(user):
    """The actor of the user as she is stored now."""
    return actor_of(User.objects.get(pk=user.pk))


# -- notices -------------------------------------------------------------------------------------


def test_the_bell_counts_only_what_the_page_of_notices_tells(here, elsewhere, organizer):
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    partner = make.organization(state=here)
    about = {"about_kind": "organization", "about": partner.uid}
    for more in ({}, about):
        values = {"title": "Call", "due": "2026-12-24", "owner": organizer.uid}
        AddTask(lead, values | more).run()
    assert fresh_count(again(organizer), organizer) == 2
    place = partner.locations.visible_to(make.SETUP).get()
    place.state = elsewhere
    make.saved(place)
    assert fresh_count(again(organizer), organizer) == 1


# -- deleted rows --------------------------------------------------------------------------------


def run_of(actor, command, row):
    command = command(actor, {"revision": make.fresh(row).revision}, instance=make.fresh(row))
    command.run()
    return command.run_made


def test_who_works_elsewhere_now_is_not_told_what_she_deleted(here, elsewhere):
    user = make.user(here.region, home=here, role="regional-lead")
    run = run_of(actor_of(user), DeleteOrganization, make.organization(state=here, name="Canary"))
    assert [one.name for one in deleted_rows(again(user))] == ["Canary"]
    move(user, elsewhere.region)
    assert deleted_rows(again(user)) == [] and not may_undo(again(user), run)


def test_a_person_who_reached_here_is_brought_back_by_who_deleted_her(here, elsewhere):
    user = make.user(here.region, home=here, role="regional-lead")
    partners = [make.organization(state=elsewhere), make.organization(state=here)]
    person = make.contact(organizations=partners, name="Reaching")
    assert person.home_id == elsewhere.pk
    run_of(actor_of(user), DeleteContact, person)
    assert [one.name for one in deleted_rows(again(user))] == ["Reaching"]
    move(user, make.state().region)
    assert deleted_rows(again(user)) == []


def test_who_reads_restricted_rows_no_more_is_not_told_which_she_deleted(here):
    user = make.user(here.region, home=here, role="regional-lead")
    person = make.contact(state=here, visibility="restricted", name="Canary")
    run = run_of(actor_of(user), DeleteContact, person)
    assert [one.name for one in deleted_rows(again(user))] == ["Canary"]
    access = make.fresh(user.access)
    access.role = "data-manager"
    make.saved(access)
    assert deleted_rows(again(user)) == [] and not may_undo(again(user), run)
    assert not Contact.objects.visible_to(again(user)).exists()


# -- history -------------------------------------------------------------------------------------


def test_a_step_that_changed_only_what_is_hidden_is_not_told(here, elsewhere, organizer):
    lead = actor_of(make.user(here.region, elsewhere.region, home=here, role="regional-lead"))
    partner = make.organization(state=here)
    seen, hidden = make.contact(organization=partner), make.contact(state=elsewhere)
    meeting = make.interaction(organization=partner, author=organizer)
    told = []
    for people in ([seen], [seen, hidden]):
        row = make.fresh(meeting)
        values = {"contacts": [one.uid for one in people], "revision": row.revision}
        ChangeInteraction(lead, values, instance=row, partial=True).run()
        told.append([len(history_of(who, row)) for who in (actor_of(organizer), lead)])
    assert told == [[2, 2], [2, 3]]
