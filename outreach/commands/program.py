from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import lines_of, many_of, one_of
from access.models import User
from access.roles import Action
from crm.commands.owning import refuse_who_sees_nothing
from crm.commands.widgets import chips, picker, words
from crm.models import Affiliate, Community, Organization, Task
from outreach.models import (
    AffiliateGoal,
    CommitteeMember,
    Consultation,
    Program,
    ProgramCommunity,
    ProgramStep,
    Step,
    Target,
)


class ChangeProgram(Command):
    """Change a program: its name, lead, dates, budget, communities, committee."""

    action = Action.WRITE
    did = gettext_lazy("Changed a program")
    lead = one_of(User, label=gettext_lazy("Lead"), widget=picker("colleagues"))
    communities = many_of(
        Community,
        ProgramCommunity,
        label=gettext_lazy("Communities"),
        help_text=gettext_lazy("With whom this run works."),
        widget=chips(),
    )
    committee = lines_of(
        CommitteeMember, ["name", "role"], label=gettext_lazy("Community Connections committee")
    )
    move_steps: forms.BooleanField | None = forms.BooleanField(
        required=False,
        label=gettext_lazy("Move the due days of open steps along"),
        help_text=gettext_lazy("By as many days as the first day moves. Signed steps stay."),
    )
    only_asked = frozenset({"move_steps"})
    field_order: tuple[str, ...] | None = ("name", "lead", "start", "end", "move_steps")

    class Meta:
        model = Program
        fields = ("name", "lead", "start", "end", "budget_planned", "budget_spent", "note")
        widgets = {"note": words()}

    def clean(self):
        cleaned = super().clean()
        start, end = self.value("start"), self.value("end")
        if start and end and end < start and not {"start", "end"} & set(self.errors):
            self.add_error("end", _("This lies before the first day."))
        refuse_who_sees_nothing(self, "lead", self._home_id())
        if cleaned.get("move_steps") and start and "start" not in self.errors:
            try:
                self._moved_steps(start)
            except OverflowError:
                self.add_error("start", _("The steps would be due later than there are days."))
        return cleaned

    def _home_id(self) -> int | None:
        return self.instance.home_id

    def _moved_steps(self, start: date) -> list[ProgramStep]:
        """The steps that are not signed, moved by as many days as the first day."""
        by = start - self.instance._loaded["start"]
        rows = self.instance.steps.visible_to(self.actor)
        steps = list(rows.exclude(status=ProgramStep.Status.SIGNED)) if by else []
        for step in steps:
            step.due += by
            step.start = step.start + by if step.start else None
        return steps

    def apply(self):
        if self.cleaned_data.get("move_steps"):
            for step in self._moved_steps(self.instance.start):
                step.save()
        return super().apply()


class AddProgram(ChangeProgram):
    """Begin a run of the five steps for an affiliate. Its steps are due in equal parts of the
    days that it has; one that renews another takes over its targets and open follow-ups.
    """

    did = gettext_lazy("Began a program")
    affiliate = one_of(
        Affiliate, required=True, label=gettext_lazy("Affiliate"), widget=picker("affiliates")
    )
    renews = one_of(
        Program,
        label=gettext_lazy("Renews"),
        widget=picker("outreach:programs"),
        help_text=gettext_lazy("The run before this one, if there was one."),
    )
    move_steps = None
    field_order = None

    class Meta(ChangeProgram.Meta):
        fields = ("name", "affiliate", "renews", *ChangeProgram.Meta.fields[1:])

    def _home_id(self) -> int | None:
        affiliate = self.cleaned_data.get("affiliate")
        return affiliate.home_id if affiliate else None

    def clean_renews(self):
        renews, affiliate = self.cleaned_data["renews"], self.cleaned_data.get("affiliate")
        if renews and affiliate and renews.affiliate_id != affiliate.pk:
            raise ValidationError(_("That program is one of another affiliate."))
        if renews and renews.renewals.visible_to(self.actor).exists():
            raise ValidationError(_("That program is renewed already."))
        return renews

    def apply(self):
        self.instance.author_id = self.actor.user_id
        program = super().apply()
        steps = list(Step.objects.offered())
        for number, step in enumerate(steps, 1):
            due = due_of(program.start, program.end, number, len(steps))
            ProgramStep(program=program, step=step, owner=program.lead, due=due).save()
        if program.renews:
            self._carry_over(program.renews, program)
        return program

    def _carry_over(self, old: Program, new: Program) -> None:
        """Give the new run the targets and the open follow-ups of the old one, as far as the actor
        sees them.
        """
        for target in old.targets.visible_to(self.actor).order_by("position", "id"):
            kept = {"organization_id": target.organization_id, "position": target.position}
            Target(program=new, **kept).save()
        steps = old.steps.visible_to(self.actor).values_list("uid", flat=True)
        tasks = Task.objects.visible_to(self.actor).filter(status=Task.Status.OPEN)
        for task in tasks.filter(about__in=[old.uid, *steps]):
            task.about_kind, task.about = "program", new.uid
            task.save()


def due_of(start: date, end: date, number: int, steps: int) -> date:
    """The day of a step when the days from start to end are shared out equally."""
    return start + (end - start) * number // steps


class DeleteProgram(Deletion):
    """Take a program out, with its steps. Refused while another run renews it."""

    action = Action.DELETE
    did = gettext_lazy("Deleted a program")

    class Meta:
        model = Program
        fields = ()


class LinkGoals(Command):
    """Write down the goals of the affiliate, what serves each, and who was asked."""

    action = Action.WRITE
    did = gettext_lazy("Changed the goals of a program")
    goals = lines_of(
        AffiliateGoal,
        ["goal", "engagement_goal"],
        label=gettext_lazy("Goals of the affiliate"),
        help_text=gettext_lazy("A goal that nothing serves yet is shown as a gap."),
    )
    consultations = lines_of(
        Consultation, ["who", "role", "day"], label=gettext_lazy("Who was asked")
    )

    class Meta:
        model = Program
        fields = ()

    def clean_consultations(self):
        lines, today = self.cleaned_data["consultations"], self.actor.today()
        if any(values.get("day") and values["day"] > today for _uid, values in lines):
            raise ValidationError(_("Who was asked: a day lies in the future."))
        return lines


class ChooseTargets(Command):
    """Choose the organizations that a program wants to build a relationship with."""

    action = Action.WRITE
    did = gettext_lazy("Chose the target organizations of a program")
    targets = many_of(
        Organization,
        Target,
        label=gettext_lazy("Target organizations"),
        widget=picker("organizations", many=True),
        help_text=gettext_lazy(
            "A meeting that is held with one of them begins step 4 by itself, where the "
            "organization lies in the affiliate's state."
        ),
    )

    class Meta:
        model = Program
        fields = ()
