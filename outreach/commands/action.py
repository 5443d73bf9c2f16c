from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import many_of, one_of
from access.models import User
from access.roles import Action
from crm.commands.owning import refuse_who_sees_nothing
from crm.commands.widgets import bar, picker, words
from crm.models import Organization
from outreach.models import JointAction, JointActionPartner, Program


class ChangeJointAction(Command):
    """Change a joint action: what, with whom, whose issue, when, and what came of it."""

    action = Action.WRITE
    did = gettext_lazy("Changed a joint action")
    owner = one_of(User, label=gettext_lazy("Owner"), widget=picker("colleagues"))
    partners = many_of(
        Organization,
        JointActionPartner,
        label=gettext_lazy("Partners"),
        widget=picker("organizations", many=True),
    )

    class Meta:
        model = JointAction
        fields = ("title", "issue", "partners", "start", "end", "owner", "status", "result")
        widgets = {"issue": bar(), "status": bar(), "result": words()}

    def clean(self):
        cleaned = super().clean()
        start, end = self.value("start"), self.value("end")
        if start and end and end < start and not {"start", "end"} & set(self.errors):
            self.add_error("end", _("This lies before the first day."))
        refuse_who_sees_nothing(self, "owner", self._home_id())
        return cleaned

    def _home_id(self) -> int | None:
        return self.instance.home_id


class AddJointAction(ChangeJointAction):
    """Plan something that a program does together with partners."""

    did = gettext_lazy("Planned a joint action")
    program = one_of(
        Program, required=True, label=gettext_lazy("Program"), widget=picker("outreach:programs")
    )

    class Meta(ChangeJointAction.Meta):
        fields = ("program", *ChangeJointAction.Meta.fields)

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if "status" in self.fields:
            self.fields["status"].required = False  # planned, unless it was done already

    def clean_status(self):
        return self.cleaned_data.get("status") or JointAction.Status.PLANNED

    def _home_id(self) -> int | None:
        program = self.cleaned_data.get("program")
        return program.home_id if program else None

    def apply(self):
        self.instance.author_id = self.actor.user_id
        return super().apply()


class DeleteJointAction(Deletion):
    """Take a joint action out."""

    action = Action.DELETE
    did = gettext_lazy("Deleted a joint action")

    class Meta:
        model = JointAction
        fields = ()
