"""A filter with many choices sends those that are ticked, and all when they are asked for."""

import pytest
from django.urls import reverse

from lists.templatetags import facets
from tests import make

pytestmark = pytest.mark.django_db
LIST = "crm:organizations"


@pytest.fixture
def many(here, monkeypatch):
    monkeypatch.setattr(facets, "MANY", 2)
    return [make.user(here.region, home=here, role="organizer") for _n in range(3)]


def test_a_page_carries_no_long_list_of_choices(many, organizer, here):
    make.organization(state=here, name="Casa Unida")
    page = make.signed_in(organizer).get(reverse(LIST), {"view": "all"}).content.decode()
    assert 'name="owner" value=' not in page
    assert f'href="{reverse(LIST)}?view=all&amp;offer=owner"' in page


def test_what_is_ticked_stays_on_the_page(many, organizer, here):
    make.organization(state=here, name="Casa Unida", owner=many[0])
    asked = {"view": "all", "owner": str(many[0].uid)}
    page = make.signed_in(organizer).get(reverse(LIST), asked).content.decode()
    assert f'name="owner" value="{many[0].uid}" checked' in page
    assert not any(str(one.uid) in page for one in many[1:])


def test_all_choices_come_when_asked_for_with_and_without_script(many, organizer, here):
    make.organization(state=here, name="Casa Unida")
    client, asked = make.signed_in(organizer), {"owner": str(many[1].uid), "offer": "owner"}
    whole = client.get(reverse(LIST), asked).content.decode()
    part = client.get(reverse(LIST), asked, headers={"HX-Request": "true"}).content.decode()
    for text in (whole, part):
        assert all(f'name="owner" value="{one.uid}"' in text for one in many)
        assert f'value="{many[1].uid}" checked' in text
    assert '<details class="panel" open' in whole
    assert "<html" not in part
    assert "offer=" not in whole.partition('id="results"')[2]
