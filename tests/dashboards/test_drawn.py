"""Figures that are kept as they were drawn: of the same numbers alone, and for one viewer alone."""

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import InteractionFocusArea
from dashboards.summary import keeping, upkeep
from dashboards.summary.drawn import MOST, version
from tests import make

pytestmark = pytest.mark.django_db
YEAR = {"first": "2026-01-01", "last": "2026-12-31"}
DAY = "2026-11-10"


@pytest.fixture
def lead(here):
    upkeep.fold()  # so that there is something which says how often
    make.community()
    return make.user(here.region, home=here, role="regional-lead")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def total(client, **more):
    return client.get(reverse("dashboards:where"), YEAR | more).context["heat"].total.value


def heat(client, **more):
    return client.get(reverse("dashboards:where"), YEAR | more).context["heat"]


def test_a_page_is_drawn_once_while_its_numbers_stay(here, lead, client):
    make.interaction(organization=make.organization(state=here), day=DAY)
    upkeep.fold()
    client.force_login(lead)
    with CaptureQueriesContext(connection) as first:
        page = client.get(reverse("dashboards:where"), YEAR)
    with CaptureQueriesContext(connection) as second:
        again = client.get(reverse("dashboards:where"), YEAR)
    assert len(second) < len(first) / 2
    assert again.context["heat"] is page.context["heat"]
    assert heat(client, region=here.region.code) is not page.context["heat"]


def test_what_is_written_folded_and_taken_back_shows_at_once(here, lead, client):
    partner = make.organization(state=here)
    client.force_login(lead)
    assert total(client) == 0
    one = make.interaction(organization=partner, day=DAY)
    assert total(client) == 1
    with transaction.atomic():
        make.interaction(organization=partner, day=DAY)
        transaction.set_rollback(True)
    assert total(client) == 1
    upkeep.fold()
    assert total(client) == 1
    make.interaction(organization=partner, day=DAY)
    assert total(client) == 2
    make.saved_delete(make.fresh(one))
    assert total(client) == 1
    upkeep.fold()
    assert total(client) == 1
    assert "1 meeting" in client.get(reverse("changes"), YEAR).content.decode()
    make.interaction(organization=partner, day=DAY)
    assert "2 meetings" in client.get(reverse("changes"), YEAR).content.decode()


def test_every_commit_and_every_fold_makes_another_version(here, lead):
    partner = make.organization(state=here)
    seen = [version()]
    for _n in range(2):
        one = make.interaction(organization=partner, day=DAY)
        seen.append(version())
        make.saved_delete(make.fresh(one))
        seen.append(version())
        upkeep.fold()
        seen.append(version())
    assert None not in seen and len(set(seen)) == len(seen)
    keeping.distrust()
    assert version() is None
    upkeep.build()
    assert version() not in seen


def test_nobody_gets_what_was_drawn_for_another(here, elsewhere, lead):
    make.interaction(organization=make.organization(state=here), day=DAY)
    make.interaction(organization=make.organization(state=elsewhere), day=DAY)
    both = make.user(here.region, elsewhere.region, home=here, role="leader")
    clients = signed_in(both), signed_in(lead)
    for _n in range(2):
        assert [total(client) for client in clients] == [2, 1]
    pages = [client.get(reverse("dashboards:where"), YEAR) for client in clients]
    urls = [page.context["heat"].total.url for page in pages]
    assert [url.split("?")[0] for url in urls] == ["/organizations/", "/interactions/"]


def test_the_affiliates_that_one_sees_are_not_those_that_another_sees(here, elsewhere, lead):
    """What counts as not given for one has a row of its own for the other."""
    body = make.affiliate(elsewhere, name="Far body")
    make.interaction(organization=make.organization(state=here), affiliate=body, day=DAY)
    both = make.user(here.region, elsewhere.region, home=here, role="leader")

    def rows(client):
        page = client.get(reverse("dashboards:where"), YEAR)
        return page.context["figures"]["by_affiliate"].table.rows

    for people in ((both, lead), (lead, both)):
        found = {user: rows(signed_in(user)) for user in people}
        assert found == {lead: [(None, 1, 0)], both: [(str(body.uid), 1, 0), (None, 0, 0)]}


def test_names_and_words_show_at_once(here, lead, client):
    body, black = make.affiliate(here, name="First body"), make.community(name="First word")
    make.interaction(organization=make.organization(state=here), affiliate=body, day=DAY)
    upkeep.fold()
    client.force_login(lead)
    text = client.get(reverse("dashboards:where"), YEAR).content.decode()
    assert "First body" in text and "First word" in text
    for row, name in ((body, "Second body"), (black, "Second word")):
        row.name = name
        make.saved(row)
        assert name in client.get(reverse("dashboards:where"), YEAR).content.decode()


def test_what_comes_from_rows_is_not_kept(here, lead, client):
    """No number of a cell changes with what a meeting was about."""
    area, meeting = make.focus_area(), make.interaction(state=here, day=DAY)
    client.force_login(lead)
    upkeep.fold()
    assert total(client, focus_area=area.code) == 0
    make.saved(InteractionFocusArea(interaction=meeting, focus_area=area))
    assert total(client, focus_area=area.code) == 1


def test_few_pages_are_kept(here, lead, client):
    client.force_login(lead)
    first = heat(client)
    for day in range(MOST + 1):
        heat(client, first=f"2026-02-{day + 1:02}")
    assert heat(client) is not first
