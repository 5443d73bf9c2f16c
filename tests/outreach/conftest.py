"""An event, and a partner with a person who may come to it."""

from datetime import date

import pytest

from tests import make


@pytest.fixture
def event(here):
    """Confirmed, and past: people can have been there."""
    return make.event(here, day=date(2026, 11, 2), status="confirmed")


@pytest.fixture
def partner(here):
    return make.organization(state=here, name="Casa Unida")


@pytest.fixture
def person(partner):
    return make.contact(organization=partner, name="Ana Solís")
