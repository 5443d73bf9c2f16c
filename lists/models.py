from django.db import models
from django.utils.translation import gettext_lazy as _

from access.records import Reference


class Purpose(Reference):
    """What an export is for, and the channel that it will be used on (empty: none)."""

    channel = models.CharField(_("channel"), max_length=10, blank=True)
