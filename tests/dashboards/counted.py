"""Edits through the product's commands, what they leave, and the figures counted by hand of that.

Nothing here asks the database what it holds: the figures are loops over what was edited.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from access.undo import undo
from crm.commands import (
    AddOrganization,
    AssignOwner,
    CancelInteraction,
    ChangeInteraction,
    ChangeOrganization,
    DeleteInteraction,
    LogInteraction,
)
from crm.commands.words import WORD_COMMANDS
from dashboards.asking import Ask
from tests import make

DAYS = [
    *(date(2024, 2, 29), date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 1)),
    *(date(2025, 11, 2), date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28)),
    *(date(2026, 3, 1), date(2026, 11, 2)),
]


@dataclass(frozen=True)
class Partner:
    """What is known of a partner: the code of its state, communities, and its owner."""

    state: str
    communities: frozenset[Any]
    owner: Any = None


@dataclass(frozen=True)
class Meeting:
    """What is known of a meeting; `partners` are keys."""

    day: date
    kind: Any
    status: str
    visibility: str
    affiliate: Any
    focus_area: Any
    partners: frozenset[int]


@dataclass
class Books:
    """The words that rows choose from, and who edits."""

    states: list = field(default_factory=list)

    def __post_init__(self):
        self.outside = make.outside()
        first, second = make.region(), make.region()
        self.states = [make.state(first), make.state(first), make.state(second), None]
        black, asian = make.community(), make.community()
        south, haitian = make.community(parent=asian), make.community(parent=black)
        self.gone = make.community(retired=True)
        self.communities = [black, asian, south, haitian]
        self.kinds = [make.kind() for _n in range(3)]
        self.focus_areas = [None, make.focus_area(), make.focus_area()]
        places = (self.states[0], self.states[2], self.states[2])
        self.affiliates = [None, *(make.affiliate(state) for state in places)]
        self.owners = [None, *(make.user(everywhere=True, home=self.states[0]) for _n in range(2))]
        self.editor = make.actor(everywhere=True, home=self.states[0], role="regional-lead")
        self.administrator = make.actor(everywhere=True, role="administrator")


class Edits:
    """Edits rows, and keeps what they are by now: `partners`, `meetings`, and of the words those
    that are `offered`, by list, and which community is `below` which, by their keys.
    """

    def __init__(self, books: Books):
        self.books, self.partners, self.meetings = books, {}, {}
        self.offered: dict[str, list] = {
            "communities": books.communities,
            "interaction-kinds": books.kinds,
            "focus-areas": books.focus_areas[1:],
        }
        self.below = {c.pk: c.parent_id for c in books.communities if c.parent_id}
        self.runs: list[tuple] = []
        self.done: Counter = Counter()  # what was edited, and what of that was taken back

    def one(self, name: str, *numbers: int) -> None:
        """One edit by its name; `numbers` choose what it is about."""
        before = [dict(kept) for kept in self._kept()]
        command = getattr(self, name)(*numbers)
        if command is not None and command.run_made.changes.exists():
            self.done[name] += 1
            self.runs.append((name, command, before))

    def _kept(self):
        return self.partners, self.meetings, self.offered, self.below

    # -- partners --------------------------------------------------------------------------------

    def add(self, a, b, c, d):
        books, chosen = self.books, self._communities(b, c)
        state, owner = self._of(books.states, a), self._of(books.owners, d)
        values = {"name": "Casa", "communities": [row.code for row in chosen]} | self._place(state)
        if owner:
            values["owner"] = str(owner.uid)
        command = AddOrganization(books.editor, values)
        row = command.run()
        self.partners[row.pk] = Partner(state.code if state else "--", frozenset(chosen), owner)
        return command

    def move(self, a, b, *_more):
        state = self._of(self.books.states, b)
        return self._partner(a, self._place(state), state=state.code if state else "--")

    def serve(self, a, b, c, *_more):
        chosen = self._communities(b, c)
        values = {"communities": [row.code for row in chosen]}
        return self._partner(a, values, communities=frozenset(chosen))

    def give(self, a, b, *_more):
        owner = self._of(self.books.owners, b)
        values = {"owner": str(owner.uid)} if owner else {"nobody": "on"}
        return self._partner(a, values, AssignOwner, owner=owner)

    def _partner(self, a, values, command_class=ChangeOrganization, **known):
        if not self.partners:
            return None
        pk = self._of(sorted(self.partners), a)
        row = make.models.Organization.objects.visible_to(self.books.editor).get(pk=pk)
        partial = {"partial": True} if command_class is ChangeOrganization else {}
        command = command_class(
            self.books.editor, {"revision": row.revision} | values, instance=row, **partial
        )
        command.run()
        self.partners[pk] = replace(self.partners[pk], **known)
        return command

    def _place(self, state):
        lines = [{"kind": "physical", "state": state.code, "is_main": True}] if state else []
        return {"locations": lines}

    def _communities(self, b, c):
        rows = self.offered["communities"]
        return [row for n, row in enumerate(rows) if (b >> n) & 1 and c % 3]

    # -- meetings --------------------------------------------------------------------------------

    def log(self, a, b, c, d):
        if not self.partners:
            return None
        books = self.books
        met = frozenset(self._some(sorted(self.partners), a, b))
        known = Meeting(
            self._of(DAYS, c),
            self._of(self.offered["interaction-kinds"], d),
            ("held", "held", "held", "held", "planned")[a % 5],
            ("team", "team", "team", "restricted")[(b + c) % 4],
            self._of(books.affiliates, b + d),
            self._of([None, *self.offered["focus-areas"]], c + d),
            met,
        )
        values = {
            "kind": known.kind.code,
            "day": known.day.isoformat(),
            "status": known.status,
            "visibility": known.visibility,
            "summary": "Tea",
            "organizations": self._uids(met),
            "affiliate": str(known.affiliate.uid) if known.affiliate else "",
            "focus_areas": [known.focus_area.code] if known.focus_area else [],
        }
        command = LogInteraction(books.editor, values)
        self.meetings[command.run().pk] = known
        return command

    def put_off(self, a, b, *_more):
        day = self._of(DAYS, b)
        return self._meeting(a, {"day": day.isoformat()}, day=day)

    def hold(self, a, b, *_more):
        status = ("held", "planned")[b % 2]
        return self._meeting(a, {"status": status}, status=status)

    def cancel(self, a, *_more):
        return self._meeting(a, {}, CancelInteraction, status="cancelled")

    def restrict(self, a, b, *_more):
        visibility = ("team", "restricted")[b % 2]
        return self._meeting(a, {"visibility": visibility}, visibility=visibility)

    def with_others(self, a, b, c, *_more):
        if not self.partners:
            return None
        met = frozenset(self._some(sorted(self.partners), b, c))
        return self._meeting(a, {"organizations": self._uids(met)}, partners=met)

    def delete(self, a, *_more):
        return self._meeting(a, {}, DeleteInteraction)

    def _meeting(self, a, values, command_class=ChangeInteraction, **known):
        if not self.meetings:
            return None
        pk = self._of(sorted(self.meetings), a)
        if command_class is CancelInteraction and self.meetings[pk].status != "planned":
            command_class, values = ChangeInteraction, {"status": "cancelled"}
        row = make.models.Interaction.objects.visible_to(self.books.editor).get(pk=pk)
        partial = {"partial": True} if command_class is ChangeInteraction else {}
        command = command_class(
            self.books.editor, {"revision": row.revision} | values, instance=row, **partial
        )
        command.run()
        if command_class is DeleteInteraction:
            del self.meetings[pk]
        else:
            self.meetings[pk] = replace(self.meetings[pk], **known)
        return command

    # -- words -----------------------------------------------------------------------------------

    def merge_communities(self, a, b, *_more):
        two = self._two("communities", a, b)
        if two is None:
            return None
        old, new = two
        if new.pk in self.below and old.pk in self.below.values():
            return None  # refused: what is below the one cannot come below another that is below
        command = self._merge("communities", old, new)
        self.below = {
            pk: new.pk if above == old.pk else above
            for pk, above in self.below.items()  # merged ones stay below where they were
        }
        for pk, partner in self.partners.items():
            if old in partner.communities:
                both = partner.communities - {old} | {new}
                self.partners[pk] = replace(partner, communities=both)
        return command

    def merge_kinds(self, a, b, *_more):
        return self._merge_of_meetings("interaction-kinds", "kind", a, b)

    def merge_focus_areas(self, a, b, *_more):
        return self._merge_of_meetings("focus-areas", "focus_area", a, b)

    def _merge_of_meetings(self, listed, name, a, b):
        two = self._two(listed, a, b)
        if two is None:
            return None
        old, new = two
        command = self._merge(listed, old, new)
        for pk, met in self.meetings.items():
            if getattr(met, name) == old:
                self.meetings[pk] = replace(met, **{name: new})
        return command

    def _two(self, listed, a, b):
        """Two words of a list: the one that goes, and the one that it is merged into."""
        words = self.offered[listed]
        if len(words) < 2:
            return None
        old = self._of(words, a)
        return old, self._of([word for word in words if word != old], b)

    def _merge(self, listed, old, new):
        self.offered[listed] = [word for word in self.offered[listed] if word != old]
        values = {"revision": make.fresh(old).revision, "into": new.code}
        merging = WORD_COMMANDS[listed]["merge"]
        command = merging(self.books.administrator, values, instance=make.fresh(old))
        command.run()
        return command

    # -- undo ------------------------------------------------------------------------------------

    def take_back(self, *_more):
        """Undo the latest edit. What came before it was changed since by the undo itself."""
        if self.runs:
            name, command, before = self.runs[-1]
            self.partners, self.meetings, self.offered, self.below = before
            self.runs = []
            self.done[f"{name}, undone"] += 1
            undo(command.actor, command.run_made)

    def _uids(self, keys):
        rows = make.models.Organization.objects.visible_to(self.books.editor)
        return [str(uid) for uid in rows.filter(pk__in=keys).values_list("uid", flat=True)]

    @staticmethod
    def _of(rows, n):
        return rows[n % len(rows)]

    @staticmethod
    def _some(rows, a, b):
        """One to three of the rows."""
        return {rows[(a + n * (b + 1)) % len(rows)] for n in range(1 + b % 3)}


MERGES = ["merge_communities", "merge_communities", "merge_kinds", "merge_focus_areas"]
EDITS = [
    *("add", "add", "move", "serve", "give", "log", "log", "log", "put_off", "hold", "cancel"),
    *("restrict", "with_others", "delete", "take_back", *MERGES),
]


class Counting:
    """The figures of one question for a viewer of these states, by loops over what was edited."""

    def __init__(self, edits: Edits, ask: Ask, states: set[str]):
        self.edits, self.ask, self.states = edits, ask, states
        rows = [s for s in edits.books.states if s is not None]
        self.region = {s.code: s.region.code for s in rows} | {"--": "--"}
        self.seen = {
            pk: p for pk, p in edits.partners.items() if p.state in states and self._asked(p)
        }

    def _asked(self, partner: Partner) -> bool:
        ask = self.ask
        if ask.region and self.region[partner.state] != ask.region.code:
            return False
        if ask.state and partner.state != ask.state.code:
            return False
        if ask.owner and partner.owner != ask.owner:
            return False
        own = {c.pk for c in partner.communities}
        served = own | {self.edits.below.get(pk) for pk in own}
        return not ask.community or ask.community.pk in served

    def held(self, first: date, last: date) -> dict[int, Meeting]:
        """The meetings that count in these days."""
        found = {}
        for pk, met in self.edits.meetings.items():
            if met.status != "held" or met.visibility != "team" or not first <= met.day <= last:
                continue
            if self.ask.kind and met.kind != self.ask.kind:
                continue
            if self.ask.affiliate and met.affiliate != self.ask.affiliate:
                continue
            if self.ask.focus_area and met.focus_area != self.ask.focus_area:
                continue
            if any(key in self.seen for key in met.partners):
                found[pk] = met
        return found

    def now(self):
        return self.held(self.ask.period.first, self.ask.period.last)

    def before(self):
        first, last = self.ask.period.first, self.ask.period.last
        end = first - timedelta(days=1)
        return self.held(end - (last - first), end)

    def tops(self, partner: Partner) -> set[str | None]:
        """The columns of a partner."""
        if self.ask.community:
            return {self.ask.community.code}
        codes = {c.pk: c.code for c in self.edits.books.communities}
        below = self.edits.below
        return {codes[below.get(c.pk, c.pk)] for c in partner.communities} or {None}

    def columns(self) -> set[str | None]:
        """The columns of the figure: what is on top and offered, and what is not given."""
        if self.ask.community:
            return {self.ask.community.code}
        offered = self.edits.offered["communities"]
        return {c.code for c in offered if c.pk not in self.edits.below} | {None}

    def pairs_of(self, partner: Partner) -> set[tuple]:
        return {(self.region[partner.state], top) for top in self.tops(partner)}

    def by(self, meetings: dict[int, Meeting], keys_of) -> Counter:
        """Meetings by the keys of their partners, each once for each key."""
        found: Counter = Counter()
        for met in meetings.values():
            partners = [self.seen[key] for key in met.partners if key in self.seen]
            found.update({key for partner in partners for key in keys_of(partner)})
        return found

    def partners_by(self, keys_of) -> Counter:
        return Counter(key for partner in self.seen.values() for key in keys_of(partner))
