"""Member surveys: rounds, their links, and the end of them."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import one_of
from access.recording import Refused
from access.roles import Action
from crm.commands.widgets import picker
from outreach.models import Program, SurveyRound
from outreach.models.survey import is_on_team, new_token

CONSENT = "I agree that the association uses my answers to plan its community work."
CONSENT_ES = (
    "Acepto que la asociación use mis respuestas para planificar su trabajo con la comunidad."
)


def is_archived() -> str:
    return _("This survey is archived. Nothing changed.")


class ChangeSurvey(Command):
    """Change a member survey: its words, first and last day. Its days are those of its author."""

    action = Action.WRITE
    did = gettext_lazy("Changed a member survey")

    class Meta:
        model = SurveyRound
        fields = ("title", "title_es", "opens", "closes", "consent", "consent_es")
        help_texts = {
            "title": gettext_lazy("What members read first, as a question."),
            "closes": gettext_lazy("It closes when this day ends in the time zone of its author."),
            "consent": gettext_lazy("Who answers ticks this line."),
        }

    def clean(self):
        cleaned = super().clean()
        opens, closes = self.value("opens"), self.value("closes")
        if opens and closes and closes < opens and not {"opens", "closes"} & set(self.errors):
            self.add_error("closes", _("This lies before the first day."))
        return cleaned

    def apply(self):
        if self.instance.status == SurveyRound.Status.ARCHIVED:
            raise Refused(is_archived())
        return super().apply()


class AddSurvey(ChangeSurvey):
    """Ask the members of an affiliate on a public page, for some days."""

    did = gettext_lazy("Began a member survey")
    program = one_of(
        Program, required=True, label=gettext_lazy("Program"), widget=picker("outreach:programs")
    )

    class Meta(ChangeSurvey.Meta):
        fields = ("program", *ChangeSurvey.Meta.fields)

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        self.initial.setdefault("consent", CONSENT)
        self.initial.setdefault("consent_es", CONSENT_ES)

    def apply(self):
        survey = self.instance
        survey.author_id, survey.zone = self.actor.user_id, self.actor.time_zone
        return super().apply()


class OfTeam(Command):
    """What the team of the program alone does with a round."""

    def allow(self):
        super().allow()
        if not self.adding and not is_on_team(self.actor, self.instance.program_id):
            raise PermissionDenied


class RenewLink(OfTeam):
    """Give a survey a new link. The one before it leads nowhere from then on."""

    action = Action.WRITE
    did = gettext_lazy("Renewed the link of a member survey")

    class Meta:
        model = SurveyRound
        fields = ()

    def apply(self):
        if self.instance.status != SurveyRound.Status.OPEN:
            raise Refused(_("This survey is closed. Nothing changed."))
        self.instance.token = new_token()
        return super().apply()


class CloseSurvey(OfTeam):
    """Close a survey before its last day."""

    action = Action.WRITE
    did = gettext_lazy("Closed a member survey")

    class Meta:
        model = SurveyRound
        fields = ()

    def apply(self):
        if self.instance.status != SurveyRound.Status.OPEN:
            raise Refused(_("This survey is closed already. Nothing changed."))
        self.instance.status = SurveyRound.Status.CLOSED
        return super().apply()


class ReopenSurvey(OfTeam):
    """Open a survey again that was closed by hand, until its last day ends. Its link stays."""

    action = Action.WRITE
    did = gettext_lazy("Opened a member survey again")

    class Meta:
        model = SurveyRound
        fields = ()

    def apply(self):
        survey, status = self.instance, SurveyRound.Status
        if survey.status == status.ARCHIVED:
            raise Refused(is_archived())
        if survey.status == status.OPEN:
            raise Refused(_("Nobody closed this survey. Nothing changed."))
        if survey.closes_at <= timezone.now():
            raise Refused(_("Its last day is past. Give it a later one first. Nothing changed."))
        survey.status = status.OPEN
        return super().apply()


class ArchiveSurvey(OfTeam):
    """Archive a survey: it takes nothing any more, its counts stay. Who offered to introduce us to
    a faith or political organization, or to a group whose kind nobody gave, is erased.
    """

    action = Action.WRITE
    did = gettext_lazy("Archived a member survey")

    class Meta:
        model = SurveyRound
        fields = ()

    def apply(self):
        if self.instance.status == SurveyRound.Status.ARCHIVED:
            raise Refused(is_archived())
        self.instance.status = SurveyRound.Status.ARCHIVED
        return super().apply()  # the names are erased as it is settled


class DeleteSurvey(Deletion):
    """Take a survey out with its answers. Who offered to introduce us is erased for good."""

    action = Action.DELETE
    did = gettext_lazy("Deleted a member survey")

    class Meta:
        model = SurveyRound
        fields = ()
