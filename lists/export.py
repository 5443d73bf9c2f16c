"""Rows as a file: CSV that no spreadsheet runs, sent piece by piece, or an Excel workbook."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings

from access import audit
from access.scope import Actor
from lists.columns import Cell, Column, Row
from lists.copying import can_copy, copied
from lists.csv_cells import csv_lines, guarded
from lists.leaving import Wanted

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters in a cell of a workbook
FIRST_YEAR = 1900  # of the calendar of workbooks


def csv_of(wanted: Wanted, now: Callable[[], Actor]) -> Iterator[tuple[int, bytes]]:
    """(rows, bytes) of a CSV in UTF-8 with BOM and CRLF: the heading, then rows in their order. By
    COPY where that can say all columns.
    """
    actor = now()
    columns = wanted.columns(actor)
    heading = csv_lines([[guarded(str(column.label))] for column in columns])
    yield 0, b"\xef\xbb\xbf" + heading
    if can_copy(columns):
        yield from copied(wanted.in_order(actor), columns, actor, now)
    else:
        yield from csv_row_by_row(wanted, now)


def csv_row_by_row(wanted: Wanted, now: Callable[[], Actor]) -> Iterator[tuple[int, bytes]]:
    """(rows, bytes) of the rows, slice by slice."""
    for count, texts in wanted.texts(now):
        yield count, csv_lines([[guarded(text) for text in column] for column in texts])


def written(wanted: Wanted, now: Callable[[], Actor], export: UUID) -> Iterator[bytes]:
    """The CSV in pieces; then the record of how many rows really left, and of the file's hash.

    A stream that broke off is recorded as such.
    """
    actor, digest, sent, complete = now(), hashlib.sha256(), 0, False
    try:
        for count, piece in csv_of(wanted, now):
            digest.update(piece)
            sent += count
            yield piece
        complete = True
    finally:
        words = {"list": wanted.page.name, "sha256": digest.hexdigest(), "complete": complete}
        audit.record("ExportSent", actor, row=export, count=sent, words=words)


def write_csv(
    stream: BinaryIO, wanted: Wanted, now: Callable[[], Actor], told: Callable[[int], None]
) -> int:
    """Write the CSV into a file, saying after each piece how many rows are in. Returns how many."""
    done = 0
    for count, piece in csv_of(wanted, now):
        stream.write(piece)
        told(done := done + count)
    return done


def write_xlsx(
    stream: BinaryIO, wanted: Wanted, now: Callable[[], Actor], told: Callable[[int], None]
) -> int:
    """Write a workbook into a file, saying after each slice how many rows are in. Returns how
    many.
    """
    return write_sheet(stream, wanted.columns(now()), wanted.slices(now), told)


def write_sheet(
    stream: BinaryIO,
    columns: list[Column],
    slices: Iterable[list[Row]],
    told: Callable[[int], None],
) -> int:
    """Write a workbook of one sheet into a file, row by row. Returns how many rows.

    Texts are written as texts: none is a formula or a link, and +1509… and 00501 stay as typed.
    """
    import xlsxwriter  # heavy: loaded by the background process alone

    # Its scratch files lie among the private ones: what a killed process leaves goes with the rest.
    options = {"constant_memory": True, "tmpdir": str(settings.MEDIA_ROOT)}
    book = xlsxwriter.Workbook(stream, options)
    bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet, done = book.add_worksheet(), 0
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 24)
    for at, column in enumerate(columns):
        sheet.write_string(0, at, str(column.label), bold)
    try:
        for rows in slices:
            for row in rows:
                done += 1
                for at, column in enumerate(columns):
                    _write(sheet, done, at, row.cells[column.name], days)
            told(done)
    finally:
        book.close()  # takes its scratch file away too
    return done


def _write(sheet: Any, line: int, at: int, cell: Cell, days: Any) -> None:
    kind, value = cell.column.kind, cell.value
    if kind == "day" and value and value.year >= FIRST_YEAR:
        sheet.write_datetime(line, at, value, days)
    elif kind in ("number", "strength") and isinstance(value, int) and not cell.column.choices:
        sheet.write_number(line, at, value)
    elif cell.text:
        text = cell.text if len(cell.text) <= LONGEST else cell.text[: LONGEST - 1] + "…"
        sheet.write_string(line, at, text)
