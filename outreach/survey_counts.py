"""What a survey yields: how many members each organization is tied to, and the names that wait for
the team.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.recording import outside_id
from crm.alike import nearly
from crm.models import Organization
from outreach.models import SurveyIntroduction, SurveyMissing, SurveyRound, SurveyTie
from outreach.models.survey import sensitive_kinds

FEW = 3  # fewer members than that are told to the team alone
MOST = 5_000  # organizations of a state that a typed name is compared with
SUGGESTED = 3  # organizations that a name is said to mean, of the state and of others each


@dataclass
class Tied:
    """An organization and the members tied to it, in words for one viewer."""

    organization: Organization
    total: str
    by_category: list[str]
    by_tie: list[str]
    is_sensitive: bool = False
    introductions: list[SurveyIntroduction] = field(default_factory=list)


@dataclass(frozen=True)
class Waiting:
    """A typed name that no organization bears alone: how many typed it, and what it may mean."""

    tie: SurveyTie | SurveyMissing
    answers: int
    like: list[Organization]
    introductions: list[SurveyIntroduction]


def answers_of(actor, survey: SurveyRound) -> int:
    """How many members answered, as far as the viewer sees their ties."""
    ties = SurveyTie.objects.visible_to(actor).filter(round=survey)
    return ties.aggregate(n=Count("answer", distinct=True))["n"]


def told(count: int, on_team: bool) -> str:
    """A number of members as the viewer may know it."""
    return str(count) if on_team or count >= FEW else _("under 3")


def tied_to(actor, survey: SurveyRound, on_team: bool) -> list[Tied]:
    """The organizations that members are tied to: for the team those with most of them first, for
    others by name, so that the order tells nothing.
    """
    ties = SurveyTie.objects.visible_to(actor).filter(round=survey, dropped=False)
    ties = ties.exclude(organization=None).order_by()
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for column in ("category", "tie"):
        rows = ties.values_list("organization", column)
        for pk, value, n in rows.annotate(n=Count("answer", distinct=True)):
            counts[pk][value] = n
    partners = Organization.objects.visible_to(actor).filter(pk__among=set(counts))
    names = _introductions(actor, survey) if on_team else {}
    sensitive, found = sensitive_kinds(), []
    for partner in partners.order_by("sort_name", "id"):
        categories = _of(counts[partner.pk], SurveyTie.Category)
        kinds = _of(counts[partner.pk], SurveyTie.Kind)
        row = (_for_team if on_team else _for_others)(partner, categories, kinds)
        row.is_sensitive = partner.kind_id in sensitive
        row.introductions = names.get(partner.pk, [])
        found.append((sum(n for _label, n in categories), row))
    if on_team:
        found.sort(key=lambda pair: -pair[0])
    return [row for _n, row in found]


def _of(counts: dict[str, int], choices: Any) -> list[tuple[str, int]]:
    return [(str(label), counts.get(value, 0)) for value, label in choices.choices]


def _for_team(partner, categories, kinds) -> Tied:
    total = sum(n for _label, n in categories)
    said = ngettext("%(n)d member", "%(n)d members", total) % {"n": total}
    return Tied(
        partner,
        said,
        [f"{label} {n}" for label, n in categories if n],
        [f"{label} {n}" for label, n in kinds if n],
    )


def _for_others(partner, categories, kinds) -> Tied:
    """Nothing under 3, and nothing from which it could be worked out: the sum of the categories
    that are told bounds what is told beside them.
    """
    shown = sum(n for _label, n in categories if n >= FEW)
    most = max(shown, FEW)
    is_few = sum(n for _label, n in categories) < FEW
    total = _("under 3") if is_few else _("%(n)d or more") % {"n": most}
    return Tied(
        partner,
        total,
        _those_told(categories, most, _("each other category under 3")),
        _those_told(kinds, most, _("each other tie under 3")),
    )


def _those_told(pairs: list[tuple[str, int]], most: int, others: str) -> list[str]:
    said = [
        f"{label} {n}" if n <= most else f"{label} " + _("%(n)d or more") % {"n": most}
        for label, n in pairs
        if n >= FEW
    ]
    return [*said, others] if said and len(said) < len(pairs) else said


def _introductions(actor, survey: SurveyRound) -> dict[int, list[SurveyIntroduction]]:
    """Who offered to introduce us, by organization."""
    found: dict[int, list[SurveyIntroduction]] = defaultdict(list)
    rows = SurveyIntroduction.objects.visible_to(actor).filter(tie__round=survey)
    for row in rows.select_related("tie").order_by("name", "id"):
        if row.tie.organization_id and not row.tie.dropped:
            found[row.tie.organization_id].append(row)
    return found


Named = type[SurveyTie | SurveyMissing]


def names_waiting(actor, survey: SurveyRound, of: Named = SurveyTie):
    """The names that wait for the team, of ties or of groups that are missing: {folded, answers,
    first}, those typed most often first.
    """
    ties = of.objects.visible_to(actor).filter(round=survey, organization=None, dropped=False)
    rows = ties.order_by().values("folded")
    rows = rows.annotate(answers=Count("answer", distinct=True), first=Min("pk"))
    return rows.order_by("-answers", "folded")


def names_settled(actor, survey: SurveyRound, of: Named, partner: Organization | None = None):
    """(name as typed first, members who typed it) of each name that is tied to an organization, or
    that is dropped, in the order of names.
    """
    rows = of.objects.visible_to(actor).filter(round=survey)
    kept = rows.filter(organization=partner) if partner else rows.filter(dropped=True)
    counted = kept.order_by("folded").values("folded")
    found = list(counted.annotate(answers=Count("answer", distinct=True), first=Min("pk")))
    typed = of.objects.visible_to(actor).in_bulk([row["first"] for row in found])
    return [(typed[row["first"]], row["answers"]) for row in found]


def waiting_of(actor, survey: SurveyRound, most: int, of: Named = SurveyTie) -> list[Waiting]:
    """The first of them, each with organizations that it may mean, and with who offered to
    introduce us.
    """
    rows = list(names_waiting(actor, survey, of)[:most])
    ties = of.objects.visible_to(actor).in_bulk([row["first"] for row in rows])
    like = _like(actor, survey, [row["folded"] for row in rows])
    names: dict[str, list[SurveyIntroduction]] = defaultdict(list)
    there = SurveyIntroduction.objects.visible_to(actor).filter(
        tie__round=survey, tie__organization=None, tie__folded__in=list(like)
    )
    if of is SurveyMissing:
        there = there.none()  # she is named to those whom she knows
    for one in there.select_related("tie").order_by("name", "id"):
        names[one.tie.folded].append(one)
    return [
        Waiting(ties[row["first"]], row["answers"], like[row["folded"]], names[row["folded"]])
        for row in rows
    ]


def missing_from(actor, survey: SurveyRound) -> list[tuple[Organization, int]]:
    """(organization, members who miss it) of the groups that the team found, for the team: those
    missed most first.
    """
    rows = SurveyMissing.objects.visible_to(actor).filter(round=survey, dropped=False)
    rows = rows.exclude(organization=None).order_by().values_list("organization")
    counts = dict(rows.annotate(n=Count("answer", distinct=True)))
    partners = Organization.objects.visible_to(actor).filter(pk__among=set(counts))
    found = [(partner, counts[partner.pk]) for partner in partners.order_by("sort_name", "id")]
    return sorted(found, key=lambda pair: -pair[1])


def _like(actor, survey: SurveyRound, names: list[str]) -> dict[str, list[Organization]]:
    """The organizations that each name may mean, as far as the viewer sees: those of the state
    that bear nearly the same, then those of other states that bear just it.
    """
    wanted: dict[str, list[int]] = {name: [] for name in names}
    partners = Organization.objects.visible_to(actor)
    if names and survey.home_id != outside_id():
        near = partners.filter(home=survey.home_id).order_by("sort_name", "id")
        there = list(near.values_list("pk", "sort_name")[:MOST])
        for name in names:
            like = [pk for pk, other in there if name == other or nearly(name, other)]
            wanted[name] = like[:SUGGESTED]
    same = partners.filter(sort_name__in=names).exclude(home=survey.home_id).order_by("id")
    far: dict[str, list[int]] = defaultdict(list)
    for pk, name in same.values_list("pk", "sort_name"):
        far[name].append(pk)
    wanted = {name: pks + far[name][:SUGGESTED] for name, pks in wanted.items()}
    rows = partners.select_related("home").in_bulk({pk for pks in wanted.values() for pk in pks})
    return {name: [rows[pk] for pk in pks] for name, pks in wanted.items()}
