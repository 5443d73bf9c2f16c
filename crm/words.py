"""The lists of words that an administrator edits, and where their words are used."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.records import Record, Reference
from crm.models import (
    AffiliateKind,
    Community,
    FocusArea,
    InteractionKind,
    Language,
    OrganizationKind,
    Outcome,
    Stage,
)
from lists.models import Purpose


@dataclass(frozen=True)
class WordList:
    """One list of words: its address, its model, what it is for, and its further columns."""

    name: str
    model: type[Reference]
    title: Any
    one: Any
    text: Any
    more: tuple[str, ...] = ()  # what a page asks for besides the two names
    once: tuple[str, ...] = ()  # what is asked for when a word is added, and stays
    kept: frozenset[str] = frozenset()  # codes that the product itself looks for
    needed: bool = False  # whether a form asks for one, so that one must be left


WORD_LISTS = [  # upper apps add theirs
    WordList(
        "communities",
        Community,
        _("Communities"),
        _("community"),
        _("Whom a partner serves. Never said of a person."),
        more=("short", "short_es", "parent"),
    ),
    WordList(
        "focus-areas",
        FocusArea,
        _("Focus areas"),
        _("focus area"),
        _("The issues that partners and meetings are about."),
    ),
    WordList(
        "organization-kinds",
        OrganizationKind,
        _("Kinds of organizations"),
        _("kind of organization"),
        _("What sort of body a partner is."),
    ),
    WordList(
        "affiliate-kinds",
        AffiliateKind,
        _("Kinds of affiliates"),
        _("kind of affiliate"),
        _("What sort of body of our own an affiliate is."),
        needed=True,
    ),
    WordList(
        "interaction-kinds",
        InteractionKind,
        _("Kinds of meetings"),
        _("kind of meeting"),
        _("What organizers log. Each kind counts as contact, or not."),
        once=("counts_as_contact",),
        needed=True,
    ),
    WordList(
        "outcomes",
        Outcome,
        _("Outcomes"),
        _("outcome"),
        _("How a meeting or an attempt at contact ended."),
    ),
    WordList(
        "stages",
        Stage,
        _("Stages"),
        _("stage"),
        _("How far a relationship has come, and when a partner counts as quiet."),
        more=("quiet_after_days", "working"),
        kept=frozenset({"identified"}),  # where every new partner begins
    ),
    WordList(
        "languages",
        Language,
        _("Languages"),
        _("language"),
        _("What people and partners speak."),
        more=("own_name",),
        once=("code",),
    ),
    WordList(
        "purposes",
        Purpose,
        _("Purposes of exports"),
        _("purpose"),
        _("What a list is exported for, and on which channel it will be used."),
        once=("channel",),
        needed=True,
    ),
]


def list_of(model: type[models.Model]) -> WordList:
    """The list that a model's rows belong to."""
    return next(found for found in WORD_LISTS if found.model is model)


def word_of(uid) -> tuple[WordList, Any] | None:
    """The word of a uid, and its list."""
    for found in WORD_LISTS:
        if row := found.model.objects.filter(uid=uid).first():
            return found, row
    return None


@cache
def uses_of(model: type[Reference]) -> tuple[tuple[type[Record], models.ForeignKey], ...]:
    """Every key of a record that points at words of the model, without what settling keeps."""
    return tuple(
        (other, key)
        for other in apps.get_models()
        if issubclass(other, Record)
        for key in other._meta.concrete_fields
        if isinstance(key, models.ForeignKey)
        and key.related_model is model
        and key.name not in other.derived
    )


def once_with(model: type[Record], key: models.ForeignKey) -> tuple[str, ...] | None:
    """The columns beside which a word may stand once only, by the model's own constraint."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and key.name in constraint.fields:
            others = [model._meta.get_field(n) for n in constraint.fields if n != key.name]
            return tuple(column.attname for column in others)
    return None
