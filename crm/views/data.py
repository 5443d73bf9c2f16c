"""Data tools: what the records of an area lack, each with the list that mends it; past imports."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.middleware import needs
from access.models import Run, State
from access.roles import Action
from access.undo import DAYS, LONG, may_undo, sees_some
from crm.lists.organization import in_communities
from crm.models import Contact, Organization, Task

LATE = timedelta(days=30)


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


@needs(Action.IMPORT)
def data(request):
    """What the records of the viewer's areas lack, counted now; and imports that can be undone."""
    actor, today = request.actor, request.actor.today()
    partners = Organization.objects.visible_to(actor)
    people = Contact.objects.visible_to(actor)
    tasks = Task.objects.visible_to(actor).filter(status=Task.Status.OPEN)
    total, count_people = partners.count(), people.count()
    organizations, persons = reverse("crm:organizations"), reverse("crm:people")
    outside = {"home__code": State.OUTSIDE}

    def of_partners(name: str, what: str, rows: Any, query: str, do: str) -> Check:
        return Check(name, what, rows.count(), total, f"{organizations}?{query}", do)

    def of_people(name: str, what: str, rows: Any, query: str) -> Check:
        return Check(name, what, rows.count(), count_people, f"{persons}?{query}", _("See list"))

    checks = [
        of_partners(
            _("No owner"),
            _("Organizations that no one looks after"),
            partners.filter(owner__isnull=True),
            "unowned=yes",
            _("Assign"),
        ),
        of_partners(
            _("No state, so no region"),
            _("They count as outside regions"),
            partners.filter(**outside),
            f"state={State.OUTSIDE}",
            _("Choose states"),
        ),
        of_partners(
            _("Community not given"),
            _("They stand in the column “Not given” of every figure"),
            in_communities(partners, {"no_community": "yes"}, actor),
            "no_community=yes",
            _("See list"),
        ),
        of_partners(
            _("Strength judged over 180 days ago, or never"),
            _("The relationship may have changed since"),
            partners.judged_long_ago(today),
            "stale=yes",
            _("See list"),
        ),
        of_people(
            _("People with no organization"),
            _("They are seen in one state only"),
            people.without_organization(actor, today),
            "unattached=yes",
        ),
        of_people(
            _("Details not checked for a year"),
            _("Phone, e-mail, role"),
            people.unchecked(today),
            "unchecked=yes",
        ),
        Check(
            _("Follow-ups overdue"),
            _("Open, and past their day"),
            tasks.overdue(today).count(),
            tasks.count(),
            reverse("crm:follow-ups") + "?overdue=yes",
            _("See list"),
        ),
    ]
    ready = partners.filter(owner__isnull=False).exclude(**outside)
    ready_count = ready.exclude(pk__in=partners.judged_long_ago(today).values("pk")).count()
    context = {
        "checks": checks,
        "total": total,
        "ready": round(100 * ready_count / total) if total else 0,
        "unowned": checks[0].count,
        "runs": [_told(actor, run) for run in _imports(actor)],
        "days": DAYS,
    }
    return render(request, "crm/data.html", context)


def _told(actor, run: Run) -> dict[str, Any]:
    """An import; how much it wrote is told only to who sees all of it."""
    is_seen = actor.everywhere or run.user_id == actor.user_id
    rows = run.changes.count() if is_seen else None
    return {"run": run, "rows": rows, "may_undo": may_undo(actor, run)}


def _imports(actor) -> list[Run]:
    """The latest imports: the viewer's own, and those that wrote something that she sees."""
    since = timezone.now() - timedelta(days=DAYS)
    rows = Run.objects.filter(command__in=LONG, at__gte=since).select_related("user")
    seen = (r for r in rows.order_by("-pk") if r.user_id == actor.user_id or sees_some(actor, r))
    return list(islice(seen, 20))
