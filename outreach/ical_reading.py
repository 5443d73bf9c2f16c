"""Calendar files of others (RFC 5545), read as drafts of events, without who was asked."""

import zoneinfo
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

LARGEST = 1_000_000  # bytes
MOST = 200  # events that a page offers
LONGEST = {"name": 150, "place": 200, "note": 5_000, "url": 500}


class Unreadable(Exception):
    """Nothing of the file can be used; its sentence says why."""


@dataclass
class Draft:
    """An event of a file, as the form of an event starts with it. Nothing is saved."""

    name: str
    day: date
    start: time | None = None
    end: time | None = None
    end_day: date | None = None
    zone: str = ""
    place: str = ""
    url: str = ""
    note: str = ""
    status: str = "planned"
    repeats: bool = False  # only its first time is taken
    is_zone_known: bool = True  # whether its times are told in a zone that is known here
    uid: str = ""

    def initial(self) -> dict[str, Any]:
        """What the form starts with."""
        found = asdict(self)
        del found["repeats"], found["uid"], found["is_zone_known"]
        return {name: value for name, value in found.items() if value not in (None, "")}

    @property
    def own_uid(self) -> UUID | None:
        """The uid of an event of ours that the file came from, if it is one."""
        try:
            return UUID(self.uid)
        except ValueError:
            return None


def drafts(data: bytes, zone: str) -> tuple[list[Draft], list[str]]:
    """The events of a file by day, at most so many; and sentences on what was left out. Times
    without a zone, or in one that nobody knows, are told in `zone`.

    Raises Unreadable when there is none.
    """
    if len(data) > LARGEST:
        raise Unreadable(_("This file is larger than a megabyte. Nothing was saved."))
    events = _events(data)
    if not events:
        raise Unreadable(_("This calendar file holds no event. Nothing was saved."))
    found = [draft for draft in (_draft_or_none(event, zone) for event in events) if draft]
    if not found:
        words = _("No event of this file has a day that can be read. Nothing was saved.")
        raise Unreadable(words)
    found.sort(key=lambda draft: (draft.day, draft.start or time.min, draft.name))
    said = []
    if gone := len(events) - len(found):
        words = ngettext(
            "%(count)d event has no day that can be read, and is left out.",
            "%(count)d events have no day that can be read, and are left out.",
            gone,
        )
        said.append(words % {"count": gone})
    if any(not draft.is_zone_known for draft in found):
        said.append(
            _("A time zone of the file is not known here: its times are taken as those of yours.")
        )
    if len(found) > MOST:
        words = _("The file holds %(count)d events. These are the last %(most)d.")
        said.append(words % {"count": len(found), "most": MOST})
    return found[-MOST:], said


def _events(data: bytes) -> list[Any]:
    """The events that stand in the file, within a calendar or without one."""
    from icalendar import Component  # only once somebody uploads: a worker starts without it

    text = data.decode("utf-8-sig", errors="replace").replace("\0", "")
    try:
        parts = Component.from_ical(text, multiple=True)
    except (ValueError, IndexError, KeyError) as error:
        raise Unreadable(_("This is no calendar file (.ics). Nothing was saved.")) from error
    return [event for part in parts for event in part.walk("VEVENT")]


def _draft_or_none(event: Any, zone: str) -> Draft | None:
    """The draft of an event; None for one on a day that no calendar can count from."""
    try:
        return _draft(event, zone)
    except OverflowError:
        return None


def _draft(event: Any, zone: str) -> Draft | None:
    begins = _moment(event.get("DTSTART"))
    if begins is None:
        return None
    draft = Draft(name=_text(event, "SUMMARY", "name") or _("Event of a calendar"), day=date.min)
    ends = _moment(event.get("DTEND")) or _after(begins, event.get("DURATION"))
    if isinstance(begins, datetime):
        draft.zone = _zone(begins, event.get("DTSTART"), zone)
        named = "TZID" in getattr(event.get("DTSTART"), "params", {})
        draft.is_zone_known = begins.tzinfo is not None or not named
        begins = _local(begins, draft.zone)
        draft.day, draft.start = begins.date(), begins.time().replace(second=0, microsecond=0)
        if isinstance(ends, datetime):
            ends = _local(ends, draft.zone)
            if ends > begins:
                draft.end = ends.time().replace(second=0, microsecond=0)
                draft.end_day = ends.date() if ends.date() > draft.day else None
    else:
        draft.day = begins
        if ends is not None:
            last = ends.date() if isinstance(ends, datetime) else ends - timedelta(days=1)
            draft.end_day = last if last > draft.day else None  # the day after is not counted in
    draft.place, draft.note = _text(event, "LOCATION", "place"), _text(event, "DESCRIPTION", "note")
    url = _text(event, "URL", "url")
    draft.url = url if url.startswith(("https://", "http://")) else ""
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        draft.status = "cancelled"
    draft.repeats = "RRULE" in event or "RDATE" in event
    draft.uid = _text(event, "UID", "name")
    return draft


def _moment(value: Any) -> date | datetime | None:
    """A day or a moment; None for what is none, or stands there twice."""
    found = _held(value)
    return found if isinstance(found, date) else None


def _held(value: Any) -> Any:
    """What a property holds; None where it is missing, broken, or there twice."""
    from icalendar.error import BrokenCalendarProperty

    try:
        return getattr(value, "dt", None)
    except BrokenCalendarProperty:
        return None


def _after(begins: date, duration: Any) -> date | None:
    length = _held(duration)
    if not isinstance(length, timedelta):
        return None
    try:
        return begins + length
    except OverflowError:
        return None


def _zone(moment: datetime, prop: Any, own: str) -> str:
    """The zone that a moment is told in, by a name that the world knows; else our own."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    told = [getattr(moment.tzinfo, "key", ""), str(getattr(prop, "params", {}).get("TZID", ""))]
    for name in told:
        known = WINDOWS_TO_OLSON.get(name, name)
        if known in zoneinfo.available_timezones() and known not in ("UTC", "Etc/UTC"):
            return known
    return own


def _local(moment: datetime, zone: str) -> datetime:
    """The moment in a zone; what says no zone is told in this one already."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None)


def _text(event: Any, name: str, of: str) -> str:
    value = event.get(name)
    value = value[0] if isinstance(value, list) and value else value
    text = "" if value is None else str(value)
    text = "".join(c for c in text if c.isprintable() or c == "\n").strip()
    if of != "note":
        text = " ".join(text.split())
    return text[: LONGEST[of]]
