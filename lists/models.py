from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from access.keys import uuid7
from access.models import Job, Run, State, User
from access.records import Record, Reference
from access.roles import Action
from access.scope import ScopedQuerySet, Visibility, scoped


class Purpose(Reference):
    """What an export is for, and the channel that it will be used on (empty: none)."""

    channel = models.CharField(_("channel"), max_length=10, blank=True)


SHARING = [(Visibility.RESTRICTED, _("Only me")), (Visibility.TEAM, _("Shared"))]


class OwnedQuerySet(ScopedQuerySet):
    """What somebody keeps for herself: seen by her alone until she shares it.

    What is shared is seen by who works in one of its owner's areas. Her own she sees wherever she
    works today: it holds her words, and no rows.
    """

    def own(self, actor):
        return Q(owner_id=actor.user_id)

    def readers(self, actor):
        return self.own(actor)

    def homes(self, actor):
        return Q() if actor.everywhere else super().homes(actor) | self.own(actor)


class Owned(Record):
    """A row that one user keeps, alone or shared. Its home and reach follow from her areas."""

    owner = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("kept by"),
    )
    visibility = models.CharField(
        _("who sees it"),
        max_length=10,
        choices=SHARING,
        default=Visibility.RESTRICTED,
    )
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)

    reaches = True
    derived = frozenset({"home"})
    objects: ClassVar[Any] = scoped(OwnedQuerySet)

    class Meta:
        abstract = True

    @property
    def is_shared(self) -> bool:
        return self.visibility == Visibility.TEAM


class SavedView(Owned):
    """Filters, order and columns of a list under a name. Never rows, and never a search text."""

    page = models.CharField(max_length=40, editable=False)  # the name of the list
    name = models.CharField(_("name"), max_length=80)
    query = models.JSONField(default=dict, editable=False)  # {parameter: [values]}

    class Meta:
        verbose_name = _("view")
        verbose_name_plural = _("views")
        indexes: ClassVar = [models.Index(fields=["page", "owner"])]

    def __str__(self):
        return self.name

    @property
    def parameters(self) -> str:
        """The query of the address that shows it."""
        return urlencode({"view": self.uid, **self.query}, doseq=True)


class DefaultView(Owned):
    """The view with which a list opens for one user. Others do not see which.

    It names the view by its uid and not by a key, so that nobody's choice keeps another from
    deleting a view.
    """

    page = models.CharField(max_length=40, editable=False)
    view = models.UUIDField(editable=False)

    class Meta:
        verbose_name = _("first view")
        verbose_name_plural = _("first views")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "page"], name="one_first_view_a_list")
        ]

    def __str__(self):
        return self.page


class KeptColumns(Owned):
    """The columns that a user took out of a list the last time. Others do not see which."""

    page = models.CharField(max_length=40, editable=False)
    columns = models.JSONField(default=list, editable=False)  # names

    class Meta:
        verbose_name = _("columns of an export")
        verbose_name_plural = _("columns of exports")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "page"], name="one_choice_of_columns_a_list")
        ]

    def __str__(self):
        return self.page


class ImportQuerySet(models.QuerySet):
    """Imports of one user alone. What came of one is read by administrators too."""

    def visible_to(self, actor):
        return self.filter(owner_id=actor.user_id) if actor.user_id else self.none()

    def reported_to(self, actor):
        """Those whose report the actor may read: numbers and reasons, no file and no cell."""
        if actor.may(Action.ADMINISTER) and actor.everywhere:
            return self.exclude(report={})
        return self.visible_to(actor)


class Import(models.Model):
    """A list on its way in: its file, what its columns feed, and what became of it.

    It is no Record: it holds nothing that people work on, and goes with its file after thirty days.
    What it wrote is a Run, which stays.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    kind = models.CharField(max_length=40)  # see lists.import_kinds
    file_name = models.CharField(max_length=200)
    path = models.CharField(max_length=100, unique=True)  # under MEDIA_ROOT; never shown
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    header = models.JSONField(default=list)  # what its columns are called
    samples = models.JSONField(default=list)  # the first value of each
    mapping = models.JSONField(default=list)  # [place of the column, field]
    constants = models.JSONField(default=list)  # [field, value]
    plan = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    foreseen = models.JSONField(default=dict)  # what the plan said would happen
    work = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    report = models.JSONField(default=dict)  # what happened
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="+")
    undoing = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_back = models.JSONField(default=dict)  # what its undo did

    objects: ClassVar[Any] = ImportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["owner", "-id"])]

    def __str__(self):
        return self.file_name

    @property
    def state(self) -> str:
        """How far it is: columns, checking, refused, ready, running, stopped, failed, done,
        undoing or undone.
        """
        if self.report and self.run and self.run.status == Run.Status.UNDONE:
            return "undone"
        if self.undoing and self.undoing.going_on:
            return "undoing"
        if self.report:
            return "done"
        if self.work:
            return "running" if self.work.going_on else str(self.work.status)
        if self.plan and self.plan.going_on:
            return "checking"
        if self.foreseen:
            return "ready"
        return "refused" if self.plan else "columns"
