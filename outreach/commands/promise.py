"""Promises: made, moved, ended. One that was moved is never simply kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import one_of
from access.models import User
from access.recording import Refused
from access.roles import Action
from crm.commands.owning import refuse_who_sees_nothing
from crm.commands.widgets import bar, picker
from crm.models import Contact, Interaction, Organization, Task
from outreach.models import Commitment, JointAction


def is_ended() -> str:
    return _("This promise is ended already. Nothing changed.")


class ChangeCommitment(Command):
    """Change an open promise. A later day is counted as moved, and its follow-up moves along."""

    action = Action.LOG
    did = gettext_lazy("Changed a promise")
    owner = one_of(
        User, label=gettext_lazy("Who of us looks after it"), widget=picker("colleagues")
    )

    class Meta:
        model = Commitment
        fields = ("text", "due", "owner")

    def clean(self):
        cleaned = super().clean()
        refuse_who_sees_nothing(self, "owner", self._home_id())
        return cleaned

    def _home_id(self) -> int | None:
        return self.instance.home_id

    def choices(self, name, model):
        rows = super().choices(name, model)
        if name == "owner" and not self.actor.may(Action.ASSIGN):
            rows = rows.filter(pk__in=[self.actor.user_id, self.instance.owner_id or 0])
        return rows

    def apply(self):
        promise = self.instance
        if promise.status != Commitment.Status.OPEN:
            raise Refused(is_ended())
        if promise.due > promise._loaded["due"]:
            promise.moved += 1
        row = super().apply()
        if (task := self._task()) is not None and task.status == Task.Status.OPEN:
            task.title, task.due = promise.text, promise.due
            task.moved += task.due > task._loaded["due"]
            task.save()
        return row

    def _task(self) -> Task | None:
        """The follow-up that a promise of ours made, if the actor sees it."""
        rows = Task.objects.visible_to(self.actor)
        return rows.filter(uid=self.instance.follow_up).first() if self.instance.follow_up else None


class AddCommitment(ChangeCommitment):
    """Write a promise down: ours, of the organization, or of one of its people. Ours makes a
    follow-up.
    """

    did = gettext_lazy("Wrote a promise down")
    organization = one_of(
        Organization,
        required=True,
        label=gettext_lazy("Organization"),
        widget=picker("organizations"),
    )
    contact = one_of(
        Contact,
        label=gettext_lazy("Person"),
        widget=picker("people"),
        help_text=gettext_lazy("Who promised it, or to whom we did."),
    )
    made_in = forms.UUIDField(required=False, widget=forms.HiddenInput)
    made_at = forms.UUIDField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Commitment
        fields = ("organization", "by", "contact", "text", "due", "owner", "made_on")
        widgets = {"by": bar()}

    def clean_made_in(self):
        uid = self.cleaned_data["made_in"]
        if uid and not Interaction.objects.visible_to(self.actor).filter(uid=uid).exists():
            raise ValidationError(_("The meeting is not there."))
        return uid

    def clean_made_at(self):
        uid = self.cleaned_data["made_at"]
        if uid and not JointAction.objects.visible_to(self.actor).filter(uid=uid).exists():
            raise ValidationError(_("The joint action is not there."))
        return uid

    def clean(self):
        cleaned = super().clean()
        by, contact = cleaned.get("by"), cleaned.get("contact")
        if by == Commitment.By.PERSON and contact is None and "contact" not in self.errors:
            self.add_error("contact", _("Choose the person who promised it."))
        due, made_on = cleaned.get("due"), cleaned.get("made_on")
        if due and made_on and due < made_on:
            self.add_error("due", _("This lies before the day it was promised."))
        return cleaned

    def _home_id(self) -> int | None:
        organization = self.cleaned_data.get("organization")
        return organization.home_id if organization else None

    def apply(self):
        promise, made_in = self.instance, self.cleaned_data.get("made_in")
        promise.author_id, promise.made_in = self.actor.user_id, made_in
        promise.made_at = self.cleaned_data.get("made_at")
        if promise.by == Commitment.By.US:
            task = self._follow_up()
            promise.follow_up = task.uid
        promise.save()
        return promise

    def _follow_up(self) -> Task:
        promise = self.instance
        # About the person where there is one: with a restricted person it is restricted, too.
        about = promise.contact or promise.organization
        task = Task(
            title=promise.text,
            due=promise.due,
            owner_id=promise.owner_id or self.actor.user_id,
            author_id=self.actor.user_id,
            about_kind=about._meta.model_name,
            about=about.uid,
            made_in=promise.made_in,
        )
        task.save()
        return task


class EndCommitment(ChangeCommitment):
    """End a promise: kept, broken, or released. One that was moved, or is past the day that was
    promised first, is kept late.
    """

    did = gettext_lazy("Ended a promise")
    owner = None
    ended = forms.ChoiceField(
        choices=[
            (Commitment.Status.KEPT, Commitment.Status.KEPT.label),
            (Commitment.Status.BROKEN, Commitment.Status.BROKEN.label),
            (Commitment.Status.RELEASED, Commitment.Status.RELEASED.label),
        ],
        label=gettext_lazy("How it ended"),
        widget=bar(),
    )
    day = forms.DateField(
        label=gettext_lazy("On which day"), widget=forms.DateInput({"type": "date"})
    )
    reason = forms.CharField(required=False, max_length=300, label=gettext_lazy("Why"))

    class Meta:
        model = Commitment
        fields = ()

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        self.initial.setdefault("day", actor.today())
        self.initial.setdefault("ended", Commitment.Status.KEPT)

    def clean(self):
        cleaned: dict[str, Any] = super().clean()
        day = cleaned.get("day")
        if day and not self.instance.made_on <= day <= self.actor.today():
            self.add_error("day", _("Choose a day from the promise to today."))
        return cleaned

    def apply(self):
        promise, day = self.instance, self.cleaned_data["day"]
        if promise.status != Commitment.Status.OPEN:
            raise Refused(is_ended())
        ended = promise.ended_as(Commitment.Status(self.cleaned_data["ended"]), day)
        promise.status, promise.ended_on = ended, day
        promise.why = self.cleaned_data.get("reason", "")
        promise.save()
        if (task := self._task()) is not None and task.status == Task.Status.OPEN:
            kept = ended in (Commitment.Status.KEPT, Commitment.Status.LATE)
            task.status = Task.Status.DONE if kept else Task.Status.DROPPED
            task.done_on = day if kept else None
            task.save()
        return promise


class DeleteCommitment(Deletion):
    """Take a promise out that was written down by mistake. Its follow-up stays."""

    action = Action.DELETE
    did = gettext_lazy("Deleted a promise")

    class Meta:
        model = Commitment
        fields = ()
