from datetime import date
from functools import cache, lru_cache
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from access.among import ByValues
from access.models import State, User
from access.prepared import Prepared
from access.records import Record
from access.scope import ScopedQuerySet, Visibility, scoped
from crm.models.affiliate import Affiliate
from crm.models.contact import Contact
from crm.models.organization import Organization
from crm.models.organization_rows import JUDGED_FOR_DAYS
from crm.models.taxonomy import FocusArea, InteractionKind, Outcome


class InteractionQuerySet(ScopedQuerySet):
    def own(self, actor):
        there = InteractionOrganizer._base_manager.filter(
            interaction_id=OuterRef("pk"), user_id=actor.user_id
        )
        return Q(author_id=actor.user_id) | Q(Exists(there))

    def of_own_partners(self, actor):
        tie = InteractionOrganization._base_manager.filter(
            interaction_id=OuterRef("pk"), organization__owner_id=actor.user_id
        )
        return Q(Exists(tie))

    def of_partners_given(self, actor):
        tie = InteractionOrganization._base_manager.filter(
            interaction_id=OuterRef("pk"), organization__confirmed_owner_id=actor.user_id
        )
        return Q(Exists(tie))

    def of(self, actor):
        """Those that the actor logged or was at: found from her side, where `own` asks each row."""
        there = InteractionOrganizer._base_manager.filter(user_id=actor.user_id)
        logged = Interaction._base_manager.filter(author_id=actor.user_id)
        both = (
            there.order_by()
            .values_list("interaction_id")
            .union(logged.order_by().values_list("pk"))
        )  # "or" would have PostgreSQL read every meeting
        return self.filter(pk__in=both)

    def counted(self):
        """What figures count: held, and not restricted."""
        return self.filter(status=Interaction.Status.HELD, visibility=Visibility.TEAM)


class Interaction(Record):
    """What an organizer logs: a meeting, a call, a visit, planned or held."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Strategy(models.TextChoices):
        AWARENESS = "awareness", _("Awareness")
        CAPACITY = "capacity", _("Capacity")
        ACTION = "action", _("Action")

    class OneToOne(models.TextChoices):
        FIRST = "first", _("First")
        MAINTENANCE = "maintenance", _("Maintenance")
        ESCALATION = "escalation", _("Escalation")

    class Answer(models.TextChoices):
        YES = "yes", _("Yes")
        NO = "no", _("No")
        LATER = "later", _("Later")
        NONE = "none", _("No ask was made")

    kind = models.ForeignKey(
        InteractionKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.HELD)
    day = models.DateField(_("day"))
    start = models.TimeField(_("time"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    summary = models.TextField(_("what happened"), blank=True)
    outcome = models.ForeignKey(
        Outcome,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("outcome"),
    )
    affiliate = models.ForeignKey(
        Affiliate,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("for which affiliate"),
    )
    strategy = models.CharField(_("strategy"), max_length=10, choices=Strategy, blank=True)
    crisis = models.BooleanField(_("we came because we needed something"), default=False)
    purpose = models.CharField(_("purpose"), max_length=12, choices=OneToOne, blank=True)
    cares_about = models.TextField(_("what they care about"), blank=True)
    wants = models.TextField(_("what they want"), blank=True)
    ask = models.CharField(_("what we asked"), max_length=200, blank=True)
    answer = models.CharField(_("their answer"), max_length=5, choices=Answer, blank=True)
    thanked_on = models.DateField(_("thanked on"), null=True, blank=True)
    visibility = models.CharField(
        _("who may read this"), max_length=10, choices=Visibility, default=Visibility.TEAM
    )
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)

    reaches = True
    derived = frozenset({"home"})
    may_be_hidden = frozenset({"affiliate"})
    objects = scoped(InteractionQuerySet)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes: ClassVar = [
            # To read in order, and to count without reading the rows.
            models.Index(fields=["home", "day", "uid", "visibility", "author", "id"]),
            models.Index(fields=["day", "uid"]),
        ]

    def __str__(self):
        day = date_format(self.day, pgettext("date pattern, as in Nov 24, 2026", "M j, Y"))
        return gettext("Meeting, %(day)s") % {"day": day}


def _interaction(name: str) -> models.ForeignKey:
    return models.ForeignKey(Interaction, on_delete=models.PROTECT, related_name=name)


class InteractionOrganization(Record):
    interaction = _interaction("organization_links")
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="interaction_links"
    )
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    seen_through = ("interaction", "organization")
    part_of = ("interaction",)
    objects = scoped()

    class Meta:
        verbose_name = _("organization")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["interaction", "organization"], name="organization_once_a_meeting"
            )
        ]


# Of a tie to a meeting: it was held, and counts as contact.
MET = Q(interaction__status=Interaction.Status.HELD, interaction__kind__counts_as_contact=True)


def met_since(day: Any) -> Q:
    """Of a tie to a meeting: it counts as contact, on that day or later; an expression will do."""
    return MET & Q(interaction__day__gte=day)


class InteractionContact(Record):
    interaction = _interaction("contact_links")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="interaction_links")
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    seen_through = ("interaction", "contact")
    part_of = ("interaction",)
    objects = scoped()

    class Meta:
        verbose_name = _("person")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["interaction", "contact"], name="contact_once_a_meeting"
            )
        ]


class InteractionOrganizer(Record):
    interaction = _interaction("organizer_links")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    seen_through = ("interaction",)
    part_of = ("interaction",)
    objects = scoped()

    class Meta:
        verbose_name = _("colleague")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interaction", "user"], name="organizer_once_a_meeting")
        ]


class InteractionFocusArea(Record):
    interaction = _interaction("focus_links")
    focus_area = models.ForeignKey(FocusArea, on_delete=models.PROTECT, related_name="+")

    seen_through = ("interaction",)
    part_of = ("interaction",)
    objects = scoped()

    class Meta:
        verbose_name = _("focus area")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["interaction", "focus_area"], name="focus_area_once_a_meeting"
            )
        ]


STRENGTHS = [(1, _("Faint")), (2, _("Light")), (3, _("Steady")), (4, _("Strong")), (5, _("Deep"))]


class Strength(Record):
    """A person's judgement of how strong the relationship is, 1 (faint) to 5 (deep)."""

    STALE_AFTER_DAYS = JUDGED_FOR_DAYS

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="strength_rows"
    )
    value = models.PositiveSmallIntegerField(_("strength"))
    day = models.DateField(_("judged on"))
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    interaction = models.ForeignKey(
        Interaction, null=True, on_delete=models.PROTECT, related_name="strength_rows"
    )

    seen_through = ("organization", "interaction")
    part_of = ("organization", "interaction")
    objects = scoped()

    class Meta:
        verbose_name = _("strength")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(value__range=(1, 5)), name="strength_from_1_to_5")
        ]

    def __str__(self):
        return str(self.value)


def met_in(link, column: str, meetings: list[int]) -> set[int]:
    """The ids that a link ties to meetings, hidden ones too: to pick among rows that are seen."""
    return {pk for (pk,) in _ties(link, column).of(meetings)}


@cache
def _ties(link, column: str) -> ByValues:
    ties = link._base_manager.order_by().values_list(column)
    return ByValues(ties, "interaction_id", planned_once=True)


def logged_by(user_id: int, most: int):
    """The ids of the latest meetings that somebody logged, hidden ones too: to pick among rows that
    are seen.
    """
    logged = Interaction._base_manager.filter(author_id=user_id)
    # In the order of a sum, so that PostgreSQL begins with these meetings. In that of the id it
    # walks all that there are where she logged few: 0.3 s of a million.
    return logged.order_by((F("id") + 0).desc()).values("pk")[:most]


def latest_of(actor, most: int) -> list[int]:
    """The ids of the meetings that the actor was at, the latest logged.

    Twice as many are looked at, some of which she may not see any more.
    """
    there = [pk for (pk,) in _attended(actor.user_id, 2 * most).ask()]
    return [pk for (pk,) in _latest(actor, actor.today()).of(there)[:most]]


@lru_cache(maxsize=256)
def _attended(user_id: int, most: int) -> Prepared:
    there = InteractionOrganizer._base_manager.filter(user_id=user_id)
    newest = there.order_by("-interaction_id").values_list("interaction_id")[:most]
    return Prepared(newest, planned_once=True)


@lru_cache(maxsize=256)
def _latest(actor, day: date) -> ByValues:
    seen = Interaction.objects.visible_to(actor)
    return ByValues(seen.order_by("-id").values_list("pk"), "pk", planned_once=True)
