"""Did they come back? The organizations of an event, and those of its series."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.shortcuts import render
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from crm.models import Organization
from lists.views import row_of
from outreach.models import Event
from outreach.returning import Came, a_year_after, came, communities_of, seen
from outreach.small import told
from outreach.views.event import address as event_address

EDITIONS = 24  # of a series, the newest


@dataclass(frozen=True)
class Partner:
    """An organization that came, and the next event at which somebody of it was."""

    row: Organization
    communities: str
    day: date | None
    event: Event | None


@dataclass(frozen=True)
class Share:
    """How many organizations came, and how many of them came back."""

    name: str
    count: int
    back: int

    @property
    def percent(self) -> int:
        return round(100 * self.back / self.count) if self.count else 0


@needs(Action.FIGURES, of=Event)
def came_back(request, uid):
    """Share of the organizations at an event that were seen at another one within twelve months, by
    community, each by name; and the editions of its series beside each other.
    """
    actor, event = request.actor, row_of(request, Event, uid)
    there = came(actor, seen(actor).filter(event=event.pk))
    later = seen(actor).filter(day__gt=event.day, day__lte=a_year_after(event.day))
    after = came(actor, later, there)
    rows = _partners(actor, event, there, after)
    context = {
        "event": event,
        "event_url": event_address(event),
        "all": Share("", len(rows), sum(one.day is not None for one in rows)),
        "partners": rows,
        "shares": _shares(actor, there, rows),
        "editions": _editions(actor, event),
        "is_open": a_year_after(event.day) > actor.today(),
        "until": a_year_after(event.day),
    }
    return render(request, "outreach/came_back.html", context)


def _partners(actor, event: Event, there: dict[int, Came], after: dict[int, Came]) -> list[Partner]:
    """The organizations that came, those that did not come back yet first."""
    partners = Organization.objects.visible_to(actor).in_bulk(list(there))
    back = {pk: after[pk].back(event.day, event.pk) for pk in there if pk in after}
    ids = {found[1] for found in back.values() if found}
    events = Event.objects.visible_to(actor).in_bulk(list(ids))
    served = communities_of(actor, there)
    rows = []
    for pk, row in partners.items():
        day, next_id = back.get(pk) or (None, None)
        names = ", ".join(one.label for one in served.get(pk, []))
        rows.append(Partner(row, names, day, events.get(next_id) if next_id else None))
    return sorted(rows, key=lambda one: (one.day is not None, one.row.sort_name))


def _shares(actor, there: dict[int, Came], rows: list[Partner]) -> list[Share]:
    """By community; an organization that serves several counts in each."""
    served = communities_of(actor, there)
    counted: dict[Any, list[bool]] = defaultdict(list)
    for one in rows:
        for community in served.get(one.row.pk) or [None]:
            counted[community].append(one.day is not None)
    shares = [
        Share(community.label if community else _("No community given"), len(found), sum(found))
        for community, found in counted.items()
    ]
    return sorted(shares, key=lambda share: (-share.count, share.name))


def _editions(actor, event: Event) -> list[dict[str, Any]]:
    """The held editions of the series, the oldest first: how many organizations and people came,
    and how many organizations of the edition before came again.
    """
    if not event.series_key:
        return []
    events = Event.objects.visible_to(actor).filter(
        series_key=event.series_key, status=Event.Status.HELD
    )
    events = list(events.order_by("-day", "-pk")[:EDITIONS])[::-1]
    exact = actor.may(Action.VIEW_MEETINGS)
    found, before = [], None
    for one in events:
        here = came(actor, seen(actor).filter(event=one.pk))
        people = seen(actor).filter(event=one.pk).came().count()
        again = len(before & here.keys()) if before is not None else None
        found.append(
            {
                "row": one,
                "url": event_address(one),
                "organizations": len(here),
                "again": again,
                "share": Share("", len(before), again) if before and again is not None else None,
                "people": told(people, exact),
                "is_this": one.pk == event.pk,
            }
        )
        before = here.keys()
    return found
