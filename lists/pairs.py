"""An import whose rows have two sides: an organization, say, and a person who belongs to it.

Each side is read, grouped, matched and written as it would be by itself. What joins them: a row
whose one side cannot come in is set aside whole, and a guest is written beside what her host
became.
"""

from dataclasses import replace
from itertools import batched, islice

from django.utils.translation import gettext as _

from access.models import Run
from lists.folding import fold
from lists.import_kinds import Entry, GuestKind, PairKind, Row
from lists.importing import BATCH, Plan, Watch, unwatched
from lists.mapping import Mapping
from lists.reading import SourceList
from lists.reports import ImportReport, Note


class PairPlan:
    """What such an import would do. Nothing of it is written yet."""

    def __init__(self, kind: PairKind, source: SourceList, mapping: Mapping):
        self.kind, self.source, self.mapping = kind, source, mapping
        hosts, guests = _sides(kind, mapping)
        self.hosts = Plan(kind.first, source, hosts)
        self.guests = GuestPlan(kind.second, source, guests, self.hosts)
        self.run: Run | None = None  # once it is being written
        kind.second.host = self.hosts.entry_at

    @property
    def parts(self) -> list[Plan]:
        """What is written, one after the other."""
        return [self.hosts, self.guests]

    @property
    def aside(self) -> list[Note]:
        """Why rows stay out: each row once for all of it, or for the side that was refused."""
        gone = {note.row for note in self.hosts.aside}
        return self.hosts.aside + [note for note in self.guests.aside if note.row not in gone]

    @property
    def tally(self) -> dict[str, dict[str, int]]:
        """What becomes of the rows, side by side; each adds up to the rows of the list."""
        return {**self.hosts.tally, **self.guests.tally}

    def report(self, run: Run | None = None) -> ImportReport:
        """What the import would do, or with its run: did."""
        one, other = self.hosts.report(run), self.guests.report(run)
        return replace(
            one,
            kind=self.kind.name,
            columns=self.mapping.columns,
            rows_set_aside=sorted(self.aside, key=lambda note: note.row),
            notes=sorted(one.notes + other.notes, key=lambda note: note.row),
            notes_in_all=one.notes_in_all + other.notes_in_all,
            left_to_first_row=one.left_to_first_row
            | {f"{self.kind.prefix}{n}": count for n, count in other.left_to_first_row.items()},
            created=one.created | other.created,
            updated=one.updated | other.updated,
            matched=one.matched | other.matched,
            tally=self.tally,
        )

    def read(self, watch: Watch = unwatched, most: int | None = None) -> None:
        """Take in the rows of the list, both sides of each."""
        guests: list[Row] = []
        for some in batched(islice(self.source.rows, most), BATCH):
            rows = [(self.hosts.row(one), self.guests.row(one)) for one in some]
            both = [pair for pair in rows if pair[0].aside is None]
            self.hosts.kind.resolve([host for host, _guest in both], self.hosts)
            named = [guest for _host, guest in both if guest.aside is None]
            self.guests.kind.resolve(named, self.guests)
            for host, guest in rows:
                if self._comes_in(host, guest):
                    self.hosts.join(host)
                    if not guest.aside:
                        guests.append(guest)
            watch(rows[-1][0].number, self.source.count)
        self.hosts.end_reading()
        for guest in guests:
            self.guests.kind.hang(guest)
            self.guests.join(guest)
        self.guests.end_reading()

    def _comes_in(self, host: Row, guest: Row) -> bool:
        """Whether the row is taken. One that names nobody gives a host alone."""
        if host.aside:
            self.hosts.set_aside(host.number, *host.aside)
        elif not guest.aside:
            return True
        elif not fold(guest.values.get("name", [""])[0]):
            self.guests.alone.add(guest.number)
            for name in sorted(
                guest.values.keys() - {"name"} - self.guests.mapping.constants.keys()
            ):
                value = guest.values[name][0]
                self.guests.note(guest.number, name, value, _("Left out: the row names nobody."))
            return True
        else:
            self.guests.set_aside(guest.number, *guest.aside)
            self.hosts.aside.append(self.guests.aside.pop())
        self.guests.aside.append(self.hosts.aside[-1])
        return False

    def match(self) -> None:
        """Look up which entries are there already, and what these lack. May be done again."""
        self.hosts.match()
        self.guests.match()


class GuestPlan(Plan):
    """The second side: rows without it are counted, and what was refused with their hosts."""

    kind: GuestKind

    def __init__(self, kind: GuestKind, source: SourceList, mapping: Mapping, hosts: Plan):
        super().__init__(kind, source, mapping)
        self.hosts = hosts
        self.alone: set[int] = set()  # rows that name nobody

    @property
    def tally(self) -> dict[str, dict[str, int]]:
        """As of any kind, and how many rows name nobody."""
        ((name, rows),) = super().tally.items()
        return {name: rows | {"none": len(self.alone)}}

    def before_writing(self) -> None:
        """Set aside the guests of hosts that were refused."""
        told = {note.row for note in self.aside}
        gone = [n for n in self.hosts.aside if n.row not in told and n.row not in self.alone]
        self.aside += gone
        rows = {note.row for note in gone}
        kept: list[Entry] = []
        for entry in self.entries:
            left = [number for number in (entry.first, *entry.later) if number not in rows]
            for number in rows.intersection(entry.later):
                self.same_as.pop(number)
            if left and left[0] != entry.first:  # a later row of hers came in
                self.same_as.pop(left[0])
                self.same_as |= dict.fromkeys(left[1:], left[0])
                entry.first = left[0]
            if left:
                entry.later = left[1:]
                kept.append(entry)
        self.entries = kept


def _sides(kind: PairKind, mapping: Mapping) -> tuple[Mapping, Mapping]:
    """The mapping of each side, under the names that its kind gives the fields."""
    hosts, guests = Mapping([], {}), Mapping([], {})
    for feed in mapping.feeds:
        if feed.target.name.startswith(kind.prefix):
            name = feed.target.name.removeprefix(kind.prefix)
            guests.feeds.append(replace(feed, target=kind.second.targets[name]))
        else:
            hosts.feeds.append(feed)
    for name, values in mapping.constants.items():
        side = guests if name.startswith(kind.prefix) else hosts
        side.constants[name.removeprefix(kind.prefix)] = values
    return hosts, guests
