from datetime import timedelta

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.models import User
from access.roles import Action
from crm.models import Affiliate
from crm.views.parts import delete_page, history_steps, may_delete, open_tasks
from lists.views import carry_out, named, row_of
from outreach.commands import (
    AddProgram,
    ChangeProgram,
    ChooseTargets,
    DeleteProgram,
    LinkGoals,
)
from outreach.models import Program
from outreach.views.action import program_named
from outreach.views.board import board_of, lede_of, targets_of
from outreach.views.evaluation import evaluations_of
from outreach.views.mapping import newest_map
from outreach.views.survey import surveys_of


@needs(Action.VIEW, of=Program)
def program(request, uid):
    """A program: its five steps side by side, and what belongs to the whole of it."""
    actor, today = request.actor, request.actor.today()
    row = row_of(request, Program, uid, "lead", "home")
    board = board_of(actor, row, today)
    programs = Program.objects.visible_to(actor)
    context = {
        "program": row,
        "affiliate": Affiliate.objects.visible_to(actor).filter(pk=row.affiliate_id).first(),
        "communities": [
            link.community
            for link in row.community_links.visible_to(actor).select_related("community")
        ],
        "board": board,
        "lede": lede_of(board, today),
        "tab": "history" if request.GET.get("tab") == "history" else "board",
        "committee": list(row.committee.visible_to(actor).order_by("id")),
        "goals": list(row.goals.visible_to(actor).order_by("id")),
        "consultations": list(row.consultations.visible_to(actor).order_by("day", "id")),
        "targets": targets_of(actor, row),
        "surveys": surveys_of(actor, row),
        "evaluations": evaluations_of(actor, row),
        "power_map": newest_map(actor, row),
        "actions": list(row.actions.visible_to(actor).select_related("owner").order_by("-start")),
        "renews": programs.filter(pk=row.renews_id).first() if row.renews_id else None,
        "renewed_by": programs.filter(renews=row).first(),
        "tasks": open_tasks(actor, row),
        "today": today,
        "may_change": actor.may(Action.WRITE),
        "may_log": actor.may(Action.LOG),
        "may_delete": may_delete(actor, row),
    }
    if context["tab"] == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "outreach/program.html", context)


def address(row) -> str:
    return reverse("outreach:program", args=[row.uid])


@needs(Action.WRITE)
def add_program(request):
    actor = request.actor
    first = {"lead": request.user, "start": actor.today()}
    if chosen := named(Affiliate.objects.visible_to(actor), request.GET.get("affiliate", "")):
        first["affiliate"] = chosen
    if old := program_named(actor, request.GET.get("renews", "")):
        first |= _renewal(actor, old)
    command = AddProgram(actor, request.POST or None, initial=first)
    return carry_out(request, command, "outreach/program_form.html", address, said=_("Begun."))


def _renewal(actor, old: Program) -> dict:
    """What a run starts with that renews another: as many days right after it, and its people."""
    start = max(old.end + timedelta(days=1), actor.today())
    links = old.community_links.visible_to(actor).select_related("community")
    committee = old.committee.visible_to(actor).order_by("id")
    return {
        "name": old.name,
        "affiliate": Affiliate.objects.visible_to(actor).filter(pk=old.affiliate_id).first(),
        "renews": old,
        "lead": User.objects.filter(pk=old.lead_id, is_active=True).first(),
        "start": start,
        "end": start + (old.end - old.start),
        "communities": [link.community for link in links],
        "committee": [{"name": one.name, "role": one.role} for one in committee],
    }


@needs(Action.WRITE, of=Program)
def change_program(request, uid):
    row = row_of(request, Program, uid)
    command = ChangeProgram(request.actor, request.POST or None, instance=row)
    return carry_out(request, command, "outreach/program_form.html", address, {"program": row})


@needs(Action.DELETE, of=Program)
def delete_program(request, uid):
    row = row_of(request, Program, uid)
    command = DeleteProgram(request.actor, request.POST or None, instance=row)
    to = reverse("outreach:programs")
    title = _("Delete this program?")
    return delete_page(request, command, title, address(row), to)


@needs(Action.WRITE, of=Program)
def link_goals(request, uid):
    """The goals of the affiliate, and what serves each."""
    row = row_of(request, Program, uid)
    command = LinkGoals(request.actor, request.POST or None, instance=row)
    context = {"program": row, "title": _("Goals, and who was asked")}
    return carry_out(request, command, "outreach/part_form.html", address, context)


@needs(Action.WRITE, of=Program)
def choose_targets(request, uid):
    """The organizations that the program wants to build a relationship with."""
    row = row_of(request, Program, uid)
    command = ChooseTargets(request.actor, request.POST or None, instance=row)
    context = {"program": row, "title": _("Target organizations")}
    return carry_out(request, command, "outreach/part_form.html", address, context)
