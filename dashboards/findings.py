"""Sentences out of figures: what a table says, in words, with the right grammar."""

from collections import Counter

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards import findings_of_events, findings_of_steps
from dashboards.asking import Ask
from dashboards.metrics.counting import NOT_GIVEN, OTHERS
from dashboards.tables import Table
from lists.templatetags.form_parts import whole

FEW = 10  # below, a change is told in numbers and not in percent


def pairs(table: Table) -> str:
    """In how many pairs of region and community partners were met."""
    facts = table.facts
    if not facts["pairs"]:
        return _("There is no pair of region and community yet")
    words = ngettext(
        "We met partners in %(active)s of %(count)s pair of region and community",
        "We met partners in %(active)s of %(count)s pairs of region and community",
        facts["pairs"],
    )
    return words % {"active": whole(facts["active"]), "count": whole(facts["pairs"])}


def gaps(ask: Ask, table: Table) -> str:
    """How many pairs have no partner, and where most of them are."""
    found = table.facts["gaps"]
    if not table.facts["pairs"]:
        return ""
    if not found:
        return _("Every pair has a partner.")
    words = {"count": whole(len(found))}
    if ask.owner:
        said = ngettext(
            "%(count)s pair has no partner of %(name)s",
            "%(count)s pairs have no partner of %(name)s",
            len(found),
        ) % (words | {"name": ask.owner.name})
    else:
        said = ngettext(
            "%(count)s pair has no partner", "%(count)s pairs have no partner", len(found)
        )
        said %= words
    by_region = Counter(region for region, _community in found)
    region, most = by_region.most_common(1)[0]
    if len(by_region) > 1 and most > 1 and list(by_region.values()).count(most) == 1:
        where = {"said": said, "most": whole(most), "region": table.name("region", region)}
        return _("%(said)s, %(most)s of them in %(region)s.") % where
    return _("%(said)s.") % {"said": said}


def held(table: Table) -> str:
    """How many meetings were held, against the time before."""
    return against(table.facts["total"], table.facts["total_before"], _("in the time before"))


def against(now: int, before: int, when: str) -> str:
    """A number of meetings beside an earlier one."""
    if not now and not before:
        return _("No meeting was held, and none %(when)s.") % {"when": when}
    meetings = ngettext("%(count)s meeting was held", "%(count)s meetings were held", now)
    words = {"said": meetings % {"count": whole(now)}, "when": when} | _change(now, before)
    if not now:
        words["said"] = _("No meeting was held")
    if not before:
        return _("%(said)s, none %(when)s.") % words
    if now == before:
        return _("%(said)s, as many as %(when)s.") % words
    if not words["percent"]:
        more = _("%(said)s, %(number)s more than %(when)s.")
        fewer = _("%(said)s, %(number)s fewer than %(when)s.")
        return (more if now > before else fewer) % words
    more = _("%(said)s, %(percent)s%% more than %(when)s.")
    fewer = _("%(said)s, %(percent)s%% fewer than %(when)s.")
    return (more if now > before else fewer) % words


def _change(now: int, before: int) -> dict[str, str]:
    """The difference as a number, and in percent where both are many enough and it shows."""
    by = abs(now - before)
    percent = round(100 * by / before) if min(now, before) >= FEW else 0
    return {"number": whole(by), "percent": whole(percent) if percent else ""}


def months(table: Table) -> str:
    """How often partners were met, against the year before."""
    now, before = table.facts["total"], table.facts["total_last_year"]
    if not now and not before:
        return _("We met no partner, as in the year before")
    if not now:
        return _("We met no partner")
    if not before:
        return _("We met partners, and none in the year before")
    if now == before:
        return _("We met partners as often as in the year before")
    change = _change(now, before)["percent"]
    if not change:
        return (
            _("We met partners more often than in the year before")
            if now > before
            else _("We met partners less often than in the year before")
        )
    if now > before:
        words = _("We met partners %(percent)s%% more often than in the year before")
    else:
        words = _("We met partners %(percent)s%% less often than in the year before")
    return words % {"percent": change}


def states(table: Table) -> str:
    """In how many states partners were met."""
    places, active = table.facts["places"], table.facts["active"]
    words = ngettext(
        "We met partners in %(active)s of %(count)s state",
        "We met partners in %(active)s of %(count)s states",
        places,
    )
    return words % {"active": whole(active), "count": whole(places)}


def kinds(table: Table) -> str:
    """Which kind is the most frequent."""
    return _biggest(table, "kind", _("Most often: %(name)s, %(part)s of %(count)s"))


def affiliates(table: Table) -> str:
    """Which affiliate most meetings were for."""
    return _biggest(table, "affiliate", _("%(name)s has the most meetings: %(part)s of %(count)s"))


def _biggest(table: Table, key: str, words: str) -> str:
    """What has most, where something has."""
    named = [row for row in table.rows if row[0] not in (NOT_GIVEN, OTHERS) and row[1]]
    if not named:
        return _("Nothing to compare yet")
    top = max(named, key=lambda row: row[1])
    if sum(1 for row in named if row[1] == top[1]) > 1:
        return _("No one stands out")
    count = {"part": whole(top[1]), "count": whole(table.facts["total"])}
    return words % ({"name": table.name(key, top[0])} | count)


FINDINGS = {
    "activity": pairs,
    "by_month": months,
    "by_state": states,
    "by_kind": kinds,
    "by_affiliate": affiliates,
    "five_steps": findings_of_steps.steps,
    "steps_by_region": findings_of_steps.programs,
    "who_came": findings_of_events.came,
}
