"""Evaluations by partners: asked by a link that expires, answered once, or entered from paper."""

from datetime import datetime, time, timedelta

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import one_of
from access.recording import Refused
from access.roles import Action
from crm.commands.widgets import bar, picker
from crm.models import Organization
from outreach.commands.survey_answer import cleaned_text
from outreach.models import Evaluation, Program
from outreach.models.evaluation import GRADES

DAYS = 21  # that a link works
QUESTIONS = ("kept_word", "worth_it", "listened")


def is_answered() -> str:
    return _("This partner has answered already. Nothing changed.")


class AskEvaluation(Command):
    """Ask a partner to look back: makes a link that works until the end of a day."""

    action = Action.WRITE
    did = gettext_lazy("Asked a partner to look back")
    program = one_of(Program, required=True, label=gettext_lazy("Program"))
    organization = one_of(
        Organization,
        required=True,
        label=gettext_lazy("Organization"),
        widget=picker("organizations"),
    )
    last = forms.DateField(
        label=gettext_lazy("The link works until the end of"),
        widget=forms.DateInput({"type": "date"}),
    )

    class Meta:
        model = Evaluation
        fields = ("program", "organization")

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        self.initial.setdefault("last", actor.today() + timedelta(days=DAYS))

    def clean_last(self):
        last, today = self.cleaned_data["last"], self.actor.today()
        if not today <= last <= today + timedelta(days=120):
            raise ValidationError(_("Choose a day from today to 120 days from now."))
        return last

    def clean(self):
        cleaned = super().clean()
        program, organization = cleaned.get("program"), cleaned.get("organization")
        if program and organization:
            asked = self.rows.filter(program=program, organization=organization)
            if asked.filter(answered_on__isnull=True, expires__gt=timezone.now()).exists():
                raise ValidationError(_("This partner was asked already; the link still works."))
        return cleaned

    def apply(self):
        row, actor = self.instance, self.actor
        row.author_id, row.asked_on = actor.user_id, actor.today()
        row.expires = end_of(self.cleaned_data["last"], actor)
        older = self.rows.filter(program=row.program, organization=row.organization)
        for before in older.filter(answered_on__isnull=True):
            before.delete()  # its link has expired
        row.save()
        return row


def end_of(day, actor) -> datetime:
    """The moment at which a day ends where the actor works."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=actor.now().tzinfo)


class _Answers(Command):
    """The questions, the same by link and on paper."""

    kept_word = forms.TypedChoiceField(
        choices=GRADES, coerce=int, widget=bar(), label=gettext_lazy("We kept what we promised")
    )
    worth_it = forms.TypedChoiceField(
        choices=GRADES, coerce=int, widget=bar(), label=gettext_lazy("It was worth your time")
    )
    listened = forms.TypedChoiceField(
        choices=GRADES, coerce=int, widget=bar(), label=gettext_lazy("We listened")
    )
    again = forms.ChoiceField(
        choices=Evaluation.Again.choices,
        widget=bar(),
        label=gettext_lazy("Would you do it again?"),
    )
    words = forms.CharField(
        required=False,
        max_length=2_000,
        widget=forms.Textarea({"rows": 4}),
        label=gettext_lazy("In your words"),
    )

    def clean_words(self):
        lines = self.cleaned_data["words"].splitlines()
        return "\n".join(cleaned_text(line) for line in lines).strip()

    def _answered(self, source: str, day) -> Evaluation:
        row = self.instance
        row.source, row.answered_on = source, day
        row.save()
        return row


class EnterEvaluation(_Answers):
    """Enter what a partner answered on paper."""

    action = Action.WRITE
    did = gettext_lazy("Entered an evaluation from paper")

    class Meta:
        model = Evaluation
        fields = (*QUESTIONS, "again", "words")

    def apply(self):
        if self.instance.answered_on is not None:
            raise Refused(is_answered())
        return self._answered(Evaluation.Source.PAPER, self.actor.today())


class AnswerEvaluation(_Answers):
    """Take what a partner answers by the link, once. Run for whoever has the link."""

    action = Action.PUBLIC
    did = gettext_lazy("A partner looked back")

    class Meta(EnterEvaluation.Meta):
        pass

    def allow(self):
        super().allow()
        if self.actor.user_id is not None:
            raise PermissionDenied  # nobody who signed in answers in the name of a partner

    def apply(self):
        now = timezone.now()
        if not self.instance.takes_answer(now):
            raise Refused(_("This link is over. Your answers were not sent."))
        return self._answered(Evaluation.Source.LINK, self.instance.day_of(now))
