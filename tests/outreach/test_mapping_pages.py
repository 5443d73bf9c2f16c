"""The pages of step 3, as an organizer uses them: board, moving, ties, assets, gaps."""

import pytest
from django.urls import reverse

from crm.models import Task
from outreach.models import MapActor, MapTie, Placement, PowerMap, Target
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer, author=organizer, lead=organizer)


@pytest.fixture
def board(program, organizer):
    return make.power_map(program, author=organizer)


@pytest.fixture
def client(client, organizer):
    client.force_login(organizer)
    return client


def url(name, row):
    return reverse(f"outreach:{name}", args=[row.uid])


def text_of(client, name, row, **query):
    return client.get(url(name, row), query).content.decode()


def moved(client, who, **sent):
    sent = {"revision": who.revision, "stance": 2, "influence": 3} | sent
    return client.post(url("move_map_actor", who), sent, follow=True)


def test_a_map_is_begun_from_its_program(client, program):
    add = reverse("outreach:add_power_map")
    assert f"{add}?program={program.uid}" in text_of(client, "program", program)
    assert program.name in client.get(add, {"program": program.uid}).content.decode()
    sent = {"program": program.uid, "question": "Safe Zone", "decision_maker": "Board president"}
    text = client.post(add, sent | {"stance": 3}, follow=True).content.decode()
    assert "Board president: undecided" in text and "Decision maker" in text
    board = PowerMap.objects.visible_to(make.SETUP).get()
    assert url("power_map", board) in text_of(client, "program", program)
    assert url("power_map", board) in text_of(client, "step", make.step_of(program, "map"))


def test_the_board_and_the_table_say_the_same(client, board):
    one = make.map_actor(board, ("2026-03-09", 3, 4), ("2026-06-02", 2, 4), name="Seat 3")
    other = make.map_actor(board, name="Growers council")
    make.saved(MapTie(one=one, other=other, kind="civic"))
    assert "tie on a power map" in text_of(client, "map_actor", one, tab="history")
    page = client.get(url("power_map", board))
    text = page.content.decode()
    assert [card.name for card in page.context["cards"]] == ["Seat 3", "Growers council"]
    assert "Moved left since June" in text
    assert "Undecided, Mar 9, 2026" in text and "First placed" in text
    assert "Civic: Growers council" in text and "Civic: Seat 3" in text


def test_how_it_stood_on_an_earlier_day(client, board):
    make.map_actor(board, ("2026-03-09", 5, 4), ("2026-06-02", 2, 4))
    for day, stance in (("2026-04-01", 5), ("2026-07-01", 2), ("junk", 2), ("2999-01-01", 2)):
        (card,) = client.get(url("power_map", board), {"on": day}).context["cards"]
        assert card.place.stance == stance, day
    early = text_of(client, "power_map", board, on="2026-04-01")
    assert "data-card" not in early  # what is past is not moved
    assert "data-card" in text_of(client, "power_map", board)


def test_a_move_can_be_undone_and_is_told_when_late(client, board):
    who = make.map_actor(board)
    answer = moved(client, who)
    assert answer.redirect_chain[-1][0] == url("power_map", board)
    assert "Undo" in answer.content.decode()
    late = moved(client, who, stance=5)
    assert late.status_code == 409
    text = late.content.decode()
    assert "Leaning with us" in text and "Against us" in text  # theirs and hers
    assert make.fresh(who).revision == who.revision + 1


def test_a_second_click_moves_once(client, board):
    who = make.map_actor(board)
    key = "01a21dea-07b5-719e-a5c9-2b0d922080c5"
    for _click in range(2):
        assert moved(client, who, key=key).status_code == 200
    assert Placement.objects.visible_to(make.SETUP).filter(map_actor=who).count() == 2


def test_who_decides_is_not_dropped_below_the_top(client, board):
    who = make.map_actor(board, (make.DAY, 3, 4), decides=True)
    answer = moved(client, who, influence=2)
    assert answer.status_code == 422
    assert "Who decides stands in the top row" in answer.content.decode()


def test_an_actor_has_a_page_with_its_places_and_a_form(client, board):
    who = make.map_actor(board, ("2026-03-09", 3, 4), ("2026-06-02", 2, 4), name="Seat 3")
    text = text_of(client, "map_actor", who)
    assert "Mar 9, 2026" in text and "Jun 2, 2026" in text
    moved(client, who, stance=1, influence=4, note="She told us.")
    told = text_of(client, "map_actor", who, tab="history")
    assert "Moved an actor on a power map" in told and "She told us." in told
    who = make.fresh(who)
    assert url("move_map_actor", who) in text
    sent = {"revision": who.revision, "name": "Seat 4", "kind": "office"}
    client.post(url("change_map_actor", who), sent)
    assert make.fresh(who).name == "Seat 4"
    row = make.fresh(who)
    gone = client.post(url("remove_map_actor", who), {"revision": row.revision}, follow=True)
    assert "Taken off the map." in gone.content.decode()
    assert not MapActor.objects.visible_to(make.SETUP).exists()
    assert client.get(url("map_actor", who)).status_code == 404


def test_a_tie_is_added_on_the_map(client, board, program):
    one, other = make.map_actor(board), make.map_actor(board)
    far = make.map_actor(make.power_map(program), name="On another map")
    page = client.get(url("add_map_tie", board), {"one": one.uid}).content.decode()
    assert one.name in page and far.name not in page
    sent = {"power_map": board.uid, "one": one.uid, "other": other.uid, "kind": "member-of"}
    text = client.post(url("add_map_tie", board), sent, follow=True).content.decode()
    assert "Member of" in text
    tie = MapTie.objects.visible_to(make.SETUP).get()
    client.post(url("remove_map_tie", tie), {"revision": tie.revision})
    assert not MapTie.objects.visible_to(make.SETUP).exists()


def test_assets_are_written_down_by_kind(client, program):
    sent = {
        "revision": program.revision,
        "assets-0-kind": "people",
        "assets-0-name": "Crossing guard at the school",
        "assets-1-kind": "culture",
        "assets-1-name": "Harvest songs",
    }
    text = client.post(url("write_assets", program), sent, follow=True).content.decode()
    assert "Crossing guard at the school" in text and "Culture and stories" in text
    assert make.step_of(program, "map").status == "started"


# -- gaps ----------------------------------------------------------------------------------------


@pytest.fixture
def gap(here, organizer):
    """(program for two communities, the one without an active partner, a partner that is new)."""
    served, missed = make.community(), make.community()
    active, new = make.stage(working=True), make.stage(code="identified")
    make.organization(here, communities=[served], stage=active)
    partner = make.organization(here, communities=[missed], stage=new)
    program = make.program(here, owner=organizer, communities=[served, missed])
    return program, missed, partner


def started(client, program, community, **sent):
    sent = {"program": program.uid, "community": community.code} | sent
    return client.post(url("start_here", program), sent, follow=True)


def test_a_gap_is_a_community_without_an_active_partner(client, gap, here):
    program, missed, partner = gap
    context = client.get(url("gaps", program)).context
    (found,) = context["gaps"]
    assert (found.community, found.partners) == (missed, [(partner.uid, partner.name)])
    assert [number for _community, number, _parts in context["covered"]] == [1]
    make.organization(here, communities=[missed], stage=make.stage(code="strategic"))
    assert len(client.get(url("gaps", program)).context["gaps"]) == 1  # the list of stages says so
    make.organization(here, communities=[missed], stage=make.stage(working=True))
    assert client.get(url("gaps", program)).context["gaps"] == []
    assert "There is an active partner by now." in started(client, program, missed).content.decode()


def test_a_partner_in_another_state_closes_no_gap(client, gap, elsewhere):
    program, missed, partner = gap
    make.organization(elsewhere, communities=[missed], stage=make.stage(working=True))
    client.force_login(make.user(role="regional-lead", everywhere=True, home=elsewhere))
    (found,) = client.get(url("gaps", program)).context["gaps"]
    assert found.partners == [(partner.uid, partner.name)]
    started(client, program, missed)
    assert Task.objects.visible_to(make.SETUP).count() == 1


def test_a_part_of_a_community_counts_for_it(client, gap, here):
    program, missed, _partner = gap
    part = make.community(parent=missed)
    make.organization(here, communities=[part], stage=make.stage(working=True))
    assert client.get(url("gaps", program)).context["gaps"] == []


def test_a_gap_is_counted_once_with_its_parts_under_it(client, here, organizer):
    whole, lone = make.community(name="Asian"), make.community(name="Black")
    parts = [make.community(parent=whole, name=name) for name in ("South Asian", "Hmong")]
    served = make.community(name="Hispanic")
    part = make.community(parent=served, name="Cuban")
    other = make.community(parent=served, name="Tejano")
    active = make.stage(working=True)
    for one in (served, other):
        make.organization(here, communities=[one], stage=active)
    all_of_them = [parts[0], whole, *parts[1:], lone, served, part, other]
    program = make.program(here, owner=organizer, communities=all_of_them)
    page = client.get(url("gaps", program))
    found = page.context["gaps"]
    assert [(gap.community, [p.community for p in gap.parts]) for gap in found] == [
        (whole, parts),
        (lone, []),
        (part, []),
    ]
    assert found[-1].under == served
    assert page.context["covered"] == [(served, 2, [(other, 1)])]
    text = page.content.decode()
    assert "3 communities have no active partner here" in text
    assert text.count("Start here") == 5  # at each part, too
    assert "part of Hispanic, which has an active partner" in text
    assert "Hispanic: 2 (Tejano: 1)" in text


def test_a_part_stands_alone_where_the_program_names_it_alone(client, here, organizer):
    part = make.community(parent=make.community())
    (found,) = client.get(
        url("gaps", make.program(here, owner=organizer, communities=[part]))
    ).context["gaps"]
    assert (found.community, found.under, found.parts) == (part, None, [])


def test_a_program_without_communities_looks_at_all(client, program):
    one = make.community()
    context = client.get(url("gaps", program)).context
    assert context["is_all"] and one in [gap.community for gap in context["gaps"]]


def test_start_here_makes_one_follow_up_even_when_clicked_twice(client, gap):
    program, missed, partner = gap
    key = "01a21dea-07b5-719e-a5c9-2b0d922080c5"
    for _click in range(2):
        answer = started(client, program, missed, partner=partner.uid, key=key)
    again = started(client, program, missed, partner=partner.uid)  # from another page
    task = Task.objects.visible_to(make.SETUP).get()
    assert (task.about, partner.name in task.title) == (program.uid, True)
    target = Target.objects.visible_to(make.SETUP).get()
    assert (target.program_id, target.organization_id) == (program.pk, partner.pk)
    assert "Start here" not in answer.content.decode()
    assert "begun there already" in again.content.decode()


def test_without_a_partner_it_makes_the_follow_up_alone(client, gap):
    program, missed, _partner = gap
    text = started(client, program, missed).content.decode()
    assert missed.name in Task.objects.visible_to(make.SETUP).get().title
    assert "Undo" in text
    assert not Target.objects.visible_to(make.SETUP).exists()


def test_who_has_the_targets_open_learns_of_the_new_one(client, gap):
    program, missed, partner = gap
    started(client, program, missed, partner=partner.uid)
    old = {"revision": program.revision, "targets": []}
    assert client.post(url("choose_targets", program), old).status_code == 409
    assert Target.objects.visible_to(make.SETUP).exists()


def test_an_active_partner_by_now_is_said(client, gap, here):
    program, missed, _partner = gap
    make.organization(here, communities=[missed], stage=make.stage(working=True))
    assert "active partner by now" in started(client, program, missed).content.decode()
    assert not Task.objects.visible_to(make.SETUP).exists()


def test_a_partner_that_is_hidden_is_no_choice(client, gap, elsewhere):
    program, missed, _partner = gap
    theirs = make.organization(elsewhere, communities=[missed])
    assert "not there" in started(client, program, missed, partner=theirs.uid).content.decode()
    assert not Task.objects.visible_to(make.SETUP).exists()


def test_outside_the_regions_nothing_is_begun(client, gap, here):
    program, missed, _partner = gap
    state = make.fresh(here)
    state.region = None
    make.saved(state)
    boss = make.user(role="regional-lead", everywhere=True, home=here)
    client.force_login(boss)
    assert "Start here" not in text_of(client, "gaps", program)
    assert "outside the regions" in started(client, program, missed).content.decode()
