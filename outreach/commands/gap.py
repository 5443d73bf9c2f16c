from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import recording
from access.commands import Command
from access.fields import one_of
from access.models import State
from access.recording import Refused
from access.roles import Action
from crm.commands.widgets import picker
from crm.models import Community, Organization, OrganizationCommunity, Task
from outreach.models import Program, Target

DUE_IN = timedelta(days=14)


def partners_in(actor, home_id: int, community: Community):
    """The organizations that serve a community in a state, as far as the actor sees them."""
    ids = {community.pk, *community.children.values_list("pk", flat=True)}
    links = OrganizationCommunity.objects.visible_to(actor).filter(community__in=ids)
    rows = Organization.objects.visible_to(actor).filter(home_id=home_id)
    return rows.filter(pk__in=links.order_by().values("organization_id"))


def started(actor, state: State, community: str = "") -> dict[str, Task]:
    """The open follow-ups that begin with a community where a state lies, by the community's code:
    in the state, or in the whole of its region; of all communities, or of one.
    """
    if state.region is None:
        return {}
    start = f"{state.region.code}/{community}/" if community else f"{state.region.code}/"
    rows = Task.objects.visible_to(actor).first_contacts().select_related("owner")
    there = rows.filter(first_contact__startswith=start)
    if community:
        there |= rows.filter(first_contact=start[:-1])
    found = {}
    for task in there.order_by("-due", "-pk"):
        _region, code, *some = task.first_contact.split("/")
        if not some or state.code in some[0].split("+"):
            found[code] = task
    return found


class StartHere(Command):
    """Begin with a community that has no active partner in the state of a program: one follow-up,
    and a target organization of the program where a partner is chosen.
    """

    action = Action.WRITE
    did = gettext_lazy("Began with a community of a program")
    program = one_of(Program, required=True, widget=forms.HiddenInput)
    community = one_of(Community, required=True, widget=forms.HiddenInput)
    partner = one_of(
        Organization,
        label=gettext_lazy("With whom, if you know"),
        widget=picker("organizations"),
        help_text=gettext_lazy("It becomes a target organization of the program."),
    )

    class Meta:
        model = Task
        fields = ()

    def choices(self, name, model):
        rows = super().choices(name, model)
        return rows.select_related("home__region") if name == "program" else rows

    def clean(self):
        cleaned = super().clean()
        program = cleaned.get("program")
        if program and program.home.region_id is None:
            raise ValidationError(_("The affiliate lies outside the regions."))
        return cleaned

    def apply(self):
        program, community = self.cleaned_data["program"], self.cleaned_data["community"]
        state = program.home
        if started(self.actor, state, community.code):
            raise Refused(_("Somebody has begun there already. Nothing changed."))
        if partners_in(self.actor, state.pk, community).filter(stage__working=True).exists():
            raise Refused(_("There is an active partner by now. Nothing changed."))
        task, today = self.instance, self.actor.today()
        task.title = self._title(community, state)
        task.owner_id = task.author_id = self.actor.user_id
        task.due = today + DUE_IN
        task.about_kind, task.about = "program", program.uid
        task.first_contact = f"{state.region.code}/{community.code}/{state.code}"
        task.save()
        if partner := self.cleaned_data.get("partner"):
            self._aim_at(partner, program)
        return task

    def _title(self, community: Community, state: State) -> str:
        words = {"community": community.label, "state": state.name}
        if partner := self.cleaned_data.get("partner"):
            words["partner"] = partner.name
            title = _("First contact: %(community)s, %(state)s, with %(partner)s") % words
        else:
            title = _("First contact: %(community)s, %(state)s") % words
        return title if len(title) <= 200 else f"{title[:199]}…"

    def _aim_at(self, partner: Organization, program: Program) -> None:
        targets = Target.objects.visible_to(self.actor).filter(program=program)
        if targets.filter(organization=partner).exists():
            return
        Target(program=program, organization=partner, position=targets.count()).save()
        recording.current().bump(program)  # who has its targets open learns of it
