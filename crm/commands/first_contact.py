from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import one_of
from access.models import Region, State
from access.recording import Refused
from access.roles import Action
from crm.models import Community, Organization, OrganizationCommunity, Task

DUE_IN = timedelta(days=14)


class PlanFirstContact(Command):
    """Make a follow-up to find a first partner of a community in a region: one, for all of it."""

    action = Action.LOG
    did = gettext_lazy("Planned a first contact")

    region = one_of(Region, required=True, label=gettext_lazy("Region"))
    community = one_of(Community, required=True, label=gettext_lazy("Community"))

    class Meta:
        model = Task
        fields = ()

    def choices(self, name, model):
        rows = super().choices(name, model)
        if name == "region" and self.actor.state_ids is not None:
            rows = rows.filter(states__in=self.actor.state_ids).distinct()
        return rows

    def clean(self):
        cleaned = super().clean()
        if region := cleaned.get("region"):
            states = State.objects.filter(region=region)
            self.codes = [row.code for row in states if self.actor.covers(row.pk)]
            self.is_all = len(self.codes) == len(states)
            if not self.codes:
                self.add_error("region", ValidationError(_("No state lies in this region.")))
        return cleaned

    def apply(self):
        region, community = self.cleaned_data["region"], self.cleaned_data["community"]
        if planned(self.actor, region.code, community.code) is not None:
            raise Refused(_("A first contact is planned there already."))
        if self._has_partner(region, community):
            raise Refused(_("There is a partner by now."))
        parts = [region.code, community.code] + ([] if self.is_all else ["+".join(self.codes)])
        task, today = self.instance, self.actor.today()
        task.title = _title(region, community, [] if self.is_all else self.codes)
        task.owner_id = task.author_id = self.actor.user_id
        task.due, task.first_contact = today + DUE_IN, "/".join(parts)
        task.save()
        return task

    def _has_partner(self, region: Region, community: Community) -> bool:
        serves = OrganizationCommunity.objects.visible_to(self.actor)
        ids = {community.pk, *community.children.values_list("pk", flat=True)}
        links = serves.filter(community__in=ids).order_by().values("organization_id")
        partners = Organization.objects.visible_to(self.actor)
        return partners.filter(pk__in=links, home__region=region.pk).exists()


def planned(actor, region: str, community: str) -> Task | None:
    """The open follow-up that plans this first contact, where the actor sees one."""
    start = f"{region}/{community}"
    rows = Task.objects.visible_to(actor).first_contacts().select_related("owner")
    there = rows.filter(first_contact=start) | rows.filter(first_contact__startswith=f"{start}/")
    return there.order_by("due", "pk").first()


def _title(region: Region, community: Community, states: list[str]) -> str:
    words = {"community": community.label, "region": region.label, "states": ", ".join(states)}
    if states:
        title = _("First contact: %(community)s, %(region)s (%(states)s)") % words
    else:
        title = _("First contact: %(community)s, %(region)s") % words
    return title if len(title) <= 200 else f"{title[:199]}…"
