from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.models import Access
from access.roles import Action
from crm.handing_over import KINDS, HandOver, holds, restricted
from lists.views import row_of, say_saved

MOST = 300  # rows of each kind that the page names; all of them are handed over


@needs(Action.ADMINISTER, of=Access)
def hand_over(request, uid):
    """Hand over what waits for a user: choose by region, look at who gets what, then do it."""
    access = row_of(request, Access, uid, "user")
    command = HandOver(request.actor, request.POST or None, instance=access)
    back = reverse("access:user", args=[access.uid])
    looking = request.method == "POST" and "seen" not in request.POST
    if looking:
        looking = command.is_valid()
    elif command.attempt(lambda _row: (302, {"location": back})) is not None:
        if not command.repeated:
            say_saved(request, command, _said(command))
        return redirect(command.reply["location"])
    if command.stale:
        context = {"command": command, "back_url": request.path}
        return render(request, "409.html", context, status=409)
    choosing = [command[name] for name in command.fields if name.startswith("to_")]
    context = {
        "command": command,
        "access": access,
        "person": access.user,
        "held": holds(request.actor, access.user_id),
        "restricted": restricted(request.actor, access.user_id),
        "choosing": choosing,
        "groups": _groups(command) if command.is_bound and command.given else [],
        "show_plan": looking or (command.is_bound and "seen" in request.POST),
        "count": len(command.items),
    }
    refused = command.is_bound and not looking
    return render(request, "crm/handover.html", context, status=command.status if refused else 200)


def _groups(command: HandOver) -> list[tuple]:
    """(title, rows, how many more) of each kind; what has no new owner comes first."""
    found = []
    for kind, title in KINDS.items():
        rows = sorted((i for i in command.items if i.kind == kind), key=lambda i: i.to is not None)
        if rows:
            found.append((title, rows[:MOST], max(0, len(rows) - MOST)))
    return found


def _said(command: HandOver) -> str:
    if command.left:
        return _("Handed over %(given)d; %(left)d stay.") % {
            "given": len(command.given),
            "left": len(command.left),
        }
    return _("Handed over %(given)d. Nothing waits for this person any more.") % {
        "given": len(command.given)
    }
