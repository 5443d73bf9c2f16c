"""Undo by somebody whose role or areas changed since, and of what cannot come back."""

import pytest
from django.core.exceptions import PermissionDenied

from access import audit
from access.actors import actor_of
from access.models import Access, Run
from access.people import ChangeAccess
from access.recording import Refused
from access.undo import may_undo, undo
from crm.commands import ChangeOrganization, DeleteInteraction, DeleteOrganization
from crm.models import Interaction, Organization
from tests import make

pytestmark = pytest.mark.django_db


def seen(actor, row):
    return type(row).objects.visible_to(actor).get(pk=row.pk)


def changed(actor, partner, **values):
    row = seen(actor, partner)
    data = {"revision": row.revision} | values
    command = ChangeOrganization(actor, data, instance=row, partial=True)
    command.run()
    return command.run_made


def deleted(actor, row, command):
    row = seen(actor, row)
    done = command(actor, {"revision": row.revision}, instance=row)
    done.run()
    return done.run_made


def test_who_lost_the_right_has_lost_its_undo(here, organizer, actor):
    partner = make.organization(state=here, name="Before")
    run = changed(actor, partner, name="After")
    assert may_undo(actor, run)
    access = make.fresh(organizer.access)
    access.role = "leader"
    make.saved(access)
    with pytest.raises(PermissionDenied):
        undo(actor_of(organizer), run)
    assert make.fresh(partner).name == "After"


def test_undo_gives_no_role_back_to_who_lost_her_own(here):
    first, second = (make.user(everywhere=True, role="administrator", home=here) for _ in "ab")
    data = {"role": "organizer", "everywhere": "on", "home": here.code, "reason": "New work"}

    def demote(by, person):
        row = Access.objects.visible_to(actor_of(by)).get(user=person)
        command = ChangeAccess(actor_of(by), data | {"revision": row.revision}, instance=row)
        command.run()
        return command

    command = demote(first, make.user(everywhere=True, role="leader", home=here))
    demote(second, first)
    with pytest.raises(PermissionDenied):
        undo(actor_of(first), command.run_made)


@pytest.fixture
def traveller(here, elsewhere):
    """Works in two regions, until `leave` takes the second one away."""
    return make.user(here.region, elsewhere.region, home=here)


def leave(person, state):
    areas = person.access.areas.visible_to(make.SETUP)
    make.saved_delete(areas.get(region=state.region))
    return actor_of(person)


def test_undo_moves_nothing_to_where_the_actor_cannot_see_it(here, elsewhere, traveller):
    partner = make.organization(state=elsewhere, owner=traveller)
    place = [{"kind": "physical", "state": here.code, "is_main": True}]
    run = changed(actor_of(traveller), partner, locations=place)
    with pytest.raises(Refused, match="cannot see"):
        undo(leave(traveller, elsewhere), run)
    assert make.fresh(partner).home_id == here.pk
    assert not Run.objects.filter(undoes=run).exists()


def test_undo_brings_nothing_back_to_where_the_actor_cannot_see_it(elsewhere, traveller):
    partner = make.organization(state=elsewhere, owner=traveller)
    run = deleted(actor_of(traveller), partner, DeleteOrganization)
    with pytest.raises(PermissionDenied):
        undo(leave(traveller, elsewhere), run)
    assert not Organization.objects.visible_to(make.SETUP).filter(pk=partner.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_undo_of_what_lacks_another_row_is_refused_whole(here, organizer, actor):
    ours, other = make.organization(state=here, owner=organizer), make.organization(state=here)
    met = make.interaction(organizations=[other, ours], author=organizer)
    run = deleted(actor, met, DeleteInteraction)
    deleted(actor, ours, DeleteOrganization)
    with pytest.raises(Refused, match="not there any more"):
        undo(actor, run)
    assert not Interaction.objects.visible_to(actor).exists()
    assert not Run.objects.filter(undoes=run).exists()


def test_rows_come_back_together_with_the_word_that_they_did(here, organizer, actor, monkeypatch):
    """Else one who looks in between takes it for an interrupted undo, and ends it too."""
    partner = make.organization(state=here, owner=organizer)
    run = deleted(actor, partner, DeleteOrganization)

    def break_off(*_args, **_words):
        raise RuntimeError("The power went.")

    with monkeypatch.context() as broken:
        broken.setattr(audit, "record", break_off)
        with pytest.raises(RuntimeError):
            undo(actor, run)
    assert not Organization.objects.visible_to(actor).filter(pk=partner.pk).exists()
    assert make.fresh(run).status == Run.Status.DONE
    assert undo(actor, make.fresh(run)).rows == 1  # goes on with what was interrupted
    assert seen(actor, partner)
    assert make.fresh(run).status == Run.Status.UNDONE
    with pytest.raises(Refused, match="already undone"):
        undo(actor, make.fresh(run))
