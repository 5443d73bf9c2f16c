from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.keys import uuid7


class Run(models.Model):
    """One command, or one list of them, and all that it changed. Undo works on it."""

    class Status(models.TextChoices):
        OPEN = "open", _("running")  # more slices are to come
        DONE = "done", _("done")
        UNDONE = "undone", _("undone")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    command = models.CharField(max_length=60)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=120, blank=True)  # of a system run
    subject = models.UUIDField(null=True)  # the row that the command was about
    at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)  # the newest slice
    status = models.CharField(max_length=6, choices=Status, default=Status.DONE)
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "-id"]),
            models.Index(fields=["user", "-id"]),
        ]


class Change(models.Model):
    """One row before and after one run.

    `before` is empty for a new row, `after` for a deleted one.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="changes")
    table = models.CharField(max_length=60)
    row_id = models.BigIntegerField()
    row_uid = models.UUIDField()
    revision = models.PositiveIntegerField()  # of the row after this change
    before = models.JSONField(encoder=DjangoJSONEncoder)
    after = models.JSONField(encoder=DjangoJSONEncoder)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["row_uid", "-id"]),
            models.Index(fields=["table", "row_id"]),
        ]


class AuditEntry(models.Model):
    """Who did what, when. It holds no personal data, so it is never altered, only sealed.

    `digest` ties the entry to its AuditDetail without telling what that says; `seal` is the hash of
    the entry and the seal before it (see access.audit).
    """

    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=60)
    user_uid = models.UUIDField(null=True)
    row_uid = models.UUIDField(null=True)
    run_uid = models.UUIDField(null=True)
    count = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user_uid", "action", "-id"]),
            models.Index(fields=["row_uid", "-id"]),
        ]


class AuditDetail(models.Model):
    """What an entry says in words: purpose, filters, columns, reason. Erasable beside the chain."""

    entry = models.OneToOneField(AuditEntry, on_delete=models.CASCADE, related_name="detail")
    salt = models.CharField(max_length=64)
    words = models.JSONField(encoder=DjangoJSONEncoder)


class RequestKey(models.Model):
    """A request that a client may send twice, and the answer it got the first time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    command = models.CharField(max_length=60)
    body = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    reply = models.TextField(
        blank=True
    )  # JSON as text: the same bytes again, whatever the database
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="request_key_once_a_user")
        ]


class Stamp(models.Model):
    """A random value that is another one after each change of what processes keep (access.kept)."""

    ONE = 1  # the id of the only row

    value = models.UUIDField()


class Opening(models.Model):
    """An administrator opened one restricted row, with a reason, for thirty minutes."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    row_uid = models.UUIDField()
    reason = models.TextField()
    until = models.DateTimeField()

    LASTS = timedelta(minutes=30)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "until"])]

    @property
    def at(self) -> datetime:
        """When it was opened."""
        return self.until - self.LASTS


class Tick(models.Model):
    """When a periodic job last ran."""

    job = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
