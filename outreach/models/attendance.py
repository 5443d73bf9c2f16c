"""Who is asked to an event, who comes, and who was there; sessions with room for so many."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models import User
from access.records import Record
from access.roles import Action
from access.scope import ScopedQuerySet, scoped
from crm.models import Contact
from outreach.models.event import Event


class EventSession(Record):
    """A part of an event that people choose: a workshop, a panel, a meal."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="sessions")
    name = models.CharField(_("name"), max_length=150)
    day = models.DateField(_("day"), null=True, blank=True)
    start = models.TimeField(_("begins at"), null=True, blank=True)
    end = models.TimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(_("room"), max_length=120, blank=True)
    capacity = models.PositiveIntegerField(_("room for"), null=True, blank=True)

    seen_through = ("event",)
    part_of = ("event",)
    objects = scoped()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self):
        return self.name


class Place(models.TextChoices):
    """Whether somebody has a place in a session, or waits for one."""

    GOING = "going", _("Going")
    WAITING = "waiting", _("On the waiting list")


class AttendanceQuerySet(ScopedQuerySet):
    def own(self, actor):
        """Nobody's but the partners': who wrote a name down owns no part of the person."""
        return self.of_own_partners(actor)

    def of_own_partners(self, actor):
        people = Contact.objects.visible_to(actor).at_own_partners(actor)
        return Q(contact__in=people.order_by().values("pk"))

    def came(self):
        """Who was there."""
        return self.filter(status=Attendance.Status.ATTENDED)

    def expected(self):
        """Who is on the list and did not say no, the ones who came included."""
        return self.exclude(status__in=(Attendance.Status.DECLINED, Attendance.Status.WAITING))


class Attendance(Record):
    """A person and an event: asked, coming, there. Of whom nothing is said, nothing is known:
    silence is not absence.
    """

    class Status(models.TextChoices):
        INVITED = "invited", _("Invited")
        GOING = "going", _("Going")
        WAITING = "waiting", _("On the waiting list")
        DECLINED = "declined", _("Not coming")
        ATTENDED = "attended", _("Was there")
        NO_SHOW = "no-show", _("Did not come")

    class Source(models.TextChoices):
        """How somebody came onto the list."""

        INVITED = "invited", _("Invitation")
        DOOR = "door", _("At the door")
        PAPER = "paper", _("Sign-in sheet")
        HAND = "hand", _("Written down")

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="attendances")
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        related_name="attendances",
        verbose_name=_("person"),
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.INVITED)
    # What she was before she was checked in, so that the tap can be taken back; empty: not listed.
    before = models.CharField(max_length=8, choices=Status, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)  # the waiting list's order
    came_at = models.DateTimeField(_("checked in at"), null=True, blank=True, editable=False)
    moved_up = models.BooleanField(
        _("moved up from the waiting list"), default=False, editable=False
    )
    source = models.CharField(
        _("how listed"), max_length=7, choices=Source, default=Source.HAND, editable=False
    )
    group = models.CharField(_("group or school, as told"), max_length=150, blank=True)
    first_time = models.BooleanField(_("first time"), default=False)
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    day = models.DateField(editable=False)

    seen_through = ("event", "contact")
    part_of = ("event",)
    read_with = Action.VIEW_MEETINGS
    derived = frozenset({"day"})
    objects = scoped(AttendanceQuerySet)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        indexes: ClassVar = [
            models.Index(fields=["contact", "status", "day"], name="attendance_of_person"),
            models.Index(fields=["day", "uid"], name="attendance_by_day"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "contact"], name="once_at_an_event"),
            models.CheckConstraint(
                condition=Q(came_at__isnull=True) | Q(status="attended"), name="came_and_was_there"
            ),
        ]

    def __str__(self):
        return self.get_status_display()

    def prepare(self):
        if self._state.adding:
            self.day = self.event.day

    @property
    def is_here(self) -> bool:
        return self.status == self.Status.ATTENDED


class SessionSeat(Record):
    """A place in a session, or one on its waiting list; who asked first moves up first."""

    session = models.ForeignKey(EventSession, on_delete=models.PROTECT, related_name="seats")
    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="seats")
    status = models.CharField(_("status"), max_length=7, choices=Place, default=Place.GOING)
    moved_up = models.BooleanField(_("moved up from the waiting list"), default=False)

    seen_through = ("session", "attendance")
    part_of = ("session", "attendance")
    read_with = Action.VIEW_MEETINGS
    objects = scoped()

    class Meta:
        verbose_name = _("place in a session")
        verbose_name_plural = _("places in sessions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "attendance"], name="once_in_a_session")
        ]

    def __str__(self):
        return self.get_status_display()
