"""A line over time beside a dashed one for the time before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboards.drawing.scales import ticks
from lists.templatetags.form_parts import whole

LEFT, RIGHT, TOP, BOTTOM = 46.0, 476.0, 14.0, 202.0
WIDTH, HEIGHT = 560, 230
MOST_WORDS = 6  # under the axis, so that they do not touch
APART = 14.0  # between the words at the ends of two lines


@dataclass(frozen=True)
class Dot:
    """One point: where, what it says, what lies behind it."""

    x: float
    y: float
    label: str
    url: str
    partial: bool = False  # it stands for a part of its time only


@dataclass(frozen=True)
class Word:
    """Text at a place."""

    x: float
    y: float
    text: str


@dataclass
class Lines:
    """The two lines of a figure over time, laid out in 560 by 230 units."""

    names: Sequence[str]
    now: Sequence[int]
    before: Sequence[int]
    urls: Sequence[str]
    partial: frozenset[int] = frozenset()
    ends: tuple[str, str] = ("", "")
    short: Sequence[str] = field(default_factory=list)  # names for the axis

    def __post_init__(self):
        self.scale = ticks(max([*self.now, *self.before, 0]))
        self.path, self.path_before = self._path(self.now), self._path(self.before)

    @property
    def dots(self) -> list[Dot]:
        """The points of this time, each with its number and its list."""
        return [
            Dot(self._x(n), self._y(number), f"{name}: {whole(number)}", url, n in self.partial)
            for n, (name, number, url) in enumerate(
                zip(self.names, self.now, self.urls, strict=True)
            )
        ]

    @property
    def grid(self) -> list[Word]:
        """A line across for each round number; the first is the axis."""
        return [Word(LEFT - 8, self._y(number), whole(number)) for number in self.scale]

    @property
    def words(self) -> list[Word]:
        """As many names under the axis as have room; the last one always."""
        short = self.short or self.names
        every = -(-len(short) // MOST_WORDS)
        last = len(short) - 1
        return [
            Word(self._x(n), BOTTOM + 20, text)
            for n, text in enumerate(short)
            if (last - n) % every == 0
        ]

    @property
    def end_words(self) -> list[Word]:
        """What the lines are, at their right ends, one above the other where they meet."""
        if not self.now:
            return []
        y, y_before = self._y(self.now[-1]), self._y(self.before[-1])
        if abs(y - y_before) < APART:
            middle = (y + y_before) / 2
            up = -1 if y <= y_before else 1
            y, y_before = middle + up * APART / 2, middle - up * APART / 2
        x = RIGHT + 10
        return [Word(x, y + 4, self.ends[0]), Word(x, y_before + 4, self.ends[1])]

    def _x(self, n: int) -> float:
        if len(self.names) == 1:
            return (LEFT + RIGHT) / 2
        return round(LEFT + (RIGHT - LEFT) * n / (len(self.names) - 1), 1)

    def _y(self, number: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * number / self.scale[-1], 1)

    def _path(self, numbers: Sequence[int]) -> str:
        points = [f"{self._x(n)} {self._y(number)}" for n, number in enumerate(numbers)]
        return "M" + " L".join(points) if points else ""


@dataclass
class Spark:
    """A small line without words, laid out in 140 by 40 units."""

    numbers: Sequence[int]

    def __post_init__(self):
        top = max([*self.numbers, 1])
        last = max(len(self.numbers) - 1, 1)
        points = [
            (round(2 + 130 * n / last, 1), round(34 - 28 * number / top, 1))
            for n, number in enumerate(self.numbers)
        ]
        self.path = "M" + " L".join(f"{x} {y}" for x, y in points) if points else ""
        self.end = points[-1] if points else None
