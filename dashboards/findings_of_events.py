"""Sentences out of the figures of events."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.tables import Table
from lists.templatetags.form_parts import whole


def came(table: Table) -> str:
    """How many organizations came, and how many came back."""
    count = table.facts["organizations"]
    if not count:
        return _("No organization is known to have come to an event in these days")
    words = ngettext(
        "%(back)s of %(count)s organization came back within 12 months",
        "%(back)s of %(count)s organizations came back within 12 months",
        count,
    )
    return words % {"back": whole(table.facts["came_back"]), "count": whole(count)}
