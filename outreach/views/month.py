"""The events of a month: as a calendar, and as a list by day."""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access.middleware import needs
from access.models import Region, State
from access.roles import Action
from crm.models import Community
from outreach.keeping import Clash, Kept, by_day, clashes, in_short, kept_between
from outreach.models import HOSTS, Event, EventCommunity, EventOrganization, EventOwnRole

MOST = 400  # events of a month that a page shows
SUNDAY = 6
YEARS = range(1900, 3000)


@dataclass(frozen=True)
class Day:
    """A square of the calendar."""

    day: date
    is_off: bool  # of the month before or after
    is_today: bool
    events: list[Event]
    kept: list[Kept]  # observances of this day
    is_clash: bool  # whether one of the events falls on a day that somebody at it keeps


@dataclass(frozen=True)
class Entry:
    """An event on its first day of the month, with who hosts it; or an observance, with who told us
    that they keep it.
    """

    row: Event | None
    host: str
    kept: Kept | None = None


@needs(Action.VIEW)
def month(request):
    """A month of events, of all that the viewer sees or of one region or community."""
    actor, today = request.actor, request.actor.today()
    first = _first(request.GET.get("month", ""), today)
    regions = _regions(actor)
    communities = list(Community.objects.offered().filter(parent=None))
    region = next((r for r in regions if r.code == request.GET.get("region")), None)
    community = next((c for c in communities if c.code == request.GET.get("community")), None)
    asked = {"region": region and region.code, "community": community and community.code}
    asked = {name: code for name, code in asked.items() if code}
    is_wrong = bool(set(request.GET) - {"month", "region", "community"}) or first is None
    is_wrong |= any(request.GET.get(n, "") != asked.get(n, "") for n in ("region", "community"))
    first = first or today.replace(day=1)
    weeks = calendar.Calendar(SUNDAY).monthdatescalendar(first.year, first.month)
    rows = _events(actor, weeks[0][0], weeks[-1][-1], region, community)
    shown, more = rows[:MOST], len(rows) > MOST
    on = defaultdict(list)
    for row in shown:
        for number in range((row.last_day - row.day).days + 1):
            on[row.day + timedelta(days=number)].append(row)
    kept = kept_between(actor, weeks[0][0], weeks[-1][-1])
    kept = [one for one in kept if community is None or _is_of(one, community)]
    meets = clashes(actor, shown, kept)
    ahead = [one for one in meets if one.event.day >= today]
    keeps, met = by_day(kept), _days_of(meets)
    of_month = [row for row in shown if row.day < _next(first) and row.last_day >= first]
    context = {
        "first": first,
        "weeks": [
            [
                Day(day, day.month != first.month, day == today, on[day], keeps[day], day in met)
                for day in week
            ]
            for week in weeks
        ],
        "agenda": _agenda(actor, of_month, first, _in_month(kept, first)),
        "long": [one for one in _in_month(kept, first) if one.row.is_long],
        "clashes": ahead,
        "clashes_in_short": in_short(ahead) if ahead else "",
        "may_log": actor.may(Action.LOG),
        "count": len(of_month),
        "has_more": more,
        "month_name": date_format(first, "F Y"),
        "before": _address(_before(first), asked),
        "after": _address(_next(first), asked),
        "regions": regions,
        "communities": communities,
        "region": region,
        "community": community,
        "is_wrong": is_wrong,
        "weekdays": [(date_format(day, "D"), date_format(day, "l")) for day in weeks[0]],
        "may_add": actor.may(Action.WRITE),
    }
    return render(request, "outreach/month.html", context, status=422 if is_wrong else 200)


def _regions(actor) -> list[Region]:
    """The regions that the actor's areas lie in."""
    states = State.objects.filter(region__isnull=False)
    if not actor.everywhere:
        states = states.filter(pk__in=actor.state_ids)
    return list(Region.objects.filter(pk__in=states.values("region_id")))


def _first(text: str, today: date) -> date | None:
    """The first day of the month that is named as 2026-12, of this month without a name, or None
    where there is no such month.
    """
    if not text:
        return today.replace(day=1)
    year, _dash, number = text.partition("-")
    if not (year.isascii() and number.isascii() and year.isdigit() and number.isdigit()):
        return None
    if len(text) != 7 or int(year) not in YEARS or int(number) not in range(1, 13):
        return None
    return date(int(year), int(number), 1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _address(first: date, asked: dict[str, Any]) -> str:
    """The page of another month; "" where it lies outside the years that there are."""
    if first.year not in YEARS:
        return ""
    return f"{reverse('outreach:month')}?{urlencode({'month': first.strftime('%Y-%m')} | asked)}"


def _events(actor, first: date, last: date, region, community) -> list[Event]:
    """The events of these days that are not cancelled, one more than a page shows."""
    rows = Event.objects.visible_to(actor).filter(day__lte=last, last_day__gte=first)
    rows = rows.exclude(status=Event.Status.CANCELLED)
    if region:
        rows = rows.filter(home__region=region)
    if community:
        links = EventCommunity.objects.visible_to(actor).filter(community=community)
        rows = rows.filter(pk__in=links.values("event_id"))
    return list(rows.order_by("day", "start", "sort_name", "id")[: MOST + 1])


def _is_of(kept: Kept, community: Community) -> bool:
    """Whether an observance is of a community at the top, or of one below it."""
    own = kept.row.community
    return own is not None and community.pk in (own.pk, own.parent_id)


def _in_month(kept: list[Kept], first: date) -> list[Kept]:
    return [one for one in kept if one.first < _next(first) and one.last >= first]


def _days_of(found: list[Clash]) -> set[date]:
    """The days on which events and observances meet."""
    days = set()
    for one in found:
        day, last = max(one.event.day, one.kept.first), min(one.event.last_day, one.kept.last)
        days |= {day + timedelta(days=number) for number in range((last - day).days + 1)}
    return days


def _agenda(
    actor, rows: list[Event], first: date, kept: list[Kept]
) -> list[tuple[date, list[Entry]]]:
    """(day, what begins on it, or was going on when the month began), in order."""
    ids = [row.pk for row in rows]
    own = EventOwnRole.objects.visible_to(actor).filter(event__in=ids, role__in=HOSTS)
    we = set(own.values_list("event_id", flat=True))
    theirs = EventOrganization.objects.visible_to(actor).filter(event__in=ids, role__in=HOSTS)
    names: dict[int, str] = {}
    for event, name in theirs.order_by("id").values_list("event_id", "organization__name"):
        names.setdefault(event, name)
    found: dict[date, list[Entry]] = defaultdict(list)
    for row in rows:
        host = _("We host") if row.pk in we else names.get(row.pk, "")
        found[max(row.day, first)].append(Entry(row, host))
    for one in kept:
        if not one.row.is_long:
            found[max(one.first, first)].append(Entry(None, one.told_by, one))
    return sorted(found.items())
