"""Compares what is kept with counting the rows. Returns numbers, no rows."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import partial

from django.db.models import Count, F, Sum, Value
from django.db.models.functions import Coalesce, Mod, TruncMonth

from access.scope import Visibility
from access.settling import every
from crm.models import Interaction, InteractionOrganization, Organization
from dashboards.metrics.counting import community_of
from dashboards.models import Cell, Pending, What
from dashboards.summary import slots
from dashboards.summary.facts import NOT_GIVEN, states_in
from dashboards.summary.upkeep import GRAINS, years
from dashboards.tables import Period

TRIES = 3  # somebody may write between the two ways of counting

# {(what, value, state, first day of the month): how many}
type Numbers = Counter[tuple[str, int, int, date | None]]


def check() -> list[str]:
    """What differs between the cells and the rows, a sentence each."""
    problems = []
    for period in years():
        if wrong := _differ(partial(_held, period), partial(_kept, period)):
            problems.append(
                f"{period.first.year}: {wrong} numbers of meetings are not those of the rows."
            )
    if wrong := _differ(_partners, _kept_partners):
        problems.append(f"{wrong} numbers of partners are not those of the rows.")
    if wrong := _differ(_whole, _in_parts):
        problems.append(f"{wrong} sums of days, weeks, quarters or years are not those of months.")
    return problems


def _differ(one, other) -> int:
    """How many numbers differ, each time that both were counted."""
    differ: set = set()
    for attempt in range(TRIES):
        found, kept = +one(), +other()
        now = {key for key in found.keys() | kept.keys() if found[key] != kept[key]}
        differ = now & differ if attempt else now
        if not differ:
            break
    return len(differ)


def _held(period: Period) -> Numbers:
    ties = every(InteractionOrganization).filter(
        interaction__status=Interaction.Status.HELD,
        interaction__visibility=Visibility.TEAM,
        interaction__day__range=(period.first, period.last),
    )
    values = {
        What.MEETINGS: Value(0),
        What.BY_COMMUNITY: Coalesce(community_of("organization__"), Value(NOT_GIVEN)),
        What.BY_KIND: F("interaction__kind_id"),
        What.BY_AFFILIATE: F("interaction__affiliate_id"),
    }
    found: Numbers = Counter()
    for what, value in values.items():
        keys = (value, F("organization__home_id"), TruncMonth("interaction__day"))
        rows = ties.order_by().values_list(*keys)
        for *key, n in rows.annotate(n=Count("interaction", distinct=True)):
            if key[0] is not None:
                found[what.value, *key] = n
    return found


def _kept(period: Period) -> Numbers:
    first, last = slots.within(period)
    is_month = Mod(F("slot"), Value(slots.SPACING))
    months = Cell.objects.annotate(grain=is_month).filter(grain=slots.MONTH)
    rows = [
        (what, value, place, slots.first_of(slot), n)
        for some in (months, Pending.objects.all())
        for what, value, place, slot, n in some.filter(slot__range=(first, last)).values_list(
            "what", "value", "place", "slot", "n"
        )
    ]
    states = states_in({place for _what, _value, place, _day, _n in rows})
    found: Numbers = Counter()
    for what, value, place, day, n in rows:
        for state in states[place]:
            found[what, value, state, day.replace(day=1)] += n
    return found


def _partners() -> Numbers:
    rows = every(Organization).order_by()
    value = Coalesce(community_of(), Value(NOT_GIVEN))
    found: Numbers = Counter()
    for home, n in rows.values_list("home_id").annotate(n=Count("pk")):
        found[What.PARTNERS.value, 0, home, None] = n
    for key, home, n in rows.values_list(value, "home_id").annotate(n=Count("pk", distinct=True)):
        found[What.PARTNERS_BY_COMMUNITY.value, key, home, None] = n
    return found


def _kept_partners() -> Numbers:
    found: Numbers = Counter()
    for model in (Cell, Pending):
        rows = model.objects.filter(slot=slots.ALWAYS).values_list("what", "value", "place", "n")
        for what, value, place, n in rows:
            found[what, value, place, None] += n
    return found


def _whole() -> Counter[tuple]:
    """{(what, place, value, grain): the sum of months}, for each grain that is kept."""
    found: Counter[tuple] = Counter()
    for (what, place, value, _grain), n in _sums((slots.MONTH,)):
        for grain in GRAINS[What(what)]:
            found[what, place, value, grain] = n
    return found


def _in_parts() -> Counter[tuple]:
    return Counter(dict(_sums(slots.GRAINS)))


def _sums(grains: Iterable[int]) -> Iterable[tuple[tuple, int]]:
    rows = Cell.objects.exclude(slot=slots.ALWAYS)
    rows = rows.annotate(grain=Mod(F("slot"), Value(slots.SPACING))).filter(grain__in=grains)
    for *key, n in rows.values_list("what", "place", "value", "grain").annotate(n=Sum("n")):
        yield tuple(key), n
