"""The history of a row: what it names, what it leaves out, and what can be put back from it."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.actors import actor_of
from access.deleting import deleted_rows
from access.files import RemoveFile
from access.history import history_of
from access.models import Run
from access.undo import may_undo, undo
from crm.commands import (
    ChangeContact,
    ChangeInteraction,
    ChangeOrganization,
    DeleteContact,
    DeleteOrganization,
)
from crm.models import Interaction, Organization
from tests import make, world

pytestmark = pytest.mark.django_db


def changed(actor, command, row, **values):
    row = type(row).objects.visible_to(actor).get(pk=row.pk)
    done = command(actor, {"revision": row.revision} | values, instance=row, partial=True)
    done.run()
    return done.run_made


def lines(actor, row):
    row = type(row).objects.visible_to(actor).get(pk=row.pk)
    return [(line.what, line.name) for step in history_of(actor, row) for line in step.lines]


def told(actor, row):
    row = type(row).objects.visible_to(actor).get(pk=row.pk)
    steps = history_of(actor, row)
    return {t.label: (t.before, t.after) for s in steps[:1] for ln in s.lines for t in ln.columns}


def test_a_person_added_to_a_meeting_and_taken_off_is_named(here, organizer, actor):
    partner = make.organization(state=here)
    rosa = make.contact(organization=partner, name="Rosa Delgado")
    meeting = make.interaction(organization=partner, author=organizer)
    changed(actor, ChangeInteraction, meeting, contacts=[rosa.uid])
    changed(actor, ChangeInteraction, meeting, contacts=[])
    assert ("Added", "person Rosa Delgado") in lines(actor, meeting)
    assert ("Removed", "person Rosa Delgado") in lines(actor, meeting)


@pytest.mark.parametrize("kept", [True, False], ids=["still there", "taken off"])
def test_a_person_whom_the_viewer_cannot_see_is_not_named(here, elsewhere, actor, kept):
    partner = make.organization(state=here)
    hidden = make.contact(state=elsewhere, name="Hidden Canary")
    meeting = make.interaction(organization=partner)
    everyone = actor_of(make.user(everywhere=True, role="data-manager", home=here))
    changed(everyone, ChangeInteraction, meeting, contacts=[hidden.uid])
    if not kept:
        changed(everyone, ChangeInteraction, meeting, contacts=[])
    assert any("Hidden Canary" in name for _what, name in lines(everyone, meeting))
    assert not any("Canary" in name for _what, name in lines(actor, meeting))


def test_a_person_restricted_later_leaves_the_history_of_others(here, organizer, actor):
    partner = make.organization(state=here)
    person = make.contact(organization=partner, name="Later Canary")
    meeting = make.interaction(organization=partner, author=organizer)
    changed(actor, ChangeInteraction, meeting, contacts=[person.uid])
    changed(actor, ChangeInteraction, meeting, contacts=[])
    assert any("Canary" in name for _what, name in lines(actor, meeting))
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    changed(lead, ChangeContact, person, visibility="restricted")
    assert not any("Canary" in name for _what, name in lines(actor, meeting))


def test_a_reference_is_told_by_its_name_before_and_after(here, actor):
    partner = make.organization(state=here, stage=make.stage(name="Exploring"))
    changed(
        actor, ChangeOrganization, partner, name="New name", stage=make.stage(name="Ended").code
    )
    assert told(actor, partner)["name"][1] == "New name"


def test_a_phone_is_masked_before_and_after(here, actor):
    person = make.contact(state=here, phones=["+1 509 555 0101"])
    phone = person.phones.visible_to(actor).get()
    values = [{"uid": str(phone.uid), "number": "+1 509 555 0199"}]
    changed(actor, ChangeContact, person, phones=values)
    assert "•••" in str(told(actor, person)) and "0199" not in str(told(actor, person))


def put_back(user, row, run, column, **more):
    client = Client()
    client.force_login(user)
    values = {"kind": row._meta.model_name, "row": row.uid, "run": run.uid, "column": column}
    values |= {"revision": make.fresh(row).revision, "key": uuid.uuid4()} | more
    return client.post(reverse("access:put_back"), values)


def test_a_value_is_put_back_and_this_can_be_undone(here, organizer, actor):
    partner = make.organization(state=here, name="Before")
    run = changed(actor, ChangeOrganization, partner, name="After")
    assert put_back(organizer, partner, run, "name").status_code == 302
    assert make.fresh(partner).name == "Before"
    undo(actor, Run.objects.latest("pk"))
    assert make.fresh(partner).name == "After"


def test_a_reference_is_put_back(here, organizer, actor):
    call, visit = make.kind(name="Call"), make.kind(name="Visit")
    meeting = make.interaction(
        organization=make.organization(state=here), kind=call, author=organizer
    )
    run = changed(actor, ChangeInteraction, meeting, kind=visit.code)
    put_back(organizer, meeting, run, "kind")
    assert make.fresh(meeting).kind_id == call.pk


def test_a_value_is_not_put_back_over_a_newer_change(here, organizer, actor):
    partner = make.organization(state=here, name="Before")
    run = changed(actor, ChangeOrganization, partner, name="After")
    seen = make.fresh(partner).revision
    changed(actor, ChangeOrganization, partner, note="Newer")
    put_back(organizer, partner, run, "name", revision=seen)
    assert make.fresh(partner).name == "After"


@pytest.mark.parametrize(
    "column",
    ["home", "id", "uid", "revision", "nothing", "owner_id", "owner", "phones", "names", "key"],
)
def test_only_what_the_form_writes_is_put_back(here, organizer, actor, column):
    partner = make.organization(state=here, name="Before")
    run = changed(actor, ChangeOrganization, partner, name="After")
    assert put_back(organizer, partner, run, column).status_code == 403


def test_who_may_not_change_a_row_puts_nothing_back(here, actor):
    partner = make.organization(state=here, name="Before")
    run = changed(actor, ChangeOrganization, partner, name="After")
    leader = make.user(here.region, home=here, role="leader")
    assert put_back(leader, partner, run, "name").status_code == 403
    stranger = make.user(make.state().region)
    assert put_back(stranger, partner, run, "name").status_code == 404
    assert make.fresh(partner).name == "After"


def test_after_thirty_days_nothing_is_put_back(here, organizer, actor):
    partner = make.organization(state=here, name="Before")
    run = changed(actor, ChangeOrganization, partner, name="After")
    Run.objects.filter(pk=run.pk).update(at=timezone.now() - timedelta(days=31))
    assert put_back(organizer, partner, run, "name").status_code == 403


@pytest.mark.parametrize(
    ("role", "region", "may"),
    [
        ("regional-lead", "here", True),
        ("data-manager", "here", True),
        ("organizer", "here", False),
        ("leader", "here", False),
        ("regional-lead", "elsewhere", False),
    ],
)
def test_who_brings_back_what_another_deleted(here, elsewhere, actor, role, region, may):
    partner = make.organization(state=here, author=make.user(here.region), name="Gone")
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    run = changed(lead, DeleteOrganization, partner)
    state = here if region == "here" else elsewhere
    other = actor_of(make.user(state.region, home=state, role=role))
    assert [one.name for one in deleted_rows(other)] == (["Gone"] if may else [])
    assert may_undo(other, run) is may
    if may:
        undo(other, run)
        assert Organization.objects.visible_to(other).filter(name="Gone").exists()


def test_a_restricted_row_is_brought_back_by_who_deleted_it_alone(here):
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    other = actor_of(make.user(here.region, home=here, role="regional-lead"))
    person = make.contact(state=here, visibility="restricted", name="Canary")
    run = changed(lead, DeleteContact, person)
    assert not deleted_rows(other) and not may_undo(other, run)
    assert [one.name for one in deleted_rows(lead)] == ["Canary"]


def test_a_deleted_row_is_offered_for_thirty_days(here):
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    run = changed(lead, DeleteOrganization, make.organization(state=here))
    Run.objects.filter(pk=run.pk).update(at=timezone.now() - timedelta(days=29))
    assert deleted_rows(lead)
    Run.objects.filter(pk=run.pk).update(at=timezone.now() - timedelta(days=31))
    assert not deleted_rows(lead) and not may_undo(lead, Run.objects.get(pk=run.pk))


def test_a_file_of_a_person_restricted_since_is_not_offered(here, organizer, actor):
    person = make.contact(state=here)
    file = world.stored_file(person, organizer)
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    changed(lead, RemoveFile, file)
    assert deleted_rows(lead)
    changed(lead, ChangeContact, person, visibility="restricted")
    outsider = actor_of(make.user(here.region, home=here, role="data-manager"))
    assert not deleted_rows(outsider)


@pytest.mark.parametrize(
    ("role", "own", "may"),
    [
        ("organizer", True, True),
        ("organizer", False, False),
        ("regional-lead", False, True),
        ("data-manager", False, True),
    ],
)
def test_a_file_is_removed_by_its_author_or_who_may_delete(here, role, own, may):
    user = make.user(here.region, home=here, role=role)
    file = world.stored_file(make.organization(state=here), user if own else make.user(here.region))
    if may:
        changed(actor_of(user), RemoveFile, file)
    else:
        with pytest.raises(PermissionDenied):
            changed(actor_of(user), RemoveFile, file)


def test_the_page_names_a_meeting_by_whom_it_was_with(here, organizer, actor):
    client = Client()
    client.force_login(organizer)
    meeting = make.interaction(
        organization=make.organization(state=here, name="Casa Unida"), author=organizer
    )
    changed(actor, ChangeInteraction, meeting, summary="More")
    assert "with Casa Unida" in client.get(reverse("access:changes")).content.decode()
    assert Interaction.objects.visible_to(actor).exists()


def test_bringing_back_says_so_and_undoing_a_change_says_undone(here):
    client = Client()
    client.force_login(make.user(here.region, home=here, role="data-manager"))
    manager = actor_of(client.get("/account/").wsgi_request.user)
    partner = make.organization(state=here)
    for command, values, said, not_said in (
        (ChangeOrganization, {"name": "Other"}, b"Undone.", b"Brought back."),
        (DeleteOrganization, {}, b"Brought back.", b"Undone."),
    ):
        url = reverse("access:undo", args=[changed(manager, command, partner, **values).uid])
        page = client.post(url, {"next": reverse("access:deleted")}, follow=True).content
        assert said in page and not_said not in page
