"""Filters of a list, as django-filter builds them.

A value that is wrong, foreign or retired is an error.
"""

from collections.abc import Hashable, Iterable
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.kept import kept
from access.models import Region, State, User


class RowsMultipleField(forms.MultipleChoiceField):
    """Any of several rows, out of a list that is kept; cleaned, it is the list of these rows.

    rows     function() -> [(value, row)], in their order
    kept_as  what these rows are kept as, so that what is made of them can be kept too
    """

    def __init__(self, *, rows, kept_as=None, **kwargs):
        self.rows, self.kept_as = rows, kept_as
        super().__init__(**kwargs)
        self.choices = self._offered

    def _offered(self) -> list[tuple[str, str]]:
        if self.kept_as is None:
            return self._named()
        return kept(("choices", self.kept_as, get_language()), self._named)

    def _named(self) -> list[tuple[str, str]]:
        return [(value, label_of(row)) for value, row in self.rows()]

    @property
    def count(self) -> int:
        """How many there are to choose from."""
        return len(self.rows())

    def clean(self, value):
        wanted = set(super().clean(value))
        return [row for known, row in self.rows() if known in wanted] if wanted else []

    def valid_value(self, value):
        return any(known == value for known, _row in self.rows())


def label_of(row: Any) -> str:
    """What a row is called in a choice."""
    return getattr(row, "label", None) or str(row)


class OfRows(django_filters.Filter):
    """Any of several rows, by code or uid. Subclasses say which are offered to whom."""

    field_class = RowsMultipleField
    of: Any = None  # the model of these rows; `model` is that of the list
    by = "uid"  # the column whose values stand in addresses

    def look_up(self, actor) -> Iterable[Any]:
        """The rows that are offered, looked up in the database."""
        raise NotImplementedError

    def offered_to(self, actor) -> Hashable:
        """What the offer depends on, beside rows that are watched (access.kept)."""
        return None

    def rows(self) -> list[tuple[str, Any]]:
        actor = self.parent.request.actor
        key = self.kept_as()
        return kept(key, lambda: [(str(getattr(r, self.by)), r) for r in self.look_up(actor)])

    def kept_as(self) -> Hashable:
        """Under what the rows are kept."""
        return (type(self), self.of, self.offered_to(self.parent.request.actor))

    @property
    def field(self):
        return self.field_class(
            rows=self.rows, kept_as=self.kept_as(), label=self.label, **self.extra
        )

    def filter(self, rows, value):
        return (
            rows.filter(**{f"{self.field_name}__in": [row.pk for row in value]}) if value else rows
        )


class OfSeen(django_filters.ModelMultipleChoiceFilter):
    """Rows of any of several rows that the viewer sees, by uid; or of any other one.

    Offered to nobody, for there may be thousands: figures and pages link to it. `path` is the key
    to compare.
    """

    def __init__(self, model, label, path: str = "", other: bool = False, **kwargs):
        self.of, self.path, self.other = model, path, other
        super().__init__(
            label=label,
            to_field_name="uid",
            conjoined=False,
            queryset=lambda request: model.objects.visible_to(request.actor),
            widget=forms.MultipleHiddenInput,
            **kwargs,
        )

    def filter(self, rows, value):
        if not value:
            return rows
        ids = [row.pk for row in value]
        if not self.other:
            return self.narrow(rows, ids)
        seen = self.of.objects.visible_to(self.parent.request.actor).order_by()
        return self.narrow(rows, seen.exclude(pk__in=ids))

    def narrow(self, rows, ids):
        """Those that the path leads to one of these rows. Override for a longer way."""
        return rows.filter(**{f"{self.path}__in": ids})


class Choose(OfRows):
    """Any of several reference rows, states or regions, by code. `path` is the key to compare."""

    by = "code"

    def __init__(self, model, path: str, label, **kwargs):
        super().__init__(field_name=path, label=label, **kwargs)
        self.of = model

    def look_up(self, actor):
        return self.of.objects.filter(retired=False)


class Colleague(OfRows):
    """Any of several users, by uid."""

    of = User

    def __init__(self, path: str, label, **kwargs):
        super().__init__(field_name=path, label=label, **kwargs)

    def look_up(self, actor):
        return User.objects.filter(is_active=True).only("uid", "name")


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


def left_by(filterset: Any, rows: Any, names: Iterable[str]) -> Any:
    """What these filters of a set leave of the rows, the others aside."""
    for name in names:
        rows = filterset.filters[name].filter(rows, filterset.form.cleaned_data[name])
    return rows
