"""The first page of the settings: what there is to set, and what a new installation still needs."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.actors import has_second_factor
from access.installation import this_installation
from access.mailing import goes_out
from access.middleware import needs
from access.models import Access
from access.roles import Action, Role


@dataclass(frozen=True)
class Part:
    """One part of the settings, with what it holds."""

    label: Any
    icon: str
    url: str
    text: Any


@dataclass(frozen=True)
class Step:
    """One thing that a new installation needs, and whether it is done."""

    label: Any
    url: str
    done: bool


@needs(Action.ADMINISTER)
def settings_home(request):
    """Where an administrator starts."""
    context = {"parts": _parts(request.actor), "steps": _steps(request)}
    return render(request, "settings/home.html", context)


def _parts(actor) -> list[Part]:
    users = Access.objects.visible_to(actor).filter(user__is_active=True).count()
    return [
        Part(
            _("This installation"),
            "settings",
            reverse("settings:installation"),
            _("Name, logo, fiscal year, mail, and how many rows a day may leave."),
        ),
        Part(
            _("Users"),
            "people",
            reverse("access:users"),
            _("%(count)d with access. Invite, change, hand over, take away.") % {"count": users},
        ),
        Part(
            _("Roles"),
            "shield",
            reverse("access:roles"),
            _("Who may do what, in words."),
        ),
        Part(
            _("Regions"),
            "map",
            reverse("settings:regions"),
            _("Which states belong together. A change says first who sees more or less."),
        ),
        Part(
            _("Lists of words"),
            "tag",
            reverse("settings:words"),
            _("Communities, focus areas, kinds, stages, languages, purposes."),
        ),
        Part(
            _("Five steps"),
            "steps",
            reverse("outreach:step_texts"),
            _("Titles, guidance and checks of the outreach program, in two languages."),
        ),
        Part(
            _("Plans for target organizations"),
            "flag",
            reverse("outreach:plan_templates"),
            _("Dated steps that a program gives to an organization it wants to know."),
        ),
        Part(
            _("Observances"),
            "calendar",
            reverse("outreach:observances"),
            _("Heritage months and days that the calendar of events tells of."),
        ),
        Part(
            _("Record"),
            "history",
            reverse("settings:record"),
            _("Who did what and when, and whether anybody touched the record."),
        ),
        Part(
            _("Open a restricted row"),
            "lock",
            reverse("access:open_restricted"),
            _("One person or one meeting, for 30 minutes, with a reason."),
        ),
    ]


def _steps(request) -> list[Step]:
    """What is to be done before a team can work here; empty once all of it is done."""
    everyone = Access.objects.visible_to(request.actor).filter(user__is_active=True)
    administrators = everyone.filter(role=Role.ADMINISTRATOR).count()
    steps = [
        Step(
            _("Switch on your second factor"),
            reverse("mfa_index"),
            has_second_factor(request.user),
        ),
        Step(
            _("Give this installation its name"),
            reverse("settings:installation"),
            bool(this_installation().name),
        ),
        Step(
            _("Have a mail server set, and send a test mail"),
            reverse("settings:installation"),
            goes_out(),
        ),
        Step(
            _("Invite a second administrator"),
            reverse("access:invite_user"),
            administrators > 1,
        ),
        Step(
            _("Invite the team"),
            reverse("access:invite_user"),
            everyone.exclude(role=Role.ADMINISTRATOR).exists(),
        ),
    ]
    return [] if all(step.done for step in steps) else steps
