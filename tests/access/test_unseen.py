"""What was hidden since, or lies elsewhere, is told by no number, name or step."""

import pytest
from django.test import Client

from access.actors import actor_of
from access.history import history_of
from access.models import User
from access.notices import fresh_count
from crm.commands import (
    AddTask,
    ChangeInteraction,
)
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
