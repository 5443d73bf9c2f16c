import zoneinfo
from datetime import date, datetime, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from access.records import Record
from access.scope import scoped
from crm.models import Organization
from outreach.models.program import Program
from outreach.models.survey import new_token

GRADES = [(n, str(n)) for n in range(1, 6)]


def _grade(words) -> models.PositiveSmallIntegerField:
    bounds = [MinValueValidator(1), MaxValueValidator(5)]
    return models.PositiveSmallIntegerField(words, null=True, blank=True, validators=bounds)


class Evaluation(Record):
    """How a partner looks back on a program: by a link that expires, or on paper."""

    class Again(models.TextChoices):
        YES = "yes", _("Yes")
        MAYBE = "maybe", _("Perhaps")
        NO = "no", _("No")

    class Source(models.TextChoices):
        LINK = "link", _("By the link")
        PAPER = "paper", _("On paper")

    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="evaluations", verbose_name=_("program")
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("organization"),
    )
    asked_on = models.DateField(_("asked on"), editable=False)
    expires = models.DateTimeField(_("the link works until"), editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    kept_word = _grade(_("we kept what we promised"))
    worth_it = _grade(_("it was worth your time"))
    listened = _grade(_("we listened"))
    again = models.CharField(_("would you do it again"), max_length=5, choices=Again, blank=True)
    words = models.TextField(_("in your words"), blank=True, max_length=2_000)
    source = models.CharField(_("how it came"), max_length=5, choices=Source, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    seen_through = ("program", "organization")
    part_of = ("program",)
    masked = frozenset({"token"})
    objects = scoped()

    class Meta:
        verbose_name = _("evaluation by a partner")
        verbose_name_plural = _("evaluations by partners")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["program", "organization"],
                condition=Q(answered_on__isnull=True),
                name="asked_once_at_a_time",
            )
        ]

    def __str__(self):
        return str(self.asked_on)

    @property
    def zone(self) -> str:
        """The time zone of who asked: the days of the link are hers."""
        return self.author.time_zone if self.author else "UTC"

    def day_of(self, moment: datetime) -> date:
        """The day of a moment where she works who asked."""
        return moment.astimezone(zoneinfo.ZoneInfo(self.zone)).date()

    @property
    def last_day(self) -> date:
        """The day at whose end the link ends."""
        return self.day_of(self.expires - timedelta(microseconds=1))

    def takes_answer(self, now: datetime) -> bool:
        """Whether the link still takes an answer at this moment."""
        return self.answered_on is None and now < self.expires
