"""Events: the door of one to which 2,000 are invited, beside the same rows by hand."""

from datetime import UTC, datetime
from uuid import UUID

from bench.measuring import Pair, most, work
from bench.world import TWO, World

INVITED = 2_000
NAME = "The door that is measured"
GUESTS = """
SELECT a.contact_id, c.uid, c.name, c.sort_name, a.status, a.came_at
FROM outreach_attendance a JOIN crm_contact c ON c.id = a.contact_id
WHERE a.event_id = %s AND c.visibility = 'team' ORDER BY c.sort_name, a.id
"""
PARTNERS = """
SELECT t.contact_id, o.name FROM crm_affiliation t
JOIN crm_organization o ON o.id = t.organization_id
JOIN outreach_attendance a ON a.contact_id = t.contact_id
WHERE a.event_id = %s AND (t."end" IS NULL OR t."end" >= %s) ORDER BY t.is_primary, t.id DESC
"""


def opened(world: World) -> tuple[int, UUID]:
    """(id, uid) of an event of today in the first of the two regions' states, with its guests."""
    from access.settling import every
    from crm.models import Contact
    from outreach.models import Attendance, Event, EventKind

    if (row := every(Event).filter(name=NAME).first()) is None:
        kind = EventKind.objects.first()
        if kind is None:
            kind = every(EventKind).bulk_create([EventKind(code="forum", name="Forum")])[0]
        today, home = datetime.now(UTC).date(), world.states[0]
        row = Event(name=NAME, kind_id=kind.pk, day=today, home_id=home, state_id=home)
        row.prepare()
        row = every(Event).bulk_create([row])[0]
        people = every(Contact).filter(home_id__in=world.states, visibility="team")
        ids = people.order_by("id").values_list("pk", flat=True)[:INVITED]
        rows = [
            Attendance(
                event_id=row.pk, contact_id=pk, day=today,
                status="attended" if number % 3 == 0 else "invited",
            )
            for number, pk in enumerate(ids)
        ]  # fmt: skip
        every(Attendance).bulk_create(rows, batch_size=500)
        with world.connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return row.pk, row.uid


@work(
    "events.door",
    "The door of an event, 2,000 invited",
    "SQL by hand + the same template",
    most(2),
)
def door(world: World):
    pk, uid = opened(world)
    client, address = world.client(TWO), f"/events/{uid}/check-in/"
    render, today = world.template_of(client, address), str(datetime.now(UTC).date())

    def reference():
        world.sql(GUESTS, pk)
        world.sql(PARTNERS, pk, today)
        render()

    yield Pair(lambda: world.got(client, address), reference)
