"""Regions: which states belong together, and what a change does to what people see."""

from django.contrib import messages
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.history import history_of
from access.middleware import needs
from access.models import Access, Area, Region, State
from access.regions import AddRegion, BringBackRegion, ChangeRegion, RetireRegion
from access.roles import Action
from lists.views import carry_out, row_of, say_saved


@needs(Action.ADMINISTER)
def regions(request):
    """Every region with its states, and how many people work there."""
    states: dict[int | None, list[State]] = {}
    for state in State.objects.exclude(code=State.OUTSIDE):
        states.setdefault(state.region_id, []).append(state)
    people: dict[int, int] = {}
    active = Access.objects.visible_to(request.actor).filter(user__is_active=True)
    areas = Area.objects.visible_to(request.actor).filter(access__in=active.values("pk"))
    for region_id in areas.filter(region__isnull=False).values_list("region_id", flat=True):
        people[region_id] = people.get(region_id, 0) + 1
    rows = [(r, states.get(r.pk, []), people.get(r.pk, 0)) for r in Region.objects.all()]
    context = {
        "offered": [row for row in rows if not row[0].retired],
        "retired": [row for row in rows if row[0].retired],
        "loose": states.get(None, []),
    }
    return render(request, "settings/regions.html", context)


def _carry_out(request, command, context: dict):
    """Save a region, once what it does to what people see was looked at."""
    back = reverse("settings:regions")
    context |= {"back": back}
    if request.method == "POST" and "mark" not in request.POST:
        command.is_valid()
        errors = command.errors.as_data()
        others = [name for name in errors if name != "__all__"]
        if not others and all(e.code == "look" for e in errors.get("__all__", [])) and errors:
            context |= {"command": command, "asking": True}
            return render(request, "settings/region_effects.html", context)
    if request.method == "POST" and command.is_bound:
        command.is_valid()
        context["asking"] = bool(getattr(command, "effects", []))
    shown = "settings/region_effects.html" if context.get("asking") else "settings/region.html"
    return carry_out(request, command, shown, lambda _r: back, context)


@needs(Action.ADMINISTER)
def add_region(request):
    """A new region, with the states that move into it."""
    return _carry_out(request, AddRegion(request.actor, request.POST or None), {"row": None})


@needs(Action.ADMINISTER, of=Region)
def region(request, uid):
    """One region: its names, its states, and its history."""
    row = row_of(request, Region, uid)
    command = ChangeRegion(request.actor, request.POST or None, instance=row)
    other = BringBackRegion if row.retired else RetireRegion
    context = {
        "row": row,
        "states": list(State.objects.filter(region=row)),
        "state_form": other(request.actor, instance=row),
        "history": history_of(request.actor, row),
    }
    return _carry_out(request, command, context)


@needs(Action.ADMINISTER, of=Region)
def retire_region(request, uid):
    """Retire a region without states, or bring one back."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = row_of(request, Region, uid)
    made = BringBackRegion if row.retired else RetireRegion
    command = made(request.actor, request.POST, instance=row)
    back = reverse("settings:regions")
    if command.attempt(lambda _r: (302, {"location": back})) is None:
        if command.stale:
            here = reverse("settings:region", args=[uid])
            context = {"command": command, "back_url": here}
            return render(request, "409.html", context, status=409)
        for text in command.non_field_errors() or [_("Nothing changed.")]:
            messages.warning(request, str(text))
        return redirect("settings:region", uid)
    say_saved(request, command)
    return redirect(back)
