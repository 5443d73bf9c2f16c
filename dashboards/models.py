"""Counts kept beside the rows they count. No command writes them: `dashboards.summary` does.

They hold numbers of rows and no words, and follow from the rows at any time (`rebuild_figures`).
"""

from typing import ClassVar

from django.db import models


class What(models.TextChoices):
    """What a cell counts; `value` says which one. In each, a row counts once for its place."""

    MEETINGS = "t", "meetings"
    BY_COMMUNITY = "c", "meetings, by a community of the partners"
    BY_KIND = "k", "meetings, by their kind"
    BY_AFFILIATE = "a", "meetings, by the affiliate they were held for"
    PARTNERS = "p", "partners"
    PARTNERS_BY_COMMUNITY = "s", "partners, by a community of theirs"


class _Count(models.Model):
    what = models.CharField(max_length=1, choices=What)
    value = models.BigIntegerField(default=0)  # an id; see dashboards.summary.facts
    place = models.BigIntegerField()  # the id of a state; below 0, minus the id of Places
    n = models.IntegerField()

    class Meta:
        abstract = True


class Cell(_Count):
    """How many rows of a kind there are in a span of days (`dashboards.summary.slots`)."""

    slot = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["what", "slot", "place", "value"], name="cell_once")
        ]
        indexes: ClassVar = [models.Index(fields=["what", "slot", "place", "value", "n"])]


class Pending(_Count):
    """What writers added and took away since it was last folded into cells.

    Only added, never changed: nobody waits for anybody who writes to the same cell.
    """

    slot = models.IntegerField()  # of the day


class Places(models.Model):
    """Several states: where the partners of one meeting are."""

    states = models.CharField(max_length=400, unique=True)  # their ids, "5 33"


class CountedMeeting(models.Model):
    """How a meeting is counted at present, so that it can be taken away again."""

    interaction = models.BigIntegerField(primary_key=True)
    day = models.DateField()
    kind = models.BigIntegerField()
    affiliate = models.BigIntegerField(null=True)
    place = models.BigIntegerField()
    communities = models.TextField()  # "5 9", with a place where it is another one: "5 9=33"

    class Meta:
        indexes: ClassVar = [models.Index(fields=["day", "place", "kind", "affiliate"])]


class CountedPartner(models.Model):
    """How a partner is counted at present."""

    organization = models.BigIntegerField(primary_key=True)
    place = models.BigIntegerField()
    communities = models.TextField()  # "5 9"


class Summary(models.Model):
    """Whether the cells may be read: once what was wanted last has been built. And how often lines
    were folded into them.
    """

    wanted = models.IntegerField(default=0)
    built = models.IntegerField(default=0)
    folds = models.IntegerField(default=0)
