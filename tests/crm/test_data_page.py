"""Data tools: each check opens a list of exactly as many rows, of the viewer's areas."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.commands import begin, end
from crm.models import Strength
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here):
    return make.user(here.region, home=here, role="data-manager")


@pytest.fixture
def client(manager):
    client = Client()
    client.force_login(manager)
    return client


@pytest.fixture
def rows(here, elsewhere, manager):
    """Rows that lack something, the same again where the viewer does not see them."""
    today = timezone.localdate()
    for state in (here, elsewhere):
        make.organization(state=state)
        good = make.organization(state=state, owner=manager, communities=[make.community()])
        make.saved(Strength(organization=good, value=3, day=today))
        stale = make.organization(state=state, owner=manager)
        make.saved(Strength(organization=stale, value=3, day=today - timedelta(days=200)))
        make.contact(state=state)
        make.contact(organization=good, details_checked_on=today)
        former = make.contact(state=state)
        make.affiliation(former, good, end=today - timedelta(days=1))
        make.task(about=good, owner=manager, due=date(2025, 1, 1))
        make.task(about=good, owner=manager, due=today + timedelta(days=9))
    return good


def test_each_check_counts_what_its_list_holds(client, rows):
    page = client.get(reverse("crm:data"))
    counted = {check.name: (check.count, check.total) for check in page.context["checks"]}
    assert counted["No owner"] == (1, 3)
    assert counted["Strength judged over 180 days ago, or never"] == (2, 3)
    assert counted["People with no organization"] == (2, 3)
    assert counted["Details not checked for a year"] == (2, 3)
    assert counted["Follow-ups overdue"] == (1, 2)
    for check in page.context["checks"]:
        listed = client.get(check.url)
        assert listed.status_code == 200, check.url
        assert listed.context["pager"]["count"] == check.count, check.name


def test_the_title_says_how_many_are_ready(client, rows):
    assert "33% of partner records are ready; one has no owner" in " ".join(
        client.get(reverse("crm:data")).content.decode().split()
    )


def test_an_empty_installation_says_so(client):
    assert "No partner yet" in client.get(reverse("crm:data")).content.decode()


def test_an_import_is_undone_from_here(client, manager, here):
    from access.actors import actor_of
    from crm.commands import AddOrganization
    from crm.models import Organization

    actor = actor_of(manager)
    run = begin("ImportList", actor)
    place = [{"kind": "physical", "state": here.code, "is_main": True}]
    AddOrganization.many(actor, [{"name": "Imported", "locations": place}], run=run)
    end(run, actor, 1)
    page = client.get(reverse("crm:data"))
    assert [one["may_undo"] for one in page.context["runs"]] == [True]
    client.post(reverse("access:undo", args=[run.uid]), {"next": reverse("crm:data")})
    assert not Organization.objects.visible_to(actor).exists()
    assert [one["may_undo"] for one in client.get(reverse("crm:data")).context["runs"]] == [False]


def test_data_managers_start_here_and_organizers_may_not(client, organizer):
    assert client.get("/").url == reverse("crm:data")
    client.force_login(organizer)
    assert client.get(reverse("crm:data")).status_code == 403
