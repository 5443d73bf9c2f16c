"""Keeps the counts beside the rows: every writer reaches `figures`, in its own transaction.

What a row counted for until now is stored (`CountedMeeting`, `CountedPartner`), so that it can be
taken away whatever happened to the row. A writer only adds lines to `Pending`; `upkeep.fold` sums
them up into cells.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from functools import cache

from django.db import connection
from django.db.models import F, Q

from access import bulk
from access.among import ByValues
from access.recording import Touched
from access.settling import every, settles, slices
from crm.models import (
    Community,
    Interaction,
    InteractionOrganization,
    Location,
    Organization,
    OrganizationCommunity,
)
from dashboards.models import CountedMeeting, CountedPartner, Pending, Summary
from dashboards.summary import facts
from dashboards.summary.facts import Counts, Meeting, Partner
from dashboards.summary.slots import ALWAYS, DAY, slot_of

AT_ONCE = 1_000  # partners of an edited community that are counted anew within the command


@settles
def figures(touched: Touched) -> None:
    """Count anew what was touched: partners, then meetings, also those of partners that moved."""
    counts: Counts = Counter()
    ids = touched.ids(Organization)
    for part in (Location, OrganizationCommunity):
        ids |= touched.ids(part, "organization_id")
    ids |= _of_communities(touched)
    moved = count_partners(ids, counts) if ids else set()
    meetings = touched.ids(Interaction) | touched.ids(InteractionOrganization, "interaction_id")
    others = _meetings_of(moved) - meetings
    if others:
        lock(others)
    if meetings or others:
        count_meetings(meetings | others, counts, touched.made(Interaction).keys())
    keep(counts)


def _of_communities(touched: Touched) -> set[int]:
    """The partners that count elsewhere because a community was moved or retired.

    Where they are many, the cells are not read any more until upkeep has built them anew.
    """
    edited = {
        (before or after)["id"]
        for before, after in touched.pairs(Community)
        if not (before and after)
        or any(before.get(name) != after.get(name) for name in ("parent_id", "retired"))
    }
    if not edited:
        return set()
    below = Q(community_id__in=edited) | Q(community__parent_id__in=edited)
    links = every(OrganizationCommunity).filter(below).order_by()
    found = set(links.values_list("organization_id", flat=True)[: AT_ONCE + 1])
    if len(found) <= AT_ONCE:
        return found
    distrust()
    return set()


def distrust() -> None:
    """Let figures be read from the rows until the cells have been built anew."""
    Summary.objects.get_or_create(pk=1)
    Summary.objects.filter(pk=1).update(wanted=F("wanted") + 1)


def _meetings_of(partners: set[int]) -> set[int]:
    found = set()
    for some in slices(partners):
        links = every(InteractionOrganization).filter(organization_id__in=some).order_by()
        found |= set(links.values_list("interaction_id", flat=True))
    return found


def lock(meetings: Iterable[int]) -> None:
    """Wait for whoever writes to these meetings now; the other way round, they wait for us."""
    if connection.features.has_select_for_update:
        for some in slices(meetings):
            rows = every(Interaction).filter(pk__in=some).order_by("pk").select_for_update()
            list(rows.values_list("pk"))


def count_partners(ids: Iterable[int], counts: Counts | None = None) -> set[int]:
    """Set right how these partners are counted; adds what changed. The ids of those that changed.

    Their rows stay locked, so that nobody counts a meeting with what they were before.
    """
    changed = set()
    for some in slices(ids):
        now, before = facts.partners(some), dict(_stored(some))
        changed |= _set_right(CountedPartner, now, before, counts)
    return changed


def count_meetings(
    ids: Iterable[int], counts: Counts | None = None, made: Collection[int] = ()
) -> int:
    """Set right how these meetings are counted; adds what changed. How many were wrong.

    Those that a run `made` are not counted yet.
    """

    def known(partners: set[int]) -> dict[int, Partner]:
        found = {pk: partner for some in slices(partners) for pk, partner in _stored(some)}
        if missing := partners - found.keys():  # while the cells are built for the first time
            count_partners(missing, counts)
            found |= {pk: partner for some in slices(missing) for pk, partner in _stored(some)}
        return found

    number = 0
    for some in slices(ids):
        now = facts.meetings(some, known)
        older = [pk for pk in some if pk not in made]
        rows = CountedMeeting.objects.filter(pk__in=older) if older else ()
        before = {row.pk: Meeting.of(row) for row in rows}
        number += len(_set_right(CountedMeeting, now, before, counts))
    return number


def _set_right(model, now: dict, before: dict, counts: Counts | None) -> set[int]:
    """Store what differs, and add it. The ids of what differed."""
    wrong = {pk for pk in now.keys() | before.keys() if now.get(pk) != before.get(pk)}
    if counts is not None:
        for some, sign in ((now, 1), (before, -1)):
            for key in (key for pk in wrong & some.keys() for key in some[pk].counts()):
                counts[key] += sign
    bulk.put(model, (now[pk].row(pk) for pk in wrong if pk in now))
    if gone := wrong - now.keys():
        model.objects.filter(pk__in=gone).delete()
    return wrong


def keep(counts: Counts) -> None:
    """Write what was added and taken away."""
    rows = [
        (what, value, place, slot_of(day, DAY) if day else ALWAYS, n)
        for (what, value, place, day), n in counts.items()
        if n
    ]
    bulk.insert_values(Pending, ("what", "value", "place", "slot", "n"), rows)


def _stored(ids: Iterable[int]) -> Iterator[tuple[int, Partner]]:
    rows = _as_stored(connection.vendor).of(ids)
    return ((pk, Partner.read(place, communities)) for pk, place, communities in rows)


@cache
def _as_stored(_vendor: str) -> ByValues:
    rows = CountedPartner.objects.order_by("pk").select_for_update()
    return ByValues(rows.values_list("pk", "place", "communities"), "pk")
