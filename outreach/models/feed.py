"""A user's own calendar feed: a secret address that a calendar reads without signing in."""

import hashlib
import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import User


class CalendarFeed(models.Model):
    """One a user. Of the secret only its hash is kept; a new one ends the old."""

    class What(models.TextChoices):
        AREAS = "areas", _("All events that I see")
        MINE = "mine", _("Only those that I look after")

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    what = models.CharField(_("which events"), max_length=5, choices=What, default=What.AREAS)
    made_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    def __str__(self):
        return self.get_what_display()

    @staticmethod
    def digest_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @staticmethod
    def new_secret() -> str:
        return secrets.token_urlsafe(32)
