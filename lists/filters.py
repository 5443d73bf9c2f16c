"""Filters of a list, as django-filter builds them.

A value that is wrong, foreign or retired is an error.
"""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from access.models import Region, State, User


class Choose(django_filters.ModelMultipleChoiceFilter):
    """Any of several reference rows, states or regions, by code. `path` is the key to compare."""

    def __init__(self, model, path: str, label, **kwargs):
        self.model = model
        super().__init__(
            field_name=path,
            label=label,
            to_field_name="code",
            conjoined=False,
            queryset=lambda request: model.objects.filter(retired=False),
            **kwargs,
        )

    def filter(self, rows, value):
        if not value:
            return rows
        return rows.filter(**{f"{self.field_name}__in": [row.pk for row in value]})


class Colleague(django_filters.ModelMultipleChoiceFilter):
    """Any of several users, by uid."""

    def __init__(self, path: str, label, **kwargs):
        super().__init__(
            field_name=path,
            label=label,
            to_field_name="uid",
            conjoined=False,
            queryset=lambda request: User.objects.filter(is_active=True),
            **kwargs,
        )

    def filter(self, rows, value):
        return rows.filter(**{f"{self.field_name}__in": [u.pk for u in value]}) if value else rows


class Linked(Choose):
    """Rows that a link row ties to any of several reference rows."""

    def __init__(self, model, link, mine: str, theirs: str, label, **kwargs):
        self.link, self.mine, self.theirs = link, mine, theirs
        super().__init__(model, theirs, label, **kwargs)

    def filter(self, rows, value):
        if not value:
            return rows
        actor = self.parent.request.actor
        links = self.link.objects.visible_to(actor).filter(
            **{self.mine: OuterRef("pk"), f"{self.theirs}__in": [row.pk for row in value]}
        )
        return rows.filter(Exists(links))


class Options(django_filters.MultipleChoiceFilter):
    """Any of several fixed values of a column."""

    def __init__(self, path: str, choices, label, **kwargs):
        super().__init__(field_name=path, choices=choices, label=label, **kwargs)

    def filter(self, rows, value):
        return rows.filter(**{f"{self.field_name}__in": value}) if value else rows


class Flag(django_filters.ChoiceFilter):
    """Yes or nothing: narrows the list when it is set. `narrow(rows, actor)` says how."""

    def __init__(self, narrow, label, **kwargs):
        self.narrow = narrow
        super().__init__(label=label, choices=[("yes", _("Yes"))], empty_label=_("Any"), **kwargs)

    def filter(self, rows, value):
        return self.narrow(rows, self.parent.request.actor) if value == "yes" else rows


class Day(django_filters.DateFilter):
    """A first or last day."""

    def __init__(self, path: str, lookup: str, label, **kwargs):
        super().__init__(
            field_name=path,
            lookup_expr=lookup,
            label=label,
            widget=forms.DateInput(attrs={"type": "date"}),
            **kwargs,
        )


class Stays(Choose):
    """Only asks; the list's own `narrow` says what it means together with others."""

    def filter(self, rows, value):
        return rows


class StaysColleague(Colleague):
    """Only asks, like Stays."""

    def __init__(self, label, **kwargs):
        super().__init__("", label, **kwargs)

    def filter(self, rows, value):
        return rows


class StaysFlag(Flag):
    """Only asks, like Stays."""

    def __init__(self, label, **kwargs):
        super().__init__(None, label, **kwargs)

    def filter(self, rows, value):
        return rows


def region(path: str = "home__region") -> Choose:
    return Choose(Region, path, _("Region"))


def state(path: str = "home") -> Choose:
    return Choose(State, path, _("State"))
