"""What is done at the door of an event, and with its paper afterwards."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import one_of
from access.recording import Refused
from access.roles import Action
from crm.commands.widgets import bar
from crm.models import Affiliation, Consent, Contact, ContactEmail, ContactPhone
from crm.phones import is_address, parsed
from outreach.commands.attendance import has_not_begun
from outreach.guests import guesses, partner_named
from outreach.models import Attendance, Event
from outreach.rooms import alone_at

Status, Source = Attendance.Status, Attendance.Source
NEWS = "News about events and schools"  # what is asked on the sheet; kept as it was asked
LATEST = timedelta(days=3)  # how long a tap may lie on a phone and still tell when it was made


def told_at() -> forms.DateTimeField:
    """When a tap was made, as the phone says; nobody types it."""
    return forms.DateTimeField(
        required=False, label=gettext_lazy("When"), widget=forms.HiddenInput()
    )


def refuse_unless_it_takes_place(event: Event, actor) -> None:
    """Raise Refused for an event at which nobody can be yet."""
    if event.status == Event.Status.CANCELLED:
        raise Refused(_("This event is cancelled. Nobody was checked in."))
    if has_not_begun(event, actor):
        raise Refused(_("This event lies ahead. Check people in on its day. Nothing was saved."))


class AtTheDoor(Command):
    """What commands share by which somebody is there."""

    def welcome(self, row: Attendance, at: datetime | None) -> Attendance:
        """Write down that this person is there; twice is once."""
        if row.status == Status.ATTENDED:
            row.save()  # what else was told of her
            return row
        row.before = "" if row._state.adding else row.status
        row.status, row.came_at, row.moved_up = Status.ATTENDED, at, False
        row.save()
        return row

    def listed(self, event: Event, contact: Contact) -> Attendance:
        """The row of a person at an event: the one that is there, or a new one."""
        rows = Attendance.objects.visible_to(self.actor)
        row = rows.filter(event=event.pk, contact=contact.pk).first()
        return row or Attendance(event=event, contact=contact, author_id=self.actor.user_id)

    def agree(self, contact: Contact, source: str, event: Event) -> None:
        """Keep that she wants news, unless that is known by this source and day."""
        known = contact.consents.visible_to(self.actor) if contact.pk else None
        values: dict[str, Any] = {"scope": NEWS, "source": source, "day": event.day}
        if known is None or not known.filter(**values).exists():
            Consent(contact=contact, author_id=self.actor.user_id, **values).save()

    def newcomer(self, name: str, group: str, event: Event) -> Contact:
        """A new person, of the partner of that name where there is just one."""
        contact = Contact(name=name, author_id=self.actor.user_id)
        partner = partner_named(self.actor, group)
        if partner is None and self.actor.covers(event.home_id):
            contact.state_id = event.home_id
        contact.save()
        if partner is not None:
            Affiliation(contact=contact, organization=partner, is_primary=True).save()
        return contact


class CheckIn(AtTheDoor):
    """Say that a person is there. A second tap, of this phone or of another, changes nothing."""

    action = Action.LOG
    did = gettext_lazy("Checked somebody in")
    event = one_of(Event, required=True, label=gettext_lazy("Event"))
    contact = one_of(Contact, required=True, label=gettext_lazy("Person"))
    at = told_at()

    class Meta:
        model = Attendance
        fields = ()

    def apply(self):
        event = alone_at(self.actor, self.cleaned_data["event"].pk)
        refuse_unless_it_takes_place(event, self.actor)
        row = self.listed(event, self.cleaned_data["contact"])
        if row._state.adding:
            row.uid, row.source = self.instance.uid, Source.DOOR
        return self.welcome(row, when(self.cleaned_data["at"]))


def when(told: datetime | None) -> datetime:
    """When a tap was made: as the phone tells, if that can be; else now."""
    now = timezone.now()
    return told if told and now - LATEST < told <= now else now


class UndoCheckIn(Command):
    """Take a check-in back: who was on the list stays on it, as she was."""

    action = Action.LOG
    did = gettext_lazy("Took a check-in back")

    class Meta:
        model = Attendance
        fields = ()

    def apply(self):
        row = self.instance
        alone_at(self.actor, row.event_id)
        if row.status != Status.ATTENDED:
            return row
        if not row.before:
            row.delete()
            return row
        row.status, row.before, row.came_at = row.before, "", None
        row.save()
        return row


class WalkIn(AtTheDoor):
    """Check in somebody who was not expected: known already, or added with three fields."""

    action = Action.WRITE
    did = gettext_lazy("Checked in a walk-in")
    event = one_of(Event, required=True, label=gettext_lazy("Event"))
    name = forms.CharField(max_length=200, label=gettext_lazy("Name"))
    group = forms.CharField(
        max_length=150, required=False, label=gettext_lazy("Organization or school")
    )
    reach = forms.CharField(
        max_length=254,
        required=False,
        label=gettext_lazy("Phone or e-mail"),
        help_text=gettext_lazy("Only of who wants news from us. It is not shown at the door."),
    )
    known = one_of(Contact, label=gettext_lazy("Known already"))
    is_new = forms.BooleanField(required=False, label=gettext_lazy("Somebody else"))
    at = told_at()

    class Meta:
        model = Attendance
        fields = ()

    def clean_reach(self):
        text = self.cleaned_data["reach"].strip()
        if text and not is_address(text) and not parsed(text)[0]:
            raise ValidationError(_("This is neither a phone number nor an e-mail address."))
        return text

    def clean(self):
        cleaned = super().clean()
        event, name = cleaned.get("event"), cleaned.get("name")
        self.guesses = []
        if event and name and not cleaned.get("known") and not cleaned.get("is_new"):
            self.guesses = guesses(self.actor, event, [name])[name]
            if self.guesses:
                self.add_error(
                    "name", _("Is it somebody that we know? Choose, nothing is saved yet.")
                )
        return cleaned

    def apply(self):
        event = alone_at(self.actor, self.cleaned_data["event"].pk)
        refuse_unless_it_takes_place(event, self.actor)
        contact, reach = self.cleaned_data["known"], self.cleaned_data["reach"]
        if contact is None:
            contact = self.newcomer(self.cleaned_data["name"], self.cleaned_data["group"], event)
        if reach:
            self._keep(contact, reach)
            self.agree(contact, "at the door", event)
        row = self.listed(event, contact)
        if row._state.adding:
            row.uid, row.source = self.instance.uid, Source.DOOR
            row.group = self.cleaned_data["group"]
        return self.welcome(row, when(self.cleaned_data["at"]))

    def _keep(self, contact: Contact, reach: str) -> None:
        """Keep a phone number or an address of hers, unless it is there."""
        part = ContactEmail if is_address(reach) else ContactPhone
        known = (
            part.objects.visible_to(self.actor).filter(contact=contact.pk) if contact.pk else None
        )
        if known is None or not known.filter(part.whole(reach)).exists():
            part(contact=contact, **{"email" if part is ContactEmail else "number": reach}).save()


class CountHeads(Command):
    """Write down how many were there, and how that is known; names are counted apart."""

    action = Action.LOG
    did = gettext_lazy("Counted heads at an event")

    class Meta:
        model = Event
        fields = ("head_count", "counted")
        widgets = {"counted": bar()}

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if "counted" in self.fields:
            chosen = self.initial.get("counted") or Event.Counted.SIGN_IN.value
            self.initial["counted"] = chosen
            self.fields["counted"].choices = Event.Counted.choices  # one is always chosen

    def clean(self):
        cleaned = super().clean()
        if self.value("head_count") is not None and not self.value("counted"):
            self.add_error("counted", _("Say where the head count comes from."))
        return cleaned


class MarkNoShows(Command):
    """Say of all who said that they were coming, and were not there, that they did not come.

    It is done by hand, once all are checked in: silence alone is not absence.
    """

    action = Action.LOG
    did = gettext_lazy("Wrote down who did not come")
    is_of_row = False

    class Meta:
        model = Event
        fields = ()

    def apply(self):
        event = alone_at(self.actor, self.instance.pk)
        refuse_unless_it_takes_place(event, self.actor)
        rows = Attendance.objects.visible_to(self.actor).filter(event=event.pk)
        for row in rows.filter(status=Status.GOING).order_by("pk"):
            row.status, row.answered_at = Status.NO_SHOW, timezone.now()
            row.save()
        return self.instance
