"""Owners and affiliates come when they are wanted: a page carries the chosen one."""

import pytest
from django.urls import reverse

from dashboards import asking
from tests import make

pytestmark = pytest.mark.django_db
PAGES = ("dashboards:where", "changes")


@pytest.fixture
def many(here):
    """Three choices, by the name of their filter."""
    owners = [make.user(here.region, home=here, role="organizer") for _n in range(3)]
    bodies = [make.affiliate(here) for _n in range(3)]
    for owner, body in zip(owners, bodies, strict=True):
        partner = make.organization(state=here, owner=owner)
        make.interaction(organization=partner, affiliate=body)
    return {"owner": owners, "affiliate": bodies}


def text_of(client, page, query=(), **headers):
    return client.get(reverse(page), dict(query), headers=headers).content.decode()


@pytest.mark.parametrize("name", asking.LONG)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_carries_no_long_list_of_choices(many, organizer, page, name):
    text = text_of(make.signed_in(organizer), page)
    assert not any(f'value="{one.uid}"' in text for one in many[name])
    assert f'href="?offer={name}"' in text
    assert f'hx-get="{reverse(page)}?offer={name}"' in text


@pytest.mark.parametrize("name", asking.LONG)
def test_what_is_chosen_stays_on_the_page(many, organizer, name):
    chosen, *others = many[name]
    text = text_of(make.signed_in(organizer), PAGES[0], {name: str(chosen.uid)})
    assert f'<option value="{chosen.uid}" selected>' in text
    assert not any(f'value="{one.uid}"' in text for one in others)


@pytest.mark.parametrize("name", asking.LONG)
@pytest.mark.parametrize("page", PAGES)
def test_all_choices_come_when_asked_for_with_and_without_script(many, organizer, page, name):
    client, chosen = make.signed_in(organizer), many[name][1]
    query = {name: str(chosen.uid), "offer": name}
    whole = text_of(client, page, query)
    part = text_of(client, page, query, **{"HX-Request": "true"})
    for text in (whole, part):
        assert all(f'<option value="{one.uid}"' in text for one in many[name])
        assert f'<option value="{chosen.uid}" selected>' in text
        assert f"offer={name}" not in text
    assert '<details class="panel end" open>' in whole
    assert part.startswith('<div class="field">')


def test_only_what_the_viewer_sees_comes(many, elsewhere, organizer):
    partner = make.organization(state=elsewhere, owner=make.user(elsewhere))
    body = make.affiliate(elsewhere)
    make.interaction(organization=partner, affiliate=body)
    client = make.signed_in(organizer)
    for name, row in (("owner", partner.owner), ("affiliate", body)):
        text = text_of(client, PAGES[0], {"offer": name}, **{"HX-Request": "true"})
        assert str(row.uid) not in text and str(many[name][0].uid) in text


def test_no_other_filter_is_offered(many, organizer):
    client = make.signed_in(organizer)
    for name in ("state", "x"):
        assert client.get(reverse(PAGES[0]), {"offer": name}).status_code == 422
    assert client.get(reverse("dashboards:by_kind_csv"), {"offer": "owner"}).status_code == 422
