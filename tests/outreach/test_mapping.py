"""Step 3: power maps, who stands where on them, ties, assets, and when the step begins."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from access.actors import actor_of
from access.recording import Stale
from access.undo import undo
from outreach.commands import (
    AddMapActor,
    AddMapTie,
    AddPowerMap,
    ChangeMapActor,
    DeletePowerMap,
    MoveMapActor,
    RemoveMapActor,
    RemoveMapTie,
    WriteAssets,
)
from outreach.models import Asset, MapActor, MapTie, Placement, PowerMap
from outreach.views.power import board_of, cards_of, heading_of, ties_of, to_move
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(organizer):
    return actor_of(organizer)


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer)


@pytest.fixture
def board(program):
    return make.power_map(program)


def do(command_class, actor, row=None, **values):
    """Run a command; of a row with its newest revision."""
    if row is not None:
        row = make.fresh(row)
        values["revision"] = row.revision
    command = command_class(actor, values, instance=row)
    command.run()
    return command


def move(actor, who, stance, influence, **values):
    return do(MoveMapActor, actor, who, stance=stance, influence=influence, **values)


def places(who):
    rows = Placement.objects.visible_to(make.SETUP).filter(map_actor=who).order_by("day")
    return [(row.day, row.stance, row.influence) for row in rows]


def status(program):
    return make.step_of(program, "map").status


def shown(actor, board):
    return cards_of(actor, board, actor.today(), ties_of(actor, board))


# -- placing and moving --------------------------------------------------------------------------


def test_a_map_begins_with_who_decides_at_its_top(actor, program):
    added = do(
        AddPowerMap,
        actor,
        program=str(program.uid),
        question="A Safe Zone resolution",
        decision_maker="Board president",
        stance=4,
    )
    who = MapActor.objects.visible_to(actor).get()
    assert (who.name, who.decides, who.kind) == ("Board president", True, "office")
    assert places(who) == [(actor.today(), 4, 4)]
    assert added.instance.home_id == program.home_id
    undo(actor, added.run_made)
    assert not PowerMap.objects.visible_to(actor).exists()


def test_a_move_keeps_the_place_before_with_its_day(actor, board):
    who = make.map_actor(board)
    moved = move(actor, who, 2, 4)
    assert places(who) == [(make.DAY, 3, 3), (actor.today(), 2, 4)]
    (card,) = shown(actor, board)
    assert (card.moved, card.is_away, card.before.day) == ("left", False, make.DAY)
    undo(actor, moved.run_made)
    assert places(who) == [(make.DAY, 3, 3)]


def test_a_second_move_on_a_day_replaces_the_first(actor, board):
    who = make.map_actor(board)
    move(actor, who, 2, 3, note="She called.")
    move(actor, who, 4, 3)
    assert places(who) == [(make.DAY, 3, 3), (actor.today(), 4, 3)]
    (card,) = shown(actor, board)
    assert card.place.note == "She called."
    assert (card.moved, card.is_away) == ("right", True)


def test_a_move_of_an_earlier_day_does_not_hold_over_a_later_one(actor, board):
    who = make.map_actor(board, (actor.today(), 2, 3))
    move(actor, who, 5, 1, day=str(actor.today() - timedelta(days=30)))
    (card,) = shown(actor, board)
    assert (card.place.stance, card.before.stance, card.moved) == (2, 5, "left")


def test_a_day_to_come_is_refused(actor, board):
    who = make.map_actor(board)
    with pytest.raises(ValidationError, match="today or an earlier day"):
        move(actor, who, 2, 3, day=str(actor.today() + timedelta(days=1)))


@pytest.mark.parametrize(("stance", "influence"), [(0, 3), (6, 3), (3, 0), (3, 5), ("x", 3)])
def test_off_the_board_is_refused(actor, board, stance, influence):
    who = make.map_actor(board)
    with pytest.raises(ValidationError):
        move(actor, who, stance, influence)
    assert places(who) == [(make.DAY, 3, 3)]


def test_the_database_refuses_it_too(board):
    who = make.map_actor(board)
    for stance, influence in ((0, 3), (3, 5)):
        with pytest.raises(IntegrityError), transaction.atomic():
            make.saved(
                Placement(map_actor=who, day="2026-01-01", stance=stance, influence=influence)
            )


def test_two_at_once_the_later_is_told(actor, board):
    who = make.map_actor(board)
    old = make.fresh(who)
    move(actor, who, 2, 3)
    late = MoveMapActor(
        actor, {"stance": 5, "influence": 3, "revision": old.revision}, instance=make.fresh(who)
    )
    with pytest.raises(Stale):
        late.run()
    assert places(who)[-1][1] == 2


def test_a_second_click_places_once(actor, board):
    key = "01a21dea-07b5-719e-a5c9-2b0d922080c5"
    sent = {"power_map": str(board.uid), "name": "Seat 3", "kind": "office", "key": key}
    for _click in range(2):
        do(AddMapActor, actor, stance=3, influence=4, **sent)
    assert MapActor.objects.visible_to(actor).count() == 1
    assert Placement.objects.visible_to(actor).count() == 1


def test_who_decides_stays_in_the_top_row(actor, board):
    boss = make.map_actor(board, (make.DAY, 3, 4), decides=True)
    with pytest.raises(ValidationError, match="top row"):
        move(actor, boss, 3, 2)
    move(actor, boss, 1, 4)
    other = make.map_actor(board, (make.DAY, 3, 2))
    with pytest.raises(ValidationError, match="top row"):
        do(ChangeMapActor, actor, other, name="Seat 4", kind="office", decides="on")


def test_an_actor_has_a_name_or_a_partner(actor, board, here):
    sent = {"power_map": str(board.uid), "kind": "group", "stance": 1, "influence": 3}
    with pytest.raises(ValidationError, match="choose a partner"):
        do(AddMapActor, actor, **sent)
    partner = make.organization(state=here)
    added = do(AddMapActor, actor, organization=str(partner.uid), name="Other name", **sent)
    row = MapActor.objects.visible_to(actor).get()
    assert (row.label, row.name) == (partner.name, "")
    with pytest.raises(ValidationError, match="on the map already"):
        do(AddMapActor, actor, organization=str(partner.uid), **sent)
    undo(actor, added.run_made)
    assert not MapActor.objects.visible_to(actor).exists()


def test_a_name_stands_on_a_map_once(actor, board, here, program):
    sent = {"power_map": str(board.uid), "kind": "office", "stance": 1, "influence": 3}
    seat = make.map_actor(board, (make.DAY, 4, 4), name="Señora presidenta")
    there = "Señora presidenta is on the map already: leaning against us, high influence."
    for name in ("Señora presidenta", "SENORA  Presidenta"):
        with pytest.raises(ValidationError, match=there):
            do(AddMapActor, actor, name=name, **sent)
    with pytest.raises(ValidationError, match=there):
        do(ChangeMapActor, actor, make.map_actor(board), name="senora presidenta", kind="office")
    other = make.power_map(program)
    do(AddMapActor, actor, name=seat.name, **sent | {"power_map": str(other.uid)})
    do(ChangeMapActor, actor, seat, name=seat.name, kind="office", about="Seat 1")


def test_a_partner_and_a_typed_name_are_the_same_one(actor, board, here):
    sent = {"power_map": str(board.uid), "kind": "group", "stance": 1, "influence": 3}
    partner = make.organization(state=here, name="Casa Unida")
    make.map_actor(board, name="casa unida")
    with pytest.raises(ValidationError, match="casa unida is on the map already: undecided"):
        do(AddMapActor, actor, organization=str(partner.uid), **sent)
    shop = make.organization(state=here, name="Radio Valle")
    make.map_actor(board, organization=shop)
    with pytest.raises(ValidationError, match="Radio Valle is on the map already"):
        do(AddMapActor, actor, name="radio valle", **sent)


def test_a_name_is_not_refused_for_one_that_the_actor_does_not_see(actor, board, elsewhere):
    make.map_actor(board, organization=make.organization(state=elsewhere, name="Far Away"))
    sent = {"power_map": str(board.uid), "kind": "group", "stance": 1, "influence": 3}
    do(AddMapActor, actor, name="Far Away", **sent)
    assert MapActor.objects.visible_to(actor).count() == 1


def test_one_that_is_there_twice_can_still_be_changed(actor, board):
    make.map_actor(board, name="Seat 3")
    again = make.map_actor(board, name="Seat 3")
    do(ChangeMapActor, actor, again, name="Seat 3", kind="office", about="Swing vote")
    assert make.fresh(again).about == "Swing vote"


def test_taken_off_it_takes_its_places_and_ties_along(actor, board):
    one, other = make.map_actor(board), make.map_actor(board)
    for ends in ((one, other), (other, one)):
        make.saved(MapTie(one=ends[0], other=ends[1], kind="work"))
    gone = do(RemoveMapActor, actor, one)
    assert [row.pk for row in MapActor.objects.visible_to(actor)] == [other.pk]
    assert not MapTie.objects.visible_to(actor).exists()
    undo(actor, gone.run_made)
    assert MapTie.objects.visible_to(actor).count() == 2
    assert places(one) == [(make.DAY, 3, 3)]


def test_a_map_is_deleted_with_all_on_it_and_brought_back(actor, program, organizer):
    board = make.power_map(program, author=organizer)
    one, other = make.map_actor(board), make.map_actor(board)
    make.saved(MapTie(one=one, other=other, kind="work"))
    gone = do(DeletePowerMap, actor, board)
    assert not MapActor.objects.visible_to(make.SETUP).exists()
    undo(actor, gone.run_made)
    assert MapTie.objects.visible_to(actor).count() == 1


# -- who sees it ---------------------------------------------------------------------------------


def test_who_stands_for_a_partner_is_seen_by_who_sees_the_partner(actor, board, elsewhere):
    theirs = make.organization(state=elsewhere)
    hidden, seen = make.map_actor(board, organization=theirs), make.map_actor(board)
    make.saved(MapTie(one=seen, other=hidden, kind="civic"))
    assert [card.row.pk for card in shown(actor, board)] == [seen.pk]
    assert ties_of(actor, board) == []
    boss = actor_of(make.user(role="regional-lead", everywhere=True, home=elsewhere))
    assert {card.row.pk for card in shown(boss, board)} == {seen.pk, hidden.pk}
    assert len(ties_of(boss, board)) == 1


def test_a_map_goes_where_its_affiliate_goes(board, program, elsewhere):
    body = make.fresh(program.affiliate)
    body.state = elsewhere
    make.saved(body)
    assert make.fresh(board).home_id == elsewhere.pk


# -- ties ----------------------------------------------------------------------------------------


def tie(actor, board, one, other, kind="work"):
    sent = {"power_map": str(board.uid), "one": str(one.uid), "other": str(other.uid)}
    return do(AddMapTie, actor, kind=kind, **sent)


def test_a_tie_is_written_down_once_and_taken_off(actor, board):
    one, other = make.map_actor(board), make.map_actor(board)
    made = tie(actor, board, one, other)
    with pytest.raises(ValidationError, match="already"):
        tie(actor, board, other, one)
    tie(actor, board, other, one, "civic")
    do(RemoveMapTie, actor, made.instance)
    assert [row.kind for row in MapTie.objects.visible_to(actor)] == ["civic"]


def test_a_tie_holds_two_of_one_map(actor, board, program):
    one, far = make.map_actor(board), make.map_actor(make.power_map(program))
    with pytest.raises(ValidationError, match="not there"):
        tie(actor, board, one, far)
    with pytest.raises(ValidationError, match="another one"):
        tie(actor, board, one, one)


def test_there_are_no_ties_of_family_or_faith(actor, board):
    one, other = make.map_actor(board), make.map_actor(board)
    for kind in ("family", "faith", "religious", "kin"):
        with pytest.raises(ValidationError):
            tie(actor, board, one, other, kind)
    assert set(MapTie.Kind.values) == {"work", "political", "civic", "neighborhood", "member-of"}


# -- what the page says --------------------------------------------------------------------------


def test_the_board_has_five_columns_four_rows_and_a_goal(actor, board):
    who = make.map_actor(board, (make.DAY, 2, 4))
    rows = board_of(shown(actor, board))
    assert [influence.value for influence, _cells in rows] == [4, 3, 2, 1]
    assert {len(cells) for _row, cells in rows} == {5}
    aims = [(row.value, c.stance.value) for row, cells in rows for c in cells if c.is_aim]
    assert aims == [(4, 1), (4, 2)]
    found = [c.stance.value for _row, cells in rows for c in cells for one in c.cards]
    assert found == [2] and who


def test_the_heading_says_where_it_goes(actor, board):
    assert heading_of(shown(actor, board)) == "Nobody is placed yet"
    make.map_actor(board, (make.DAY, 3, 3))
    days = (make.DAY - timedelta(days=50), 3, 4), (make.DAY, 2, 4)
    make.map_actor(board, *days, name="Board president", decides=True)
    cards = shown(actor, board)
    assert heading_of(cards) == "Board president moves our way; 1 is undecided"
    assert [card.place.stance for card in to_move(cards)] == [3]


def test_an_earlier_day_shows_how_it_stood(actor, board):
    who = make.map_actor(board)
    move(actor, who, 1, 3)
    (card,) = cards_of(actor, board, make.DAY, [])
    assert (card.place.stance, card.before) == (3, None)
    assert cards_of(actor, board, make.DAY - timedelta(days=1), []) == []


# -- when the step begins ------------------------------------------------------------------------


def test_the_step_begins_once_somebody_is_placed(actor, program, board):
    assert status(program) == "not-started"
    sent = {"power_map": str(board.uid), "name": "Seat 3", "kind": "office"}
    placed = do(AddMapActor, actor, stance=3, influence=4, **sent)
    assert status(program) == "started"
    undo(actor, placed.run_made)
    assert status(program) == "not-started"


def test_the_step_begins_with_an_asset(actor, program):
    lines = [{"kind": "place", "name": "Library", "note": "Free on Mondays"}]
    written = do(WriteAssets, actor, program, assets=lines)
    assert Asset.objects.visible_to(actor).get().name == "Library"
    assert status(program) == "started"
    undo(actor, written.run_made)
    assert status(program) == "not-started"


def test_who_is_hidden_from_the_people_there_begins_nothing(program, board, elsewhere, here):
    theirs = make.organization(state=elsewhere)
    make.map_actor(board, organization=theirs)
    assert status(program) == "not-started"
    ours = make.organization(state=here)
    make.map_actor(board, organization=ours)
    assert status(program) == "started"
