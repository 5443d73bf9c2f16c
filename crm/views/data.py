"""Data tools: what the records of an area lack, each with the list that mends it; past imports."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.http import QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.deleting import DAYS
from access.middleware import needs
from access.models import Run, State
from access.roles import Action
from access.undo import LONG, may_undo, sees_some
from crm.lists import CONTACTS, ORGANIZATIONS, TASKS
from crm.models import Organization
from lists.models import Import
from lists.pages import ListPage
from lists.saved_views import Asking


@dataclass(frozen=True)
class Check:
    """How many rows lack something, out of how many, and the list that holds exactly these."""

    name: str
    what: str
    count: int
    total: int
    url: str
    do: str

    @property
    def fine(self) -> int:
        """How many rows are as they should be."""
        return self.total - self.count


def checks(actor) -> list[Check]:
    """Each check, counted by the very list that its button opens."""
    see = _("See list")
    return [
        _check(
            actor, ORGANIZATIONS, "unowned=yes", _("Assign"),
            _("No owner"),
            _("Organizations that no one looks after"),
        ),
        _check(
            actor, ORGANIZATIONS, f"state={State.OUTSIDE}", _("Choose states"),
            _("No state, so no region"),
            _("They count as outside regions"),
        ),
        _check(
            actor, ORGANIZATIONS, "no_community=yes", see,
            _("Community not given"),
            _("They stand in the column “Not given” of every figure"),
        ),
        _check(
            actor, ORGANIZATIONS, "stale=yes", see,
            _("Strength judged over 180 days ago, or never"),
            _("The relationship may have changed since"),
        ),
        _check(
            actor, CONTACTS, "unattached=yes", see,
            _("People with no organization"),
            _("They are seen in one state only"),
        ),
        _check(
            actor, CONTACTS, "unchecked=yes", see,
            _("Details not checked for a year"),
            _("Phone, e-mail, role"),
        ),
        _check(
            actor, TASKS, "overdue=yes", see,
            _("Follow-ups overdue"),
            _("Open, and past their day"),
            among="status=open",
        ),
    ]  # fmt: skip


def _check(actor, page: ListPage, query: str, do: str, name: str, what: str, among="") -> Check:
    url = f"{reverse(f'{page.namespace}:{page.name}')}?{query}"
    return Check(name, what, _count(actor, page, query), _count(actor, page, among), url, do)


def _count(actor, page: ListPage, query: str) -> int:
    asking: Any = Asking(actor)
    return page.find(asking, QueryDict(query)).rows.order_by().count()


@needs(Action.IMPORT)
def data(request):
    """What the records of the viewer's areas lack, counted now; and imports that can be undone."""
    actor = request.actor
    partners = Organization.objects.visible_to(actor)
    found, total = checks(actor), partners.count()
    ready = partners.ready(actor.today()).count()
    context = {
        "checks": found,
        "total": total,
        "ready": round(100 * ready / total) if total else 0,
        "unowned": found[0].count,
        "runs": [_told(actor, run) for run in _imports(actor)],
        "days": DAYS,
    }
    return render(request, "crm/data.html", context)


def _told(actor, run: Run) -> dict[str, Any]:
    """An import; how much it wrote is told only to who sees all of it."""
    is_seen = actor.everywhere or run.user_id == actor.user_id
    rows = run.changes.count() if is_seen else None
    mine = Import.objects.visible_to(actor).filter(run=run).exclude(report={}).first()
    page = reverse("lists:import_done", args=[mine.uid]) if mine else ""
    return {"run": run, "rows": rows, "may_undo": may_undo(actor, run), "page": page}


def _imports(actor) -> list[Run]:
    """The latest imports: the viewer's own, and those that wrote something that she sees."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = Run.objects.filter(command__in=LONG, at__gte=since).select_related("user")
    seen = (r for r in rows.order_by("-pk") if r.user_id == actor.user_id or sees_some(actor, r))
    return list(islice(seen, 20))
