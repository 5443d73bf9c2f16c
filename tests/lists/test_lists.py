"""What lists promise beyond the sweeping tests: filters, search, paging, chips."""

import base64

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import crm.lists  # noqa: F401  (fills PAGES)
from access.scope import ScopedManager
from crm.models import OrganizationFocusArea, OrganizationName
from lists.pages import PAGES
from tests import make, world

pytestmark = pytest.mark.django_db


def names(response) -> list[str]:
    return [shown["main"].text for shown in response.context["rows"]]


def test_a_filter_over_links_sees_only_visible_links(here, organizer, client, monkeypatch):
    """The rows of a list and the links that narrow it are both asked for as the viewer."""
    focus = make.focus_area()
    make.organization(state=here, focus_areas=[focus], name="Casa")
    client.force_login(organizer)
    asked = []
    original = ScopedManager.visible_to

    def watched(manager, actor):
        asked.append(manager.model)
        return original(manager, actor)

    monkeypatch.setattr(ScopedManager, "visible_to", watched)
    page = client.get(reverse("crm:organizations"), {"focus_area": focus.code})
    assert names(page) == ["Casa"]
    assert OrganizationFocusArea in asked


def test_search_ignores_accents_and_finds_other_names(here, organizer, client):
    row = make.organization(state=here, name="Nā Kama Reading Council")
    make.saved(OrganizationName(organization=row, name="Keiki Readers", kind="former"))
    make.organization(state=here, name="Other")
    client.force_login(organizer)
    for text in ("na kama", "KAMA reading", "keiki"):
        assert names(client.post(reverse("crm:organizations"), {"q": text})) == [row.name]


def test_a_phone_or_e_mail_is_found_only_whole(here, organizer, client):
    make.contact(state=here, name="Ana", emails=["ana@mail.example"], phones=["(509) 555-0142"])
    client.force_login(organizer)
    url = reverse("crm:people")
    for text in ("ana@mail.example", "509-555-0142", "+1 (509) 555-0142", "15095550142"):
        assert names(client.post(url, {"q": text})) == ["Ana"], text
    for text in ("@mail.example", "mail.example", "0142", "555-01", "5550142"):
        assert names(client.post(url, {"q": text})) == [], text


def test_chips_come_off_one_by_one(here, organizer, client):
    make.organization(state=here)
    client.force_login(organizer)
    url = reverse("crm:organizations")
    page = client.get(url, {"state": here.code, "quiet": "yes"})
    chips = page.context["chips"]
    assert len(chips) == 2
    assert f"state={here.code}" in chips[0]["url"] + chips[1]["url"]
    assert client.get(chips[0]["url"]).context["chips"][0]["label"] == chips[1]["label"]


def test_pages_go_forth_and_back(here, organizer, client, monkeypatch):
    wanted = [f"Partner {n:02}" for n in range(7)]
    for name in wanted:
        make.organization(state=here, name=name)
    monkeypatch.setattr("lists.pages.SIZE", 3)
    client.force_login(organizer)
    page = client.get(reverse("crm:organizations"))
    seen = names(page)
    while page.context["pager"]["next_url"]:
        page = client.get(page.context["pager"]["next_url"])
        seen += names(page)
    assert seen == wanted
    assert (page.context["pager"]["first"], page.context["pager"]["last"]) == (7, 7)
    back = client.get(page.context["pager"]["previous_url"])
    assert names(back) == wanted[3:6]
    assert (back.context["pager"]["first"], back.context["pager"]["last"]) == (4, 6)


def test_no_cursor_can_be_read(here, organizer, client, monkeypatch):
    for n in range(3):
        make.organization(state=here, name=f"Canary {n}")
    monkeypatch.setattr("lists.pages.SIZE", 2)
    client.force_login(organizer)
    cursor = client.get(reverse("crm:organizations")).context["pager"]["next"]
    for part in cursor.split(":"):
        read = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        assert b"canary" not in read.lower()


def test_a_search_text_is_in_no_address(here, organizer, client):
    for n in range(60):
        make.organization(state=here, name=f"Canary {n:02}")
    client.force_login(organizer)
    page = client.post(reverse("crm:organizations"), {"q": "canary"})
    assert page.context["pager"]["by_post"]
    assert b"?q=" not in page.content
    assert b"q=canary" not in page.content


def test_queries_do_not_grow_with_rows(here, organizer, client):
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("crm:people"))
        return len(found)

    client.force_login(organizer)
    partner = make.organization(state=here)
    make.contact(organization=partner)
    count()  # the first request also notes the session
    few = count()
    for _n in range(15):
        make.contact(organization=partner)
    assert count() == few


@pytest.mark.parametrize("name", list(PAGES))
def test_every_list_answers_with_its_rows_alone(here, organizer, name):
    """A filter, a sort or a page that htmx asks for: the table without the frame around it."""
    world.build(here, make.state(), organizer)
    client = Client()
    client.force_login(organizer)
    asked = client.get(
        reverse(f"{PAGES[name].namespace}:{name}"), {"view": "all"}, headers={"HX-Request": "true"}
    )
    assert asked.status_code == 200
    assert asked.content.decode().lstrip().startswith('<div id="results"')
    assert asked.context["rows"]
