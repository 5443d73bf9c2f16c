import pytest
import time_machine

from access.actors import actor_of, states_of
from access.models import Access, User
from tests import make

pytestmark = pytest.mark.django_db


def test_a_deactivated_user_is_no_actor(organizer):
    assert actor_of(organizer) is not None
    organizer.is_active = False
    assert actor_of(organizer) is None


def test_a_user_without_access_is_no_actor(db):
    assert actor_of(User.objects.create_user("a@mail.example", None, name="A")) is None


def test_areas_are_regions_and_single_states(here, elsewhere):
    same_region = make.state(region=here.region)
    person = make.user(here.region, elsewhere)
    access = Access.objects.visible_to(make.SETUP).get(user=person)
    assert states_of(access.pk) == {here.pk, same_region.pk, elsewhere.pk}


def test_today_is_the_viewers_today(here):
    honolulu = make.actor(here.region, time_zone="Pacific/Honolulu")
    with time_machine.travel("2026-11-24T06:00Z", tick=False):
        assert honolulu.today().isoformat() == "2026-11-23"
