"""Days and months that communities keep, the same each year or of one year; and who keeps them."""

from calendar import monthrange
from datetime import date, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.records import Record, Reference
from access.scope import scoped
from crm.models import Community, Organization

SHORT = 8  # days; what lasts longer stands over the month, and no event is moved for it
MONTHS = range(1, 13)
LEAP = 2024  # a year that has every day


class Observance(Reference):
    """A heritage month, a day of remembrance, a feast: from one day of the year to another. With a
    year it is kept in that year alone, as what follows the moon is.
    """

    month = models.PositiveSmallIntegerField(gettext_lazy("month"))
    day = models.PositiveSmallIntegerField(gettext_lazy("day"))
    last_month = models.PositiveSmallIntegerField(
        gettext_lazy("month of the last day"), null=True, blank=True
    )
    last_day = models.PositiveSmallIntegerField(gettext_lazy("last day"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(gettext_lazy("only in the year"), null=True, blank=True)
    community = models.ForeignKey(
        Community,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=gettext_lazy("community"),
    )

    class Meta(Reference.Meta):
        verbose_name = gettext_lazy("observance")
        verbose_name_plural = gettext_lazy("observances")
        ordering: ClassVar = ["month", "day", "year", "name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(month__range=(1, 12), day__range=(1, 31)), name="observance_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(last_month__isnull=True, last_day__isnull=True)
                | Q(last_month__range=(1, 12), last_day__range=(1, 31)),
                name="observance_ends_on_a_day",
            ),
        ]

    def clean(self):
        """Raise ValidationError for days that no year has."""
        for month, day, at in (
            (self.month, self.day, "day"),
            (self.last_month, self.last_day, "last_day"),
        ):
            if (month is None and day is None) or (at == "day" and None in (month, day)):
                continue  # a first day is asked for by its fields
            if month not in MONTHS or not day or day > monthrange(LEAP, month)[1]:
                raise ValidationError({at: _("No year has this day.")})

    @property
    def shown(self) -> str:
        """Its name where it stands beside others: with the year of one that is kept only once."""
        return f"{super().shown} ({self.year})" if self.year else super().shown

    def in_year(self, year: int) -> tuple[date, date] | None:
        """Its first and last day that begins in a year; None in a year in which it is not kept."""
        if self.year is not None and self.year != year:
            return None
        first = _day(year, self.month, self.day)
        if self.last_month is None or self.last_day is None:
            return first, first
        last = _day(year, self.last_month, self.last_day)
        return first, last if last >= first else _day(year + 1, self.last_month, self.last_day)

    def between(self, first: date, last: date) -> list[tuple[date, date]]:
        """(first, last) of each time that it is kept within these days, wholly or in part."""
        found = (self.in_year(year) for year in range(first.year - 1, last.year + 1))
        return [one for one in found if one and one[0] <= last and one[1] >= first]

    @property
    def is_long(self) -> bool:
        """Whether it lasts so long that it stands over the month, not on a day."""
        first, last = self.in_year(self.year or LEAP) or (date.min, date.min)
        return last - first >= timedelta(days=SHORT)


def _day(year: int, month: int, day: int) -> date:
    """The day of a year; the last of the month where that has fewer."""
    return date(year, month, min(day, monthrange(year, month)[1]))


class OrganizationObservance(Record):
    """A partner told us that it keeps this day. Seen by who sees the partner."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="observance_links"
    )
    observance = models.ForeignKey(Observance, on_delete=models.PROTECT, related_name="+")

    seen_through = ("organization",)
    part_of = ("organization",)
    objects = scoped()

    class Meta:
        verbose_name = gettext_lazy("day that a partner keeps")
        verbose_name_plural = gettext_lazy("days that partners keep")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "observance"], name="observance_once_a_partner"
            )
        ]

    def __str__(self):
        return str(self.observance_id)
