"""When people meet: school years, regions that warm and cool, partners that go quiet."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from itertools import accumulate
from random import Random

COOLING, WARMING = "east-south-central", "mountain"
HALF_A_YEAR = 182

# How lively each month is: school starts, the holidays, the tests of spring, the summer.
_MONTHS = (0.85, 1.0, 1.15, 1.1, 0.95, 0.5, 0.25, 0.7, 1.3, 1.4, 1.1, 0.55)
_WEEKEND = 0.06


class Rhythm:
    """Draws days of contact between two days, as lively as a region is."""

    def __init__(self, start: date, end: date):
        self.start, self.end = start, end
        self._days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        self._sums: dict[str, list[float]] = {}

    def days(self, rng: Random, region: str, first: date, last: date, count: int) -> list[date]:
        """So many days, in order; the same day may come twice."""
        sums = self._sums.get(region)
        if sums is None:
            weights = (self._weight(day, region) for day in self._days)
            sums = self._sums[region] = list(accumulate(weights))
        low = bisect_left(self._days, first)
        high = bisect_right(self._days, last) - 1
        if high < low:
            return []
        below = sums[low - 1] if low else 0.0
        found = (rng.uniform(below, sums[high]) for _number in range(count))
        return sorted(self._days[min(bisect_left(sums, it), high)] for it in found)

    def _weight(self, day: date, region: str) -> float:
        weight = _MONTHS[day.month - 1] * (_WEEKEND if day.weekday() > 4 else 1)
        is_late = (self.end - day).days < HALF_A_YEAR
        if region == COOLING:
            weight *= 0.2 if is_late else 1
        elif region == WARMING:
            weight *= 1.8 if is_late else 0.8
        return weight
