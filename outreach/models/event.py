"""Events: ours, or hosted by a partner; who took part in them, and as what."""

import zoneinfo
from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from access.models import State, User
from access.records import Record, Reference
from access.scope import ScopedQuerySet, scoped
from crm.models import Affiliate, Community, FocusArea, Organization
from lists.folding import FoldedField


class EventKind(Reference):
    """What sort of event: a community conversation, a training, a rally, an observance ..."""


class EventRole(models.TextChoices):
    """What somebody does at an event; the first of these decide where it lies."""

    HOST = "host", _("Host")
    CO_HOST = "co-host", _("Co-host")
    CO_CHAIR = "co-chair", _("Co-chair")
    SPONSOR = "sponsor", _("Sponsor")
    SPEAKER = "speaker", _("Speaker")
    WORKSHOP = "workshop", _("Workshop")
    EXHIBITOR = "exhibitor", _("Exhibitor")
    AWARD_GIVEN = "award-given", _("Gives an award")
    AWARD_RECEIVED = "award-received", _("Receives an award")
    DELEGATION = "delegation", _("Delegation")


HOSTS = (EventRole.HOST, EventRole.CO_HOST)
# Of a code that is read from paper and typed: no letter that looks like another, or like a digit.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE = 7  # letters: one in 27 billion
TEN_MILLION = 10_000_000


def short_code(uid: UUID) -> str:
    """The code that stands on an event's paper, out of the random end of its uid."""
    rest, code = uid.int % len(LETTERS) ** CODE, ""
    for _letter in range(CODE):
        rest, at = divmod(rest, len(LETTERS))
        code += LETTERS[at]
    return code


@deconstructible
class FewEnough(MaxValueValidator):
    """As many people as an event can have room for, or count, in a sentence of its own."""

    code = "too_many"
    message = _("That is more than ten million people. Check the number.")


class EventQuerySet(ScopedQuerySet):
    def ahead(self, today: date):
        """Events that are not over and not cancelled."""
        rows = self.exclude(status__in=(Event.Status.CANCELLED, Event.Status.HELD))
        return rows.filter(last_day__gte=today)

    def unsettled(self, today: date):
        """Events whose day is past, and of which nobody said whether they were held."""
        rows = self.filter(status__in=(Event.Status.PLANNED, Event.Status.CONFIRMED))
        return rows.filter(last_day__lt=today)

    def hosted_by_us(self, actor):
        """Events that we host or co-host."""
        ours = EventOwnRole.objects.visible_to(actor).filter(role__in=HOSTS)
        return self.filter(Exists(ours.filter(event=OuterRef("pk"))))


class Event(Record):
    """Something that many come to, on one day or on several, at a time in its own time zone."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CONFIRMED = "confirmed", _("Confirmed")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Counted(models.TextChoices):
        """Where the head count comes from."""

        SIGN_IN = "sign-in", _("Sign-in")
        ESTIMATE = "estimate", _("Estimate")
        HOST = "host", _("Host’s figure")

    name = models.CharField(_("name"), max_length=150)
    kind = models.ForeignKey(
        EventKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    day = models.DateField(_("day"))
    start = models.TimeField(
        _("begins at"), null=True, blank=True, help_text=_("Left empty, it is all day.")
    )
    end_day = models.DateField(_("last day"), null=True, blank=True)
    end = models.TimeField(_("ends at"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    url = models.URLField(_("link"), max_length=500, blank=True)
    state = models.ForeignKey(
        State,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("state"),
    )
    series = models.CharField(_("series"), max_length=120, blank=True)
    edition = models.CharField(_("edition"), max_length=40, blank=True)
    affiliate = models.ForeignKey(
        Affiliate,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("for which affiliate"),
    )
    capacity = models.PositiveIntegerField(
        _("room for"), null=True, blank=True, validators=[FewEnough(TEN_MILLION)]
    )
    cost = models.PositiveIntegerField(_("cost"), null=True, blank=True)
    head_count = models.PositiveIntegerField(
        _("head count"), null=True, blank=True, validators=[FewEnough(TEN_MILLION)]
    )
    counted = models.CharField(
        pgettext_lazy("of a head count", "source"), max_length=8, choices=Counted, blank=True
    )
    note = models.TextField(_("note"), blank=True)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
    )
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)
    last_day = models.DateField(editable=False)
    code = models.CharField(_("code"), max_length=CODE, default="", editable=False, db_index=True)
    sort_name = FoldedField()
    series_key = FoldedField()
    search_key = models.TextField(blank=True, editable=False)

    reaches = True
    derived = frozenset({"home", "search_key"})
    may_be_hidden = frozenset({"affiliate"})
    objects = scoped(EventQuerySet)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            models.Index(fields=["home", "day", "uid"], name="event_by_day"),
            models.Index(fields=["home", "sort_name", "uid"], name="event_by_name"),
            models.Index(fields=["series_key", "day"], name="event_by_series"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(end_day__isnull=True) | Q(end_day__gte=F("day")),
                name="event_ends_later",
            ),
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=False), name="event_begins_too"
            ),
            models.CheckConstraint(
                condition=Q(head_count__isnull=True) | ~Q(counted=""), name="counted_somehow"
            ),
        ]

    def __str__(self):
        return self.name

    def prepare(self):
        self.last_day = self.end_day or self.day
        self.code = self.code or short_code(self.uid)
        self.sort_name = self._meta.get_field("sort_name").clip(self.name)
        self.series_key = self._meta.get_field("series_key").clip(self.series)

    @property
    def is_ahead(self) -> bool:
        """Whether it is neither held nor cancelled."""
        return self.status in (self.Status.PLANNED, self.Status.CONFIRMED)

    def today(self) -> date:
        """The day that it is where the event is."""
        return datetime.now(zoneinfo.ZoneInfo(self.zone or "UTC")).date()

    @property
    def is_all_day(self) -> bool:
        return self.start is None

    @property
    def zone_name(self) -> str:
        """Its time zone as people there call it on that day: PST, PDT."""
        begins = self.begins()
        return begins.tzname() or "" if begins else ""

    def begins(self) -> datetime | None:
        """The moment when it begins; None when it lasts all day, which is no moment."""
        return self._moment(self.day, self.start)

    def ends(self) -> datetime | None:
        """The moment when it ends, where that is said."""
        return self._moment(self.last_day, self.end)

    def _moment(self, day: date, at: time | None) -> datetime | None:
        if at is None:
            return None
        return datetime.combine(day, at, zoneinfo.ZoneInfo(self.zone or "UTC"))


def _of_event(name: str) -> models.ForeignKey:
    return models.ForeignKey(Event, on_delete=models.PROTECT, related_name=name)


def _once(*fields: str, name: str) -> list[Any]:
    return [models.UniqueConstraint(fields=["event", *fields], name=name)]


class EventOrganization(Record):
    """What a partner does at an event. Seen by who sees both."""

    event = _of_event("partner_roles")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(_("role"), max_length=14, choices=EventRole, default=EventRole.CO_HOST)
    amount = models.PositiveIntegerField(_("amount"), null=True, blank=True)

    seen_through = ("event", "organization")
    part_of = ("event",)
    objects = scoped()

    class Meta:
        verbose_name = _("partner at an event")
        verbose_name_plural = _("partners at events")
        constraints: ClassVar = _once("organization", "role", name="partner_role_once")

    def __str__(self):
        return self.get_role_display()


class EventOwnRole(Record):
    """What we do at an event."""

    event = _of_event("own_roles")
    role = models.CharField(_("role"), max_length=14, choices=EventRole)
    amount = models.PositiveIntegerField(_("amount"), null=True, blank=True)
    what = models.CharField(_("what"), max_length=120, blank=True)

    seen_through = ("event",)
    part_of = ("event",)
    objects = scoped()

    class Meta:
        verbose_name = _("our role at an event")
        verbose_name_plural = _("our roles at events")
        constraints: ClassVar = _once("role", "what", name="own_role_once")

    def __str__(self):
        return self.get_role_display()


class EventCommunity(Record):
    """A community that an event is for."""

    event = _of_event("community_links")
    community = models.ForeignKey(Community, on_delete=models.PROTECT, related_name="+")

    seen_through = ("event",)
    part_of = ("event",)
    objects = scoped()

    class Meta:
        constraints: ClassVar = _once("community", name="event_community_once")


class EventFocusArea(Record):
    """An issue that an event is about."""

    event = _of_event("focus_links")
    focus_area = models.ForeignKey(FocusArea, on_delete=models.PROTECT, related_name="+")

    seen_through = ("event",)
    part_of = ("event",)
    objects = scoped()

    class Meta:
        constraints: ClassVar = _once("focus_area", name="event_focus_area_once")


class EventState(Record):
    """A state from which people came, or which sent a delegation."""

    event = _of_event("state_links")
    state = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+")

    seen_through = ("event",)
    part_of = ("event",)
    objects = scoped()

    class Meta:
        constraints: ClassVar = _once("state", name="event_state_once")
