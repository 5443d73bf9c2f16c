"""Inviting people, and changing what they may do. A change holds from their next request on."""

import zoneinfo

from django import forms
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import many_of, one_of
from access.models import Access, Area, Region, State, User
from access.recording import Refused
from access.roles import Action, Role

invitations = PasswordResetTokenGenerator()


def keep_one_administrator(command: Command) -> None:
    """Raise ValidationError if the command's row is the last administrator's."""
    access = command.instance
    others = command.rows.filter(role=Role.ADMINISTRATOR, user__is_active=True)
    if access.role == Role.ADMINISTRATOR and not others.exclude(pk=access.pk).exists():
        raise ValidationError(_("This is the last administrator. Make somebody else one first."))


class ChangeAccess(Command):
    """Change a user's role, areas and home state."""

    action = Action.ADMINISTER
    did = gettext_lazy("Changed who may do what")
    home = one_of(
        State,
        required=True,
        label=gettext_lazy("Home state"),
        help_text=gettext_lazy("Where rows without a partner land. It must lie in the areas."),
    )
    regions = many_of(
        Region,
        label=gettext_lazy("Regions"),
        widget=forms.CheckboxSelectMultiple({"data-look": "chips"}),
    )
    states = many_of(
        State,
        label=gettext_lazy("Single states"),
        widget=forms.CheckboxSelectMultiple({"data-look": "chips"}),
        help_text=gettext_lazy("“Outside regions” is for national and foreign partners."),
    )

    field_order: tuple[str, ...] = ("role", "everywhere", "regions", "states", "home")

    class Meta:
        model = Access
        fields = ("role", "everywhere", "home")

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if not self.adding:
            areas = list(self.instance.areas.visible_to(actor).select_related("region", "state"))
            self.initial["regions"] = [a.region for a in areas if a.region_id]
            self.initial["states"] = [a.state for a in areas if a.state_id]

    def clean(self):
        cleaned = super().clean()
        home, everywhere = cleaned.get("home"), cleaned.get("everywhere")
        if home and not everywhere and not {"regions", "states"} & set(self.errors):
            inside = home.region_id in {r.pk for r in cleaned["regions"] if r.pk}
            if not inside and home.pk not in {s.pk for s in cleaned["states"]}:
                self.add_error("home", _("The home state must lie in the areas."))
        if not self.adding and cleaned.get("role") not in (None, Role.ADMINISTRATOR):
            keep_one_administrator(self)
        return cleaned

    def apply(self):
        access = self.instance
        access.save()
        stored = [] if self.adding else list(access.areas.visible_to(self.actor))
        wanted = {("region_id", r.pk) for r in self.cleaned_data["regions"]}
        wanted |= {("state_id", s.pk) for s in self.cleaned_data["states"]}
        for area in stored:
            key = ("region_id", area.region_id) if area.region_id else ("state_id", area.state_id)
            if key in wanted:
                wanted.remove(key)
            else:
                area.delete()
        for name, pk in sorted(wanted):
            Area(access=access, **{name: pk}).save()
        return access


class InviteUser(ChangeAccess):
    """Invite a person: she gets a link that works once, and sets a password of her own."""

    did = gettext_lazy("Invited a person")

    email = forms.EmailField(label=gettext_lazy("E-mail"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    field_order = ("email", "name", "role", "everywhere", "regions", "states", "home")

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(_("Somebody with this e-mail has access already."))
        return email

    def apply(self):
        self.instance.user = invite(self.cleaned_data["email"], self.cleaned_data["name"])
        return super().apply()


def invite(email: str, name: str) -> User:
    """A user without a password, whose address counts as confirmed once she uses her link."""
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(email, None, name=name, invited_at=timezone.now())
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


class SetActive(Command):
    """Take away a user's access, or give it back. Her sessions and tokens end at once."""

    action = Action.ADMINISTER
    did = gettext_lazy("Took away or gave back access")
    is_active = forms.BooleanField(required=False)

    class Meta:
        model = Access
        fields = ()

    def apply(self):
        active = self.cleaned_data["is_active"]
        if self.instance.user_id == self.actor.user_id:
            raise Refused(_("You cannot take away your own access. Nothing changed."))
        if not active:
            keep_one_administrator(self)
        User.objects.filter(pk=self.instance.user_id).update(is_active=active)
        return self.instance


# Where most people here are, from east to west; all other places come after them.
US_ZONES = (
    "America/New_York",
    "America/Detroit",
    "America/Indiana/Indianapolis",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
    "America/St_Thomas",
    "Pacific/Guam",
    "Pacific/Saipan",
    "Pacific/Pago_Pago",
)


def time_zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Time zones to choose from, by the name of a place: those of the United States first."""
    names = zoneinfo.available_timezones()
    others = sorted(n for n in names if "/" in n and n not in US_ZONES and "Etc/" not in n)
    first = [n for n in US_ZONES if n in names]
    return [
        (_("United States"), [(n, n.partition("/")[2].replace("_", " ")) for n in first]),
        (_("Other places"), [(n, n.replace("_", " ")) for n in others]),
    ]


class ChangeMyself(forms.ModelForm):
    """What a user sets for herself: name, language, time zone, colors, keys.

    Where pages come in one language only, there is none to choose.
    """

    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=time_zones)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=lambda: settings.LANGUAGES)

    class Meta:
        model = User
        fields = ("name", "time_zone", "language", "theme", "keys")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]
