from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record
from access.scope import ScopedQuerySet, scoped
from crm.models.taxonomy import AffiliateKind
from lists.folding import FoldedField


class Affiliate(Record):
    """The union's own body: national, state, UniServ unit, local, or federal and overseas."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.ForeignKey(
        AffiliateKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind")
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        verbose_name=_("parent"),
    )
    state = models.ForeignKey(
        State,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("state"),
    )
    city = models.CharField(_("city"), max_length=100, blank=True)
    website = models.URLField(_("website"), blank=True)
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)
    sort_name = FoldedField()
    search_key = models.TextField(blank=True, editable=False)

    derived = frozenset({"home", "search_key"})
    may_be_hidden = frozenset({"parent"})
    objects = scoped(ScopedQuerySet)

    class Meta:
        verbose_name = _("affiliate")
        verbose_name_plural = _("affiliates")
        indexes: ClassVar = [models.Index(fields=["home", "sort_name", "uid"])]

    def __str__(self):
        return self.name

    def prepare(self):
        self.sort_name = self._meta.get_field("sort_name").clip(self.name)


class AffiliateFigure(Record):
    """Students reached or members represented, in a year, with its source."""

    class Measure(models.TextChoices):
        STUDENTS = "students", _("Students reached")
        MEMBERS = "members", _("Members represented")

    affiliate = models.ForeignKey(Affiliate, on_delete=models.PROTECT, related_name="figures")
    measure = models.CharField(_("measure"), max_length=10, choices=Measure)
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.PositiveIntegerField(_("number"))
    source = models.CharField(_("source"), max_length=200)

    seen_through = ("affiliate",)
    part_of = ("affiliate",)
    objects = scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["affiliate", "measure", "year"], name="affiliate_figure_once_a_year"
            )
        ]

    def __str__(self):
        return f"{self.get_measure_display()}, {self.year}"


class Employment(Record):
    """Which affiliate a user works for, and since when."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="employments")
    affiliate = models.ForeignKey(Affiliate, on_delete=models.PROTECT, related_name="employments")
    start = models.DateField(_("since"))
    end = models.DateField(_("until"), null=True, blank=True)

    seen_through = ("affiliate",)
    objects = scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(end__isnull=True),
                name="one_employment_at_a_time",
            )
        ]

    def __str__(self):
        return str(self.start)
