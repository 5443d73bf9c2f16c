"""How a partner and a meeting are counted: in which place, for which values.

Meetings count when held, not restricted, and with a partner. A partner is where its home is; a
community counts as the one above it, communities that are not offered any more as one, and a
partner without any as "not given" (`dashboards.metrics.counting` says the same in SQL).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from access.scope import Visibility
from access.settling import looked_up
from crm.models import Interaction, InteractionOrganization, Organization, OrganizationCommunity
from dashboards.models import CountedMeeting, CountedPartner, Places, What

NOT_GIVEN, GONE = -1, 0  # values of communities beside their ids

# {(what, value, place, day): how many}
type Counts = Counter[tuple[str, int, int, date | None]]


@dataclass(frozen=True)
class Partner:
    """The state of a partner, and the values of the communities it counts in."""

    place: int
    communities: frozenset[int]

    def counts(self) -> Counts:
        found: Counts = Counter({(What.PARTNERS.value, 0, self.place, None): 1})
        for value in self.communities:
            found[What.PARTNERS_BY_COMMUNITY.value, value, self.place, None] = 1
        return found

    def row(self, pk: int) -> CountedPartner:
        words = " ".join(map(str, sorted(self.communities)))
        return CountedPartner(organization=pk, place=self.place, communities=words)

    @classmethod
    def read(cls, place: int, communities: str) -> "Partner":
        """The partner of which a row holds this."""
        return cls(place, frozenset(map(int, communities.split())))


@dataclass(frozen=True)
class Meeting:
    """A meeting that counts. `communities` are (value, place), by value."""

    day: date
    kind: int
    affiliate: int | None
    place: int
    communities: tuple[tuple[int, int], ...]

    def counts(self) -> Counts:
        found: Counts = Counter(
            {
                (What.MEETINGS.value, 0, self.place, self.day): 1,
                (What.BY_KIND.value, self.kind, self.place, self.day): 1,
            }
        )
        if self.affiliate is not None:
            found[What.BY_AFFILIATE.value, self.affiliate, self.place, self.day] = 1
        for value, place in self.communities:
            found[What.BY_COMMUNITY.value, value, place, self.day] = 1
        return found

    def row(self, pk: int) -> CountedMeeting:
        words = [
            str(value) if place == self.place else f"{value}={place}"
            for value, place in self.communities
        ]
        return CountedMeeting(
            interaction=pk,
            day=self.day,
            kind=self.kind,
            affiliate=self.affiliate,
            place=self.place,
            communities=" ".join(words),
        )

    @classmethod
    def of(cls, row: CountedMeeting) -> "Meeting":
        pairs = (word.partition("=") for word in row.communities.split())
        communities = tuple((int(v), int(place) if place else row.place) for v, _is, place in pairs)
        return cls(row.day, row.kind, row.affiliate, row.place, communities)


def partners(ids: Iterable[int]) -> dict[int, Partner]:
    """How these partners are to be counted, from the rows."""
    ids = list(ids)
    homes = dict(looked_up(Organization, "pk", ids, "pk", "home_id"))
    communities: dict[int, set[int]] = defaultdict(set)
    for pk, community, parent, retired, parent_retired in looked_up(
        OrganizationCommunity,
        "organization_id",
        ids,
        "organization_id",
        "community_id",
        "community__parent_id",
        "community__retired",
        "community__parent__retired",
    ):
        gone = retired if parent is None else parent_retired
        communities[pk].add(GONE if gone else parent or community)
    nothing = frozenset({NOT_GIVEN})
    return {
        pk: Partner(home, frozenset(communities[pk]) if pk in communities else nothing)
        for pk, home in homes.items()
    }


def meetings(
    ids: Iterable[int], known: Callable[[set[int]], dict[int, Partner]]
) -> dict[int, Meeting]:
    """How those of these meetings that count are to be counted; `known` gives their partners."""
    rows: dict[int, tuple[date, int, int | None]] = {}
    met: dict[int, list[int]] = defaultdict(list)
    for pk, partner, day, kind, affiliate in looked_up(
        InteractionOrganization,
        "interaction_id",
        list(ids),
        "interaction_id",
        "organization_id",
        "interaction__day",
        "interaction__kind_id",
        "interaction__affiliate_id",
        interaction__status=Interaction.Status.HELD,
        interaction__visibility=Visibility.TEAM,
    ):
        rows[pk] = day, kind, affiliate
        met[pk].append(partner)
    facts = known({partner for some in met.values() for partner in some})
    there = {pk: [facts[p] for p in some if p in facts] for pk, some in met.items()}
    return {pk: _meeting(*rows[pk], some) for pk, some in there.items() if some}


def _meeting(day: date, kind: int, affiliate: int | None, some: list[Partner]) -> Meeting:
    where: dict[int, set[int]] = defaultdict(set)
    for partner in some:
        for value in partner.communities:
            where[value].add(partner.place)
    places = {partner.place for partner in some}
    place = place_of(places)
    communities = tuple(
        (value, place if where[value] == places else place_of(where[value]))
        for value in sorted(where)
    )
    return Meeting(day, kind, affiliate, place, communities)


def place_of(states: set[int]) -> int:
    """The number of a place: of one state its id, of several one below 0."""
    if len(states) == 1:
        return next(iter(states))
    words = " ".join(map(str, sorted(states)))
    for (pk,) in looked_up(Places, "states", [words], "pk"):
        return -pk
    return -Places.objects.get_or_create(states=words)[0].pk


def states_in(numbers: Iterable[int]) -> dict[int, frozenset[int]]:
    """The states of each place."""
    found = {number: frozenset({number}) for number in numbers if number > 0}
    wide = [-number for number in numbers if number < 0]
    if wide:
        rows = Places.objects.filter(pk__in=wide).values_list("pk", "states")
        found |= {-pk: frozenset(map(int, words.split())) for pk, words in rows}
    return found
