"""Spans of days that counts are kept for, each a number, and how few of them make up a period.

A day lies in one span of each grain: the day itself, one of the weeks that a month is cut into, the
month, the quarter, the year. A span lies in one of the next grain, so that a period is a sum of
spans, less some others.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from dashboards.tables import Period

DAY, WEEK, MONTH, QUARTER, YEAR = GRAINS = (0, 1, 2, 3, 4)
ALWAYS = 0  # the slot of what has no day
ONE = timedelta(days=1)
SPACING = 8  # slots of one first day


def slot_of(day: date, grain: int) -> int:
    """The slot of the span of a grain in which the day lies."""
    if grain == WEEK:
        day = day.replace(day=(day.day - 1) // 7 * 7 + 1)
    elif grain == MONTH:
        day = day.replace(day=1)
    elif grain == QUARTER:
        day = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    elif grain == YEAR:
        day = date(day.year, 1, 1)
    return day.toordinal() * SPACING + grain


def first_of(slot: int) -> date:
    """The first day of a slot's span."""
    return date.fromordinal(slot // SPACING)


def grain_of(slot: int) -> int:
    """The grain of a slot's span."""
    return slot % SPACING


def within(period: Period) -> tuple[int, int]:
    """The slots of all spans that begin in the period lie from the first number to the last."""
    return period.first.toordinal() * SPACING, period.last.toordinal() * SPACING + SPACING - 1


@lru_cache(maxsize=256)
def cover(period: Period, grains: tuple[int, ...] = GRAINS) -> dict[int, int]:
    """{slot: 1 or -1}: the fewest spans that sum up to the period.

    `grains` are those that may be used, the smallest first; the period must begin and end with a
    span of the smallest.
    """
    for grain in reversed(grains):  # most are one, which need not be looked for among all others
        if next(iter(_spans(period, grain))) == period:
            return {slot_of(period.first, grain): 1}
    return _parts(period, grains)


@lru_cache(maxsize=1024)  # the two ends of a period ask for the same parts again and again
def _cover(period: Period, span: Period, grains: tuple[int, ...]) -> dict[int, int]:
    """The period, which lies in a span of the largest of the grains."""
    whole = {slot_of(span.first, grains[-1]): 1}
    if period == span:
        return whole
    if len(grains) == 1:
        raise ValueError("The period does not begin and end with a span of the smallest grain.")
    found, less = _parts(period, grains[:-1]), dict(whole)
    for rest in (Period(span.first, period.first - ONE), Period(period.last + ONE, span.last)):
        less |= {slot: -sign for slot, sign in _parts(rest, grains[:-1]).items()}
    return less if len(less) < len(found) else found


def _parts(period: Period, grains: tuple[int, ...]) -> dict[int, int]:
    """The period, which may have no day, span by span of the largest of the grains."""
    found: dict[int, int] = {}
    for span in _spans(period, grains[-1]):
        part = Period(max(span.first, period.first), min(span.last, period.last))
        found |= _cover(part, span, grains)
    return found


def _spans(period: Period, grain: int) -> Iterable[Period]:
    """The spans of a grain that the days of a period lie in, whole."""
    first = first_of(slot_of(period.first, grain))
    while first <= period.last:
        following = _next(first, grain)
        yield Period(first, following - ONE)
        first = following


def _next(first: date, grain: int) -> date:
    """The first day of the span after the one that begins so."""
    if grain == DAY:
        return first + ONE
    month = first.replace(day=28) + timedelta(days=4)
    if grain == WEEK:
        return min(first + timedelta(days=7), month.replace(day=1))
    if grain == MONTH:
        return month.replace(day=1)
    if grain == QUARTER:
        return date(first.year + (first.month > 9), (first.month + 2) % 12 + 1, 1)
    return date(first.year + 1, 1, 1)
