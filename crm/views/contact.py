from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access import audit
from access.middleware import needs
from access.opening import openings_of
from access.roles import Action
from crm.commands import (
    AddConsent,
    AddContact,
    ChangeContact,
    CheckDetails,
    DeleteContact,
    SetDoNotContact,
)
from crm.commands.contact import blocked_channels
from crm.lists import BLOCKED
from crm.models import Affiliate, Contact, ContactEmail, ContactPhone, Organization
from crm.views.parts import (
    contact_count,
    delete_page,
    history_steps,
    may_delete,
    open_tasks,
    timeline_page,
)
from lists.views import at_once, carry_out, named, row_of

RELATED = ("home", "state", "details_checked_by", "author")


@needs(Action.VIEW_PEOPLE, of=Contact)
def contact(request, uid):
    """A person: how to reach her and how not, where she belongs, what happened."""
    actor = request.actor
    row = row_of(request, Contact, uid, *RELATED)
    ties = row.affiliations.visible_to(actor).select_related("organization")
    met = row.interaction_links.visible_to(actor)
    tab = request.GET.get("tab", "timeline")
    if tab not in {"timeline", "organizations", "history"}:
        tab = "timeline"
    asked = row.do_not_contact.visible_to(actor).filter(asked=True).select_related("author")
    context = {
        "contact": row,
        "tab": tab,
        "ties": list(ties.order_by("-is_primary", "end", "id")),
        "blocked": blocked_channels(row),
        "blocked_words": [word for name, word in BLOCKED.items() if getattr(row, name)],
        "asked": asked.order_by("-day", "-id").first(),
        "emails": list(row.emails.visible_to(actor).order_by("id")),
        "phones": list(row.phones.visible_to(actor).order_by("id")),
        "languages": list(
            row.languages.visible_to(actor).select_related("language").order_by("id")
        ),
        "consents": list(row.consents.visible_to(actor).order_by("-day", "-id")),
        "member_of": Affiliate.objects.visible_to(actor).filter(pk=row.member_affiliate_id).first(),
        "open_tasks": open_tasks(actor, row, met),
        "met_count": contact_count(met),
        "may_log": actor.may(Action.LOG),
        "may_change": actor.may(Action.WRITE),
        "may_delete": may_delete(actor, row),
        "today": actor.today(),
        "openings": openings_of(row),
        "check_form": CheckDetails(actor, instance=row),
    }
    if tab == "timeline":
        context |= timeline_page(request, row)
        if request.htmx and request.GET.get("before"):
            return render(request, "parts/timeline.html#months", context)
    if tab == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "crm/contact.html", context)


def address(row) -> str:
    return reverse("crm:contact", args=[row.uid])


@needs(Action.WRITE)
def add_contact(request):
    first = {}
    if uid := request.GET.get("organization"):
        partner = named(Organization.objects.visible_to(request.actor), uid)
        first["affiliations"] = [{"organization": partner, "is_primary": True}] if partner else []
    command = AddContact(request.actor, request.POST or None, initial=first)
    return carry_out(request, command, "crm/contact_form.html", address, said=_("Added."))


@needs(Action.WRITE, of=Contact)
def change_contact(request, uid):
    row = row_of(request, Contact, uid, *RELATED)
    command = ChangeContact(request.actor, request.POST or None, instance=row)
    if command.initial["emails"] or command.initial["phones"]:  # the form shows them in full
        audit.record("ViewDetails", request.actor, row=row, count=1)
    return carry_out(request, command, "crm/contact_form.html", address, {"contact": row})


@needs(Action.DELETE, of=Contact)
def delete_contact(request, uid):
    row = row_of(request, Contact, uid, *RELATED)
    command = DeleteContact(request.actor, request.POST or None, instance=row)
    to = reverse("crm:people")
    said = _("Deleted. She can be brought back for 30 days.")
    title = _("Delete this person?")
    return delete_page(request, command, title, address(row), to, said=said)


@needs(Action.WRITE, of=Contact)
def do_not_contact(request, uid):
    row = row_of(request, Contact, uid, *RELATED)
    command = SetDoNotContact(request.actor, request.POST or None, instance=row)
    return carry_out(request, command, "crm/do_not_contact.html", address, {"contact": row})


@needs(Action.WRITE, of=Contact)
def add_consent(request, uid):
    row = row_of(request, Contact, uid, *RELATED)
    command = AddConsent(request.actor, request.POST or None, instance=row)
    return carry_out(request, command, "crm/consent_form.html", address, {"contact": row})


@needs(Action.WRITE, of=Contact)
def check_details(request, uid):
    row = row_of(request, Contact, uid)
    command = CheckDetails(request.actor, request.POST, instance=row)
    return at_once(request, command, address(row))


@needs(Action.VIEW_DETAILS, of=Contact)
def show_detail(request, uid, part):
    """One e-mail or phone in full; that it was shown is recorded before it is sent."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = row_of(request, Contact, uid)
    found = None
    for model in (ContactEmail, ContactPhone):
        found = (
            found or model.objects.visible_to(request.actor).filter(contact=row, uid=part).first()
        )
    if found is None:
        return redirect(address(row))
    audit.record("ViewDetails", request.actor, row=row, count=1)
    context = {"contact": row, "part": found, "is_phone": isinstance(found, ContactPhone)}
    page = "crm/detail.html#value" if request.htmx else "crm/detail.html"
    return render(request, page, context)
