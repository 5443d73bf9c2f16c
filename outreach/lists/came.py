"""Filters of the list of organizations by whether they came to events."""

import re
from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_filters import Filter

from outreach.models import Attendance
from outreach.returning import a_year_after, came

_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class Days:
    """The days of an address, both included."""

    first: date
    last: date

    def __str__(self):
        return " – ".join(date_format(day, "M j, Y") for day in (self.first, self.last))


class DaysField(forms.Field):
    """Two days as an address says them, the first before the last: 2026-01-01/2026-12-31."""

    widget = forms.HiddenInput  # figures link to it

    def to_python(self, value):
        if value in self.empty_values:
            return None
        match = _DAYS.fullmatch(str(value))
        try:
            first, last = (date.fromisoformat(text) for text in match.groups()) if match else ()
        except ValueError:
            raise ValidationError(_("Send two days: 2026-01-01/2026-12-31.")) from None
        if last < first or (last - first).days > 3660:
            raise ValidationError(_("Send two days: 2026-01-01/2026-12-31."))
        return Days(first, last)


class Came(Filter):
    """Organizations of which somebody was at an event that was held in these days; with `back`,
    those of them that came to another one within twelve months after their first.
    """

    field_class = DaysField

    def __init__(self, label, back: bool = False, **kwargs):
        self.back = back
        super().__init__(label=label, **kwargs)

    def filter(self, rows, value):
        if not value:
            return rows
        first, last = value.first, value.last
        actor = self.parent.request.actor
        seen = Attendance.objects.visible_to(actor)
        found = came(actor, seen.filter(day__range=(first, last)))
        ids = set(found)
        if self.back and ids:
            later = came(actor, seen.filter(day__range=(first, a_year_after(last))), ids)
            ids = {pk for pk in ids if pk in later and later[pk].back(*min(found[pk].days))}
        return rows.filter(pk__among=list(ids))
