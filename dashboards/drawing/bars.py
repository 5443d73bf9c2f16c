"""Bars from the longest name to the shortest number, each with a mark for the time before."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.drawing.lines import Word
from lists.templatetags.form_parts import whole

WIDTH, ROW, ROOM = 560, 44, 480  # the number stands in the rest


@dataclass(frozen=True)
class Bar:
    """One bar under its name."""

    y: float
    width: float
    before: float | None  # where the mark of the time before stands; None without one
    name: Word
    number: Word
    label: str
    url: str
    first: bool


@dataclass
class Bars:
    """The bars of a figure, laid out in 560 units and as high as they need."""

    names: Sequence[str]
    now: Sequence[int]
    before: Sequence[int]
    urls: Sequence[str]

    @property
    def height(self) -> int:
        """How high the drawing is."""
        return max(1, len(self.names)) * ROW

    @property
    def bars(self) -> list[Bar]:
        """From top to bottom, in the order of the table; the longest is dark."""
        top, found = max([*self.now, *self.before, 1]), []
        most = max(self.now, default=0)
        rows = zip(self.names, self.now, self.before, self.urls, strict=True)
        for n, (name, number, before, url) in enumerate(rows):
            y = n * ROW
            width, mark = ROOM * number / top, ROOM * before / top
            found.append(
                Bar(
                    y=y + 18,
                    width=round(max(width, 1), 1),
                    before=round(mark, 1),
                    name=Word(0, y + 12, name),
                    number=Word(round(max(width, mark) + 8, 1), y + 32, whole(number)),
                    label=f"{name}: {whole(number)}",
                    url=url,
                    first=number == most and number > 0,
                )
            )
        return found
