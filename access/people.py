"""Inviting people, and changing what they may do. A change holds from their next request on."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import registers
from access.commands import Command
from access.fields import many_of, one_of
from access.installation import this_installation
from access.kept import renew
from access.models import Access, Area, Region, State, Token, User
from access.recording import Refused
from access.roles import ROLE_NAMES, Action, Role

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

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        help_text=gettext_lazy("For whoever reads the record later."),
    )

    field_order: tuple[str, ...] = ("role", "everywhere", "regions", "states", "home", "reason")

    class Meta:
        model = Access
        fields = ("role", "everywhere", "home")

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if "role" in self.fields and self.adding:
            role: Any = self.fields["role"]
            role.choices = [("", _("Choose")), *ROLE_NAMES.items()]
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
            was = self.instance._loaded["role"]
            if self.instance.user_id == self.actor.user_id and was == Role.ADMINISTRATOR:
                self.add_error("role", _("Another administrator takes this role from you."))
        return cleaned

    def for_the_record(self):
        before, now = self._before, self._described()
        changed = {"before": before, "now": now} if before != now else {}
        return {"reason": self.cleaned_data["reason"]} | changed

    def _stored(self) -> str:
        """Role and areas as they were before this form was read into the row."""
        role, everywhere = self.instance._loaded["role"], self.instance._loaded["everywhere"]
        now = self.instance.role, self.instance.everywhere
        self.instance.role, self.instance.everywhere = role, everywhere
        try:
            return self._described()
        finally:
            self.instance.role, self.instance.everywhere = now

    def _described(self) -> str:
        """Role and areas in codes, which stay when names change."""
        access = self.instance
        areas = access.areas.visible_to(self.actor).values_list("region__code", "state__code")
        codes = ["all"] if access.everywhere else sorted(r or s for r, s in areas)
        return f"{access.role}: {', '.join(codes)}"

    def apply(self):
        access = self.instance
        self._before = "" if self.adding else self._stored()
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
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        required=False,
        choices=lambda: [("", _("That of the home state")), *time_zones()],
        help_text=gettext_lazy("Days and times show in it. Each person can change her own."),
    )
    reason = None  # type: ignore[assignment]  # so that the form has none
    field_order = ("email", "name", "role", "everywhere", "regions", "states", "home", "time_zone")

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(_("Somebody with this e-mail has access already."))
        return email

    def apply(self):
        zone = self.cleaned_data.get("time_zone") or self.cleaned_data["home"].time_zone
        self.instance.user = invite(self.cleaned_data["email"], self.cleaned_data["name"], zone)
        return super().apply()

    def for_the_record(self):
        return {"now": self._described()}


def invite(email: str, name: str, time_zone: str = "") -> User:
    """A user without a password, whose address counts as confirmed once she uses her link."""
    from allauth.account.models import EmailAddress

    first: dict[str, Any] = {"digest_hour": this_installation().digest_hour}
    if time_zone:
        first["time_zone"] = time_zone
    user = User.objects.create_user(email, None, name=name, invited_at=timezone.now(), **first)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


class SetActive(Command):
    """Take away a user's access, or give it back. Her sessions and tokens end at once."""

    action = Action.ADMINISTER
    did = gettext_lazy("Took away or gave back access")
    is_active = forms.BooleanField(required=False)
    leave = forms.BooleanField(
        label=gettext_lazy("What is open stays with this person, and waits for nobody"),
        required=False,
    )

    class Meta:
        model = Access
        fields = ()

    def apply(self):
        active = self.cleaned_data["is_active"]
        if self.instance.user_id == self.actor.user_id:
            raise Refused(_("You cannot take away your own access. Nothing changed."))
        if not active:
            keep_one_administrator(self)
            held = registers.held_by(self.actor, self.instance.user_id)
            if held and not self.cleaned_data["leave"]:
                raise Refused(
                    _("Hand over first what is open, or say that it stays. Nothing changed.")
                )
        User.objects.filter(pk=self.instance.user_id).update(is_active=active)
        renew()  # lists offer those who are active
        if not active:  # for good: access that is given back brings none of them back
            Token.objects.filter(user_id=self.instance.user_id).delete()
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
        labels = {"keys": gettext_lazy("Keyboard shortcuts")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if len(settings.LANGUAGES) == 1:
            del self.fields["language"]
