"""After any edits, search answers what reading every row answers."""

import pytest

from access.actors import actor_of
from lists.upkeep import check
from tests import make
from tests.edits import Edits, Reading, answered

pytestmark = pytest.mark.django_db
BETWEEN, ASKED = 100, 12


def test_search_stays_right_whatever_is_edited(here, elsewhere, pytestconfig, monkeypatch):
    monkeypatch.setattr("lists.search.CLOSE", 20)  # so that many texts name more than that
    monkeypatch.setattr("lists.search.MET", 8)
    editor = make.actor(everywhere=True, role="regional-lead", home=here)
    organizer = make.user(here.region, home=here)
    edits = Edits(editor, [here, elsewhere], organizer)
    viewer, hits = actor_of(organizer), 0
    for number in range(1, pytestconfig.getoption("edits") + 1):
        edits.one()
        if number % BETWEEN:
            continue
        assert check() == [], number
        for actor in (editor, viewer):
            reading = Reading(actor)
            for _n in range(ASKED):
                text = edits.text()
                found = answered(actor, text)
                assert found == reading.found(text), (number, text)
                hits += len(found)
    assert hits and edits.refused < number / 4
