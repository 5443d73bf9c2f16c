from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access import registers
from access.middleware import needs
from access.models import StoredFile
from access.opening import openings_of
from access.roles import Action, Limit
from access.views.own import safe_next
from crm.commands import (
    CancelInteraction,
    ChangeInteraction,
    DeleteInteraction,
    LogInteraction,
)
from crm.lists import meeting_names
from crm.lists.interaction import meeting_name
from crm.models import (
    Affiliate,
    Affiliation,
    Contact,
    Interaction,
    InteractionKind,
    InteractionOrganization,
    Organization,
    Task,
)
from crm.models.interaction import logged_by
from crm.views.parts import delete_page, history_steps
from crm.views.reading import who_will_read
from lists.views import at_once, carry_out, row_of

RELATED = ("kind", "outcome", "home", "author")
LATELY = 20  # meetings of hers among which the form to log looks for the last partner


@needs(Action.VIEW_MEETINGS, of=Interaction)
def interaction(request, uid):
    """One meeting: who, what, what follows."""
    actor = request.actor
    row = row_of(request, Interaction, uid, *RELATED)
    focus = row.focus_links.visible_to(actor)
    context = {
        "interaction": row,
        "partners": _partners(row, actor),
        "people": _people(row, actor),
        "organizers": list(
            row.organizer_links.visible_to(actor).select_related("user").order_by("position")
        ),
        "focus_areas": [link.focus_area.shown for link in focus.select_related("focus_area")],
        "affiliate": Affiliate.objects.visible_to(actor).filter(pk=row.affiliate_id).first(),
        "strengths": list(row.strength_rows.visible_to(actor).select_related("organization")),
        "tasks": list(
            Task.objects.visible_to(actor).filter(made_in=row.uid).select_related("owner")
        ),
        "files": list(StoredFile.objects.visible_to(actor).filter(about=row.uid)),
        "openings": openings_of(row),
        "pages_beside": registers.pages_beside(actor, row),
        "may_change": may_change(actor, row),
        "tab": "history" if request.GET.get("tab") == "history" else "about",
    }
    if context["tab"] == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "crm/interaction.html", context)


def _partners(row, actor):
    links = row.organization_links.visible_to(actor).select_related("organization")
    return [link.organization for link in links.order_by("position", "id")]


def _people(row, actor):
    links = row.contact_links.visible_to(actor).select_related("contact")
    return [link.contact for link in links.order_by("position", "id")]


def may_change(actor, row) -> bool:
    limit = actor.limit(Action.EDIT_MEETING)
    if limit == Limit.OWN:
        rows = Interaction.objects.visible_to(actor).filter(pk=row.pk)
        return rows.filter(rows.own(actor)).exists()
    return limit is not None


def address(row) -> str:
    return reverse("crm:interaction", args=[row.uid])


@needs(Action.LOG)
def log_interaction(request):
    """Log a meeting: today, with me, with the last partner, unless told otherwise."""
    actor = request.actor
    now = actor.now()
    offered = f"{now:%H:%M}"

    @cache
    def asked() -> tuple[Organization | None, Contact | None]:
        partner, person = (
            _asked(request, Organization, "organization"),
            _asked(request, Contact, "contact"),
        )
        if partner is None and person is not None:
            partner = _organization_of(actor, person)
        if partner is None and person is None and "organization" not in request.GET:
            partner = _last_partner(actor)
        return partner, person

    if request.POST:  # it says all by itself; what is offered first is not looked up
        command = LogInteraction(actor, _posted(request, actor.today()))
    else:
        partner, person = asked()
        first = {
            "day": actor.today(),
            "status": Interaction.Status.HELD,
            "visibility": "team",
            "kind": _kind(request.GET.get("kind", "")),
            "organizations": [partner] if partner else [],
            "contacts": [person] if person else [],
            "organizers": [request.user],
            "start": now.time().replace(second=0, microsecond=0),
        }
        command = LogInteraction(actor, initial=first)

    def context() -> dict[str, Any]:
        chosen = _chosen(command)
        partner, person = asked()
        return {
            "partner": partner,
            "person": person,
            "now": now,
            "start_offered": request.POST.get("start_offered") or offered,
            "today": actor.today(),
            "people": people_of(actor, chosen["organizations"], chosen["contacts"]),
            "may_add": actor.may(Action.WRITE),
            "who_reads": who_will_read(actor, chosen["organizations"]),
        }

    def partner_page(row) -> str:
        partners = command.cleaned_data["organizations"]
        return reverse("crm:organization", args=[partners[0].uid]) if partners else address(row)

    def said(row) -> str:
        chosen = command.cleaned_data
        met = [str(it.name) for it in (*chosen["organizations"], *chosen["contacts"])]
        words = {"name": meeting_name(row, chosen["kind"], met)}
        is_planned = row.status == Interaction.Status.PLANNED
        return (_("Planned: %(name)s.") if is_planned else _("Logged: %(name)s.")) % words

    return carry_out(request, command, "crm/log_interaction.html", partner_page, context, said=said)


def _posted(request, today):
    """What was sent, without a time of day that nobody chose: it was that of a meeting just now."""
    sent = request.POST.copy()
    is_now = sent.get("day") == today.isoformat() and sent.get("status") == Interaction.Status.HELD
    if not is_now and sent.get("start", "")[:5] == sent.get("start_offered"):
        sent["start"] = ""
    return sent if request.POST else None


def _kind(code: str) -> InteractionKind | None:
    """The kind that the address asks for, else the first one."""
    kinds = InteractionKind.objects.filter(retired=False)
    return kinds.filter(code=code[:60].replace("\0", "")).first() or kinds.first()


@needs(Action.LOG)
def log_people(request):
    """The people of the chosen organizations, as boxes to tick (a part of the log form)."""
    chosen = [u for u in (_uid(v) for v in request.GET.getlist("organizations")) if u]
    ticked = [u for u in (_uid(v) for v in request.GET.getlist("contacts")) if u]
    context = {
        "people": people_of(request.actor, chosen, ticked),
        "who_reads": who_will_read(request.actor, chosen),
        "is_part": True,
    }
    return render(request, "crm/log_interaction.html#people", context)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _asked(request: HttpRequest, model, name: str):
    uid = _uid(request.GET.get(name, ""))
    return model.objects.visible_to(request.actor).filter(uid=uid).first() if uid else None


def _organization_of(actor, person: Contact) -> Organization | None:
    tie = Affiliation.objects.visible_to(actor).filter(contact=person, is_primary=True)
    tie = tie.select_related("organization").first()
    return tie.organization if tie else None


def _last_partner(actor) -> Organization | None:
    lately = logged_by(actor.user_id, LATELY)
    links = InteractionOrganization.objects.visible_to(actor).filter(interaction_id__in=lately)
    link = links.select_related("organization").order_by("-interaction_id", "position").first()
    return link.organization if link else None


def _chosen(command) -> dict[str, list[UUID]]:
    found = {}
    for name in ("organizations", "contacts"):
        keys = (getattr(v, "uid", None) or _uid(str(v)) for v in command._typed(name))
        found[name] = [k for k in keys if k]
    return found


MOST_PEOPLE = 4


def people_of(actor, organizations: list[UUID], ticked: list[UUID]) -> list[dict]:
    """People to tick: those chosen, then the four that the organizations were met with last.

    Everybody else is found by typing, so that the words come into sight on a phone.
    """
    ties = Affiliation.objects.visible_to(actor).filter(organization__uid__in=organizations)
    current = [
        t
        for t in ties.select_related("contact").order_by(
            "-contact__last_contact", "contact__sort_name"
        )[:40]
        if t.is_current(actor.today())
    ]
    chosen = list(Contact.objects.visible_to(actor).filter(uid__in=ticked))
    found = {c.uid: {"contact": c, "checked": True} for c in chosen}
    for tie in current:
        found.setdefault(tie.contact.uid, {"contact": tie.contact, "checked": False})
    return list(found.values())[: max(MOST_PEOPLE, len(chosen))]


@needs(Action.EDIT_MEETING, of=Interaction)
def change_interaction(request, uid):
    row = row_of(request, Interaction, uid, *RELATED)
    happened = {"status": Interaction.Status.HELD} if request.GET.get("happened") == "yes" else {}
    command = ChangeInteraction(request.actor, request.POST or None, instance=row, initial=happened)
    command.allow()

    def context() -> dict[str, Any]:
        chosen = _chosen(command)
        return {
            "interaction": row,
            "people": people_of(request.actor, chosen["organizations"], chosen["contacts"]),
            "who_reads": who_will_read(request.actor, chosen["organizations"]),
        }

    return carry_out(request, command, "crm/interaction_form.html", address, context)


@needs(Action.EDIT_MEETING, of=Interaction)
def cancel_interaction(request, uid):
    """A planned meeting did not happen: one tap, with Undo."""
    row = row_of(request, Interaction, uid, *RELATED)
    command = CancelInteraction(request.actor, request.POST, instance=row)
    back = safe_next(request, address(row))
    return at_once(request, command, back, _("Noted: it did not happen."))


@needs(Action.EDIT_MEETING, of=Interaction)
def delete_interaction(request, uid):
    row = row_of(request, Interaction, uid, *RELATED)
    command = DeleteInteraction(request.actor, request.POST or None, instance=row)
    to = reverse("crm:interactions")
    name = meeting_names(request.actor, [row])[row.uid]
    title = _("Delete this meeting?")
    return delete_page(request, command, title, address(row), to, name=name)
