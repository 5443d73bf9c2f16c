"""What was hidden since, or lies elsewhere, is told by no number, name or step."""

import pytest
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.commands import begin, end
from access.deleting import deleted_rows
from access.history import history_of
from access.models import User
from access.notices import fresh
from access.undo import may_undo
from crm.commands import (
    AddOrganization,
    AddTask,
    ChangeInteraction,
    DeleteContact,
    DeleteOrganization,
)
from crm.models import Contact, Organization
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
    assert fresh(again(organizer), None).count() == 2
    place = partner.locations.visible_to(make.SETUP).get()
    place.state = elsewhere
    make.saved(place)
    assert fresh(again(organizer), None).count() == 1


# -- imports of others ---------------------------------------------------------------------------


def imported(user, *places):
    actor = actor_of(user)
    run = begin("ImportList", actor)
    rows = [
        {
            "name": f"Imported {n}",
            "locations": [{"kind": "physical", "state": s.code, "is_main": 1}],
        }
        for n, s in enumerate(places)
    ]
    AddOrganization.many(actor, rows, run=run)
    end(run, actor, len(rows))
    return run


@pytest.fixture
def everywhere(here):
    return make.user(everywhere=True, home=here, role="data-manager", name="Canary Manager")


@pytest.fixture
def manager(here):
    return make.user(here.region, home=here, role="data-manager")


def test_an_import_of_another_region_is_not_told(here, elsewhere, everywhere, manager):
    client = client_of(manager)
    before = client.get(reverse("crm:data")).context["runs"]
    run = imported(everywhere, elsewhere)
    assert client.get(reverse("crm:data")).context["runs"] == before == []
    assert not may_undo(actor_of(manager), run)
    assert client.post(reverse("access:undo", args=[run.uid])).status_code == 404
    assert [one["run"] for one in client_of(everywhere).get(reverse("crm:data")).context["runs"]]


def test_an_undo_of_anothers_import_says_no_number_of_what_is_hidden(
    here, elsewhere, everywhere, manager
):
    run = imported(everywhere, here, elsewhere, elsewhere, elsewhere)
    client = client_of(manager)
    assert len(client.get(reverse("crm:data")).context["runs"]) == 1
    client.post(reverse("access:undo", args=[run.uid]), {"next": reverse("crm:data")})
    page = client.get(reverse("crm:data"))
    said = [str(message) for message in page.context["messages"]]
    assert not Organization.objects.visible_to(actor_of(manager)).exists()
    assert Organization.objects.visible_to(make.SETUP).count() == 3
    assert said and "3" not in said[0] and "stay" not in said[0]


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
