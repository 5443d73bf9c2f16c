"""Which observances fall into some days, who keeps them, and what an event meets on its day."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.scope import Actor
from crm.models import Organization
from outreach.models import (
    Event,
    EventCommunity,
    EventOrganization,
    Observance,
    OrganizationObservance,
)

NAMED = 3  # partners that a sentence names


@dataclass
class Kept:
    """An observance on its days, and the partners in sight that told us that they keep it."""

    row: Observance
    first: date
    last: date
    partners: list[Organization] = field(default_factory=list)

    @property
    def told_by(self) -> str:
        return named(self.partners)


@dataclass(frozen=True)
class Clash:
    """An event on a day that somebody keeps: partners at it, or the community that it is for."""

    event: Event
    kept: Kept
    partners: list[Organization]  # those at it; none where the community alone keeps the day

    @property
    def keepers(self) -> list[Organization]:
        """Who told us that the day is kept: the partners at the event, else all others."""
        return self.partners or self.kept.partners

    @property
    def named(self) -> str:
        return named(self.keepers)


def named(partners: list[Organization], most: int = NAMED) -> str:
    """The first partners by name, and how many more there are."""
    names = [partner.name for partner in partners[:most]]
    if more := len(partners) - len(names):
        words = ngettext("%(names)s and %(count)s more", "%(names)s and %(count)s more", more)
        return words % {"names": ", ".join(names), "count": f"{more:,}"}
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def in_short(found: list[Clash]) -> str:
    """How many events fall on days that are kept, and who keeps them, to end a heading with."""
    partners = {one.pk: one for clash in found for one in clash.keepers}
    events = {clash.event.pk for clash in found}
    words = {"count": f"{len(events):,}", "names": named(list(partners.values()), 2)}
    if not all(clash.keepers for clash in found):
        one = _("one falls on a day that is kept")
        many = _("%(count)s fall on days that are kept")
    elif len(partners) == 1:
        one = _("one falls on a day that %(names)s keeps")
        many = _("%(count)s fall on days that %(names)s keeps")
    else:
        one = _("one falls on a day that %(names)s keep")
        many = _("%(count)s fall on days that %(names)s keep")
    return (one if len(events) == 1 else many) % words


def kept_between(actor: Actor, first: date, last: date) -> list[Kept]:
    """The observances of these days, in order, with who keeps them. Two statements."""
    rows = Observance.objects.visible_to(actor).offered().select_related("community")
    found = [Kept(row, begins, ends) for row in rows for begins, ends in row.between(first, last)]
    links = OrganizationObservance.objects.visible_to(actor).filter(
        observance__in=[one.row.pk for one in found]
    )
    keepers = defaultdict(list)
    for link in links.select_related("organization").order_by("organization__sort_name", "pk"):
        keepers[link.observance_id].append(link.organization)
    for one in found:
        one.partners = keepers[one.row.pk]
    return sorted(found, key=lambda one: (one.first, one.last, one.row.pk))


def clashes(actor: Actor, events: list[Event], kept: list[Kept]) -> list[Clash]:
    """Events ahead that fall on a day that a partner at them keeps, or the community that they are
    for. What lasts for weeks is kept by doing something in it, so it is no clash.
    """
    short = [one for one in kept if not one.row.is_long]
    ids = [event.pk for event in events if event.is_ahead]
    if not short or not ids:
        return []
    there = defaultdict(set)
    roles = EventOrganization.objects.visible_to(actor).filter(event__in=ids)
    for event, organization in roles.values_list("event_id", "organization_id"):
        there[event].add(organization)
    serves = defaultdict(set)
    links = EventCommunity.objects.visible_to(actor).filter(event__in=ids)
    for event, community, parent in links.values_list(
        "event_id", "community_id", "community__parent_id"
    ):
        serves[event] |= {community, parent}
    found = []
    for event in events:
        for one in short if event.pk in ids else ():
            if event.day > one.last or event.last_day < one.first:
                continue
            keepers = [p for p in one.partners if p.pk in there[event.pk]]
            if keepers or (one.row.community_id and one.row.community_id in serves[event.pk]):
                found.append(Clash(event, one, keepers))
    return found


def by_day(kept: list[Kept]) -> dict[date, list[Kept]]:
    """The short ones, by each of their days."""
    found: dict[date, list[Kept]] = defaultdict(list)
    for one in kept:
        if not one.row.is_long:
            for number in range((one.last - one.first).days + 1):
                found[one.first + timedelta(days=number)].append(one)
    return found
