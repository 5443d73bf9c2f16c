"""Writes the planned partners and people, with what belongs to them and who added it."""

from dataclasses import dataclass
from datetime import date
from random import Random

from bench.bulk import Book, moment, uid_at
from bench.plan import Plan
from config.demo import addresses, names
from config.demo.contacts import ROLES
from config.demo.organization_words import (
    BRINGS,
    COMMUNITIES,
    FOCUS_AREAS,
    KINDS,
    LABELS,
    LANGUAGES,
    MORE_FOCUS_AREAS,
    NATIVE,
    NATIVE_KINDS,
    OWN,
    ROOTS,
    SUFFIXES,
    WANTS,
)
from config.demo.partners import PATH
from config.demo.places import ABROAD, PLACES, Place
from crm import models as crm
from lists.folding import fold, search_key

SLICE = 5_000  # rows of one import
TAGS = ("coalition table", "back to school", "bilingual", "meets monthly", "summer program")
_PLAIN_KINDS = tuple(kind for kind in KINDS if kind not in NATIVE_KINDS)
_STAGES = (*PATH, "dormant", "ended")
_SHARES = (22, 18, 18, 26, 8, 6, 2)


@dataclass
class Cast:
    """Who and what is there already: ids by code, and users as (id, uid)."""

    states: list[str]  # codes, in the order that the plan counts them in
    state_ids: list[int]
    regions: list[str]  # code of each state's region
    codes: dict[str, dict[str, int]]  # {table: {code: id}}
    organizers: list[list[tuple[int, str]]]  # of each state
    importer: tuple[int, str]
    lead: tuple[int, str]
    affiliates: list[list[int]]  # ids, of each state

    def organizer(self, rng: Random, state: int) -> tuple[int, str]:
        return rng.choice(self.organizers[state])


class Partners:
    """Writes partners and people; keeps who owns each partner, for the meetings."""

    def __init__(self, rng: Random, made: Plan, book: Book, cast: Cast):
        self.rng, self.made, self.book, self.cast = rng, made, book, cast
        self.owners: list[tuple[int, str] | None] = [None] * (made.size.partners + 1)
        self.uids: list[str] = [""] * (made.size.partners + 1)
        self.run_left, self.run = 0, 0

    def fill(self) -> None:
        for number in range(1, self.made.size.partners + 1):
            self._partner(number)
        self.run_left = 0
        first_alone = self.made.first_person[-1]
        person = partner = 1
        while person <= self.made.size.people:
            while person < first_alone and person >= self.made.first_person[partner + 1]:
                partner += 1
            self._person(person, partner if person < first_alone else 0)
            person += 1

    def _place(self, number: int) -> Place:
        code = self.cast.states[self.made.state[number]]
        return self.rng.choice(PLACES[code] if code != "--" else ABROAD)

    def _added(self, what: str, day: int, author, row_uid: str) -> int:
        """The run that a row belongs to: an import for those known from the start."""
        if day > self.made.today.toordinal() - 800:
            return self.book.run(what, author, moment(day, self.rng.random() * 40_000), row_uid)
        if not self.run_left:
            at = moment(day, 50_000)
            self.run_left = SLICE
            self.run = self.book.run(what, self.cast.importer, at, None, count=SLICE)
        self.run_left -= 1
        return self.run

    def _partner(self, number: int) -> None:
        rng, made, cast, codes = self.rng, self.made, self.cast, self.cast.codes
        state, day, place = made.state[number], made.since[number], self._place(number)
        community = NATIVE if rng.random() < 0.1 else rng.choice(COMMUNITIES)
        kind = rng.choice(NATIVE_KINDS if community == NATIVE else _PLAIN_KINDS)
        name = _name(rng, kind, community, place)
        former = _name(rng, kind, community, place) if rng.random() < 0.1 else ""
        short = "".join(word[0] for word in name.split() if word[0].isupper())
        others = [pair for pair in (("former", former), ("short", short)) if pair[1]]
        others = others if rng.random() < 0.3 else []
        is_old = day <= made.today.toordinal() - 800
        author = cast.importer if is_old else cast.organizer(rng, state)
        at = moment(day, 30_000 + number % 20_000)
        uid = self.uids[number] = uid_at(at)
        run = self._added("AddOrganization", day, author, uid)
        home = cast.state_ids[state]
        row = {
            "id": number, "uid": uid, "name": name, "kind_id": codes["organization_kinds"][kind],
            "scope": rng.choice(("", "local", "local", "local", "state", "national")),
            "they_bring": rng.choice(BRINGS) if rng.random() < 0.3 else "",
            "they_want": rng.choice(WANTS) if rng.random() < 0.3 else "",
            "quiet_after_days": 240 if kind == "tribal-nation" else None,
            "author_id": author[0], "sort_name": fold(name)[:200], "home_id": home,
            "city": place.city, "last_contact": date.fromordinal(made.met[number]).isoformat(),
            "search_key": search_key(name, *(other for _kind, other in others), place.city),
        }  # fmt: skip
        if made.judged[number]:
            row["strength"] = made.value[number]
            row["strength_day"] = date.fromordinal(made.judged[number]).isoformat()
        later = self._owner(number, row, author, run) + self._stages(number, row, author, run)
        row["revision"] = 1 + len(later)
        self.book.put(crm.Organization, row, run)
        for step, (model, part, who, when) in enumerate(sorted(later, key=lambda it: it[3]), 2):
            moved = self.book.run(
                "ChangeOrganization", who, moment(when, rng.random() * 60_000), uid
            )
            self.book.put(model, part, moved)
            self.book.change(crm.Organization, row | {"revision": step}, moved, {}, {})
        self._parts(row, run, community, others, place, at)

    def _owner(self, number: int, row: dict, author, run: int) -> list:
        """Dated owners: the first comes with the partner, a second one later by a lead or herself.

        What comes later is returned: (model, row, who did it, day).
        """
        rng, cast, made = self.rng, self.cast, self.made
        if number > 1 and rng.random() > 0.72:
            return []
        state, day = made.state[number], made.since[number]
        owner = author if author is not cast.importer else cast.organizer(rng, state)
        first = self._dated(crm.OwnerSince, row, day, author, owner_id=owner[0])
        self.book.put(crm.OwnerSince, first, run)
        row["owner_id"] = row["confirmed_owner_id"] = owner[0]
        self.owners[number] = owner
        today = made.today.toordinal()
        if rng.random() > 0.2 or day + 2 > today:
            return []
        owner, when = cast.organizer(rng, state), rng.randrange(max(day, today - 700) + 1, today)
        by = owner if rng.random() < 0.3 else cast.lead
        row["owner_id"], row["confirmed_owner_id"] = owner[0], None if by is owner else owner[0]
        self.owners[number] = owner
        part = self._dated(crm.OwnerSince, row, when, by, owner_id=owner[0])
        return [(crm.OwnerSince, part, by, when)]

    def _stages(self, number: int, row: dict, author, run: int) -> list:
        rng, made = self.rng, self.made
        day, today = made.since[number], made.today.toordinal()
        last = rng.choices(_STAGES, _SHARES)[0] if number > 1 else "strategic"
        path = [*PATH[: 3 if last in _STAGES[5:] else PATH.index(last)], last]
        path = path[rng.randrange(len(path)) :]
        ids, later = self.cast.codes["stages"], []
        first = self._dated(crm.StageSince, row, day, author, stage_id=ids[path[0]])
        self.book.put(crm.StageSince, first, run)
        free = range(max(day, today - 790) + 1, today)
        days = sorted(rng.sample(free, len(path) - 1)) if len(free) >= len(path) else []
        for stage, when in zip(path[1:], days, strict=False):
            who = self.owners[number] or self.cast.lead
            part = self._dated(crm.StageSince, row, when, who, stage_id=ids[stage])
            later.append((crm.StageSince, part, who, when))
        newest = later[-1][1] if later else first
        row["stage_id"], row["stage_day"] = newest["stage_id"], newest["day"]
        return later

    def _dated(self, model, row: dict, day: int, author, **values) -> dict:
        return values | {
            "uid": uid_at(moment(day, 40_000)),
            "organization_id": row["id"],
            "day": date.fromordinal(day).isoformat(),
            "author_id": author[0],
        }

    def _parts(self, row: dict, run: int, community: str, others, place: Place, at) -> None:
        rng, codes, number = self.rng, self.cast.codes, row["id"]
        domain = addresses.domain(row["name"])

        def part(model, **values):
            self.book.put(model, values | {"uid": uid_at(at), "organization_id": number}, run)

        where = {"state_id": row["home_id"]} if place.state != "--" else {"country": place.country}
        part(
            crm.Location, kind="physical", street=addresses.street(rng), city=place.city,
            zip=addresses.postal_code(rng, place), is_main=True, **where,
        )  # fmt: skip
        if rng.random() < 0.15:
            part(crm.Location, kind="mailing", street=f"PO Box {number}", city=place.city, **where)
        if rng.random() < 0.8:
            phone = _phone(rng, place)
            part(crm.OrganizationPhone, number=phone[0], e164=phone[1])
        if rng.random() < 0.6:
            part(crm.OrganizationEmail, email=f"office@{domain}")
        if rng.random() < 0.5:
            part(crm.Website, url=f"https://{domain}/")
        if rng.random() < 0.1:
            part(crm.ExternalId, scheme="EIN", value=f"{number % 90 + 10}-{number:07}")
        for kind, name in others:
            part(crm.OrganizationName, name=name, kind=kind)
        if rng.random() < 0.2:
            tag = rng.choice(TAGS)
            part(crm.Tag, name=tag, sort_name=fold(tag)[:60])
        spoken = rng.sample(LANGUAGES[community], rng.choice((0, 0, 1, 2)))
        for code in spoken:
            part(crm.OrganizationLanguage, language_id=codes["languages"][code])
        if rng.random() < 0.9 or number == 1:
            served = [community, *rng.sample(COMMUNITIES, rng.choice((0, 0, 0, 1, 2)))]
            for code in dict.fromkeys(served):
                part(crm.OrganizationCommunity, community_id=codes["communities"][code])
        focus = [rng.choice(FOCUS_AREAS[community]), rng.choice(MORE_FOCUS_AREAS)]
        for code in dict.fromkeys(focus[: rng.choice((0, 1, 2))]):
            part(crm.OrganizationFocusArea, focus_area_id=codes["focus_areas"][code])

    def _person(self, number: int, partner: int) -> None:
        rng, made, cast = self.rng, self.made, self.cast
        state = made.state[partner] if partner else rng.randrange(len(cast.states))
        who = names.person_of(rng, rng.choice(COMMUNITIES))
        day = max(made.since[partner], 0) if partner else made.today.toordinal() - 830
        is_old = day <= made.today.toordinal() - 800
        author = cast.importer if is_old else self.owners[partner] or cast.lead
        at = moment(day, 31_000 + number % 20_000)
        uid = uid_at(at)
        run = self._added("AddContact", day, author, uid)
        home = cast.state_ids[state]
        row = {
            "id": number, "uid": uid, "name": who.full_name, "preferred_name": who.preferred_name,
            "pronouns": who.pronouns, "state_id": None if partner else home,
            "visibility": "restricted" if made.hidden_person[number] else "team",
            "author_id": author[0], "sort_name": fold(who.full_name)[:200], "home_id": home,
            "last_contact": date.fromordinal(made.met_person[number]).isoformat(),
            "search_key": search_key(who.full_name, who.preferred_name),
        }  # fmt: skip
        if rng.random() < 0.1 and cast.affiliates[state]:
            row["member_affiliate_id"] = rng.choice(cast.affiliates[state])
            row["member_category"] = rng.choice(("educator", "educator", "support", "retired"))
        asked = rng.choice(("email", "phone", "all")) if rng.random() < 0.02 else ""
        if asked:
            row["no_contact" if asked == "all" else f"no_{asked}"] = True
        self.book.put(crm.Contact, row, run)

        def part(model, **values):
            self.book.put(model, values | {"uid": uid_at(at), "contact_id": number}, run)

        if partner:
            start = date.fromordinal(day - rng.randrange(2_000)).isoformat()
            part(
                crm.Affiliation, organization_id=partner, role=rng.choice(ROLES), start=start,
                is_primary=True,
            )  # fmt: skip
            self._second_tie(number, home, part)
        if rng.random() < 0.8:
            mail = f"{addresses.plain(who.full_name).replace('-', '.')}.{number}@mail.example"
            part(crm.ContactEmail, email=mail.lower())
        for _one in range(rng.choice((0, 0, 1, 1, 1, 1, 2))):
            code = cast.states[state]
            phone = _phone(rng, rng.choice(PLACES[code] if code != "--" else ABROAD))
            part(crm.ContactPhone, number=phone[0], e164=phone[1], label=rng.choice(("", "cell")))
        if rng.random() < 0.25:
            part(crm.ContactLanguage, language_id=cast.codes["languages"][who.languages[0]])
        told = {"source": "Said so at a meeting", "day": date.fromordinal(day).isoformat()}
        if asked:
            part(crm.DoNotContact, channel=asked, author_id=author[0], **told)
        if rng.random() < 0.05:
            part(crm.Consent, scope="Invitations by e-mail", author_id=author[0], **told)

    def _second_tie(self, number: int, home: int, part) -> None:
        other = self.made.second_tie[number]
        if not other:
            return
        end = "2024-06-30" if self.rng.random() < 0.4 else None
        part(crm.Affiliation, organization_id=other, role=self.rng.choice(ROLES), end=end)
        there = self.cast.state_ids[self.made.state[other]]
        if there != home:
            reach(self.book, "contact", number, there)


def reach(book: Book, kind: str, row_id: int, state_id: int) -> None:
    """Let a row be seen in another state too, as settling does."""
    from access.models import Reach

    book.table(Reach).add({"kind": kind, "row_id": row_id, "state_id": state_id})


def _name(rng: Random, kind: str, community: str, place: Place) -> str:
    """The name of a partner. Many carry the same one in different towns, as churches do."""
    own = OWN.get((community, kind), ())
    shape, _bar, words = rng.choice(
        own if own and rng.random() < 0.4 else SUFFIXES[kind]
    ).partition(" | ")
    name = shape.format(
        root=rng.choice(ROOTS[community]),
        label=rng.choice(LABELS[community]),
        city=place.city,
        own=rng.choice(words.split(", ")),
    )
    roll = rng.random()
    if roll < 0.5 and place.city not in name:
        name += f" of {place.city}"
    elif roll < 0.7:
        name += f", {rng.choice(('North', 'South', 'East', 'West', 'Central'))} Chapter"
    return name[:200]


def _phone(rng: Random, place: Place) -> tuple[str, str]:
    """(as typed, E.164): a number with the 555 that is kept for invented ones."""
    code, last = rng.choice(place.area_codes or ("202",)), rng.randrange(10_000)
    return f"({code}) 555-{last:04}", f"+1{code}555{last:04}"
