from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from access.models import State, User
from access.records import Record
from access.scope import ScopedQuerySet, Visibility, scoped
from crm.models import Contact, Interaction, Organization


class CommitmentQuerySet(ScopedQuerySet):
    def own(self, actor):
        return Q(owner_id=actor.user_id) | Q(author_id=actor.user_id)

    def readers(self, actor):
        # Who reads the meeting and the person reads what was promised there, and nobody else.
        meetings = Interaction.objects.visible_to(actor).filter(uid=OuterRef("made_in"))
        people = Contact.objects.visible_to(actor).filter(pk=OuterRef("contact_id"))
        return (Q(made_in__isnull=True) | Q(Exists(meetings))) & (
            Q(contact__isnull=True) | Q(Exists(people))
        )

    def late(self, today: date):
        """Promises that are open past their day."""
        return self.filter(status=Commitment.Status.OPEN, due__lt=today)


class Commitment(Record):
    """A promise that we, a partner or one of its people made."""

    class By(models.TextChoices):
        US = "us", _("Us")
        ORGANIZATION = "organization", _("The organization")
        PERSON = "person", _("One of its people")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        KEPT = "kept", _("Kept")
        LATE = "late", _("Kept late, or moved")
        BROKEN = "broken", _("Broken")
        RELEASED = "released", _("Released")

    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        related_name="commitments",
        verbose_name=_("organization"),
    )
    by = models.CharField(_("who promised"), max_length=12, choices=By)
    contact = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("person"),
    )
    text = models.CharField(_("what was promised"), max_length=200)
    due = models.DateField(_("by when"))
    first_due = models.DateField(_("first promised for"), editable=False)
    moved = models.PositiveSmallIntegerField(_("times moved"), default=0, editable=False)
    owner = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who of us looks after it"),
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=300, blank=True)
    made_on = models.DateField(_("promised on"))
    made_in = models.UUIDField(null=True, editable=False, db_index=True)  # a meeting
    made_at = models.UUIDField(null=True, editable=False, db_index=True)  # a joint action
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    home = models.ForeignKey(State, on_delete=models.PROTECT, related_name="+", editable=False)
    follow_up = models.UUIDField(null=True, editable=False)  # of ours: the task that it made
    visibility = models.CharField(
        max_length=10, choices=Visibility, default=Visibility.TEAM, editable=False
    )

    derived = frozenset({"home", "visibility"})
    may_be_hidden = frozenset({"organization", "contact"})
    objects = scoped(CommitmentQuerySet)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes: ClassVar = [models.Index(fields=["home", "due", "uid"], name="promise_by_day")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(by="person") | Q(contact__isnull=False), name="promised_by_whom"
            )
        ]

    def __str__(self):
        return self.text

    def ended_as(self, ended: "Commitment.Status", day: date) -> "Commitment.Status":
        """How a promise counts that ends so on a day: kept is what was done by the day that was
        promised first, and never moved.
        """
        if ended == self.Status.KEPT and (self.moved or day > self.first_due):
            return self.Status.LATE
        return ended

    def prepare(self):
        if self.first_due is None:
            self.first_due = self.due
