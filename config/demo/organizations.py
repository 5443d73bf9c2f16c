"""Invented community partners of every kind, community and state."""

from dataclasses import dataclass
from random import Random

from config.demo import addresses
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
from config.demo.places import Place, every_place


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    """A partner; codes are those of config/defaults, empty text and None mean nothing is known."""

    name: str
    short_name: str
    former_name: str
    kind: str
    communities: tuple[str, ...]
    focus_areas: tuple[str, ...]
    languages: tuple[str, ...]
    scope: str
    place: Place
    street: str
    postal_code: str
    phone: str
    email: str
    website: str
    stage: str
    brings: tuple[str, ...]
    wants: tuple[str, ...]
    quiet_after_days: int | None
    protocol_note: str


_STAGES = {
    "identified": 22, "contacted": 18, "exploring": 18, "active": 26, "strategic": 8,
    "dormant": 6, "ended": 2,
}  # fmt: skip
_PROTOCOL = (
    "Write to the council office first; visits only by invitation.",
    "Greet the elders before the staff. No photographs without asking.",
    "Requests go on the council's agenda two weeks ahead.",
)
_FREQUENT = {
    "community-based": 3, "faith": 2, "parent-family": 2, "civil-rights": 2, "youth": 2,
    "native-organization": 3, "tribal-nation": 3,
}  # fmt: skip
_NATIVE_STATES = frozenset({
    "AK", "AZ", "CA", "CO", "CT", "ID", "IA", "KS", "ME", "MI", "MN", "MS", "MT", "NE", "NV", "NM",
    "NY", "NC", "ND", "OK", "OR", "SD", "UT", "WA", "WI", "WY",
})  # fmt: skip
_MOST_KINDS = tuple(kind for kind in KINDS if kind not in NATIVE_KINDS)


def pairs() -> list[tuple[str, str]]:
    """Every (kind, community) that makes sense: tribal and Native kinds have one community."""
    found = [(kind, community) for kind in _MOST_KINDS for community in COMMUNITIES]
    return found + [(kind, NATIVE) for kind in NATIVE_KINDS]


def organization_name(rng: Random, kind: str, community: str, place: Place, taken: set[str]) -> str:
    """A name that is not taken yet; it is added to `taken`."""
    own = OWN.get((community, kind), ())
    for attempt in range(60):
        shape = rng.choice(own if own and rng.random() < 0.6 else SUFFIXES[kind])
        shape, _bar, words = shape.partition(" | ")
        name = shape.format(
            root=rng.choice(ROOTS[community]),
            label=rng.choice(LABELS[community]),
            city=place.city,
            own=rng.choice(words.split(", ")),
        )
        if attempt > 8 and place.city not in name:
            name = f"{name} of {place.city}"
        if attempt > 40:
            name = f"{name}, {rng.choice(('North', 'South', 'East', 'West'))} Chapter {attempt}"
        if name not in taken:
            break
    while name in taken:
        name = f"{name} {len(taken)}"
    taken.add(name)
    return name


def organization(
    rng: Random, kind: str, community: str, place: Place, taken: set[str], phones: addresses.Phones
) -> DemoOrganization:
    """An invented partner of this kind in this town, with a name that nobody else has."""
    if kind in NATIVE_KINDS:
        community = NATIVE
    name = organization_name(rng, kind, community, place, taken)
    tribal = kind == "tribal-nation"
    communities = [community]
    if rng.random() < 0.2 and not tribal:
        communities.append(rng.choice([it for it in COMMUNITIES if it != community]))
    words = [word for word in name.replace("'", "").split() if word[0].isalpha()]
    initials = "".join(word[0] for word in words if word[0].isupper())
    focus = list(dict.fromkeys([rng.choice(FOCUS_AREAS[community]), rng.choice(MORE_FOCUS_AREAS)]))
    spoken = rng.sample(LANGUAGES[community], rng.choice((0, 1, 1, 2)))
    site = rng.random() < 0.7
    return DemoOrganization(
        name=name,
        short_name=initials if 2 < len(initials) < 7 and rng.random() < 0.4 else "",
        former_name=_former_name(rng, kind, community, place, name),
        kind=kind,
        communities=tuple(communities),
        focus_areas=tuple(focus[: rng.choice((1, 2, 2))]),
        languages=("en", *spoken),
        scope=_scope(rng, kind),
        place=place,
        street=addresses.street(rng),
        postal_code=addresses.postal_code(rng, place),
        phone=phones.next(place),
        email=addresses.email("office", addresses.domain(name)),
        website=addresses.website(name) if site else "",
        stage=rng.choices(list(_STAGES), list(_STAGES.values()))[0],
        brings=tuple(rng.sample(BRINGS, rng.choice((0, 1, 2)))),
        wants=tuple(rng.sample(WANTS, rng.choice((0, 1, 2)))),
        quiet_after_days=240 if tribal else None,
        protocol_note=rng.choice(_PROTOCOL) if tribal else "",
    )


def _former_name(rng: Random, kind: str, community: str, place: Place, name: str) -> str:
    if kind in NATIVE_KINDS or rng.random() > 0.08:
        return ""
    former = organization_name(rng, kind, community, place, set())
    return former if former != name else ""


def _scope(rng: Random, kind: str) -> str:
    if kind in ("civil-rights", "labor", "media"):
        return rng.choice(("local", "local", "state", "state", "national"))
    return rng.choice(("local",) * 8 + ("state",))


def organizations(rng: Random, count: int = 600) -> list[DemoOrganization]:
    """So many partners with distinct names.

    The first 300 reach every town, every kind and every community; the further ones crowd in some
    states, so that maps and figures have gaps to show.
    """
    taken: set[str] = set()
    phones = addresses.Phones(rng)
    deck: list[tuple[str, str]] = []
    found = []
    for place in _towns(rng, count):
        chosen = next((pair for pair in deck if _fits(*pair, place)), None)
        if chosen is None:
            deck += rng.sample(_dealt(), len(_dealt()))
            chosen = next(pair for pair in deck if _fits(*pair, place))
        deck.remove(chosen)
        found.append(organization(rng, *chosen, place, taken, phones))
    return found


def _towns(rng: Random, count: int) -> list[Place]:
    places = every_place()
    liveliness = {place.state: 0.05 + rng.random() ** 3 for place in places}
    size = {place: liveliness[place.state] * rng.choice((1, 1, 2, 4)) for place in places}
    more = rng.choices(places, [size[place] for place in places], k=max(0, count - len(places)))
    return (rng.sample(places, len(places)) + more)[:count]


def _dealt() -> list[tuple[str, str]]:
    """Every pair, the frequent kinds several times."""
    return [pair for pair in pairs() for _time in range(_FREQUENT.get(pair[0], 1))]


def _fits(kind: str, community: str, place: Place) -> bool:
    """Tribal governments and Native organizations stand only where there are such."""
    return community != NATIVE or place.state in _NATIVE_STATES
