"""A power map drawn: who stands where, with the way that each came or the ties between them.

Numbers are those of the drawing, 1000 wide; the template turns them into SVG. The tables beside it
say the same, so what finds no room here is lost to nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from textwrap import wrap

from lists.templatetags.form_parts import day
from outreach.models import Influence, MapTie, Placement, Stance
from outreach.views.power import Card

WIDTH, HEAD, SIDE, COLUMN = 1000, 30, 95, 181
BOX, GAP, EDGE = 145, 10, 18  # a card is so wide, this far from the next, and from its column
LETTERS = 19  # of a name in a line of a card
MOST = 4  # earlier places of one of them that are drawn; the table has all
LEAST = 64  # a row is at least so high
DASHES = {kind: f"t-{kind}" for kind in MapTie.Kind.values}  # the classes of the lines


@dataclass(frozen=True)
class Box:
    """Somebody's place: now, or where she stood earlier (`was`)."""

    card: Card
    place: Placement
    x: int
    y: int
    height: int
    lines: list[tuple[int, str]]  # (y, words) of its name
    small: tuple[int, str]  # (y, words) under it
    was: bool = False

    @property
    def right(self) -> int:
        return self.x + BOX

    @property
    def middle(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True)
class Line:
    """A way that somebody came, or a tie: its path, its class, its words, and where they stand."""

    path: str
    look: str
    words: str
    label: tuple[int, int, int, str] | None = None  # x, y, width, words


@dataclass(frozen=True)
class Drawing:
    """What the template draws."""

    height: int
    columns: list[tuple[int, str]]
    rows: list[tuple[int, int, list[tuple[int, str]]]]  # y, height, the words of its influence
    aims: list[tuple[int, int, int]]  # x, y, height of the places where we want them
    boxes: list[Box]
    lines: list[Line]


def movement(cards: list[Card]) -> Drawing:
    """Where each stood before, as frames with their days, and the way to where she stands."""
    drawn = _placed(cards, [(card, place) for card in cards for place in card.trail[-MOST:]])
    ways = []
    for card in cards:
        steps = [drawn.at[card.row.pk, place.pk] for place in (*card.trail[-MOST:], card.place)]
        for one, other in pairwise(steps):
            look = "way away" if other.place.stance > one.place.stance else "way"
            ways.append(Line(_curve(_ends(one, other)), look, card.name))
    return drawn.drawing(ways)


def ties(cards: list[Card], tied: list[MapTie]) -> Drawing:
    """The ties between them as lines, told apart by dashes and, where there is room, by words."""
    drawn = _placed(cards, [])
    now = {card.row.pk: drawn.at[card.row.pk, card.place.pk] for card in cards}
    lines, labels, between = [], [], Counter()
    for tie in tied:
        if tie.one_id not in now or tie.other_id not in now:
            continue  # one of them was not on the map yet on that day
        pair = frozenset((tie.one_id, tie.other_id))
        ends = _ends(now[tie.one_id], now[tie.other_id], 9 * between[pair])
        between[pair] += 1
        kind = tie.get_kind_display()
        label = _label(ends, kind, drawn.boxes, labels)
        labels += [label] if label else []
        words = f"{kind}: {tie.one.label}, {tie.other.label}"
        lines.append(Line(_curve(ends), f"tied {DASHES[tie.kind]}", words, label))
    return drawn.drawing(lines)


@dataclass(frozen=True)
class _Placed:
    """The boxes of a drawing, by (actor, placement), and the rows that they made."""

    at: dict[tuple[int, int], Box]
    rows: list[tuple[Influence, int, int]]  # with its y and height

    @property
    def boxes(self) -> list[Box]:
        return list(self.at.values())

    def drawing(self, lines: list[Line]) -> Drawing:
        _last, y, height = self.rows[-1]
        (_first, top, high), ours = self.rows[0], (Stance.WITH, Stance.LEANS_WITH)
        return Drawing(
            height=y + height + 1,
            columns=[(_left(stance) + EDGE, str(stance.label)) for stance in Stance],
            rows=[(y, height, _words(y + 22, row.label, 10)) for row, y, height in self.rows],
            aims=[(_left(stance), top, high) for stance in ours],
            boxes=self.boxes,
            lines=lines,
        )


def _left(stance: int) -> int:
    return SIDE + (stance - 1) * COLUMN


def _words(y: int, text: str, letters: int, most: int = 2) -> list[tuple[int, str]]:
    """The text in lines from y on, 15 apart."""
    lines = wrap(str(text), letters, max_lines=most, placeholder="…")
    return [(y + 15 * n, line) for n, line in enumerate(lines)]


def _placed(cards: list[Card], earlier: Iterable[tuple[Card, Placement]]) -> _Placed:
    """Everybody in her place, those who stood there earlier under them."""
    cells: dict[tuple[int, int], list[tuple[Card, Placement]]] = defaultdict(list)
    for card, place in [*((card, card.place) for card in cards), *earlier]:
        cells[place.influence, place.stance].append((card, place))
    at, rows, y = {}, [], HEAD
    for influence in Influence:
        height = LEAST
        for stance in Stance:
            top = y + GAP
            for card, place in cells[influence, stance]:
                box = _box(card, place, _left(stance) + EDGE, top)
                at[card.row.pk, place.pk] = box
                top += box.height + GAP
            height = max(height, top - y)
        rows.append((influence, y, height))
        y += height
    return _Placed(at, rows)


def _box(card: Card, place: Placement, x: int, y: int) -> Box:
    was = place.pk != card.place.pk
    if was:
        lines = _words(y + 16, card.name, LETTERS + 2, most=1)
        return Box(card, place, x, y, 38, lines, (y + 31, day(place.day)), was=True)
    start = y + (33 if card.row.decides else 18)
    lines = _words(start, card.name, LETTERS)
    last = lines[-1][0] + 15
    return Box(card, place, x, y, last + 8 - y, lines, (last, day(place.day)))


Ends = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]


def _ends(one: Box, other: Box, aside: int = 0) -> Ends:
    """From where to where a line goes, with the two points that bend it: through the space between
    the columns, and beside them in one column.
    """
    y1, y2 = one.middle + aside, other.middle + aside
    if one.x == other.x:
        bend = one.x - EDGE - aside
        return (one.x, y1), (bend, y1), (bend, y2), (other.x, y2)
    if one.x < other.x:
        return (one.right, y1), (one.right + 40, y1), (other.x - 40, y2), (other.x, y2)
    return (one.x, y1), (one.x - 40, y1), (other.right + 40, y2), (other.right, y2)


def _curve(ends: Ends) -> str:
    start, *bends = ends
    return f"M{start[0]} {start[1]}C" + " ".join(f"{x} {y}" for x, y in bends)


def _label(
    ends: Ends, words: str, boxes: list[Box], taken: list[tuple[int, int, int, str]]
) -> tuple[int, int, int, str] | None:
    """Where on a line its words stand: nearest to its middle, over no card and no other words."""
    width = 7 * len(words) + 8
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8):
        x, y = (round(_between(share, [end[axis] for end in ends])) for axis in (0, 1))
        left = max(0, x - width // 2)
        of_boxes = ((b.x, b.y, b.right, b.y + b.height) for b in boxes)
        of_words = ((tx, ty - 9, tx + w, ty + 9) for tx, ty, w, _said in taken)
        here = (left, y - 9, left + width, y + 9)
        if not any(_overlap(here, spot) for spot in (*of_boxes, *of_words)):
            return left, y, width, words
    return None


def _overlap(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two places cover each other: (left, top, right, bottom) of each."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _between(share: float, points: list[int]) -> float:
    """A point of a curve with two bends, by its share of the way."""
    a, b, c, d = points
    rest = 1 - share
    return rest**3 * a + 3 * rest**2 * share * b + 3 * rest * share**2 * c + share**3 * d
