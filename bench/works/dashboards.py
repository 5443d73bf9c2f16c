"""Figures: the dashboard's page, beside SQL by hand on the summary and on the meetings."""

from datetime import UTC, datetime, timedelta

from bench.measuring import Pair, Unmeasurable, least, most, work
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


def on_summary(world: World, who: str):
    """A function that reads the counts of a year and of the year before from the summary, as the
    dashboard needs them. Raises Unmeasurable where there is none.
    """
    from django.apps import apps

    if "cell" not in apps.get_app_config("dashboards").models:
        raise Unmeasurable("there is no summary yet")
    from dashboards.summary import slots
    from dashboards.tables import Period

    year = Period.year_to(datetime.now(UTC).date())
    wanted = {*slots.cover(year), *slots.cover(year.before())}
    scope = f"AND place IN ({', '.join(map(str, world.states))})" if who == TWO else ""
    meetings, partners = (
        "SELECT what, place, value, slot, sum(n) FROM dashboards_cell "
        f"WHERE what IN ({what}) AND slot IN ({', '.join(map(str, some))}) {scope} "
        "GROUP BY what, place, value, slot"
        for what, some in (("'t', 'c', 'k', 'a'", wanted), ("'p', 's'", {slots.ALWAYS}))
    )
    return lambda: (world.sql(meetings), world.sql(partners))


def _where(world: World, who: str, reference):
    client = world.client(who)
    other = reference(world, who)
    yield Pair(
        lambda: world.got(client, "/dashboards/where/"), other, calls=10, seconds=3, rounds=3
    )


for _name, _who in (("all", ALL), ("two", TWO)):
    work(
        f"dashboard.summary.{_name}", f"Dashboard, a year, {_who}", "SQL by hand on the summary",
        most(1.5, plus=10), grows=1.3,
    )(lambda world, who=_who: _where(world, who, on_summary))  # fmt: skip
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
