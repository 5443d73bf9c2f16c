"""Which column of a list feeds which field, and which columns are never taken."""

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.recording import Refused
from lists.csv_cells import unguarded
from lists.folding import fold
from lists.reading import SourceList

type Reading = tuple[list[Any], str]
"""What a cell says: its values, and a complaint about what in it could not be used."""

_BLANK = frozenset(
    (
        "n/a", "na", "n.a.", "none", "null", "nil", "ninguno", "ninguna",
        "-", "--", "---", "–", "—", ".", "?",
    )
)  # fmt: skip
_LONGEST_BLANK = max(map(len, _BLANK))
_MARKED = frozenset(
    (
        "x", "y", "yes", "true", "on", "1", "si", "sí", "checked", "verdadero",
        "✓", "✔", "☑", "•", "●", "*",
    )
)  # fmt: skip
_UNMARKED = frozenset(("n", "no", "false", "off", "0", "falso"))
_SOCIAL_SECURITY = re.compile(r"\d{3}-\d{2}-\d{4}")

_OF = r"(date|day|month|year|place|city|state|country)"
_NEVER = [
    (
        rf"\b[dmy]ob\b|\bbirth ?{_OF}\b|\b{_OF} of birth\b|\bborn\b|nacimiento|cumpleanos",
        gettext_lazy("a date or place of birth"),
    ),
    (
        r"\bssn\b|\bsoc(ial)? ?sec(urity)?\b|seguro social|\bitin\b|passport|pasaporte"
        r"|driver s? ?licen[cs]e|drivers licen[cs]e",
        gettext_lazy("the number of an identity document"),
    ),
    (
        r"\b(im)?migra\w* (status|situation)|(estatus|estado|situacion) migratori\w|visa status"
        r"|\balien (registration )?(number|no)\b|green card|\bundocumented\b|indocumentad",
        gettext_lazy("an immigration status"),
    ),
]
_NEVER_OF_PEOPLE = [
    (
        r"\bcitizen(ship)?\b|ciudadania|\bvisa\b|\bdaca\b|nationality|nacionalidad"
        r"|country of origin|pais de origen",
        gettext_lazy("an immigration status"),
    ),
    (r"\breligio\w*|\bdenomination\b", gettext_lazy("a religion")),
    (r"\bethnic\w*|\brace\b|\betnia\b|\braza\b|\btribal enrol\w*", gettext_lazy("an ethnicity")),
    (
        r"\borientation\b|orientacion sexual|gender identity|identidad de genero",
        gettext_lazy("a sexual orientation or gender identity"),
    ),
    (
        r"\b(marital|spouse|husband|wife|children|conyuge|espos[oa]|hijos|estado civil)\b",
        gettext_lazy("family ties"),
    ),
]


@dataclass(frozen=True, slots=True)
class Target:
    """A field that columns can feed: how a cell is read, and when two values are the same."""

    name: str
    label: str | Promise
    read: Callable[[str], Reading]
    several: bool = False
    joined: str | None = None  # texts of several columns become one, with this between them
    longest: int = 0
    marks: bool = False  # `language:Spanish` is a column of X marks
    key: Callable[[Any], Hashable] = fold
    called: tuple[str, ...] = ()  # what else a column that feeds it may be called
    choices: Callable[[], list[tuple[str, str]]] | None = None  # (code, name) where words are fixed
    for_all: bool = False  # whether a page offers to say it once for every row


class Unfed(Refused):
    """No column feeds a field that every row needs."""

    def __init__(self, target: Target):
        self.target = target
        words = _("Say which column holds the name, with COLUMN=%(name)s. Nothing was saved.")
        super().__init__(words % {"name": target.name})


@dataclass(frozen=True, slots=True)
class Feed:
    """One column and the field it feeds; `marked` are the values that an X in it stands for."""

    position: int
    column: str
    target: Target
    field: str
    marked: tuple[Any, ...] = ()


@dataclass
class Mapping:
    """What is taken out of a list."""

    feeds: list[Feed]
    constants: dict[str, list[Any]]
    columns: list[dict[str, str | None]] = field(default_factory=list)
    """Every column of the list: its name, the field it feeds or None, and why none."""

    def column_of(self, name: str) -> str:
        """The first column that feeds the field, or "" where only a constant does."""
        return next((feed.column for feed in self.feeds if feed.target.name == name), "")


def column_and_field(text: str) -> tuple[str, str]:
    """ "COLUMN=FIELD" in two; the last equals sign divides, because a header may hold one."""
    column, equals, name = text.rpartition("=")
    if not equals or not column.strip() or not name.strip():
        raise Refused(_("Write COLUMN=FIELD, not “%(text)s”.") % {"text": text})
    return column.strip(), name.strip()


def field_and_value(text: str) -> tuple[str, str]:
    """ "FIELD=VALUE" in two; the first equals sign divides, because an address may hold one."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise Refused(_("Write FIELD=VALUE, not “%(text)s”.") % {"text": text})
    return name.strip(), value.strip()


def never_taken(column: str, of_people: bool) -> str:
    """What a column seems to hold that is never imported, or ""."""
    name = fold(column)
    for pattern, what in _NEVER + (_NEVER_OF_PEOPLE if of_people else []):
        if re.search(pattern, name):
            return str(what)
    return ""


def map_columns(
    source: SourceList,
    targets: Iterable[Target],
    pairs: Iterable[tuple[str | int, str]],
    constants: Iterable[tuple[str, str]] = (),
    of_people: bool = False,
    needed: Iterable[str] = ("name",),
) -> Mapping:
    """What the columns of this list feed. Raises Refused for a mapping that cannot be meant.

    A column is told by its name or, counted from 0, by its place.
    """
    known = {target.name: target for target in targets}
    feeds: list[Feed] = []
    for column, name in pairs:
        target, marked = _target(name, known)
        for position in _positions(source, column):
            feeds.append(Feed(position, source.column(position), target, name, marked))
            if what := never_taken(source.column(position), of_people):
                raise Refused(
                    _(
                        "The column “%(column)s” seems to hold %(what)s, which is never imported. "
                        "Nothing was saved. Leave this column out."
                    )
                    % {"column": source.column(position), "what": what}
                )
    for name in needed:
        if name not in {feed.target.name for feed in feeds}:
            raise Unfed(known[name])
    found = Mapping(feeds, _constants(constants, known))
    for position in range(len(source.header)):
        fed = list(dict.fromkeys(feed.field for feed in feeds if feed.position == position))
        column, reason = source.column(position), ""
        if not fed:
            what = never_taken(column, of_people)
            reason = _("Seems to hold %(what)s: never imported.") % {"what": what} if what else ""
            reason = reason or _("Not chosen.")
        found.columns.append({"name": column, "field": ", ".join(fed) or None, "reason": reason})
    return found


def _target(name: str, known: dict[str, Target]) -> tuple[Target, tuple[Any, ...]]:
    """The field of this name; with `language:Spanish`, also what a mark stands for."""
    plain, colon, mark = name.partition(":")
    target = known.get(plain.strip())
    if target is None:
        raise Refused(
            _("There is no field “%(name)s”. The fields are: %(fields)s. Nothing was saved.")
            % {"name": plain, "fields": ", ".join(known)}
        )
    if not colon:
        return target, ()
    if not target.marks:
        raise Refused(
            _("Only %(fields)s can be fed by a column of marks, not “%(name)s”. Nothing was saved.")
            % {"fields": ", ".join(t.name for t in known.values() if t.marks), "name": plain}
        )
    return target, tuple(_certain(target, mark.strip()))


def _constants(pairs: Iterable[tuple[str, str]], known: dict[str, Target]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, text in pairs:
        target, _marked = _target(name, known)
        if name != target.name:
            raise Refused(_("A constant is written FIELD=VALUE, without a colon."))
        values = found.setdefault(name, [])
        if values and not target.several:
            raise Refused(_("The field “%(name)s” takes one constant.") % {"name": name})
        values += _certain(target, text)
    return found


def _certain(target: Target, text: str) -> list[Any]:
    """The values that the user herself typed for a field: refused when one is not right."""
    values, complaint = target.read(text)
    too_long = target.longest and any(len(v) > target.longest for v in values)
    if complaint or too_long or not values:
        reason = complaint or (too_long_for(target) if too_long else _("Nothing is said."))
        raise Refused(
            _("“%(text)s” does not fit the field “%(name)s”. %(reason)s Nothing was saved.")
            % {"text": text[:200], "name": target.name, "reason": reason}
        )
    return values


def _positions(source: SourceList, column: str | int) -> list[int]:
    """Where this column stands; two of the same name are both meant."""
    if isinstance(column, int):
        return [column]
    names = [source.column(n) for n in range(len(source.header))]
    for same in (str, unguarded, fold):
        found = [n for n, name in enumerate(names) if same(name) == same(column) and name]
        if found and (same is not fold or fold(column)):
            return found
    shown = ", ".join(f"“{name}”" for name in names[:40])
    raise Refused(
        _("There is no column “%(column)s”. The columns are: %(names)s. Nothing was saved.")
        % {"column": column, "names": shown}
    )


def too_long_for(target: Target) -> str:
    """The sentence about a value that its column cannot hold."""
    return _("Longer than the %(most)d characters that “%(field)s” takes.") % {
        "most": target.longest,
        "field": target.label,
    }


def says_nothing(text: str) -> bool:
    """Whether a cell means that there is nothing: empty, "n/a", "none", a dash."""
    return not text or (len(text) <= _LONGEST_BLANK and text.casefold() in _BLANK)


def is_marked(text: str) -> bool | None:
    """Whether a cell in a column of marks is marked; None when it says something else."""
    word = text.casefold()
    return True if word in _MARKED else False if word in _UNMARKED or not word else None


def is_social_security(text: str) -> bool:
    """Whether a cell is written like a Social Security number."""
    return len(text) == 11 and bool(_SOCIAL_SECURITY.fullmatch(text))  # most are not so long


# How cells are read ------------------------------------------------------------------------------


def one_line(text: str) -> Reading:
    """The text on one line, single blanks."""
    line = " ".join(text.split())
    return ([line] if line else []), ""


def as_written(text: str) -> Reading:
    """The text with its line ends."""
    return [text.replace("\r\n", "\n").replace("\r", "\n")], ""


def pieces(separator: str) -> Callable[[str], Reading]:
    """A reader of several texts in one cell, divided by this pattern."""
    divide = re.compile(separator)

    def read(text: str) -> Reading:
        found = (" ".join(piece.split()) for piece in divide.split(text))
        return list(dict.fromkeys(piece for piece in found if not says_nothing(piece))), ""

    return read


class Words:
    """Finds rows with fixed words by code, or by any of their names in any language."""

    def __init__(self, rows: Iterable[tuple[str, ...]]):
        """`rows` are (code, name, other names ...) in the order in which they win."""
        self.codes: dict[str, str] = {}
        rows = list(rows)
        for code, *_names in rows:
            self.codes.setdefault(fold(code), code)
        for code, *names in rows:
            for name in filter(None, names):
                self.codes.setdefault(fold(name), code)
        meant: dict[str, set[str]] = {}
        for code, *names in rows:
            for word in (word for name in names for word in _parts(name or "")):
                meant.setdefault(fold(word), set()).add(code)
        for word, codes in meant.items():
            if len(codes) == 1:  # "Chinese" alone is neither Cantonese nor Mandarin
                self.codes.setdefault(word, *codes)
        self.codes.pop("", None)

    def find(self, text: str) -> str:
        """The code of the row that the text names, or ""."""
        for word in (text, *_parts(text)):
            if code := self.codes.get(fold(word)):
                return code
        return ""

    def one(self, text: str) -> Reading:
        """A reader of a cell with one of the words."""
        code = self.find(text)
        return ([code], "") if code else ([], self._unknown([text]))

    def several(self, separator: str) -> Callable[[str], Reading]:
        """A reader of a cell with several of the words, divided by this pattern."""
        divide = re.compile(separator, re.IGNORECASE)

        def read(text: str) -> Reading:
            if code := self.codes.get(fold(text)):
                return [code], ""
            found, unknown = [], []
            for piece in divide.split(text):
                piece = " ".join(piece.split())
                if says_nothing(piece):
                    continue
                if code := self.find(piece):
                    found.append(code)
                else:
                    unknown.append(piece)
            return list(dict.fromkeys(found)), self._unknown(unknown) if unknown else ""

        return read

    @staticmethod
    def _unknown(words: list[str]) -> str:
        shown = ", ".join(f"“{word[:80]}”" for word in words[:5])
        return _("Not known here: %(words)s.") % {"words": shown}


def _parts(name: str) -> list[str]:
    """What stands before and inside brackets: Filipino (Tagalog) is either."""
    outside, bracket, inside = name.partition("(")
    return [outside, *re.split(r"[,/]", inside.replace(")", ""))] if bracket else []
