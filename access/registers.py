"""What upper apps tell lower ones. They fill these in their AppConfig.ready().

touches        what merge, erase and handover do with each foreign key to a person, partner or user
contacts_made  what counts as contact with a partner or a person, by day
timeline       what happened around a row, by day
about          the label and the address of what a task or a file is about
on_today       what of an app's waits for a user today
beside         pages about a row of a lower app
holdings       what of a user's waits for her, and has to be handed over when she goes
keeps_files    which private files rows still hold
counted        how many rows lie in each state, for who edits regions
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from access.roles import Action

if TYPE_CHECKING:
    from access.commands import Command
    from access.records import Record

FATES = frozenset({"move", "keep", "drop", "refuse"})


@dataclass(frozen=True)
class Touch:
    """What becomes of a foreign key when its target is merged, erased or handed over.

    move: it points at what stays; keep: it stays as it is; drop: the row goes; refuse: the act
    stops.
    """

    model: type[Model]
    field: str
    merge: str
    erase: str
    handover: str


_TOUCHES: dict[tuple[type[Model], str], Touch] = {}


def touches(
    model: type[Model], field: str, *, merge: str, erase: str, handover: str = "keep"
) -> None:
    """Say what happens to `model.field`. Raises ValueError for a fate that does not exist."""
    if not {merge, erase, handover} <= FATES:
        raise ValueError(f"A fate is one of {sorted(FATES)}.")
    model._meta.get_field(field)
    _TOUCHES[model, field] = Touch(model, field, merge, erase, handover)


def touches_of(target: type[Model]) -> list[Touch]:
    """Every registered key that points at rows of the target."""
    return [
        t for t in _TOUCHES.values() if t.model._meta.get_field(t.field).related_model is target
    ]


def unregistered(target: type[Model], models: Iterable[type[Model]]) -> list[str]:
    """The keys of these models that point at the target and that nobody said anything about."""
    known = {(touch.model, touch.field) for touch in touches_of(target)}
    return [
        f"{model.__name__}.{key.name}"
        for model in models
        for key in model._meta.concrete_fields
        if key.is_relation and key.related_model is target and (model, key.name) not in known
    ]


_CONTACTS: list[Callable[[type[Model], Iterable[int]], Iterable[tuple[int, date]]]] = []


def contacts_made(function):
    """Register `function(model, ids) -> [(id, newest day)]`: contact made with rows of the model.

    It counts what is held and unrestricted, whoever sees it.
    """
    _CONTACTS.append(function)
    return function


def last_contacts(model: type[Model], ids: Iterable[int]) -> dict[int, date]:
    """The newest day of contact by row id; a row never met is left out."""
    newest: dict[int, date] = {}
    for function in _CONTACTS:
        for row_id, day in function(model, list(ids)):
            if day and day > newest.get(row_id, date.min):
                newest[row_id] = day
    return newest


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    day: date
    kind: str  # an icon's name
    title: str
    url: str = ""
    text: str = ""
    by: str = ""
    tags: tuple[str, ...] = ()
    status: str = ""
    restricted: bool = False


_HOLDINGS: list[Callable[[Any, int], Iterable[tuple[Any, int]]]] = []


def holdings(function):
    """Register `function(actor, user_id) -> [(label, count)]`: what waits for a user, as far as
    the actor sees it.
    """
    _HOLDINGS.append(function)
    return function


def held_by(actor, user_id: int) -> list[tuple[str, int]]:
    """What waits for a user: (what, how many), without what there is none of."""
    found = [pair for function in _HOLDINGS for pair in function(actor, user_id)]
    return [(str(label), count) for label, count in found if count]


_TODAY: list[tuple[Any, Callable[[Any], Iterable[tuple[str, str]]]]] = []


def on_today(title, function) -> None:
    """Register `function(actor) -> [(sentence, address)]`: what of an app's waits for a user
    today, for a card of its own on her first page.
    """
    _TODAY.append((title, function))


def today_cards(actor) -> list[tuple[Any, list[tuple[str, str]]]]:
    """(title, lines) of each card that has anything to say."""
    cards = [(title, list(function(actor))) for title, function in _TODAY]
    return [(title, lines) for title, lines in cards if lines]


_BESIDE: dict[type[Model], list[tuple[Any, Callable[[Any], str], Action]]] = {}


def beside(model: type[Model], label, url, needs: Action = Action.VIEW) -> None:
    """Register a page of an upper app about rows of the model, `url(row)`, to be offered on the
    row's own page to roles with the right that it needs.
    """
    _BESIDE.setdefault(model, []).append((label, url, needs))


def pages_beside(actor, row: Model) -> list[tuple[Any, str]]:
    """(label, address) of each page about the row that the actor's role may open."""
    offered = _BESIDE.get(type(row), [])
    return [(label, url(row)) for label, url, needs in offered if actor.may(needs)]


_FILES: list[Callable[[], set[str]]] = []


def keeps_files(function):
    """Register `function() -> paths` under MEDIA_ROOT that rows of an app still hold."""
    _FILES.append(function)
    return function


def kept_files() -> set[str]:
    """The paths under MEDIA_ROOT that somebody still holds."""
    return set().union(*(function() for function in _FILES))


_COUNTED: list[Callable[[Iterable[int]], tuple[Any, dict[int, int]]]] = []


def counted(function):
    """Register `function(state_ids) -> (label, {state id: count})`, over all rows there."""
    _COUNTED.append(function)
    return function


def counts_by_state(state_ids: Iterable[int]) -> list[tuple[Any, dict[int, int]]]:
    """(label, {state id: how many}) of everything that is counted by state."""
    return [function(list(state_ids)) for function in _COUNTED]


@dataclass(frozen=True)
class Source:
    """Where entries of a timeline come from, and what they are called where they are chosen."""

    name: str
    label: Any
    entries: Callable[[Any, Model, int, date, date], Iterable[Entry]]
    needs: Action = Action.VIEW


_TIMELINES: dict[str, Source] = {}


def timeline(name: str, label, function, needs: Action = Action.VIEW) -> None:
    """Register `function(actor, row, most, before, since) -> entries` under a name for the address.

    It gives the newest entries of days before `before`, not before `since`, newest first, that the
    actor may see. It is offered to roles with the right that it `needs`.
    """
    _TIMELINES[name] = Source(name, label, function, needs)


def timeline_sources(actor) -> list[Source]:
    """The registered sources whose entries the actor's role may read."""
    return [source for source in _TIMELINES.values() if actor.may(source.needs)]


def timeline_of(
    actor,
    row: Model,
    most: int = 50,
    *,
    before: date = date.max,
    since: date = date.min,
    only: str = "",
) -> list[Entry]:
    """The newest entries around the row before a day, and not before another, merged by day; from
    one source or from all.

    A name that is no source gives nothing.
    """
    chosen = [source for name, source in _TIMELINES.items() if only in ("", name)]
    sources = (source.entries(actor, row, most, before, since) for source in chosen)
    return list(islice(merge(*sources, key=lambda entry: entry.day, reverse=True), most))


@dataclass(frozen=True)
class Subject:
    """What a task or a file may be about: how to find it, name it, link to it and change it."""

    kind: str
    model: type["Record"]
    labels: Callable[[Any, list], dict]
    url: Callable[[Any], str]
    change: "type[Command] | None" = None
    name: str = "name"  # the path to its name; empty: `labels` alone can tell


_SUBJECTS: dict[str, Subject] = {}


def own_names(actor, rows: list) -> dict:
    """The labels of rows that bear a name of their own, by uid."""
    return {row.uid: str(row) for row in rows}


def about(
    model: type["Record"],
    url: Callable[[Any], str],
    *,
    labels: Callable[[Any, list], dict] = own_names,
    change: "type[Command] | None" = None,
    name: str = "name",
) -> None:
    """Let tasks and files be about rows of the model.

    `labels(actor, rows)` names rows by uid, as far as the actor may see what they are named after.
    `change` is the command that puts a column back to what it was; `name` the path to the column
    that names a row by itself, empty where only `labels` can.
    """
    kind = model._meta.model_name
    assert kind is not None
    _SUBJECTS[kind] = Subject(kind, model, labels, url, change, name)


def subject(kind: str) -> Subject | None:
    """The registered kind of subject, or None."""
    return _SUBJECTS.get(kind)


def named_subjects() -> dict[str, Subject]:
    """Those whose rows bear a name of their own, by kind."""
    return {kind: known for kind, known in _SUBJECTS.items() if known.name}


def subject_kinds() -> list[str]:
    """Every kind that a task or a file can be about."""
    return list(_SUBJECTS)


def subjects(actor, pairs: Iterable[tuple[str, Any]]) -> dict[Any, tuple[str, str]]:
    """Label and address by uid, for those of the (kind, uid) pairs that the actor may see."""
    found = {}
    for known, seen in _seen(actor, pairs):
        rows = list(seen)
        labels = known.labels(actor, rows)
        for row in rows:
            found[row.uid] = (labels[row.uid], known.url(row))
    return found


def subjects_seen(actor, pairs: Iterable[tuple[str, Any]]) -> set:
    """The uids of those of the (kind, uid) pairs that the actor may see."""
    return {
        uid for _known, seen in _seen(actor, pairs) for uid in seen.values_list("uid", flat=True)
    }


def _seen(actor, pairs):
    by_kind: dict[str, set] = {}
    for kind, uid in pairs:
        by_kind.setdefault(kind, set()).add(uid)
    for kind, uids in by_kind.items():
        if known := _SUBJECTS.get(kind):
            yield known, known.model.objects.visible_to(actor).filter(uid__in=uids)
