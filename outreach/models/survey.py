"""Survey rounds of a program: a public page, what members answered, and who offers to introduce
us.
"""

import secrets
import zoneinfo
from datetime import datetime, time, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record
from access.roles import Action
from access.scope import ScopedQuerySet, scoped
from crm.models import Organization, OrganizationKind
from lists.folding import FoldedField
from outreach.models.program import Program, ProgramStep

# Kinds of organizations where a name on a tie tells what a member believes.
SENSITIVE = ("faith", "political")


def new_token() -> str:
    """What the address of a public page ends with: nobody guesses it."""
    return secrets.token_urlsafe(24)


def sensitive_kinds() -> set[int]:
    """The ids of the kinds that are sensitive, and of those that they were merged into."""
    kinds = OrganizationKind.objects.filter(code__in=SENSITIVE)
    found = kinds.values_list("pk", "merged_into")
    return {pk for pair in found for pk in pair if pk}


def on_teams(actor):
    """The programs whose team the actor is on: she leads one, owns a step of it, or may sign its
    steps off.
    """
    programs = Program.objects.visible_to(actor).order_by()
    if actor.may(Action.SIGN_OFF):
        return programs
    owned = ProgramStep.objects.visible_to(actor).filter(owner_id=actor.user_id)
    return programs.filter(Q(lead_id=actor.user_id) | Q(pk__in=owned.values("program_id")))


def is_on_team(actor, program_id: int) -> bool:
    """Whether the actor is on the team of a program."""
    return on_teams(actor).filter(pk=program_id).exists()


class SurveyRound(Record):
    """One time that members are asked where they live, play, pray, volunteer and coach."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        ARCHIVED = "archived", _("Archived")

    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="surveys", verbose_name=_("program")
    )
    title = models.CharField(_("title"), max_length=120)
    title_es = models.CharField(_("title in Spanish"), max_length=120, blank=True)
    consent = models.CharField(_("consent line"), max_length=300)
    consent_es = models.CharField(_("consent line in Spanish"), max_length=300, blank=True)
    opens = models.DateField(_("first day"))
    closes = models.DateField(_("last day"))
    # That of its author: the first and the last day are hers.
    zone = models.CharField(_("time zone"), max_length=60, editable=False)
    status = models.CharField(
        _("status"), max_length=8, choices=Status, default=Status.OPEN, editable=False
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)

    part_of = ("program",)
    derived = frozenset({"home"})
    may_be_hidden = frozenset({"program"})
    objects = scoped()

    class Meta:
        verbose_name = _("member survey")
        verbose_name_plural = _("member surveys")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closes__gte=F("opens")), name="survey_ends_later")
        ]

    def __str__(self):
        return self.title

    @property
    def opens_at(self) -> datetime:
        """The first moment of its first day, where its author works."""
        return self._midnight(0)

    @property
    def closes_at(self) -> datetime:
        """The moment from which nothing is taken: the end of its last day, where its author
        works.
        """
        return self._midnight((self.closes - self.opens).days + 1)

    def _midnight(self, days: int) -> datetime:
        day = self.opens + timedelta(days=days)
        return datetime.combine(day, time.min, tzinfo=zoneinfo.ZoneInfo(self.zone))

    def takes_answers(self, now: datetime) -> bool:
        """Whether an answer is taken at this moment."""
        return self.status == self.Status.OPEN and self.opens_at <= now < self.closes_at

    def stands(self, now: datetime) -> str:
        """How it stands, in a word: a round is closed by its day, too."""
        if self.status == self.Status.OPEN and now < self.opens_at:
            return "planned"
        if self.status == self.Status.OPEN and now >= self.closes_at:
            return "closed"
        return self.status


class SurveyTie(Record):
    """One tie of one member to a group, without her name. A tie to a partner is seen by who sees
    the partner, too.
    """

    class Category(models.TextChoices):
        EDUCATOR = "educator", _("Educator")
        SUPPORT = "support", _("Support professional")
        RETIRED = "retired", _("Retired")
        STUDENT = "student", _("Aspiring educator")
        OTHER = "other", _("Other")

    class Kind(models.TextChoices):
        BELONGS = "belongs", _("Belong")
        VOLUNTEERS = "volunteers", _("Volunteer")
        COACHES = "coaches", _("Coach")
        WORKS = "works", _("Work there")
        LIVES_NEAR = "near", _("Live near")

    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="ties")
    answer = models.UUIDField(editable=False)  # the same in all ties of one answer
    category = models.CharField(_("category"), max_length=8, choices=Category, editable=False)
    tie = models.CharField(_("tie"), max_length=10, choices=Kind, editable=False)
    typed = models.CharField(_("name as typed"), max_length=120, editable=False)
    folded = FoldedField()
    organization = models.ForeignKey(
        Organization,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("organization"),
    )
    dropped = models.BooleanField(_("dropped"), default=False, editable=False)

    seen_through = ("round", "organization")
    part_of = ("round",)
    objects = scoped()

    class Meta:
        verbose_name = _("tie of a member")
        verbose_name_plural = _("ties of members")
        indexes: ClassVar = [models.Index(fields=["round", "folded"], name="survey_tie_by_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "folded", "tie"], name="survey_tie_once")
        ]

    def __str__(self):
        return self.typed


class MissingQuerySet(ScopedQuerySet):
    def visible_to(self, actor, under: str = ""):
        """Those of programs whose team the actor is on: free text is for nobody else."""
        programs = on_teams(actor).values("pk")
        return super().visible_to(actor, under).filter(round__program__in=programs)


class SurveyMissing(Record):
    """A group that a member says we should know and that nobody named. Seen by the team alone, and
    one that turned out to be a partner by who sees the partner, too.
    """

    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="missing")
    answer = models.UUIDField(editable=False)  # that of the ties of the same member
    typed = models.CharField(_("name as typed"), max_length=120, editable=False)
    folded = FoldedField()
    organization = models.ForeignKey(
        Organization,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("organization"),
    )
    dropped = models.BooleanField(_("dropped"), default=False, editable=False)

    seen_through = ("round", "organization")
    part_of = ("round",)
    objects = scoped(MissingQuerySet)

    class Meta:
        verbose_name = _("group that members miss")
        verbose_name_plural = _("groups that members miss")
        indexes: ClassVar = [models.Index(fields=["round", "folded"], name="missing_by_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "folded"], name="missed_once")
        ]

    def __str__(self):
        return self.typed


class IntroductionQuerySet(ScopedQuerySet):
    def visible_to(self, actor, under: str = ""):
        """Those of programs whose team the actor is on."""
        programs = on_teams(actor).values("pk")
        return super().visible_to(actor, under).filter(tie__round__program__in=programs)


class SurveyIntroduction(models.Model):
    """A member who said that she can introduce us. No Record: what it held is in no history, so
    that it is gone once it is erased.
    """

    tie = models.ForeignKey(SurveyTie, on_delete=models.CASCADE, related_name="introductions")
    name = models.CharField(_("name"), max_length=120)
    reach = models.CharField(_("how to reach"), max_length=120, blank=True)

    seen_through: ClassVar = ("tie",)
    objects = scoped(IntroductionQuerySet)

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")

    def __str__(self):
        return self.name
