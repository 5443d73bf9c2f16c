from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import one_of
from access.models import User
from access.roles import Action
from crm.commands.widgets import picker
from crm.models import Affiliate, Employment


class SetEmployment(Command):
    """Say which affiliate a user works for from today on; the one before ends."""

    action = Action.ADMINISTER
    did = gettext_lazy("Changed whom somebody works for")
    user = one_of(User, required=True)
    affiliate = one_of(
        Affiliate,
        label=gettext_lazy("Works for"),
        widget=picker("affiliates"),
        help_text=gettext_lazy(
            "Meetings that she logs are for this affiliate, unless she says otherwise."
        ),
    )

    class Meta:
        model = Employment
        fields = ()

    def apply(self):
        user, affiliate = self.cleaned_data["user"], self.cleaned_data["affiliate"]
        today = self.actor.today()
        now = self.rows.filter(user=user, end__isnull=True).first()
        if now is not None and affiliate is not None and now.affiliate_id == affiliate.pk:
            return now
        if now is not None:
            now.end = max(today, now.start)
            now.save()
        if affiliate is None:
            return now or self.instance
        self.instance.user, self.instance.affiliate, self.instance.start = user, affiliate, today
        self.instance.save()
        return self.instance
