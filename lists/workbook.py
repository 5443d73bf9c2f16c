"""Rows as an Excel workbook, row by row. It loads xlsxwriter: only the background process does."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, partial
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

import xlsxwriter
from django.conf import settings
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from lists.columns import Column
from lists.copying import Cells

LONGEST = 32_767  # characters in a cell of a workbook
NUMBERS = ("number", "strength")  # kinds of columns
_ODD = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|_x|^\s|\s$")  # what XML, or a workbook, escapes

_NUMBERED = re.compile("_x[0-9a-fA-F]{4}_")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no character of XML


class Sheet(Worksheet):
    """A sheet that writes plain texts, nearly all of its cells, at once.

    The library looks for what each text may need eight times. Others are left to it.
    """

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        text = getattr(cell, "string", None)
        if text is not None and text.startswith("<r>"):  # markup to the library
            text = _in_xml(text)
        elif text is None or cell.format or _ODD.search(text):
            super()._write_cell(row, col, cell)
            return
        name = xl_rowcol_to_cell_fast(row, col)
        self.fh.write(f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>')


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
    writers = [_writer(sheet, column, days) for column in columns]
    for at, column in enumerate(columns):
        sheet.write_string(0, at, str(column.label), bold)
    try:
        for count, texts in slices:
            for line, row in enumerate(zip(*texts, strict=True), done + 1):
                for at, text in enumerate(row):
                    if text:
                        writers[at](line, at, text)
            done += count
            told(done)
    finally:
        book.close()  # takes its scratch file away too
    return done


def _writer(sheet: Any, column: Column, days: Any) -> Callable[[int, int, str], None]:
    """Writes the texts of a column into cells of its kind: function(line, place, text)."""
    if column.kind == "day":
        return partial(_write_day, sheet, days)
    if column.kind in NUMBERS and not column.choices:
        return partial(_write_number, sheet)
    return partial(_write_text, sheet)


def _write_text(sheet: Any, line: int, at: int, text: str) -> None:
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    sheet.write_string(line, at, text)


def _write_number(sheet: Any, line: int, at: int, text: str) -> None:
    sheet.write_number(line, at, int(text))


def _write_day(sheet: Any, days: Any, line: int, at: int, text: str) -> None:
    if (number := _day_number(text)) > 0:
        sheet.write_number(line, at, number, days)
    else:
        _write_text(sheet, line, at, text)


@lru_cache(maxsize=4_096)
def _day_number(text: str) -> int:
    """A day as workbooks count it: from 1900 on, with a February 29 that this year never had."""
    number = (date.fromisoformat(text) - date(1899, 12, 31)).days
    return number + 1 if number > 59 else number
