from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record
from access.scope import ScopedQuerySet, scoped
from crm.models import Organization
from outreach.models.program import Program


class JointActionQuerySet(ScopedQuerySet):
    def own(self, actor):
        return Q(owner_id=actor.user_id) | Q(author_id=actor.user_id)


class JointAction(Record):
    """Something that a program does together with partners."""

    class Issue(models.TextChoices):
        OURS = "ours", _("Ours")
        THEIRS = "theirs", _("Theirs")
        BOTH = "both", _("Of both")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="actions", verbose_name=_("program")
    )
    title = models.CharField(_("what we do together"), max_length=160)
    issue = models.CharField(_("whose issue"), max_length=6, choices=Issue)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PLANNED)
    result = models.TextField(_("result"), blank=True)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)

    part_of = ("program",)
    derived = frozenset({"home"})
    may_be_hidden = frozenset({"program"})
    objects = scoped(JointActionQuerySet)

    class Meta:
        verbose_name = _("joint action")
        verbose_name_plural = _("joint actions")
        indexes: ClassVar = [
            models.Index(fields=["home", "start", "uid"], name="joint_action_by_day")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="action_ends_later"
            )
        ]

    def __str__(self):
        return self.title


class JointActionPartner(Record):
    """A partner that acts with us. Seen by who sees both."""

    joint_action = models.ForeignKey(
        JointAction, on_delete=models.PROTECT, related_name="partner_links"
    )
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    seen_through = ("joint_action", "organization")
    part_of = ("joint_action",)
    objects = scoped()

    class Meta:
        verbose_name = _("partner of a joint action")
        verbose_name_plural = _("partners of joint actions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["joint_action", "organization"], name="action_partner_once"
            )
        ]

    def __str__(self):
        return str(self.organization_id)
