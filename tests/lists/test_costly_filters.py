"""What a filter leaves that looks at other rows is counted among the first candidates only: exactly
while they are all looked at, and never as more than there are.
"""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

import crm.lists  # noqa: F401  (fills PAGES)
from access.actors import actor_of
from access.models import Token
from lists import pages, paging
from lists.pages import PAGES
from lists.saved_views import Asking
from tests import make

pytestmark = pytest.mark.django_db
CANDIDATES, ALONE, SIZE = 9, 6, 2
ASKED = {"unattached": "yes"}


@pytest.fixture(autouse=True)
def people(here, elsewhere, monkeypatch):
    """Nine people in sight, six of them in no organization, and two of another region."""
    monkeypatch.setattr(pages, "SIZE", SIZE)
    partner = make.organization(state=here)
    for n in range(CANDIDATES):
        if n % 3:
            make.contact(state=here, name=f"Ana {n}")
        else:
            make.contact(organization=partner, name=f"Ana {n}")
    for _n in range(2):
        make.contact(state=elsewhere)


@pytest.fixture
def asked(lead, person):
    """(the first page on screen, the same from the API)."""
    _row, token = Token.objects.create(user=person, name="test")
    api = Client(headers={"Authorization": f"Token {token}"})

    def ask(**query):
        page = lead.get(reverse("crm:people"), ASKED | query)
        return page, api.get("/api/v1/contacts/", ASKED | {"page_size": SIZE}).json()

    return ask


def look_at(monkeypatch, most):
    monkeypatch.setattr(paging, "LOOKED_AT", most)


@pytest.mark.parametrize("most", [CANDIDATES, CANDIDATES + 1])
def test_a_count_is_exact_where_all_candidates_are_looked_at(asked, monkeypatch, most):
    look_at(monkeypatch, most)
    page, answer = asked()
    pager = page.context["pager"]
    assert (pager["count"], pager["count_is_more"], pager["is_short"]) == (ALONE, False, False)
    assert (answer["count"], answer["count_is_more"]) == (ALONE, False)
    assert "1 to 2 of 6" in page.content.decode()


@pytest.mark.parametrize("most", range(1, CANDIDATES))
def test_else_it_is_said_to_be_more_and_never_more_than_there_are(asked, monkeypatch, most):
    look_at(monkeypatch, most)
    page, answer = asked()
    pager = page.context["pager"]
    assert pager["count_is_more"]
    assert pager["is_short"]
    assert SIZE <= pager["count"] < ALONE  # more than are on the page, for there is a next one
    assert (answer["count"], answer["count_is_more"]) == (pager["count"], True)
    assert f"1 to 2 of more than {pager['count']}" in page.content.decode()


def test_candidates_are_what_the_other_filters_leave(asked, monkeypatch, here):
    for n in range(3):
        make.contact(state=make.state(here.region), name=f"Bo {n}")
    look_at(monkeypatch, 3)
    page, _answer = asked()
    assert page.context["pager"]["is_short"]
    page, _answer = asked(state=here.code)
    assert page.context["pager"]["is_short"]
    look_at(monkeypatch, CANDIDATES)
    page, _answer = asked(state=here.code)
    pager = page.context["pager"]
    assert (pager["count"], pager["is_short"]) == (ALONE, False)


def test_every_page_says_more_than_came_before(person, monkeypatch):
    look_at(monkeypatch, 1)
    actor, seen = actor_of(person), 0
    found = PAGES["people"].find(Asking(actor), QueryDict("unattached=yes"))
    cursor = ""
    while cursor is not None:
        page = paging.page_of(found.rows, found.order, cursor, SIZE, actor=actor, among=found.among)
        seen, cursor = seen + len(page.keys), page.next
        assert seen - 1 <= page.count < ALONE
        assert page.count_is_more
    assert seen == ALONE


def test_few_rows_are_counted_by_the_page_that_has_them_all(asked, monkeypatch):
    monkeypatch.setattr(pages, "SIZE", 50)
    look_at(monkeypatch, 1)
    pager = asked()[0].context["pager"]
    assert (pager["count"], pager["count_is_more"]) == (ALONE, False)


def test_all_that_match_can_still_be_changed_and_exported(asked, lead, monkeypatch):
    look_at(monkeypatch, 3)
    page = asked()[0].content.decode()
    assert 'name="all" value="1"' in page
    assert "All that match, more than" in page
    dialog = lead.get(reverse("crm:people_export"), ASKED)
    assert dialog.context["count"] == ALONE
    bulk = lead.post(f"{reverse('crm:people_bulk')}?unattached=yes", {"do": "list", "all": "1"})
    assert bulk.context["count"] == ALONE


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.costly])
def test_costly_filters_are_filters_of_their_list(name):
    assert PAGES[name].costly <= set(PAGES[name].filters)
