from django.db import models
from django.utils.translation import gettext_lazy as _

from access.records import Reference


class Community(Reference):
    """Whom an organization serves. Never said of a person."""

    short = models.CharField(_("short name"), max_length=60, blank=True)
    short_es = models.CharField(_("short name in Spanish"), max_length=60, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )


class FocusArea(Reference):
    """The issue worked on."""


class OrganizationKind(Reference):
    """What sort of body a partner is; a tribal nation is a government."""


class AffiliateKind(Reference):
    """National, state, UniServ unit, local, or federal and overseas."""


class InteractionKind(Reference):
    """Meeting, call, text ...; says whether it counts as contact."""

    counts_as_contact = models.BooleanField(_("counts as contact"), default=True)
    icon = models.CharField(max_length=20, blank=True)


class Outcome(Reference):
    """How an attempt at contact ended."""


class Language(Reference):
    """A language, by its BCP 47 tag."""

    own_name = models.CharField(_("its own name"), max_length=120, blank=True)


class Stage(Reference):
    """How far the relationship has come, whether we work together by then, and after how many days
    without contact it is quiet.
    """

    quiet_after_days = models.PositiveSmallIntegerField(
        _("quiet after days"), null=True, blank=True
    )
    working = models.BooleanField(
        _("we work together"),
        default=False,
        help_text=_("A partner in such a stage closes the gaps of its communities in programs."),
    )
