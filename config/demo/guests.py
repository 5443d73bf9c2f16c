"""Loads who comes to events: invited, coming, there, with places in sessions; one event today is
half checked in.
"""

from datetime import timedelta

from config.demo.world import Happening, Person, World
from crm.models import Contact
from outreach.commands import AddToEvent, TakeSeat
from outreach.models import Attendance, Event, EventSession

Status = Attendance.Status
MOST, FEWEST = 16, 5  # people whom an event knows by name
AT_THE_DOOR = 34  # expected today
GROUPS = ("Reading circle", "Lincoln Elementary", "Night school", "Garden club", "")


def add_guests(world: World) -> None:
    """People of the partners around each event; the same ones again and again, as it is."""
    for happening in world.events:
        event = happening.row
        if event.status == Event.Status.CANCELLED:
            continue
        is_today = event.day == world.today
        _invite(world, happening, AT_THE_DOOR if is_today else MOST)
        _seats(world, happening)


def _people(world: World, happening: Happening, most: int) -> list[Person]:
    """People of partners there, whom nobody keeps to herself."""
    known = [p for partner in happening.partners for p in partner.people if not p.is_restricted]
    count = min(len(known), world.rng.randrange(FEWEST, most + 1) if most == MOST else most)
    return sorted(world.rng.sample(known, count), key=lambda p: p.row.pk)


def _invite(world: World, happening: Happening, most: int) -> None:
    event, rng = happening.row, world.rng
    people = _people(world, happening, most)
    off = Contact.objects.visible_to(world.actors[happening.email]).filter(no_contact=True)
    off_ids = set(off.values_list("pk", flat=True))
    rows = [
        {
            "event": str(event.uid),
            "contact": str(person.row.uid),
            "status": _status(event, world, number),
            "group": rng.choice(GROUPS) if number % 9 == 0 else "",
            "first_time": number % 4 == 0,
        }
        for number, person in enumerate(people)
        if person.row.pk not in off_ids
    ]
    asked = min(event.day, world.today)
    actor = world.on(happening.email, asked)
    world.done(AddToEvent.many(actor, rows), asked - timedelta(days=2))


def _status(event: Event, world: World, number: int) -> str:
    """What became of the next one on the list."""
    if event.status == Event.Status.HELD:
        return Status.NO_SHOW if number % 7 == 3 else Status.ATTENDED
    if event.day == world.today:
        return Status.ATTENDED if number % 4 == 1 else (Status.GOING, Status.INVITED)[number % 2]
    return (Status.GOING, Status.INVITED, Status.GOING, Status.DECLINED)[number % 4]


def _seats(world: World, happening: Happening) -> None:
    """Most of who comes has chosen a session; the smallest ones are full, and some wait."""
    event = happening.row
    if not event.is_ahead:
        return
    actor = world.actors[happening.email]
    sessions = list(EventSession.objects.visible_to(actor).filter(event=event).order_by("pk"))
    rows = Attendance.objects.visible_to(actor).filter(event=event, status=Status.GOING)
    for number, row in enumerate(rows.order_by("pk") if sessions else ()):
        session = sessions[number % 3 % len(sessions)]
        values = {"session": str(session.uid), "waits": "on", "revision": row.revision}
        command = TakeSeat(actor, values, instance=row)
        command.run()
        world.date_back(command.run_made, world.today)
