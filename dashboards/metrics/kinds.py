"""How did we meet partners?"""

from django.db.models import Case, CharField, F, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.scope import Actor
from crm.models import InteractionKind
from dashboards.asking import Ask
from dashboards.metrics import metric
from dashboards.metrics.counting import OTHERS, Compared
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
    gone = When(interaction__kind__retired=True, then=Value(OTHERS))
    by = Case(gone, default=F("interaction__kind__code"), output_field=CharField())
    held, earlier = Compared(actor, ask).by(by)
    kinds = [ask.kind] if ask.kind else InteractionKind.objects.filter(retired=False)
    names = {kind.code: kind.label for kind in kinds}
    if OTHERS in {*held, *earlier}:
        names[OTHERS] = _("No longer used")
    rows = [(code, held[code], earlier[code]) for code in names]
    rows = [row for row in rows if row[1] or row[2]]
    rows.sort(key=lambda row: (row[0] == OTHERS, -row[1], -row[2]))
    facts = {"total": held.total(), "total_before": earlier.total()}
    return Table(["kind", "interactions", "before"], rows, facts, {"kind": names})
