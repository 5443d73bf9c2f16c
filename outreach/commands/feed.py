"""A user's own calendar feed: made, made anew, ended."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.models import Access
from access.recording import Refused
from access.roles import Action
from crm.commands.widgets import bar
from outreach.models import CalendarFeed


class OfMyFeed(Command):
    """What a user does with her own feed, and nobody else's."""

    action = Action.VIEW

    def allow(self):
        super().allow()
        if self.adding or self.instance.user_id != self.actor.user_id:
            raise PermissionDenied


class MakeFeed(OfMyFeed):
    """Make the address of one's feed; an older one ends. `secret` has it, this once."""

    did = gettext_lazy("Made a calendar feed")
    secret = ""
    what = forms.ChoiceField(
        label=gettext_lazy("Which events"),
        choices=CalendarFeed.What.choices,
        initial=CalendarFeed.What.AREAS.value,
        widget=bar(),
    )

    class Meta:
        model = Access
        fields = ()

    def for_the_record(self):
        return {"what": self.cleaned_data["what"]}

    def apply(self):
        CalendarFeed.objects.filter(user_id=self.actor.user_id).delete()
        self.secret = CalendarFeed.new_secret()
        CalendarFeed.objects.create(
            user_id=self.actor.user_id,
            digest=CalendarFeed.digest_of(self.secret),
            what=self.cleaned_data["what"],
        )
        return self.instance


class EndFeed(OfMyFeed):
    """End one's feed: the address gives nothing from now on."""

    did = gettext_lazy("Ended a calendar feed")

    class Meta:
        model = Access
        fields = ()

    def apply(self):
        if not CalendarFeed.objects.filter(user_id=self.actor.user_id).delete()[0]:
            raise Refused(_("There is no feed any more. Nothing changed."))
        return self.instance
