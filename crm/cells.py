"""How the cells of a list are read as addresses, phones, places and fixed words."""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from access.models import State
from crm.models import Tag
from crm.phones import parsed
from lists.folding import fold
from lists.mapping import Reading, Words, one_line, pieces, says_nothing

SEMICOLONS = r"[;\n]"
COMMAS = r"[;,\n]"
PROSE = r"[;,&\n]|/(?!a\b)|\band\b|\bor\b|\by\b|\bo\b"  # languages come in sentences
HOME_COUNTRY = frozenset(
    {
        "us", "usa", "u s", "u s a", "united states", "united states of america",
        "estados unidos", "ee uu", "eeuu",
    }
)  # fmt: skip

# One address as most are written: looked at without taking the cell apart.
_PLAIN = re.compile(
    r"(?=.{6,200}$)[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?\.){1,4}[a-z]{2,20}",
    re.ASCII,
)
_email = EmailValidator()
_url = URLValidator(schemes=["http", "https"])


def emails(text: str) -> Reading:
    """The e-mail addresses in a cell."""
    if _PLAIN.fullmatch(plain := text.lower()):
        return [plain], ""
    found, wrong = [], []
    for piece in re.split(r"[;,\s<>]+", text):
        address = piece.removeprefix("mailto:").strip("\"'").lower()
        if "@" in address:
            (found if _fits(_email, address, 254) else wrong).append(address)
    if not found and not wrong:
        wrong.append(text)
    return found, _("Not an e-mail address.") if wrong else ""


def websites(text: str) -> Reading:
    """The addresses of websites in a cell; https where no scheme is written."""
    found, wrong = [], []
    for piece in re.split(r"[;\s]+|,(?=\s|$)", text):
        if piece and not says_nothing(piece):
            address = (
                piece if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", piece) else f"https://{piece}"
            )
            (found if _fits(_url, address, 300) else wrong).append(address)
    return found, _("Not the address of a website.") if wrong else ""


def country(text: str) -> Reading:
    """A country; nothing for the United States."""
    return ([], "") if fold(text) in HOME_COUNTRY else one_line(text)


def _fits(validator: Callable[[str], None], text: str, longest: int) -> bool:
    try:
        validator(text)
    except ValidationError:
        return False
    return len(text) <= longest


def same_phone(text: str) -> tuple[str, str] | str:
    """What two spellings of one phone number have in common."""
    found = parsed(text)
    return found if found[0] else fold(text)


def same_website(url: str) -> str:
    """What two spellings of one address have in common."""
    bare = url.casefold().partition("://")[2].removeprefix("www.")
    return bare.rstrip("/")


def same_tag(text: str) -> str:
    """A tag as it is compared: without accents or case."""
    return Tag._meta.get_field("sort_name").clip(text)


def tags(text: str) -> Reading:
    """The tags in a cell, divided by semicolons, else by commas."""
    values, complaint = pieces(SEMICOLONS if ";" in text else COMMAS)(text)
    return [value for value in values if fold(value)], complaint


def words(model, *names: str) -> Words:
    """The words of reference rows that are offered, by code and by these names.

    A word that was merged into one of them still names it, by its old names and its code.
    """
    rows = model.objects.order_by("position", "pk")
    offered = rows.filter(retired=False).values_list("code", "name", "name_es", *names)
    merged = rows.filter(merged_into__retired=False)
    old = merged.values_list("merged_into__code", "code", "name", "name_es", *names)
    return Words([*offered, *old])


class Places:
    """The states that a list may name, and whether the actor's areas hold them."""

    def __init__(self, actor):
        self.actor = actor
        self.ids = dict(State.objects.values_list("code", "pk"))
        self.words = words(State)
        self.codes = {code: ([code], "") for code in self.ids if code != State.OUTSIDE}

    def read(self, text: str) -> Reading:
        """The code of a state, by code or name; nothing for outside regions."""
        if text in self.codes and self.words.find(text) == text:
            return self.codes[text]
        compact = fold(text).replace(" ", "")
        code = self.words.find(compact if len(compact) == 2 else text)
        if code == State.OUTSIDE:
            return [], ""
        return ([code], "") if code else self.words.one(text)

    def id_of(self, values: dict) -> int:
        """The id of the state that the values name, or that of outside regions."""
        return self.ids[values.get("state", [State.OUTSIDE])[0]]

    def outside_areas(self, values: dict) -> tuple[str, str, str] | None:
        """(field, value, reason) when the row lies where the actor does not work."""
        if self.actor.covers(self.id_of(values)):
            return None
        if code := values.get("state"):
            return "state", code[0], _("This state is not part of your areas.")
        return (
            "state",
            "",
            _("A row without a state lies outside regions, which is not part of your areas."),
        )
