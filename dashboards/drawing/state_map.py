"""The states as a map, darker where there is more; small ones and islands as squares beside it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dashboards.drawing.lines import Word
from dashboards.drawing.scales import legend, shade, shades
from lists.templatetags.form_parts import whole

WIDTH, HEIGHT = 1090, 672
# Too small for a number, and beside the sea: a square each, from north to south.
BESIDE = ("VT", "NH", "MA", "RI", "CT", "NJ", "DE", "MD", "DC")
BELOW = ("PR", "VI", "GU", "AS", "MP", "--")  # what the map does not show
AT_SEA = {"HI": (262, 612)}  # the number of islands stands beside them
LETTER = 6.5  # half the width of a digit


@cache
def shapes() -> dict[str, dict[str, Any]]:
    """The shape of each state that has one: path, and where a word fits (see tools)."""
    return json.loads((Path(__file__).parent / "states.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Place:
    """One state: its shape or its square, how dark it is, and the list behind it."""

    code: str
    level: int | None  # None: not in the viewer's areas or the question; 0: no meeting
    is_gap: bool  # no partner at all
    label: str
    url: str
    path: str = ""
    x: int = 0
    y: int = 0
    wide: int = 0
    word: Word | None = None


class StateMap:
    """A number for each state in 1,090 by 672 units.

    `numbers` are {code: (number, whether it is a gap, address)} of the states asked about; the
    others are drawn pale and say nothing.
    """

    def __init__(self, numbers: Mapping[str, tuple[int, bool, str]], names: Mapping[str, str]):
        self.numbers, self.names = numbers, names
        self.steps = shades(number for number, _gap, _url in numbers.values())

    @property
    def key(self) -> list[tuple[int, str]]:
        """(shade, its numbers) for the legend."""
        return legend(self.steps)

    @property
    def has_gaps(self) -> bool:
        """Whether some state has no partner."""
        return any(is_gap for _number, is_gap, _url in self.numbers.values())

    @property
    def states(self) -> list[Place]:
        """The states that have a shape."""
        found = []
        for code, shape in shapes().items():
            word, (x, y) = self._word(code), shape["at"]
            fits = word and len(word) * LETTER <= shape["room"]
            label = Word(x, y + 8, word) if fits and code not in BESIDE else None
            if word and code in AT_SEA:
                label = Word(*AT_SEA[code], word)
            found.append(self._place(code, path=shape["d"], word=label))
        return found

    @property
    def squares(self) -> list[Place]:
        """Small states at the right, islands and what lies outside below; those asked about."""
        beside, below = ([c for c in codes if c in self.numbers] for codes in (BESIDE, BELOW))
        right = [(c, 976, 176 + 44 * n, 112) for n, c in enumerate(beside)]
        under = [(c, 40 + 172 * n, 628, 160) for n, c in enumerate(below)]
        return [self._square(*one) for one in (*right, *under)]

    def _word(self, code: str) -> str:
        number, is_gap, _url = self.numbers.get(code, (0, True, ""))
        return "" if is_gap else whole(number)

    def _square(self, code: str, x: int, y: int, wide: int) -> Place:
        name = _("Outside") if code == "--" else code
        number, is_gap, _url = self.numbers[code]
        text = f"{name} {_('None') if is_gap else whole(number)}"
        word = Word(x + wide / 2, y + 26, text)
        return self._place(code, x=x, y=y, wide=wide, word=word)

    def _place(self, code: str, **where) -> Place:
        if code not in self.numbers:
            return Place(code, None, False, "", "", **where)
        number, is_gap, url = self.numbers[code]
        said = _("no partner") if is_gap else whole(number)
        label = f"{self.names.get(code, code)}: {said}"
        return Place(code, shade(self.steps, number), is_gap, label, url, **where)
