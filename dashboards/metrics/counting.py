"""What every figure counts: meetings held with partners, and the partners themselves."""

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth

from access.kept import kept
from access.models import State
from access.scope import Actor, Visibility
from crm.models import (
    Community,
    Interaction,
    InteractionFocusArea,
    InteractionOrganization,
    Organization,
    OrganizationCommunity,
)
from dashboards.asking import Ask
from dashboards.tables import Period

OUTSIDE = State.OUTSIDE  # the region of partners abroad and of national ones
NOT_GIVEN = None
OTHERS = "*"  # what has no row of its own: retired words, all affiliates but the biggest
_GONE = 0  # the key of communities that are not offered any more, in the database


def ties(actor: Actor, ask: Ask):
    """Ties of meetings that count to partners that the actor sees, as far as the question goes.

    Held, not restricted, on a day of the period. A meeting with several partners has several ties.
    """
    links = InteractionOrganization.objects.visible_to(actor).filter(
        _of_partner(actor, ask, "organization__", "organization_id"),
        interaction__status=Interaction.Status.HELD,
        interaction__visibility=Visibility.TEAM,
        interaction__day__range=(ask.period.first, ask.period.last),
    )
    if ask.kind:
        links = links.filter(interaction__kind=ask.kind.pk)
    if ask.affiliate:
        links = links.filter(interaction__affiliate=ask.affiliate.pk)
    if ask.focus_area:
        about = InteractionFocusArea.objects.visible_to(actor).filter(
            interaction_id=OuterRef("interaction_id"), focus_area=ask.focus_area.pk
        )
        links = links.filter(Exists(about))
    return links.order_by()


def partners(actor: Actor, ask: Ask):
    """The partners that the actor sees, as far as the question is about partners."""
    rows = Organization.objects.visible_to(actor).filter(_of_partner(actor, ask, "", "pk"))
    return rows.order_by()


def _of_partner(actor: Actor, ask: Ask, path: str, pk: str) -> Q:
    asked = Q()
    if ask.region:
        asked &= Q(**{f"{path}home__region": ask.region.pk})
    if ask.state:
        asked &= Q(**{f"{path}home": ask.state.pk})
    if ask.owner:
        asked &= Q(**{f"{path}owner": ask.owner.pk})
    if ask.community:
        serves = OrganizationCommunity.objects.visible_to(actor).filter(
            Q(community=ask.community.pk) | Q(community__parent=ask.community.pk),
            organization_id=OuterRef(pk),
        )
        asked &= Q(Exists(serves))
    return asked


class Live:
    """Counts of a period and of the time before, from the rows themselves.

    Keys: "region" and "state" are codes, "kind" and "affiliate" ids, and "community" the id of the
    one at the top, 0 for those that are not offered any more, None for none.
    """

    def __init__(self, actor: Actor, ask: Ask):
        self.actor, self.ask = actor, ask
        both = Period(ask.period.before().first, ask.period.last)
        self.ties, self.have = ties(actor, ask.over(both)), partners(actor, ask)
        is_now = Q(interaction__day__gte=ask.period.first)
        self.now = Count("interaction", distinct=True, filter=is_now)
        self.before = Count("interaction", distinct=True, filter=~is_now)

    def total(self) -> dict[str, int]:
        """How many meetings there are, and were in the time before, each once."""
        return self.ties.aggregate(total=self.now, total_before=self.before)

    def by(self, *names: str) -> tuple[Counter, Counter]:
        """Meetings by key, and those of the time before; each meeting once for each key."""
        keys = [self._key(name, "organization__") for name in names]
        found = self.ties.values_list(*keys).annotate(now=self.now, then=self.before)
        now, before = Counter[Any](), Counter[Any]()
        for *key, n, then in found:
            now[_flat(key)] += n
            before[_flat(key)] += then
        return +now, +before

    def by_month(self, *periods: Period) -> list[dict[date, int]]:
        """Of each period, {first day of the month: meetings of the days of the period in it}."""
        month, n = TruncMonth("interaction__day"), Count("interaction", distinct=True)
        found = [ties(self.actor, self.ask.over(period)) for period in periods]
        return [dict(rows.values_list(month).annotate(n=n)) for rows in found]

    def partners_by(self, *names: str) -> dict[Any, int]:
        """Partners by key, each once for each key."""
        keys = [self._key(name, "") for name in names]
        rows = self.have.values_list(*keys).annotate(n=Count("pk", distinct=True))
        return {_flat(key): n for *key, n in rows}

    def partners(self) -> int:
        """How many partners there are."""
        return self.have.count()

    def _key(self, name: str, path: str) -> Any:
        if name == "region":
            return region_of(path)
        if name == "community":  # where one is asked for, it is the only one
            return Value(self.ask.community.pk) if self.ask.community else community_of(path)
        return F({"state": f"{path}home__code"}.get(name, f"interaction__{name}"))


def _flat(parts: list) -> Any:
    return parts[0] if len(parts) == 1 else tuple(parts)


def region_of(path: str = ""):
    """The expression for the region of a partner."""
    return Coalesce(F(f"{path}home__region__code"), Value(OUTSIDE), output_field=CharField())


def community_of(path: str = ""):
    """The expression for a community of a partner: the one at the top, whichever is below it."""
    link = f"{path}community_links__community"
    gone = Q(**{f"{link}__parent__retired": True}) | Q(
        **{f"{link}__parent__isnull": True, f"{link}__retired": True}
    )
    top = Coalesce(F(f"{link}__parent_id"), F(f"{link}_id"))
    return Case(When(gone, then=Value(_GONE)), default=top, output_field=BigIntegerField())


def community_keys() -> dict:
    """{what the expression gives: the public key} of every community."""
    known = kept("community keys", lambda: dict(Community.objects.values_list("pk", "code")))
    return known | {_GONE: OTHERS, None: NOT_GIVEN}
