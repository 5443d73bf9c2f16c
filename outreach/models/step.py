from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.records import Reference


class Step(Reference):
    """One of the five steps of an outreach program, in the words of today."""

    short = models.CharField(_("short title"), max_length=40, blank=True)
    short_es = models.CharField(_("short title in Spanish"), max_length=40, blank=True)
    guidance = models.TextField(_("guidance"), blank=True)
    guidance_es = models.TextField(_("guidance in Spanish"), blank=True)
    # Whether the title is still that of the union's public guide.
    from_guide = models.BooleanField(_("from the public guide"), default=False)

    class Meta(Reference.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    @property
    def in_short(self) -> str:
        """The short title in the reader's language, for tabs and tables; else the title."""
        is_spanish = (get_language() or "").startswith("es")
        return (self.short_es if is_spanish else self.short) or self.label

    @property
    def told(self) -> str:
        """The guidance in the reader's language; English where there is no other."""
        is_spanish = (get_language() or "").startswith("es")
        return self.guidance_es if is_spanish and self.guidance_es else self.guidance


class StepCheck(Reference):
    """A line of a step's checklist. One that is taken off the list stays where it was signed."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="checks")

    part_of: ClassVar = ("step",)

    class Meta(Reference.Meta):
        verbose_name = _("check of a step")
        verbose_name_plural = _("checks of steps")
