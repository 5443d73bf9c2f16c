"""Loads events of two years in all regions: ours and those of partners, two of them in series."""

from datetime import date, timedelta

from config.demo.staff import ORGANIZER
from config.demo.world import Happening, Partner, World
from outreach.commands import AddEvent

# Kind, name, where, communities, hours, our role, the partners' roles, room, series, and the months
# that it belongs to, where it belongs to some.
PLANS = (
    ("community-conversation", "Safe routes to school", "Public library", ("hispanic",),
     ("18:00", "20:00"), "host", ("co-host", "speaker"), 120, "", ()),
    ("celebration", "Family Reading Day", "Elementary school", ("multicultural",),
     ("10:00", "13:00"), "host", ("co-host", "exhibitor"), 300, "Family Reading Day", (3, 9)),
    ("training", "Know the budget of your school", "Branch office", (),
     ("17:30", "19:30"), "workshop", ("host",), 40, "", ()),
    ("rally", "Fund our schools", "Capitol steps", (), ("11:00", "12:30"), "co-host",
     ("co-host", "co-host", "speaker"), None, "", (1, 2, 4, 5)),
    ("forum", "Late buses: what would help?", "Community center", ("immigrant",),
     ("18:30", "20:00"), "co-chair", ("host", "co-chair"), 90, "", ()),
    ("celebration", "Lunar New Year family table", "Temple hall", ("asian-pacific-islander",),
     ("11:00", "15:00"), "sponsor", ("host", "sponsor"), 400, "Lunar New Year family table",
     (1, 2)),
    ("conference", "Educators of color gather", "Convention center", ("black",), None,
     "exhibitor", ("host", "sponsor"), 800, "", (6, 7, 10)),
    ("observance", "Native American Heritage Month", "Cultural center",
     ("american-indian-alaska-native",), None, "delegation", ("host",), None, "", (11,)),
    ("celebration", "Posadas with our neighbors", "Parish hall", ("hispanic",),
     ("17:00", "20:00"), "co-host", ("host", "co-host"), 150, "", (12,)),
    ("reception", "Thanks to our partners", "Union hall", (), ("17:00", "19:00"), "award-given",
     ("award-received", "award-received"), 80, "", (5, 12)),
    ("fair", "Newcomers’ fair", "High school gym", ("immigrant",), ("09:00", "13:00"), "exhibitor",
     ("host", "exhibitor", "exhibitor"), 500, "", (8, 9)),
)  # fmt: skip
# What people choose from at events of a kind.
SESSIONS: dict[str, list[dict[str, str | int]]] = {
    "conference": [
        {"name": "Growing our own teachers", "start": "10:00", "end": "11:30", "capacity": 6},
        {
            "name": "When a family is afraid to come",
            "start": "10:00",
            "end": "11:30",
            "capacity": 40,
        },
        {"name": "Walk through the old town", "start": "14:00", "end": "16:00", "capacity": 12},
    ],
    "training": [
        {"name": "Reading a budget line by line", "start": "18:00", "end": "18:45", "capacity": 5},
        {"name": "Speaking at a board meeting", "start": "18:45", "end": "19:30"},
    ],
}
SPONSORED = (250, 500, 1000, 1500, 2500)
BACK, NEAR, AHEAD = 720, 60, 75  # days


def add_events(world: World) -> None:
    """Events by turns of the regions, from two years ago to the next months."""
    number, turns = max(30, world.count(150)), _turns(world)
    for at in range(number if turns else 0):
        state, email, partners = turns[at % len(turns)]
        _add(world, at, state, email, partners, world.today + timedelta(days=_when(at, number)))
    if turns:
        state, email, partners = max(turns, key=lambda turn: len(turn[2]))
        _add(world, 0, state, email, partners, world.today)  # at its door today


def _when(at: int, number: int) -> int:
    """So many days from today: the calendar is fuller around it than long ago."""
    long_ago = number * 3 // 5
    if at < long_ago:
        return -BACK + at * (BACK - NEAR) // long_ago
    return -NEAR + (at - long_ago) * (NEAR + AHEAD) // (number - long_ago)


def _turns(world: World) -> list[tuple[str, str, list[Partner]]]:
    """(state, organizer, partners there) of states with partners, one of each region in turn."""
    by_state: dict[str, list[Partner]] = {}
    for partner in world.partners:
        if partner.demo.stage not in ("identified", "ended"):
            by_state.setdefault(partner.demo.place.state, []).append(partner)
    of_region: dict[str, list[tuple[str, str, list[Partner]]]] = {}
    for state, partners in sorted(by_state.items()):
        email = next(
            (
                e
                for e, it in world.staff.items()
                if it.role == ORGANIZER and world.covering(e, state)
            ),
            "",
        )
        if email and state in world.regions:
            of_region.setdefault(world.regions[state], []).append((state, email, partners))
    found = []
    for at in range(max(map(len, of_region.values()), default=0)):
        found += [rows[at] for rows in of_region.values() if at < len(rows)]
    return found


def _add(world: World, at: int, state: str, email: str, partners: list[Partner], day: date) -> None:
    plans = [plan for plan in PLANS if not plan[-1] or day.month in plan[-1]]
    kind, name, where, communities, hours, own, roles, room, series, _months = plans[
        at // 10 % len(plans)
    ]
    rng, place = world.rng, partners[0].demo.place
    is_over = day < world.today
    asked = day - timedelta(days=60)
    there = rng.sample(partners, min(len(roles), len(partners)))
    values = {
        "name": f"{name}, {place.city}" if series == "" else f"{name} {day.year}",
        "kind": kind,
        "status": _status(at, is_over, day, world.today),
        "day": day,
        "place": f"{where}, {place.city}",
        "state": state,
        "communities": list(communities),
        "owner": str(world.users[email].uid),
        "own_roles": [_role(own, rng.choice(SPONSORED))],
        "partners": [
            {"organization": str(one.uid)} | _role(role, rng.choice(SPONSORED))
            for one, role in zip(there, roles, strict=False)
        ],
        "capacity": room,
        "series": series,
        "edition": str(day.year) if series else "",
    }
    if hours:
        values |= {"start": hours[0], "end": hours[1], "zone": place.time_zone}
    elif kind == "conference":
        values["end_day"] = day + timedelta(days=1)
    if is_over and values["status"] == "held":
        heads = round((room or 150) * rng.uniform(0.3, 0.9))
        counted = ("sign-in", "estimate", "host")[at % 3]
        values |= {"head_count": heads, "counted": counted, "cost": rng.randrange(2, 40) * 50}
    actor = world.on(email, min(day, world.today))
    if kind in SESSIONS:
        values["sessions"] = list(SESSIONS[kind])
    command = AddEvent(actor, values)
    row = command.run()
    world.date_back(command.run_made, min(asked, world.today))
    world.events.append(Happening(row, email, partners))


def _role(role: str, amount: int) -> dict:
    return {"role": role} | ({"amount": amount} if role == "sponsor" else {})


def _status(at: int, is_over: bool, day: date, today: date) -> str:
    """Most were held; a few were called off, and nobody said yet how the last one went."""
    if at % 11 == 7:
        return "cancelled"
    if is_over:
        return "planned" if (today - day).days < 15 else "held"
    return "confirmed" if (day - today).days < 30 else "planned"
