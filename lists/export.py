"""Rows as a file: CSV that no spreadsheet runs, sent piece by piece, or an Excel workbook."""

import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO
from uuid import UUID

from access import audit
from access.scope import Actor
from lists.columns import Column
from lists.copying import PLAIN, Cells, can_copy, copied, texts_of
from lists.csv_cells import csv_lines, guarded, guarded_all
from lists.leaving import Wanted

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
        return
    for count, texts in texts_of(wanted.in_order(actor), columns, actor, now):
        yield count, csv_lines([_shown(*pair) for pair in zip(columns, texts, strict=True)])


def _shown(column: Column, texts: Cells) -> Cells:
    """The cells of a column, so that no spreadsheet runs one."""
    return texts if column.kind in PLAIN or column.choices else guarded_all(texts)


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
    from lists.workbook import write_sheet  # heavy: loaded by the background process alone

    actor = now()
    columns = wanted.columns(actor)
    slices = texts_of(wanted.in_order(actor), columns, actor, now)
    return write_sheet(stream, columns, slices, told)
