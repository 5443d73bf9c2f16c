"""Which partners: one's own, gone quiet, judged long ago."""

from collections import defaultdict
from datetime import date, timedelta

from django.apps import apps
from django.db.models import Q

from access.kept import kept
from access.models import State
from access.scope import ScopedQuerySet

NEVER = date.min
JUDGED_FOR_DAYS = 180  # how long a judgement of strength is fresh


def _days_of_stages() -> dict[int, list[int]]:
    """The ids of the stages by the days after which their partners are quiet."""
    stages = apps.get_model("crm", "Stage").objects.filter(quiet_after_days__isnull=False)
    found = defaultdict(list)
    for pk, days in stages.values_list("pk", "quiet_after_days"):
        found[days].append(pk)
    return found


class OrganizationQuerySet(ScopedQuerySet):
    def own(self, actor):
        return Q(owner_id=actor.user_id) | Q(author_id=actor.user_id, owner__isnull=True)

    def gone_quiet(self, today: date):
        """Partners not met for longer than their own quiet-after days.

        Never met counts as quiet.
        """
        quiet = Q()
        own = self.filter(quiet_after_days__isnull=False).order_by()
        for days in set(own.values_list("quiet_after_days", flat=True).distinct()):
            quiet |= Q(quiet_after_days=days, last_contact__lt=today - timedelta(days=days))
        for days, stages in kept("days of stages", _days_of_stages).items():
            quiet |= Q(
                quiet_after_days__isnull=True,
                stage_id__in=stages,
                last_contact__lt=today - timedelta(days=days),
            )
        return self.filter(quiet) if quiet else self.none()

    def judged_long_ago(self, today: date):
        """Partners whose strength nobody has judged for JUDGED_FOR_DAYS days, or ever."""
        limit = today - timedelta(days=JUDGED_FOR_DAYS)
        return self.filter(Q(strength_day__isnull=True) | Q(strength_day__lt=limit))

    def ready(self, today: date):
        """Partners with an owner and a state, whose strength was judged not long ago."""
        limit = today - timedelta(days=JUDGED_FOR_DAYS)
        rows = self.filter(owner__isnull=False, strength_day__gte=limit)
        return rows.exclude(home__code=State.OUTSIDE)
