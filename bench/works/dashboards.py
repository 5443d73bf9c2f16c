"""Figures: the dashboard's page, beside SQL by hand on the summary and on the meetings."""

from datetime import UTC, date, datetime, timedelta
from itertools import count, cycle, islice

from bench.measuring import AS_REFERENCE, Pair, Unmeasurable, least, most, work
from bench.world import ALL, TWO, World

ASKED = 60  # years that end on other days; a measurement asks for fewer

LIVE = """
SELECT s.region_id, COALESCE(c.parent_id, c.id), count(DISTINCT i.id), count(DISTINCT p.contact_id)
FROM crm_interaction i
JOIN crm_interactionorganization l ON l.interaction_id = i.id
JOIN crm_organization o ON o.id = l.organization_id
JOIN access_state s ON s.id = o.home_id
LEFT JOIN crm_organizationcommunity k ON k.organization_id = o.id
LEFT JOIN crm_community c ON c.id = k.community_id
LEFT JOIN crm_interactioncontact p ON p.interaction_id = i.id
WHERE i.status = 'held' AND i.visibility = 'team' AND i.day BETWEEN %s AND %s {scope}
GROUP BY 1, 2
"""


def live(world: World, who: str):
    """A function that counts a year's meetings and people by region and community, all in SQL."""
    last = datetime.now(UTC).date()
    days = (last - timedelta(days=364), last)
    scope, values = "", ()
    if who == TWO:
        scope = f"AND o.home_id IN ({', '.join(map(str, world.states))})"
    statement = LIVE.format(scope=scope)
    return lambda: world.sql(statement, *map(str, days), *values)


SIMPLE = """
SELECT {by}, count(DISTINCT i.id)
FROM crm_interaction i
JOIN crm_interactionorganization l ON l.interaction_id = i.id
JOIN crm_organization o ON o.id = l.organization_id
WHERE i.status = 'held' AND i.visibility = 'team' AND i.day BETWEEN %s AND %s {scope}
GROUP BY 1
"""


def live_page(world: World, who: str):
    """A function that counts what the page's five figures show of a year and the year before."""
    last = datetime.now(UTC).date()
    scope = f"AND o.home_id IN ({', '.join(map(str, world.states))})" if who == TWO else ""
    columns = ("i.day", "o.home_id", "i.kind_id", "i.affiliate_id")
    statements = [LIVE.format(scope=scope), *(SIMPLE.format(by=c, scope=scope) for c in columns)]
    years = [(str(last - timedelta(days=n + 364)), str(last - timedelta(days=n))) for n in (0, 365)]
    return lambda: [world.sql(statement, *days) for statement in statements for days in years]


def _scope(world: World, who: str) -> str:
    """The condition on places of the viewer's states: also of meetings with partners of several
    states, one of them hers.
    """
    if who != TWO:
        return ""
    several = world.sql("SELECT id, states FROM dashboards_places")
    places = [
        -pk for pk, states in several if not {*map(int, states.split())}.isdisjoint(world.states)
    ]
    return f"AND place IN ({', '.join(map(str, [*world.states, *places]))})"


def _cells(scope: str, kinds: dict[str, set[int]], by: str) -> list[str]:
    """Statements that sum up cells of these kinds in these slots."""
    return [
        f"SELECT {by}, sum(n) FROM dashboards_cell WHERE what IN ({what}) "
        f"AND slot IN ({', '.join(map(str, some))}) {scope} GROUP BY {by}"
        for what, some in kinds.items()
    ]


def _has_summary() -> None:
    from django.apps import apps

    if "cell" not in apps.get_app_config("dashboards").models:
        raise Unmeasurable("there is no summary yet")


def on_summary(world: World, who: str, last: date | None = None):
    """A function that reads the counts of the year to a day (today) and of the year before from the
    summary, as the whole page needs them: by region, community, state, kind and affiliate, the
    partners, and the months of both years. Raises Unmeasurable where there is none.
    """
    _has_summary()
    from dashboards.summary import slots

    year, wanted = _year(last)
    months = {
        slot
        for days in (year, year.year_earlier())
        for month in days.months()
        for slot in slots.cover(month)
    }
    scope = _scope(world, who)
    days = {slot for slot in wanted if slots.grain_of(slot) == slots.DAY}
    kinds = {"'t', 'c'": wanted, "'k', 'a'": wanted - days, "'p', 's'": {slots.ALWAYS}}
    statements = _cells(scope, kinds, "what, place, value, slot")
    statements += _cells(scope, {"'t'": months}, "slot")
    if days:  # of which kinds and affiliates have no cells
        dates = ", ".join(f"'{slots.first_of(slot)}'" for slot in days)
        statements.append(
            "SELECT kind, affiliate, day, count(*) FROM dashboards_countedmeeting "
            f"WHERE day IN ({dates}) {scope} GROUP BY 1, 2, 3"
        )
    return lambda: [world.sql(statement) for statement in statements]


def on_summary_of_one(world: World, who: str, last: date | None = None):
    """The same of one figure: the pairs of region and community, with their totals."""
    _has_summary()
    from dashboards.summary import slots

    _days, wanted = _year(last)
    kinds = {"'t', 'c'": wanted, "'p', 's'": {slots.ALWAYS}}
    statements = _cells(_scope(world, who), kinds, "what, place, value, slot")
    return lambda: [world.sql(statement) for statement in statements]


def _year(last: date | None):
    """The year to a day, and the slots that it and the year before are made of."""
    from dashboards.summary import slots
    from dashboards.tables import Period

    last = last or datetime.now(UTC).date()
    year = Period(last - timedelta(days=364), last)
    return year, {*slots.cover(year), *slots.cover(year.before())}


def _folded() -> None:
    """Fold the thousands of meetings that the works before this one wrote, as each tick does."""
    from dashboards.summary import upkeep

    upkeep.fold()


def _where(world: World, who: str, reference):
    """The page as it is asked for again: what it drew is kept while no number changes, and it
    carries five figures, so its reference reads the cells of all five.
    """
    _folded()
    client = world.client(who)
    other = reference(world, who)
    yield Pair(
        lambda: world.got(client, "/dashboards/where/"), other, calls=10, seconds=3, rounds=3
    )


def _other_days():
    """Last days of years that nobody asked for before: nothing of them is kept."""
    today = datetime.now(UTC).date()
    return (today - timedelta(days=number) for number in count(1))


def _first(world: World, who: str, address: str, reference):
    """An answer that is worked out and drawn anew each time."""
    _folded()
    client, days = world.client(who), _other_days()

    def ours():
        last = next(days)
        return world.got(client, f"{address}?first={last - timedelta(days=364)}&last={last}")

    yield Pair(ours, reference(world, who), calls=10, seconds=3, rounds=3)


def _same_days(reference):
    """That reference of the days that are asked for, one after the other: most years are made of
    more cells than the one that ends today.
    """

    def made(world: World, who: str):
        ready = [reference(world, who, last) for last in islice(_other_days(), ASKED)]
        each = cycle(ready)
        return lambda: next(each)()

    return made


BY_HAND = "SQL by hand on the summary"
for _name, _who in (("all", ALL), ("two", TWO)):
    work(
        f"dashboard.summary.{_name}", f"Dashboard, a year, {_who}", BY_HAND,
        most(1.5, plus=10), grows=1.3,
    )(lambda world, who=_who: _where(world, who, on_summary))  # fmt: skip
    work(
        f"dashboard.first.{_name}", f"Dashboard, a year nobody asked for before, {_who}",
        "SQL by hand on the meetings", least(100),
    )(lambda world, who=_who: _first(world, who, "/dashboards/where/", live_page))  # fmt: skip
    work(
        f"dashboard.fresh.{_name}", f"Dashboard, a year nobody asked for before, {_who}",
        BY_HAND, most(1.5, plus=10), grows=AS_REFERENCE,
    )(
        lambda world, who=_who: _first(
            world, who, "/dashboards/where/", _same_days(on_summary)
        )
    )  # fmt: skip
    work(
        f"dashboard.figure.{_name}", f"Region by community of such a year from the API, {_who}",
        BY_HAND, most(1.5, plus=10), grows=AS_REFERENCE,
    )(
        lambda world, who=_who: _first(
            world, who, "/api/v1/figures/activity/", _same_days(on_summary_of_one)
        )
    )  # fmt: skip
work(
    "dashboard.live", f"Dashboard, a year, {ALL}", "SQL by hand on the meetings", least(100),
)(lambda world: _where(world, ALL, live))  # fmt: skip
work(
    "dashboard.live.two", f"Dashboard, a year, {TWO}", "SQL by hand on the meetings", None,
)(lambda world: _where(world, TWO, live))  # fmt: skip


@work("dashboard.changes", f"What changed, 90 days, {ALL}", "an empty signed-in page", None)
def changes(world: World):
    client = world.client(ALL)
    yield Pair(
        lambda: world.got(client, "/changes/"),
        lambda: world.got(client, "/more/"),
        calls=10,
        seconds=3,
    )
