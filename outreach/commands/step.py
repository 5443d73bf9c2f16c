"""What is done with one step of a program: dates, checks, sign-off, reopening."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import lines_of, one_of
from access.models import User
from access.recording import Refused
from access.roles import Action
from crm.commands.owning import refuse_who_sees_nothing
from crm.commands.widgets import picker, words
from crm.models import Interaction
from outreach.contents import counted
from outreach.models import (
    CheckDone,
    Program,
    ProgramStep,
    SignOff,
    StepCheck,
    StepLink,
    StepMeeting,
)


def is_signed() -> str:
    return _("This step is signed off. Reopen it first. Nothing changed.")


class ChangeStep(Command):
    """Change a step of a program: owner, dates, status set by hand, links to what was done."""

    action = Action.WRITE
    did = gettext_lazy("Changed a step of a program")
    owner = one_of(User, label=gettext_lazy("Owner"), widget=picker("colleagues"))
    links = lines_of(StepLink, ["label", "url"], label=gettext_lazy("Links to what was done"))

    class Meta:
        model = ProgramStep
        fields = ("owner", "start", "due", "by_hand", "note")
        widgets = {"note": words()}
        help_texts = {
            "by_hand": gettext_lazy(
                "Set by hand it holds, whatever was done. Leave it to follow from what is done."
            )
        }

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if "by_hand" in self.fields:
            chosen = [("", _("Follows from what is done")), *ProgramStep.BY_HAND]
            self.fields["by_hand"].choices = chosen

    def clean(self):
        cleaned = super().clean()
        start, due = self.value("start"), self.value("due")
        if start and due and due < start and not {"start", "due"} & set(self.errors):
            self.add_error("due", _("This lies before the day it begins."))
        refuse_who_sees_nothing(self, "owner", self.instance.home_id)
        return cleaned

    def apply(self):
        if self.instance.is_signed:
            raise Refused(is_signed())
        return super().apply()


class TickCheck(Command):
    """Tick a check of a step's list, or take the tick off again."""

    action = Action.WRITE
    did = gettext_lazy("Ticked a check of a program")
    check = one_of(StepCheck, required=True)
    done = forms.BooleanField(required=False)

    class Meta:
        model = ProgramStep
        fields = ()

    def choices(self, name, model):
        return super().choices(name, model).filter(step_id=self.instance.step_id)

    def apply(self):
        step, check = self.instance, self.cleaned_data["check"]
        if step.is_signed:
            raise Refused(is_signed())
        tick = step.ticks.visible_to(self.actor).filter(line=check).first()
        if self.cleaned_data.get("done") and tick is None:
            day, author = self.actor.today(), self.actor.user_id
            CheckDone(program_step=step, line=check, day=day, author_id=author).save()
        elif not self.cleaned_data.get("done") and tick is not None:
            tick.delete()
        return step


class TickMeeting(Command):
    """Let a meeting show what was done in a step, or no longer."""

    action = Action.WRITE
    did = gettext_lazy("Chose what shows a step of a program")
    meeting = one_of(Interaction, required=True, label=gettext_lazy("Meeting"))
    done = forms.BooleanField(required=False)

    class Meta:
        model = ProgramStep
        fields = ()

    def clean(self):
        cleaned = super().clean()
        meeting = cleaned.get("meeting")
        if cleaned.get("done") and meeting and meeting.status != Interaction.Status.HELD:
            self.add_error("meeting", _("It was not held, so it shows nothing yet."))
        return cleaned

    def apply(self):
        step, meeting = self.instance, self.cleaned_data["meeting"]
        if step.is_signed:
            raise Refused(is_signed())
        shown = step.meetings.visible_to(self.actor).filter(interaction=meeting).first()
        if self.cleaned_data.get("done") and shown is None:
            StepMeeting(program_step=step, interaction=meeting).save()
        elif not self.cleaned_data.get("done") and shown is not None:
            shown.delete()
        return step


class SignStep(Command):
    """Sign a step off: done, in the words of today. Not by its owner."""

    action = Action.SIGN_OFF
    did = gettext_lazy("Signed off a step of a program")
    note = forms.CharField(
        required=False, max_length=300, label=gettext_lazy("What you looked at, if you like")
    )

    class Meta:
        model = ProgramStep
        fields = ()

    def clean(self):
        cleaned = super().clean()
        if refusal := self.refusal(self.instance, self.actor):
            raise ValidationError(refusal)
        return cleaned

    @staticmethod
    def refusal(step: ProgramStep, actor) -> str:
        """Why the actor may not sign the step off; "" where she may."""
        if step.owner_id is None:
            return _("Give the step an owner first: somebody else than its owner signs it off.")
        if step.owner_id == actor.user_id:
            return _("You own this step, so somebody else signs it off.")
        return ""

    def apply(self):
        step = self.instance
        if step.is_signed:
            raise Refused(_("This step is signed off already. Nothing changed."))
        SignOff(
            program_step=step,
            day=self.actor.today(),
            author_id=self.actor.user_id,
            note=self.cleaned_data.get("note", ""),
            text=self._text(),
        ).save()
        return step

    def _text(self) -> dict[str, Any]:
        """The words of the step as they are now, with what is ticked, and what it holds."""
        program = Program.objects.visible_to(self.actor).get(pk=self.instance.program_id)
        ticked = set(self.instance.ticks.visible_to(self.actor).values_list("line_id", flat=True))
        step = self.instance.step
        checks = step.checks.visible_to(self.actor).order_by("position", "id")
        return {
            "title": step.name,
            "title_es": step.name_es,
            "guidance": step.guidance,
            "guidance_es": step.guidance_es,
            "checks": [
                {"name": one.name, "name_es": one.name_es, "done": one.pk in ticked}
                for one in checks
                if not one.retired or one.pk in ticked
            ],
            "contents": counted(self.actor, program, step.code),
        }


class ReopenStep(Command):
    """Open a signed step again, with the reason. That it was signed stays in its history."""

    action = Action.SIGN_OFF
    did = gettext_lazy("Reopened a step of a program")
    why = forms.CharField(max_length=300, label=gettext_lazy("Why it is open again"))

    class Meta:
        model = ProgramStep
        fields = ()

    def apply(self):
        rows = self.instance.sign_offs.visible_to(self.actor)
        signed = rows.filter(reopened__isnull=True).first()
        if signed is None:
            raise Refused(_("This step is not signed off. Nothing changed."))
        signed.reopened, signed.reopened_by_id = self.actor.today(), self.actor.user_id
        signed.why = self.cleaned_data["why"]
        signed.save()
        return self.instance
