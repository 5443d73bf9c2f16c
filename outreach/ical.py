"""Events as iCalendar (RFC 5545), without anybody's address."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from outreach.models import Event

PRODUCT = "-//Partnerships//Events//EN"
STATUS = {
    Event.Status.PLANNED: "TENTATIVE",
    Event.Status.CONFIRMED: "CONFIRMED",
    Event.Status.HELD: "CONFIRMED",
    Event.Status.CANCELLED: "CANCELLED",
}


def calendar_of(events: Iterable[Event], name: str = "", is_feed: bool = False) -> bytes:
    """A calendar of these events: each under its own UID, with the revision of its row as SEQUENCE,
    so that a calendar that has it already takes the change. Times carry their zone, with its rules;
    what lasts all day has days alone, the last of them not counted in (section 3.6.1).
    """
    from icalendar import Calendar  # only once somebody asks: a worker starts without it
    from icalendar import Event as Component

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    if is_feed:  # how often to come again, for those that ask (RFC 7986) and those that guess
        calendar.add("method", "PUBLISH")
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT6H")
    now = timezone.now()
    for row in events:
        one = Component()
        one.add("uid", str(row.uid))
        one.add("dtstamp", now)
        one.add("sequence", row.revision)
        one.add("summary", row.name)
        one.add("status", STATUS[Event.Status(row.status)])
        if row.is_all_day:
            one.add("dtstart", row.day)
            one.add("dtend", row.last_day + timedelta(days=1))
        else:
            one.add("dtstart", row.begins())
            if row.end:
                one.add("dtend", row.ends())
        if row.place:
            one.add("location", row.place)
        if row.url:
            one.add("url", row.url)
        calendar.add_component(one)
    _add_zones(calendar)
    return calendar.to_ical()


def _add_zones(calendar: Any) -> None:
    """Say what each zone of the calendar does, by the rules of the years of its events.

    A rule for each change of the clocks, as calendars of offices expect it; some of them do not
    read the lists of days that stand for zones without such a rule.
    """
    years: dict[str, set[int]] = {}
    for event in calendar.walk("VEVENT"):
        moment = event["DTSTART"].dt
        if isinstance(moment, datetime):
            years.setdefault(str(moment.tzinfo), set()).add(moment.year)
    for zone in sorted(years):
        if (found := _by_rules(zone, min(years[zone]), max(years[zone]))) is not None:
            calendar.subcomponents.insert(0, found)
    calendar.add_missing_timezones()  # those without rules


def _by_rules(zone: str, first: int, last: int) -> Any:
    """The zone as rules that hold in these years and those beside them; None where none do."""
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

    found = Timezone()
    found.add("tzid", zone)
    changes = _changes(zone, first - 1)
    if len(changes) not in (0, 2):
        return None
    for year in range(first - 1, last + 2):
        expected = [_on(rule, year) for rule in changes]
        if [moment for moment, *_rest in _changes(zone, year)] != expected:
            return None
    if not changes:
        part, start = TimezoneStandard(), datetime(1970, 1, 1)  # noqa: DTZ001  (a time on a wall)
        there = start.replace(tzinfo=ZoneInfo(zone))
        there = there.replace(year=first)
        part.add("dtstart", start)
        part.add("tzname", there.tzname())
        part.add("tzoffsetfrom", there.utcoffset())
        part.add("tzoffsetto", there.utcoffset())
        found.add_component(part)
    for moment, before, after, name, is_dst in changes:
        part = TimezoneDaylight() if is_dst else TimezoneStandard()
        part.add("dtstart", moment)
        part.add("rrule", _rule(moment))
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        found.add_component(part)
    return found


Change = tuple[datetime, timedelta, timedelta, str, bool]


@cache
def _changes(zone: str, year: int) -> list[Change]:
    """When the clocks of a zone change in a year: (by the old clock, old and new offset, the new
    name, whether it is summer time), in order.
    """
    there, found = ZoneInfo(zone), []
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        later = moment + timedelta(hours=1)
        one, other = moment.astimezone(there), later.astimezone(there)
        if one.utcoffset() != other.utcoffset():
            before, after = one.utcoffset() or timedelta(), other.utcoffset() or timedelta()
            wall = (later + before).replace(tzinfo=None)
            found.append((wall, before, after, other.tzname() or "", bool(other.dst())))
        moment = later
    return found


def _rule(moment: datetime) -> dict[str, Any]:
    """Each year on this weekday of the month: the first to the fourth, or the last one."""
    week = _week(moment)
    day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[moment.weekday()]
    return {"freq": "yearly", "bymonth": moment.month, "byday": f"{week}{day}"}


def _week(moment: datetime) -> int:
    """Which of its weekdays in the month it is, counted from 1; -1 for the last one."""
    if moment.day > monthrange(moment.year, moment.month)[1] - 7:
        return -1
    return (moment.day - 1) // 7 + 1


def _on(change: Change, year: int) -> datetime:
    """When the rule of a change falls in another year."""
    moment = change[0]
    days = [
        datetime(year, moment.month, day, moment.hour, moment.minute)  # noqa: DTZ001
        for day in range(1, monthrange(year, moment.month)[1] + 1)
    ]
    same = [day for day in days if day.weekday() == moment.weekday()]
    week = _week(moment)
    return same[-1] if week < 0 else same[week - 1]
