import pytest
from django.urls import reverse

from access.actors import actor_of
from config.pages import SEARCHED
from crm.models import OrganizationName
from lists.search import search
from tests import make

pytestmark = pytest.mark.django_db


def names(actor, text) -> list[str]:
    return [hit.name for hit in search(actor, text, SEARCHED)]


def test_people_partners_and_affiliates_in_one_box(here, actor):
    partner = make.organization(state=here, name="José Martí Center")
    make.saved(OrganizationName(organization=partner, name="Trung Tâm Ánh Sáng"))
    make.contact(organization=partner, name="Josefa Núñez", phones=["(509) 555-0142"])
    make.affiliate(here, name="San José Educators")
    assert names(actor, "jose") == ["José Martí Center", "Josefa Núñez", "San José Educators"]
    assert names(actor, "anh sang") == ["José Martí Center"]
    assert names(actor, "509 555 0142") == ["Josefa Núñez"]
    assert names(actor, "555") == []
    assert names(actor, "  ") == []


def test_own_and_recent_come_first(here, organizer):
    make.organization(state=here, name="Casa A")
    make.organization(state=here, name="Casa C", owner=organizer)
    met = make.organization(state=here, name="Casa B")
    make.interaction(organization=met)
    assert names(actor_of(organizer), "casa") == ["Casa C", "Casa B", "Casa A"]


def test_no_kind_pushes_another_out(here, organizer):
    """People come first in a tie, but a partner of mine stands before a dozen strangers."""
    for n in range(13):
        make.contact(state=here, name=f"Casa Person {n:02}")
    make.organization(state=here, name="Casa Mine", owner=organizer)
    found = names(actor_of(organizer), "casa")
    assert found[0] == "Casa Mine"
    assert len(found) == 12


def test_hidden_and_restricted_rows_are_not_found(here, elsewhere, actor):
    make.organization(state=elsewhere, name="Casa Hidden")
    make.contact(
        state=here, name="Casa Person", visibility="restricted", author=make.user(here.region)
    )
    assert names(actor, "casa") == []


def test_the_text_comes_by_post_only(client, here, organizer):
    make.organization(state=here, name="Casa Unida")
    client.force_login(organizer)
    url = reverse("find")
    assert b"Casa Unida" in client.post(url, {"q": "casa"}).content
    assert b"Casa Unida" not in client.get(url, {"q": "casa"}).content
    part = client.post(url, {"q": "casa"}, headers={"HX-Request": "true"})
    assert b"Casa Unida" in part.content
    assert b"<html" not in part.content
    assert client.post(url, {"q": ""}, headers={"HX-Request": "true"}).content == b""


def test_no_more_than_a_dozen(here, actor):
    for n in range(20):
        make.organization(state=here, name=f"Casa {n:02}")
    assert len(names(actor, "casa")) == 12


def test_what_is_said_goes_to_its_own_box(client, here, organizer):
    """A screen reader hears the count from an element that stays; only our two boxes are named."""
    make.organization(state=here, name="Casa Unida")
    client.force_login(organizer)
    headers = {"HX-Request": "true", "HX-Target": "found"}
    some = client.post(reverse("find"), {"q": "casa"}, headers=headers).content.decode()
    none = client.post(reverse("find"), {"q": "zzzq"}, headers=headers).content.decode()
    gone = client.post(reverse("find"), {"q": " "}, headers=headers).content.decode()
    assert 'hx-swap-oob="innerHTML:#found-said"' in some
    assert "1 found." in some
    assert none.count("No one matches") == 2
    assert gone == '<p hx-swap-oob="innerHTML:#found-said"></p>'
    other = client.post(reverse("find"), {"q": "casa"}, headers=headers | {"HX-Target": "main"})
    assert b"hx-swap-oob" not in other.content
    for n in range(12):
        make.organization(state=here, name=f"Casa {n:02}")
    many = client.post(reverse("find"), {"q": "casa"}, headers=headers).content.decode()
    assert many.count("The first 12. Type more to find others.") == 2


def test_hidden_and_absent_read_the_same(client, here, elsewhere, organizer):
    make.organization(state=elsewhere, name="Casa Oculta")
    client.force_login(organizer)
    headers = {"HX-Request": "true", "HX-Target": "found"}
    pages = [
        client.post(reverse("find"), {"q": text}, headers=headers).content
        for text in ("oculta", "absent")
    ]
    assert pages[0] == pages[1]
