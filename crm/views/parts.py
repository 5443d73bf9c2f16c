"""Pieces that several record pages show."""

from datetime import date
from itertools import groupby

from django.db.models import Q
from django.utils.translation import gettext as _

from access.history import history_of
from access.registers import timeline_of, timeline_sources
from access.roles import Action
from crm.commands.contact import blocked_channels
from crm.lists import BLOCKED
from crm.models import MET, DoNotContact, Task
from lists.views import carry_out

SHOWN = 30  # entries of a timeline at first
MOST = 1_000  # of one month


def open_tasks(actor, row, links=None) -> list[Task]:
    """The open follow-ups about a row, or made in one of its meetings, soonest first."""
    if not actor.may(Action.VIEW_TASKS):
        return []
    about = Q(about=row.uid)
    if links is not None:
        about |= Q(made_in__in=links.values("interaction__uid"))
    tasks = Task.objects.visible_to(actor).filter(about, status=Task.Status.OPEN)
    return list(tasks.select_related("owner").order_by("due", "id")[:20])


def contact_count(links) -> int:
    """How many of these ties to meetings count as contact: held, and of a kind that does."""
    return links.filter(MET).count()


def blocked_people(contacts) -> list[dict]:
    """For a banner: each person who asked us to keep off a channel, and off which."""
    found = []
    for contact in contacts:
        if channels := blocked_channels(contact):
            found.append(
                {
                    "contact": contact,
                    "all": channels[0] == DoNotContact.ALL,
                    "channels": [str(w) for n, w in BLOCKED.items() if getattr(contact, n)],
                }
            )
    return found


def timeline_page(request, row) -> dict:
    """What a timeline shows: whole months, newest first, and where the earlier ones begin.

    The address may name a day that all lies `before`, and one source to `show`.
    """
    sources = timeline_sources(request.actor)
    show = request.GET.get("show", "")
    if show not in {source.name for source in sources}:
        show = ""
    before = _day(request.GET.get("before", ""))
    found = timeline_of(request.actor, row, SHOWN + 1, before=before, only=show)
    months = by_month(found)
    earlier = None
    if len(found) > SHOWN:
        if len(months) == 1:  # one month with so much in it is shown whole
            month = months[0][0].replace(day=1)
            found = timeline_of(request.actor, row, MOST, before=before, since=month, only=show)
            months = by_month(found)
        else:
            months = months[:-1]
        earlier = months[-1][0].replace(day=1)
    return {
        "months": months,
        "earlier": earlier,
        "is_earlier": before != date.max,
        "show": show,
        "sources": sources,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max


def by_month(entries) -> list[tuple]:
    """(first entry's day, entries) for each month, newest first."""
    groups = groupby(entries, key=lambda entry: (entry.day.year, entry.day.month))
    return [(found[0].day, found) for found in (list(group) for _month, group in groups)]


def history_steps(actor, row):
    return history_of(actor, row, 100)


def may_delete(actor, row) -> bool:
    """Whether the actor may delete this row: her right reaches it."""
    from access.roles import Limit

    limit = actor.limit(Action.DELETE)
    if limit == Limit.OWN:
        rows = type(row).objects.visible_to(actor).filter(pk=row.pk)
        return rows.filter(rows.own(actor)).exists()
    return limit is not None


def delete_page(request, command, title: str, page: str, to: str, name="", said=""):
    """Ask whether a row is to be deleted, with the way back to its `page`; do it, and go on `to`.

    `name` is what the row is called where it has no name of its own.
    """
    command.allow()
    context = {"row": command.instance, "back_url": page, "title": title, "name": name}
    said = said or _("Deleted. It can be brought back for 30 days.")
    return carry_out(request, command, "crm/delete.html", lambda _row: to, context, said)
