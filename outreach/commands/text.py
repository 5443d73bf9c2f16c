"""The words of the five steps, which an administrator edits."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import LinesOf, lines_of
from access.roles import Action
from outreach.models import Step, StepCheck


class ChangeStepText(Command):
    """Change the title, guidance and checks of a step. What was signed keeps its words."""

    action = Action.ADMINISTER
    did = gettext_lazy("Changed the words of a step")
    checks = lines_of(
        StepCheck,
        ["name", "name_es"],
        label=gettext_lazy("Checks"),
        help_text=gettext_lazy("A check that you take off stays where it was ticked or signed."),
        most=12,
        in_order=True,
        widgets={
            "name": forms.Textarea({"rows": 2}),
            "name_es": forms.Textarea({"rows": 2, "lang": "es"}),
        },
    )
    ours = forms.BooleanField(
        required=False, label=gettext_lazy("The title is now ours, not that of the public guide")
    )

    class Meta:
        model = Step
        fields = ("name", "name_es", "short", "short_es", "guidance", "guidance_es")
        labels = {"name": gettext_lazy("Title"), "name_es": gettext_lazy("Title in Spanish")}
        widgets = {
            "guidance": forms.Textarea({"rows": 4}),
            "guidance_es": forms.Textarea({"rows": 4, "lang": "es"}),
            "name_es": forms.TextInput({"lang": "es"}),
            "short_es": forms.TextInput({"lang": "es"}),
        }

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if not self.instance.from_guide:
            self.fields.pop("ours", None)

    def _lines(self, form_field: LinesOf):
        rows = self.instance.checks.visible_to(self.actor).filter(retired=False)
        return list(rows.order_by("position", "id"))

    def clean(self):
        cleaned = super().clean()
        is_new = self.value("name") != self.instance._loaded["name"]
        if self.instance.from_guide and is_new and not cleaned.get("ours"):
            raise ValidationError(
                _(
                    "This title is that of the union’s public guide. To change it, say below that "
                    "it is now yours. Nothing was saved."
                )
            )
        return cleaned

    def apply(self):
        if self.cleaned_data.get("ours"):
            self.instance.from_guide = False
        return super().apply()

    def _save_lines(self, form_field: LinesOf, wanted: list) -> None:
        stored = {row.uid: row for row in self._lines(form_field)}
        kept = {uid for uid, _line in wanted}
        for uid, row in stored.items():
            if uid not in kept:
                row.retired = True
                row.save()
        for position, (uid, line) in enumerate(wanted, 1):
            row = stored.get(uid)
            if row is None:
                row = StepCheck(step=self.instance, code=f"{self.instance.code}-{uuid4().hex[:8]}")
            row.name, row.name_es = (" ".join(line[n].split()) for n in ("name", "name_es"))
            row.position = position
            row.save()
