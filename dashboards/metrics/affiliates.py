"""For which affiliates did we meet partners?"""

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.kept import kept
from access.scope import Actor
from crm.models import Affiliate
from dashboards.asking import Ask
from dashboards.metrics import metric
from dashboards.metrics.counting import NOT_GIVEN, OTHERS
from dashboards.metrics.source import counts
from dashboards.tables import Table

BIGGEST = 20  # rows of their own


@metric(
    gettext_lazy("For which affiliates do we meet partners?"),
    measure=gettext_lazy("Meetings held, by affiliate"),
    counts="work",
    chart="bars",
    keys=("affiliate",),
    labels={
        "affiliate": gettext_lazy("Affiliate"),
        "interactions": gettext_lazy("Meetings"),
        "before": gettext_lazy("Time before"),
    },
)
def by_affiliate(actor: Actor, ask: Ask) -> Table:
    """Meetings held with partners that are not restricted, by the affiliate they were held for.

    The twenty affiliates with the most meetings have a row each; all others share one. A meeting
    for no affiliate, or for one outside your areas, counts as not given.
    """
    source = counts(actor, ask, "affiliate")
    totals = source.total()
    held, earlier = _of_seen(actor, *source.by("affiliate"))
    named = {*held, *earlier} | ({ask.affiliate.pk} if ask.affiliate else set())
    words = _words(actor, _biggest(named, held, earlier))
    shown = sorted(words, key=lambda pk: (-held[pk], -earlier[pk], words[pk].name, words[pk].uid))
    shown = shown[:BIGGEST]
    others = named.difference(shown)
    facts = totals | {"shown": [str(words[pk].uid) for pk in shown]}
    rows: list[tuple] = [(str(words[pk].uid), held[pk], earlier[pk]) for pk in shown]
    found: dict[str | None, str] = {str(words[pk].uid): words[pk].name for pk in shown}
    if others:
        rows.append((OTHERS, sum(held[pk] for pk in others), sum(earlier[pk] for pk in others)))
        found[OTHERS] = _("All others")
    if not ask.affiliate:
        rest = totals["total"] - held.total(), totals["total_before"] - earlier.total()
        rows.append((NOT_GIVEN, *rest))
        found[NOT_GIVEN] = _("Not given")
    return Table(["affiliate", "interactions", "before"], rows, facts, {"affiliate": found})


def _of_seen(actor: Actor, *found: Counter) -> list[Counter]:
    """The same numbers, of those affiliates alone that the actor sees."""
    if actor.everywhere:
        return [Counter({pk: n for pk, n in some.items() if pk is not None}) for some in found]
    rows = Affiliate.objects.visible_to(actor).order_by().values_list("pk", flat=True)
    seen = kept(("affiliates seen", actor.rights), lambda: frozenset(rows))
    return [Counter({pk: n for pk, n in some.items() if pk in seen}) for some in found]


def _biggest(named: set[int], held: Counter, earlier: Counter) -> list[int]:
    """As many as have a row of their own, and those that are as big as the last of them."""
    if len(held) >= BIGGEST:  # then none has a row by its time before alone
        least = held.most_common(BIGGEST)[-1][1]
        named = {pk for pk, n in held.items() if n >= least}
    sizes = {pk: (held[pk], earlier[pk]) for pk in named}
    ranked = sorted(named, key=lambda pk: sizes[pk], reverse=True)
    last = [sizes[pk] for pk in ranked[BIGGEST - 1 : BIGGEST]]
    return [pk for pk in ranked if not last or sizes[pk] >= last[0]]


def _words(actor: Actor, ids: list[int]) -> dict[int, Any]:
    """Uid and name of each affiliate."""
    rows = Affiliate.objects.visible_to(actor).filter(pk__in=ids).order_by()
    return {row.pk: row for row in rows.values_list("pk", "uid", "name", named=True)}
