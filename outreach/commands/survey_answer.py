"""What a member answers on the public page of a survey, where nobody signs in."""

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import recording
from access.commands import Command
from access.fields import LinesWidget, one_of
from access.recording import Refused
from access.roles import Action
from access.scope import Actor
from crm.models import Organization
from lists.folding import fold
from outreach.models import SurveyIntroduction, SurveyMissing, SurveyRound, SurveyTie

MOST = 8  # groups in one answer
LONGEST = 120  # characters of a name, or of a way to reach somebody
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # controls, marks of direction, no characters
JOINS = "\u200c\u200d"  # part of words in Persian, Hindi and others


def cleaned_text(text: Any) -> str:
    """Typed text in one line: without control characters and marks that turn its direction."""
    text = unicodedata.normalize("NFC", str(text or "")[: 10 * LONGEST])
    kept = (
        c if c in JOINS else " " if c in "\t\r\n" or unicodedata.category(c) in UNSEEN else c
        for c in text
    )
    return " ".join("".join(kept).split())


def is_over() -> str:
    return _("This survey is closed. Your answers were not sent.")


class Groups(forms.Field):
    """The groups that a member knows: [{name, ties, introducer, reach}], cleaned of all else.

    As typed, each is {name, <tie>: on, ..., introduce: on, introducer, reach}.
    """

    widget = LinesWidget

    def clean(self, value):
        groups = []
        for line in value if isinstance(value, list) else []:
            if isinstance(line, dict) and (group := self._group(line)):
                groups.append(group)
        if not groups:
            raise ValidationError(_("Name at least one group."))
        if len(groups) > MOST:
            raise ValidationError(_("At most %(most)d groups fit here."), params={"most": MOST})
        return groups

    @staticmethod
    def _group(line: dict) -> dict[str, Any] | None:
        name = cleaned_text(line.get("name"))
        ties = [kind for kind in SurveyTie.Kind.values if line.get(kind)]
        if not name:
            if ties or line.get("introduce"):
                raise ValidationError(_("Write the name of each group."))
            return None
        words = {"name": name[:40]}
        if len(name) > LONGEST:
            raise ValidationError(
                _("The name of a group has at most %(most)d characters."), params={"most": LONGEST}
            )
        if not fold(name):
            raise ValidationError(_("Write the name of each group in letters."))
        if not ties:
            raise ValidationError(_("Say how you know %(name)s."), params=words)
        introducer = reach = ""
        if line.get("introduce"):  # only then is a name kept at all
            introducer, reach = (
                cleaned_text(line.get("introducer")),
                cleaned_text(line.get("reach")),
            )
            if not introducer:
                text = _("Write your name, or untick “I can introduce you” for %(name)s.")
                raise ValidationError(text, params=words)
            if max(len(introducer), len(reach)) > LONGEST:
                text = _("Your name and how to reach you have at most %(most)d characters each.")
                raise ValidationError(text, params={"most": LONGEST})
        return {"name": name, "ties": ties, "introducer": introducer, "reach": reach}


class Missing(forms.CharField):
    """Groups that nobody named, one in a line: their names, cleaned of all else."""

    widget = forms.Textarea

    def to_python(self, value):
        lines = map(cleaned_text, str(value or "")[: 10 * MOST * LONGEST].splitlines())
        names = [line for line in lines if fold(line)]
        if len(names) > MOST:
            raise ValidationError(_("At most %(most)d groups fit here."), params={"most": MOST})
        if any(len(name) > LONGEST for name in names):
            text = _("Write each group that is missing in a line of its own, in a few words.")
            raise ValidationError(text)
        return names


class AnswerSurvey(Command):
    """Take the answer of a member: her ties to groups, without a name unless she offers to
    introduce us, and groups that she misses. Run by the surveyor alone, and only while the round
    is open.
    """

    action = Action.PUBLIC
    did = gettext_lazy("Answered a member survey")
    round = one_of(SurveyRound, required=True)
    answer = forms.UUIDField()  # made by the page, so that a second click is the same answer
    category = forms.ChoiceField(
        label=gettext_lazy("You are"),
        choices=SurveyTie.Category.choices,
        error_messages={"required": gettext_lazy("Choose what you are.")},
    )
    groups = Groups(label=gettext_lazy("Groups you know"))
    missing = Missing(required=False, label=gettext_lazy("Who is missing?"))
    agree = forms.BooleanField(
        label=gettext_lazy("Your consent"),
        error_messages={"required": gettext_lazy("Tick the line above the button to agree.")},
    )

    class Meta:
        model = SurveyTie
        fields = ()

    def allow(self):
        super().allow()
        if self.actor.user_id is not None:
            raise PermissionDenied  # nobody who signed in answers in the name of a member

    def apply(self):
        chosen, answer = self.cleaned_data["round"], self.cleaned_data["answer"]
        # Held until the end: who closes or archives the round waits, or has done it before.
        rounds = SurveyRound.objects.visible_to(self.actor).select_for_update()
        survey = rounds.get(pk=chosen.pk)
        if not survey.takes_answers(timezone.now()):
            raise Refused(is_over())
        ties = SurveyTie.objects.visible_to(self.actor)
        if before := ties.filter(answer=answer).order_by("id").first():
            if before.round_id != survey.pk:
                raise Refused(is_over())
            return before
        return self._write(survey, answer, self._merged())

    def _merged(self) -> dict[str, dict[str, Any]]:
        """The groups by folded name: one that is named twice counts once."""
        found: dict[str, dict[str, Any]] = {}
        for group in self.cleaned_data["groups"]:
            there = found.setdefault(folded(group["name"]), group | {"ties": []})
            there["ties"] += [kind for kind in group["ties"] if kind not in there["ties"]]
            if not there["introducer"]:
                there |= {"introducer": group["introducer"], "reach": group["reach"]}
        return found

    def _write(self, survey: SurveyRound, answer, groups: dict[str, dict[str, Any]]) -> SurveyTie:
        known = self._known(survey, groups, SurveyTie)
        made, introductions = [], []
        for alike, group in groups.items():
            partner, dropped = known.get(alike, (None, False))
            for kind in group["ties"]:
                tie = SurveyTie(
                    round=survey,
                    answer=answer,
                    category=self.cleaned_data["category"],
                    tie=kind,
                    typed=group["name"],
                    folded=alike,
                    organization_id=partner,
                    dropped=dropped,
                )
                tie.save()
                made.append(tie)
            if group["introducer"] and not dropped:
                introductions.append((made[-1], group["introducer"], group["reach"]))
        recording.current().flush()  # the ties have their ids before names hang on them
        for tie, name, reach in introductions:
            SurveyIntroduction(tie_id=tie.pk, name=name, reach=reach).save()
        self._miss(survey, answer)
        return made[0]

    def _miss(self, survey: SurveyRound, answer) -> None:
        """Keep the groups that she misses, each once."""
        names = {folded(name): name for name in reversed(self.cleaned_data["missing"])}
        known = self._known(survey, names, SurveyMissing)
        for alike, name in names.items():
            row = SurveyMissing(round=survey, answer=answer, typed=name, folded=alike)
            row.organization_id, row.dropped = known.get(alike, (None, False))
            row.save()

    def _known(
        self, survey: SurveyRound, names: Iterable[str], kind: type[SurveyTie | SurveyMissing]
    ) -> dict[str, tuple]:
        """(organization, whether it is dropped) of each name that somebody decided on in this
        round, or that one organization alone bears in the state of the affiliate. A name that waits
        for the team waits on: it may have been untied.
        """
        seen = there_already(self.actor, survey, names)
        found = {name: (pks[0], False) for name, pks in seen.items() if len(pks) == 1}
        rows = kind.objects.visible_to(self.actor).filter(round=survey, folded__in=names)
        typed = rows.order_by().values_list("folded", "organization_id", "dropped").distinct()
        decided = {name: (partner, dropped) for name, partner, dropped in typed}
        waits = {
            name: (None, False) for name, partner, dropped in typed if not (partner or dropped)
        }
        return found | decided | waits


def there_already(actor: Actor, survey: SurveyRound, names: Iterable[str]) -> dict[str, list[int]]:
    """{folded name: the organizations in sight that bear it} in the state of the affiliate. Outside
    of all states the same name says nothing.
    """
    found: dict[str, list[int]] = {}
    if survey.home_id != recording.outside_id():
        partners = Organization.objects.visible_to(actor).filter(home=survey.home_id)
        for pk, name in partners.filter(sort_name__in=names).values_list("pk", "sort_name"):
            found.setdefault(name, []).append(pk)
    return found


def folded(name: str) -> str:
    """A name as names are compared: without case, marks and doubled spaces, in at most the length
    that is kept.
    """
    clip = SurveyTie._meta.get_field("folded").clip  # type: ignore[union-attr]
    return clip(name)
