"""How did we meet partners?"""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.kept import kept
from access.scope import Actor
from crm.models import InteractionKind
from dashboards.asking import Ask
from dashboards.metrics import metric
from dashboards.metrics.counting import OTHERS
from dashboards.metrics.source import counts
from dashboards.tables import Table


@metric(
    gettext_lazy("How do we meet partners?"),
    measure=gettext_lazy("Meetings held, by kind"),
    counts="work",
    chart="bars",
    keys=("kind",),
    labels={
        "kind": gettext_lazy("How"),
        "interactions": gettext_lazy("Meetings"),
        "before": gettext_lazy("Time before"),
    },
)
def by_kind(actor: Actor, ask: Ask) -> Table:
    """Meetings held with partners that are not restricted, by their kind.

    Each meeting has one kind. A kind without a meeting has no row; kinds that are not offered any
    more are counted together.
    """
    words = kept("kinds", lambda: {kind.pk: kind for kind in InteractionKind.objects.all()})
    held, earlier = Counter[str](), Counter[str]()
    for total, found in zip((held, earlier), counts(actor, ask, "kind").by("kind"), strict=True):
        for pk, n in found.items():
            total[OTHERS if words[pk].retired else words[pk].code] += n
    offered = [ask.kind] if ask.kind else [kind for kind in words.values() if not kind.retired]
    names = {kind.code: kind.label for kind in offered}
    if OTHERS in {*held, *earlier}:
        names[OTHERS] = _("No longer used")
    rows = [(code, held[code], earlier[code]) for code in names]
    rows = [row for row in rows if row[1] or row[2]]
    rows.sort(key=lambda row: (row[0] == OTHERS, -row[1], -row[2]))
    facts = {"total": held.total(), "total_before": earlier.total()}
    return Table(["kind", "interactions", "before"], rows, facts, {"kind": names})
