"""How many rows a user may still take out today, whichever way she takes them."""

from datetime import datetime, time

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum

from access import audit
from access.installation import rows_a_day
from access.models import AuditEntry, Job, User
from access.scope import Actor

# The audit entries whose counts use up the row budget.
TAKEN = ("Export", "ExportMore", "ViewDetailsByApi", "CallSheet")


def budget_left(actor: Actor) -> int:
    """How many rows the actor may still take out today, her day.

    What a job did not make in the end, because it failed or was stopped, does not count.
    """
    midnight = datetime.combine(actor.today(), time.min, actor.now().tzinfo)
    taken = AuditEntry.objects.filter(user_uid=actor.user_uid, action__in=TAKEN, at__gte=midnight)
    unmade = Job.objects.filter(status__in=[Job.Status.FAILED, Job.Status.STOPPED])
    taken = taken.filter(~Exists(unmade.filter(uid=OuterRef("row_uid"))))
    return rows_a_day(actor.role) - (taken.aggregate(n=Sum("count"))["n"] or 0)


def take(actor: Actor, action: str, count: int, words: dict, row=None) -> AuditEntry | None:
    """Take rows out of the budget of today and record it; None when they do not fit in any more.

    The actor's own row is locked meanwhile, so that two requests at once cannot both take the rest.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.user_id or 0)
        if count > budget_left(actor):
            return None
        return audit.record(action, actor, row=row, count=count, words=words)
