"""Events as iCalendar (RFC 5545), without anybody's address."""

from collections.abc import Iterable
from datetime import timedelta

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
    calendar.add_missing_timezones()
    return calendar.to_ical()
