"""Regions: who gains and who loses sight is said first, and holds from the next click on."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.models import AuditEntry, Region
from access.recording import Refused, Stale
from access.regions import AddRegion, ChangeRegion, RetireRegion
from access.roles import Role
from access.undo import undo
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines(here):
    return make.user(role="administrator", everywhere=True, name="Ines Halvorsen")


@pytest.fixture
def client(ines):
    client = Client()
    client.force_login(ines)
    return client


@pytest.fixture
def people(here, elsewhere):
    """One who works here, one elsewhere, one in both, and one in the single state."""
    make.organization(state=here)
    make.organization(state=here)
    return {
        "here": make.user(here.region, home=here, name="Ruth Okafor"),
        "elsewhere": make.user(elsewhere.region, home=elsewhere, name="Daniel Okafor"),
        "both": make.user(here.region, elsewhere.region, home=here, name="Linh Pham"),
        "single": make.user(here, home=here, name="June Castellano"),
    }


def values(region, *states, **more):
    first = {"revision": make.fresh(region).revision, "name": region.name}
    return first | {"states": [state.code for state in states]} | more


def change(person, region, *states, **more):
    sent = values(region, *states, **more)
    command = ChangeRegion(actor_of(person), sent, instance=make.fresh(region))
    command.run()
    return command


def looked(person, region, *states):
    sent = values(region, *states)
    command = ChangeRegion(actor_of(person), sent, instance=make.fresh(region))
    command.is_valid()
    return command


def test_who_gains_and_who_loses_is_told_with_numbers(ines, people, here, elsewhere):
    command = looked(ines, elsewhere.region, here)
    told = {e.user.name: (len(e.gains), len(e.loses)) for e in command.effects}
    assert told == {"Ruth Okafor": (0, 1), "Daniel Okafor": (1, 0)}
    assert command.effects[0].loses_home
    assert command.effects[0].loses_rows[0][1] == command.effects[1].gains_rows[0][1] == 2


def test_nothing_is_saved_before_it_was_looked_at_and_typed(ines, people, here, elsewhere):
    mark = looked(ines, elsewhere.region, here).mark_of_effects
    for wrong in (
        {},
        {"mark": "x", "confirm": "1"},
        {"mark": mark},
        {"mark": mark, "confirm": "2"},
    ):
        with pytest.raises(ValidationError):
            change(ines, elsewhere.region, here, **wrong)
        assert make.fresh(here).region_id == here.region_id
    change(ines, elsewhere.region, here, mark=mark, confirm="1")
    assert make.fresh(here).region_id == elsewhere.region_id


def test_what_was_looked_at_must_still_be_so(ines, people, here, elsewhere):
    mark = looked(ines, elsewhere.region, here).mark_of_effects
    make.organization(state=here)
    with pytest.raises(ValidationError, match="Look first"):
        change(ines, elsewhere.region, here, mark=mark, confirm="1")


def test_it_holds_from_the_next_request_on_and_undo_takes_it_back(ines, people, here, elsewhere):
    partner = make.organization(state=here)
    url = reverse("crm:organization", args=[partner.uid])

    def seen():
        found = set()
        for name, person in people.items():
            window = Client()
            window.force_login(person)
            if window.get(url).status_code == 200:
                found.add(name)
        return found

    assert seen() == {"here", "both", "single"}
    mark = looked(ines, elsewhere.region, here).mark_of_effects
    command = change(ines, elsewhere.region, here, mark=mark, confirm="1")
    assert seen() == {"elsewhere", "both", "single"}
    words = AuditEntry.objects.select_related("detail").get(action="ChangeRegion").detail.words
    assert words == {"moved": [here.code], "gains": ["Daniel Okafor"], "loses": ["Ruth Okafor"]}
    undo(actor_of(ines), command.run_made)
    assert seen() == {"here", "both", "single"}


def test_a_change_that_nobody_notices_asks_nothing(ines, here):
    empty, state = make.region(), make.state()
    change(ines, empty, state)
    assert make.fresh(state).region_id == empty.pk
    change(ines, empty, name="Great Plains", name_es="Grandes Llanuras")
    assert make.fresh(empty).name_es == "Grandes Llanuras"


def test_a_region_is_added_with_states(ines, people, here):
    sent = {"name": "Great Plains", "states": [here.code]}
    command = AddRegion(actor_of(ines), sent)
    assert not command.is_valid() and len(command.losers) == 2
    sent |= {"mark": command.mark_of_effects, "confirm": "2"}
    region = AddRegion(actor_of(ines), sent)
    region.run()
    assert Region.objects.get(code="great-plains").pk == make.fresh(here).region_id


def test_a_region_with_states_is_not_retired(ines, here):
    region = here.region

    def retire(row):
        RetireRegion(actor_of(ines), {"revision": make.fresh(row).revision}, instance=row).run()

    with pytest.raises(Refused, match="Move them first"):
        retire(make.fresh(region))
    empty = make.region()
    retire(make.fresh(empty))
    assert make.fresh(empty).retired
    with pytest.raises(ValidationError, match="retired"):
        change(ines, empty, here)


def test_a_region_that_somebody_changed_is_refused(ines, client, here):
    stale = values(here.region, name="One")
    change(ines, here.region, name="Two")
    command = ChangeRegion(actor_of(ines), stale, instance=make.fresh(here.region))
    with pytest.raises(Stale):
        command.run()
    url = reverse("settings:region", args=[here.region.uid])
    response = client.post(url, stale)
    assert response.status_code == 409 and "Both versions" in response.content.decode()


def test_two_regions_of_one_name_are_refused(ines, here, elsewhere):
    with pytest.raises(ValidationError, match="this name already"):
        change(ines, here.region, name=elsewhere.region.name.upper())


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_edits_regions(here, elsewhere, role):
    window = Client()
    window.force_login(make.user(here.region, home=here, role=role))
    url = reverse("settings:region", args=[here.region.uid])
    assert window.get(url).status_code == 403
    assert window.post(url, values(here.region, elsewhere)).status_code == 403
    assert make.fresh(elsewhere).region_id == elsewhere.region_id


def test_the_page_asks_before_it_saves(client, people, here, elsewhere):
    url = reverse("settings:region", args=[elsewhere.region.uid])
    sent = values(elsewhere.region, here)
    text = client.post(url, sent).content.decode()
    assert "1 person loses sight of partners" in text
    assert "Ruth Okafor" in text and "2 partners" in text
    assert make.fresh(here).region_id == here.region_id
    mark = text.split('name="mark" value="')[1].split('"')[0]
    refused = client.post(url, sent | {"mark": mark, "confirm": "7"})
    assert refused.status_code == 422 and "Type the number 1" in refused.content.decode()
    done = client.post(url, sent | {"mark": mark, "confirm": "1"}, follow=True)
    assert "Undo" in done.content.decode()
    assert make.fresh(here).region_id == elsewhere.region_id
    assert client.get(reverse("settings:regions")).status_code == 200
