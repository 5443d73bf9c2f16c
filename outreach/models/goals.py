from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.records import Record
from access.scope import scoped
from crm.models import Organization
from outreach.models.program import Program


class AffiliateGoal(Record):
    """A goal of the affiliate, and the engagement goal that serves it; none is a gap."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="goals")
    goal = models.CharField(_("goal of the affiliate"), max_length=300)
    engagement_goal = models.CharField(
        _("engagement goal that serves it"), max_length=300, blank=True
    )

    seen_through = ("program",)
    part_of = ("program",)
    objects = scoped()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")

    def __str__(self):
        return self.goal


class Consultation(Record):
    """Who was asked about the goals, in which role, and when."""

    class Role(models.TextChoices):
        UNISERV = "uniserv", _("UniServ")
        REPRESENTATIVE = "representative", _("Association representative")
        BOARD = "board", _("Board")
        OFFICER = "officer", _("Officer")
        MEMBER = "member", _("Member")

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="consultations")
    role = models.CharField(_("role"), max_length=15, choices=Role)
    who = models.CharField(_("who"), max_length=120)
    day = models.DateField(_("day"))

    seen_through = ("program",)
    part_of = ("program",)
    objects = scoped()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")

    def __str__(self):
        return self.who


class Target(Record):
    """An organization that a program wants to build a relationship with. Seen by who sees both."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="targets")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    seen_through = ("program", "organization")
    part_of = ("program",)
    objects = scoped()

    class Meta:
        verbose_name = _("target organization")
        verbose_name_plural = _("target organizations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "organization"], name="target_once")
        ]

    def __str__(self):
        return str(self.organization_id)
