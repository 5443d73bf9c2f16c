"""What follows for events: where they lie, how far they reach, by which words they are found."""

from collections import defaultdict
from collections.abc import Iterable

from access.models import Access
from access.recording import Touched, outside_id
from access.settling import looked_up, settles, write, write_reach
from crm.models import Location, Organization
from crm.settling import move_subjects
from lists.folding import search_key
from lists.index import COLUMN, keyed
from outreach.models import HOSTS, Event, EventOrganization


@keyed(Event)
def keys_of(ids: Iterable[int]) -> dict[int, str]:
    """By which words events are found: their names, series and places, and the code on paper."""
    rows = looked_up(Event, "pk", list(ids), "pk", "name", "series", "place", "code")
    return {pk: search_key(*words) for pk, *words in rows}


@settles
def events(touched: Touched) -> None:
    """Home, reach and words of events.

    An event lies in its own state; where none is given, where its first host lies, else its first
    partner, else where its author does. It reaches into the states of all its partners.
    """
    ids = touched.ids(Event) | touched.ids(EventOrganization, "event_id")
    partners = touched.older(Organization) | touched.ids(Location, "organization_id")
    found = looked_up(EventOrganization, "organization_id", partners, "event_id")
    ids |= {pk for (pk,) in found}
    if not ids:
        return
    there = defaultdict(list)
    columns = ("event_id", "role", "id", "organization__home_id")
    for pk, role, link, home in looked_up(EventOrganization, "event_id", ids, *columns):
        there[pk].append((role not in HOSTS, link, home))
    rows = looked_up(Event, "pk", ids, "pk", "state_id", "author_id", "home_id")
    authors = dict(
        looked_up(Access, "user_id", {row[2] for row in rows if row[2]}, "user_id", "home_id")
    )
    values, reach = {}, {}
    for pk, state, author, stored in rows:
        partners_at = [home for _not_host, _link, home in sorted(there[pk])]
        first = partners_at[0] if partners_at else authors.get(author) or stored
        home = state or first or outside_id()
        values[pk] = {"home_id": home}
        reach[pk] = set(partners_at) - {home}
    stored_homes = {pk: (home,) for pk, _state, _author, home in rows}
    moved = write(Event, values, stored_homes) | write_reach(Event, reach)
    move_subjects(Event, moved)
    write(Event, {pk: {COLUMN: key} for pk, key in keys_of(values).items()})
