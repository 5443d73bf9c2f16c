"""Cells of a CSV that no spreadsheet runs as a formula, and its lines."""

import csv
import io
import re
import string
from collections.abc import Iterable

_FORMULA = re.compile(r"^\s*[=+\-@\t\r\n'＝＋－＠]")
HARMLESS = frozenset(string.ascii_letters + string.digits + "(") | {""}
_NUMBER = re.compile(r"^[+-]?[0-9][0-9 ().\-]*( ?x[0-9]+)?$")


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; `unguarded` gives the text back.

    Phone numbers and plain numbers (+15095550142, 00501) stay as they are.
    """
    if text[:1] in HARMLESS or (text[1:].isdecimal() and text[0] == "+" and text.isascii()):
        return text  # most texts, and most phone numbers; it spares them the rest
    if _FORMULA.match(text) and not _NUMBER.match(text):
        return "'" + text
    return text


def guarded_all(texts: Iterable[str | None]) -> list[str | None]:
    """The same for many cells, some of them empty."""
    return [text if not text or text[0] in HARMLESS else guarded(text) for text in texts]


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def csv_lines(columns: Iterable[Iterable[str | None]]) -> bytes:
    """The texts of each column as lines of a CSV."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(zip(*columns, strict=True))
    return target.getvalue().encode()
