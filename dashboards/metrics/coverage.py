"""Where are we active, and where are we not?"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.kept import kept
from access.models import Region, State
from access.scope import Actor
from crm.models import Community
from dashboards.asking import Ask, states_of
from dashboards.metrics import metric
from dashboards.metrics.counting import (
    NOT_GIVEN,
    OTHERS,
    OUTSIDE,
    community_keys,
)
from dashboards.metrics.source import counts, partner_counts
from dashboards.tables import Table

NUMBERS = {
    "partners": gettext_lazy("Partners"),
    "interactions": gettext_lazy("Meetings"),
    "before": gettext_lazy("Time before"),
}


@metric(
    gettext_lazy("Where are we active, and where are we not?"),
    measure=gettext_lazy("Meetings held, by region and community"),
    counts="work",
    chart="heatmap",
    keys=("region", "community"),
    labels={"region": gettext_lazy("Region"), "community": gettext_lazy("Community")} | NUMBERS,
)
def activity(actor: Actor, ask: Ask) -> Table:
    """Meetings held that are not restricted, by the partner's region and community of today.

    A partner of two communities counts in both, a community below another one counts in that one,
    and a meeting with partners of two regions counts in both; every total counts each meeting once.
    """
    keys = community_keys()
    of_meetings = counts(actor, ask, "region", "community")
    of_partners = partner_counts(actor, ask)
    held, earlier = (_pairs(keys, found) for found in of_meetings.by("region", "community"))
    known = _pairs(keys, of_partners.partners_by("region", "community"))
    in_region, in_region_before = of_meetings.by("region")
    in_community, in_community_before = (
        {keys[key]: n for key, n in found.items()} for found in of_meetings.by("community")
    )
    regions, communities = _regions(actor, ask), _communities(ask, {*held, *earlier, *known})
    pairs = [(r, c) for r in regions for c in communities]
    rows = [(*p, known.get(p, 0), held.get(p, 0), earlier.get(p, 0)) for p in pairs]
    named = [row for row in rows if row[1] not in (NOT_GIVEN, OTHERS)]
    facts = of_meetings.total() | {
        "partners": of_partners.partners(),
        "regions": dict(in_region),
        "regions_before": dict(in_region_before),
        "communities": in_community,
        "communities_before": in_community_before,
        "pairs": len(named),
        "active": sum(1 for row in named if row[3]),
        "gaps": [row[:2] for row in named if not row[2]],
    }
    names: dict[str, dict] = {"region": regions, "community": communities}
    return Table(["region", "community", *NUMBERS], rows, facts, names)


def _pairs(keys: dict, found: dict[tuple, int]) -> dict[tuple, int]:
    """The same numbers by the public keys of communities."""
    return {(region, keys[community]): n for (region, community), n in found.items()}


def _states(actor: Actor, ask: Ask) -> list[State]:
    """The states that the question is about, in the actor's areas."""
    rows = kept(("states", actor.state_ids), lambda: list(states_of(actor)))
    if ask.region:
        rows = [row for row in rows if row.region_id == ask.region.pk]
    return [row for row in rows if row.pk == ask.state.pk] if ask.state else rows


def _regions(actor: Actor, ask: Ask) -> dict[str, str]:
    """The regions that the question is about, in the actor's areas; `--` is outside regions."""
    ids = {row.region_id for row in _states(actor, ask)}
    regions = kept("regions", lambda: list(Region.objects.all()))
    found = {row.code: row.label for row in regions if row.pk in ids}
    return found | ({OUTSIDE: _("Outside regions")} if None in ids else {})


def _communities(ask: Ask, pairs: set[tuple]) -> dict[str | None, str]:
    """The communities that have a column: those that are offered, then what else has rows."""
    if ask.community:
        return {ask.community.code: ask.community.label}
    tops = kept("top communities", lambda: list(Community.objects.offered().filter(parent=None)))
    found: dict[str | None, str] = {row.code: row.label for row in tops}
    if any(community == OTHERS for _region, community in pairs):
        found[OTHERS] = _("No longer used")
    return found | {NOT_GIVEN: _("Not given")}


@metric(
    gettext_lazy("In which states are we active?"),
    measure=gettext_lazy("Meetings held, by state of the partner"),
    counts="work",
    chart="states",
    keys=("state",),
    labels={"state": gettext_lazy("State")} | NUMBERS,
)
def by_state(actor: Actor, ask: Ask) -> Table:
    """Meetings held that are not restricted, by the state where the partner is today.

    A meeting with partners of two states counts in both; the total counts each meeting once. A
    partner outside the states, or one without an address, counts as outside regions.
    """
    of_meetings, of_partners = counts(actor, ask, "state"), partner_counts(actor, ask)
    held, earlier = of_meetings.by("state")
    known = of_partners.partners_by("state")
    names = {row.code: row.label for row in _states(actor, ask)}
    names |= {OUTSIDE: names.pop(OUTSIDE)} if OUTSIDE in names else {}  # the last
    rows = [(s, known.get(s, 0), held[s], earlier[s]) for s in names]
    inside = [row for row in rows if row[0] != OUTSIDE]
    facts = of_meetings.total() | {
        "partners": of_partners.partners(),
        "places": len(inside),
        "active": sum(1 for row in inside if row[2]),
        "gaps": [row[0] for row in inside if not row[1]],
    }
    return Table(["state", *NUMBERS], rows, facts, {"state": names})
