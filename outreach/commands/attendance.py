"""Who comes to an event: invitations, answers, places in sessions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import many_of, one_of
from access.recording import Refused
from access.roles import Action
from crm.commands.contact_list import PEOPLE
from crm.commands.widgets import one_chip, picker
from crm.lists import CONTACTS, IN_PERSON, contacts_of, fed_by, reasons_against
from crm.models import Affiliation, Channel, Contact, ContactList, Organization
from lists.leaving import leave_out
from lists.models import SavedView
from outreach.models import Attendance, Event, EventSession, Place, SessionSeat
from outreach.rooms import alone_at, is_full

Status, Source = Attendance.Status, Attendance.Source
MOST = 2_000  # people that one invitation names
LISTED = gettext_lazy("They are on the list of this event already.")
CHANNELS = [*Channel.choices, (IN_PERSON, gettext_lazy("In person"))]


def how_invited() -> forms.ChoiceField:
    """The channel of an invitation: who asked us to keep off it stays out."""
    return forms.ChoiceField(
        label=gettext_lazy("How they are invited"),
        choices=CHANNELS,
        initial=Channel.EMAIL.value,
        widget=one_chip(),
        help_text=gettext_lazy("Who asked us not to be reached that way is left out."),
    )


def why_none_is_invited(event: Event) -> str:
    """Why nobody can be invited to an event any more, in a sentence; nothing when all is well."""
    if event.status == Event.Status.CANCELLED:
        return _("This event is cancelled. Nobody was added.")
    if event.status == Event.Status.HELD:
        return _("This event was held already. Write down who was there instead.")
    return ""


class _Invites(Command):
    """What commands share that put people on the list of an event."""

    is_of_row = False

    def put(self, event: Event, people: list[Contact]) -> list[Attendance]:
        """Invite those of the people who are not on the list yet."""
        if problem := why_none_is_invited(event):
            raise Refused(problem)
        there = set(listed(self.actor, event, people))
        rows = []
        for person in people:
            if person.pk not in there:
                row = Attendance(event=event, contact=person, source=Source.INVITED)
                row.author_id = self.actor.user_id
                row.save()
                rows.append(row)
        return rows


def listed(actor, event: Event, people=None):
    """The ids of who is on the list of an event; of these people, where they are named."""
    rows = Attendance.objects.visible_to(actor).filter(event=event.pk)
    if people is not None:
        rows = rows.filter(contact__among=[person.pk for person in people])
    return rows.order_by().values_list("contact_id", flat=True)


class InvitePeople(_Invites):
    """Invite people to an event: by name, of a contact list, of a view, of organizations."""

    action = Action.LOG
    did = gettext_lazy("Invited people to an event")
    contact_list = one_of(
        ContactList, label=gettext_lazy("Contact list"), empty_label=gettext_lazy("None")
    )
    view = one_of(
        SavedView, label=gettext_lazy("A view of People"), empty_label=gettext_lazy("None")
    )
    contacts = many_of(Contact, label=gettext_lazy("People"), widget=picker("people", many=True))
    organizations = many_of(
        Organization,
        label=gettext_lazy("People of organizations"),
        help_text=gettext_lazy("All who belong to them today."),
        widget=picker("organizations", many=True),
    )
    channel = how_invited()

    class Meta:
        model = Event
        fields = ()

    def choices(self, name, model):
        rows = super().choices(name, model)
        return rows.filter(page=PEOPLE) if model is SavedView else rows

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if problem := why_none_is_invited(self.instance):
            raise ValidationError(problem)
        sources = ("contact_list", "view", "contacts", "organizations")
        if not any(cleaned.get(name) for name in sources):
            words = _("Choose a contact list, a view, people or organizations. Nobody was added.")
            raise ValidationError(words)
        self.asked, self.left_out = self._asked(cleaned)
        self.found = list(self.asked.order_by("sort_name", "uid")[: MOST + 1])
        if len(self.found) > MOST:
            words = _("These are more than %(most)s people. Invite them in parts.")
            raise ValidationError(words % {"most": f"{MOST:,}"})
        return cleaned

    def _asked(self, cleaned) -> tuple[Any, list[tuple[str, int]]]:
        """The people to invite, and (reason, how many) of those who stay out."""
        rows = Contact.objects.visible_to(self.actor)
        on = rows.filter(pk__in=[person.pk for person in cleaned["contacts"]])
        for found in self._sources(cleaned):
            on |= rows.filter(pk__in=found.order_by().values("pk"))
        there = listed(self.actor, self.instance)
        known = on.filter(pk__in=there).order_by().count()
        on, out = leave_out(CONTACTS, on.exclude(pk__in=there), cleaned["channel"])
        out += [(LISTED, known)] if known else []
        return on, [(str(reason), number) for reason, number in out]

    def _sources(self, cleaned):
        if cleaned["contact_list"]:
            yield contacts_of(self.actor, cleaned["contact_list"])
        if cleaned["organizations"]:
            ties = Affiliation.objects.visible_to(self.actor).current(self.actor.today())
            ties = ties.filter(organization__in=cleaned["organizations"])
            yield Contact.objects.visible_to(self.actor).filter(pk__in=ties.values("contact_id"))
        if cleaned["view"]:
            people, problems = fed_by(self.actor, cleaned["view"].uid)
            if problems:
                raise ValidationError(problems)
            yield people

    def apply(self):
        event = alone_at(self.actor, self.instance.pk)
        self.put(event, self.found)
        return self.instance


class InviteToEvent(_Invites):
    """Invite a person to an event."""

    action = Action.LOG
    did = gettext_lazy("Invited somebody to an event")
    event = one_of(
        Event, required=True, label=gettext_lazy("Event"), widget=picker("outreach:events")
    )
    channel = how_invited()

    class Meta:
        model = Contact
        fields = ()

    def apply(self):
        person = self.instance
        for column, reason in reasons_against(self.cleaned_data["channel"]):
            if getattr(person, column):
                raise Refused(reason)
        rows = self.put(self.cleaned_data["event"], [person])
        if not rows:
            raise Refused(LISTED)
        return rows[0]


class AnswerInvitation(Command):
    """Write down what a person answered, or that she was there or did not come."""

    action = Action.LOG
    did = gettext_lazy("Wrote down who comes to an event")

    class Meta:
        model = Attendance
        fields = ("status", "group", "first_time")
        widgets = {"status": one_chip()}

    def clean_status(self):
        status, row = self.cleaned_data["status"], self.instance
        if status == row._loaded["status"]:
            return status
        self.check_answer(self.event_of(row), status, row._loaded["status"])
        return status

    def check_answer(self, event: Event, status: str, was: str = "") -> None:
        """Raise ValidationError for an answer that this event cannot have, or has no room for."""
        if event.status == Event.Status.CANCELLED and status != Status.DECLINED:
            raise ValidationError(_("This event is cancelled. Nothing was changed."))
        if status in (Status.ATTENDED, Status.NO_SHOW) and has_not_begun(event, self.actor):
            raise ValidationError(_("This event lies ahead: nobody can have been there yet."))
        if status == Status.GOING and was != Status.ATTENDED:
            self.refuse_if_full(event)

    def event_of(self, row: Attendance) -> Event:
        """The event of a row that the actor sees; she sees it too."""
        known = self.__dict__.setdefault("_events", {})  # of many rows
        if row.event_id not in known:
            known[row.event_id] = Event.objects.visible_to(self.actor).get(pk=row.event_id)
        return known[row.event_id]

    def refuse_if_full(self, event: Event) -> None:
        if is_full(event):
            words = _(
                "This event is full: there is room for %(number)s. Choose the waiting list, and "
                "they move up by themselves."
            )
            raise ValidationError(words % {"number": f"{event.capacity:,}"})

    def apply(self):
        row = self.instance
        if row.status == row._loaded["status"]:
            return super().apply()
        event = alone_at(self.actor, row.event_id)
        if row.status == Status.GOING and row._loaded["status"] != Status.ATTENDED:
            self.refuse_if_full(event)
        was = row._loaded["status"]
        row.before = was if row.status == Status.ATTENDED else ""  # so that the door takes it back
        row.answered_at, row.came_at, row.moved_up = timezone.now(), None, False
        if row.status in (Status.DECLINED, Status.NO_SHOW):
            for seat in row.seats.visible_to(self.actor):
                seat.delete()
        return super().apply()


def has_not_begun(event: Event, actor) -> bool:
    """Whether the day of an event is still ahead, there and where the actor is."""
    return event.day > max(actor.today(), event.today())


class AddToEvent(AnswerInvitation):
    """Put one person on the list of an event, with what she answered."""

    did = gettext_lazy("Put somebody on the list of an event")
    event = one_of(Event, required=True, label=gettext_lazy("Event"))
    contact = one_of(Contact, required=True, label=gettext_lazy("Person"), widget=picker("people"))

    class Meta(AnswerInvitation.Meta):
        fields = ("event", "contact", "status", "group", "first_time")

    def clean_status(self):
        return self.cleaned_data["status"]

    def clean(self):
        cleaned = super().clean()
        event, contact, status = map(cleaned.get, ("event", "contact", "status"))
        if event and contact and contact.pk in listed(self.actor, event, [contact]):
            self.add_error("contact", _("She is on the list of this event already."))
        if event and status and not self.errors:
            try:
                self.check_answer(event, status)
            except ValidationError as error:
                self.add_error("status", error)
        return cleaned

    def apply(self):
        row = self.instance
        event = alone_at(self.actor, row.event_id)
        if row.status == Status.GOING:
            self.refuse_if_full(event)
        row.answered_at = timezone.now()
        row.author_id = self.actor.user_id
        row.save()
        return row


class RemoveFromEvent(Command):
    """Take a person off the list of an event. She stays a person that we know."""

    action = Action.LOG
    did = gettext_lazy("Took somebody off the list of an event")

    class Meta:
        model = Attendance
        fields = ()

    def apply(self):
        alone_at(self.actor, self.instance.event_id)
        self.instance.delete()
        return self.instance


class TakeSeat(Command):
    """Give a person a place in a session; in a full one, on its waiting list where she wants it."""

    action = Action.LOG
    did = gettext_lazy("Gave somebody a place in a session")
    session = one_of(EventSession, required=True, label=gettext_lazy("Session"))
    waits = forms.BooleanField(required=False, label=gettext_lazy("Wait for a place"))

    class Meta:
        model = Attendance
        fields = ()

    def choices(self, name, model):
        return super().choices(name, model).filter(event=self.instance.event_id)

    def clean(self):
        cleaned = super().clean()
        event = Event.objects.visible_to(self.actor).get(pk=self.instance.event_id)
        if problem := why_none_is_invited(event):
            raise ValidationError(problem)
        if self.instance.status in (Status.DECLINED, Status.NO_SHOW):
            raise ValidationError(_("This person does not come. Change the answer first."))
        return cleaned

    def apply(self):
        row, session = self.instance, self.cleaned_data["session"]
        alone_at(self.actor, row.event_id)
        if row.seats.visible_to(self.actor).filter(session=session).exists():
            return row
        seat = SessionSeat(session=session, attendance=row)
        if is_full(session):
            if not self.cleaned_data["waits"]:
                words = _("%(session)s is full: there is room for %(number)s. Nothing was changed.")
                raise Refused(words % {"session": session.name, "number": f"{session.capacity:,}"})
            seat.status = Place.WAITING
        seat.save()
        return row


class GiveUpSeat(Command):
    """Take back a person's place in a session; who waits first moves up."""

    action = Action.LOG
    did = gettext_lazy("Took back a place in a session")

    class Meta:
        model = SessionSeat
        fields = ()

    def apply(self):
        sessions = EventSession.objects.visible_to(self.actor)
        alone_at(self.actor, sessions.get(pk=self.instance.session_id).event_id)
        self.instance.delete()
        return self.instance
