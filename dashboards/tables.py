"""What a metric gives: a small table of plain values."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def year_to(cls, last: date) -> "Period":
        """The twelve months that end on a day."""
        try:
            first = last.replace(year=last.year - 1)
        except ValueError:  # February 29
            first = last.replace(year=last.year - 1, day=28)
        return cls(first + timedelta(days=1), last)

    @classmethod
    def fiscal_year(cls, today: date, month: int, ago: int = 0) -> "Period":
        """The fiscal year that begins in a month: this one so far, or a whole one years ago."""
        year = today.year - (today.month < month) - ago
        end = date(year + 1, month, 1) - timedelta(days=1)
        return cls(date(year, month, 1), min(end, today))

    def year_earlier(self) -> "Period":
        """The same days of the year before; what ends with a month ends with it there too."""
        first, last = self.first, self.last
        year, end = last.year - 1, monthrange(last.year - 1, last.month)[1]
        is_end = last.day == monthrange(last.year, last.month)[1]
        begins = min(first.day, monthrange(first.year - 1, first.month)[1])
        return Period(
            date(first.year - 1, first.month, begins),
            date(year, last.month, end if is_end else min(last.day, end)),
        )

    def is_whole_months(self) -> bool:
        """Whether it begins and ends with a month."""
        return self.first.day == 1 and (self.last + timedelta(days=1)).day == 1

    def months(self) -> tuple["Period", ...]:
        """Its months in order; the first and the last as far as they lie in it."""
        return _months(self)

    def before(self) -> "Period":
        """As many days as this, right before it."""
        days = (self.last - self.first).days + 1
        return Period(self.first - timedelta(days=days), self.first - timedelta(days=1))


@lru_cache(maxsize=256)  # each number of a month's row asks for them again
def _months(period: Period) -> tuple[Period, ...]:
    found, first = [], period.first
    while first <= period.last:
        end = first.replace(day=monthrange(first.year, first.month)[1])
        found.append(Period(first, min(end, period.last)))
        first = end + timedelta(days=1)
    return tuple(found)


@dataclass(frozen=True)
class Table:
    """Named columns and rows of plain values; `facts` are single numbers that go with it.

    The first columns name a row by public keys; `names` holds the words for them, by column, in the
    reader's language: {"region": {"pacific": "Pacific"}}.
    """

    columns: list[str]
    rows: list[tuple]
    facts: dict[str, Any] = field(default_factory=dict)
    names: dict[str, dict[Any, str]] = field(default_factory=dict)

    def frame(self):
        """The table as a pandas DataFrame. Loads pandas on first use."""
        import pandas

        return pandas.DataFrame(self.rows, columns=self.columns)

    def dicts(self) -> list[dict[str, Any]]:
        """Its rows by the names of the columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def name(self, column: str, key: Any) -> str:
        """The words for a key of a row."""
        return self.names.get(column, {}).get(key, "" if key is None else str(key))


# The fact that totals a column of numbers.
TOTALS = {
    "partners": "partners",
    "interactions": "total",
    "before": "total_before",
    "last_year": "total_last_year",
} | {
    name: name
    for name in (
        *("not_started", "started", "late", "waiting", "signed"),
        *("organizations", "came_back", "people"),
        *("step_1", "step_2", "step_3", "step_4", "step_5", "all_signed", "no_program"),
    )
}
