"""Who may change whose rows: the table of rights, beyond what role and region say."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from crm.commands import (
    AddTask,
    ChangeInteraction,
    ChangeOrganization,
    DeleteOrganization,
    FinishTask,
)
from crm.models import Interaction, Organization, Task
from tests import make

pytestmark = pytest.mark.django_db


def change_meeting(actor, met):
    row = Interaction.objects.visible_to(actor).get(pk=met.pk)
    data = {"revision": row.revision, "summary": "New"}
    return ChangeInteraction(actor, data, instance=row, partial=True).run()


def test_an_organizer_changes_only_her_own_meetings(here, organizer, actor):
    partner = make.organization(state=here)
    other = make.user(here.region, home=here)
    with pytest.raises(PermissionDenied):
        change_meeting(actor, make.interaction(organization=partner, author=other))
    change_meeting(actor, make.interaction(organization=partner, author=organizer))
    change_meeting(
        actor, make.interaction(organization=partner, author=other, organizers=[organizer])
    )


@pytest.mark.parametrize("role", ["regional-lead", "data-manager"])
def test_leads_and_data_managers_change_all_meetings_of_their_areas(here, organizer, role):
    boss = actor_of(make.user(here.region, home=here, role=role))
    change_meeting(boss, make.interaction(state=here, author=organizer))


def test_an_organizer_deletes_only_her_own_partners(here, organizer, actor):
    other = make.user(here.region, home=here)
    for owner, refused in ((other, True), (organizer, False)):
        partner = make.organization(state=here, owner=owner)
        row = Organization.objects.visible_to(actor).get(pk=partner.pk)
        command = DeleteOrganization(actor, {"revision": row.revision}, instance=row)
        if refused:
            with pytest.raises(PermissionDenied):
                command.run()
        else:
            command.run()


def test_only_who_may_assign_gives_work_to_others(here, organizer, actor):
    other = make.user(here.region, home=here)
    data = {"title": "Call", "due": "2026-12-01", "owner": str(other.uid)}
    assert AddTask(actor, data).attempt() is None
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    assert AddTask(lead, data).run().owner_id == other.pk


def test_only_who_may_assign_makes_somebody_else_the_owner(here, organizer, actor):
    other = make.user(here.region, home=here)
    partner = make.organization(state=here)
    row = Organization.objects.visible_to(actor).get(pk=partner.pk)
    data = {"revision": 1, "owner": str(other.uid)}
    assert ChangeOrganization(actor, data, instance=row, partial=True).attempt() is None
    row = Organization.objects.visible_to(actor).get(pk=partner.pk)
    data = {"revision": 1, "owner": str(organizer.uid)}
    ChangeOrganization(actor, data, instance=row, partial=True).run()
    assert make.fresh(partner).owner_id == organizer.pk


def test_a_follow_up_is_closed_by_its_owner_or_a_lead(here, organizer, actor):
    other = make.user(here.region, home=here)
    theirs = make.task(about=make.organization(state=here), owner=other, author=other)
    row = Task.objects.visible_to(actor).get(pk=theirs.pk)
    with pytest.raises(PermissionDenied):
        FinishTask(actor, {"revision": 1}, instance=row).run()
    FinishTask(actor_of(other), {"revision": 1}, instance=row).run()
    assert make.fresh(theirs).status == "done"


def test_a_leader_sees_counts_of_meetings_and_no_meeting(here):
    partner = make.organization(state=here)
    met = make.interaction(organization=partner, summary="Canary words")
    client = Client()
    client.force_login(make.user(here.region, home=here, role="leader"))
    page = client.get(reverse("crm:organization", args=[partner.uid]))
    assert page.status_code == 200
    assert b"Canary" not in page.content
    assert page.context["met_count"] == 1
    assert client.get(reverse("crm:interaction", args=[met.uid])).status_code == 403
