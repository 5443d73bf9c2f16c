from datetime import timedelta

from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access import registers
from access.middleware import needs
from access.models import State, StoredFile
from access.roles import Action
from crm.commands import (
    AddOrganization,
    ChangeOrganization,
    ConfirmOwner,
    DeleteOrganization,
    JudgeStrength,
)
from crm.models import (
    Affiliation,
    InteractionOrganization,
    Organization,
    Stage,
    Strength,
)
from crm.views.parts import (
    blocked_people,
    contact_count,
    delete_page,
    history_steps,
    may_delete,
    open_tasks,
    timeline_page,
)
from lists.views import at_once, carry_out, row_of, say_saved

RELATED = ("kind", "stage", "owner", "home")
TRACK = ("identified", "contacted", "exploring", "active", "strategic")


@needs(Action.VIEW, of=Organization)
def organization(request, uid):
    """A partner at a glance: stage, strength, last contact, next step; then what happened."""
    actor = request.actor
    row = row_of(request, Organization, uid, *RELATED)
    ties = Affiliation.objects.visible_to(actor).filter(organization=row).select_related("contact")
    ties = list(ties.order_by("contact__sort_name"))
    met = InteractionOrganization.objects.visible_to(actor).filter(organization=row)
    tasks = open_tasks(actor, row, met)
    tab = request.GET.get("tab", "timeline")
    if tab not in {"timeline", "people", "details", "history"}:
        tab = "timeline"
    context = {
        "organization": row,
        "tab": tab,
        "communities": _linked(row, actor, "community_links", "community"),
        "focus_areas": _linked(row, actor, "focus_links", "focus_area"),
        "parts": _parts(row, actor),
        "parent": Organization.objects.visible_to(actor).filter(pk=row.parent_id).first(),
        "branches": list(
            Organization.objects.visible_to(actor).filter(parent=row).order_by("sort_name")[:50]
        ),
        "blocked": blocked_people([tie.contact for tie in ties if tie.is_current(actor.today())]),
        "current": [tie for tie in ties if tie.is_current(actor.today())],
        "former": [tie for tie in ties if not tie.is_current(actor.today())],
        "next_task": tasks[0] if tasks else None,
        "open_tasks": tasks,
        "track": _track(row),
        "is_quiet": Organization.objects.visible_to(actor)
        .filter(pk=row.pk)
        .gone_quiet(actor.today())
        .exists(),
        "strength_is_stale": _stale(row, actor.today()),
        "met_count": contact_count(met),
        "pages_beside": registers.pages_beside(actor, row),
        "may_log": actor.may(Action.LOG),
        "may_change": actor.may(Action.WRITE),
        "may_delete": may_delete(actor, row),
        "may_confirm": actor.may(Action.ASSIGN) and actor.user_id != row.owner_id,
        "today": actor.today(),
        "files": list(
            StoredFile.objects.visible_to(actor).filter(about=row.uid).order_by("-id")[:50]
        ),
        "strength_form": JudgeStrength(actor, instance=row),
    }
    if tab == "timeline":
        context |= timeline_page(request, row)
        if request.htmx and request.GET.get("before"):
            return render(request, "parts/timeline.html#months", context)
    if tab == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "crm/organization.html", context)


def _linked(row, actor, links: str, name: str) -> list[str]:
    found = getattr(row, links).visible_to(actor).select_related(name)
    return [getattr(link, name).shown for link in found.order_by(f"{name}__position")]


def _parts(row, actor) -> dict[str, list]:
    wanted = {
        "names": (),
        "locations": ("state",),
        "phones": (),
        "emails": (),
        "websites": (),
        "languages": ("language",),
        "tags": (),
        "external_ids": (),
    }
    found = {}
    for name, related in wanted.items():
        rows = getattr(row, name).visible_to(actor).order_by("id")
        found[name] = list(rows.select_related(*related) if related else rows)
    return found


def _track(row) -> list[bool]:
    """Which of the five stages are reached; none for dormant, ended and unknown."""
    code = row.stage.code if row.stage_id else ""
    reached = TRACK.index(code) + 1 if code in TRACK else 0
    return [n < reached for n in range(len(TRACK))]


def _stale(row, today) -> bool:
    limit = timedelta(days=Strength.STALE_AFTER_DAYS)
    return bool(row.strength_day and row.strength_day < today - limit)


def address(row) -> str:
    return reverse("crm:organization", args=[row.uid])


@needs(Action.WRITE)
def add_organization(request):
    actor = request.actor
    first = {"stage": Stage.objects.filter(code="identified").first()}
    if actor.may(Action.LOG):
        first["owner"] = request.user
    if actor.home_id:
        first["locations"] = [{"kind": "physical", "state": _home(actor), "is_main": True}]
    command = AddOrganization(actor, request.POST or None, initial=first)
    return carry_out(request, command, "crm/organization_form.html", address, said=_("Added."))


def _home(actor):
    return State.objects.exclude(code=State.OUTSIDE).filter(pk=actor.home_id).first()


@needs(Action.WRITE, of=Organization)
def change_organization(request, uid):
    row = row_of(request, Organization, uid, *RELATED)
    command = ChangeOrganization(request.actor, request.POST or None, instance=row)
    return carry_out(request, command, "crm/organization_form.html", address, {"organization": row})


@needs(Action.DELETE, of=Organization)
def delete_organization(request, uid):
    row = row_of(request, Organization, uid, *RELATED)
    command = DeleteOrganization(request.actor, request.POST or None, instance=row)
    to = reverse("crm:organizations")
    title = _("Delete this organization?")
    return delete_page(request, command, title, address(row), to)


@needs(Action.ASSIGN, of=Organization)
def confirm_owner(request, uid):
    """One tap: the owner who took the partner over may read what is restricted about it."""
    row = row_of(request, Organization, uid)
    command = ConfirmOwner(request.actor, request.POST, instance=row)
    return at_once(request, command, address(row), _("Confirmed."))


@needs(Action.LOG, of=Organization)
def judge_strength(request, uid):
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = row_of(request, Organization, uid)
    command = JudgeStrength(request.actor, request.POST, instance=row)
    if command.attempt(lambda r: (302, {"location": address(r)})) is None:
        return render(
            request,
            "409.html" if command.stale else "crm/strength_form.html",
            {"command": command, "organization": row, "back_url": address(row)},
            status=command.status,
        )
    if not command.repeated:
        say_saved(request, command)
    return redirect(address(row))
