"""What the board of a power map shows: who stands where, and how that moved."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.models import Influence, MapActor, MapTie, Placement, PowerMap, Stance


@dataclass(frozen=True)
class Card:
    """An actor of a map on a day: its place, the place before that one, its ties."""

    row: MapActor
    place: Placement
    before: Placement | None
    since: str  # the month of its place
    ties: list[tuple[str, str]] = field(default_factory=list)  # (kind in words, with whom)

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
        return words[self.moved] % {"month": self.since} if self.moved else ""


@dataclass(frozen=True)
class Cell:
    """A place of the board, and who stands there."""

    stance: Stance
    cards: list[Card]
    is_aim: bool  # where we want those with high influence to be


def cards_of(actor, power_map: PowerMap, day: date, tied: list[MapTie]) -> list[Card]:
    """Who stood on a map on a day, with these ties of the map, as far as the viewer sees: most
    influence first.
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
    found = [
        Card(rows[pk], now, before[0] if before else None, month(now.day, day), ties[pk])
        for pk, (now, *before) in placed.items()
    ]
    return sorted(found, key=_order)


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


def to_move(cards: list[Card]) -> list[Card]:
    """Whom to win next: the undecided with a say, most influence first; three at the most."""
    heard = [card for card in cards if card.place.influence >= Influence.MEDIUM]
    return [card for card in heard if card.place.stance == Stance.UNDECIDED][:3]
