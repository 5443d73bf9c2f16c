from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import User
from access.records import Record, Reference
from access.scope import ScopedQuerySet, scoped
from outreach.models.goals import Target


class PlanTemplate(Reference):
    """A way to come to know an organization: steps and how many days each lies after the first."""

    class Meta(Reference.Meta):
        verbose_name = _("plan")
        verbose_name_plural = _("plans")


class PlanTemplateStep(Reference):
    """A step of such a plan."""

    template = models.ForeignKey(PlanTemplate, on_delete=models.PROTECT, related_name="steps")
    days = models.PositiveSmallIntegerField(_("days after the start"), default=0)

    part_of: ClassVar = ("template",)

    class Meta(Reference.Meta):
        ordering: ClassVar = ["days", "position", "id"]
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of plans")


class TargetStepQuerySet(ScopedQuerySet):
    def late(self, today: date):
        """Steps that are not done and past their day."""
        return self.filter(done_on__isnull=True, day__lt=today)


class TargetStep(Record):
    """A dated step towards a target organization."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="steps")
    text = models.CharField(_("what to do"), max_length=160)
    day = models.DateField(_("by when"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    seen_through = ("target",)
    part_of = ("target",)
    objects = scoped(TargetStepQuerySet)

    class Meta:
        verbose_name = _("step towards a target")
        verbose_name_plural = _("steps towards targets")
        indexes: ClassVar = [models.Index(fields=["target", "day"], name="target_step_by_day")]

    def __str__(self):
        return self.text


def moved(
    steps: list[TargetStep], one: TargetStep, day: date, with_later: bool
) -> list[TargetStep]:
    """Give one step another day, and with it, if asked, as many days to each later one that is not
    done. Returns those that changed.
    """
    by, before = day - one.day, one.day
    changed = [one] if by else []
    one.day = day
    if with_later and by:
        for step in steps:
            if step.pk != one.pk and step.done_on is None and step.day > before:
                step.day += by
                changed.append(step)
    return changed
