"""Reading an uploaded list (CSV or TSV): its rows one at a time, and what is odd about them.

Nothing here saves anything or knows a model. `read_list` goes once through the whole file, so that
a file which cannot be read is refused before the first row is used; `SourceList.rows` then reads it
again, a row at a time, so that a list of 25 MB never stands in memory.
"""

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lists import refusals
from lists.decoding import LONE_CR, decoded, directive, lone_returns_hidden, unsigned
from lists.refusals import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Unreadable

__all__ = ["SourceList", "SourceRow", "Unreadable", "Warning", "read_list"]

MOST_WARNINGS = 1_000
"""So many warnings are kept with their text; further ones are only counted."""

DELIMITERS = (",", "\t", ";")
UNDECODABLE = "\N{REPLACEMENT CHARACTER}"

_SAMPLE = 256 * 1024
_SAMPLE_RECORDS = 50
_EDGES = " \t\r\n\u00a0\u2007\u202f\ufeff"
_NOTHING = re.compile(rf"[,{_EDGES}]*")

type Source = Path | str | bytes


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing to look at before importing; row 0 is the header, `position` counts from 0."""

    row: int
    column: str
    value: str
    message: str
    kind: str = ""
    line: int = 0
    position: int | None = None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One data row with as many cells as the header; `line` is where it starts in the file."""

    number: int
    cells: list[str]
    line: int = 0


@dataclass
class SourceList:
    """What a list holds. Its cells are stripped at both ends, and otherwise exactly as written."""

    source: Source
    encoding: str = "utf-8"
    delimiter: str = ","
    spaced: bool = False
    """Every delimiter is followed by a blank, also before a quotation mark."""
    header: list[str] = field(default_factory=list)
    count: int = 0
    """Rows that hold something; `rows` gives exactly so many."""
    empty_rows: int = 0
    """Rows without any text; they are counted in row numbers and left out of `rows`."""
    warnings: list[Warning] = field(default_factory=list)
    warning_counts: Counter[str] = field(default_factory=Counter)
    """Kind of warning -> how many, also of those that are no longer in `warnings`."""
    lines_with_warnings: int = 0
    lines_not_utf8: int = 0
    _stamp: object = None

    @property
    def rows(self) -> Iterator[SourceRow]:
        """The rows from the first on; the file is read again each time."""
        if _stamp(self.source) != self._stamp:
            raise refusals.changed_since()
        records = _Records(self.source, self.delimiter, self.spaced)
        below_header, number, width = False, 0, len(self.header)
        for cells in records:
            if not below_header:
                below_header = any(cells)
                continue
            number += 1
            if any(cells):
                cells = cells[:width] + [""] * (width - len(cells))
                yield SourceRow(number, cells, records.line)

    def __len__(self) -> int:
        return self.count

    def column(self, position: int) -> str:
        """The header's text there, or "Column 4" where it has none."""
        if position < len(self.header) and self.header[position]:
            return self.header[position]
        return _("Column %(number)d") % {"number": position + 1}

    @property
    def summary(self) -> str:
        """For instance "609 rows, 29 columns, 3 lines with a warning"."""
        columns, warned = len(self.header), self.lines_with_warnings
        parts = [
            ngettext("%(n)d row", "%(n)d rows", self.count) % {"n": self.count},
            ngettext("%(n)d column", "%(n)d columns", columns) % {"n": columns},
        ]
        if warned:
            text = ngettext("%(n)d line with a warning", "%(n)d lines with a warning", warned)
            parts.append(text % {"n": warned})
        return ", ".join(parts)

    def warn(
        self,
        kind: str,
        message: str,
        row: int,
        line: int,
        value: str,
        position: int | None = None,
    ) -> None:
        """Count a warning, and keep it while there are few."""
        self.warning_counts[kind] += 1
        if len(self.warnings) < MOST_WARNINGS:
            column = "" if position is None else self.column(position)
            self.warnings.append(Warning(row, column, value[:200], message, kind, line, position))


def read_list(source: Source, most: int | None = None) -> SourceList:
    """Check the whole file at this path (or these bytes), or its first rows; tell what it holds.

    Raises `Unreadable` for what is not a list that we can read completely. Text is not normalized:
    two spellings of one accent stay two, and it is for the one who compares to fold them.
    """
    with _opened(source) as stream:
        refusals.refuse_by_size(stream)
        start = stream.read(_SAMPLE)
    refusals.refuse_by_content(start)
    delimiter, spaced = _sniffed(start)
    found = SourceList(source, delimiter=delimiter, spaced=spaced, _stamp=_stamp(source))
    records = _Records(source, delimiter, spaced, checking=True)
    number = 0
    for cells in records:
        if number == most:
            break
        if not found.header:
            if any(cells):
                found.header = cells
                _warn_about(found, cells, 0, records)
            continue
        number += 1
        if number > MOST_ROWS:
            raise refusals.too_many_rows()
        found.count += any(cells)
        _warn_about(found, cells, number, records)
    if not found.header:
        raise refusals.empty_file()
    if not found.count:
        raise refusals.no_rows()
    found.empty_rows = number - found.count
    found.encoding = records.encoding
    found.lines_not_utf8 = records.not_utf8
    return found


def _sniffed(start: bytes) -> tuple[str, bool]:
    """The delimiter, and whether a blank follows each; refuses the line ends of the old Macintosh.

    The delimiter is the one that gives a header of several cells and rows as wide as the header:
    cells beyond the first, times how well the first rows agree. Without any it is the comma.
    """
    lines = [decoded(line)[0] for line in io.BytesIO(unsigned(start)[0])]
    if len(start) == _SAMPLE and len(lines) > 1:
        lines.pop()  # it may be cut
    named = directive(unsigned(start)[0].split(b"\n", 1)[0])
    if named:
        lines = lines[1:]
    best, most = ",", 0.0
    for delimiter in [named] if named else DELIMITERS:
        try:
            hidden = map(lone_returns_hidden, lines)
            records = csv.reader(hidden, delimiter=delimiter)
            widths = [len(cells) for cells in islice(records, _SAMPLE_RECORDS) if any(cells)]
        except csv.Error:
            continue
        beyond = [width - 1 for width in widths]
        if named or not beyond or not beyond[0]:
            best = named or best
            continue
        agreement = [min(it, beyond[0]) / max(it, beyond[0]) for it in beyond[1:]] or [1]
        score = beyond[0] * sum(agreement) / len(agreement)
        if score > most:
            best, most = delimiter, score
    header: list[str] = []
    try:
        header = next(cells for cells in csv.reader(lines, delimiter=best) if any(cells))
    except StopIteration:
        pass
    except csv.Error as error:
        if "new-line" in str(error):
            raise refusals.carriage_returns()
    return best, len(header) > 1 and all(cell.startswith(" ") for cell in header[1:])


class _Records:
    """The rows of a file as cleaned cells; what is odd about the last one stands in attributes."""

    def __init__(self, source: Source, delimiter: str, spaced: bool, checking: bool = False):
        self.source, self.delimiter, self.spaced = source, delimiter, spaced
        self.checking = checking
        self.line = 0  # where the last record starts
        self.last_line = 0
        self.taken: list[str] = []  # its physical lines
        self.is_plain = True  # whether no mark stands in them that needs a closer look
        self.odd: dict[int, str] = {}  # those of them that were not UTF-8
        self.raw: list[str] = []  # its cells before cleaning
        self.not_utf8 = 0
        self.marked = 0  # lines of real UTF-8, beyond ASCII
        self.signed = False
        self.ended = False

    @property
    def encoding(self) -> str:
        """What the lines read so far are written in."""
        if self.not_utf8:
            mixed = self.marked or self.signed
            return "mixed utf-8 and cp1252" if mixed else "cp1252"
        return "utf-8-sig" if self.signed else "utf-8"

    def __iter__(self) -> Iterator[list[str]]:
        with _opened(self.source) as stream:
            reader = csv.reader(
                self._lines(stream), delimiter=self.delimiter, skipinitialspace=self.spaced
            )
            while True:
                self.line = self.last_line + 1
                self.taken, self.odd = [], {}
                try:
                    self.raw = next(reader)
                except csv.Error:
                    raise self._too_long()
                if self.ended:
                    if self.taken:
                        raise refusals.open_quotation(self.line)
                    return
                if len(self.raw) > MOST_COLUMNS:
                    raise refusals.too_many_columns(self.line)
                if self.checking and max(map(len, self.raw), default=0) > LONGEST_CELL:
                    raise self._too_long()
                self.is_plain = not self.odd and all(map(_is_plain, self.taken))
                if self.is_plain and self.delimiter == ",":
                    yield [cell.strip(_EDGES) for cell in self.raw]
                else:
                    yield [_cleaned(cell) for cell in self.raw]

    def _lines(self, stream: BinaryIO) -> Iterator[str]:
        """Each physical line as text, and one more: it shows whether a quotation is still open."""
        for line in stream:
            self.last_line += 1
            if self.last_line == 1:
                line, self.signed = unsigned(line)
                if directive(line):
                    self.line += 1
                    continue
            if b"\0" in line:
                raise refusals.nul_bytes(self.last_line)
            text, utf8 = decoded(line)
            if not utf8:
                self.odd[self.last_line] = text
                self.not_utf8 += 1
            elif not text.isascii():
                self.marked += 1
            if "\r" in text.removesuffix("\r\n"):
                text = lone_returns_hidden(text)
            self.taken.append(text)
            yield text
        self.ended = True
        yield "end"

    def misquoted(self) -> bool:
        """Whether text follows a closing quotation mark: cells may have run together."""
        if not any('"' in text for text in self.taken):
            return False
        end = re.escape(self.delimiter)
        tidy = [re.sub(rf'"[ {LONE_CR}]+(?={end}|\r?\n?$)', '"', text) for text in self.taken]
        try:
            for _cells in csv.reader(
                tidy, delimiter=self.delimiter, skipinitialspace=self.spaced, strict=True
            ):
                pass
        except csv.Error:
            return True
        return False

    def _too_long(self) -> Unreadable:
        if len(self.taken) > 1:
            return refusals.open_quotation(self.line)
        return refusals.cell_too_long(self.line)


def _warn_about(found: SourceList, cells: list[str], row: int, records: _Records) -> None:
    """Add what is odd about the row just read."""
    if records.is_plain and len(cells) == len(found.header):
        return  # most rows
    lines: set[int] = set()
    for line, text in records.odd.items():
        lines.add(line)
        positions: list[int | None] = [*_positions_in(records.raw, text)] or [None]
        for position in positions:
            value = cells[position] if position is not None else text.strip(_EDGES)
            if UNDECODABLE not in value:
                message = _("This line is not UTF-8. It was read as Windows-1252; check it.")
                found.warn("encoding", message, row, line, value=value, position=position)
    for position, cell in enumerate(cells):
        if UNDECODABLE in cell:
            lines.update(records.odd or [records.line])
            message = _("Characters that cannot be read are shown as \N{REPLACEMENT CHARACTER}.")
            line = min(records.odd, default=records.line)
            found.warn("damaged", message, row, line, value=cell, position=position)
    start, width = records.line, len(found.header)
    extra = [cell for cell in cells[width:] if cell]
    if extra:
        lines.add(start)
        message = ngettext(
            "This row has %(n)d cell more than the header; it is left out.",
            "This row has %(n)d cells more than the header; they are left out.",
            len(extra),
        ) % {"n": len(extra)}
        found.warn("extra", message, row, start, value=" | ".join(extra), position=width)
    if len(cells) < width and any(cells):
        lines.add(start)
        message = _("This row has %(n)d of %(width)d cells; the others are read as empty.") % {
            "n": len(cells),
            "width": width,
        }
        found.warn("missing", message, row, start, value=cells[0])
    if records.misquoted():
        lines.add(start)
        message = _("A quotation mark stands where none belongs; check this row.")
        found.warn("quotation", message, row, start, value=cells[0])
    found.lines_with_warnings += len(lines)


def _positions_in(raw: list[str], line: str) -> Iterator[int]:
    """Positions of the cells that carry marks of this physical line."""
    line = line.replace('""', '"').replace("\r", LONE_CR)
    for position, cell in enumerate(raw):
        if not cell.isascii():
            pieces = (piece.rstrip("\r") for piece in cell.split("\n"))
            if any(piece in line for piece in pieces if not piece.isascii()):
                yield position


def _is_plain(text: str) -> bool:
    """Whether a line holds nothing that needs a closer look."""
    return '"' not in text and LONE_CR not in text and UNDECODABLE not in text


def _cleaned(cell: str) -> str:
    """The cell without blanks at its ends; nothing at all if it holds only commas and blanks."""
    if LONE_CR in cell:
        cell = cell.replace(LONE_CR, "\r")
    cell = cell.strip(_EDGES)
    if cell[:1] == "," and _NOTHING.fullmatch(cell):
        return ""
    return cell


def _opened(source: Source) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else Path(source).open("rb")


def _stamp(source: Source) -> object:
    if isinstance(source, bytes):
        return len(source)
    status = os.stat(source)
    return status.st_size, status.st_mtime_ns
