"""Loads people: their partners now and before, how to reach them, and what they asked of us."""

from collections import defaultdict
from datetime import timedelta

from access.keys import uuid7
from access.recording import running
from config.demo import addresses, names
from config.demo.places import every_place
from config.demo.staff import FORMER, ORGANIZER
from config.demo.world import Partner, Person, World
from crm.commands import AddContact
from crm.models import Channel, Consent, DoNotContact

ROLES = (
    "Executive director", "Program coordinator", "Board chair", "Family liaison", "Organizer",
    "Volunteer coordinator", "Youth worker", "Secretary", "Treasurer", "Outreach worker",
    "Interpreter", "Policy associate", "Founder", "Parent leader", "Office manager",
)  # fmt: skip
_BY_KIND = {
    "faith": ("Pastor", "Deacon", "Education minister", "Imam", "Parish secretary"),
    "tribal-nation": ("Education director", "Council secretary", "Council member"),
    "native-organization": ("Language teacher", "Culture bearer", "Education director"),
    "school-district": ("Equity director", "Principal", "Family engagement specialist"),
    "government": ("Council aide", "Commissioner", "Neighborhood liaison"),
    "media": ("Editor", "Host", "Reporter"),
    "political": ("Chair", "Campaign manager", "Precinct captain"),
    "business": ("Owner", "Chamber president"),
}
_UNION_ROLES = ("Building representative", "Local president", "Committee chair", "Delegate", "")
_TRAININGS = ("Leadership academy", "Minority leadership training", "Organizing school", "")
_CATEGORIES = ("educator", "educator", "support", "retired", "aspiring", "other")
_SCOPES = ("Invitations by e-mail", "Text messages about meetings", "Name in our newsletter",
           "Calls about school board meetings")  # fmt: skip
_SOURCES = ("Said so at a meeting", "Signed the form", "Wrote an e-mail", "Said so on the phone")
_NOTES = ("Prefers mornings.", "Best reached after four.", "Writes back the same day.",
          "Likes to meet outdoors.", "Bring printed copies.")  # fmt: skip


def add_people(world: World) -> None:
    """One to five people a partner, some with ties to several; a few without any partner."""
    wanted = world.count(900)
    by_author: dict[str, list[tuple[Partner | None, dict]]] = defaultdict(list)
    phones = addresses.Phones(world.rng)
    mine: dict[str, list[Partner]] = defaultdict(list)
    for partner in world.partners:
        mine[partner.first_owner].append(partner)
    for partner in _seats(world, wanted - max(1, wanted // 40)):
        author = partner.first_owner
        values = _values(world, partner, mine[author], phones)
        by_author[author].append((partner, values))
    organizers = [e for e, it in world.staff.items() if it.role == ORGANIZER and it is not FORMER]
    for number in range(max(1, wanted // 40)):
        email = organizers[number % len(organizers)]
        by_author[email].append((None, _alone(world, email, phones)))
    for email, pairs in by_author.items():
        result = AddContact.many(world.actors[email], [values for _partner, values in pairs])
        written = world.done(result, world.start)
        for (partner, values), row in zip(pairs, written, strict=True):
            if partner:
                is_restricted = values["visibility"] == "restricted"
                partner.people.append(Person(row, email, is_restricted))


def _seats(world: World, count: int) -> list[Partner]:
    """A partner for each person: everyone who is met has somebody, close partners have more."""
    weights = [1 + min(it.meetings, 40) / 12 for it in world.partners]
    met = [it for it in world.partners if it.meetings > 2]
    more = world.rng.choices(world.partners, weights, k=max(0, count - len(met)))
    return (met + more)[:count]


def _values(world: World, partner: Partner, others: list[Partner], phones) -> dict:
    rng, it = world.rng, partner.demo
    person = names.person_of(rng, rng.choice(it.communities))
    since = partner.since - timedelta(days=rng.randrange(0, 2_000))
    roles = _BY_KIND.get(it.kind, ROLES) if rng.random() < 0.5 else ROLES
    ties = [{"organization": partner.uid, "role": rng.choice(roles), "start": since}]
    if rng.random() < 0.16:
        other = rng.choice(others)
        tie = {"organization": other.uid, "role": rng.choice(ROLES)}
        if rng.random() < 0.6:
            tie |= {"start": since - timedelta(days=900), "end": since - timedelta(days=20)}
        if other is not partner or "end" in tie:
            ties.append(tie)
    elif rng.random() < 0.04:
        ties[0]["end"] = world.today - timedelta(days=rng.randrange(30, 400))
        ties[0]["start"] = min(since, ties[0]["end"])
    return _person(world, person, it.place, addresses.domain(it.name), phones) | {
        "affiliations": ties,
        "visibility": "restricted" if rng.random() < 0.02 else "team",
    }


def _alone(world: World, email: str, phones) -> dict:
    """Somebody whom we know, without an organization: seen in a state of who added her."""
    covered = [it for it in every_place() if world.covering(email, it.state) and it.area_codes]
    place = world.rng.choice(covered)
    values = _person(world, names.person(world.rng), place, "mail.example", phones)
    return values | {"state": place.state, "visibility": "team"}


def _person(world: World, person: names.Person, place, domain: str, phones) -> dict:
    rng = world.rng
    values = {
        "uid": uuid7(),
        "name": person.full_name, "preferred_name": person.preferred_name,
        "pronouns": person.pronouns,
        "preferred_channel": rng.choice(("", "", "email", "phone", "text")),
        "note": rng.choice(_NOTES) if rng.random() < 0.12 else "",
        "emails": [{"email": addresses.email(person.full_name, domain)}]
        if rng.random() < 0.85 else [],
        "phones": [{"number": phones.next(place), "label": rng.choice(("", "mobile"))}]
        if rng.random() < 0.7 else [],
        "languages": [{"language": code} for code in person.languages],
    }  # fmt: skip
    if rng.random() < 0.14:
        locals_here = [
            row for row in world.affiliates.values() if row.state and row.state.code == place.state
        ]
        if locals_here:
            values |= {
                "member_affiliate": rng.choice(locals_here).uid,
                "member_category": rng.choice(_CATEGORIES),
                "union_role": rng.choice(_UNION_ROLES),
                "trainings": rng.choice(_TRAININGS),
            }
    return values


def add_wishes(world: World) -> None:
    """Consents, requests to be left alone (some lifted since), and details that were checked."""
    rng = world.rng
    by_author: dict[str, list[Person]] = defaultdict(list)
    for partner in world.partners:
        for person in partner.people:
            by_author[person.author].append(person)
    channels = [DoNotContact.ALL, *Channel.values]
    number = 0
    for email, people in by_author.items():
        user = world.users[email]
        with running("AddConsent", world.actors[email]) as work:
            for person in people:
                if rng.random() < 0.35:
                    Consent(
                        contact=person.row, day=_day(world), scope=rng.choice(_SCOPES),
                        source=rng.choice(_SOURCES), author=user,
                    ).save()  # fmt: skip
            consents = work.run
        with running("SetDoNotContact", world.actors[email]) as work:
            for person in rng.sample(people, max(1, len(people) // 16)):
                channel, day = channels[number % len(channels)], _day(world)
                number += 1
                asked = {"contact": person.row, "channel": channel, "author": user}
                DoNotContact(**asked, day=day, source=rng.choice(_SOURCES)).save()
                if number % 6 == 0:
                    lifted = min(day + timedelta(days=60), world.today)
                    why = "Wrote that it is fine again"
                    DoNotContact(**asked, day=lifted, asked=False, source=why).save()
            wishes = work.run
        with running("CheckDetails", world.actors[email]) as work:
            for person in rng.sample(people, len(people) // 3):
                person.row.details_checked_on = _day(world)
                person.row.details_checked_by = user
                person.row.save()
            checks = work.run
        for run in (consents, wishes, checks):
            world.date_back(run, world.today)


def _day(world: World):
    return world.today - timedelta(days=world.rng.randrange(5, 600))
