"""Two who place the same one on a power map at the same moment: it stands there once."""

import pytest
from django.core.exceptions import ValidationError

from access.actors import actor_of
from access.recording import Refused
from outreach.commands import AddMapActor
from outreach.models import MapActor
from tests import make
from tests.access.test_parallel import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_name_placed_three_times_at_once_stands_there_once():
    make.outside()
    here = make.state()
    who = actor_of(make.user(here.region, home=here))
    board = make.power_map(make.program(here))

    def place():
        values = {"power_map": str(board.uid), "name": "Seat 3", "kind": "office"}
        command = AddMapActor(who, values | {"stance": 3, "influence": 4})
        try:
            return command.run() and "placed"
        except Refused as refusal:
            return str(refusal)
        except ValidationError:
            return str(command.errors)

    found = at_once([place] * 3)
    assert MapActor.objects.visible_to(who).count() == 1
    assert found.count("placed") == 1
    assert sum("is on the map already" in one for one in found) == 2
