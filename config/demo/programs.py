"""Loads programs in every state of progress: just begun, halfway, late, waiting, all signed."""

from collections import defaultdict
from datetime import date, timedelta

from access.recording import running
from config.demo import affiliates as union
from config.demo import names
from config.demo.staff import LEAD, ORGANIZER
from config.demo.world import World
from crm.models import Affiliate, Interaction, InteractionOrganization
from outreach.commands import (
    AddCommitment,
    AddJointAction,
    AddProgram,
    AskEvaluation,
    ChangeCommitment,
    ChangeStepText,
    ChooseTargets,
    EndCommitment,
    EnterEvaluation,
    FinishTargetStep,
    LinkGoals,
    PlanTarget,
    SignStep,
)
from outreach.models import (
    CheckDone,
    Commitment,
    Evaluation,
    Program,
    ProgramStep,
    Step,
    StepLink,
    StepMeeting,
    Target,
)

INES = "ines@partnerships.example"
# (steps signed, checks ticked of the next one, days that it is behind its plan, waits for sign-off)
PROGRESS = (
    (0, 0, -20, False), (0, 2, 0, False), (1, 1, 0, False), (1, 3, 45, False),
    (2, 2, 0, False), (2, 4, 0, True), (2, 1, 80, False), (3, 2, 0, False),
    (3, 3, 30, True), (4, 1, 0, False), (4, 2, 20, False), (5, 0, 0, False),
)  # fmt: skip
DAYS = 360
EARLY = 2  # steps that are signed before there are surveys and maps
GOALS = (
    ("Fewer students in each class", "Parents speak at the board with us"),
    ("New members stay", "New educators meet the neighbors of their school"),
    ("Teachers who look like their students", "Partners help to find candidates"),
    ("Safe schools for every student", "A Safe Zone resolution with partners"),
    ("A contract that lasts", ""),
    ("Clases más pequeñas", "Las familias hablan con nosotros ante la junta"),
)
ROLES = ("chair", "co-chair", "secretary", "turnout", "translation")
ASKED = ("uniserv", "representative", "board", "officer", "member")


def add_programs(world: World) -> None:
    """At least a dozen runs, in all regions that have locals, with their first two steps."""
    for number, (affiliate, state) in enumerate(_chosen(world)):
        organizer = _who(world, ORGANIZER, state)
        lead = _who(world, LEAD, state)
        if organizer and lead:
            how = PROGRESS[number % len(PROGRESS)]
            program = _begin(world, affiliate, state, organizer, lead, how)
            world.begun.append((program, organizer, lead, how))
    _edit_words(world)


def sign_the_rest(world: World) -> None:
    """What was done in the steps from the third on, once maps are drawn: a sign-off keeps how much
    there was. Then which steps wait for one, and a renewal of the finished run.
    """
    for program, organizer, lead, how in world.begun:
        if how[0] or how[1]:
            _tick_and_sign(world, program, organizer, lead, how, range(EARLY, 5))
        if how[3]:
            _wait(world, program, organizer)
    _renew(world)


def _chosen(world: World) -> list[tuple[Affiliate, str]]:
    """Locals by turns of the regions, so that the first dozen lies in many of them."""
    by_region: dict[str, list] = defaultdict(list)
    states = {pk: code for code, pk in world.state_ids.items()}
    for row in world.affiliates.values():
        if row.kind.code == union.LOCAL and row.state_id:
            state = states[row.state_id]
            by_region[world.regions[state]].append((row, state))
    turns = []
    for at in range(max(map(len, by_region.values()), default=0)):
        turns += [rows[at] for rows in by_region.values() if at < len(rows)]
    return turns[: max(len(PROGRESS), world.count(24))]


def _who(world: World, role: str, state: str) -> str:
    found = [e for e, it in world.staff.items() if it.role == role and world.covering(e, state)]
    return found[0] if found else ""


def _begin(world: World, affiliate: Affiliate, state: str, organizer: str, lead: str, how):
    """One run, with what was done in it on the days that it was done."""
    rng, (signed, ticked, behind, _waits) = world.rng, how
    share = DAYS // 5
    start = world.today - timedelta(days=max(signed * share + share // 2 + behind, 5))
    is_spanish = world.staff[organizer].language == "es"
    end = start + timedelta(days=DAYS)
    communities = ["hispanic", "immigrant"] if is_spanish else ["black", "asian-pacific-islander"]
    planned = rng.randrange(20, 90) * 100
    command = AddProgram(
        world.on(organizer, start),
        {
            "name": f"{affiliate.city}, {start.year}–{end.year % 100:02d}",
            "affiliate": str(affiliate.uid),
            "lead": str(world.users[organizer].uid),
            "start": start,
            "end": end,
            "budget_planned": planned,
            "budget_spent": planned * signed // 6,
            "communities": rng.sample(communities, rng.randint(1, 2)),
            "committee": [
                {"name": names.person(rng).full_name, "role": role}
                for role in ROLES[: 0 if signed + ticked == 0 else rng.randint(3, 5)]
            ],
        },
    )
    program = command.run()
    world.date_back(command.run_made, start)
    if signed or ticked:
        _work(world, program, state, organizer, signed)
        _tick_and_sign(world, program, organizer, lead, how, range(EARLY))
    if signed >= 2:
        _act(world, program, state, organizer, how)
    return program


def _now(program: Program, actor) -> Program:
    return Program.objects.visible_to(actor).get(pk=program.pk)


def _work(world: World, program: Program, state: str, organizer: str, signed: int) -> None:
    rng, start = world.rng, program.start
    actor = world.on(organizer, start + timedelta(days=10))
    goals = [{"goal": g, "engagement_goal": e} for g, e in rng.sample(GOALS, 3)]
    asked = [
        {
            "who": names.person(rng).full_name,
            "role": role,
            "day": min(start + timedelta(days=n * 3), world.today),
        }
        for n, role in enumerate(rng.sample(ASKED, 3), 1)
    ]
    row = _now(program, actor)
    _done(world, LinkGoals(
        actor, {"goals": goals, "consultations": asked, "revision": row.revision}, instance=row
    ), start + timedelta(days=14))  # fmt: skip
    if signed >= 2:
        near = [p for p in world.partners if p.demo.place.state == state][:4]
        row = _now(program, actor)
        values = {"targets": [str(p.uid) for p in near], "revision": row.revision}
        _done(world, ChooseTargets(actor, values, instance=row), start + timedelta(days=150))
        _plan(world, program, organizer, start + timedelta(days=155))


def _tick_and_sign(
    world: World, program: Program, organizer: str, lead: str, how, places: range
) -> None:
    """Ticks, links, meetings and sign-offs of the steps in these places, as far as it has come."""
    signed, ticked, _behind, _waits = how
    actor = world.on(organizer, program.start + timedelta(days=10))
    steps = ProgramStep.objects.visible_to(actor).filter(program=program)
    for at, step in enumerate(steps.select_related("step", "owner").order_by("step__position")):
        if at > signed or at not in places:
            continue
        checks = list(step.step.checks.all())
        day = min(step.due - timedelta(days=6), world.today - timedelta(days=3))
        with running("TickCheck", world.on(organizer, day)) as work:
            for check in checks[: len(checks) if at < signed else ticked]:
                author = world.users[organizer]
                CheckDone(program_step=step, line=check, day=day, author=author).save()
            if at < signed and at % 2 == 0:
                url = f"https://{organizer.partition('@')[0]}.example/notes/{step.step.code}"
                StepLink(program_step=step, label="Notes of the committee", url=url).save()
            for meeting in _met(actor, program, day) if step.step.code == "relationships" else ():
                StepMeeting(program_step=step, interaction=meeting).save()
            run = work.run
        world.date_back(run, day)
        if at < signed:
            fresh = steps.select_related("step", "owner").get(pk=step.pk)
            values = {"revision": fresh.revision}
            command = SignStep(world.on(lead, day + timedelta(days=2)), values, instance=fresh)
            _done(world, command, day + timedelta(days=2))


def _met(actor, program: Program, day: date):
    """The first meetings with organizations that a program targets, up to a day."""
    targets = Target.objects.visible_to(actor).filter(program=program).values("organization_id")
    links = InteractionOrganization.objects.visible_to(actor).filter(organization__in=targets)
    rows = Interaction.objects.visible_to(actor).filter(
        pk__in=links.values("interaction_id"), status="held", day__range=(program.start, day)
    )
    return rows.order_by("day", "id")[:3]


def _wait(world: World, program: Program, organizer: str) -> None:
    """The organizer says that the step of now is ready to be signed."""
    actor = world.actors[organizer]
    row = _now(program, actor)
    steps = ProgramStep.objects.visible_to(actor).filter(program=row)
    step = steps.get(step__position=row.step_now)
    with running("ChangeStep", actor) as work:
        step.by_hand = ProgramStep.Status.WAITING
        step.save()
        run = work.run
    world.date_back(run, world.today)


def _plan(world: World, program: Program, organizer: str, day) -> None:
    """The first two targets get a plan; what lay before today is mostly done."""
    actor = world.on(organizer, day)
    targets = Target.objects.visible_to(actor).filter(program=program).order_by("position")
    for target, template in zip(targets, ("first-meetings", "after-a-quiet-time"), strict=False):
        values = {"template": template, "start": day, "revision": target.revision}
        _done(world, PlanTarget(actor, values, instance=target), day)
        for step in target.steps.visible_to(actor).filter(day__lt=world.today).order_by("day")[:3]:
            values = {"done": "on", "revision": step.revision}
            command = FinishTargetStep(world.on(organizer, step.day), values, instance=step)
            _done(world, command, step.day)


ACTIONS = (
    ("Read-in at the library", "both", "140 children came; two partners want to do it again."),
    ("Testimony on the bus routes", "theirs", "The board kept the two evening routes."),
    ("Back-to-school fair", "ours", "Thirty families signed up for the newsletter."),
    ("Feria de regreso a clases", "both", "Vinieron 85 familias."),
)
PROMISES = (  # (by, what, days until due, ended as, days late)
    ("us", "Send the flyer in both languages", 20, "kept", -2),
    ("us", "Two interpreters for the reading night", 45, "", 0),
    ("us", "Photo release forms in Spanish", 15, "kept", 9),
    ("us", "Speak at the bus hearing", 30, "broken", 4),
    ("organization", "The hall, free of charge", 40, "kept", 0),
    ("organization", "List of parents who want to speak", 12, "", 0),
    ("organization", "Spanish radio spot", 25, "released", 0),
)


def _act(world: World, program: Program, state: str, organizer: str, how) -> None:
    """A joint action, and promises kept, moved, broken and open, with the targets."""
    signed, rng = how[0], world.rng
    near = [p for p in world.partners if p.demo.place.state == state][:4]
    if not near:
        return
    begun = program.start + timedelta(days=160)
    title, issue, result = rng.choice(ACTIONS)
    is_done = signed >= 4
    day = begun + timedelta(days=90) if is_done else world.today + timedelta(days=20)
    values = {
        "program": str(program.uid),
        "title": title,
        "issue": issue,
        "start": min(day, world.today - timedelta(days=9)) if is_done else day,
        "status": "done" if is_done else "planned",
        "result": result if is_done else "",
        "partners": [str(p.uid) for p in near[:2]],
        "owner": str(world.users[organizer].uid),
    }
    _done(world, AddJointAction(world.on(organizer, begun), values), begun)
    if is_done:
        _look_back(world, program, organizer, near[:3])
    for partner in near[:2]:
        for by, text, days, ended, late in rng.sample(PROMISES, 4):
            _promise(world, organizer, partner, (by, text, days, ended, late))


SAID = (
    ("5", "5", "4", "yes", "You came when it rained. Ask us earlier next time."),
    ("3", "4", "3", "maybe", "El folleto llegó tarde, pero la gente vino."),
)


def _look_back(world: World, program: Program, organizer: str, partners: list) -> None:
    """Partners were asked: two answered on paper, one still may by the link."""
    for number, partner in enumerate(partners):
        actor = world.actors[organizer]
        values = {"program": str(program.uid), "organization": str(partner.uid)}
        command = AskEvaluation(actor, values | {"last": world.today + timedelta(days=20)})
        _done(world, command, world.today - timedelta(days=8))
        if number < len(SAID):
            names = ("kept_word", "worth_it", "listened", "again", "words")
            row = Evaluation.objects.visible_to(actor).get(pk=command.instance.pk)
            answer = dict(zip(names, SAID[number], strict=True)) | {"revision": row.revision}
            _done(world, EnterEvaluation(actor, answer, instance=row), world.today)


def _promise(world: World, organizer: str, partner, what) -> None:
    by, text, days, ended, late = what
    made = world.today - timedelta(days=days + 30 if ended else days - 5)
    due = made + timedelta(days=days)
    actor = world.on(organizer, made)
    values = {"organization": str(partner.uid), "by": by, "text": text, "due": due, "made_on": made}
    add = AddCommitment(actor, values | {"owner": str(world.users[organizer].uid)})
    _done(world, add, made)
    if not ended:
        return
    row = Commitment.objects.visible_to(actor).get(pk=add.instance.pk)
    if late > 5:  # it was put off first
        moved = {"due": due + timedelta(days=10), "revision": row.revision}
        _done(world, ChangeCommitment(actor, moved, instance=row, partial=True), due)
        row = Commitment.objects.visible_to(actor).get(pk=row.pk)
    day = due + timedelta(days=late)
    values = {"ended": ended, "day": day, "revision": row.revision}
    values["reason"] = "The station closed." if ended == "released" else ""
    _done(world, EndCommitment(world.on(organizer, day), values, instance=row), day)


def _renew(world: World) -> None:
    """The run that signed all of its steps goes on in a new one."""
    for program, organizer, _lead, _how in world.begun:
        row = _now(program, world.actors[organizer])
        if row.step_now <= len(PROGRESS[0]) + 1:
            continue
        actor = world.on(organizer, world.today - timedelta(days=12))
        start = world.today - timedelta(days=10)
        affiliate = Affiliate.objects.visible_to(actor).get(pk=row.affiliate_id)
        values = {
            "name": f"{affiliate.city}, {start.year}–{(start.year + 1) % 100:02d}, second run",
            "affiliate": str(affiliate.uid),
            "renews": str(row.uid),
            "lead": str(world.users[organizer].uid),
            "start": start,
            "end": start + timedelta(days=DAYS),
        }
        _done(world, AddProgram(actor, values), start)
        return


def _edit_words(world: World) -> None:
    """A check gets new words; steps that are signed keep the old ones."""
    actor = world.actors[INES]
    step = Step.objects.get(code="goals")
    checks = [
        {"uid": str(c.uid), "name": c.name, "name_es": c.name_es}
        for c in step.checks.order_by("position")
    ]
    checks[-1]["name"] = "Members, leaders and staff consulted"
    checks[-1]["name_es"] = "Miembros, dirigentes y personal consultados"
    values = {"checks": checks, "revision": step.revision}
    command = ChangeStepText(actor, values, instance=step, partial=True)
    _done(world, command, world.today - timedelta(days=4))


def _done(world: World, command, day) -> None:
    command.run()
    world.date_back(command.run_made, day)
