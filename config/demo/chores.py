"""Loads follow-ups: open, late, due today, done and dropped."""

from collections import defaultdict
from datetime import timedelta

from access.recording import running
from access.settling import every
from config.demo import meetings
from config.demo.staff import FORMER, ORGANIZER
from config.demo.world import Partner, World
from crm.commands import AddTask
from crm.models import Task


def add_tasks(world: World) -> None:
    """So many open ones as the size asks for, with those that meetings made, and closed ones."""
    made = every(Task).filter(status=Task.Status.OPEN).count()
    alive = [p for p in world.partners if p.demo.stage not in ("ended", "dormant")]
    alive = alive or world.partners
    mine: dict[str, list[Partner]] = defaultdict(list)
    for partner in alive:
        mine[partner.owner].append(partner)
    for owner in sorted({partner.owner for partner in world.partners} - mine.keys()):
        mine[owner] = [partner for partner in world.partners if partner.owner == owner]
    rows: dict[str, list[dict]] = defaultdict(list)
    for email, partners in mine.items():
        for number, late in enumerate((0, 0, 4)):
            due = world.actors[email].today() - timedelta(days=late)
            rows[email].append(_open(world, partners[number % len(partners)], due))
    left = world.count(300) - made - sum(map(len, rows.values()))
    for number in range(max(left, 0)):
        partner = world.rng.choice(alive)
        days = -world.rng.randrange(1, 25) if number % 5 == 0 else world.rng.randrange(1, 50)
        due = world.today + timedelta(days=days)
        rows[partner.owner].append(_open(world, partner, due))
    for email, some in rows.items():
        world.done(AddTask.many(world.actors[email], some), world.today - timedelta(days=30))
    _add_closed(world)


def _title(world: World, partner: Partner, email: str) -> str:
    people = [p for p in partner.people if not p.is_restricted]
    name = world.rng.choice(people).row.name if people else "the office"
    is_spanish = world.staff[email].language == "es" and bool(people) and world.rng.random() < 0.5
    language = "es" if is_spanish else "en"
    title = meetings.follow_up(world.rng, name, partner.demo.name, language)
    return title[:200]


def _open(world: World, partner: Partner, due) -> dict:
    about = partner.row
    kind = "organization"
    people = [p for p in partner.people if not p.is_restricted]
    if people and world.rng.random() < 0.3:
        kind, about = "contact", world.rng.choice(people).row
    title = _title(world, partner, partner.owner)
    row = {"title": title, "due": due, "about_kind": kind, "about": about.uid}
    if world.rng.random() < 0.06:
        row["repeats"] = world.rng.choice(("week", "month", "month", "quarter"))
    return row


def _add_closed(world: World) -> None:
    """Follow-ups that were done, most of them in time, and a few that were dropped."""
    closed: dict[str, list[Partner]] = defaultdict(list)
    for _number in range(world.count(600)):
        partner = world.rng.choice(world.partners)
        closed[partner.owner].append(partner)
    for email, partners in closed.items():
        if world.staff[email].role != ORGANIZER or email == FORMER.email:
            continue
        with running("FinishTask", world.actors[email]) as work:
            for partner in partners:
                room = max(20, (world.today - partner.since).days - 20)
                due = world.today - timedelta(days=world.rng.randrange(10, min(room, 700)))
                late = world.rng.choice((-6, -3, -1, 0, 0, 0, 0, 4, 9))
                is_done = world.rng.random() < 0.92
                Task(
                    title=_title(world, partner, email), owner=world.users[email],
                    author=world.users[email], due=due,
                    status=Task.Status.DONE if is_done else Task.Status.DROPPED,
                    done_on=due + timedelta(days=late) if is_done else None,
                    about_kind="organization", about=partner.uid,
                ).save()  # fmt: skip
            run = work.run
        world.date_back(run, world.today)
