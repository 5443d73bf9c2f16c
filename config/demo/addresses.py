"""Invented streets, phone numbers and e-mail addresses that reach nobody.

Phone numbers are 555-0100 to 555-0199, which are set aside for fiction in every area code; e-mail
and web addresses end in .example, which no registry hands out.
"""

import re
import unicodedata
from random import Random

from config.demo.places import Place

_STREETS = (
    "Acorn", "Alder", "Almond", "Birch", "Blossom", "Canal", "Canyon", "Cedar", "Chestnut",
    "Clover", "Cottonwood", "Creek", "Cypress", "Depot", "Elm", "Ferry", "Foundry", "Garden",
    "Harbor", "Hawthorn", "Hickory", "Juniper", "Lantern", "Laurel", "Library", "Lilac", "Linden",
    "Maple", "Market", "Meadow", "Mesa", "Mill", "Mulberry", "Orchard", "Palmetto", "Piñon",
    "Pecan", "Plum", "Prairie", "Quarry", "Railroad", "River", "Sage", "School", "Spring",
    "Sycamore", "Tamarack", "Union", "Walnut", "Willow",
)  # fmt: skip
_TYPES = ("Street", "Avenue", "Road", "Lane", "Boulevard", "Way", "Drive")


def street(rng: Random) -> str:
    """A house number and a street."""
    line = f"{rng.randrange(100, 9900)} {rng.choice(_STREETS)} {rng.choice(_TYPES)}"
    if rng.random() < 0.2:
        line += rng.choice((", Suite ", ", Room ", " #")) + str(rng.randrange(1, 40))
    return line


def postal_code(rng: Random, place: Place) -> str:
    """Five digits that begin as those of the town do; empty abroad."""
    return f"{place.zip_prefix}{rng.randrange(1, 100):02d}" if place.zip_prefix else ""


class Phones:
    """Phone numbers that do not repeat until a state has used up its own."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._left: dict[str, list[str]] = {}

    def next(self, place: Place) -> str:
        """For instance "+1 505 555 0142"; abroad a number of the District of Columbia."""
        codes = place.area_codes or ("202",)
        left = self._left.get(place.state)
        if not left:
            left = [f"+1 {code} 555 {number:04d}" for code in codes for number in range(100, 200)]
            self._rng.shuffle(left)
            self._left[place.state] = left
        return left.pop()


_TO_ASCII = str.maketrans(
    {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "ŋ": "n", "Ŋ": "N", "ɓ": "b", "ß": "ss",
     "ı": "i", "æ": "ae", "&": " and "}
)  # fmt: skip


def plain(text: str) -> str:
    """The text in small ASCII letters with hyphens, as in a web address."""
    unmarked = unicodedata.normalize("NFKD", text.translate(_TO_ASCII))
    unmarked = re.sub(r"['ʻʼ’]", "", unmarked).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", unmarked).strip("-")


def domain(organization: str) -> str:
    """The web domain of an organization, for instance "bethel-hill-church.example"."""
    return f"{plain(organization)[:48].strip('-') or 'organization'}.example"


def website(organization: str) -> str:
    """The web address of an organization."""
    return f"https://{domain(organization)}/"


def email(name: str, at: str = "mail.example") -> str:
    """The e-mail address of a person at a domain."""
    return f"{plain(name).replace('-', '.') or 'office'}@{at}"
