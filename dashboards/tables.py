"""What a metric gives: a small table of plain values."""

from dataclasses import dataclass, field
from datetime import date, timedelta
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

    def before(self) -> "Period":
        """As many days as this, right before it."""
        days = (self.last - self.first).days + 1
        return Period(self.first - timedelta(days=days), self.first - timedelta(days=1))


@dataclass(frozen=True)
class Table:
    """Named columns and rows of plain values; `facts` are single numbers that go with it."""

    columns: list[str]
    rows: list[tuple]
    facts: dict[str, Any] = field(default_factory=dict)

    def frame(self):
        """The table as a pandas DataFrame. Loads pandas on first use."""
        import pandas

        return pandas.DataFrame(self.rows, columns=self.columns)

    def dicts(self) -> list[dict[str, Any]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]
