"""Tokens for the API: made by their user, shown once, revoked at once."""

from datetime import timedelta

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.models import Access, Token, User
from access.recording import Refused
from access.roles import Action

MOST, MOST_DAYS = 20, 365


def tokens_of(user_id: int) -> QuerySet[Token]:
    """The tokens of a user that have not ended, the newest first."""
    lives = Q(expiry__isnull=True) | Q(expiry__gt=timezone.now())
    return Token.objects.filter(lives, user_id=user_id)


class OfMyTokens(Command):
    """What a user does with her own tokens, and nobody else's."""

    action = Action.SIGNED_IN

    def allow(self):
        super().allow()
        if self.adding or self.instance.user_id != self.actor.user_id:
            raise PermissionDenied


class MakeToken(OfMyTokens):
    """Make a token, with which a program acts as the user. `token` has it, this once."""

    did = gettext_lazy("Made an API token")
    token = ""
    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=80,
        help_text=gettext_lazy("The program or the machine, so that you know it again."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("For how many days?"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=90,
        help_text=gettext_lazy("From 1 to 365. It ends then by itself."),
    )

    class Meta:
        model = Access
        fields = ()

    def for_the_record(self):
        return {"name": self.cleaned_data["name"], "days": self.cleaned_data["days"]}

    def apply(self):
        user = User.objects.select_for_update().get(pk=self.actor.user_id)  # no other counts now
        if tokens_of(user.pk).count() >= MOST:
            raise Refused(
                _("You have %(most)d tokens, and may have no more. Nothing was made. Revoke one.")
                % {"most": MOST}
            )
        lasts = timedelta(days=self.cleaned_data["days"])
        name = self.cleaned_data["name"]
        self.made, self.token = Token.objects.create(user=user, expiry=lasts, name=name)
        return self.instance


class RevokeToken(OfMyTokens):
    """Revoke one of one's own tokens: the next request with it is refused."""

    did = gettext_lazy("Revoked an API token")
    token = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Access
        fields = ()

    def for_the_record(self):
        return {"name": self.name}

    def apply(self):
        row = Token.objects.filter(
            user_id=self.actor.user_id, uid=self.cleaned_data["token"]
        ).first()
        if row is None:
            raise Refused(_("This token is gone already. Nothing changed."))
        self.name = row.name
        row.delete()
        return self.instance


class RevokeTokens(Command):
    """Revoke all tokens of a user, as an administrator."""

    action = Action.ADMINISTER
    did = gettext_lazy("Revoked all API tokens of a user")
    count = 0

    class Meta:
        model = Access
        fields = ()

    def for_the_record(self):
        return {"tokens": self.count}

    def apply(self):
        self.count = tokens_of(self.instance.user_id).count()
        Token.objects.filter(user_id=self.instance.user_id).delete()
        return self.instance
