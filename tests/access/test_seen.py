"""The queries of what is seen are built once for the same rights, and run each time."""

from dataclasses import fields, replace

import pytest
from django.apps import apps

from access import forms, scope
from access.actors import actor_of
from access.roles import Role
from access.scope import Actor, Rights, ScopedManager
from crm.commands import LogInteraction
from crm.models import Contact
from tests import make

pytestmark = pytest.mark.django_db
MODELS = [
    model
    for model in apps.get_models()
    if isinstance(getattr(model, "objects", None), ScopedManager)
]


def test_what_is_added_later_is_seen(here, actor):
    first = make.contact(state=here)
    seen = Contact.objects.visible_to(actor)
    assert list(seen) == [first]
    second = make.contact(state=here)
    assert set(Contact.objects.visible_to(actor)) == {first, second}


def test_each_gets_the_query_of_her_own_rights(here, elsewhere):
    """Whoever asked before."""
    opened = make.contact(state=here).uid
    actors = [actor_of(make.user(here.region, home=here, role=role)) for role in Role]
    actors.append(actor_of(make.user(elsewhere.region, home=elsewhere, role=Role.LEAD)))
    actors += [
        replace(actor, **change)
        for actor in actors
        for change in (
            {"second_factor": False},
            {"opened": frozenset([opened])},
            {"state_ids": None},
            {"state_ids": frozenset([here.pk])},
            {"user_id": 0},
        )
    ]
    wrong = []
    for model in MODELS:
        for actor in actors:
            anew = model.objects.seen_by(actor)  # who has all of them
            if str(model.objects.visible_to(actor).query) != str(anew.query):
                wrong.append((model, actor))
    assert MODELS and wrong == []


def test_what_is_put_together_for_fifty_users_in_turn_is_kept_for_all_of_them(actor):
    """The choices of a form, and what is seen of as many models as a user at work opens."""
    users = [replace(actor, user_id=number) for number in range(1, 51)]

    def forms_opened() -> int:
        for user in users:
            LogInteraction(user)
        return forms._offered.cache_info().misses

    def rows_looked_at() -> int:
        for user in users:
            for model in MODELS[:25]:
                model.objects.visible_to(user)
        return scope._seen.cache_info().misses

    assert forms_opened() == forms_opened()
    assert rows_looked_at() == rows_looked_at()


def test_a_rule_of_visibility_can_read_rights_alone():
    """What it could read besides, the kept query would not be told apart by."""
    more = {one.name for one in fields(Actor)} - {one.name for one in fields(Rights)}
    rights = Actor(1, Role.LEAD, None, name="Ada", home_id=3).rights
    assert more and not any(hasattr(rights, name) for name in more)
