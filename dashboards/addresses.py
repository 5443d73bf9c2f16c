"""Where a number of a figure leads, for one viewer."""

from functools import cache, lru_cache
from urllib.parse import quote_plus, urlencode

from django.urls import reverse

from access.roles import Action
from access.scope import Actor
from crm.lists import PAGES
from dashboards.metrics.behind import MEETINGS, Behind
from lists.pages import ListPage
from outreach.lists import PAGES as OUTREACH_PAGES

# A figure's hundreds of addresses say the same few words and days.
_quoted = lru_cache(maxsize=4_096)(quote_plus)
_PAGES: dict[str, ListPage] = {page.name: page for page in (*PAGES, *OUTREACH_PAGES)}


def address(actor: Actor, behind: Behind | None) -> str:
    """The page of the list behind a number; "" where the viewer may open none.

    Who reads only counts of meetings gets the partners, where the number is one of places.
    """
    seen = _seen(actor, behind)
    if not seen:
        return ""
    return f"{_at(f'{_PAGES[seen.of].namespace}:{seen.of}')}?{_query(seen)}"


def endpoint_address(actor: Actor, behind: Behind | None) -> str:
    """The same list of the API."""
    if not (seen := _seen(actor, behind)):
        return ""
    page = _PAGES[seen.of]
    return f"{_at(f'api:{page.api_name or page.name}')}?{_query(seen)}"


@cache
def _at(name: str) -> str:
    """Where a page is: a figure names the same few lists hundreds of times."""
    return reverse(name)


def _seen(actor: Actor, behind: Behind | None) -> Behind | None:
    if behind is None:
        return None
    if behind.of != MEETINGS or actor.may(Action.VIEW_MEETINGS):
        return behind
    return behind.of_partners() if behind.of_places else None


def _query(behind: Behind) -> str:
    return urlencode(behind.filters, doseq=True, quote_via=_quoted) or "view=all"
