"""How far is each affiliate in the five steps?"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import Region
from access.scope import Actor
from crm.models import Affiliate
from dashboards.asking import Ask
from dashboards.metrics import metric
from dashboards.metrics.behind import Behind
from dashboards.metrics.counting import OUTSIDE
from dashboards.tables import Table
from outreach.models import (
    ALL_SIGNED,
    Program,
    ProgramCommunity,
    ProgramStep,
    Step,
    late_programs,
    late_steps,
)

Status = ProgramStep.Status
# The filters of the list of steps that each column counts.
COLUMNS: dict[str, dict[str, str]] = {
    "not_started": {"status": Status.NOT_STARTED.value, "on_time": "yes"},
    "started": {"status": Status.STARTED.value, "on_time": "yes"},
    "late": {"late": "yes"},
    "waiting": {"status": Status.WAITING.value, "on_time": "yes"},
    "signed": {"status": Status.SIGNED.value},
}
AT_STEP = {f"step_{n}": n for n in range(1, ALL_SIGNED)} | {"all_signed": ALL_SIGNED}


def _narrowed(rows, actor: Actor, ask: Ask, program: str):
    """Those of programs that run in the period, and that the rest of the question is about."""
    last, first = ask.period.last, ask.period.first
    rows = rows.filter(**{f"{program}start__lte": last, f"{program}end__gte": first})
    if ask.region:
        rows = rows.filter(home__region=ask.region)
    if ask.state:
        rows = rows.filter(home=ask.state)
    if ask.affiliate:
        rows = rows.filter(**{f"{program}affiliate": ask.affiliate})
    if ask.community:
        key = OuterRef("program_id" if program else "pk")
        links = ProgramCommunity.objects.visible_to(actor)
        rows = rows.filter(Exists(links.filter(program=key, community=ask.community)))
    return rows.order_by()


def _asked(ask: Ask) -> dict[str, Any]:
    """The same question, as both lists name it."""
    named = ask.narrowing()
    found = {n: named[n] for n in ("region", "state", "community", "affiliate") if n in named}
    return found | {"from": ask.period.first.isoformat(), "to": ask.period.last.isoformat()}


def steps_behind(ask: Ask, facts: Mapping[str, Any], key: Mapping[str, Any], column: str) -> Behind:
    """The list of steps that a number of `five_steps` counts."""
    return Behind("program-steps", _asked(ask) | COLUMNS[column] | dict(key), of_places=False)


@metric(
    gettext_lazy("How far is each affiliate in the five steps?"),
    measure=gettext_lazy("Steps of programs, by status"),
    counts="work",
    chart="heatmap",
    keys=("step",),
    labels={
        "step": gettext_lazy("Step"),
        "not_started": gettext_lazy("Not started"),
        "started": gettext_lazy("In progress"),
        "late": gettext_lazy("Late"),
        "waiting": gettext_lazy("Waits for sign-off"),
        "signed": gettext_lazy("Signed off"),
    },
    lists=steps_behind,
)
def five_steps(actor: Actor, ask: Ask) -> Table:
    """Steps of the programs that run in the period, each in one column.

    Late is what is past its day and not signed off, whatever its status; the other columns hold
    what is on time. What is asked of meetings or of owners of partners says nothing of programs,
    and is left aside.
    """
    today = actor.today()
    late = late_steps(today)
    rows = _narrowed(ProgramStep.objects.visible_to(actor), actor, ask, "program__")
    found = {
        code: numbers
        for code, *numbers in rows.values_list("step__code").annotate(
            not_started=Count("pk", filter=Q(status=Status.NOT_STARTED) & ~late),
            started=Count("pk", filter=Q(status=Status.STARTED) & ~late),
            late=Count("pk", filter=late),
            waiting=Count("pk", filter=Q(status=Status.WAITING) & ~late),
            signed=Count("pk", filter=Q(status=Status.SIGNED)),
        )
    }
    steps = {step.code: step.in_short for step in Step.objects.visible_to(actor).offered()}
    table = [(code, *found.get(code, [0] * len(COLUMNS))) for code in steps]
    totals = {name: sum(row[at] for row in table) for at, name in enumerate(COLUMNS, 1)}
    return Table(["step", *COLUMNS], table, totals, {"step": steps})


def programs_behind(
    ask: Ask, facts: Mapping[str, Any], key: Mapping[str, Any], column: str
) -> Behind:
    """The list of programs, or of affiliates, that a number of `steps_by_region` counts."""
    place: dict[str, Any] = {}
    if "region" in key:
        outside = key["region"] == OUTSIDE
        place = {"state": OUTSIDE} if outside else {"region": key["region"]}
    if column == "no_program":
        asked = {n: v for n, v in _asked(ask).items() if n in ("region", "state")}
        return Behind("affiliates", asked | place | {"no_program": "yes"}, of_places=False)
    one = {"late": "yes"} if column == "late" else {"step": str(AT_STEP[column])}
    return Behind("programs", _asked(ask) | one | place, of_places=False)


@metric(
    gettext_lazy("Where are affiliates in the five steps, by region?"),
    measure=gettext_lazy("Programs by the step they are in"),
    counts="work",
    chart="bars",
    keys=("region",),
    labels={
        "region": gettext_lazy("Region"),
        "step_1": gettext_lazy("Step 1"),
        "step_2": gettext_lazy("Step 2"),
        "step_3": gettext_lazy("Step 3"),
        "step_4": gettext_lazy("Step 4"),
        "step_5": gettext_lazy("Step 5"),
        "all_signed": gettext_lazy("All signed"),
        "late": gettext_lazy("Late"),
        "no_program": gettext_lazy("No program yet"),
    },
    lists=programs_behind,
)
def steps_by_region(actor: Actor, ask: Ask) -> Table:
    """Programs that run in the period, by region and by their first step that is not signed off.

    Late are those of them whose step of now is past its day. No program yet are the affiliates
    there that never ran one, whatever the period, the community and the affiliate.
    """
    today = actor.today()
    rows = _narrowed(Program.objects.visible_to(actor), actor, ask, "")
    counted = {name: Count("pk", filter=Q(step_now=n)) for name, n in AT_STEP.items()}
    late = Count("pk", filter=late_programs(today))
    found = {
        code or OUTSIDE: numbers
        for code, *numbers in rows.values_list("home__region__code").annotate(**counted, late=late)
    }
    without = _without(actor, ask)
    regions = {region.code: region.label for region in Region.objects.all()}
    regions[OUTSIDE] = _("Outside regions")
    table = []
    for code in regions:
        if code in found or code in without:
            numbers = found.get(code, [0] * (len(AT_STEP) + 1))
            table.append((code, *numbers, without.get(code, 0)))
    columns = [*AT_STEP, "late", "no_program"]
    totals = {name: sum(row[at] for row in table) for at, name in enumerate(columns, 1)}
    return Table(["region", *columns], table, totals, {"region": regions})


def _without(actor: Actor, ask: Ask) -> dict[str, int]:
    """How many affiliates never ran a program, by region."""
    programs = Program.objects.visible_to(actor).filter(affiliate=OuterRef("pk")).order_by()
    rows = Affiliate.objects.visible_to(actor).filter(~Exists(programs)).order_by()
    if ask.region:
        rows = rows.filter(home__region=ask.region)
    if ask.state:
        rows = rows.filter(home=ask.state)
    counted = rows.values_list("home__region__code").annotate(count=Count("pk"))
    return {code or OUTSIDE: count for code, count in counted}
