"""Loads what a column shows of other tables, scoped to the viewer."""

from collections import defaultdict
from functools import partial

from lists.columns import Texts, in_words
from lists.copying import in_reader_language


def linked(link, mine: str, theirs: str) -> Texts:
    """Loads the names of reference rows that a link ties to each row."""
    names = f"{theirs}__name", f"{theirs}__name_es"
    said = partial(in_reader_language, *names)
    return Texts(link, mine, *names, made=in_words, said=said)


def codes(link, mine: str, theirs: str) -> Texts:
    """Loads the codes of reference rows, for the API."""
    return Texts(link, mine, f"{theirs}__code")


def parts(part, column: str) -> Texts:
    """Loads the values of small rows that belong to each row."""
    return Texts(part, f"{part.part_of[0]}_id", column)


def grouped(pairs) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for pk, value in pairs:
        found[pk].append(value)
    return dict(found)
