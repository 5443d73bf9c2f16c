from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Count, Q
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
        meetings = Interaction.objects.visible_to(actor).filter(visibility=Visibility.RESTRICTED)
        return super().readers(actor) | Q(made_in__in=meetings.values("uid"))

    def overdue(self, today: date):
        return self.filter(status=Task.Status.OPEN, due__lt=today)

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

    title = models.CharField(_("what to do"), max_length=200)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("who")
    )
    due = models.DateField(_("due"))
    first_due = models.DateField(_("first due"), editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    about_kind = models.CharField(max_length=40, blank=True, editable=False)
    about = models.UUIDField(null=True, editable=False, db_index=True)
    made_in = models.UUIDField(null=True, editable=False, db_index=True)  # the meeting it came from
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

    def __str__(self):
        return self.title

    def prepare(self):
        if self.first_due is None:
            self.first_due = self.due
