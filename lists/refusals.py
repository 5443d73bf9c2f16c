"""Files that are refused as lists, each with a sentence that says what to do instead."""

import os
import re
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST_FILE = 25 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
LONGEST_CELL = 100_000


class Unreadable(Exception):
    """The file is refused; `message` says what is wrong, that nothing was saved, and what to do."""

    def __init__(self, wrong: str, remedy: str) -> None:
        self.message = " ".join([wrong, _("Nothing was saved."), remedy])
        super().__init__(self.message)


_SAVE_AS_CSV = gettext_lazy(
    "Open it in a spreadsheet program and save the sheet with your list as "
    '"CSV UTF-8 (comma delimited)".'
)
_ANOTHER_FILE = gettext_lazy("Choose the list itself, saved as CSV.")
_WORKBOOK = gettext_lazy("This is a workbook, not a CSV file, whatever its name says.")
_ARCHIVE = gettext_lazy("This is a compressed archive, not a CSV file.")
_PICTURE = gettext_lazy("This is a picture, not a list.")
_DOCUMENT = gettext_lazy("This is a text document, not a list.")
_WEB_PAGE = gettext_lazy("This is a web page or an XML file, not a CSV file.")
_CARDS = gettext_lazy("This is an address book or a calendar, not a CSV file.")

_BEGINNINGS = [
    (rb"PK\x03\x04.*?(xl/|workbook|spreadsheet|Index/)", _WORKBOOK, _SAVE_AS_CSV),
    (rb"PK\x03\x04.*?(word/|opendocument\.text)", _DOCUMENT, _ANOTHER_FILE),
    (
        rb"PK(\x03\x04|\x05\x06)|\x1f\x8b|7z\xbc\xaf|Rar!",
        _ARCHIVE,
        gettext_lazy("Unpack it and upload the list inside, saved as CSV."),
    ),
    (
        rb"\xd0\xcf\x11\xe0",
        gettext_lazy("This is an old or a password-protected Office file, not a CSV file."),
        _SAVE_AS_CSV,
    ),
    (
        rb"\s*%PDF-",
        gettext_lazy("This is a PDF, not a list."),
        gettext_lazy("Ask for the table that it was made from, saved as CSV."),
    ),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF....WEBP", _PICTURE, _ANOTHER_FILE),
    (rb"\{\\rtf", _DOCUMENT, _ANOTHER_FILE),
    (rb"SQLite format 3\0", gettext_lazy("This is a database, not a list."), _ANOTHER_FILE),
    (rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table|!--)", _WEB_PAGE, _SAVE_AS_CSV),
    (rb"(\xef\xbb\xbf)?\s*BEGIN:V(CARD|CALENDAR)", _CARDS, _ANOTHER_FILE),
    (
        rb'(\xef\xbb\xbf)?\s*(\{\s*"|\[\s*[\{\[])',
        gettext_lazy("This is a JSON file, not a CSV file."),
        gettext_lazy("Export the list as CSV."),
    ),
    (
        rb"\xff\xfe|\xfe\xff",
        gettext_lazy('This file is written in UTF-16 ("Unicode text").'),
        _SAVE_AS_CSV,
    ),
]
_KNOWN = [
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), wrong, remedy)
    for pattern, wrong, remedy in _BEGINNINGS
]


def refuse_by_size(stream: BinaryIO) -> None:
    """Refuse an empty file and one that is too large."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if not size:
        raise empty_file()
    if size > LARGEST_FILE:
        raise Unreadable(
            _("The file is larger than %(most)d MB.") % {"most": LARGEST_FILE // 1024**2},
            _("Split it into several files, each with the header."),
        )


def refuse_by_content(start: bytes) -> None:
    """Refuse what begins like another kind of file, whatever its name says."""
    for pattern, wrong, remedy in _KNOWN:
        if pattern.match(start[:8192]):
            raise Unreadable(str(wrong), str(remedy))


def empty_file() -> Unreadable:
    """The file holds nothing."""
    return Unreadable(_("The file is empty."), _("Choose another file."))


def no_rows() -> Unreadable:
    """There is a header and nothing below it."""
    return Unreadable(
        _("The list has a header and no rows."),
        _("Check that the file was exported with its rows."),
    )


def nul_bytes(line: int) -> Unreadable:
    """The file is binary, damaged, or text in UTF-16 that does not say so."""
    return Unreadable(
        _(
            "Line %(line)d holds NUL bytes: the file is damaged, or it is not text in UTF-8 or "
            "Windows-1252."
        )
        % {"line": line},
        str(_SAVE_AS_CSV),
    )


def carriage_returns() -> Unreadable:
    """Lines end as they did on a Macintosh before 2001."""
    return Unreadable(
        _('The lines of this file end with a carriage return only ("CSV (Macintosh)").'),
        str(_SAVE_AS_CSV),
    )


def too_many_rows() -> Unreadable:
    """More rows than one import takes."""
    return Unreadable(
        _("The list has more than %(most)s rows.") % {"most": f"{MOST_ROWS:,}"},
        _("Split it into several files, each with the header."),
    )


def too_many_columns(line: int) -> Unreadable:
    """A row is wider than any list."""
    return Unreadable(
        _("Line %(line)d has more than %(most)s columns.")
        % {"line": line, "most": f"{MOST_COLUMNS:,}"},
        _("Remove the columns that you do not import."),
    )


def cell_too_long(line: int) -> Unreadable:
    """A cell holds more text than any field takes."""
    return Unreadable(
        _("Line %(line)d has a cell of more than %(most)s characters.")
        % {"line": line, "most": f"{LONGEST_CELL:,}"},
        _("Shorten it, or check whether this is a list at all."),
    )


def open_quotation(line: int) -> Unreadable:
    """A quotation mark swallows all that follows."""
    return Unreadable(
        _(
            "A quotation mark in the row that begins on line %(line)d is never closed, so that the "
            "rows below it run into one cell."
        )
        % {"line": line},
        _("Close or remove it and upload the file again."),
    )


def changed_since() -> Unreadable:
    """The file is not the one that was checked."""
    return Unreadable(_("The file has changed since it was checked."), _("Upload it again."))
