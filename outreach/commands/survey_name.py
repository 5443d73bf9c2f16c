"""What the team decides on a name that members typed in a survey."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import recording
from access.fields import one_of
from access.models import State
from access.recording import Refused
from access.roles import Action
from crm.commands import AddOrganization
from crm.commands.widgets import picker
from crm.models import Organization, OrganizationKind
from outreach.commands.survey import OfTeam, is_archived
from outreach.commands.survey_answer import folded, there_already
from outreach.models import SurveyMissing, SurveyRound, SurveyTie

MATCH, MAKE, DROP = "match", "make", "drop"


class SettleName(OfTeam):
    """Say which organization a typed name means, make it one, or drop it: for all who typed it in
    this round, and for those who will.
    """

    action = Action.WRITE
    did = gettext_lazy("Decided on a name of a member survey")
    is_of_row = False  # answers come in meanwhile; what is decided here is the ties'
    of: type[SurveyTie | SurveyMissing] = SurveyTie  # what bears the name
    tie = one_of(SurveyTie, required=True, widget=forms.HiddenInput)
    do = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            (MATCH, gettext_lazy("An organization that we have")),
            (MAKE, gettext_lazy("A new organization")),
            (DROP, gettext_lazy("Nothing to count: drop it")),
        ],
        widget=forms.RadioSelect,
    )
    organization = one_of(
        Organization, label=gettext_lazy("Organization"), widget=picker("organizations")
    )
    name = forms.CharField(
        required=False, max_length=120, label=gettext_lazy("Name of the new organization")
    )
    kind = one_of(OrganizationKind, label=gettext_lazy("Kind of the new organization"))

    class Meta:
        model = SurveyRound
        fields = ()

    def choices(self, name, model):
        rows = super().choices(name, model)
        if name == "tie":
            rows = rows.filter(round=self.instance.pk or 0, organization=None, dropped=False)
        return rows

    def clean(self):
        cleaned = super().clean()
        do = cleaned.get("do")
        if do == MATCH and not cleaned.get("organization") and "organization" not in self.errors:
            self.add_error("organization", _("Choose the organization."))
        if do == MAKE and "name" not in self.errors:
            self._check_new(cleaned.get("name", "").strip())
        return cleaned

    def _check_new(self, name: str) -> None:
        """A name is needed, and one that no organization of the state bears: two alike are one."""
        if not name:
            self.add_error("name", _("Write the name of the organization."))
        elif there_already(self.actor, self.instance, [folded(name)]):
            said = _("An organization of this state has this name. Choose it, or add what differs.")
            self.add_error("name", said)

    def apply(self):
        survey, tie = self.instance, self.cleaned_data["tie"]
        waiting = self.of.objects.visible_to(self.actor).filter(
            round=survey, folded=tie.folded, organization=None, dropped=False
        )
        ids = list(waiting.values_list("pk", flat=True))
        work = recording.current()
        if self.cleaned_data["do"] == DROP:
            work.change_many(self.of, ids, dropped=True)
        elif self.cleaned_data["do"] == MATCH:
            partner = self.cleaned_data["organization"]
            work.change_many(self.of, ids, organization_id=partner.pk)
        else:
            work.change_many(self.of, ids, organization_id=self._made().pk)
        return survey

    def _made(self) -> Organization:
        """A new organization in the state of the affiliate."""
        values: dict = {"name": self.cleaned_data["name"]}
        if kind := self.cleaned_data.get("kind"):
            values["kind"] = kind.code
        home = State.objects.get(pk=self.instance.home_id)
        if home.code != State.OUTSIDE:
            values["locations"] = [{"kind": "physical", "state": home.code, "is_main": True}]
        done = AddOrganization.many(self.actor, [values])
        if done.refused:
            raise Refused(" ".join(e for errors in done.refused[0].values() for e in errors))
        return done.rows[0]


class UntieName(OfTeam):
    """Let a typed name wait for the team again that was tied to an organization, by itself or by
    the team, or dropped: for all who typed it in this round, and for those who will.
    """

    action = Action.WRITE
    did = gettext_lazy("Untied a name of a member survey")
    is_of_row = False
    of: type[SurveyTie | SurveyMissing] = SurveyTie
    tie = one_of(SurveyTie, required=True, widget=forms.HiddenInput)

    class Meta:
        model = SurveyRound
        fields = ()

    def choices(self, name, model):
        rows = super().choices(name, model).filter(round=self.instance.pk or 0)
        return rows.exclude(organization=None, dropped=False)

    def apply(self):
        survey, tie = self.instance, self.cleaned_data["tie"]
        if survey.status == SurveyRound.Status.ARCHIVED:
            # Who introduces us to a group that is not known is erased there, and would be for good.
            raise Refused(is_archived())
        same = self.of.objects.visible_to(self.actor).filter(
            round=survey, folded=tie.folded, organization=tie.organization_id
        )
        ids = list(same.values_list("pk", flat=True))
        recording.current().change_many(self.of, ids, organization_id=None, dropped=False)
        return survey


class UntieMissing(UntieName):
    """Let a group wait for the team again that members miss, and that was found or dropped."""

    did = gettext_lazy("Untied a group that members miss")
    of = SurveyMissing
    tie = one_of(SurveyMissing, required=True, widget=forms.HiddenInput)


class SettleMissing(SettleName):
    """Say which organization a group is that members miss, make it one, or drop it: for all who
    typed it in this round, and for those who will.
    """

    did = gettext_lazy("Decided on a group that members miss")
    of = SurveyMissing
    tie = one_of(SurveyMissing, required=True, widget=forms.HiddenInput)
