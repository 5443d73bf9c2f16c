"""What a list shows of a row: one column for table, CSV and API alike."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import get_language

from access.among import GIVEN
from access.prepared import Prepared
from access.roles import Action
from access.scope import Actor

NEVER = date.min
Load = Callable[[Actor, list[int]], dict[int, Any]]


FIRST = Value(0)
# How many rows of a list a statement that is put together once asks for: the next of these.
ROOMS = (12, 50, 100, 200)
MARK = -7_402_400  # stands in it for the id of the first of them, and those below for the others


@dataclass(frozen=True, eq=False)
class Texts:
    """Loads texts of other rows. Several of them are asked for in one statement.

    link    the model of the linking rows
    mine    their column that holds the id of the list's row
    text    their path to the text; `other` and `key` are paths to what else `made` needs
    order   the number they are sorted by, before their ids
    made    function([(text, other, key)]) -> the value for a row; usually the list of the texts
    said    function() -> an expression of what `made` says of one link; then exports can be copied
    one     whether only the first link of a row counts
    narrow  function(linking rows, actor) -> those that count; may depend on her day
    unless  a condition on the list's rows: those that show none of their texts
    """

    link: type[Any]
    mine: str
    text: str
    other: str = ""
    key: str = ""
    order: Any = FIRST
    made: Callable[[list[tuple[str, str, str]]], Any] | None = None
    said: Callable[[], Any] | None = None
    one: bool = False
    narrow: Callable[[Any, Actor], Any] | None = None
    unless: Q | None = None

    def __call__(self, actor: Actor, ids: Iterable[int]) -> dict[int, Any]:
        return together({"": self}, actor, ids)[""]

    def rows(self, actor: Actor, ids: Any, tag: int):
        """(tag, id of the list's row, place, id of the link, text, other, key) of each link.

        ids: a list of them, or GIVEN for a statement that is put together once.
        """
        among = "among" if ids is GIVEN or len(ids) > ROOMS[-1] else "in"  # many in one parameter
        links = self.counting(self.link.objects.visible_to(actor), actor)
        links = links.filter(**{f"{self.mine}__{among}": ids}).order_by()
        if self.unless is not None:
            mine: Any = self.link._meta.get_field(self.parent).related_model
            off = mine.objects.visible_to(actor).filter(self.unless, pk=OuterRef(self.mine))
            links = links.filter(~Exists(off))
        return links.values_list(
            Value(tag),
            self.mine,
            self.order,
            "pk",
            *map(_as_text, (self.text, self.other, self.key)),
        )

    @property
    def parent(self) -> str:
        """The key of the linking rows to the list's row; nothing where they are those rows."""
        return self.mine.removesuffix("_id") if self.mine != "pk" else ""

    def counting(self, links, actor: Actor):
        """Those of the linking rows that count."""
        return self.narrow(links, actor) if self.narrow else links


def _as_text(path: str):
    return Cast(path, TextField()) if path else Value("", TextField())


def together(loads: dict[str, Texts], actor: Actor, ids: Iterable[int]) -> dict[str, dict]:
    """{name: {id: value}} of each of these loads, in one statement."""
    if not loads:
        return {}
    ids = list(ids)
    room = next((room for room in ROOMS if room >= len(ids)), 0)
    if room and ids:
        wanted = ids + ids[-1:] * (room - len(ids))
        given: dict[Any, Any] = {MARK - at: pk for at, pk in enumerate(wanted)}
        if connection.vendor == "postgresql":  # to SQLite, a list of values says more
            room, given = 0, {GIVEN: wanted}
        asked = _prepared(tuple(loads.values()), actor, actor.today(), room)
        found = asked.ask(given)
    else:
        found = list(_statement(loads.values(), actor, ids))
    pairs: list[dict[int, list]] = [defaultdict(list) for _load in loads]
    for tag, mine, _place, _pk, *texts in sorted(found):
        pairs[tag][mine].append(tuple(texts))
    return {
        name: {pk: (load.made or listed)(found) for pk, found in pairs[at].items()}
        for at, (name, load) in enumerate(loads.items())
    }


def _statement(loads: Iterable[Texts], actor: Actor, ids: Any):
    first, *others = [load.rows(actor, ids, at) for at, load in enumerate(loads)]
    return first.union(*others, all=True)


@lru_cache(maxsize=256)
def _prepared(loads: tuple[Texts, ...], actor: Actor, day: date, room: int) -> Prepared:
    """The statement for so many rows, 0 for any number, on a day of the actor's."""
    ids = [MARK - at for at in range(room)] if room else GIVEN
    return Prepared(_statement(loads, actor, ids), planned_once=True)


def listed(found: list[tuple[str, str, str]]) -> list[str]:
    """The texts."""
    return [one[0] for one in found]


def in_words(found: list[tuple[str, str, str]]) -> list[str]:
    """The texts in the reader's language; the second of each is the Spanish one."""
    spanish = (get_language() or "").startswith("es")
    return [other if spanish and other else text for text, other, _key in found]


@dataclass(frozen=True)
class Column:
    """One column. `name` is its public name in API, CSV and sort parameter.

    kind     text, day, number, strength, flag, uid; `reference` reads code and names of a reference
             row; `state` a state's code; `user` a colleague; `many` a list of texts, `link` a row
             of another table: both filled by `load`
    sort     the NOT NULL column to sort by; empty: cannot be sorted by
    load     function(actor, ids) -> {row id: value}: one query for a whole page, scoped to the
    actor detail   a phone or an e-mail of a person: shown on demand only, recorded and counted
    brings   its values are people of another list, who are counted and left out beside the rows
    keeps_off  function(channel) -> Q of the people whose value an export leaves empty
    for_export  function(channel) -> load, without what those people asked us not to use
    reads    database columns, out of whose values `made` makes the value; `said` is a function to
             the expression that says it in words
    """

    name: str
    label: str | Promise = ""
    path: str = ""
    kind: str = "text"
    sort: str = ""
    needs: Action = Action.VIEW
    load: Load | None = field(default=None, compare=False)
    detail: bool = False
    on_page: bool = True
    in_csv: bool = True
    in_api: bool = True
    main: bool = False  # the row's name, which links to it
    choices: dict[str, Any] | None = field(
        default=None, compare=False
    )  # of a text with fixed values
    brings: bool = False
    keeps_off: Callable[[str], Q] | None = field(default=None, compare=False)
    for_export: Callable[[str], Load] | None = field(default=None, compare=False)
    reads: tuple[str, ...] = ()
    made: Callable[[tuple], Any] | None = field(default=None, compare=False)
    said: Callable[[], Any] | None = field(default=None, compare=False)

    @property
    def paths(self) -> tuple[str, ...]:
        """The database columns that make the value."""
        if self.load:
            return ()
        if self.reads:
            return self.reads
        path = self.path or self.name
        if self.kind == "reference":
            return (f"{path}__code", f"{path}__name", f"{path}__name_es")
        if self.kind == "state":
            return (f"{path}__code",)
        if self.kind == "user":
            return (f"{path}__uid", f"{path}__name")
        return (path,)

    def value(self, parts: tuple) -> Any:
        """The value for the API: codes for reference rows, None for what is not there."""
        if self.made:
            return self.made(parts)
        if self.kind in ("reference", "state"):
            return parts[0] if parts[0] != "--" else None
        if self.kind == "user":
            return {"uid": str(parts[0]), "name": parts[1]} if parts[0] else None
        if self.kind == "day":
            return None if parts[0] == NEVER else parts[0]
        return parts[0]

    def text(self, parts: tuple) -> str:
        """The value in words, for CSV and page, in the reader's language."""
        return self.said_of(parts, self.value(parts))

    def said_of(self, parts: tuple, value: Any) -> str:
        """The same, where the value of the parts is known."""
        if self.kind == "reference":
            spanish = (get_language() or "").startswith("es")
            return (parts[2] if spanish and parts[2] else parts[1]) or ""
        if self.kind == "user":
            return parts[1] or ""
        if value is None or value == "":
            return ""
        if self.kind == "many":
            return "; ".join(map(str, value))
        if self.choices:
            return str(self.choices.get(value, value))
        if self.kind == "day":
            return value.isoformat()
        return str(value)


class Cell(NamedTuple):
    """One value on a page."""

    column: Column
    value: Any
    text: str


class Row(NamedTuple):
    """One row of a list: its id inside, its uid outside, and its cells by column name."""

    pk: int
    uid: Any
    revision: int
    cells: dict[str, Cell]


def words_last(asked, rows):
    """The query of some rows with words for them, those joined after the rows: SQLite would rather
    read people state by state, and sort them all before the first.
    """
    joins = asked.query.alias_map
    before = {name for name, uses in rows.query.alias_refcount.items() if uses}
    for name in joins.keys() - before:
        if joins[name].join_type:
            joins[name] = joins[name].promote()
    return asked


def paths_of(columns: Iterable[Column]) -> list[str]:
    """The database columns that make the values of all of them."""
    return [path for column in columns for path in column.paths]


def read(rows, columns: Iterable[Column], actor: Actor) -> list[Row]:
    """The rows of a query set as plain values: one query, and another for the loaded columns."""
    columns = list(columns)
    found = rows.values_list("pk", "uid", "revision", *paths_of(columns))
    return made_of(list(found), columns, actor)


def made_of(found: list[tuple], columns: list[Column], actor: Actor) -> list[Row]:
    """Rows out of the tuples (pk, uid, revision, the paths of the columns), in their order."""
    loaded = load_all(columns, actor, [values[0] for values in found])
    places = _places(columns)
    return [_row(values, places, loaded) for values in found]


def _places(columns: list[Column]) -> list[tuple[Column, int, int]]:
    """Each column, with where its values begin and end in a tuple (pk, uid, revision, paths)."""
    found, at = [], 3
    for column in columns:
        width = len(column.paths)
        found.append((column, at, at + width))
        at += width
    return found


def load_all(columns: list[Column], actor: Actor, ids: list[int]) -> dict[str, dict[int, Any]]:
    """What loaded columns show of these rows: {column: {id: value}}.

    Those that load texts share one statement.
    """
    loads = {c.name: c.load for c in columns if c.load}
    if not ids:
        return {name: {} for name in loads}
    texts = {name: load for name, load in loads.items() if isinstance(load, Texts)}
    found = together(texts, actor, ids)
    return found | {n: load(actor, ids) for n, load in loads.items() if n not in texts}


def values_of(found: list[tuple], columns: list[Column], actor: Actor) -> list[dict[str, Any]]:
    """The same rows as the API sends them: uid, revision and the value of each column."""
    loaded = load_all(columns, actor, [row[0] for row in found])
    places, rows = _places(columns), []
    for row in found:
        values = {"uid": row[1], "revision": row[2]}
        for column, start, end in places:
            if column.load:
                values[column.name] = loaded_value(column, loaded, row[0])
            else:
                values[column.name] = column.value(row[start:end])
        rows.append(values)
    return rows


def loaded_value(column: Column, loaded: dict[str, dict], pk: int) -> Any:
    """What a loaded column shows of a row."""
    return loaded[column.name].get(pk, [] if column.kind == "many" else None)


def loaded_text(column: Column, value: Any) -> str:
    """The value of a loaded column in words."""
    if column.kind == "many":
        return "; ".join(map(str, value or []))
    value = _label(value)
    return "" if value is None else str(value)


def _row(values: tuple, places: list[tuple[Column, int, int]], loaded: dict[str, dict]) -> Row:
    pk, uid, revision = values[:3]
    cells = {}
    for column, start, end in places:
        if column.load:
            value: Any = loaded_value(column, loaded, pk)
            cells[column.name] = Cell(column, value, loaded_text(column, value))
            continue
        parts = values[start:end]
        value = column.value(parts)
        cells[column.name] = Cell(column, value, column.said_of(parts, value))
    return Row(pk, uid, revision, cells)


def _label(value: Any) -> Any:
    return value.get("name") if isinstance(value, dict) else value


def options(model: type[Model], name: str) -> dict[str, Any]:
    """The words for the values of a column with fixed choices."""
    column: Any = model._meta.get_field(name)
    return dict(column.flatchoices)
