"""A list becomes rows: read, mapped, grouped and matched first, then written as one run.

A `Plan` says what would happen (see lists.planning); `carry_out` does it. What is special about
organizations or people lies in an `ImportKind`, which the app that owns the rows provides.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import batched, chain, islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from access.commands import begin, end
from access.models import Run
from access.recording import Refused
from access.roles import Action
from access.scope import Actor
from access.undo import Undone, undo_broken
from lists import mapping as columns
from lists.csv_cells import unguarded
from lists.folding import fold
from lists.import_endings import reason_of, words_of
from lists.import_kinds import Entry, ImportKind, Row
from lists.mapping import Mapping, Target
from lists.reading import MOST_WARNINGS, SourceList, SourceRow
from lists.reports import ImportReport, Note

if TYPE_CHECKING:
    from lists.pairs import PairPlan

type Watch = Callable[[int, int | None], None]
"""Hears how far a long piece of work is, (done, of how many); raises to end it."""

COMMAND = "ImportList"
SLICE = 500  # rows a transaction: some 0.1 s, for which others wait to write
BATCH = 5_000  # rows that are looked up together
MOST_VALUES = 50  # phones, addresses ... of one row: no more than its page shows


def unwatched(done: int, total: int | None) -> None:
    """Nobody looks."""


class Plan:
    """What an import would do. Nothing of it is written yet."""

    def __init__(self, kind: ImportKind, source: SourceList, mapping: Mapping):
        self.kind, self.source, self.mapping = kind, source, mapping
        self.entries: list[Entry] = []
        self.same_as: dict[int, int] = {}
        self.aside: list[Note] = []
        self.notes: list[Note] = []
        self.notes_in_all = 0
        self.left_to_first: Counter[str] = Counter()
        self.run: Run | None = None  # once it is being written
        self._known: dict[tuple, Entry] = {}
        self._by_first: dict[int, Entry] = {}
        self._notes_of_reading = (0, 0)

    # -- what would happen -----------------------------------------------------------------------

    @property
    def new(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.same is None]

    @property
    def parts(self) -> "list[Plan]":
        """What is written, one after the other."""
        return [self]

    def before_writing(self) -> None:
        """What the parts before this one have become is known now."""

    def entry_at(self, number: int) -> Entry | None:
        """The entry that the row of this number became, if it was not set aside."""
        return self._by_first.get(self.same_as.get(number, number))

    @property
    def tally(self) -> dict[str, dict[str, int]]:
        """How many rows are new, added to one that is there, the same, or set aside; by kind.

        They add up to the rows of the list.
        """
        new, added = len(self.new), len(self.growing)
        rows = {
            "new": new,
            "added": added,
            "same": len(self.entries) - new - added + len(self.same_as),
            "aside": len({note.row for note in self.aside}),
        }
        return {self.kind.name: rows}

    @property
    def growing(self) -> list[Entry]:
        """Entries that are there already and lack something that the list has."""
        return [entry for entry in self.entries if entry.same and entry.lacking]

    def report(self, run: Run | None = None) -> ImportReport:
        """What the import would do, or with its run: did."""
        name, new, growing = self.kind.name, len(self.new), len(self.growing)
        return ImportReport(
            source=self.source,
            kind=name,
            columns=self.mapping.columns,
            same_as=sorted(self.same_as.items()),
            rows_set_aside=sorted(self.aside, key=lambda note: note.row),
            notes=self.notes,
            notes_in_all=self.notes_in_all,
            left_to_first_row=dict(self.left_to_first),
            created={name: new},
            updated={name: growing},
            matched={name: len(self.entries) - new - growing},
            run_id=run.uid if run else None,
            tally=self.tally,
        )

    def note(self, row: int, name: str, value: Any, message: str, column: str = "") -> None:
        """Keep something to look at about a value that did not come in as written."""
        self.notes_in_all += 1
        if len(self.notes) < MOST_WARNINGS:
            column = column or self.mapping.column_of(name) or name
            self.notes.append(Note(row, column, str(value)[:200], message))

    def set_aside(self, number: int, name: str, value: Any, reason: str) -> None:
        """Leave a row out, and say why."""
        column = self.mapping.column_of(name) or name
        self.aside.append(Note(number, column, str(value)[:200], reason))

    # -- how it is found out ---------------------------------------------------------------------

    def read(self, watch: Watch = unwatched, most: int | None = None) -> None:
        """Take in the rows of the list, in batches that are looked up together."""
        for some in batched(islice(self.source.rows, most), BATCH):
            rows = [self.row(source_row) for source_row in some]
            self.kind.resolve([row for row in rows if row.aside is None], self)
            for row in rows:
                if row.aside:
                    self.set_aside(row.number, *row.aside)
                else:
                    self.join(row)
            watch(rows[-1].number, self.source.count)
        self.end_reading()

    def end_reading(self) -> None:
        """No row is to come any more."""
        self._known = {}
        self._index()
        self._notes_of_reading = (len(self.notes), self.notes_in_all)

    def _index(self) -> None:
        self._by_first = {entry.first: entry for entry in self.entries}

    def match(self) -> None:
        """Look up which entries are there already, and what these lack. May be done again."""
        kept, self.notes_in_all = self._notes_of_reading
        del self.notes[kept:]
        found: dict[tuple, UUID] = {}
        for entries in batched(self.entries, BATCH):
            found |= self.kind.find({key for entry in entries for key in entry.keys})
        by_uid: dict[UUID, Entry] = {}
        for entry in self.entries:
            entry.same = next((found[key] for key in entry.keys if key in found), None)
            if entry.same in by_uid:  # two reasons led to one row
                self._merge(by_uid[entry.same], entry)
            elif entry.same:
                by_uid[entry.same] = entry
        self.entries = [entry for entry in self.entries if entry.first not in self.same_as]
        self._index()
        for uids in batched(by_uid, BATCH):
            held = self.kind.held(uids)
            for uid in uids:
                by_uid[uid].lacking = self._lacking(by_uid[uid], held.get(uid, {}))
        for some in batched(self.new, BATCH):
            self._propose(some, self.kind.alike(list(some)))

    def _propose(self, entries: Iterable[Entry], found: dict[int, tuple[UUID, str]]) -> None:
        """Say of new entries which rows that are there may be the same."""
        for entry in entries:
            entry.like, name = found.get(entry.first, (None, ""))
            if entry.like:
                message = _(
                    "Nearly as %(name)s, who is there already. This row comes in as another: if it "
                    "is the same, write it so first."
                )
                self.note(entry.first, "name", entry.values["name"][0], message % {"name": name})

    def row(self, source_row: SourceRow) -> Row:
        """One row of the list as values of its fields."""
        row = Row(source_row.number, {})
        texts: dict[str, list[str]] = defaultdict(list)
        said: set[str] = set()
        for feed in self.mapping.feeds:
            text, name = source_row.cells[feed.position], feed.target.name
            if text[:1] == "'":
                text = unguarded(text)
            if columns.says_nothing(text):
                continue
            if columns.is_social_security(text):
                message = _("Looks like a Social Security number: never imported.")
                self.note(row.number, name, "", message, feed.column)
            elif feed.marked:
                marked = columns.is_marked(text)
                if marked is None:
                    message = _("Neither a mark nor empty, and left out.")
                    self.note(row.number, name, text, message, feed.column)
                if marked:
                    self._take(row, feed.target, feed.marked)
            elif feed.target.joined is not None:
                texts[name].append(text)
            elif feed.target.several or name not in row.values:
                self._read(row, feed.target, text, feed.column)
            if not feed.marked or name in row.values:
                said.add(name)
        for name, some in texts.items():
            target = self.kind.targets[name]
            self._read(row, target, (target.joined or "").join(some))
        for name, values in self.mapping.constants.items():
            if name not in said:
                row.values[name] = list(values)
        name = row.values.get("name", [""])[0]
        if row.aside is None and not (name[:1].isalnum() and name.isascii()) and not fold(name):
            reason = _("The name has no letter or number.") if name else _("There is no name.")
            row.aside = ("name", name, reason)
        return row

    def _read(self, row: Row, target: Target, text: str, column: str = "") -> None:
        values, complaint = target.read(text)
        if complaint:
            message = " ".join([complaint, _("It was left out.")])
            self.note(row.number, target.name, text, message, column)
        if target.longest and (long := [v for v in values if len(v) > target.longest]):
            row.aside = row.aside or (target.name, long[0], columns.too_long_for(target))
        self._take(row, target, values)

    def _take(self, row: Row, target: Target, values: Sequence[Any]) -> None:
        if not values:
            return
        kept = row.values.setdefault(target.name, [])
        if not kept and len(values) == 1:
            kept.append(values[0])
        else:
            held = [target.key(value) for value in kept]
            kept += self.kind.lacks(target.name, held, values)

    def join(self, row: Row) -> None:
        """Make the row an entry, or part of the entry that it is the same as."""
        keys = self.kind.keys(row)
        entry = next((self._known[key] for key in keys if key in self._known), None)
        if entry is None:
            entry = Entry(row.number, row.values, keys)
            self.entries.append(entry)
        else:
            if remark := self.kind.remark(entry, row):
                self.note(row.number, *remark)
            self._add(entry, row.number, row.values)
            entry.keys += [key for key in keys if key not in entry.keys]
        for key in keys:
            self._known.setdefault(key, entry)

    def _add(self, entry: Entry, number: int, values: dict[str, list[Any]]) -> None:
        """Add to an entry what a later row says; its single values stay those of the first."""
        self.same_as[number] = entry.first
        entry.later.append(number)
        for name, more in values.items():
            mine = entry.values.get(name, [])
            held = [self.kind.key_of(name, value) for value in mine]
            news = list(self.kind.lacks(name, held, more))
            if news and name in self.kind.adds:
                entry.values[name] = mine + self._fitting(news, len(mine), number, name)
            elif news:
                self.left_to_first[name] += 1

    def _merge(self, entry: Entry, other: Entry) -> None:
        """Two entries turned out to be one row that is there already."""
        self._add(entry, other.first, other.values)
        for number in other.later:
            self.same_as[number] = entry.first
            entry.later.append(number)

    def _lacking(self, entry: Entry, held: dict[str, list[Hashable]]) -> dict[str, list[Any]]:
        lacking = {}
        for name in self.kind.adds:
            mine = held.get(name, [])
            count = len(mine)
            news = list(self.kind.lacks(name, mine, entry.values.get(name, [])))
            if fitting := self._fitting(news, count, entry.first, name):
                lacking[name] = fitting
        return lacking

    def _fitting(self, news: list[Any], count: int, number: int, name: str) -> list[Any]:
        """As many of the new values as still find a place."""
        room = max(MOST_VALUES - count, 0)
        for value in news[room:]:
            message = _("Left out: one row holds at most %(most)d of these.")
            self.note(number, name, value, message % {"most": MOST_VALUES})
        return news[:room]

    def refuse(self, entries: Iterable[Entry], refused: dict[int, dict[str, list[str]]]) -> None:
        """Set aside what a command refused in the end, with all rows that belong to it."""
        entries = list(entries)
        gone = set()
        for position, reasons in refused.items():
            entry = entries[position]
            gone.add(entry.first)
            reason = " ".join(chain.from_iterable(reasons.values()))
            for number in (entry.first, *entry.later):
                self.same_as.pop(number, None)
                self.set_aside(number, next(iter(reasons)), "", reason)
        if gone:
            self.entries = [entry for entry in self.entries if entry.first not in gone]
            self._index()


class Interrupted(Exception):
    """`watch` ended an import, which was taken back: why, and what had to stay."""

    def __init__(self, cause: Exception, undone: Undone | None = None):
        self.cause, self.undone = cause, undone
        super().__init__(str(cause))


def carry_out(
    actor: Actor,
    plan: "Plan | PairPlan",
    watch: Watch = unwatched,
    ended: Callable[[], object] = lambda: None,
) -> ImportReport:
    """Write what was planned, as one run, or nothing of it.

    Each slice of rows is a transaction; when one fails, the slices before it are taken back and
    Refused is raised. When even that is cut short, `tick` takes the run back. `watch` hears of
    every slice; what it raises takes all back too, and comes out as Interrupted. `ended` is called
    in the transaction that ends the run: what it notes is kept exactly when the rows are.
    """
    if not actor.may(Action.IMPORT) or actor.user_id != plan.kind.actor.user_id:
        raise PermissionDenied
    plan.kind.actor = actor
    plan.match()  # somebody may have added a row since
    return write(actor, plan, watch, ended)


def write(
    actor: Actor, plan: "Plan | PairPlan", watch: Watch, ended: Callable[[], object]
) -> ImportReport:
    """Write what has just been matched: the second half of `carry_out`."""
    run = plan.run = begin(COMMAND, actor)
    try:
        for part in plan.parts:
            _write(actor, plan, part, run, watch)
        report = plan.report(run)
        count = sum(len(part.new) + len(part.growing) for part in plan.parts)
        with transaction.atomic():
            end(run, actor, count, **words_of(plan))
            ended()
    except BaseException as error:
        undone = undo_broken(actor, run)
        if isinstance(error, Interrupted):
            error.undone = undone
        if not isinstance(error, Exception) or isinstance(error, Interrupted):
            raise
        message = _("The import stopped: %(why)s Nothing was saved.")
        if undone.left or undone.left_unseen:
            message = _(
                "The import stopped: %(why)s What it had written was taken back, but for "
                "rows that somebody changed in the meantime."
            )
        raise Refused(message % {"why": reason_of(error)}) from error
    return report


def _write(actor: Actor, plan: "Plan | PairPlan", part: Plan, run: Run, watch: Watch) -> None:
    """Write one part of what was planned, slice by slice."""
    kind = part.kind
    part.before_writing()
    done = sum(len(it.new) + len(it.growing) for it in plan.parts[: plan.parts.index(part)])
    total = sum(len(it.new) + len(it.growing) for it in plan.parts)

    def told(count: int) -> None:
        nonlocal done
        done += count
        try:
            watch(done, total)
        except Exception as error:
            raise Interrupted(error) from error

    told(0)
    for entries in batched(part.new, SLICE):
        made = kind.add.many(actor, (kind.data(entry.values) for entry in entries), run=run)
        for position, row in made.rows.items():
            entries[position].uid = row.uid
        part.refuse(entries, made.refused)
        told(len(entries))
    for entries in batched(part.growing, SLICE):
        rows = (kind.data(entry.lacking, entry.same) for entry in entries)
        part.refuse(entries, kind.complete.many(actor, rows, run=run).refused)
        told(len(entries))
