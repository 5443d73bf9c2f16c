from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import registers
from access.commands import Command
from access.fields import one_of
from access.models import User
from access.recording import Refused
from access.roles import Action
from crm.commands.owning import refuse_who_sees_nothing
from crm.commands.widgets import Due, picker
from crm.models import Task


def closed_already() -> str:
    return _("This follow-up is closed already. Nothing changed.")


class ChangeTask(Command):
    """Change a follow-up: what, by when, who."""

    action = Action.LOG
    did = gettext_lazy("Changed a follow-up")
    owner = one_of(User, required=True, label=gettext_lazy("Who"), widget=picker("colleagues"))

    class Meta:
        model = Task
        fields = ("title", "due", "owner", "repeats", "repeats_until")
        labels = {"repeats_until": gettext_lazy("Repeats until")}

    def clean(self):
        cleaned = super().clean()
        refuse_who_sees_nothing(self, "owner", self.instance.home_id)
        if {"repeats", "repeats_until", "due"} & set(self.errors):
            return cleaned
        until = self.value("repeats_until")
        if until and not self.value("repeats"):
            self.add_error("repeats_until", _("Say how often it repeats, or leave this empty."))
        elif until and self.value("due") and until < self.value("due"):
            self.add_error("repeats_until", _("This lies before the day it is due."))
        return cleaned

    def apply(self):
        task = self.instance
        if not self.adding:
            note_move(task)
            rhythm = {"repeats", "due"} & set(self.cleaned_data)
            if rhythm and (task.repeats, task.due) != (
                task._loaded["repeats"],
                task._loaded["due"],
            ):
                task.repeats_from = task.due if task.repeats else None  # it was chosen anew
        return super().apply()

    def choices(self, name, model):
        rows = super().choices(name, model)
        if name == "owner" and not self.actor.may(Action.ASSIGN):
            rows = rows.filter(pk__in=[self.actor.user_id, self.instance.owner_id or 0])
        return rows

    def _read(self, name, form_field):
        super()._read(name, form_field)
        if name == "owner":
            form_field.fill(self.choices(name, User))

    def allow(self):
        super().allow()
        if self.adding or self.actor.may(Action.ASSIGN):
            return
        if self.actor.user_id not in (self.instance.owner_id, self.instance.author_id):
            raise PermissionDenied


def note_move(task: Task) -> None:
    """Count that a follow-up was put off; its first day due stays beside it."""
    if task.due > task._loaded["due"]:
        task.moved += 1


class AddTask(ChangeTask):
    """Make a follow-up about a partner, a person or a meeting, or about nothing in particular."""

    did = gettext_lazy("Added a follow-up")

    about_kind = forms.ChoiceField(required=False, choices=(), widget=forms.HiddenInput)
    about = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        self.fields["about_kind"].choices = [("", "")] + [(k, k) for k in registers.subject_kinds()]
        if "owner" in self.fields:
            self.fields["owner"].required = False
            self.initial.setdefault("owner", User.objects.filter(pk=actor.user_id).first())

    def clean(self):
        cleaned = super().clean()
        kind, uid = cleaned.get("about_kind"), cleaned.get("about")
        if kind and uid:
            rows = registers.subject(kind).model.objects.visible_to(self.actor)
            home_id = self._home(kind, uid, rows)
            if home_id is None:
                raise ValidationError(_("What this is about is not there."))
            if not self.actor.covers(home_id):  # it would land where she could not see it
                raise ValidationError(
                    _("This lies mainly outside your areas. Make it about a partner of yours.")
                )
            refuse_who_sees_nothing(self, "owner", home_id)
        elif bool(kind) != bool(uid):
            raise ValidationError(_("Say what kind of row this is about, and which."))
        return cleaned

    def _home(self, kind, uid, rows) -> int | None:
        """The id of the home of what this is about, or None when the actor does not see it."""
        known = self.__dict__.setdefault("_homes_known", {})
        if (kind, uid) not in known:
            known[kind, uid] = rows.filter(uid=uid).values_list("home_id", flat=True).first()
        return known[kind, uid]

    def apply(self):
        task, cleaned = self.instance, self.cleaned_data
        task.author_id = self.actor.user_id
        if not cleaned.get("owner"):
            task.owner_id = self.actor.user_id
        task.about_kind, task.about = cleaned.get("about_kind") or "", cleaned.get("about")
        task.save()
        return task


class FinishTask(ChangeTask):
    """Mark a follow-up as done; one that repeats comes again. Undo opens it again."""

    did = gettext_lazy("Closed a follow-up as done")

    owner = None
    next_made: Task | None = None  # of one that repeats

    class Meta:
        model = Task
        fields = ()

    def apply(self):
        if self.instance.status != Task.Status.OPEN:
            raise Refused(closed_already())
        task, today = self.instance, self.actor.today()
        task.status, task.done_on = Task.Status.DONE, today
        task.save()
        if (due := task.next_due(today)) is not None:
            self.next_made = Task(
                title=task.title,
                owner_id=task.owner_id,
                author_id=task.author_id,
                due=due,
                repeats=task.repeats,
                repeats_until=task.repeats_until,
                repeats_from=task.repeats_from,
                about_kind=task.about_kind,
                about=task.about,
                made_in=task.made_in,
            )
            self.next_made.save()
        return task


class SnoozeTask(ChangeTask):
    """Put a follow-up off to a later day. That it was moved stays beside it."""

    did = gettext_lazy("Put off a follow-up")

    owner = None

    class Meta:
        model = Task
        fields = ("due",)
        widgets = {"due": Due()}

    def clean(self):
        cleaned = super().clean()
        due = cleaned.get("due")
        if due and due <= max(self.actor.today(), self.instance.due):
            self.add_error(
                "due", _("Choose a later day: after today, and after the day it is due.")
            )
        return cleaned

    def apply(self):
        if self.instance.status != Task.Status.OPEN:
            raise Refused(closed_already())
        note_move(self.instance)
        self.instance.save()
        return self.instance


class ReassignTask(ChangeTask):
    """Give a follow-up to somebody else."""

    action = Action.ASSIGN
    did = gettext_lazy("Gave a follow-up to somebody else")

    class Meta:
        model = Task
        fields = ("owner",)

    def apply(self):
        if self.instance.status != Task.Status.OPEN:
            raise Refused(closed_already())
        return super().apply()


class DropTask(FinishTask):
    """Close a follow-up that will not be done; one that repeats does not come again."""

    did = gettext_lazy("Dropped a follow-up")

    def apply(self):
        if self.instance.status != Task.Status.OPEN:
            raise Refused(closed_already())
        self.instance.status = Task.Status.DROPPED
        self.instance.save()
        return self.instance
