"""For which affiliates did we meet partners?"""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.scope import Actor
from crm.models import Affiliate
from dashboards.asking import Ask
from dashboards.metrics import metric
from dashboards.metrics.counting import NOT_GIVEN, OTHERS, Live
from dashboards.metrics.source import counts
from dashboards.summary.reading import Cells
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
    held, earlier, names = _by_affiliate(actor, source)
    if ask.affiliate:
        names[str(ask.affiliate.uid)] = ask.affiliate.name
    order = sorted(names, key=lambda uid: (-held[uid], -earlier[uid], names[uid], uid))
    shown, others = order[:BIGGEST], order[BIGGEST:]
    facts = totals | {"shown": shown}
    rows: list[tuple] = [(uid, held[uid], earlier[uid]) for uid in shown]
    found: dict[str | None, str] = {uid: names[uid] for uid in shown}
    if others:
        rows.append((OTHERS, sum(held[u] for u in others), sum(earlier[u] for u in others)))
        found[OTHERS] = _("All others")
    if not ask.affiliate:
        rest = totals["total"] - held.total(), totals["total_before"] - earlier.total()
        rows.append((NOT_GIVEN, *rest))
        found[NOT_GIVEN] = _("Not given")
    return Table(["affiliate", "interactions", "before"], rows, facts, {"affiliate": found})


def _by_affiliate(actor: Actor, source: Cells | Live) -> tuple[Counter, Counter, dict[str, str]]:
    """Meetings by uid of those affiliates that the actor sees, now and before, and their names."""
    by_id = source.by("affiliate")
    seen = Affiliate.objects.visible_to(actor).order_by().values_list("pk", "uid", "name")
    known = {pk: (str(uid), name) for pk, uid, name in seen if any(pk in some for some in by_id)}
    held, earlier = (
        Counter({known[pk][0]: n for pk, n in some.items() if pk in known}) for some in by_id
    )
    return held, earlier, dict(known.values())
