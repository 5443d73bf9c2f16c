from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from access.records import Record
from access.roles import EXPORT_BOUNDS, Role
from access.scope import RecordQuerySet


class InstallationQuerySet(RecordQuerySet):
    """Seen by all, before they sign in too: it holds what every page shows."""

    def visible_to(self, actor):
        return self


def _rows_a_day(role: Role) -> Any:
    least, most = EXPORT_BOUNDS[role]
    return models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(least), MaxValueValidator(most)]
    )


class Installation(Record):
    """What an administrator sets for everybody: name, logo, fiscal year, sender, limits.

    There is one row, or none while all is as shipped.
    """

    place = models.PositiveSmallIntegerField(default=1, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60, blank=True)
    logo = models.CharField(max_length=100, blank=True, editable=False)  # under MEDIA_ROOT
    logo_type = models.CharField(max_length=40, blank=True, editable=False)
    fiscal_year_start = models.PositiveSmallIntegerField(
        _("the fiscal year starts in"), choices=list(MONTHS.items()), default=1
    )
    sender_name = models.CharField(_("sender of mail"), max_length=80, blank=True)
    sender_address = models.EmailField(_("address of the sender"), blank=True)
    password_again_minutes = models.PositiveSmallIntegerField(
        _("password again after minutes"),
        choices=[(5, _("5 minutes")), (15, _("15 minutes")), (30, _("30 minutes"))],
        default=30,
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("daily mail not before"),
        choices=[(hour, f"{hour}:00") for hour in range(24)],
        default=7,
    )
    export_rows_organizer = _rows_a_day(Role.ORGANIZER)
    export_rows_regional_lead = _rows_a_day(Role.LEAD)
    export_rows_leader = _rows_a_day(Role.LEADER)
    export_rows_data_manager = _rows_a_day(Role.DATA_MANAGER)
    export_rows_administrator = _rows_a_day(Role.ADMINISTRATOR)

    objects: ClassVar[Any] = InstallationQuerySet.as_manager()

    class Meta:
        verbose_name = _("this installation")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(place=1), name="installation_is_one_row")
        ]

    def __str__(self):
        return self.name
