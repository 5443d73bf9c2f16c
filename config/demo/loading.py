"""Loads the demonstration: the same invented world every time, ending today."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from django.db import transaction

from access import audit
from access.models import User
from access.settling import every
from access.system import demonstrator
from config.demo import (
    chores,
    contacts,
    days,
    events,
    guests,
    interactions,
    kept,
    maps,
    partners,
    people,
    programs,
    surveys,
)
from config.demo.staff import STAFF
from config.demo.world import World
from crm.models import Organization

SEED = 20
STEPS = (
    people.add_staff,
    partners.add_affiliates,
    people.add_employments,
    partners.add_partners,
    contacts.add_people,
    contacts.add_wishes,
    interactions.add_meetings,
    chores.add_tasks,
    kept.add_views,
    kept.add_contact_lists,
    programs.add_programs,
    surveys.add_surveys,
    maps.add_maps,
    programs.sign_the_rest,
    events.add_events,
    guests.add_guests,
    days.add_days,
    people.let_go,
)


def is_loaded() -> bool:
    """Whether the demonstration is there: it is loaded whole or not at all."""
    return User.objects.filter(email=STAFF[0].email).exists()


def holds_other_rows() -> bool:
    """Whether somebody's own rows are there."""
    return User.objects.exists() or every(Organization).exists()


def load(scale: float = 1) -> World:
    """Load the world at this scale, in one transaction. The database holds defaults only."""
    world = World(Random(SEED), scale, {})  # noqa: S311 (the same world each time)
    with _seldom_collected(), transaction.atomic():
        for step in STEPS:
            step(world)
        audit.record("DemoData", demonstrator(), count=len(world.partners))
    return world


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Look for garbage seldom: nearly all that loading makes is kept, and looking takes a tenth."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
