"""How many rows lie in each state, for who edits regions: numbers, never rows."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from access.settling import every
from crm.models import Organization


def partners(state_ids):
    """(label, {state id: how many partners have their home there}), whoever sees them."""
    rows = every(Organization).filter(home_id__in=state_ids)
    counted = rows.order_by().values_list("home_id").annotate(Count("pk"))
    return _("partners"), dict(counted)
