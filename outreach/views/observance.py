"""Observances: the rows that an administrator edits, and the days that a partner keeps."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.history import history_of
from access.middleware import needs
from access.roles import Action
from crm.models import Organization
from lists.views import carry_out, row_of
from outreach.commands import AddObservance, ChangeObservance, KeepDays
from outreach.models import Observance, OrganizationObservance


@needs(Action.ADMINISTER)
def observances(request):
    """The days and months that the calendar tells of."""
    rows = Observance.objects.visible_to(request.actor).select_related("community")
    return render(request, "outreach/observances.html", {"rows": list(rows)})


@needs(Action.ADMINISTER)
def add_observance(request):
    command = AddObservance(request.actor, request.POST or None)
    to = reverse("outreach:observances")
    return carry_out(
        request, command, "outreach/observance_form.html", lambda _row: to, said=_("Added.")
    )


@needs(Action.ADMINISTER, of=Observance)
def observance(request, uid):
    """Change one; its history beside it."""
    row = row_of(request, Observance, uid)
    command = ChangeObservance(request.actor, request.POST or None, instance=row)
    is_history = request.GET.get("tab") == "history"
    context = {"row": row, "history": history_of(request.actor, row) if is_history else None}
    to = reverse("outreach:observances")
    return carry_out(request, command, "outreach/observance_form.html", lambda _row: to, context)


@needs(Action.WRITE, of=Organization)
def keep_days(request, uid):
    """Which days a partner told us that it keeps."""
    partner = row_of(request, Organization, uid)
    command = KeepDays(request.actor, request.POST or None, instance=partner)
    kept = OrganizationObservance.objects.visible_to(request.actor).filter(organization=partner)
    context = {"partner": partner, "count": kept.count()}
    to = reverse("crm:organization", args=[partner.uid])
    return carry_out(request, command, "outreach/keep_days.html", lambda _row: to, context)
