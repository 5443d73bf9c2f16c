"""Which list holds exactly the rows that a number of a figure counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboards.asking import Ask
from dashboards.metrics.counting import NOT_GIVEN, OTHERS, OUTSIDE
from dashboards.tables import Period

MEETINGS, PARTNERS = "interactions", "organizations"
OF_PARTNER = {"region", "state", "community"}  # keys that say something of the partner


@dataclass(frozen=True)
class Behind:
    """A list by its name, and the filters that it is asked with.

    of_places: whether the number is one of places and communities alone, so that partners are an
    answer too.
    """

    of: str
    filters: dict[str, Any]
    of_places: bool = True

    def of_partners(self) -> "Behind":
        """The partners that the same question is about, for who reads no meetings."""
        return Behind(PARTNERS, {k: v for k, v in self.filters.items() if k in PARTNER_FILTERS})


PARTNER_FILTERS = ("region", "state", "community", "no_community", "gone_community", "owner")


def behind(ask: Ask, facts: Mapping[str, Any], key: Mapping[str, Any], column: str) -> Behind:
    """The list behind a number: of partners for the column "partners", else of meetings."""
    found: dict[str, Any] = ask.of_partner() | place_filters(key)
    if column == "partners":
        return Behind(PARTNERS, found)
    found |= ask.of_meeting()
    if "kind" in key:
        found |= {"gone_kind": "yes"} if key["kind"] == OTHERS else {"kind": key["kind"]}
    if "affiliate" in key:
        found |= _affiliate(key["affiliate"], facts)
    days = _days(ask.period, key, column)
    found |= {"from": days.first.isoformat(), "to": days.last.isoformat()}
    found |= {"counted": "yes", "with_partner": "yes"}
    return Behind(MEETINGS, found, set(key) <= OF_PARTNER)


def place_filters(key: Mapping[str, Any]) -> dict[str, Any]:
    """What a row's key says of the partner, as the filters of lists name it."""
    found: dict[str, Any] = {}
    for name in ("region", "state", "community"):
        if name in key:
            found |= _PLACES[name](key[name])
    return found


def _days(period: Period, key: Mapping[str, Any], column: str) -> Period:
    if "month" in key:
        first = key["month"]
        period = next(m for m in period.months() if m.first.replace(day=1) == first)
    if column == "before":
        return period.before()
    return period.year_earlier() if column == "last_year" else period


def _region(key: str) -> dict[str, str]:
    return {"state": OUTSIDE} if key == OUTSIDE else {"region": key}


def _community(key: str | None) -> dict[str, str]:
    if key is NOT_GIVEN:
        return {"no_community": "yes"}
    return {"gone_community": "yes"} if key == OTHERS else {"community": key}


def _affiliate(key: str | None, facts: Mapping[str, Any]) -> dict[str, Any]:
    if key is NOT_GIVEN:
        return {"no_affiliate": "yes"}
    return {"not_affiliate": facts["shown"]} if key == OTHERS else {"affiliate": key}


_PLACES = {"region": _region, "state": lambda key: {"state": key}, "community": _community}
