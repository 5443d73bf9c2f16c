"""Loads two years of meetings, as each organizer would have logged them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from access.keys import uuid7
from config.demo import meetings
from config.demo.partners import PATH
from config.demo.rhythm import COOLING, HALF_A_YEAR, Rhythm
from config.demo.staff import FORMER, LEAD
from config.demo.world import Partner, Person, World
from crm.commands import LogInteraction


@dataclass
class Diary:
    """What is to be logged: (day, values) by organizer and season, and the next steps in them."""

    rows: dict[tuple[str, int], list[tuple[date, dict]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    steps: list[tuple[dict, dict]] = field(default_factory=list)  # (values, the step to add)


_STRENGTH = {"contacted": (1, 2), "exploring": (2, 3), "active": (3, 4), "strategic": (4, 5),
             "dormant": (1, 2)}  # fmt: skip
_CARES = ("Class sizes in the early grades", "Safe walks to school", "Books in both languages",
          "Young people who come back to teach", "A nurse in every school")  # fmt: skip
_ASKS = ("Come to the hearing with three parents", "Sign the letter on class sizes",
         "Host the next conversation", "Introduce us to the board chair")  # fmt: skip
NEXT_STEP_DAYS = 40


def add_meetings(world: World) -> None:
    """Meetings held, planned and called off; one list of them for each organizer and season."""
    rhythm = Rhythm(world.start, world.today)
    counts = _counts(world)
    diary = Diary()
    for partner, count in zip(world.partners, counts, strict=True):
        last = min(partner.until, world.today - timedelta(days=1))
        days = rhythm.days(world.rng, partner.region, partner.since, last, count)
        for day in days:
            _add(world, diary, partner, day)
    steps = min(len(diary.steps), world.count(150))
    for values, step in world.rng.sample(diary.steps, steps):
        values |= step
    _add_planned(world, diary)
    for (email, _season), some in sorted(
        diary.rows.items(), key=lambda pair: (pair[0][1], pair[0][0])
    ):
        some.sort(key=lambda pair: pair[0])
        result = LogInteraction.many(world.actors[email], [values for _day, values in some])
        world.done(result, some[-1][0])


def _counts(world: World) -> list[int]:
    """How often each partner is met, so that all of them together make what the size asks for."""
    total = world.count(8_000)
    weights = [it.meetings for it in world.partners]
    share = total / (sum(weights) or 1)
    counts = [int(weight * share) for weight in weights]
    busiest = sorted(range(len(counts)), key=lambda n: -weights[n])
    for number in range(total - sum(counts)):
        counts[busiest[number % len(busiest)]] += 1
    return counts


def _add(world: World, diary: Diary, partner: Partner, day: date, **fixed) -> None:
    rng = world.rng
    email = _who(world, partner, day)
    people = _there(world, partner, email)
    name = people[0].row.preferred_name or people[0].row.name if people else "the front desk"
    actor = world.actors[email]
    language = "es" if actor.language == "es" and rng.random() < 0.5 else "en"
    if language == "es" and not people:
        name = "la recepción"
    it = meetings.meeting(rng, name, partner.demo.name, language=language)
    values = {
        "uid": uuid7(), "kind": it.kind, "status": "held", "day": day,
        "summary": it.summary[:1].upper() + it.summary[1:],
        "outcome": it.outcome, "minutes": it.minutes, "place": it.where,
        "organizations": [partner.uid], "contacts": [person.row.uid for person in people],
        "focus_areas": [it.focus_area] if it.focus_area else [],
        "visibility": "restricted" if any(p.is_restricted for p in people) or rng.random() < 0.012
        else "team",
        "crisis": rng.random() < 0.06,
        "strategy": rng.choice(("", "", "", "awareness", "capacity", "action")),
    }  # fmt: skip
    if rng.random() < 0.04:
        values["status"] = "cancelled"
    elif it.kind not in ("e-mail", "text"):
        _judge(world, partner, day, values)
    if it.kind == "one-to-one":
        _one_to_one(world, partner, day, values)
    if rng.random() < 0.25 and it.kind != "text":
        values["start"] = f"{rng.randrange(8, 19):02d}:{rng.choice((0, 15, 30)):02d}"
    _add_more(world, partner, email, day, values)
    values |= fixed
    is_recent = 0 < (world.today - day).days < NEXT_STEP_DAYS
    if it.next_step and is_recent and values["status"] == "held":
        diary.steps.append((values, {"next_step": it.next_step, "next_due": _due(world, day)}))
    diary.rows[email, _season(world, day)].append((day, values))


def _due(world: World, day: date) -> date:
    due = day + timedelta(days=world.rng.randrange(5, 40))
    is_late = world.rng.random() < 0.2
    return due if due > world.today or is_late else world.today + timedelta(days=due.day)


def _season(world: World, day: date) -> int:
    return max(0, min((day - world.start).days, 729)) // 122


def _who(world: World, partner: Partner, day: date) -> str:
    """Mostly the owner of that day; now and then a lead of the region."""
    if partner.meetings > 12 and world.rng.random() < 0.07:
        leads = [e for e, it in world.staff.items()
                 if it.role == LEAD and world.covering(e, partner.demo.place.state)]  # fmt: skip
        if leads:
            return world.rng.choice(leads)
    return partner.owner_on(day)


def _there(world: World, partner: Partner, email: str) -> list[Person]:
    """One or two people of the partner; restricted ones only with who may read them."""
    may_read = {partner.owner, *(e for e, it in world.staff.items() if it.role == LEAD)}
    known = [p for p in partner.people
             if not p.is_restricted or email == p.author or email in may_read]  # fmt: skip
    if not known or world.rng.random() < 0.1:
        return []
    return world.rng.sample(known, min(len(known), world.rng.choice((1, 1, 1, 2))))


def _judge(world: World, partner: Partner, day: date, values: dict) -> None:
    stage = partner.stage_on(day)
    if stage in _STRENGTH and values["visibility"] == "team" and world.rng.random() < 0.12:
        value = world.rng.choice(_STRENGTH[stage])
        if partner.region == COOLING and (world.today - day).days < HALF_A_YEAR:
            value = max(1, value - 1)
        values["strength_after"] = value


def _one_to_one(world: World, partner: Partner, day: date, values: dict) -> None:
    rng, stage = world.rng, partner.stage_on(day)
    values["purpose"] = "first" if stage in PATH[:2] else rng.choice(("maintenance", "escalation"))
    if rng.random() < 0.4:
        values |= {"cares_about": rng.choice(_CARES), "ask": rng.choice(_ASKS),
                   "answer": rng.choice(("yes", "yes", "later", "no"))}  # fmt: skip
        if rng.random() < 0.5:
            values["thanked_on"] = min(day + timedelta(days=2), world.today)


def _add_more(world: World, partner: Partner, email: str, day: date, values: dict) -> None:
    """Sometimes a colleague comes along, or a second partner, of another region with a lead."""
    rng, actor = world.rng, world.actors[email]
    if rng.random() < 0.06:
        others = [e for e in world.staff
                  if e not in (email, FORMER.email) and world.covering(e, partner.demo.place.state)
                  and world.staff[e].role in ("organizer", LEAD)]  # fmt: skip
        if others:
            both = (world.users[email], world.users[rng.choice(others)])
            values["organizers"] = [user.uid for user in both]
    if rng.random() < 0.05:
        other = rng.choice(world.partners)
        if other is not partner and actor.covers(world.state_ids[other.demo.place.state]):
            values["organizations"] = [partner.uid, other.uid]


def _add_planned(world: World, diary: Diary) -> None:
    """Meetings ahead, one today for each organizer, and some whose day passed without a word."""
    rng = world.rng
    alive = [p for p in world.partners if p.until == world.today and p.meetings > 1]
    if not alive:
        return
    plan = [(partner, 0) for partner in {p.owner: p for p in alive}.values()]
    plan += [(rng.choice(alive), rng.randrange(1, 60)) for _n in range(world.count(70))]
    plan += [(rng.choice(alive), -rng.randrange(1, 12)) for _n in range(world.count(14))]
    for partner, days in plan:
        day = world.today + timedelta(days=days)
        _add(
            world, diary, partner, day, status="planned", summary="", outcome="",
            strength_after="", visibility="team", contacts=[], thanked_on=None, crisis=False,
            start=f"{rng.randrange(9, 18):02d}:00", answer="", ask="", cares_about="",
        )  # fmt: skip
