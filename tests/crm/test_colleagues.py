"""Colleagues are found by name, however many there are."""

import pytest
from django.urls import reverse

from access.choosing import _Offered
from crm.commands import LogInteraction
from crm.commands.bulk import AssignOwner
from tests import make

pytestmark = pytest.mark.django_db


def found(client, text: str) -> list[str]:
    answer = client.post(reverse("crm:colleagues_choices"), {"q": text})
    return [choice["label"] for choice in answer.json()["choices"]]


def test_they_are_found_by_the_beginnings_of_their_names(here, organizer):
    client = make.signed_in(organizer)
    for name in ("María José Ochoa", "Joseph Tran", "Ann Jo"):
        make.user(here.region, home=here, name=name)
    gone = make.user(here.region, home=here, name="Josefina Gone")
    gone.is_active = False
    gone.save()
    assert found(client, "jose") == ["Joseph Tran", "María José Ochoa"]
    assert found(client, "OCH maria") == ["María José Ochoa"]
    assert found(client, "seph") == []
    assert found(client, "x" * 5_000) == []
    assert client.get(reverse("crm:colleagues_choices")).status_code == 405


def test_who_is_not_offered_at_once_can_be_chosen_all_the_same(here, organizer, actor):
    people = [
        make.user(here.region, home=here, name=f"Zoe {n:02}") for n in range(_Offered.FIRST + 5)
    ]
    field = LogInteraction(actor).fields["organizers"]
    assert len(list(field.choices)) == _Offered.FIRST
    assert field.clean([str(people[-1].uid)]) == [people[-1]]
    assert len(found(make.signed_in(organizer), "zoe")) == 12


def test_a_field_without_a_picker_offers_everybody(here, actor):
    for n in range(_Offered.FIRST + 5):
        make.user(here.region, home=here, name=f"Zoe {n:02}")
    assert len(list(AssignOwner(actor).fields["owner"].choices)) > _Offered.FIRST + 5
