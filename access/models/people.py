import zoneinfo
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from access.keys import uuid7
from access.models.places import Region, State
from access.records import Record
from access.roles import ROLE_NAMES, Action
from access.scope import RecordQuerySet, scoped


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail. People get in by invitation only."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


def valid_time_zone(name: str) -> None:
    """Raises ValidationError for a name that is no IANA time zone."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list."))


class User(AbstractBaseUser):  # type: ignore[django-manager-missing]  # scoped() and knox
    """Someone who signs in. What she may do is her Access; where she works is in crm."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="America/New_York", validators=[valid_time_zone]
    )
    language = models.CharField(_("language"), max_length=8, default="en")
    theme = models.CharField(_("colors"), max_length=5, choices=Theme, default=Theme.AUTO)
    notices_seen_at = models.DateTimeField(null=True, editable=False)
    digest = models.BooleanField(_("one mail a day"), default=True)
    digest_hour = models.PositiveSmallIntegerField(_("not before"), default=7)
    digest_at = models.DateTimeField(null=True, editable=False)  # the last one, or none needed
    keys = models.BooleanField(
        _("keys of the keyboard"), default=True, help_text=_("Such as / for search. ? shows them.")
    )
    is_active = models.BooleanField(default=True)
    invited_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    objects = UserManager()

    class Meta:
        ordering: ClassVar = ["name", "id"]

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        super().save(*args, update_fields=update_fields, **kwargs)
        if update_fields is None or "name" in update_fields:  # lists offer colleagues by name
            from access.kept import renew

            renew()


class AccessQuerySet(RecordQuerySet):
    """Seen by administrators, and by each user for herself."""

    def visible_to(self, actor):
        if actor.may(Action.ADMINISTER):
            return self.all()
        return self.filter(**{f"{self.model.user_path}_id": actor.user_id})


class Access(Record):  # type: ignore[django-manager-missing]  # areas, by scoped()
    """What a user may do, and where: one role, her areas, and the home state inside them."""

    user_path = "user"

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="access")
    role = models.CharField(_("role"), max_length=20, choices=list(ROLE_NAMES.items()))
    everywhere = models.BooleanField(_("all areas"), default=False)
    home = models.ForeignKey(
        State, on_delete=models.PROTECT, related_name="+", verbose_name=_("home state")
    )

    objects: ClassVar[Any] = scoped(AccessQuerySet)

    def __str__(self):
        return str(self.get_role_display())


class Area(Record):
    """One region or one state of a user's areas; the state `--` is outside regions."""

    user_path = "access__user"
    part_of = ("access",)

    access = models.ForeignKey(Access, on_delete=models.PROTECT, related_name="areas")
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.ForeignKey(State, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = scoped(AccessQuerySet)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(region__isnull=True, state__isnull=False)
                | models.Q(region__isnull=False, state__isnull=True),
                name="area_is_a_region_or_a_state",
            )
        ]

    def __str__(self):
        return str(self.region or self.state)


class Token(AbstractAuthToken):
    """A key for the API, with a name and an expiry. It acts as its user, never as more."""

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)  # in addresses
    name = models.CharField(_("name"), max_length=80)
    last_used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-created"]
