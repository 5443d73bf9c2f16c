"""What the board of a power map shows: who stands where, and how that moved."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lists.templatetags.form_parts import day as words_of
from outreach.models import Influence, MapActor, MapTie, Placement, PowerMap, Stance


@dataclass(frozen=True)
class Card:
    """An actor of a map on a day: its place, the place before that one, its ties. Compared with an
    earlier day, the place before is the one of that day.
    """

    row: MapActor
    place: Placement
    before: Placement | None
    since: str  # the month of its place
    ties: list[tuple[str, str]] = field(default_factory=list)  # (kind in words, with whom)
    trail: list[Placement] = field(default_factory=list)  # its places before, the oldest first
    then: str = ""  # the day that it is compared with, in words
    is_new: bool = False  # compared with a day on which it had no place yet

    @property
    def name(self) -> str:
        return self.row.label

    @property
    def moved(self) -> str:
        """Where it went from its place before: left, right, up, down, or nowhere ("")."""
        if self.before is None:
            return ""
        aside = self.place.stance - self.before.stance
        if aside:
            return "left" if aside < 0 else "right"
        upward = self.place.influence - self.before.influence
        return "" if not upward else "up" if upward > 0 else "down"

    @property
    def influence(self):
        """Its influence in a word."""
        return Influence(self.place.influence).short

    @property
    def is_away(self) -> bool:
        """Whether it moved against us."""
        return self.moved == "right"

    @property
    def said(self) -> str:
        """Its movement in words."""
        words = {
            "left": _("Moved left since %(month)s"),
            "right": _("Moved right since %(month)s"),
            "up": _("More influence since %(month)s"),
            "down": _("Less influence since %(month)s"),
        }
        month = {"month": self.then or self.since}
        if self.is_new:
            return _("New since %(month)s") % month
        return words[self.moved] % month if self.moved else ""


@dataclass(frozen=True)
class Cell:
    """A place of the board, and who stands there."""

    stance: Stance
    cards: list[Card]
    is_aim: bool  # where we want those with high influence to be


def cards_of(
    actor, power_map: PowerMap, day: date, tied: list[MapTie], then: date | None = None
) -> list[Card]:
    """Who stood on a map on a day, with these ties of the map, as far as the viewer sees: most
    influence first; compared with an earlier day, if one is given.
    """
    actors = MapActor.objects.visible_to(actor).filter(power_map=power_map)
    rows = {row.pk: row for row in actors}
    placed: dict[int, list[Placement]] = defaultdict(list)
    places = Placement.objects.visible_to(actor).filter(map_actor__power_map=power_map)
    for place in places.filter(day__lte=day).order_by("-day", "-pk"):
        placed[place.map_actor_id].append(place)
    ties: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for tie in tied:
        for mine, other in ((tie.one_id, tie.other), (tie.other_id, tie.one)):
            ties[mine].append((tie.get_kind_display(), other.label))
    found = [_card(rows[pk], places, day, then, ties[pk]) for pk, places in placed.items()]
    return sorted(found, key=_order)


def _card(row: MapActor, places: list[Placement], day: date, then: date | None, ties: list) -> Card:
    """An actor with its places up to a day, the newest first."""
    now, *before = places
    since = month(now.day, day)
    if then is None:
        return Card(row, now, before[0] if before else None, since, ties, before[::-1])
    old = next((place for place in places if place.day <= then), None)
    trail = [place for place in before if old is None or place.day >= old.day]
    return Card(row, now, old, since, ties, trail[::-1], words_of(then), old is None)


def _order(card: Card) -> tuple:
    place = card.place
    return (-place.influence, not card.row.decides, place.stance, card.name.casefold())


def month(day: date, today: date) -> str:
    """The month of a day; with its year, where that is another one than today's."""
    return date_format(day, "F" if day.year == today.year else "F Y")


def board_of(cards: list[Card]) -> list[tuple[Influence, list[Cell]]]:
    """The rows of the board from the top, each with its five places."""
    at: dict[tuple[int, int], list[Card]] = defaultdict(list)
    for card in cards:
        at[card.place.influence, card.place.stance].append(card)
    ours = (Stance.WITH, Stance.LEANS_WITH)
    return [
        (row, [Cell(s, at[row, s], row == Influence.HIGH and s in ours) for s in Stance])
        for row in Influence
    ]


def ties_of(actor, power_map: PowerMap) -> list[MapTie]:
    """The ties between those on a map whom the viewer sees."""
    rows = MapTie.objects.visible_to(actor).filter(one__power_map=power_map)
    return list(rows.select_related("one__organization", "other__organization").order_by("pk"))


def heading_of(cards: list[Card]) -> str:
    """How it stands, in a sentence: where who decides goes, and how many are undecided."""
    open_ones = [card for card in cards if card.place.stance == Stance.UNDECIDED]
    said = []
    for card in cards:
        if card.row.decides:
            moves = {"left": _("%(name)s moves our way"), "right": _("%(name)s moves away")}
            still = _("%(name)s: %(stands)s")
            words = {"name": card.name, "stands": card.place.get_stance_display().lower()}
            said.append(moves.get(card.moved, still) % words)
            open_ones = [one for one in open_ones if one is not card]
            break
    if number := len(open_ones):
        text = ngettext("%(n)d is undecided", "%(n)d are undecided", number)
        said.append(text % {"n": number})
    return "; ".join(said) or _("Nobody is placed yet")


def change_of(cards: list[Card]) -> str:
    """What is different from the day that the cards are compared with, in a sentence."""
    ways = Counter("new" if card.is_new else card.moved for card in cards)
    words = {
        "left": lambda n: ngettext("%(n)d moved our way", "%(n)d moved our way", n),
        "right": lambda n: ngettext("%(n)d moved away", "%(n)d moved away", n),
        "up": lambda n: ngettext("%(n)d has more influence", "%(n)d have more influence", n),
        "down": lambda n: ngettext("%(n)d has less influence", "%(n)d have less influence", n),
        "new": lambda n: ngettext("%(n)d is new", "%(n)d are new", n),
    }
    said = [word(ways[way]) % {"n": ways[way]} for way, word in words.items() if ways[way]]
    return ", ".join(said) or _("nobody moved")


def to_move(cards: list[Card]) -> list[Card]:
    """Whom to win next: the undecided with a say, most influence first; three at the most."""
    heard = [card for card in cards if card.place.influence >= Influence.MEDIUM]
    return [card for card in heard if card.place.stance == Stance.UNDECIDED][:3]
