"""Loads the days that partners told us they keep; one event ahead was planned on such a day."""

from datetime import timedelta

from config.demo.world import Partner, World
from crm.models import OrganizationCommunity
from outreach.commands import AddEvent, KeepDays
from outreach.models import Observance

SHARE = 3  # one in so many partners of a community told us
SOON = timedelta(days=7)


def add_days(world: World) -> None:
    """Partners keep the days of their communities, each as its organizer wrote it down."""
    rows = Observance.objects.filter(community__isnull=False, retired=False)
    of_community: dict[int, list[Observance]] = {}
    for row in rows.order_by("pk"):
        of_community.setdefault(row.community_id, []).append(row)
    kept: list[tuple[Partner, list[Observance]]] = []
    for partner in world.partners[::SHARE]:
        actor = world.actors[partner.owner]
        serves = OrganizationCommunity.objects.visible_to(actor).filter(organization=partner.row)
        ids = serves.values_list("community_id", "community__parent_id")
        tops = {parent or pk for pk, parent in ids}
        days = [row for top in sorted(tops) for row in of_community.get(top, [])]
        if days:
            kept.append((partner, days))
            _keep(world, partner, days)
    _meet(world, kept)


def _keep(world: World, partner: Partner, days: list[Observance]) -> None:
    row = type(partner.row).objects.visible_to(world.actors[partner.owner]).get(pk=partner.row.pk)
    values = {"observances": [day.code for day in days], "revision": row.revision}
    command = KeepDays(world.on(partner.owner, world.today), values, instance=row)
    command.run()
    world.date_back(command.run_made, world.today)


def _meet(world: World, kept: list[tuple[Partner, list[Observance]]]) -> None:
    """Plan an event on the next day that one of these partners keeps."""
    ahead = [
        (day[0], partner.demo.place.state, at)
        for at, (partner, days) in enumerate(kept)
        for row in days
        for day in row.between(world.today + SOON, world.today + timedelta(days=366))
        if not row.is_long and day[0] >= world.today + SOON and partner.demo.place.state != "--"
    ]
    if not ahead:
        return
    day, state, at = min(ahead)
    partner = kept[at][0]
    values = {
        "name": "Family forum: late buses",
        "kind": "forum",
        "status": "planned",
        "day": day,
        "start": "18:00",
        "end": "20:00",
        "zone": partner.demo.place.time_zone,
        "place": f"Community center, {partner.demo.place.city}",
        "state": state,
        "owner": str(world.users[partner.owner].uid),
        "own_roles": [{"role": "host"}],
        "partners": [{"organization": str(partner.uid), "role": "co-host"}],
    }
    command = AddEvent(world.on(partner.owner, world.today), values)
    command.run()
    world.date_back(command.run_made, world.today)
