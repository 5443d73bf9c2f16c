"""Days and months that communities keep: edited by an administrator, kept by partners."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import many_of, one_of
from access.roles import Action
from crm.commands.widgets import chips
from crm.models import Community, Organization
from outreach.models import Observance, OrganizationObservance

NO_MONTH = ("", gettext_lazy("Not given"))


def _month(label, required: bool = True) -> forms.TypedChoiceField:
    choices = list(MONTHS.items()) if required else [NO_MONTH, *MONTHS.items()]
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, empty_value=None, required=required
    )


class ChangeObservance(Command):
    """Change an observance. Partners that keep it go on keeping it."""

    action = Action.ADMINISTER
    did = gettext_lazy("Changed an observance")
    month = _month(gettext_lazy("Month"))
    last_month = _month(gettext_lazy("Month of the last day"), required=False)
    community = one_of(Community, label=gettext_lazy("Community"))

    class Meta:
        model = Observance
        fields = (
            "name",
            "name_es",
            "month",
            "day",
            "last_month",
            "last_day",
            "year",
            "community",
            "retired",
        )
        labels = {"retired": gettext_lazy("No longer shown")}
        help_texts = {
            "last_day": gettext_lazy("Only if it lasts longer than a day."),
            "year": gettext_lazy(
                "Only for what falls on another day each year: add a row for each year."
            ),
        }

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year is not None and not 1900 <= year <= 2999:
            raise ValidationError(_("Write the year with four digits."))
        return year


class AddObservance(ChangeObservance):
    """Add an observance."""

    did = gettext_lazy("Added an observance")

    class Meta(ChangeObservance.Meta):
        fields = tuple(name for name in ChangeObservance.Meta.fields if name != "retired")

    def apply(self):
        self.instance.code = f"observance-{uuid4().hex[:8]}"
        return super().apply()


class KeepDays(Command):
    """Write down which days a partner told us that it keeps."""

    action = Action.WRITE
    did = gettext_lazy("Wrote down the days that a partner keeps")
    observances = many_of(
        Observance,
        OrganizationObservance,
        label=gettext_lazy("Days that they keep"),
        widget=chips(),
    )

    class Meta:
        model = Organization
        fields = ()
