"""Figures that were drawn, kept by each process while nothing that they show changes."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cache

from django.db.models import Count, Max, Subquery, Value
from django.utils.translation import get_language

from access.kept import kept
from access.prepared import Prepared
from access.scope import Actor
from dashboards.models import Pending, Summary

CELLS = {"first", "last", "region", "state"}  # what may be asked, so that cells have all answers
MOST = 16  # pages; each takes half a megabyte


def drawn[T](name: str, actor: Actor, query: Mapping[str, str], draw: Callable[[], T]) -> T:
    """What `draw` makes of the figures of a question (`Ask.query`), at once where this process has
    it of the same numbers, for the same viewer. It is shared: never change it.

    Only what follows from cells, from words and places, and from affiliates may be drawn so.
    """
    if query.keys() - CELLS or (now := version()) is None:
        return draw()
    pages: OrderedDict = kept("drawn", OrderedDict)
    key = (name, now, actor.rights, get_language(), *query.items())
    found = pages.get(key)
    if found is None:
        found = pages[key] = draw()
        while len(pages) > MOST:
            pages.popitem(last=False)
    return found


def version() -> tuple | None:
    """A value that is another one after every change of a number: None while the cells may not be
    read.

    Lines are only added, until they are folded; so their number and the last of them tell whether
    more were committed, in whatever order. It is one statement, so of one moment.
    """
    found = next(iter(_version().ask()), None)
    return found if found and found[0] == found[1] else None


@cache
def _version() -> Prepared:
    lines = Pending.objects.order_by().annotate(all=Value(1)).values("all")
    number, last = (lines.annotate(f=fact).values("f") for fact in (Count("pk"), Max("pk")))
    rows = Summary.objects.filter(pk=1).annotate(lines=Subquery(number), last=Subquery(last))
    asked = rows.values_list("wanted", "built", "folds", "lines", "last")
    return Prepared(asked, planned_once=True)
