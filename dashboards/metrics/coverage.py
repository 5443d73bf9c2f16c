"""Where are we active, and where are we not?"""

from django.db.models import Count, F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from access.scope import Actor, Visibility
from crm.models import Interaction, InteractionOrganization, Organization
from dashboards.metrics import metric
from dashboards.tables import Period, Table

OUTSIDE = None  # the region of partners abroad and of national ones
TOP = Coalesce(
    F("organization__community_links__community__parent_id"),
    F("organization__community_links__community_id"),
)
OWN_TOP = Coalesce(F("community_links__community__parent_id"), F("community_links__community_id"))


@metric(_("Where are we active, and where are we not?"), counts="work", chart="heatmap")
def activity(actor: Actor, period: Period) -> Table:
    """Meetings held that are not restricted, by the partner's region and community of today.

    A partner of two communities counts in both, a community below another one counts in that one,
    and a meeting with partners of two regions counts in both; every total counts each meeting once.
    """
    partners = _partners(actor)
    now, before = _meetings(actor, period), _meetings(actor, period.before())
    keys = sorted(set(partners) | set(now) | set(before), key=lambda k: (k[0] or 0, k[1] or 0))
    rows = [
        (r, c, partners.get((r, c), 0), now.get((r, c), 0), before.get((r, c), 0)) for r, c in keys
    ]
    return Table(
        ["region", "community", "partners", "interactions", "before"],
        rows,
        {
            "regions": _totals(actor, period, "region"),
            "communities": _totals(actor, period, "community"),
            "total": _counted(actor, period).aggregate(n=Count("interaction", distinct=True))["n"],
            "total_before": _counted(actor, period.before()).aggregate(
                n=Count("interaction", distinct=True)
            )["n"],
        },
    )


def _counted(actor: Actor, period: Period):
    """Ties of meetings that count to partners that the actor sees."""
    links = InteractionOrganization.objects.visible_to(actor)
    return links.filter(
        interaction__status=Interaction.Status.HELD,
        interaction__visibility=Visibility.TEAM,
        interaction__day__range=(period.first, period.last),
    ).order_by()


def _meetings(actor: Actor, period: Period) -> dict[tuple, int]:
    rows = _counted(actor, period).values_list(F("organization__home__region_id"), TOP)
    return {(r, c): n for r, c, n in rows.annotate(n=Count("interaction", distinct=True))}


def _totals(actor: Actor, period: Period, by: str) -> dict:
    key = F("organization__home__region_id") if by == "region" else TOP
    rows = _counted(actor, period).values_list(key)
    return dict(rows.annotate(n=Count("interaction", distinct=True)))


def _partners(actor: Actor) -> dict[tuple, int]:
    rows = (
        Organization.objects.visible_to(actor).order_by().values_list(F("home__region_id"), OWN_TOP)
    )
    return {(r, c): n for r, c, n in rows.annotate(n=Count("pk", distinct=True))}
