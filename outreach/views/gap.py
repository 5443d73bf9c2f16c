"""The communities without an active partner in the state of a program, and where to begin."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from crm.models import Community, OrganizationCommunity, Task
from lists.templatetags.form_parts import day
from lists.views import row_of, say_saved
from outreach.commands import StartHere
from outreach.commands.gap import ACTIVE, started
from outreach.models import Program

MOST = 20  # partners that a gap offers to begin with


@dataclass(frozen=True)
class Gap:
    """A community without an active partner, those that could become one, and who has begun."""

    community: Community
    partners: list[tuple[Any, str]]  # (uid, name) of those that are there, active or not yet
    task: Task | None


@needs(Action.VIEW, of=Program)
def gaps(request, uid):
    """The communities of a program, or all where it names none: which have no active partner."""
    actor, program = request.actor, row_of(request, Program, uid, "home__region")
    links = program.community_links.visible_to(actor).select_related("community")
    named = sorted((link.community for link in links), key=lambda row: (row.position, row.pk))
    communities = named or list(Community.objects.visible_to(actor).offered())
    there = _partners(actor, program, communities)
    tasks = started(actor, program.home) if actor.may(Action.VIEW_TASKS) else {}
    found, covered = [], []
    for one in communities:
        active = [p for p in there[one.pk] if p[2] in ACTIVE]
        if active:
            covered.append((one, len(active)))
            continue
        partners = [(uid, name) for uid, name, _stage in there[one.pk]][:MOST]
        found.append(Gap(one, partners, tasks.get(one.code)))
    context = {
        "program": program,
        "gaps": found,
        "covered": covered,
        "is_all": not named,
        "may_start": actor.may(Action.WRITE) and program.home.region_id is not None,
    }
    return render(request, "outreach/map_gaps.html", context)


def _partners(actor, program: Program, communities: list[Community]) -> dict[int, list[tuple]]:
    """(uid, name, code of its stage) of the partners in the state, by the community that they
    serve; one that serves a part of a community serves it.
    """
    parents = {one.pk: one.parent_id for one in Community.objects.visible_to(actor)}
    wanted = {one.pk for one in communities}
    rows = OrganizationCommunity.objects.visible_to(actor).filter(
        organization__home=program.home_id
    )
    columns = ("community_id", "organization__uid", "organization__name")
    rows = rows.order_by("organization__sort_name", "organization_id")
    found: dict[int, dict] = defaultdict(dict)
    for community, uid, name, stage in rows.values_list(*columns, "organization__stage__code"):
        for one in {community, parents.get(community)} & wanted:
            found[one][uid] = (uid, name, stage)
    return defaultdict(list, {pk: list(partners.values()) for pk, partners in found.items()})


@needs(Action.WRITE, of=Program)
def start_here(request, uid):
    """Begin with a community, and go back to where the button was."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    program = row_of(request, Program, uid)
    back = reverse("outreach:gaps", args=[program.uid])
    command = StartHere(request.actor, request.POST)
    if command.attempt(lambda _row: (302, {"location": back})) is None:
        wrong = [str(text) for texts in command.errors.values() for text in texts]
        messages.warning(request, " ".join(wrong), extra_tags="banner")
    elif not command.repeated:
        words = {"title": command.instance.title, "day": day(command.instance.due)}
        say_saved(request, command, _("Planned: %(title)s. It is due on %(day)s.") % words)
    return redirect(back)
