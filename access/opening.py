"""An administrator opens one restricted row: with a reason, for thirty minutes, told to those
whose row it is.
"""

from django.utils import timezone

from access import audit
from access.models import Opening
from access.notices import tell, whom_it_concerns
from access.scope import Visibility


def open_row(actor, row, reason: str) -> Opening:
    """Let the administrator read this one row for half an hour. Recorded with the reason."""
    until = timezone.now() + Opening.LASTS
    opening = Opening(user_id=actor.user_id, row_uid=row, reason=reason, until=until)
    opening.save()
    audit.record("OpenRestricted", actor, row=row, words={"reason": reason})
    tell("opened", [(user_id, row) for user_id in whom_it_concerns(row)], actor.user_id)
    return opening


def openings_of(row) -> list[Opening]:
    """Who opened a row with a reason, newest first. None once the whole team reads the row: a
    reason may tell what only its few readers should know.
    """
    if row.visibility != Visibility.RESTRICTED:
        return []
    return list(Opening.objects.filter(row_uid=row.uid).select_related("user").order_by("-pk")[:10])
