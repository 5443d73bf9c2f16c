"""An administrator opens one restricted row: with a reason, for thirty minutes, told to its
author.
"""

from datetime import timedelta

from django.utils import timezone

from access import audit
from access.models import Opening

MINUTES = 30


def open_row(actor, row, reason: str) -> Opening:
    """Let the administrator read this one row for MINUTES from now. Recorded with the reason."""
    until = timezone.now() + timedelta(minutes=MINUTES)
    opening = Opening(user_id=actor.user_id, row_uid=row, reason=reason, until=until)
    opening.save()
    audit.record("OpenRestricted", actor, row=row, words={"reason": reason})
    return opening
