"""Rows as an Excel workbook, row by row. It loads xlsxwriter: only the background process does."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, partial
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

import xlsxwriter
from django.conf import settings
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from access.recording import Refused
from lists.columns import Column
from lists.copying import Cells

LONGEST = 32_767  # characters in a cell of a workbook
MOST_ROWS = 1_048_576  # of a sheet, with its heading
NUMBERS = ("number", "strength")  # kinds of columns
_ODD = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|_x|^\s|\s$")  # what XML, or a workbook, escapes

_NUMBERED = re.compile("_x[0-9a-fA-F]{4}_")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")  # what XML does not keep


class Sheet(Worksheet):
    """A sheet that takes many rows at once, as the XML that they become.

    The library keeps each cell in an object, looks at each of its texts eight times, and writes it
    in pieces.
    """

    def add_rows(self, before: int, cells: Iterable[Iterable[str]]) -> None:
        """Write rows that follow so many others, each the XML of its cells."""
        self._write_single_row(before)  # what waits in the library's own manner: the heading
        rows = [f'<row r="{n}">{"".join(row)}</row>' for n, row in enumerate(cells, before + 1)]
        self._check_dimensions(before + len(rows) - 1, 0)
        self.fh.write("".join(rows))


def _in_xml(text: str) -> str:
    """The text as a workbook's XML says it: what XML has no character for by its number."""
    text = _NUMBERED.sub(r"_x005F\g<0>", text)
    return escape(_UNSEEN.sub(lambda found: f"_x{ord(found[0]):04X}_", text))


def write_sheet(
    stream: BinaryIO,
    columns: list[Column],
    slices: Iterable[tuple[int, list[Cells]]],
    told: Callable[[int], None],
) -> int:
    """Write a workbook of one sheet into a file, row by row. Returns how many rows.

    Texts are written as texts: none is a formula or a link, and +1509… and 00501 stay as typed.
    """
    # Its scratch files lie among the private ones: what a killed process leaves goes with the rest.
    options = {"constant_memory": True, "tmpdir": str(settings.MEDIA_ROOT)}
    book = xlsxwriter.Workbook(stream, options)
    bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet, done = book.add_worksheet(worksheet_class=Sheet), 0
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 24)
    makers = [_maker(column, xl_col_to_name(at), days) for at, column in enumerate(columns)]
    for at, column in enumerate(columns):
        sheet.write_string(0, at, str(column.label), bold)
    try:
        for count, texts in slices:
            if done + count >= MOST_ROWS:
                raise Refused(_("A workbook holds no more than 1,048,575 rows. Take a CSV."))
            cells = [make(done + 2, some) for make, some in zip(makers, texts, strict=True)]
            sheet.add_rows(done + 1, zip(*cells, strict=True))
            done += count
            told(done)
    finally:
        book.close()  # takes its scratch file away too
    return done


def _maker(column: Column, name: str, days: Any) -> Callable[[int, Cells], list[str]]:
    """Makes the cells of a column: function(number of the first row, texts)."""
    make: Callable[[str, str], str]
    if column.kind == "day":
        make = partial(_day, days)
    elif column.kind in NUMBERS and not column.choices:
        make = _number
    else:
        make = _text

    def made(first: int, texts: Cells) -> list[str]:
        return [make(f"{name}{n}", text) if text else "" for n, text in enumerate(texts, first)]

    return made


def _text(cell: str, text: str) -> str:
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    keep = ""
    if _ODD.search(text):
        keep = ' xml:space="preserve"' if text != text.strip() else ""
        text = _in_xml(text)
    return f'<c r="{cell}" t="inlineStr"><is><t{keep}>{text}</t></is></c>'


def _number(cell: str, text: str) -> str:
    return f'<c r="{cell}"><v>{int(text)}</v></c>'


def _day(days: Any, cell: str, text: str) -> str:
    if (number := _day_number(text)) > 0:
        return f'<c r="{cell}" s="{days._get_xf_index()}"><v>{number}</v></c>'
    return _text(cell, text)


@lru_cache(maxsize=4_096)
def _day_number(text: str) -> int:
    """A day as workbooks count it: from 1900 on, with a February 29 that this year never had."""
    number = (date.fromisoformat(text) - date(1899, 12, 31)).days
    return number + 1 if number > 59 else number
