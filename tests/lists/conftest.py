"""Who tests of lists ask as."""

import pytest

from tests import make


@pytest.fixture
def person(here):
    return make.user(here.region, home=here, role="regional-lead", name="Ada Lead")


@pytest.fixture
def lead(person):
    return make.signed_in(person)
