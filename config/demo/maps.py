"""Loads power maps with movement, ties, and what communities have, for programs in step 3 or
past it.
"""

from datetime import date, timedelta

from config.demo.staff import ORGANIZER
from config.demo.world import World
from crm.models import Organization
from outreach.commands import (
    AddMapActor,
    AddMapTie,
    AddPowerMap,
    MoveMapActor,
    StartHere,
    WriteAssets,
)
from outreach.models import MapActor, PowerMap, Program

# What is wanted, who decides, and where that office stood at first and stands now.
QUESTIONS = (
    ("Safe Zone resolution", "Board president", 3, 2),
    ("Evening buses to the high school", "Transit director", 4, 4),
    ("Bilingual report cards", "Superintendent", 3, 2),
    ("A counselor in every school", "Budget committee chair", 4, 3),
)
# (who, kind, in a few words, places as (days after the map began, stance, influence), how we know)
ACTORS = (
    ("Superintendent’s family council", "body", "Meets each month", ((0, 1, 4),), ""),
    ("Board, seat 3", "office", "Elected by the east side", ((0, 3, 4),), "Said so at the forum."),
    ("Growers’ council", "business", "Employs 2,100 parents", ((0, 3, 4),), ""),
    ("Board, seat 5", "office", "Up for election in May", ((0, 3, 4), (60, 4, 4)),
     "Voted to put it off."),
    ("Community radio", "media", "Spanish and English", ((0, 3, 3), (35, 2, 3)),
     "Gave us an hour on air."),
    ("Daily newspaper", "media", "Letters page", ((0, 3, 3),), ""),
    ("Quiet Streets committee", "group", "Pays for two seats", ((0, 5, 3),), ""),
    ("Parents’ table", "group", "12 parents speak for it", ((20, 1, 2),), ""),
    ("Tenants’ group", "group", "No contact yet", ((20, 3, 2),), ""),
    ("Student council", "group", "Tells the story", ((0, 2, 1), (45, 1, 1)), "They made a film."),
    ("Road merchants", "business", "Worry about cost", ((30, 4, 1),), ""),
)  # fmt: skip
PARTNERS = (((0, 1, 3),), ((0, 2, 3), (50, 1, 3)), ((15, 2, 2),))
TIES = (  # by what the actors are called; 0 and 1 stand for partners, DECIDES for who decides
    (0, "civic", "Board, seat 3"),
    (1, "work", "DECIDES"),
    (0, "member-of", "Superintendent’s family council"),
    ("Quiet Streets committee", "political", "Board, seat 5"),
    ("Community radio", "neighborhood", "Parents’ table"),
)
ASSETS = (
    ("people", "Crossing guard at the elementary school", "Knows every family by sight"),
    ("people", "Retired principals", "Three of them mentor new educators"),
    ("association", "Little league", "Coaches 300 children"),
    ("institution", "Branch library", "A room for 60, free on Mondays"),
    ("place", "Fairgrounds hall", "Kitchen, and parking for 200"),
    ("economy", "Farmers’ market", "Stalls for partners on Saturdays"),
    ("culture", "Harvest songs", "Sung at the school’s fall evening"),
)


def add_maps(world: World) -> None:
    """A map with movement, and assets, for each program that has come so far; a few begin with a
    gap.
    """
    number = 0
    for email, person in world.staff.items():
        if person.role != ORGANIZER:
            continue
        programs = Program.objects.visible_to(world.actors[email]).filter(
            lead=world.users[email], step_now__gte=3
        )
        for program in programs.order_by("start", "pk"):
            _map(world, program, email, QUESTIONS[number % len(QUESTIONS)])
            if number % 4 == 0:
                _start(world, program, email)
            number += 1


def _map(world: World, program: Program, email: str, question) -> None:
    what, office, first, now = question
    begun = min(program.start + timedelta(days=150), world.today - timedelta(days=5))
    actor = world.on(email, begun)
    values = {"program": str(program.uid), "question": what, "decision_maker": office}
    add = AddPowerMap(actor, values | {"stance": first})
    _done(world, add, begun)
    board, named = add.instance, {}
    named["DECIDES"] = MapActor.objects.visible_to(actor).get(power_map=board, decides=True)
    if now != first:
        _move(world, email, named["DECIDES"], (begun + timedelta(days=40), now, 4), "")
    near = Organization.objects.visible_to(actor).filter(home=program.home_id).order_by("pk")
    for at, (partner, places) in enumerate(zip(near[: len(PARTNERS)], PARTNERS, strict=False)):
        who = {"organization": str(partner.uid), "kind": "group", "about": ""}
        named[at] = _place(world, email, board, begun, who, places)
    for name, kind, about, places, note in ACTORS:
        who = {"name": name, "kind": kind, "about": about, "note": note}
        named[name] = _place(world, email, board, begun, who, places)
    for one, kind, other in TIES:
        if one in named and other in named:
            ends = {"one": str(named[one].uid), "other": str(named[other].uid), "kind": kind}
            tie = AddMapTie(actor, ends | {"power_map": str(board.uid)})
            _done(world, tie, begun + timedelta(days=20))
    _write_assets(world, program, email, begun)


def _place(world: World, email: str, board: PowerMap, begun: date, who: dict, places) -> MapActor:
    (after, stance, influence), *later = places
    day = min(begun + timedelta(days=after), world.today)
    values = {"power_map": str(board.uid), "stance": stance, "influence": influence}
    values |= who | ({"note": ""} if later else {})  # how we know is said of the last place
    add = AddMapActor(world.on(email, day), values)
    _done(world, add, day)
    for after, stance, influence in later:
        moved = begun + timedelta(days=after), stance, influence
        _move(world, email, add.instance, moved, who.get("note", ""))
    return add.instance


def _move(world: World, email: str, who: MapActor, to: tuple[date, int, int], note: str) -> None:
    day, stance, influence = to
    if day > world.today:
        return  # it has not come to that yet
    actor = world.on(email, day)
    row = MapActor.objects.visible_to(actor).get(pk=who.pk)
    values = {"stance": stance, "influence": influence, "note": note, "revision": row.revision}
    _done(world, MoveMapActor(actor, values, instance=row), day)


def _write_assets(world: World, program: Program, email: str, day: date) -> None:
    actor = world.on(email, day)
    row = Program.objects.visible_to(actor).get(pk=program.pk)
    lines = [{"kind": kind, "name": name, "note": note} for kind, name, note in ASSETS]
    _done(world, WriteAssets(actor, {"assets": lines, "revision": row.revision}, instance=row), day)


def _start(world: World, program: Program, email: str) -> None:
    """The organizer begins with a community of the program that has no active partner yet."""
    actor = world.on(email, world.today - timedelta(days=6))
    for link in program.community_links.visible_to(actor).select_related("community"):
        values = {"program": str(program.uid), "community": link.community.code}
        command = StartHere(actor, values)
        if command.attempt() is not None:
            world.date_back(command.run_made, actor.day)
            return


def _done(world: World, command, day: date) -> None:
    command.run()
    world.date_back(command.run_made, day)
