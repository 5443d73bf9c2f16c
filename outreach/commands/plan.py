"""Plans for target organizations: taken from a template, moved, done."""

from datetime import timedelta
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import LinesOf, lines_of, one_of
from access.recording import Refused
from access.roles import Action
from outreach.models import PlanTemplate, PlanTemplateStep, Target, TargetStep
from outreach.models.plan import moved

MOST = 40  # steps towards one target


class PlanTarget(Command):
    """Give a target organization the dated steps of a plan, after those that it has."""

    action = Action.WRITE
    did = gettext_lazy("Planned how to come to know a target organization")
    template = one_of(PlanTemplate, required=True, label=gettext_lazy("Plan"))
    start = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}))

    class Meta:
        model = Target
        fields = ()

    def clean(self):
        cleaned = super().clean()
        template = cleaned.get("template")
        if template and len(self._there()) + len(self._steps(template)) > MOST:
            raise ValidationError(_("More steps than that help nobody. Nothing was saved."))
        return cleaned

    def _there(self) -> list[TargetStep]:
        return list(self.instance.steps.visible_to(self.actor))

    def _steps(self, template: PlanTemplate) -> list[PlanTemplateStep]:
        return list(template.steps.visible_to(self.actor).offered())

    def apply(self):
        target, start = self.instance, self.cleaned_data["start"]
        there = {(step.text, step.day) for step in self._there()}
        for step in self._steps(self.cleaned_data["template"]):
            day = start + timedelta(days=step.days)
            if (step.label, day) not in there:  # a second click plans nothing twice
                row = TargetStep(target=target, text=step.label, day=day)
                row.author_id = self.actor.user_id
                row.save()
        return target


class AddTargetStep(Command):
    """Add one dated step towards a target organization."""

    action = Action.WRITE
    did = gettext_lazy("Added a step towards a target organization")
    text = forms.CharField(max_length=160, label=gettext_lazy("What to do"))
    day = forms.DateField(label=gettext_lazy("By when"), widget=forms.DateInput({"type": "date"}))

    class Meta:
        model = Target
        fields = ()

    def apply(self):
        if self.instance.steps.visible_to(self.actor).count() >= MOST:
            raise Refused(_("More steps than that help nobody. Nothing was saved."))
        row = TargetStep(
            target=self.instance, text=self.cleaned_data["text"], day=self.cleaned_data["day"]
        )
        row.author_id = self.actor.user_id
        row.save()
        return self.instance


class ChangeTargetStep(Command):
    """Change a step towards a target organization. Later ones move along only when asked."""

    action = Action.WRITE
    did = gettext_lazy("Changed a step towards a target organization")
    with_later = forms.BooleanField(
        required=False, label=gettext_lazy("Move the later steps by as many days")
    )

    class Meta:
        model = TargetStep
        fields = ("text", "day")

    def apply(self):
        step, rows = self.instance, TargetStep.objects.visible_to(self.actor)
        others = list(rows.filter(target=step.target_id).exclude(pk=step.pk))
        day, step.day = step.day, step._loaded["day"]
        for row in moved(others, step, day, bool(self.cleaned_data.get("with_later"))):
            if row is not step:
                row.save()
        step.save()
        return step


class FinishTargetStep(Command):
    """Say that a step towards a target organization is done, or is not after all."""

    action = Action.WRITE
    did = gettext_lazy("Finished a step towards a target organization")
    done = forms.BooleanField(required=False)

    class Meta:
        model = TargetStep
        fields = ()

    def apply(self):
        step = self.instance
        if self.cleaned_data.get("done"):
            step.done_on = step.done_on or self.actor.today()
        else:
            step.done_on = None
        step.save()
        return step


class RemoveTargetStep(Command):
    """Take a step towards a target organization off its plan. Undo brings it back."""

    action = Action.WRITE
    did = gettext_lazy("Removed a step towards a target organization")

    class Meta:
        model = TargetStep
        fields = ()

    def apply(self):
        self.instance.delete()
        return self.instance


class ChangePlanTemplate(Command):
    """Change a plan that targets can be given: its name and its steps. Given plans stay."""

    action = Action.ADMINISTER
    did = gettext_lazy("Changed a plan for target organizations")
    steps = lines_of(
        PlanTemplateStep,
        ["days", "name", "name_es"],
        label=gettext_lazy("Steps"),
        required=True,
        most=15,
    )

    class Meta:
        model = PlanTemplate
        fields = ("name", "name_es", "retired")
        labels = {"retired": gettext_lazy("No longer offered")}

    def _lines(self, form_field: LinesOf):
        rows = self.instance.steps.visible_to(self.actor).filter(retired=False)
        return list(rows.order_by("days", "position", "id"))

    def _save_lines(self, form_field: LinesOf, wanted: list) -> None:
        stored = {} if self.adding else {row.uid: row for row in self._lines(form_field)}
        kept = {uid for uid, _line in wanted}
        for uid, row in stored.items():
            if uid not in kept:
                row.retired = True
                row.save()
        for position, (uid, line) in enumerate(wanted, 1):
            row = stored.get(uid)
            if row is None:
                code = f"{self.instance.code}-{uuid4().hex[:8]}"
                row = PlanTemplateStep(template=self.instance, code=code)
            row.days, row.name, row.name_es = line["days"], line["name"], line["name_es"]
            row.position = position
            row.save()


class AddPlanTemplate(ChangePlanTemplate):
    """Add a plan that targets can be given."""

    did = gettext_lazy("Added a plan for target organizations")

    class Meta(ChangePlanTemplate.Meta):
        fields = ("name", "name_es")

    def apply(self):
        template = self.instance
        template.code = f"plan-{uuid4().hex[:8]}"
        template.position = self.rows.count() + 1
        return super().apply()
