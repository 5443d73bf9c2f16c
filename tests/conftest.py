import gc

import pytest
from django.core.cache import cache
from django.template import Template

from access.actors import actor_of
from tests import make, migrated

# As it is before the test environment has each template tell what it was given.
RENDER = Template._render  # type: ignore[attr-defined]


@pytest.fixture
def untold_contexts(monkeypatch):
    """For tests that open very many pages and ask none for its `context`, which takes a twentieth
    of the time.
    """
    monkeypatch.setattr(Template, "_render", RENDER)


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings):
    """Whether there is a database that was migrated before; the tests work on a copy of it."""
    return request.config.getvalue("reuse_db") or migrated.bring()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        migrated.keep()


@pytest.fixture(autouse=True)
def _no_rate_limit_of_another_test():
    cache.clear()


@pytest.fixture
def here(db):
    """A state of ours."""
    make.outside()
    return make.state()


@pytest.fixture
def elsewhere(db):
    """A state of another region."""
    return make.state()


@pytest.fixture
def organizer(here):
    """An organizer of the region of `here`."""
    return make.user(here.region, home=here)


@pytest.fixture
def actor(organizer):
    return actor_of(organizer)


# Begun first, so that no worker waits for one at the end; the longest and those that sleep before
# those that compute.
LONG = ["test_background.py", "test_start.py", "test_twin.py", "test_query_counts.py",
        "test_routes.py", "test_figures_hold.py"]  # fmt: skip


def pytest_collection_modifyitems(items):
    order = {name: at for at, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path.name, len(LONG)))


def pytest_collection_finish():
    """What was imported stays: collecting it again and again is a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_addoption(parser):
    parser.addoption(
        "--edits", type=int, default=240, help="random edits that search must follow (240)"
    )
    parser.addoption(
        "--cases", type=int, default=40, help="requests that each role sends to the API (40)"
    )
