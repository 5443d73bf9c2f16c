"""What follows from who was at an event: its day, and contact with people and their partners."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Max, Q

from access import registers
from access.recording import Touched
from access.scope import Visibility
from access.settling import every, looked_up, settles, write
from crm.models import NEVER, Affiliation, Contact, Organization
from outreach.models import Attendance, Event


@settles
def days(touched: Touched) -> None:
    """Rows of attendance bear the day of their event."""
    ids = touched.older(Event)
    rows = looked_up(Attendance, "event_id", ids, "pk", "event__day")
    if rows:
        write(Attendance, {pk: {"day": day} for pk, day in rows})


@settles
def contact_at_events(touched: Touched) -> None:
    """The last contact of who was at an event that was held, and of the partners they belong to.

    After the settling of meetings: what it wrote is worked out anew with all that counts.
    """
    people = touched.ids(Attendance, "contact_id")
    events = touched.older(Event)
    people |= {pk for (pk,) in looked_up(Attendance, "event_id", events, "contact_id")}
    changed = touched.older(Contact) | touched.ids(Affiliation, "contact_id")
    changed -= touched.made(Contact).keys()  # who is new was at no event yet
    came = {pk for (pk,) in looked_up(Attendance, "contact_id", changed, "contact_id")}
    partners = {pk for (pk,) in looked_up(Affiliation, "contact_id", people | came, _PARTNER)}
    for before, after in touched.pairs(Affiliation):
        for values in (before, after):
            if values and values["contact_id"] in came | people:
                partners.add(values[_PARTNER])
    for model, ids in ((Contact, people), (Organization, partners)):
        if ids:
            met = registers.last_contacts(model, ids)
            write(model, {pk: {"last_contact": met.get(pk, NEVER)} for pk in ids})


_PARTNER = "organization_id"


@registers.contacts_made
def events_held(model, ids: Iterable[int]) -> Iterable[tuple[int, date]]:
    """Days of held events at which people were; of partners, the days on which somebody was there
    who belonged to them then, and who is not restricted.
    """
    there = {"event__status": Event.Status.HELD.value, "status": Attendance.Status.ATTENDED.value}
    if model is Contact:
        return looked_up(Attendance, "contact_id", ids, "contact_id", most="day", **there)
    if model is Organization:
        return _of_partners(list(ids))
    return []


def _of_partners(ids: list[int]) -> Iterable[tuple[int, date]]:
    day = F("contact__attendances__day")
    rows = every(Affiliation).filter(
        Q(start__isnull=True) | Q(start__lte=day),
        Q(end__isnull=True) | Q(end__gte=day),
        organization__among=ids,
        contact__visibility=Visibility.TEAM,
        contact__attendances__status=Attendance.Status.ATTENDED,
        contact__attendances__event__status=Event.Status.HELD,
    )
    return rows.order_by().values_list(_PARTNER).annotate(newest=Max(day))
