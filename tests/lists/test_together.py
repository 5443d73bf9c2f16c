"""Texts of other rows, by a statement that is put together once for several numbers of rows."""

import pytest

from access.actors import actor_of
from crm.lists.contact import all_organizations, main_organizations
from lists import columns
from tests import make

pytestmark = pytest.mark.django_db


def loads():
    return {"main": main_organizations, "all": all_organizations}


@pytest.mark.parametrize("number", [0, 1, 3, 12, 13])
def test_as_many_rows_as_are_asked_for(here, actor, number):
    people = [
        make.contact(organizations=[make.organization(state=here, name=f"Casa {n}")])
        for n in range(number)
    ]
    found = columns.together(loads(), actor, [person.pk for person in people])
    assert [found["main"][p.pk]["name"] for p in people] == [f"Casa {n}" for n in range(number)]
    assert [found["all"][p.pk] for p in people] == [[f"Casa {n}"] for n in range(number)]
    assert len(found["all"]) == number


def test_each_viewer_has_a_statement_of_her_own(here, elsewhere, actor):
    person = make.contact(
        organizations=[
            make.organization(state=here, name="Here"),
            make.organization(state=elsewhere, name="There"),
        ]
    )
    other = actor_of(make.user(elsewhere.region, home=elsewhere))
    for viewer, name in ((actor, "Here"), (other, "There"), (actor, "Here")):
        assert columns.together(loads(), viewer, [person.pk])["all"] == {person.pk: [name]}


def test_more_rows_than_any_statement_is_kept_for(here, actor, monkeypatch):
    monkeypatch.setattr(columns, "ROOMS", (1,))
    people = [make.contact(organizations=[make.organization(state=here)]) for _n in range(3)]
    found = columns.together(loads(), actor, [person.pk for person in people])
    assert set(found["all"]) == {person.pk for person in people}
