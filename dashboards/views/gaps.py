"""The pairs of region and community without a partner, and the first contacts that are planned."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.prepared import Prepared
from access.roles import Action
from access.scope import Actor, Rights
from access.views.own import safe_next
from crm.commands import PlanFirstContact, planned
from crm.models import Task
from dashboards.asking import Ask
from dashboards.metrics.counting import OUTSIDE
from dashboards.tables import Table
from lists.templatetags.form_parts import day
from lists.views import say_saved


class Planned(NamedTuple):
    """An open follow-up that plans a first contact."""

    uid: UUID
    title: str
    due: date
    owner: str


@dataclass(frozen=True)
class Gap:
    """One community without a partner in a region, and the follow-up that plans a first contact."""

    region: str
    community: str
    name: str
    task: Planned | None
    may_plan: bool


@dataclass(frozen=True)
class GapsOfRegion:
    """A region and its gaps."""

    name: str
    gaps: list[Gap]


def gaps_of(actor: Actor, ask: Ask, table: Table) -> list[GapsOfRegion]:
    """The gaps of a figure: each region with its communities, most first.

    With the question narrowed to a state or an owner, a partner may well be beside it: then nothing
    is planned from here.
    """
    is_whole = ask.state is None and ask.owner is None
    tasks = _planned(actor) if is_whole else {}
    may_plan = is_whole and actor.may(Action.LOG)
    found: dict[str, list[Gap]] = {}
    for region, community in table.facts["gaps"]:
        task = tasks.get((region, community))
        may = may_plan and task is None and region != OUTSIDE
        name = table.name("community", community)
        found.setdefault(region, []).append(Gap(region, community, name, task, may))
    rows = [GapsOfRegion(table.name("region", r), gaps) for r, gaps in found.items()]
    return sorted(rows, key=lambda row: -len(row.gaps))


def _planned(actor: Actor) -> dict[tuple[str, ...], Planned]:
    """The open follow-ups that plan a first contact, by region and community."""
    if not actor.may(Action.VIEW_TASKS):
        return {}
    rows = _tasks(actor.rights, actor.today()).ask()
    return {tuple(key.split("/")[:2]): Planned(*task) for key, *task in rows}


@lru_cache(maxsize=256)
def _tasks(rights: Rights, _day: date) -> Prepared:
    rows = Task.objects.visible_to(rights).first_contacts().order_by("-due", "-pk")
    asked = rows.values_list("first_contact", "uid", "title", "due", "owner__name")
    return Prepared(asked, planned_once=True)


@needs(Action.LOG)
def plan(request):
    """Plan a first contact where there is no partner, and go back to where the button was."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor, back = request.actor, safe_next(request, reverse("dashboards:where"))
    command = PlanFirstContact(actor, request.POST)
    if command.attempt(lambda _row: (302, {"location": back})) is not None:
        if not command.repeated:
            words = {"title": command.instance.title, "day": day(command.instance.due)}
            say_saved(request, command, _("Planned: %(title)s. It is due on %(day)s.") % words)
        return redirect(back)
    messages.warning(request, _why_not(actor, command), extra_tags="banner")
    return redirect(back)


def _why_not(actor: Actor, command: PlanFirstContact) -> str:
    """Who has it already, or what is wrong."""
    names = (command.cleaned_data.get(name) for name in ("region", "community"))
    codes = [row.code for row in names if row]
    there = planned(actor, *codes) if len(codes) == 2 else None  # another click was faster
    if there is not None:
        words = {"name": there.owner.name, "title": there.title, "day": day(there.due)}
        return _("%(name)s has it already: %(title)s, due on %(day)s. Nothing changed.") % words
    wrong = [str(text) for texts in command.errors.values() for text in texts]
    return " ".join([*wrong, _("Nothing was planned.")])
