import zoneinfo
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import lines_of, many_of, one_of
from access.models import State, User
from access.roles import Action
from crm.commands.owning import refuse_who_sees_nothing
from crm.commands.widgets import bar, chips, picker, words
from crm.models import Affiliate, Community, FocusArea, Organization
from outreach.models import (
    Attendance,
    Event,
    EventCommunity,
    EventFocusArea,
    EventKind,
    EventOrganization,
    EventOwnRole,
    EventSession,
    EventState,
)

# The zones of the states and territories; any other one that exists may be sent too.
ZONES = [
    ("America/New_York", gettext_lazy("Eastern")),
    ("America/Chicago", gettext_lazy("Central")),
    ("America/Denver", gettext_lazy("Mountain")),
    ("America/Phoenix", gettext_lazy("Arizona")),
    ("America/Los_Angeles", gettext_lazy("Pacific")),
    ("America/Anchorage", gettext_lazy("Alaska")),
    ("Pacific/Honolulu", gettext_lazy("Hawaii")),
    ("America/Puerto_Rico", gettext_lazy("Puerto Rico and the Virgin Islands")),
    ("Pacific/Guam", gettext_lazy("Guam and the Marianas")),
    ("Pacific/Pago_Pago", gettext_lazy("American Samoa")),
]


class ChangeEvent(Command):
    """Change an event. Partners that the actor cannot see keep their roles."""

    action = Action.WRITE
    did = gettext_lazy("Changed an event")
    kind = one_of(EventKind, required=True, label=gettext_lazy("Kind"))
    state = one_of(
        State,
        label=gettext_lazy("State"),
        help_text=gettext_lazy("Left empty, it is where its host lies."),
    )
    affiliate = one_of(
        Affiliate, label=gettext_lazy("For which affiliate"), widget=picker("affiliates")
    )
    owner = one_of(User, label=gettext_lazy("Owner"), widget=picker("colleagues"))
    communities = many_of(
        Community, EventCommunity, label=gettext_lazy("Communities"), widget=chips()
    )
    focus_areas = many_of(
        FocusArea, EventFocusArea, label=gettext_lazy("Focus areas"), widget=chips()
    )
    states = many_of(
        State,
        EventState,
        label=gettext_lazy("States represented"),
        widget=forms.SelectMultiple({"size": 5}),
    )
    own_roles = lines_of(
        EventOwnRole,
        ["role", "what", "amount"],
        telling=["role", "what", "amount"],  # none is chosen at first
        label=gettext_lazy("Our roles"),
    )
    partners = lines_of(
        EventOrganization,
        ["organization", "role", "amount"],
        chooses={
            "organization": one_of(
                Organization,
                required=True,
                label=gettext_lazy("Organization"),
                widget=picker("organizations"),
            )
        },
        label=gettext_lazy("Partners and their roles"),
    )
    sessions = lines_of(
        EventSession,
        ["name", "day", "start", "end", "place", "capacity"],
        telling=["name", "start", "place", "capacity"],
        label=gettext_lazy("Sessions"),
    )

    class Meta:
        model = Event
        fields = (
            "name",
            "kind",
            "status",
            "day",
            "start",
            "end",
            "end_day",
            "zone",
            "place",
            "state",
            "url",
            "own_roles",
            "partners",
            "communities",
            "focus_areas",
            "affiliate",
            "owner",
            "series",
            "edition",
            "sessions",
            "capacity",
            "cost",
            "head_count",
            "counted",
            "states",
            "note",
        )
        widgets = {"status": bar(), "note": words()}
        help_texts = {
            "end_day": gettext_lazy("Only if it is another day."),
            "series": gettext_lazy("What its editions have in common, such as Family Reading Day."),
            "cost": gettext_lazy("In dollars, as far as we paid it."),
        }

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if "zone" in self.fields:
            self.fields["zone"].widget = forms.Select(choices=self._zones())

    def _zones(self) -> list[tuple[str, str]]:
        """The usual zones, and the one that it has."""
        mine = self.instance.zone or self.actor.time_zone
        found = [(name, f"{label}, {_city(name)}") for name, label in ZONES]
        return found if mine in dict(ZONES) else [(mine, _city(mine)), *found]

    def clean_zone(self):
        zone = self.cleaned_data["zone"]
        if zone and zone not in zoneinfo.available_timezones():
            raise ValidationError(_("That time zone is not there."))
        return zone

    def clean(self):
        cleaned = super().clean()
        day, end_day = self.value("day"), self.value("end_day")
        start, end = self.value("start"), self.value("end")
        if day and end_day and end_day < day and not {"day", "end_day"} & set(self.errors):
            self.add_error("end_day", _("This lies before the first day."))
        if end and not start and not {"start", "end"} & set(self.errors):
            self.add_error("start", _("Say when it begins, too."))
        if start and end and end <= start and (not end_day or end_day == day):
            self.add_error("end", _("This lies before it begins. Give a last day if it goes on."))
        held = self.value("status") == Event.Status.HELD
        if held and day and day > self.actor.today() and "day" not in self.errors:
            self.add_error("day", _("An event that was held cannot lie in the future."))
        if day and "day" in self.cleaned_data and self._was_held_before(day):
            self.add_error(
                "day", _("Somebody is written down as having been there: it cannot lie ahead.")
            )
        if self.value("head_count") is not None and not self.value("counted"):
            self.add_error("counted", _("Say where the head count comes from."))
        if self._lands_elsewhere():
            self.add_error(
                "state", _("This lies outside your areas. Name a partner of yours at it too.")
            )
        refuse_who_sees_nothing(self, "owner", self._home_id())
        return cleaned

    def _was_held_before(self, day: date) -> bool:
        """Whether somebody was there already, at an event that would lie ahead."""
        if self.adding or day <= max(self.actor.today(), self.instance.today()):
            return False
        return (
            Attendance.objects.visible_to(self.actor).filter(event=self.instance.pk).came().exists()
        )

    def _lands_elsewhere(self) -> bool:
        """Whether it would lie where the actor could not see it: there, with no partner of hers."""
        state = self.cleaned_data.get("state")
        if state is None or self.actor.covers(state.pk) or {"partners"} & set(self.errors):
            return False
        return self.adding and not self.cleaned_data.get("partners")

    def _home_id(self) -> int | None:
        if "state" in self.cleaned_data:
            state = self.cleaned_data["state"]
            return state.pk if state else self.instance.home_id
        return self.instance.state_id or self.instance.home_id

    def apply(self):
        event = self.instance
        if event.start and not event.zone:
            event.zone = self.actor.time_zone
        return super().apply()


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


class AddEvent(ChangeEvent):
    """Plan an event, or write down one that a partner hosts."""

    did = gettext_lazy("Added an event")

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if "status" in self.fields:
            self.fields["status"].required = False  # planned, unless it was held already

    def clean_status(self):
        return self.cleaned_data.get("status") or Event.Status.PLANNED

    def apply(self):
        self.instance.author_id = self.actor.user_id
        return super().apply()


class DeleteEvent(Deletion):
    """Take an event out."""

    action = Action.DELETE
    did = gettext_lazy("Deleted an event")

    class Meta:
        model = Event
        fields = ()
