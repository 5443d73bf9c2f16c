"""Loads affiliates and partners, with the owners and stages they had over the years."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import groupby

from access.keys import uuid7
from access.recording import running
from config.demo import affiliates as union
from config.demo import organizations
from config.demo.organization_words import COMMUNITIES
from config.demo.rhythm import COOLING
from config.demo.staff import DATA_MANAGER, FORMER, ORGANIZER
from config.demo.world import HANDOVER_DAYS, Partner, World
from crm.commands import AddAffiliate, AddOrganization
from crm.models import Community, OwnerSince, Stage, StageSince

# Where nobody works with a community yet, so that the table of regions has gaps to show.
GAPS = frozenset({
    ("new-england", "american-indian-alaska-native"), ("middle-atlantic", "lgbtq"),
    ("east-south-central", "asian-pacific-islander"), ("west-north-central", "multicultural"),
    ("mountain", "black"), ("territories", "lgbtq"), ("territories", "black"),
})  # fmt: skip

PATH = ("identified", "contacted", "exploring", "active", "strategic")
MEETINGS = {  # (at least, at most) in two years
    "identified": (0, 2), "contacted": (2, 8), "exploring": (8, 22), "active": (18, 44),
    "strategic": (38, 76), "dormant": (6, 20), "ended": (4, 16),
}  # fmt: skip


def add_affiliates(world: World) -> None:
    """The national affiliate, one a state, UniServ units and locals, each below its parent."""
    found = union.affiliates(world.rng)
    actor = next(
        world.actors[email]
        for email, it in world.staff.items()
        if it.role == DATA_MANAGER and world.actors[email].everywhere
    )
    for kinds in ((union.NATIONAL,), (union.STATE, union.FEDERAL_OVERSEAS), (union.UNISERV,),
                  (union.LOCAL,)):  # fmt: skip
        some = [it for it in found if it.kind in kinds]
        rows = []
        for it in some:
            parent = world.affiliates.get(it.parent)
            rows.append({
                "name": it.name, "kind": it.kind, "city": it.city,
                "parent": parent.uid if parent else "",
                "state": "" if it.state == "--" else it.state,
                "figures": [
                    {"measure": "members", "year": it.members_year, "value": it.members,
                     "source": it.members_source},
                    {"measure": "students", "year": it.students_year, "value": it.students,
                     "source": it.students_source},
                ],
            })  # fmt: skip
        written = world.done(AddAffiliate.many(actor, rows), world.start)
        world.affiliates |= {it.name: row for it, row in zip(some, written, strict=True)}


def add_partners(world: World) -> None:
    """The partners, each added by who was responsible at first, on the day it became known."""
    world.partners = plan(world)
    below = _narrower_communities()
    loaded: dict[str, list[Partner]] = defaultdict(list)  # by state
    ordered = sorted(world.partners, key=lambda it: (it.since, it.first_owner))
    for (day, email), group in groupby(ordered, key=lambda it: (it.since, it.first_owner)):
        some = list(group)
        rows = [_values(world, it, below, loaded) for it in some]
        result = AddOrganization.many(world.on(email, day), rows)
        for partner, row in zip(some, world.done(result, day), strict=True):
            partner.row = row
            loaded[partner.demo.place.state].append(partner)
    _add_history(world)


def plan(world: World) -> list[Partner]:
    """Which partners there are, who looks after them, and how each relationship went."""
    count = world.count(400)
    dealt = organizations.organizations(world.rng, max(count + count // 5, 240))
    dealt = [it for it in dealt if not _is_gap(world, it)]
    intakes = [world.start] * 8 + [world.start + timedelta(days=d) for d in range(90, 700, 150)]
    partners = []
    for it in _widest_first(world, dealt)[:count]:
        partners.append(_plan_one(world, it, world.rng.choice(intakes)))
    return partners


def _is_gap(world: World, it: organizations.DemoOrganization) -> bool:
    region = world.regions[it.place.state]
    return any((region, community) in GAPS for community in it.communities)


def _widest_first(world: World, dealt: list) -> list:
    """Those that add a region or a community come first, so that a small world has all of them."""
    first, rest, seen = [], [], set()
    for it in dealt:
        says = {world.regions[it.place.state], *it.communities}
        (first if says - seen else rest).append(it)
        seen |= says
    return first + rest


def _plan_one(world: World, it: organizations.DemoOrganization, since: date) -> Partner:
    rng, region, state = world.rng, world.regions[it.place.state], it.place.state
    owner = rng.choice([
        email for email, who in world.staff.items()
        if who.role == ORGANIZER and who is not FORMER and world.covering(email, state)
    ])  # fmt: skip
    handover, first_owner = None, owner
    left = world.today - timedelta(days=HANDOVER_DAYS)
    if since < left and world.covering(FORMER.email, state) and rng.random() < 0.5:
        handover, first_owner = left, FORMER.email
    until = world.today
    if it.stage in ("dormant", "ended"):
        until -= timedelta(days=rng.randrange(150, 420))
    elif it.stage in PATH[2:] and rng.random() < (0.4 if region == COOLING else 0.13):
        until -= timedelta(days=rng.randrange(100, 280))  # gone quiet, and nobody said so yet
    until = max(until, since + timedelta(days=30))
    low, high = MEETINGS[it.stage]
    if it.kind == "tribal-nation":
        low, high = min(low, 3), min(high, 7)
    return Partner(
        demo=it, region=region, owner=owner, first_owner=first_owner, handover=handover,
        since=since, until=min(until, world.today), stages=_stages(world, it.stage, since, until),
        meetings=rng.randint(low, high),
    )  # fmt: skip


def _stages(world: World, last: str, since: date, until: date) -> list[tuple[date, str]]:
    """(day, stage) from the first to the last; who was known from the start may begin halfway."""
    rng = world.rng
    is_over = last in ("dormant", "ended")
    path = list(PATH[: 4 if is_over else PATH.index(last) + 1])
    if since == world.start and len(path) > 1:
        path = path[rng.randrange(0, len(path)) :]
    room = max(len(path), min((until - since).days, 620))
    days = sorted(rng.sample(range(1, room + 1), len(path) - 1))
    found = [(since, path[0])]
    found += [(since + timedelta(days=n), name) for n, name in zip(days, path[1:], strict=True)]
    if is_over:
        found.append((min(max(until + timedelta(days=60), found[-1][0]), world.today), last))
    return found


def _narrower_communities() -> dict[str, list[str]]:
    rows = Community.objects.filter(parent__isnull=False).values_list("parent__code", "code")
    below: dict[str, list[str]] = defaultdict(list)
    for parent, code in rows.order_by("position"):
        below[parent].append(code)
    return below


def _values(world: World, partner: Partner, below, loaded) -> dict:
    rng, it = world.rng, partner.demo
    communities = list(it.communities)
    for code in it.communities:
        if code in COMMUNITIES and below[code] and rng.random() < 0.3:
            communities.append(rng.choice(below[code]))
    place = {"kind": "physical", "street": it.street, "city": it.place.city,
             "zip": it.postal_code, "is_main": True}  # fmt: skip
    if it.place.state == "--":
        place["country"] = it.place.country
    else:
        place["state"] = it.place.state
    mothers = [p for p in loaded[it.place.state] if p.demo.kind == it.kind]
    mother = rng.choice(mothers) if mothers and rng.random() < 0.25 else None
    others = [("short", it.short_name), ("former", it.former_name)]
    return {
        "uid": uuid7(),
        "name": it.name, "kind": it.kind, "scope": it.scope,
        "parent": mother.uid if mother else "",
        "communities": communities, "focus_areas": list(it.focus_areas),
        "stage": partner.stages[0][1], "owner": world.users[partner.first_owner].uid,
        "quiet_after_days": it.quiet_after_days, "protocol_note": it.protocol_note,
        "they_bring": "\n".join(it.brings), "they_want": "\n".join(it.wants),
        "locations": [place],
        "phones": [{"number": it.phone}],
        "emails": [{"email": it.email}] if rng.random() < 0.7 else [],
        "websites": [{"url": it.website}] if it.website else [],
        "languages": [{"language": code} for code in it.languages if code != "en"],
        "names": [{"kind": kind, "name": name} for kind, name in others if name],
        "tags": [{"name": rng.choice(_TAGS)}] if rng.random() < 0.25 else [],
    }  # fmt: skip


_TAGS = ("coalition table", "back to school", "book fair", "bilingual", "meets monthly",
         "needs interpreter", "school board", "summer program")  # fmt: skip


def _add_history(world: World) -> None:
    """Later stages and the hand-over, each as the dated row of who made it."""
    stages = {row.code: row for row in Stage.objects.all()}
    for email in world.staff:
        mine = [p for p in world.partners if p.owner == email]
        if not mine:
            continue
        with running("ChangeOrganization", world.actors[email]) as work:
            for partner in mine:
                for day, code in partner.stages[1:]:
                    who = world.users[partner.owner_on(day)]
                    StageSince(
                        organization=partner.row, stage=stages[code], day=day, author=who
                    ).save()
                if partner.handover:
                    OwnerSince(
                        organization=partner.row, owner=world.users[email], day=partner.handover
                    ).save()
            run = work.run
        world.date_back(run, world.today)
