"""A power map as it moved, with its ties, and beside an earlier day: drawn, and as a table."""

import re

import pytest
from django.urls import reverse

from access.actors import actor_of
from outreach.models import MapTie, Stance
from outreach.views import drawing
from outreach.views.power import cards_of, change_of, ties_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def board(here, organizer):
    return make.power_map(make.program(here, owner=organizer), author=organizer)


@pytest.fixture
def client(client, organizer):
    client.force_login(organizer)
    return client


def page_of(client, board, **query):
    return client.get(reverse("outreach:power_map", args=[board.uid]), query)


def text_of(client, board, **query):
    return " ".join(page_of(client, board, **query).content.decode().split())


def cards(organizer, board, then=None):
    actor = actor_of(organizer)
    return cards_of(actor, board, actor.today(), ties_of(actor, board), then)


def test_the_map_is_switched_by_links_that_keep_its_days(client, board):
    who = make.map_actor(board, ("2026-03-09", 3, 4), ("2026-06-02", 2, 4))
    text = text_of(client, board, on="2026-07-01")
    assert 'href="?on=2026-07-01&amp;show=movement"' in text
    assert "data-card" not in text and '<svg class="powerdraw"' not in text
    for show in ("movement", "ties"):
        text = text_of(client, board, show=show, on="2026-07-01")
        assert '<svg class="powerdraw"' in text and 'href="?on=2026-07-01"' in text
        assert f'name="show" value="{show}"' in text  # the days are chosen within it
    assert text_of(client, board, show="junk").count('aria-current="page"') >= 1
    assert reverse("outreach:map_actor", args=[who.uid]) in text_of(client, board, show="movement")


def test_nothing_is_dragged_where_movement_or_ties_show(client, board):
    make.map_actor(board)
    assert "data-card" in text_of(client, board)
    for show in ("movement", "ties"):
        text = text_of(client, board, show=show)
        assert "data-card" not in text and "js/power.js" not in text


def test_movement_shows_earlier_places_with_their_days_and_the_way(client, organizer, board):
    make.map_actor(
        board, ("2026-01-05", 5, 3), ("2026-03-09", 3, 3), ("2026-06-02", 4, 4), name="Seat 3"
    )
    make.map_actor(board, name="Growers")
    drawn = drawing.movement(cards(organizer, board))
    frames = [(box.small[1], box.was) for box in drawn.boxes if box.card.name == "Seat 3"]
    assert frames == [("Jun 2, 2026", False), ("Mar 9, 2026", True), ("Jan 5, 2026", True)]
    assert [line.look for line in drawn.lines] == ["way", "way away"]
    text = text_of(client, board, show="movement")
    assert text.count('<path class="way') == 2
    table = text[text.index("The same movement as a table") :]
    assert "Against us, medium influence, Jan 5, 2026" in table
    assert "Undecided, medium influence, Mar 9, 2026" in table
    assert "Leaning against us, high influence, Jun 2, 2026" in table
    assert "Moved right since June" in table and "Did not move" in table


def test_ties_show_as_lines_and_as_a_table(client, organizer, board):
    one = make.map_actor(board, ("2026-03-09", 1, 4), name="Seat 3")
    other = make.map_actor(board, ("2026-03-09", 5, 1), name="Growers")
    same = make.map_actor(board, ("2026-03-09", 5, 1), name="Ledger")
    make.saved(
        MapTie(one=one, other=other, kind="civic"),
        MapTie(one=one, other=other, kind="work"),
        MapTie(one=other, other=same, kind="member-of"),
    )
    actor = actor_of(organizer)
    drawn = drawing.ties(cards(organizer, board), ties_of(actor, board))
    assert [line.look for line in drawn.lines] == [
        "tied t-civic",
        "tied t-work",
        "tied t-member-of",
    ]
    assert len({line.path for line in drawn.lines}) == 3  # two between the same lie apart
    text = text_of(client, board, show="ties")
    assert "<title>Civic: Seat 3, Growers</title>" in text
    table = text[text.index("The same ties as a table") :]
    assert re.findall(r'data-l="Tie:">([^<]+)', table) == ["Civic", "Work", "Member of"]
    assert "No tie is written down yet" not in text
    early = text_of(client, board, show="ties", on="2026-03-01")
    assert '<path class="tied t-civic" d="M1 5' not in early  # nobody was placed: no key, no lines


def test_words_on_a_line_cover_no_card_and_no_other_words(organizer, board):
    rows = [make.map_actor(board, ("2026-03-09", n % 5 + 1, n % 4 + 1)) for n in range(10)]
    pairs = [(one, other) for one in rows for other in rows if one.pk < other.pk]
    make.saved(*(MapTie(one=one, other=other, kind="work") for one, other in pairs))
    drawn = drawing.ties(cards(organizer, board), ties_of(actor_of(organizer), board))
    spots = [(b.x, b.y, b.right, b.y + b.height) for b in drawn.boxes]
    words = [line.label for line in drawn.lines if line.label]
    spots += [(x, y - 9, x + width, y + 9) for x, y, width, _said in words]
    assert words
    for n, spot in enumerate(spots):
        assert not any(drawing._overlap(spot, other) for other in spots[n + 1 :])
    assert len(drawn.lines) == len(pairs)  # those without room for words are drawn all the same


def test_cards_keep_within_the_column_and_row_where_they_stand(organizer, board):
    for n in range(6):
        make.map_actor(board, ("2026-03-09", 3, 4), name=f"{n} A very long name " * 6)
    make.map_actor(board, ("2026-03-09", 3, 3), name="W" * 120)
    drawn = drawing.movement(cards(organizer, board))
    for box in drawn.boxes:
        left, _label = drawn.columns[box.place.stance - 1]
        y, height, _words = drawn.rows[4 - box.place.influence]
        assert left == box.x and box.right < drawing.WIDTH
        assert y < box.y and box.y + box.height < y + height
        assert all(len(line) <= drawing.LETTERS for _y, line in box.lines)
    assert len(drawn.columns) == len(Stance) and drawn.height < 1000


def test_a_map_is_compared_with_an_earlier_day(client, organizer, board):
    make.map_actor(board, ("2026-01-05", 5, 4), ("2026-03-09", 3, 4), ("2026-06-02", 2, 4))
    make.map_actor(board, ("2026-01-05", 1, 3), ("2026-06-02", 4, 3))
    make.map_actor(board, ("2026-01-05", 3, 2), ("2026-06-02", 3, 3))
    make.map_actor(board, ("2026-05-01", 3, 3), name="Newcomer")
    still = make.map_actor(board, ("2026-01-05", 3, 3), name="Still")
    text = text_of(client, board, **{"with": "2026-04-01"})
    assert (
        "Since Apr 1, 2026: 1 moved our way, 1 moved away, 1 has more influence, 1 is new." in text
    )
    assert "Moved left since Apr 1, 2026" in text and "New since Apr 1, 2026" in text
    assert "On Apr 1, 2026" in text and "Not on the map yet" in text
    found = {card.name: card for card in cards(organizer, board, make.DAY.replace(month=4, day=1))}
    assert [place.stance for place in found[still.name].trail] == []
    moved = next(card for card in found.values() if card.moved == "left")
    assert [place.stance for place in moved.trail] == [3]  # from that day on, not before
    assert "Still" in text and change_of([found["Still"]]) == "nobody moved"


@pytest.mark.parametrize("then", ["junk", "", "2999-01-01", "2026-99-99"])
def test_a_day_that_is_none_or_not_earlier_is_not_compared_with(client, board, then):
    make.map_actor(board)
    page = page_of(client, board, **{"with": then})
    assert page.context["then"] is None and "Since" in page.content.decode()


def test_who_is_hidden_is_in_no_drawing_and_no_table(client, board, elsewhere):
    far = make.organization(state=elsewhere, name="Hidden Canary")
    hidden = make.map_actor(board, ("2026-01-05", 5, 4), ("2026-06-02", 2, 4), organization=far)
    make.saved(MapTie(one=hidden, other=make.map_actor(board, name="Seat 3"), kind="work"))
    for show in ("map", "movement", "ties"):
        text = text_of(client, board, show=show, **{"with": "2026-03-01"})
        assert "Canary" not in text and str(hidden.uid) not in text
        assert "moved our way" not in text and "Work: " not in text
