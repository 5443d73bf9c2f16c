"""Step 3, map your community: power maps, and what the community has."""

from datetime import date

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from access.views.own import safe_next
from crm.views.parts import delete_page, history_steps, may_delete, open_tasks
from lists.views import at_once, carry_out, named, row_of
from outreach.commands import (
    AddMapActor,
    AddMapTie,
    AddPowerMap,
    ChangeMapActor,
    ChangePowerMap,
    DeletePowerMap,
    MoveMapActor,
    RemoveMapActor,
    RemoveMapTie,
    WriteAssets,
)
from outreach.models import Asset, MapActor, MapTie, PowerMap, Program, ProgramStep, Stance
from outreach.views import drawing
from outreach.views.action import program_named
from outreach.views.power import (
    board_of,
    cards_of,
    change_of,
    heading_of,
    ties_of,
    to_move,
)


@needs(Action.VIEW, of=PowerMap)
def power_map(request, uid):
    """A power map on a day, perhaps beside an earlier one: the board, how they moved, or their
    ties; whom to win next, and the same as a table.
    """
    actor, today = request.actor, request.actor.today()
    row = row_of(request, PowerMap, uid)
    day = _day(request.GET.get("on", ""), today)
    then = _earlier(request.GET.get("with", ""), day)
    ties = ties_of(actor, row)
    cards = cards_of(actor, row, day, ties, then)
    show = request.GET.get("show", "")
    drawn = {"movement": lambda: drawing.movement(cards), "ties": lambda: drawing.ties(cards, ties)}
    context = {
        "show": show if show in drawn else "map",
        "drawing": drawn[show]() if show in drawn else None,
        "then": then,
        "change": change_of(cards) if then else "",
        "kinds": [(drawing.DASHES[kind], label) for kind, label in MapTie.Kind.choices],
        "row": row,
        "step": _step(actor, row.program_id),
        "day": day,
        "today": today,
        "is_now": day == today,
        "stances": list(Stance),
        "board": board_of(cards),
        "cards": cards,
        "heading": heading_of(cards),
        "ties": ties,
        "to_move": to_move(cards),
        "tasks": open_tasks(actor, row),
        "may_change": actor.may(Action.WRITE),
        "may_move": actor.may(Action.WRITE) and day == today and show not in drawn,
        "may_log": actor.may(Action.LOG),
        "may_delete": may_delete(actor, row),
        "tab": "history" if request.GET.get("tab") == "history" else "map",
    }
    if context["tab"] == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "outreach/map.html", context)


def _day(text: str, today: date) -> date:
    """The day that an address asks for; today, if it asks for none or for one to come."""
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today


def _earlier(text: str, day: date) -> date | None:
    """The day to compare with, if the address names one before the other."""
    try:
        then = date.fromisoformat(text)
    except ValueError:
        return None
    return then if then < day else None


def _step(actor, program_id: int) -> ProgramStep | None:
    """Step 3 of a program, if the viewer sees it."""
    steps = ProgramStep.objects.visible_to(actor).select_related("program", "step")
    return steps.filter(program=program_id, step__code="map").first()


def address(row) -> str:
    return reverse("outreach:power_map", args=[row.uid])


def _of_actor(row: MapActor) -> str:
    return address(row.power_map)


@needs(Action.WRITE)
def add_power_map(request):
    program = program_named(request.actor, request.GET.get("program", ""))
    first = {"program": program} if program else {}
    command = AddPowerMap(request.actor, request.POST or None, initial=first)
    back = reverse("outreach:power-maps")
    context = {"title": _("Begin a power map"), "back_url": back, "back_word": _("Power maps")}
    if program:
        back = reverse("outreach:program", args=[program.uid])
        context |= {"back_url": back, "back_word": program.name}
    return carry_out(request, command, "outreach/map_form.html", address, context, said=_("Begun."))


@needs(Action.WRITE, of=PowerMap)
def change_power_map(request, uid):
    row = row_of(request, PowerMap, uid)
    command = ChangePowerMap(request.actor, request.POST or None, instance=row)
    context = _shown(row, _("Change the power map"))
    return carry_out(request, command, "outreach/map_form.html", address, context)


def _shown(row: PowerMap, title: str) -> dict:
    return {"title": title, "back_url": address(row), "back_word": row.question}


@needs(Action.DELETE, of=PowerMap)
def delete_power_map(request, uid):
    row = row_of(request, PowerMap, uid)
    command = DeletePowerMap(request.actor, request.POST or None, instance=row)
    to = reverse("outreach:power-maps")
    title = _("Delete this power map?")
    return delete_page(request, command, title, address(row), to)


@needs(Action.WRITE, of=PowerMap)
def add_map_actor(request, uid):
    """Place somebody on a map."""
    row = row_of(request, PowerMap, uid)
    command = AddMapActor(request.actor, request.POST or None, initial={"power_map": row})
    context = _shown(row, _("Place someone"))
    said = _("Placed.")
    return carry_out(request, command, "outreach/map_form.html", _of_actor, context, said=said)


@needs(Action.WRITE, of=PowerMap)
def add_map_tie(request, uid):
    """Tie two of those on a map."""
    row = row_of(request, PowerMap, uid)
    first = {"power_map": row, "one": _named(request, row, request.GET.get("one", ""))}
    command = AddMapTie(request.actor, request.POST or None, initial=first)
    context = _shown(row, _("Add a tie"))
    return carry_out(
        request,
        command,
        "outreach/map_form.html",
        lambda tie: address(tie.one.power_map),
        context,
        said=_("Written down."),
    )


def _named(request, power_map: PowerMap, uid: str) -> MapActor | None:
    """Who of a map an address names, if the viewer sees it."""
    return named(MapActor.objects.visible_to(request.actor).filter(power_map=power_map), uid)


@needs(Action.VIEW, of=MapActor)
def map_actor(request, uid):
    """Somebody on a map: where it stood and stands, since when, how we know, and its ties."""
    actor = request.actor
    row = row_of(request, MapActor, uid, "power_map")
    places = row.placements.visible_to(actor).select_related("author").order_by("-day", "-pk")
    ties = [tie for tie in ties_of(actor, row.power_map) if row.pk in (tie.one_id, tie.other_id)]
    context = {
        "row": row,
        "power_map": row.power_map,
        "places": list(places),
        "ties": ties,
        "may_change": actor.may(Action.WRITE),
        "tab": "history" if request.GET.get("tab") == "history" else "place",
    }
    if context["tab"] == "history":
        context["steps"] = history_steps(actor, row)
    elif context["may_change"]:
        context["command"] = MoveMapActor(actor, instance=row)
    return render(request, "outreach/map_actor.html", context)


def _actor_form(request, uid, command_class, title: str, said=""):
    row = row_of(request, MapActor, uid, "power_map")
    command = command_class(request.actor, request.POST or None, instance=row)
    context = {
        "row": row,
        "title": title,
        "back_url": reverse("outreach:map_actor", args=[row.uid]),
        "back_word": row.label,
    }
    return carry_out(request, command, "outreach/map_form.html", _of_actor, context, said=said)


@needs(Action.WRITE, of=MapActor)
def change_map_actor(request, uid):
    return _actor_form(request, uid, ChangeMapActor, _("Change who it is"))


@needs(Action.WRITE, of=MapActor)
def move_map_actor(request, uid):
    """Place somebody on the map anew: from the form, or where a card was dropped."""
    said = _("Placed anew. Places of earlier days are kept.")
    return _actor_form(request, uid, MoveMapActor, _("Move on the map"), said)


@needs(Action.WRITE, of=MapActor)
def remove_map_actor(request, uid):
    return _remove(request, MapActor, uid, RemoveMapActor, _of_actor, "power_map")


@needs(Action.WRITE, of=MapTie)
def remove_map_tie(request, uid):
    def back(tie):
        return address(tie.one.power_map)

    return _remove(request, MapTie, uid, RemoveMapTie, back, "one__power_map")


def _remove(request, model, uid, command_class, to, *related: str):
    """Take a row off its map with one tap, and go back to the map or where the button was."""
    row = row_of(request, model, uid, *related)
    back = safe_next(request, to(row))
    command = command_class(request.actor, request.POST, instance=row)
    return at_once(request, command, back, _("Taken off the map."))


@needs(Action.WRITE, of=Program)
def write_assets(request, uid):
    """What the community has: people by role, associations, institutions, places and more."""
    row = row_of(request, Program, uid)
    command = WriteAssets(request.actor, request.POST or None, instance=row)
    context = {"program": row, "title": _("Assets of the community")}
    step = _step(request.actor, row.pk)
    url = reverse("outreach:step", args=[step.uid]) if step else ""

    def to(program):
        return url or reverse("outreach:program", args=[program.uid])

    return carry_out(request, command, "outreach/part_form.html", to, context)


def mapped(actor, program: Program) -> dict:
    """What the page of step 3 shows: power maps, and assets by kind."""
    maps = PowerMap.objects.visible_to(actor).filter(program=program)
    by_kind: dict[str, list[Asset]] = {kind: [] for kind in Asset.Kind.values}
    for asset in program.assets.visible_to(actor).order_by("pk"):
        by_kind[asset.kind].append(asset)
    labels = dict(Asset.Kind.choices)
    return {
        "maps": list(maps.order_by("-day", "-pk")),
        "assets": [(labels[kind], rows) for kind, rows in by_kind.items() if rows],
    }


def newest_map(actor, program: Program) -> PowerMap | None:
    """The power map of a program that was begun last, if the viewer sees one."""
    maps = PowerMap.objects.visible_to(actor).filter(program=program)
    return maps.order_by("-day", "-pk").first()
