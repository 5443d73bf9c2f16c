"""Text as it is compared and sorted: lower case, without accents."""

import re
import unicodedata

from django.db import models

MOST = 200  # characters of a search text that count


class _Letters(dict[int, str]):
    """What each character becomes, found out once: a letter or digit, a blank, or nothing."""

    def __missing__(self, code: int) -> str:
        one = chr(code)
        found = "" if unicodedata.combining(one) else one if one.isalnum() else " "
        self[code] = found
        return found


_LETTERS = _Letters(
    str.maketrans(
        {
            "ø": "o",
            "đ": "d",
            "ł": "l",
            "ß": "ss",
            "æ": "ae",
            "œ": "oe",
            "ð": "d",
            "þ": "th",
            "ħ": "h",
            "ı": "i",
            "ŋ": "ng",
            "ʻ": "",
            "ʼ": "",
            "’": "",
            "‘": "",
            "'": "",
            "`": "",
            "´": "",
            "ꞌ": "",
            "ʾ": "",
            "ʿ": "",
        }
    )
)


def fold(text: str) -> str:
    """The text in lower case, without accents or apostrophes, its blanks single: José = jose."""
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
    return " ".join(text.translate(_LETTERS).split())


# Scripts that write words without blanks between them: each character counts as a word.
_UNSPACED = re.compile(
    "([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
SHORT = 2  # letters of a word that is found only where a word begins


def words_of(text: str) -> list[str]:
    """The folded words of a text, each once, in their order."""
    text = fold(text)
    if not text.isascii():
        text = _UNSPACED.sub(r" \1 ", text)
    return list(dict.fromkeys(text.split()))


def search_key(*names: str) -> str:
    """What search reads of a row: the words of its names, two blanks before each.

    So the beginning of every word is three characters long, which is what a trigram index needs.
    """
    return "".join(f"  {word}" for word in words_of(" ".join(names)))


def needles(text: str) -> list[str]:
    """What a search key must hold, all of it, to be found by the text.

    A word of three letters or more may stand anywhere in a word of the name; a shorter one begins
    a word.
    """
    return [word if len(word) > SHORT else f"  {word}" for word in words_of(text[:MOST])]


class FoldedField(models.CharField):
    """A folded text to sort and find by, in byte order on both databases."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 200)
        kwargs["editable"] = False
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection):
        found = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            found["collation"] = "C"
        return found

    def clip(self, text: str) -> str:
        return fold(text)[: self.max_length]


NEVER = "0001-01-01"
