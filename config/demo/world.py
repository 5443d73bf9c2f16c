"""What the parts of the demonstration hand on to each other while it is loaded."""

from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from access.commands import Many
from access.models import Notice, Run, State, User
from access.scope import Actor
from config.demo.organizations import DemoOrganization
from config.demo.staff import Staff
from crm.models import Affiliate, Contact, Organization
from outreach.models import Event

YEARS = 2
HANDOVER_DAYS = 420  # so long ago the former organizer left


@dataclass(frozen=True)
class ActorOn(Actor):
    """An actor as she was on an earlier day: what she adds carries that day."""

    day: date = date.max

    def today(self) -> date:
        return self.day


@dataclass
class Person:
    """A loaded person: what later rows need of her."""

    row: Contact
    author: str  # the e-mail of who added her
    is_restricted: bool


@dataclass
class Partner:
    """A partner with what is to happen to it."""

    demo: DemoOrganization
    region: str  # code; "outside"
    owner: str  # e-mail of the organizer responsible today
    first_owner: str
    handover: date | None
    since: date
    until: date  # no meeting after this day
    stages: list[tuple[date, str]]
    meetings: int = 0
    row: Organization | None = None
    people: list[Person] = field(default_factory=list)

    @property
    def uid(self) -> UUID:
        return self.row.uid

    def owner_on(self, day: date) -> str:
        return self.first_owner if self.handover and day < self.handover else self.owner

    def stage_on(self, day: date) -> str:
        return max((pair for pair in self.stages if pair[0] <= day), default=self.stages[0])[1]


@dataclass
class Happening:
    """A loaded event: who looks after it, and the partners around it."""

    row: Event
    email: str
    partners: list[Partner]


@dataclass
class World:
    """All that is loaded so far."""

    rng: Random
    scale: float
    regions: dict[str, str]  # region code by state code; "outside" for --
    users: dict[str, User] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    state_ids: dict[str, int] = field(default_factory=dict)
    affiliates: dict[str, Affiliate] = field(default_factory=dict)
    partners: list[Partner] = field(default_factory=list)
    events: list[Happening] = field(default_factory=list)
    begun: list[tuple] = field(default_factory=list)  # programs: (row, organizer, lead, how far)
    today: date = date.min

    @property
    def start(self) -> date:
        return self.today - timedelta(days=365 * YEARS)

    def count(self, full: int) -> int:
        """How many rows this size of the demonstration has where the full one has so many."""
        return max(1, round(full * self.scale))

    def covering(self, email: str, state: str) -> bool:
        return self.actors[email].covers(self.state_ids[state])

    def on(self, email: str, day: date) -> ActorOn:
        """The actor as she was on that day."""
        actor = self.actors[email]
        return ActorOn(**{it.name: getattr(actor, it.name) for it in fields(actor)}, day=day)

    def done(self, result: Many, day: date) -> list:
        """The rows that were written, in order, their run dated on the day; raises if one was not.

        The runs are dated back so that nobody undoes a year of meetings with one button.
        """
        if result.refused:
            number, errors = next(iter(result.refused.items()))
            raise RuntimeError(f"Row {number} of {result.run.command} was refused: {errors}")
        self.date_back(result.run, day)
        return [result.rows[number] for number in sorted(result.rows)]

    def date_back(self, run: Run, day: date) -> None:
        at = datetime.combine(min(day, self.today - timedelta(days=3)), time(17), UTC)
        Run.objects.filter(pk=run.pk).update(at=at, beat_at=at)
        Notice.objects.filter(run=run).update(at=at)


def states() -> dict[str, tuple[int, str]]:
    """(id, region code) by state code."""
    rows = State.objects.values_list("code", "pk", "region__code")
    return {code: (pk, region or "outside") for code, pk, region in rows}
