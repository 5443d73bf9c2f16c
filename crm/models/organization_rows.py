"""Which partners: one's own, gone quiet, judged long ago."""

from datetime import date, timedelta

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from access.models import State
from access.scope import ScopedQuerySet

NEVER = date.min
JUDGED_FOR_DAYS = 180  # how long a judgement of strength is fresh


class OrganizationQuerySet(ScopedQuerySet):
    def own(self, actor):
        return Q(owner_id=actor.user_id) | Q(author_id=actor.user_id, owner__isnull=True)

    def gone_quiet(self, today: date):
        """Partners not met for longer than their own quiet-after days.

        Never met counts as quiet.
        """
        days = Coalesce(F("quiet_after_days"), F("stage__quiet_after_days"))
        overdue = Q()
        rows = self.alias(quiet_after=days).filter(quiet_after__isnull=False)
        limits = set(rows.order_by().values_list(days, flat=True).distinct())
        for limit in limits:
            overdue |= Q(quiet_after=limit, last_contact__lt=today - timedelta(days=limit))
        return rows.filter(overdue) if limits else rows.none()

    def judged_long_ago(self, today: date):
        """Partners whose strength nobody has judged for JUDGED_FOR_DAYS days, or ever."""
        limit = today - timedelta(days=JUDGED_FOR_DAYS)
        return self.filter(Q(strength_day__isnull=True) | Q(strength_day__lt=limit))

    def ready(self, today: date):
        """Partners with an owner and a state, whose strength was judged not long ago."""
        limit = today - timedelta(days=JUDGED_FOR_DAYS)
        rows = self.filter(owner__isnull=False, strength_day__gte=limit)
        return rows.exclude(home__code=State.OUTSIDE)
