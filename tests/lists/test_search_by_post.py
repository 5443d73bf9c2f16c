"""A search text above a list goes by POST wherever it goes: pages, order, export."""

import re

import pytest
from django.urls import reverse

from tests import make

pytestmark = pytest.mark.django_db
TEXT = "canary"


@pytest.fixture
def client(here):
    for n in range(60):
        make.organization(state=here, name=f"Canary {n:02}")
    make.organization(state=here, name="Other")
    return make.signed_in(make.user(here.region, home=here, role="data-manager"))


def rows(page) -> list[str]:
    return [item["main"].text for item in page.context["rows"]]


def addresses(page) -> list[str]:
    return re.findall(r'(?:href|action|formaction|hx-get|hx-post)="([^"]*)"', page.content.decode())


def test_pages_and_order_keep_the_text(client):
    url = reverse("crm:organizations")
    first = client.post(url, {"q": TEXT})
    assert len(rows(first)) == 50
    downward = client.post(first.context["sorts"]["name"]["url"], {"q": TEXT})
    assert rows(downward)[0] == "Canary 59"
    pager = downward.context["pager"]
    rest = client.post(pager["post_url"], {"q": TEXT, "page": pager["next"]})
    assert rows(rest) == [f"Canary {n:02}" for n in range(9, -1, -1)]
    pager = rest.context["pager"]
    back = client.post(pager["post_url"], {"q": TEXT, "page": pager["previous"]})
    assert rows(back) == rows(downward)
    for page in (first, downward, rest, back):
        assert not [one for one in addresses(page) if TEXT in one.lower()]
        assert b'formaction="/organizations/?sort=' in page.content
        assert b'formaction="/organizations/export/' in page.content


def test_export_opens_and_leaves_with_the_text(client):
    url = reverse("crm:organizations_export")
    opened = client.post(url, {"q": TEXT})
    assert (opened.status_code, opened.context["count"]) == (200, 60)
    chosen = client.post(
        url, {"q": TEXT, "purpose": make.purpose().code}, headers={"HX-Request": "true"}
    )
    assert (chosen.status_code, chosen.context["count"]) == (200, 60)
    assert b"<html" not in chosen.content
    values = {"q": TEXT, "columns": ["name"], "purpose": make.purpose(channel="").code}
    wrong = client.post(url, values | {"words": "For a meeting", "confirm": "61"})
    assert wrong.status_code == 422
    sent = client.post(url, values | {"words": "For a meeting", "confirm": "60"})
    lines = b"".join(sent.streaming_content).decode().splitlines()
    assert len(lines) == 61
    assert "Other" not in "".join(lines)
    for page in (opened, chosen, wrong):
        assert not [one for one in addresses(page) if TEXT in one.lower()]
