"""What happens in the invented world, before any row is written: who is where, who met whom, when.

All of it lies in arrays of numbers, so that a million meetings take some fifty megabytes. Partners
and people are numbered from 1, as their ids are.
"""

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate, batched
from random import Random

from config.demo.rhythm import Rhythm

YEARS_BACK = 800  # days before today that meetings were held on
AHEAD = 20  # days that meetings are planned for
BUSIEST = 5_000  # meetings of the first partner
HELD, PLANNED, CANCELLED = range(3)

# People in hundred thousands, so that partners lie where people live.
_SHARES = """
AL 51 AK 7 AZ 74 AR 31 CA 390 CO 59 CT 36 DE 10 DC 7 FL 226 GA 110 HI 14 ID 20 IL 125 IN 69 IA 32
KS 29 KY 45 LA 46 ME 14 MD 62 MA 70 MI 100 MN 57 MS 29 MO 62 MT 11 NE 20 NV 32 NH 14 NJ 93 NM 21
NY 196 NC 108 ND 8 OH 118 OK 41 OR 42 PA 130 RI 11 SC 54 SD 9 TN 71 TX 305 UT 34 VT 6 VA 87 WA 78
WV 18 WI 59 WY 6 AS 1 GU 2 MP 1 PR 32 VI 1 -- 5
"""
PEOPLE = {code: int(share) for code, share in batched(_SHARES.split(), 2)}


@dataclass(frozen=True)
class Size:
    """How many rows of each kind."""

    meetings: int
    people: int
    partners: int
    affiliates: int
    organizers: int

    @classmethod
    def of(cls, times: float) -> "Size":
        """So many times the small size; less than one is for trying out."""
        whole = [max(1, round(n * times)) for n in (50_000, 25_000, 10_000)]
        return cls(*whole, affiliates=max(150, round(700 * times)), organizers=_users(times))


def _users(times: float) -> int:
    return max(12, round(60 * min(times, 10)))


@dataclass
class Plan:
    """The world in numbers; index 0 of what belongs to partners and people is not used."""

    size: Size
    today: date
    state: array = field(default_factory=lambda: array("B", [0]))  # of each partner, by position
    since: array = field(default_factory=lambda: array("i", [0]))  # the day it became known
    first_person: array = field(default_factory=lambda: array("I", [1, 1]))
    second_tie: array = field(
        default_factory=lambda: array("I")
    )  # of people: another partner, or 0
    hidden_person: bytearray = field(default_factory=bytearray)

    # of each meeting, in the order of days
    day: array = field(default_factory=lambda: array("i"))
    partner: array = field(default_factory=lambda: array("I"))  # 0: people alone
    other: array = field(default_factory=lambda: array("I"))
    person: array = field(default_factory=lambda: array("I"))
    companion: array = field(default_factory=lambda: array("I"))
    words: array = field(default_factory=lambda: array("H"))  # which of the invented meetings
    status: bytearray = field(default_factory=bytearray)
    hidden: bytearray = field(default_factory=bytearray)
    strength: bytearray = field(default_factory=bytearray)

    # what follows
    met: array = field(default_factory=lambda: array("i"))  # of partners: last day of contact
    met_person: array = field(default_factory=lambda: array("i"))
    judged: array = field(default_factory=lambda: array("i"))
    value: bytearray = field(default_factory=bytearray)

    def people_of(self, partner: int) -> range:
        """The people whose main organization it is."""
        return range(self.first_person[partner], self.first_person[partner + 1])


def plan(rng: Random, size: Size, today: date, regions: list[str], states: list[str], counts):
    """The whole plan. `counts` says of each invented meeting whether it is contact; `regions` is
    the region of each state.
    """
    made = Plan(size, today)
    _place(rng, made, states)
    _settle_people(rng, made)
    _meet(rng, made, regions, counts)
    return made


def _place(rng: Random, made: Plan, states: list[str]) -> None:
    weights = list(accumulate(PEOPLE[code] for code in states))
    start, end = made.today.toordinal() - YEARS_BACK, made.today.toordinal()
    imported = made.size.partners * 17 // 20
    for number in range(1, made.size.partners + 1):
        made.state.append(bisect_left(weights, rng.random() * weights[-1]))
        late = max(0, number - imported) / max(1, made.size.partners - imported)
        made.since.append(start - 30 + round(late * (end - start)))
    made.state[1] = states.index("CA")  # the busiest


def _settle_people(rng: Random, made: Plan) -> None:
    """How many people each partner has: mostly one to four, now and then a crowd."""
    alone = max(1, made.size.people * 3 // 100)
    wanted = made.size.people - alone
    choices = (0, 1, 2, 3, 4, 6, 9, 15)
    sums = list(accumulate((10, 24, 25, 18, 10, 8, 3, 2)))
    counts = [choices[bisect_left(sums, rng.random() * 100)] for _n in range(made.size.partners)]
    counts[0] = min(60, wanted // 2)
    missing = wanted - sum(counts)
    while missing:
        one = rng.randrange(1, len(counts)) if len(counts) > 1 else 0
        if missing > 0 or counts[one]:
            counts[one] += 1 if missing > 0 else -1
            missing += -1 if missing > 0 else 1
    for count in counts:
        made.first_person.append(made.first_person[-1] + count)
    made.second_tie = array("I", bytes(4 * (made.size.people + 1)))
    made.hidden_person = bytearray(made.size.people + 1)
    for number in range(1, wanted + 1):
        if rng.random() < 0.12:
            made.second_tie[number] = rng.randrange(1, made.size.partners + 1)
        made.hidden_person[number] = rng.random() < 0.01


def shares(size: Size) -> list[int]:
    """Meetings of each partner from the busiest on: thousands with a few, a handful with most."""
    busiest = min(BUSIEST, size.meetings // 2)
    rest, count = size.meetings - busiest, max(1, size.partners - 1)
    alive = max(1, count * 85 // 100)  # the others were never met
    weights = [(rank / count + 0.0002) ** -0.9 for rank in range(alive)]
    scale, found, owed = rest / sum(weights), [], 0.0
    for weight in weights:
        owed += weight * scale
        found.append(int(owed))
        owed -= found[-1]
    found[0] += rest - sum(found)
    return [busiest, *found] + [0] * (size.partners - 1 - alive)


def _meet(rng: Random, made: Plan, regions: list[str], counts) -> None:
    size, today = made.size, made.today.toordinal()
    first, last = date.fromordinal(today - YEARS_BACK), date.fromordinal(today + AHEAD)
    rhythm = Rhythm(first, last)
    order = list(range(2, size.partners + 1))
    rng.shuffle(order)
    pairs = array("Q")
    for partner, count in zip([1, *order], shares(size), strict=True):
        if count:
            since = date.fromordinal(max(made.since[partner], today - YEARS_BACK))
            quiet = last
            if partner > 1 and rng.random() < 0.2:
                quiet = max(since, date.fromordinal(today - rng.randrange(60, 400)))
            region = regions[made.state[partner]]
            for day in rhythm.days(rng, region, since, quiet, count):
                pairs.append(day.toordinal() << 32 | partner)
    by_state: dict[int, list[int]] = {}
    for partner in order:
        by_state.setdefault(made.state[partner], []).append(partner)
    made.met = array("i", [1]) * (size.partners + 1)
    made.met_person = array("i", [1]) * (size.people + 1)
    made.judged = array("i", [0]) * (size.partners + 1)
    made.value = bytearray(size.partners + 1)
    for pair in sorted(pairs):
        _one(rng, made, pair >> 32, pair & 0xFFFFFFFF, by_state, counts, today)


def _one(rng, made: Plan, day: int, partner: int, by_state, counts, today: int) -> None:
    roll, people = rng.random(), made.people_of(partner)
    other = person = companion = 0
    if len(people) and rng.random() < 0.85:
        person = people[int(len(people) * rng.random() ** 2)]
        if len(people) > 1 and rng.random() < 0.2:
            companion = rng.choice(people)
            companion = 0 if companion == person else companion
    if roll < 0.05:
        near = by_state.get(made.state[partner], ())
        far = roll < 0.015 or not near
        other = rng.choice(near) if not far else rng.randrange(2, len(made.state))
        if other == partner:
            other = 0
    hidden = rng.random() < 0.012 or made.hidden_person[person] or made.hidden_person[companion]
    status = HELD
    if day > today or (day > today - 12 and rng.random() < 0.05):
        status = PLANNED
    elif rng.random() < 0.04:
        status = CANCELLED
    words = rng.randrange(len(counts))
    strength = rng.choice((1, 2, 2, 3, 3, 3, 4, 4, 5)) if rng.random() < 0.08 else 0
    strength = strength if status == HELD and not hidden else 0
    is_alone = partner > 1 and person and not other and not strength and rng.random() < 0.02
    shown = 0 if is_alone else partner
    for column, value in (
        (made.day, day), (made.partner, shown), (made.other, other), (made.person, person),
        (made.companion, companion), (made.words, words), (made.status, status),
        (made.hidden, hidden), (made.strength, strength),
    ):  # fmt: skip
        column.append(value)
    if status == HELD and not hidden and counts[words]:
        for one in (shown, other):
            made.met[one] = day
        for one in (person, companion):
            made.met_person[one] = day
    if strength:
        for one in (shown, other):
            made.judged[one], made.value[one] = day, strength
