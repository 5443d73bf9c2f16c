"""What upper apps tell lower ones. They fill these in their AppConfig.ready().

touches        what merge, erase and handover do with each foreign key to a person, partner or user
contacts_made  what counts as contact with a partner or a person, by day
timeline       what happened around a row, by day
about          the label and the address of what a task or a file is about
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Model

if TYPE_CHECKING:
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


_TIMELINES: list[Callable[[Any, Model, int], Iterable[Entry]]] = []


def timeline(function):
    """Register `function(actor, row, most) -> entries`, newest first, that the actor may see."""
    _TIMELINES.append(function)
    return function


def timeline_of(actor, row: Model, most: int = 50) -> list[Entry]:
    """The newest entries around the row, from every app, merged by day."""
    sources = (function(actor, row, most) for function in _TIMELINES)
    return list(islice(merge(*sources, key=lambda entry: entry.day, reverse=True), most))


@dataclass(frozen=True)
class Subject:
    """What a task or a file may be about: how to find it, name it and link to it."""

    kind: str
    model: type["Record"]
    label: Callable[[Any], str]
    url: Callable[[Any], str]


_SUBJECTS: dict[str, Subject] = {}


def about(model: type["Record"], label: Callable[[Any], str], url: Callable[[Any], str]) -> None:
    """Let tasks and files be about rows of the model."""
    kind = model._meta.model_name
    assert kind is not None
    _SUBJECTS[kind] = Subject(kind, model, label, url)


def subject(kind: str) -> Subject | None:
    """The registered kind of subject, or None."""
    return _SUBJECTS.get(kind)


def subject_kinds() -> list[str]:
    """Every kind that a task or a file can be about."""
    return list(_SUBJECTS)


def subjects(actor, pairs: Iterable[tuple[str, Any]]) -> dict[Any, tuple[str, str]]:
    """Label and address by uid, for those of the (kind, uid) pairs that the actor may see."""
    by_kind: dict[str, set] = {}
    for kind, uid in pairs:
        by_kind.setdefault(kind, set()).add(uid)
    found = {}
    for kind, uids in by_kind.items():
        if known := _SUBJECTS.get(kind):
            for row in known.model.objects.visible_to(actor).filter(uid__in=uids):
                found[row.uid] = (known.label(row), known.url(row))
    return found
