"""Figures: the dashboard's page, beside SQL by hand on the summary and on the meetings."""

from datetime import UTC, datetime, timedelta
from itertools import count

from bench.measuring import AS_REFERENCE, Pair, Unmeasurable, least, most, work
from bench.world import ALL, TWO, World

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


def _cells(world: World, who: str, kinds: dict[str, set[int]], by: str) -> list[str]:
    """Statements that sum up cells of these kinds in these slots, for the viewer's states: also of
    meetings with partners of several states, one of them hers.
    """
    scope = ""
    if who == TWO:
        several = world.sql("SELECT id, states FROM dashboards_places")
        places = [
            -pk
            for pk, states in several
            if not {*map(int, states.split())}.isdisjoint(world.states)
        ]
        scope = f"AND place IN ({', '.join(map(str, [*world.states, *places]))})"
    return [
        f"SELECT {by}, sum(n) FROM dashboards_cell WHERE what IN ({what}) "
        f"AND slot IN ({', '.join(map(str, some))}) {scope} GROUP BY {by}"
        for what, some in kinds.items()
    ]


def _has_summary() -> None:
    from django.apps import apps

    if "cell" not in apps.get_app_config("dashboards").models:
        raise Unmeasurable("there is no summary yet")


def on_summary(world: World, who: str):
    """A function that reads the counts of a year and of the year before from the summary, as the
    whole page needs them: by region, community, state, kind and affiliate, the partners, and the
    months of both years. Raises Unmeasurable where there is none.
    """
    _has_summary()
    from dashboards.summary import slots
    from dashboards.tables import Period

    year = Period.year_to(datetime.now(UTC).date())
    wanted = {*slots.cover(year), *slots.cover(year.before())}
    months = {
        slot
        for days in (year, year.year_earlier())
        for month in days.months()
        for slot in slots.cover(month)
    }
    kinds = {"'t', 'c', 'k', 'a'": wanted, "'p', 's'": {slots.ALWAYS}}
    statements = _cells(world, who, kinds, "what, place, value, slot")
    statements += _cells(world, who, {"'t'": months}, "slot")
    return lambda: [world.sql(statement) for statement in statements]


def on_summary_of_one(world: World, who: str):
    """The same of one figure: the pairs of region and community, with their totals."""
    _has_summary()
    from dashboards.summary import slots
    from dashboards.tables import Period

    year = Period.year_to(datetime.now(UTC).date())
    kinds = {
        "'t', 'c'": {*slots.cover(year), *slots.cover(year.before())},
        "'p', 's'": {slots.ALWAYS},
    }
    statements = _cells(world, who, kinds, "what, place, value, slot")
    return lambda: [world.sql(statement) for statement in statements]


def _where(world: World, who: str, reference):
    """The page as it is asked for again: what it drew is kept while no number changes, and it
    carries five figures, so its reference reads the cells of all five.
    """
    client = world.client(who)
    other = reference(world, who)
    yield Pair(
        lambda: world.got(client, "/dashboards/where/"), other, calls=10, seconds=3, rounds=3
    )


def _other_days(address: str):
    """Addresses of years that end on days that nobody asked for before: nothing of them is kept."""
    today = datetime.now(UTC).date()
    for number in count(1):
        last = today - timedelta(days=number)
        yield f"{address}?first={last - timedelta(days=364)}&last={last}"


def _first(world: World, who: str, address: str, reference):
    """An answer that is worked out and drawn anew each time."""
    client, addresses = world.client(who), _other_days(address)
    other = reference(world, who)
    yield Pair(lambda: world.got(client, next(addresses)), other, calls=10, seconds=3, rounds=3)


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
    )(lambda world, who=_who: _first(world, who, "/dashboards/where/", on_summary))  # fmt: skip
    work(
        f"dashboard.figure.{_name}", f"Region by community of such a year from the API, {_who}",
        BY_HAND, most(1.5, plus=10), grows=AS_REFERENCE,
    )(
        lambda world, who=_who: _first(
            world, who, "/api/v1/figures/activity/", on_summary_of_one
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
