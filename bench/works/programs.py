"""Programs: all affiliates at one look, beside the same numbers by hand."""

from datetime import UTC, datetime, timedelta

from bench.measuring import Pair, most, work
from bench.world import ALL, TWO, World

BY_STATUS = """
SELECT s.step_id,
count(*) FILTER (WHERE s.status = 'not-started' AND s.due >= %s),
count(*) FILTER (WHERE s.status = 'started' AND s.due >= %s),
count(*) FILTER (WHERE s.status <> 'signed' AND s.due < %s),
count(*) FILTER (WHERE s.status = 'waiting' AND s.due >= %s),
count(*) FILTER (WHERE s.status = 'signed')
FROM outreach_programstep s JOIN outreach_program p ON p.id = s.program_id
WHERE p.start <= %s AND p."end" >= %s {scope} GROUP BY s.step_id
"""
BY_REGION = """
SELECT t.region_id, p.step_now, count(*),
count(*) FILTER (WHERE p.next_due > '0001-01-01' AND p.next_due < %s)
FROM outreach_program p JOIN access_state t ON t.id = p.home_id
WHERE p.start <= %s AND p."end" >= %s {scope} GROUP BY t.region_id, p.step_now
"""
WITHOUT = """
SELECT t.region_id, count(*) FROM crm_affiliate a JOIN access_state t ON t.id = a.home_id
WHERE NOT EXISTS (SELECT 1 FROM outreach_program p WHERE p.affiliate_id = a.id) {scope}
GROUP BY t.region_id
"""


def begun(world: World) -> None:
    """Give every affiliate a program, in all states of progress, unless there are any."""
    from access.settling import every
    from crm.models import Affiliate
    from outreach.models import Program, ProgramStep, Step

    if every(Program).exists():
        return
    steps = _steps()
    today = datetime.now(UTC).date()
    programs, rows = [], []
    for number, (pk, home, name) in enumerate(
        every(Affiliate).order_by("pk").values_list("pk", "home_id", "name")
    ):
        signed, start = number % 6, today - timedelta(days=number % 300)
        due = [start + timedelta(days=72 * n) for n in range(1, 6)]
        programs.append(
            Program(
                name=name[:120], sort_name=name.lower()[:100], affiliate_id=pk, home_id=home,
                start=start, end=due[-1], step_now=signed + 1,
                next_due=due[signed] if signed < 5 else "0001-01-01",
            )
        )  # fmt: skip
        rows.append((home, signed, due))
    every(Program).bulk_create(programs, batch_size=2_000)
    made = []
    for program, (home, signed, due) in zip(programs, rows, strict=True):
        for at, step in enumerate(steps):
            status = "signed" if at < signed else ("started", "waiting", "not-started")[at % 3]
            made.append(
                ProgramStep(program=program, step=step, home_id=home, due=due[at], status=status)
            )
    every(ProgramStep).bulk_create(made, batch_size=2_000)
    assert Step.objects.count() == 5
    with world.connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _steps() -> list:
    from access.settling import every
    from outreach.models import Step

    codes = ("goals", "members", "map", "relationships", "act")
    if not Step.objects.exists():
        every(Step).bulk_create(
            [Step(code=code, name=code, position=n) for n, code in enumerate(codes, 1)]
        )
    return list(Step.objects.order_by("position"))


def by_hand(world: World, who: str):
    """The three questions of the page as a person would write them."""
    today = datetime.now(UTC).date()
    first = today.replace(year=today.year - 1) + timedelta(days=1)
    now, days = str(today), (str(today), str(first))
    some = f"home_id IN ({', '.join(map(str, world.states))})" if who == TWO else ""
    of_programs, of_affiliates = (f"AND {name}.{some}" if some else "" for name in ("p", "a"))
    statements = (
        BY_STATUS.format(scope=of_programs),
        BY_REGION.format(scope=of_programs),
        WITHOUT.format(scope=of_affiliates),
    )
    return lambda: (
        world.sql(statements[0], now, now, now, now, *days),
        world.sql(statements[1], now, *days),
        world.sql(statements[2]),
    )


def _steps_page(world: World, who: str):
    begun(world)
    client, other = world.client(who), by_hand(world, who)
    yield Pair(lambda: world.got(client, "/dashboards/steps/"), other, calls=5, seconds=3)


for _name, _who in (("all", ALL), ("two", TWO)):
    work(
        f"programs.steps.{_name}", f"The five steps of all affiliates at one look, {_who}",
        "SQL by hand", most(1.5, plus=30),
    )(lambda world, who=_who: _steps_page(world, who))  # fmt: skip
