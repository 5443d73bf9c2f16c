"""By which words partners, people and affiliates are found: all of their names."""

from collections import defaultdict
from collections.abc import Iterable

from access.recording import Touched
from access.settling import every, settles, slices, write
from crm import settling  # noqa: F401  (registers first: the city is settled there)
from crm.models import Affiliate, Contact, Location, Organization, OrganizationName
from lists.folding import search_key
from lists.index import COLUMN, KEYS, keyed


@keyed(Organization)
def of_partners(ids: Iterable[int]) -> dict[int, str]:
    """Name, other names and city of partners."""
    others, found = defaultdict(list), {}
    for some in slices(ids):
        rows = every(OrganizationName).filter(organization_id__in=some).order_by("id")
        for pk, name in rows.values_list("organization_id", "name"):
            others[pk].append(name)
        for pk, name, city in (
            every(Organization).filter(pk__in=some).values_list("pk", "name", "city")
        ):
            found[pk] = search_key(name, *others[pk], city)
    return found


@keyed(Contact)
def of_people(ids: Iterable[int]) -> dict[int, str]:
    """Name and preferred name of people."""
    return _names(Contact, ids, "name", "preferred_name")


@keyed(Affiliate)
def of_affiliates(ids: Iterable[int]) -> dict[int, str]:
    """Names of the union's own bodies."""
    return _names(Affiliate, ids, "name")


def _names(model, ids: Iterable[int], *columns: str) -> dict[int, str]:
    found = {}
    for some in slices(ids):
        for pk, *names in every(model).filter(pk__among=some).values_list("pk", *columns):
            found[pk] = search_key(*names)
    return found


@settles
def search_keys(touched: Touched) -> None:
    """The keys that search reads."""
    partners = touched.ids(Organization)
    for part in (OrganizationName, Location):
        partners |= touched.ids(part, "organization_id")
    for model, ids in (
        (Organization, partners),
        (Contact, touched.ids(Contact) - touched.made(Contact).keys()),  # they have theirs
        (Affiliate, touched.ids(Affiliate)),
    ):
        if ids:
            write(model, {pk: {COLUMN: key} for pk, key in KEYS[model](ids).items()})
