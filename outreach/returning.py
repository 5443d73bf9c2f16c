"""Whether the organizations that came to an event came to another one within twelve months."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, Q

from access.scope import Actor
from crm.models import Affiliation, OrganizationCommunity
from outreach.models import Attendance, Event


@dataclass
class Came:
    """An organization that came: the days on which somebody of it was at an event, each with the
    event's id, and how many people, by their ids.
    """

    days: list[tuple[date, int]] = field(default_factory=list)
    people: set[int] = field(default_factory=set)

    def back(self, day: date, event: int | None = None) -> tuple[date, int] | None:
        """The first later day within twelve months on which somebody of it was at another event."""
        last = a_year_after(day)
        later = (one for one in self.days if day < one[0] <= last and one[1] != event)
        return min(later, default=None)


def a_year_after(day: date) -> date:
    """The same day of the next year; February 28 after a 29th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def came(actor: Actor, attendances: Any, organizations: Any = None) -> dict[int, Came]:
    """{organization id: Came} of those of the attendances at which somebody was there, at an event
    that was held. People count for the organizations that they belonged to on the day.
    """
    rows = attendances.came().filter(event__status=Event.Status.HELD).order_by()
    day = F("contact__attendances__day")
    ties = Affiliation.objects.visible_to(actor).filter(
        Q(start__isnull=True) | Q(start__lte=day),
        Q(end__isnull=True) | Q(end__gte=day),
        contact__attendances__in=rows.values("pk"),
    )
    if organizations is not None:
        ties = ties.filter(organization__among=list(organizations))
    columns = ("organization_id", "contact_id", "contact__attendances__day")
    found: dict[int, Came] = defaultdict(Came)
    for pk, person, on, event in ties.order_by().values_list(
        *columns, "contact__attendances__event_id"
    ):
        found[pk].days.append((on, event))
        found[pk].people.add(person)
    return dict(found)


def seen(actor: Actor) -> Any:
    """All rows of attendance that the actor sees."""
    return Attendance.objects.visible_to(actor)


def communities_of(actor: Actor, ids: Iterable[int]) -> dict[int, list[Any]]:
    """The communities that each organization serves, those at the top, each once."""
    links = OrganizationCommunity.objects.visible_to(actor).filter(organization__among=list(ids))
    links = links.select_related("community__parent").order_by("community__position", "pk")
    found: dict[int, dict[int, Any]] = defaultdict(dict)
    for link in links:
        top = link.community.parent or link.community
        found[link.organization_id][top.pk] = top
    return {pk: list(tops.values()) for pk, tops in found.items()}
