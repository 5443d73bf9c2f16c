"""Which figures changed most against the time before, each in a sentence."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.models import Region, State
from access.scope import Actor
from crm.models import Affiliate, Community, InteractionKind
from dashboards.addresses import address
from dashboards.asking import Ask
from dashboards.drawing.lines import Spark
from dashboards.metrics import METRICS
from dashboards.metrics.counting import NOT_GIVEN, OTHERS, OUTSIDE
from dashboards.tables import Period, Table
from lists.templatetags.form_parts import month, whole

MOST = 4
OF_ONE_KIND = 2  # so that four states do not push everything else out
LEAST = 5  # meetings of difference
SWING = 2.0  # differences that chance alone makes in one of twenty are smaller than this
MONTHS = 8


@dataclass(frozen=True)
class Change:
    """One figure that changed: whose it is, its numbers, and the meetings of this time."""

    subject: str  # region, community, state, kind, affiliate
    key: str
    name: str
    now: int
    before: int
    url: str

    @property
    def difference(self) -> int:
        return self.now - self.before

    @property
    def swing(self) -> float:
        """How far the two numbers are apart, in units of what chance would make of them.

        For two counts of rare events it is their difference over the root of their sum.
        """
        return abs(self.difference) / sqrt(max(1, self.now + self.before))

    @property
    def tag(self) -> str:
        """ "31 more meetings"."""
        number = abs(self.difference)
        if self.difference > 0:
            words = ngettext("%(n)s more meeting", "%(n)s more meetings", number)
        else:
            words = ngettext("%(n)s meeting fewer", "%(n)s meetings fewer", number)
        return words % {"n": whole(number)}

    @property
    def sentence(self) -> str:
        """What happened, in numbers of both times."""
        if not self.now:
            words = _("No meeting was held, after %(before)s in the time before.")
        elif not self.before:
            words = ngettext(
                "%(now)s meeting was held, and none in the time before.",
                "%(now)s meetings were held, and none in the time before.",
                self.now,
            )
        else:
            words = ngettext(
                "%(now)s meeting was held, after %(before)s in the time before.",
                "%(now)s meetings were held, after %(before)s in the time before.",
                self.now,
            )
        return words % {"now": whole(self.now), "before": whole(self.before)}

    @property
    def open_words(self) -> str:
        """What its link opens."""
        words = ngettext("Open the %(n)s meeting", "Open the %(n)s meetings", self.now)
        return words % {"n": whole(self.now)}


ASKED = {"state": "by_state", "kind": "by_kind", "affiliate": "by_affiliate"}


def changes(actor: Actor, ask: Ask, activity: Table) -> list[Change]:
    """The figures that changed most, up to four; those of small swings stay out.

    `activity` is the table of that figure, which the page shows as well.
    """
    found = [*_of_places(actor, ask, activity)]
    for subject, name in ASKED.items():
        found += _of_rows(actor, ask, subject, name)
    asked = ask.narrowing()
    big = [
        change
        for change in found
        if change.subject not in asked and abs(change.difference) >= LEAST and change.swing >= SWING
    ]
    return _chosen(sorted(big, key=lambda change: -change.swing))


def _chosen(found: Iterable[Change]) -> list[Change]:
    """The first ones, without a state that tells its region's story again."""
    regions = dict(State.objects.values_list("code", "region__code"))
    kept: list[Change] = []
    for change in found:
        same = [k for k in kept if k.subject == change.subject]
        region = regions.get(change.key) if change.subject == "state" else None
        told = region and any(k.subject == "region" and k.key == region for k in kept)
        inside = change.subject == "region" and any(
            k.subject == "state" and regions.get(k.key) == change.key for k in kept
        )
        if len(same) < OF_ONE_KIND and not told and not inside:
            kept.append(change)
        if len(kept) == MOST:
            break
    return kept


def _of_places(actor: Actor, ask: Ask, table: Table) -> Iterable[Change]:
    metric = METRICS["activity"]
    for subject, fact in (("region", "regions"), ("community", "communities")):
        now, before = table.facts[fact], table.facts[f"{fact}_before"]
        for key, name in table.names[subject].items():
            if key in (NOT_GIVEN, OTHERS):
                continue
            behind = metric.behind(ask, table, {subject: key})
            url = address(actor, behind)
            yield Change(subject, key, name, now.get(key, 0), before.get(key, 0), url)


def _of_rows(actor: Actor, ask: Ask, subject: str, name: str) -> Iterable[Change]:
    metric = METRICS[name]
    table = metric.table(actor, ask)
    for row in table.dicts():
        key = row[subject]
        if key in (NOT_GIVEN, OTHERS, OUTSIDE):
            continue
        url = address(actor, metric.behind(ask, table, {subject: key}))
        words = table.name(subject, key)
        yield Change(subject, str(key), words, row["interactions"], row["before"], url)


@dataclass(frozen=True)
class Course:
    """How a figure went, month by month, before the end of a period."""

    spark: Spark
    label: str


def course(actor: Actor, narrowed: Ask) -> Course:
    """The last eight whole months of a question, as a small line and in words."""
    months = METRICS["by_month"].table(actor, narrowed.over(_months(narrowed)))
    numbers = [row["interactions"] for row in months.dicts()]
    words = {
        "first": whole(numbers[0]),
        "last": whole(numbers[-1]),
        "month": month(months.rows[-1][0]),
    }
    label = _("Line, eight whole months to %(month)s: from %(first)s to %(last)s meetings")
    return Course(Spark(numbers), label % words)


def _months(ask: Ask) -> Period:
    """Eight whole months; the last one is that of the period's end, or the one before."""
    last = ask.period.last
    if (last + timedelta(days=1)).day != 1:
        last = last.replace(day=1) - timedelta(days=1)
    back = last.year * 12 + last.month - MONTHS
    first = date(back // 12, back % 12 + 1, 1)
    return Period(first, last.replace(day=monthrange(last.year, last.month)[1]))


def narrowed(actor: Actor, ask: Ask, change: Change) -> Ask:
    """The question about the subject of a change alone."""
    name, key = change.subject, change.key
    if name == "affiliate":
        row: Any = Affiliate.objects.visible_to(actor).get(uid=key)
    elif name == "region" and key == OUTSIDE:
        name, row = "state", State.objects.get(code=OUTSIDE)
    else:
        models = {
            "region": Region,
            "state": State,
            "community": Community,
            "kind": InteractionKind,
        }
        row = models[name].objects.get(code=key)
    return replace(ask, **{name: row})


def headline(found: list[Change]) -> str:
    """What rose and what fell most, in one line."""
    up = next((change.name for change in found if change.difference > 0), "")
    down = next((change.name for change in found if change.difference < 0), "")
    if up and down:
        return _("Up most: %(up)s. Down most: %(down)s") % {"up": up, "down": down}
    if up:
        return _("Up most: %(up)s") % {"up": up}
    return _("Down most: %(down)s") % {"down": down} if down else _("No figure changed much")
