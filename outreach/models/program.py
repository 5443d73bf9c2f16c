from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record
from access.scope import ScopedQuerySet, scoped
from crm.models import NEVER, Affiliate, Community, Interaction
from lists.folding import FoldedField
from outreach.models.step import Step, StepCheck

ALL_SIGNED = 6  # the step that a program is in when it has signed all five


STILL = timedelta(days=45)  # without anything done, so long, a program stands still


def late_programs(today: date) -> Q:
    """Which programs are late: their step of now is past its day."""
    return Q(next_due__gt=NEVER, next_due__lt=today)


def late_steps(today: date) -> Q:
    """Which steps are late: past their day, and not signed."""
    return Q(due__lt=today) & ~Q(status=ProgramStep.Status.SIGNED)


class ProgramQuerySet(ScopedQuerySet):
    def stalled(self, today: date):
        """Programs under way in which nothing was ticked, signed off or met for a long time."""
        rows = self.filter(start__lte=today - STILL, end__gte=today, step_now__lt=ALL_SIGNED)
        return rows.filter(last_done__lt=today - STILL)

    def late(self, today: date):
        """Programs whose step of now is past its day."""
        return self.filter(late_programs(today))


class Program(Record):
    """One affiliate's run of the five steps."""

    name = models.CharField(_("name"), max_length=120)
    affiliate = models.ForeignKey(
        Affiliate, on_delete=models.PROTECT, related_name="programs", verbose_name=_("affiliate")
    )
    lead = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lead"),
    )
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    budget_planned = models.PositiveIntegerField(_("budget planned"), null=True, blank=True)
    budget_spent = models.PositiveIntegerField(_("spent so far"), null=True, blank=True)
    renews = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="renewals",
        verbose_name=_("renews"),
    )
    note = models.TextField(_("note"), blank=True)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)
    # The first step that is not signed, and its day; ALL_SIGNED and NEVER once there is none.
    step_now = models.PositiveSmallIntegerField(_("step"), default=1, editable=False)
    next_due = models.DateField(_("due"), default=NEVER, editable=False)
    # The last day on which a check was ticked, a step signed off, or a target met.
    last_done = models.DateField(_("last progress"), default=NEVER, editable=False)
    sort_name = FoldedField()
    search_key = models.TextField(blank=True, editable=False)

    derived = frozenset({"home", "step_now", "next_due", "last_done", "search_key"})
    may_be_hidden = frozenset({"affiliate", "renews"})
    objects = scoped(ProgramQuerySet)

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        indexes: ClassVar = [
            models.Index(fields=["home", "sort_name", "uid"], name="program_by_name"),
            models.Index(fields=["home", "next_due", "uid"], name="program_by_day"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="program_ends_later")
        ]

    def __str__(self):
        return self.name

    def prepare(self):
        self.sort_name = self._meta.get_field("sort_name").clip(self.name)


class ProgramCommunity(Record):
    """A community that a program is for."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="community_links")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")

    seen_through = ("program",)
    part_of = ("program",)
    objects = scoped()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "community"], name="program_community_once")
        ]

    def __str__(self):
        return str(self.community_id)


class CommitteeMember(Record):
    """Somebody on the Community Connections committee of a program, and her role on it."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="committee")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=80, blank=True)

    seen_through = ("program",)
    part_of = ("program",)
    objects = scoped()

    class Meta:
        verbose_name = _("committee member")
        verbose_name_plural = _("committee members")

    def __str__(self):
        return self.name


class ProgramStepQuerySet(ScopedQuerySet):
    def late(self, today: date):
        """Steps that are past their day and not signed."""
        return self.filter(late_steps(today))

    def to_sign(self, actor):
        """Steps that wait for a sign-off, and that the actor does not own."""
        return self.filter(status=ProgramStep.Status.WAITING).exclude(owner_id=actor.user_id)

    def on_time(self, today: date):
        """Steps that are signed, or not past their day."""
        return self.filter(Q(due__gte=today) | Q(status=ProgramStep.Status.SIGNED))


class ProgramStep(Record):
    """One step of one program: who owns it, by when, and how far it is."""

    class Status(models.TextChoices):
        NOT_STARTED = "not-started", _("Not started")
        STARTED = "started", _("In progress")
        WAITING = "waiting", _("Waits for sign-off")
        SIGNED = "signed", _("Signed off")

    BY_HAND: ClassVar[list[tuple[str, Any]]] = Status.choices[:3]

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="steps")
    step = models.ForeignKey(
        Step, on_delete=models.PROTECT, related_name="+", verbose_name=_("step")
    )
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    start = models.DateField(_("begins"), null=True, blank=True)
    due = models.DateField(_("due"))
    # Set by hand it holds, whatever is counted; empty: it follows from what was done.
    by_hand = models.CharField(_("status"), max_length=12, choices=BY_HAND, blank=True)
    note = models.TextField(_("note"), blank=True)
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.NOT_STARTED, editable=False
    )

    part_of = ("program",)
    derived = frozenset({"home", "status"})
    may_be_hidden = frozenset({"program"})
    objects = scoped(ProgramStepQuerySet)

    class Meta:
        verbose_name = _("step of a program")
        verbose_name_plural = _("steps of programs")
        indexes: ClassVar = [
            models.Index(fields=["home", "due", "uid"], name="program_step_by_day"),
            models.Index(fields=["home", "step", "status", "due"], name="program_step_figure"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program", "step"], name="program_step_once")
        ]

    def __str__(self):
        return f"{self.program}: {self.step}"

    @property
    def is_signed(self) -> bool:
        return self.status == self.Status.SIGNED

    def is_late(self, today: date) -> bool:
        """Whether it is past its day and not signed."""
        return self.due < today and not self.is_signed


class StepLink(Record):
    """An address that shows what was done in a step."""

    program_step = models.ForeignKey(ProgramStep, on_delete=models.PROTECT, related_name="links")
    label = models.CharField(_("what it shows"), max_length=120)
    url = models.URLField(_("address"), max_length=500)

    seen_through = ("program_step",)
    part_of = ("program_step",)
    objects = scoped()

    class Meta:
        verbose_name = _("link of a step")
        verbose_name_plural = _("links of steps")

    def __str__(self):
        return self.label


class StepMeeting(Record):
    """A meeting that shows what was done in a step. Seen by who sees both; it goes with either."""

    program_step = models.ForeignKey(ProgramStep, on_delete=models.PROTECT, related_name="meetings")
    interaction = models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name="+")

    seen_through = ("program_step", "interaction")
    part_of = ("program_step", "interaction")
    objects = scoped()

    class Meta:
        verbose_name = _("meeting of a step")
        verbose_name_plural = _("meetings of steps")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["program_step", "interaction"], name="step_meeting_once"
            )
        ]

    def __str__(self):
        return str(self.interaction_id)


class CheckDone(Record):
    """A check of the list that was ticked in a step of a program."""

    program_step = models.ForeignKey(ProgramStep, on_delete=models.PROTECT, related_name="ticks")
    line = models.ForeignKey(StepCheck, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("day"))
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    seen_through = ("program_step",)
    part_of = ("program_step",)
    objects = scoped()

    class Meta:
        verbose_name = _("ticked check")
        verbose_name_plural = _("ticked checks")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["program_step", "line"], name="ticked_once")
        ]

    def __str__(self):
        return str(self.day)


class SignOff(Record):
    """A step was signed, in the words of that day; reopening it later keeps this row.

    text: {title, title_es, guidance, guidance_es, checks: [{name, name_es, done}],
    contents: {what: how many}}
    """

    program_step = models.ForeignKey(
        ProgramStep, on_delete=models.PROTECT, related_name="sign_offs"
    )
    day = models.DateField(_("signed on"))
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    text = models.JSONField(default=dict)
    title = models.CharField(max_length=120, blank=True, editable=False)  # of the text, for lists
    title_es = models.CharField(max_length=120, blank=True, editable=False)
    reopened = models.DateField(_("reopened on"), null=True)
    reopened_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(_("why it was reopened"), max_length=300, blank=True)

    seen_through = ("program_step",)
    part_of = ("program_step",)
    told_in = ("program_step__program",)
    objects = scoped()

    class Meta:
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["program_step"], condition=Q(reopened__isnull=True), name="signed_once"
            )
        ]

    def __str__(self):
        return str(self.day)

    def prepare(self):
        self.title, self.title_es = (self.text.get(n, "")[:120] for n in ("title", "title_es"))

    def said(self, name: str) -> str:
        """`title` or `guidance` as it was signed, in the reader's language."""
        return in_language(self.text, name)

    @property
    def contents(self) -> dict[str, int]:
        """How much the step held as it was signed; nothing, where that was not counted yet."""
        return self.text.get("contents", {})


def in_language(words: dict[str, Any], name: str) -> str:
    """What a dictionary holds under a name, in the reader's language; else in English."""
    is_spanish = (get_language() or "").startswith("es")
    return (words.get(f"{name}_es") if is_spanish else "") or words.get(name, "")
