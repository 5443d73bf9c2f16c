"""Folds what writers added into cells, builds the cells anew, and compares them with the rows."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import batched, starmap

from django.db import connection, transaction
from django.db.models import F, Max, Min

from access.recording import BATCH
from access.settling import every
from crm.models import Interaction, Organization
from dashboards.models import Cell, CountedMeeting, CountedPartner, Pending, Summary, What
from dashboards.summary import slots
from dashboards.summary.facts import Counts, Meeting, Partner
from dashboards.summary.keeping import count_meetings, count_partners, distrust, lock
from dashboards.tables import Period

LINES = 20_000  # of Pending that one transaction folds
MEETINGS = 2_000  # that one transaction counts anew

# Which spans are kept for what. Days of the others are read from CountedMeeting: there, cells of a
# day would be as many as meetings.
ALL = slots.GRAINS
GRAINS = {
    What.MEETINGS: ALL,
    What.BY_COMMUNITY: ALL,
    What.BY_KIND: (slots.WEEK, slots.MONTH, slots.QUARTER, slots.YEAR),
    What.BY_AFFILIATE: (slots.WEEK, slots.MONTH, slots.QUARTER, slots.YEAR),
}

_ADD = """
INSERT INTO dashboards_cell (what, slot, place, value, n) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (what, slot, place, value) DO UPDATE SET n = dashboards_cell.n + excluded.n
"""


def fold() -> int:
    """Sum up what writers added until now: how many lines there were."""
    number = 0
    while some := _fold_some():
        number += some
    return number


@transaction.atomic
def _fold_some() -> int:
    _alone()
    rows = Pending.objects.order_by("pk").values_list("pk", "what", "value", "place", "slot", "n")
    lines = list(rows[:LINES])
    counts: Counts = Counter()
    for _pk, what, value, place, slot, n in lines:
        counts[what, value, place, slots.first_of(slot) if slot else None] += n
    cells = _cells(counts)
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, [(*key, n) for key, n in sorted(cells.items()) if n])
    for what in What.values:
        touched = {key[1] for key in cells if key[0] == what}
        Cell.objects.filter(what=what, slot__in=touched, n=0).delete()
    for some in batched(lines, BATCH):
        Pending.objects.filter(pk__in=[line[0] for line in some]).delete()
    if lines:
        Summary.objects.filter(pk=1).update(folds=F("folds") + 1)
    return len(lines)


def _alone() -> None:
    """Wait until no other process folds or builds, and keep it waiting to our end."""
    Summary.objects.get_or_create(pk=1)
    Summary.objects.select_for_update().get(pk=1)


def _cells(counts: Counts) -> Counter[tuple[str, int, int, int]]:
    """{(what, slot, place, value): how many} in every span that is kept."""
    cells: Counter[tuple[str, int, int, int]] = Counter()
    known: dict[tuple, list[int]] = {}
    for (what, value, place, day), n in counts.items():
        found = known.get((what, day))
        if found is None:
            grains = GRAINS.get(What(what), ())
            found = [slots.slot_of(day, grain) for grain in grains] if day else [slots.ALWAYS]
            known[what, day] = found
        for slot in found:
            cells[what, slot, place, value] += n
    return cells


def build_if_wanted() -> bool:
    """Build the cells where they may not be read at present. Whether there was need."""
    if is_current():
        return False
    build()
    return True


def is_current() -> bool:
    """Whether the cells may be read."""
    return not Summary.objects.filter(built__lt=F("wanted")).exists()


def build() -> int:
    """Count every row anew and make all cells from that; how many rows had been counted wrong.

    Figures are read from the rows meanwhile, and people can go on working: a writer waits for a few
    thousand rows at most, on SQLite for the cells of one year.
    """
    distrust()
    wanted = Summary.objects.values_list("wanted", flat=True).get(pk=1)
    wrong = 0
    for some in _slices(Organization, CountedPartner):
        with transaction.atomic():
            wrong += len(count_partners(some))
    for some in _slices(Interaction, CountedMeeting):
        with transaction.atomic():
            lock(some)
            wrong += count_meetings(some)
    _replace(None)
    for year in years():
        _replace(year)
    Summary.objects.filter(pk=1, built__lt=wanted).update(built=wanted)
    return wrong


def _slices(model, counted) -> Iterator[list[int]]:
    """The ids of all rows, and of those that are counted still."""
    most = max(
        every(model).aggregate(most=Max("pk"))["most"] or 0,
        counted.objects.aggregate(most=Max("pk"))["most"] or 0,
    )
    for first in range(0, most + 1, MEETINGS):
        span = (first, first + MEETINGS - 1)
        ids = set(every(model).filter(pk__range=span).values_list("pk", flat=True))
        ids |= set(counted.objects.filter(pk__range=span).values_list("pk", flat=True))
        if ids:
            yield sorted(ids)


def years() -> list[Period]:
    """Every year in which there are meetings, or something that counts them."""
    known = []
    for rows in (every(Interaction), CountedMeeting.objects):
        known += [day for day in rows.aggregate(Min("day"), Max("day")).values() if day]
    for model in (Cell, Pending):
        some = model.objects.exclude(slot=slots.ALWAYS).aggregate(Min("slot"), Max("slot"))
        known += [slots.first_of(slot) for slot in some.values() if slot]
    if not known:
        return []
    numbers = range(min(known).year, max(known).year + 1)
    return [Period(date(year, 1, 1), date(year, 12, 31)) for year in numbers]


def _replace(period: Period | None) -> None:
    """Make the cells of a year from what is counted now; without a year, those of partners."""
    with _snapshot():
        _alone()
        if period is None:
            span = (slots.ALWAYS, slots.ALWAYS)
            kept = CountedPartner.objects.values_list("place", "communities").iterator()
            rows: Iterator[Partner | Meeting] = starmap(Partner.read, kept)
        else:
            span = slots.within(period)
            counted = CountedMeeting.objects.filter(day__range=(period.first, period.last))
            rows = map(Meeting.of, counted.iterator())
        counts: Counts = Counter()
        for row in rows:
            for key in row.counts():
                counts[key] += 1
        Cell.objects.filter(slot__range=span).delete()
        Pending.objects.filter(slot__range=span).delete()
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, [(*key, n) for key, n in sorted(_cells(counts).items())])


@contextmanager
def _snapshot() -> Iterator[None]:
    """A transaction that sees one state of the database to its end."""
    is_first = not connection.in_atomic_block
    with transaction.atomic():
        if is_first and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
