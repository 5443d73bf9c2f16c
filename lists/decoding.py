"""The bytes of a list as lines of text."""

import re

# A carriage return that ends no line would end the row in Python's csv module; it travels as a NUL,
# which no list that we read can hold, and is put back afterwards.
LONE_CR = "\0"


def decoded(line: bytes) -> tuple[str, bool]:
    """The line as text, and whether it was UTF-8; otherwise it is taken as Windows-1252."""
    try:
        return line.decode(), True
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace"), False


def lone_returns_hidden(text: str) -> str:
    end = "\r\n" if text.endswith("\r\n") else "\n" if text.endswith("\n") else ""
    return text[: len(text) - len(end)].replace("\r", LONE_CR) + end


def unsigned(line: bytes) -> tuple[bytes, bool]:
    return line.removeprefix(b"\xef\xbb\xbf"), line.startswith(b"\xef\xbb\xbf")


def directive(line: bytes) -> str:
    """The delimiter that a first line "sep=;" of a spreadsheet program names."""
    found = re.fullmatch(rb'"?sep=([,;\t])"?\s*', line, re.IGNORECASE)
    return found[1].decode() if found else ""
