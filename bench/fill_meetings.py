"""Writes the planned meetings with their links, judgements and follow-ups, and who logged them."""

from datetime import date
from random import Random

from bench.bulk import Book, moment, uid_at
from bench.fill_partners import Cast, Partners, reach
from bench.plan import CANCELLED, HELD, PLANNED, Plan
from config.demo import meetings
from crm import models as crm

POOL = 4_000  # invented meetings that are drawn from
STATUS = {HELD: "held", PLANNED: "planned", CANCELLED: "cancelled"}
SPOKEN = ("meeting", "one-to-one", "call", "site-visit", "event")  # they count as contact


def pool(rng: Random) -> list[meetings.Meeting]:
    """The invented meetings that the plan names by number."""
    who = ("Keisha", "María", "Linh", "Dawit", "the director", "Ngọzi", "Tomás", "Yer", "Ruth")
    org = ("the center", "the parish", "the council", "the parents' circle", "the newsroom")
    return [
        meetings.meeting(
            rng, rng.choice(who), rng.choice(org), language=rng.choice(("en", "en", "en", "es"))
        )
        for _number in range(POOL)
    ]


class Meetings:
    """Writes meetings in the order of their days."""

    def __init__(self, rng: Random, made: Plan, book: Book, cast: Cast, partners: Partners, words):
        self.rng, self.made, self.book, self.cast = rng, made, book, cast
        self.partners, self.words = partners, words
        self.today = made.today.toordinal()

    def fill(self) -> None:
        for number in range(1, len(self.made.day) + 1):
            self._meeting(number)

    def _state_of(self, number: int) -> int:
        """The state, by position, of a meeting's partner, or of its people's."""
        partner = self.made.partner[number - 1] or self._home_of(self.made.person[number - 1])
        return self.made.state[partner]

    def _home_of(self, person: int) -> int:
        """The partner whose people a person belongs to."""
        low, high = 1, self.made.size.partners
        while low < high:
            middle = (low + high + 1) // 2
            if self.made.first_person[middle] <= person:
                low = middle
            else:
                high = middle - 1
        while person not in self.made.people_of(low):
            low -= 1
        return low

    def _meeting(self, number: int) -> None:
        rng, made, cast, codes = self.rng, self.made, self.cast, self.cast.codes
        n = number - 1
        state, day, status = self._state_of(number), made.day[n], made.status[n]
        it = self.words[made.words[n]]
        partner = made.partner[n]
        owner = self.partners.owners[partner] if partner else None
        who = owner if owner and rng.random() < 0.85 else cast.organizer(rng, state)
        logged = min(day, self.today - 1) if status != PLANNED else min(day, self.today) - 5
        at = moment(max(logged, self.today - 800), 40_000 + rng.random() * 40_000)
        uid = uid_at(at)
        run = self.book.run("LogInteraction", who, at, uid)
        row = {
            "id": number, "uid": uid, "kind_id": codes["interaction_kinds"][it.kind],
            "status": STATUS[status], "day": date.fromordinal(day).isoformat(),
            "minutes": it.minutes, "place": it.where,
            "summary": it.summary if status == HELD else "",
            "outcome_id": codes["outcomes"][it.outcome] if it.outcome and status == HELD else None,
            "strategy": rng.choice(("", "", "", "awareness", "capacity", "action")),
            "crisis": rng.random() < 0.06,
            "visibility": "restricted" if made.hidden[n] else "team",
            "author_id": who[0], "home_id": cast.state_ids[state],
        }  # fmt: skip
        if cast.affiliates[state] and rng.random() < 0.9:
            row["affiliate_id"] = cast.affiliates[state][who[0] % len(cast.affiliates[state])]
        if rng.random() < 0.25:
            row |= {"start": f"{rng.randrange(8, 19):02}:{rng.choice((0, 15, 30)):02}:00"}
            row["zone"] = "America/Chicago"
        if it.kind == "one-to-one":
            row["purpose"] = rng.choice(("first", "maintenance", "escalation"))
        is_edited = status == HELD and rng.random() < 0.05
        row["revision"] = 1 + is_edited
        row = self.book.put(crm.Interaction, row, run)
        self._links(number, row, who, run, at, it)
        if is_edited:
            self._edit(row, who, at)

    def _links(self, number: int, row: dict, who, run: int, at, it) -> None:
        rng, made, cast, n = self.rng, self.made, self.cast, number - 1
        here = {"interaction_id": number}

        def link(model, **values):
            self.book.put(model, here | values | {"uid": uid_at(at)}, run)

        states = {row["home_id"]}
        partners = [one for one in (made.partner[n], made.other[n]) if one]
        for position, one in enumerate(partners):
            link(crm.InteractionOrganization, organization_id=one, position=position)
            states.add(cast.state_ids[made.state[one]])
        people = [one for one in (made.person[n], made.companion[n]) if one]
        for position, one in enumerate(people):
            link(crm.InteractionContact, contact_id=one, position=position)
        colleagues = [who[0]]
        if rng.random() < 0.06:
            colleagues.append(cast.organizer(rng, self._state_of(number))[0])
        for position, one in enumerate(dict.fromkeys(colleagues)):
            link(crm.InteractionOrganizer, user_id=one, position=position)
        if it.focus_area:
            link(crm.InteractionFocusArea, focus_area_id=cast.codes["focus_areas"][it.focus_area])
        for one in partners if made.strength[n] else []:
            judged = {"organization_id": one, "value": made.strength[n], "day": row["day"]}
            link(crm.Strength, author_id=who[0], **judged)
        for state in states - {row["home_id"]}:
            reach(self.book, "interaction", number, state)
        if it.next_step and partners and rng.random() < 0.12:
            self._follow_up(row, partners[0], who, run, at, it.next_step)

    def _follow_up(self, row: dict, partner: int, who, run: int, at, title: str) -> None:
        due = date.fromisoformat(row["day"]).toordinal() + self.rng.randrange(5, 40)
        is_open = due > self.today - 20 or self.rng.random() < 0.15
        day = date.fromordinal(due).isoformat()
        self.book.put(crm.Task, {
            "uid": uid_at(at), "title": title[:200], "owner_id": who[0], "author_id": who[0],
            "due": day, "first_due": day, "status": "open" if is_open else "done",
            "done_on": None if is_open else day, "about_kind": "organization",
            "about": self.partners.uids[partner], "made_in": row["uid"],
            "home_id": self.cast.state_ids[self.made.state[partner]],
            "visibility": row["visibility"],
        }, run)  # fmt: skip

    def _edit(self, row: dict, who, at) -> None:
        """Somebody put the words of a meeting right."""
        run = self.book.run("ChangeInteraction", who, at, row["uid"])
        before = {"summary": row["summary"].rstrip(".")}
        self.book.change(crm.Interaction, row, run, before, {"summary": row["summary"]})
