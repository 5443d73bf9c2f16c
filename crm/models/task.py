from calendar import monthrange
from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record
from access.scope import ScopedQuerySet, Visibility, scoped
from crm.models.interaction import Interaction


class TaskQuerySet(ScopedQuerySet):
    def own(self, actor):
        return Q(owner_id=actor.user_id) | Q(author_id=actor.user_id)

    def readers(self, actor):
        # Who may read the restricted meeting that a task came from may read the task.
        # Asked task by task: else PostgreSQL looks for the restricted among all meetings.
        meetings = Interaction.objects.visible_to(actor).filter(visibility=Visibility.RESTRICTED)
        return super().readers(actor) | Q(Exists(meetings.filter(uid=OuterRef("made_in"))))

    def overdue(self, today: date):
        return self.filter(status=Task.Status.OPEN, due__lt=today)

    def first_contacts(self):
        """Open ones that plan a first contact: in a region, with a partner of a community."""
        # Both say the same: one is the condition of the index, the other where to begin in it.
        rows = self.filter(status=Task.Status.OPEN).exclude(first_contact="")
        return rows.filter(first_contact__gt="")

    def by_subject(self, today: date):
        """{about_kind, about, open, late, next} of each row that follow-ups are about, who is most
        behind first.
        """
        late = Count("pk", filter=Q(due__lt=today))
        rows = self.filter(about__isnull=False).order_by().values("about_kind", "about")
        rows = rows.annotate(open=Count("pk"), late=late, next=Min("due"))
        return rows.order_by("-late", "-open", "next", "about")

    def by_owner(self, today: date):
        """{owner_id, open, late} of each owner, who is most behind first."""
        late = Count("pk", filter=Q(due__lt=today))
        rows = self.order_by().values("owner_id").annotate(open=Count("pk"), late=late)
        return rows.order_by("-late", "-open", "owner_id")


class Task(Record):
    """A follow-up: what somebody will do, by when, about whom."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    class Repeats(models.TextChoices):
        __empty__ = _("Does not repeat")
        WEEK = "week", _("Every week")
        FORTNIGHT = "fortnight", _("Every two weeks")
        MONTH = "month", _("Every month")
        QUARTER = "quarter", _("Every three months")
        YEAR = "year", _("Every year")

    title = models.CharField(_("what to do"), max_length=200)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    due = models.DateField(_("due"))
    first_due = models.DateField(_("first due"), editable=False)
    moved = models.PositiveSmallIntegerField(_("times moved"), default=0, editable=False)
    repeats = models.CharField(_("repeats"), max_length=10, choices=Repeats, blank=True)
    repeats_until = models.DateField(_("until"), null=True, blank=True)
    # The day that the rhythm is counted from: the last of a month stays the last of a month.
    repeats_from = models.DateField(null=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    about_kind = models.CharField(max_length=40, blank=True, editable=False)
    about = models.UUIDField(null=True, editable=False, db_index=True)
    made_in = models.UUIDField(null=True, editable=False, db_index=True)  # the meeting it came from
    # Where it plans a first contact: "region/community", with "/states" where it is for some alone.
    first_contact = models.CharField(max_length=300, blank=True, editable=False)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)
    visibility = models.CharField(
        max_length=10, choices=Visibility, default=Visibility.TEAM, editable=False
    )

    derived = frozenset({"home", "visibility"})
    objects = scoped(TaskQuerySet)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        indexes: ClassVar = [
            models.Index(fields=["home", "due", "uid"]),
            models.Index(fields=["owner", "status", "due"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["first_contact"],
                condition=Q(status="open") & ~Q(first_contact=""),
                name="one_first_contact_at_a_time",
            )
        ]

    def __str__(self):
        return self.title

    def prepare(self):
        if self.first_due is None:
            self.first_due = self.due
        if self.repeats and self.repeats_from is None:
            self.repeats_from = self.due

    def next_due(self, today: date) -> date | None:
        """When it comes again once this one is done: the first day of its rhythm that lies after
        both its due day and today; None when it does not repeat, or not so long.
        """
        if not self.repeats or self.repeats_from is None:
            return None
        last, count = max(self.due, today), 0
        try:
            while (day := _step(self.repeats_from, self.repeats, count)) <= last:
                count += 1
        except (OverflowError, ValueError):  # past the last year that a calendar has
            return None
        return None if self.repeats_until and day > self.repeats_until else day


DAYS = {Task.Repeats.WEEK: 7, Task.Repeats.FORTNIGHT: 14}
MONTHS = {Task.Repeats.MONTH: 1, Task.Repeats.QUARTER: 3, Task.Repeats.YEAR: 12}


def _step(first: date, repeats: str, count: int) -> date:
    """The day that lies so many steps of the rhythm after the first."""
    if repeats in DAYS:
        return first + timedelta(days=DAYS[Task.Repeats(repeats)] * count)
    months = first.month - 1 + MONTHS[Task.Repeats(repeats)] * count
    year, month = first.year + months // 12, months % 12 + 1
    return date(year, month, min(first.day, monthrange(year, month)[1]))
