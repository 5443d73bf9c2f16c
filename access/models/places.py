from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.records import Reference


class Region(Reference):
    """A group of states. An administrator edits which; rows are scoped through it."""


class State(Reference):
    """A US state, DC or a territory; the reserved row `--` stands for everywhere outside
    regions.
    """

    OUTSIDE = "--"

    code = models.CharField(_("code"), max_length=2, unique=True)
    fips = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)  # where most of it is
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.PROTECT, related_name="states"
    )

    class Meta(Reference.Meta):
        ordering: ClassVar = ["position", "name", "id"]


class Reach(models.Model):
    """Another state, beside its home, where a row is seen. Kept by settling, never by hand."""

    kind = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    state = models.ForeignKey(State, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "row_id", "state"], name="reach_once_a_state")
        ]
        indexes: ClassVar = [models.Index(fields=["state", "kind", "row_id"])]


class Former(models.Model):
    """An address that a merge retired, and the row that answers for it now."""

    uid = models.UUIDField(unique=True)
    now = models.UUIDField(db_index=True)
