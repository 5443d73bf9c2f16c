"""The communities without an active partner in the state of a program, and where to begin."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
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
from outreach.commands.gap import started
from outreach.models import Program

MOST = 20  # partners that a gap offers to begin with


@dataclass(frozen=True)
class Gap:
    """A community without an active partner, those that could become one, and who has begun."""

    community: Community
    partners: list[tuple[Any, str]]  # (uid, name) of those that are there, active or not yet
    task: Task | None
    parts: list["Gap"] = field(default_factory=list)  # of the community: no gaps of their own
    under: Community | None = None  # the community that it is a part of, and that has a partner


@needs(Action.VIEW, of=Program)
def gaps(request, uid):
    """The communities of a program, or all where it names none: which have no active partner. One
    that is a part of such a community stands under it, and is not counted again.
    """
    actor, program = request.actor, row_of(request, Program, uid, "home__region")
    links = program.community_links.visible_to(actor).select_related("community")
    named = sorted((link.community for link in links), key=lambda row: (row.position, row.pk))
    communities = named or list(Community.objects.visible_to(actor).offered())
    there = _partners(actor, program, communities)
    tasks = started(actor, program.home) if actor.may(Action.VIEW_TASKS) else {}
    found, covered = {}, {}
    for one in communities:
        active = [p for p in there[one.pk] if p[2]]
        if active:
            covered[one.pk] = (one, len(active))
            continue
        partners = [(uid, name) for uid, name, _works in there[one.pk]][:MOST]
        found[one.pk] = Gap(one, partners, tasks.get(one.code))
    context = {
        "program": program,
        "gaps": _grouped(found, covered),
        "covered": _under_parents(covered),
        "is_all": not named,
        "may_start": actor.may(Action.WRITE) and program.home.region_id is not None,
    }
    return render(request, "outreach/map_gaps.html", context)


def _grouped(found: dict[int, Gap], covered: dict[int, tuple[Community, int]]) -> list[Gap]:
    """The gaps with those of their parts beneath them; then parts of communities with a partner."""
    groups, apart = [], []
    for gap in found.values():
        parent = gap.community.parent_id
        if parent in found:
            found[parent].parts.append(gap)
        elif parent in covered:
            apart.append(replace(gap, under=covered[parent][0]))
        else:
            groups.append(gap)
    apart.sort(key=lambda gap: (gap.under.position, gap.under.pk))
    return groups + apart


def _under_parents(covered: dict[int, tuple[Community, int]]) -> list[tuple]:
    """(community, number of partners, the same of its parts) of those with an active partner."""
    found: dict[int, tuple[Community, int, list[tuple]]] = {
        pk: (one, number, []) for pk, (one, number) in covered.items()
    }
    for one, number, _parts in found.values():
        if one.parent_id in found:
            found[one.parent_id][2].append((one, number))
    return [row for row in found.values() if row[0].parent_id not in found]


def _partners(actor, program: Program, communities: list[Community]) -> dict[int, list[tuple]]:
    """(uid, name, whether we work together) of the partners in the state, by the community that
    they serve; one that serves a part of a community serves it.
    """
    parents = {one.pk: one.parent_id for one in Community.objects.visible_to(actor)}
    wanted = {one.pk for one in communities}
    rows = OrganizationCommunity.objects.visible_to(actor).filter(
        organization__home=program.home_id
    )
    columns = ("community_id", "organization__uid", "organization__name")
    rows = rows.order_by("organization__sort_name", "organization_id")
    found: dict[int, dict] = defaultdict(dict)
    for community, uid, name, works in rows.values_list(*columns, "organization__stage__working"):
        for one in {community, parents.get(community)} & wanted:
            found[one][uid] = (uid, name, works)
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
