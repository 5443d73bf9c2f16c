"""Who came to events, from which communities' organizations, and did they come back?"""

from collections import defaultdict
from collections.abc import Mapping
from math import inf
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.scope import Actor
from crm.models import Community
from dashboards.asking import Ask
from dashboards.metrics import metric
from dashboards.metrics.behind import PARTNERS, Behind, place_filters
from dashboards.metrics.counting import NOT_GIVEN, OTHERS, partners
from dashboards.tables import Table
from outreach.models import Attendance
from outreach.returning import Came, a_year_after, came, communities_of
from outreach.small import told, told_apart


def partners_behind(
    ask: Ask, facts: Mapping[str, Any], key: Mapping[str, Any], column: str
) -> Behind | None:
    """The list of organizations that a number of `who_came` counts. People have no list: who may
    read their names finds them at each event.
    """
    if column == "people":
        return None
    days = f"{ask.period.first}/{ask.period.last}"
    asked = ask.of_partner() | place_filters(key)
    return Behind(PARTNERS, asked | {"came_back" if column == "came_back" else "came": days})


@metric(
    gettext_lazy("Who came to events, from which communities’ organizations?"),
    measure=gettext_lazy("Organizations that came to events"),
    counts="people",
    chart="bars",
    keys=("community",),
    labels={
        "community": gettext_lazy("Community"),
        "organizations": gettext_lazy("Organizations that came"),
        "came_back": gettext_lazy("Came back within 12 months"),
        "people": gettext_lazy("People who came"),
    },
    lists=partners_behind,
)
def who_came(actor: Actor, ask: Ask) -> Table:
    """Organizations of which somebody was at an event that was held in the period. A person counts
    for the organizations that she belonged to on the day. An organization that serves several
    communities counts in each of them, and once in all.

    An organization came back when somebody of it was at another event within twelve months after
    its first one in the period. Who came late in the period may still have time for that.

    Numbers of people under 11 are left out, and one more where a single one would follow from the
    rest. What is asked of meetings is left aside.
    """
    there = came_in(actor, ask)
    back = came_back_of(actor, ask, there)
    served = communities_of(actor, there)
    grouped: dict[Any, list[int]] = defaultdict(list)
    words: dict[Any, str] = {}
    for pk in there:
        for community in served.get(pk) or [None]:
            code = _code(community)
            words[code] = _word(community)
            grouped[code].append(pk)
    people = {code: len(_people(there, ids)) for code, ids in grouped.items()}
    shown = told_apart(people)
    order = {row.code: row.position for row in Community.objects.offered()}
    rows = [
        (code, len(set(ids)), len(back & set(ids)), shown[code])
        for code, ids in sorted(grouped.items(), key=lambda one: order.get(one[0], inf))
    ]
    everybody = told(len(_people(there, list(there))))
    facts = {"organizations": len(there), "came_back": len(back), "people": everybody}
    columns = ["community", "organizations", "came_back", "people"]
    return Table(columns, rows, facts, {"community": words})


def came_in(actor: Actor, ask: Ask) -> dict[int, Came]:
    """Who came in the period, by organization, of those that the question is about."""
    rows = Attendance.objects.visible_to(actor)
    rows = rows.filter(day__range=(ask.period.first, ask.period.last))
    found = came(actor, rows)
    if found:
        asked = partners(actor, ask).filter(pk__among=list(found)).values_list("pk", flat=True)
        found = {pk: found[pk] for pk in asked}
    return found


def came_back_of(actor: Actor, ask: Ask, there: dict[int, Came]) -> set[int]:
    """Those that came to another event within twelve months after their first one."""
    rows = Attendance.objects.visible_to(actor)
    last = a_year_after(ask.period.last)
    later = came(actor, rows.filter(day__range=(ask.period.first, last)), there) if there else {}
    return {pk for pk, one in there.items() if pk in later and later[pk].back(*min(one.days))}


def _people(there: dict[int, Came], ids: list[int]) -> set[int]:
    return set().union(*(there[pk].people for pk in ids))


def _code(community: Community | None) -> str | None:
    if community is None:
        return NOT_GIVEN
    return OTHERS if community.retired else community.code


def _word(community: Community | None) -> str:
    if community is None:
        return _("Not given")
    return _("No longer used") if community.retired else community.label
