from collections import Counter
from datetime import date

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.middleware import needs
from access.roles import Action
from access.scope import Visibility
from crm.models import Contact, Interaction, Organization
from crm.views.parts import delete_page, history_steps, may_delete
from lists.views import carry_out, named, row_of
from outreach.commands import AddCommitment, ChangeCommitment, DeleteCommitment, EndCommitment
from outreach.models import Commitment, JointAction, JointActionPartner

Status, By = Commitment.Status, Commitment.By
MOST = 200  # promises of each side on a page
ENDED = (Status.KEPT, Status.LATE, Status.BROKEN)


@needs(Action.VIEW_TASKS, of=Organization)
def promises_of(request, uid):
    """What we promised a partner, and what it promised us; on paper what no person is named in."""
    actor, today = request.actor, request.actor.today()
    row = row_of(request, Organization, uid)
    rows = Commitment.objects.visible_to(actor).filter(organization=row)
    rows = list(rows.select_related("owner").order_by("due", "id")[: 2 * MOST])
    rows.sort(key=lambda one: one.status != Status.OPEN)
    people = _people(actor, rows)
    sides = [
        (title, [_shown(one, people, today) for one in rows if (one.by == By.US) == ours])
        for title, ours in ((_("What we promised"), True), (_("What they promised"), False))
    ]
    context = {
        "organization": row,
        "sides": sides,
        "heading": _heading(row, *(found for _title, found in sides)),
        "numbers": _numbers(*(found for _title, found in sides)),
        "may_log": actor.may(Action.LOG),
    }
    return render(request, "outreach/promises.html", context)


def _people(actor, rows) -> dict:
    """The persons of promises by id, as far as the viewer sees them."""
    ids = {row.contact_id for row in rows if row.contact_id}
    return {one.pk: one for one in Contact.objects.visible_to(actor).filter(pk__in=ids)}


def _shown(row: Commitment, people: dict, today: date) -> dict:
    return {
        "row": row,
        "contact": people.get(row.contact_id),
        "is_late": row.status == Status.OPEN and row.due < today,
        "is_open": row.status == Status.OPEN,
        # The ledger on paper holds what organizations promised each other.
        "on_paper": row.contact_id is None and row.visibility == Visibility.TEAM,
    }


def _kept(found: list[dict]) -> tuple[int, int]:
    """(kept by the first date, ended at all), without what was released."""
    ended = [one["row"].status for one in found if one["row"].status in ENDED]
    return ended.count(Status.KEPT), len(ended)


def _heading(organization, ours: list[dict], theirs: list[dict]) -> str:
    (we, of_ours), (they, of_theirs) = _kept(ours), _kept(theirs)
    if not of_ours and not of_theirs:
        return _("Promises with %(name)s") % {"name": organization.name}
    words = {"we": we, "ours": of_ours, "they": they, "theirs": of_theirs}
    words["name"] = organization.name
    if not of_theirs:
        return _("We kept %(we)d of %(ours)d promises to %(name)s") % words
    if not of_ours:
        return _("%(name)s kept %(they)d of %(theirs)d promises") % words
    return _("We kept %(we)d of %(ours)d promises; %(name)s kept %(they)d of %(theirs)d") % words


def _numbers(ours: list[dict], theirs: list[dict]) -> list[tuple[str, str]]:
    counted = Counter(one["row"].status for one in ours)
    moved = sum(bool(one["row"].moved) for one in ours)
    of = _("%(some)d of %(all)d")
    kept = [dict(zip(("some", "all"), _kept(side), strict=True)) for side in (ours, theirs)]
    return [
        (of % kept[0], _("ours kept, by the first date")),
        (of % kept[1], _("theirs kept, by the first date")),
        (str(moved), ngettext("of ours had its date moved", "of ours had their date moved", moved)),
        (
            str(counted[Status.BROKEN]),
            ngettext("of ours was broken", "of ours were broken", counted[Status.BROKEN]),
        ),
    ]


@needs(Action.VIEW_TASKS, of=Commitment)
def promise(request, uid):
    """One promise: who made it, by when, how it ended, how often it was moved."""
    actor = request.actor
    row = row_of(request, Commitment, uid, "owner")
    met = Interaction.objects.visible_to(actor).filter(uid=row.made_in).select_related("kind")
    context = {
        "row": row,
        "organization": _partner(actor, row),
        "contact": _people(actor, [row]).get(row.contact_id),
        "meeting": met.first() if row.made_in and actor.may(Action.VIEW_MEETINGS) else None,
        "action": JointAction.objects.visible_to(actor).filter(uid=row.made_at).first()
        if row.made_at
        else None,
        "is_open": row.status == Status.OPEN,
        "is_late": row.status == Status.OPEN and row.due < actor.today(),
        "may_log": actor.may(Action.LOG),
        "may_delete": may_delete(actor, row),
        "steps": history_steps(actor, row),
    }
    return render(request, "outreach/promise.html", context)


def _partner(actor, row: Commitment):
    """The partner of a promise, if the viewer sees it."""
    return Organization.objects.visible_to(actor).filter(pk=row.organization_id).first()


def address(row) -> str:
    return reverse("outreach:promise", args=[row.uid])


@needs(Action.LOG)
def add_promise(request):
    actor = request.actor
    first = {"made_on": actor.today(), "owner": request.user, "by": By.US}
    organization = named(
        Organization.objects.visible_to(actor), request.GET.get("organization", "")
    )
    if organization:
        first["organization"] = organization
    meeting = named(Interaction.objects.visible_to(actor), request.GET.get("meeting", ""))
    if meeting:
        links = meeting.organization_links.visible_to(actor).select_related("organization")
        link = links.order_by("position", "id").first()
        first |= {"made_in": meeting.uid, "made_on": min(meeting.day, actor.today())}
        if link:
            first["organization"] = link.organization
    action = named(JointAction.objects.visible_to(actor), request.GET.get("action", ""))
    if action:
        first |= {"made_at": action.uid, "made_on": min(action.start, actor.today())}
        first |= _only_partner(actor, action)
    command = AddCommitment(actor, request.POST or None, initial=first)
    context = {"organization": first.get("organization")}
    return carry_out(
        request, command, "outreach/promise_form.html", address, context, said=_("Written down.")
    )


def _only_partner(actor, action: JointAction) -> dict:
    """The partner of an action, if it has one alone."""
    links = JointActionPartner.objects.visible_to(actor).filter(joint_action=action)
    found = list(links.select_related("organization")[:2])
    return {"organization": found[0].organization} if len(found) == 1 else {}


def _form(request, uid, command_class, title: str, said: str = ""):
    row = row_of(request, Commitment, uid, "owner")
    command = command_class(request.actor, request.POST or None, instance=row)
    command.allow()
    context = {"row": row, "title": title}
    return carry_out(request, command, "outreach/promise_form.html", address, context, said=said)


@needs(Action.LOG, of=Commitment)
def change_promise(request, uid):
    return _form(request, uid, ChangeCommitment, _("Change the promise"))


@needs(Action.LOG, of=Commitment)
def end_promise(request, uid):
    return _form(request, uid, EndCommitment, _("How did it end?"))


@needs(Action.DELETE, of=Commitment)
def delete_promise(request, uid):
    row = row_of(request, Commitment, uid)
    command = DeleteCommitment(request.actor, request.POST or None, instance=row)
    partner = _partner(request.actor, row)
    to = reverse("outreach:promises")
    if partner:
        to = reverse("outreach:promises_of", args=[partner.uid])
    title = _("Delete this promise?")
    return delete_page(request, command, title, address(row), to)
