"""What an app tells about the rows that its lists can bring in."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.utils.functional import Promise

from access.commands import Command
from access.scope import Actor
from lists.mapping import Target

if TYPE_CHECKING:
    from lists.importing import Plan

REMEMBERED = 1_000  # cells of a field that are not read again: many rows hold the same few states


@dataclass(slots=True)
class Row:
    """One row of the list as values; `aside` is (field, value, reason) when it cannot come in."""

    number: int
    values: dict[str, list[Any]]
    aside: tuple[str, str, str] | None = None


@dataclass(slots=True)
class Entry:
    """One organization or person of the list: what its first row says and later ones add."""

    first: int
    values: dict[str, list[Any]]
    keys: list[tuple]
    later: list[int] = field(default_factory=list)
    same: UUID | None = None  # the row that is there already, as far as the actor sees
    uid: UUID | None = None  # of the row that was made
    lacking: dict[str, list[Any]] = field(default_factory=dict)  # what that row lacks
    like: UUID | None = None  # a row that is there and may be the same; it comes in as another


class ImportKind:
    """What can be imported: its fields, what makes two rows the same, and the commands that write.

    `add` takes the data of a new row; `complete` takes {"same": uid} and lines to add to that row.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    of_people: ClassVar[bool] = False
    needed: tuple[str, ...] = ("name",)
    add: ClassVar[type[Command]]
    complete: ClassVar[type[Command]]
    adds: ClassVar[tuple[str, ...]]  # the values that later rows, and known rows, still take

    def __init__(self, actor: Actor):
        self.actor = actor
        self.targets = {
            target.name: replace(target, read=lru_cache(REMEMBERED)(target.read))
            for target in self.make_targets()
        }

    def make_targets(self) -> list[Target]:
        """The fields that columns can feed, `name` among them."""
        raise NotImplementedError

    def resolve(self, rows: list[Row], note: "Plan") -> None:
        """Finish the values of these rows, and set `aside` where one may not come in."""

    def keys(self, row: Row) -> list[tuple]:
        """What makes this row the same as another, the strongest reason first."""
        raise NotImplementedError

    def find(self, keys: set[tuple]) -> dict[tuple, UUID]:
        """The rows that are there already, by these keys, among what the actor sees."""
        raise NotImplementedError

    def held(self, uids: Iterable[UUID]) -> dict[UUID, dict[str, list[Hashable]]]:
        """The keys of the values that these rows have, by name of the value (those in `adds`)."""
        raise NotImplementedError

    def alike(self, entries: list[Entry]) -> dict[int, tuple[UUID, str]]:
        """(uid, name) of rows that may be the same as these new ones, by number of row."""
        return {}

    def data(self, values: dict[str, list[Any]], same: UUID | None = None) -> dict[str, Any]:
        """The values as `add` takes them, or as `complete` does for a row that is there already."""
        raise NotImplementedError

    def remark(self, entry: Entry, row: Row) -> tuple[str, str, str] | None:
        """(field, value, sentence) about a row that is the same as an earlier one."""
        return None

    def key_of(self, name: str, value: Any) -> Hashable:
        """What two equal values have in common."""
        return self.targets[name].key(value)

    def holds(self, name: str, held: Iterable[Hashable], key: Hashable) -> bool:
        """Whether what is held says this already."""
        return key in held

    def lacks(self, name: str, held: list[Hashable], values: Iterable[Any]) -> Iterator[Any]:
        """The values that are not held yet; `held` learns them."""
        for value in values:
            key = self.key_of(name, value)
            if not self.holds(name, held, key):
                held.append(key)
                yield value


class PairKind:
    """Rows with two sides: each gives a row of the first kind, and one of the second beside it.

    A column that feeds the second side names its field with `prefix` before it.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    of_people: ClassVar[bool] = True
    sides: ClassVar[tuple[type[ImportKind], type["GuestKind"]]]
    prefix: ClassVar[str]

    def __init__(self, actor: Actor):
        self.first, self.second = self.sides[0](actor), self.sides[1](actor)
        prefixed = {
            f"{self.prefix}{name}": replace(target, name=f"{self.prefix}{name}")
            for name, target in self.second.targets.items()
        }
        self.targets = {**self.first.targets, **prefixed}
        self.needed = ("name", f"{self.prefix}name")

    @property
    def actor(self) -> Actor:
        return self.first.actor

    @actor.setter
    def actor(self, actor: Actor) -> None:
        self.first.actor = self.second.actor = actor


class GuestKind(ImportKind):
    """The second side of a pair: it is written beside the row that its host becomes.

    `host` gives the entry of the first side that the row of this number belongs to, or None when
    that entry was refused.
    """

    host: Callable[[int], Entry | None]

    def hang(self, row: Row) -> None:
        """Note in the row's values that it belongs to the host of its number."""
        raise NotImplementedError


KINDS: dict[str, type[ImportKind] | type[PairKind]] = {}
"""What the apps offer to import, by name; they fill it in their AppConfig.ready()."""
