"""The invented union: one national affiliate, one in every state, UniServ units and locals."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from config.demo.places import ABROAD, PLACES, Place

NATIONAL, STATE, UNISERV, LOCAL = "national", "state", "uniserv", "local"
FEDERAL_OVERSEAS = "federal-overseas"
NATIONAL_NAME = "Public Educators Alliance"


@dataclass(frozen=True, slots=True)
class DemoAffiliate:
    """An affiliate; `parent` is the name of another one, `state` is "--" for none."""

    name: str
    short_name: str
    kind: str
    parent: str
    state: str
    city: str
    members: int
    members_year: int
    members_source: str
    students: int
    students_year: int
    students_source: str


_SPECIAL_STATES = {
    "PR": "Alianza Educativa de Puerto Rico",
    "GU": "Guåhan Education Alliance",
    "DC": "Washington City Education Alliance",
    "HI": "Hawaiʻi Education Alliance",
    "VI": "Virgin Islands Education Alliance",
    "MP": "Marianas Education Alliance",
}
_AREAS = ("Valley", "River", "Hills", "Lakeshore", "Foothills", "Prairie", "Harbor", "Uplands")
_SIDES = ("North", "South", "East", "West", "Central", "Upper", "Lower")
_UNISERV_STATES = (
    "CA",
    "TX",
    "OR",
    "OH",
    "NM",
    "MN",
    "GA",
    "PA",
    "MI",
    "WA",
    "NC",
    "IL",
    "AK",
    "FL",
)
_LOCAL_NAMES = (
    "{city} Educators Association", "{city} Education Union", "{city} Teachers and Staff",
    "{city} Support Professionals", "{area} Schools Association of {city}",
)  # fmt: skip


@cache
def _state_names() -> dict[str, str]:
    path = Path(__file__).parent.parent / "defaults" / "states.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def _affiliate(
    rng: Random, name: str, kind: str, parent: str, place: tuple[str, str], members: int
) -> DemoAffiliate:
    state, city = place
    year = rng.choice((2023, 2024, 2025))
    return DemoAffiliate(
        name=name,
        short_name="".join(word[0] for word in name.replace("-", " ").split() if word[0].isupper()),
        kind=kind,
        parent=parent,
        state=state,
        city=city,
        members=members,
        members_year=year,
        members_source=rng.choice(("Membership report", "Affiliate's own count")),
        students=round(members * rng.uniform(9, 15)),
        students_year=year - 1,
        students_source=rng.choice(("State enrollment report", "District figures")),
    )


def affiliates(rng: Random) -> list[DemoAffiliate]:
    """The affiliates of the demonstration, each below its parent; names are distinct."""
    national = _affiliate(rng, NATIONAL_NAME, NATIONAL, "", ("--", "Washington"), 1_400_000)
    found = [national]
    states: dict[str, str] = {}
    for state, towns in PLACES.items():
        name = _SPECIAL_STATES.get(state, f"{_state_names()[state]} Education Alliance")
        states[state] = name
        members = rng.randrange(400, 3_000) if len(towns) < 4 else rng.randrange(4_000, 90_000)
        found.append(_affiliate(rng, name, STATE, NATIONAL_NAME, (state, towns[0].city), members))
    for kind_of, place in (("Federal", ABROAD[0]), ("Overseas", ABROAD[1])):
        name = f"{kind_of} Schools Education Alliance"
        home = ("--", place.city)
        found.append(
            _affiliate(rng, name, FEDERAL_OVERSEAS, NATIONAL_NAME, home, rng.randrange(900, 4_000))
        )
    for state in _UNISERV_STATES:
        for number, place in enumerate(rng.sample(PLACES[state], 2), 1):
            area = f"{rng.choice(_SIDES)} {rng.choice(_AREAS)}"
            name = f"{area} UniServ Unit {state}-{number}"
            members = rng.randrange(1_200, 4_000)
            unit = _affiliate(rng, name, UNISERV, states[state], (state, place.city), members)
            found.append(unit)
            found.append(_local(rng, place, name, {it.name for it in found}))
    return found


def _local(rng: Random, place: Place, parent: str, taken: set[str]) -> DemoAffiliate:
    for _attempt in range(1_000):
        area = f"{rng.choice(_SIDES)} {rng.choice(_AREAS)}"
        name = rng.choice(_LOCAL_NAMES).format(city=place.city, area=area)
        if name not in taken:
            break
        name = f"{area} {name}"
        if name not in taken:
            break
        name = f"{name} ({place.state} {rng.randrange(2, 9_999)})"
        if name not in taken:
            break
    members = rng.choice((18, 35, 60, 90, 140, 220, 400, 800, 2_100)) + rng.randrange(0, 15)
    return _affiliate(rng, name, LOCAL, parent, (place.state, place.city), members)


def more_locals(rng: Random, count: int, below: list[DemoAffiliate]) -> list[DemoAffiliate]:
    """So many further locals, each below a state or UniServ affiliate of this list."""
    taken = {affiliate.name for affiliate in below}
    parents: dict[str, list[str]] = {}
    for affiliate in below:
        if affiliate.kind in (STATE, UNISERV):
            parents.setdefault(affiliate.state, []).append(affiliate.name)
    towns = [place for state in parents for place in PLACES.get(state, ())]
    found = []
    for _number in range(count):
        place = rng.choice(towns)
        local = _local(rng, place, rng.choice(parents[place.state]), taken)
        taken.add(local.name)
        found.append(local)
    return found
