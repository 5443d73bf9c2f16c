from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.keys import uuid7


class Job(models.Model):
    """Work that goes on after the request that started it, for the user who did. Hers alone.

    It is no Record: it holds nothing that people work on, and is forgotten with its file.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    words = models.JSONField(encoder=DjangoJSONEncoder, default=dict)  # what is to be done
    outcome = models.JSONField(encoder=DjangoJSONEncoder, default=dict)  # what came of it
    message = models.TextField(blank=True)  # when it did not end well: what happened, in a sentence
    stop_asked = models.BooleanField(default=False)
    rights = models.CharField(max_length=64)  # role and areas it was started with, as a hash
    at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(default=timezone.now)  # its newest sign of life
    ended_at = models.DateTimeField(null=True)

    path = models.CharField(max_length=100, blank=True)  # of its file, under MEDIA_ROOT; not shown
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    keep = models.DurationField(default=timedelta(hours=24))  # for so long after its end
    until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "kind", "-id"]),
            models.Index(fields=["status", "beat_at"]),
        ]

    def __str__(self):
        return f"{self.kind} {self.uid}"

    @property
    def going_on(self) -> bool:
        """Whether it has not ended."""
        return self.status in (self.Status.WAITING, self.Status.RUNNING)

    @property
    def percent(self) -> int | None:
        """How far it is, from 0 to 100; None while nobody knows."""
        if self.status == self.Status.DONE:
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None
