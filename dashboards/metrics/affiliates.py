"""For which affiliates did we meet partners?"""

from collections import Counter

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.scope import Actor
from crm.models import Affiliate
from dashboards.asking import Ask
from dashboards.metrics import metric
from dashboards.metrics.counting import NOT_GIVEN, OTHERS, meetings, ties, total
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
    now, before = ties(actor, ask), ties(actor, ask.over(ask.period.before()))
    held, names = _by_affiliate(actor, now)
    earlier, more = _by_affiliate(actor, before)
    names |= more
    if ask.affiliate:
        names[str(ask.affiliate.uid)] = ask.affiliate.name
    order = sorted(names, key=lambda uid: (-held[uid], -earlier[uid], names[uid], uid))
    shown, others = order[:BIGGEST], order[BIGGEST:]
    held_in_all, earlier_in_all = total(now), total(before)
    facts = {"total": held_in_all, "total_before": earlier_in_all, "shown": shown}
    rows: list[tuple] = [(uid, held[uid], earlier[uid]) for uid in shown]
    found: dict[str | None, str] = {uid: names[uid] for uid in shown}
    if others:
        rows.append((OTHERS, sum(held[u] for u in others), sum(earlier[u] for u in others)))
        found[OTHERS] = _("All others")
    if not ask.affiliate:
        rows.append((NOT_GIVEN, held_in_all - held.total(), earlier_in_all - earlier.total()))
        found[NOT_GIVEN] = _("Not given")
    return Table(["affiliate", "interactions", "before"], rows, facts, {"affiliate": found})


def _by_affiliate(actor: Actor, rows) -> tuple[Counter[str], dict[str, str]]:
    """Meetings by uid of those affiliates that the actor sees, and their names."""
    seen = Affiliate.objects.visible_to(actor).order_by()
    rows = rows.filter(interaction__affiliate__in=seen)
    found = meetings(rows, F("interaction__affiliate__uid"), F("interaction__affiliate__name"))
    held = Counter({str(uid): number for (uid, _name), number in found.items()})
    return held, {str(uid): name for uid, name in found}
