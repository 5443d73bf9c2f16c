"""Loads member surveys: one under way, one that is closed, one archived."""

from datetime import date, timedelta
from uuid import UUID

from access.system import surveyor
from config.demo import names
from config.demo.world import World
from outreach.commands import AddSurvey, AnswerSurvey, ArchiveSurvey, ChangeSurvey, SettleName
from outreach.commands.survey import CONSENT, CONSENT_ES
from outreach.models import Program, SurveyRound
from outreach.survey_counts import names_waiting, waiting_of

TITLE, TITLE_ES = "Where do you live, play and volunteer?", "¿Dónde vive, juega y ayuda usted?"
STRANGE = (  # what members type that is no partner of ours yet
    "Tuesday Night Softball", "St. Brigid’s parish", "the PTA at Lincoln", "Iglesia Nueva Vida",
    "Boys & Girls Club", "Rotary", "neighborhood watch on Elm", "Grupo Folklórico Sol", "my gym",
)  # fmt: skip
MISSING = (  # whom nobody named, members say
    "the crossing guards", "Club de Madres del Parque", "high school robotics parents",
    "the food bank on Third", "Filipino nurses' circle",
)  # fmt: skip
CATEGORIES = ("educator", "educator", "educator", "support", "support", "retired", "student")
TIES = ("belongs", "belongs", "volunteers", "coaches", "works", "near", "near")
# (days since its last day, answers, whether it is archived); below 0 it is under way
ROUNDS = ((-9, 34, False), (20, 61, False), (120, 47, True))


def add_surveys(world: World) -> None:
    """A round of each sort, in programs that are past their first step."""
    programs = Program.objects.visible_to(surveyor()).filter(step_now__range=(2, 5))
    chosen = programs.exclude(lead=None).select_related("lead", "home").order_by("id")
    for (ago, answers, is_over), program in zip(ROUNDS, chosen, strict=False):
        _ask(world, program, world.today - timedelta(days=ago), world.count(answers), is_over)


def _ask(world: World, program: Program, last: date, answers: int, is_over: bool) -> None:
    email = program.lead.email
    first = min(last, world.today) - timedelta(days=20)
    command = AddSurvey(world.on(email, first), {
        "program": str(program.uid), "title": TITLE, "title_es": TITLE_ES, "consent": CONSENT,
        "consent_es": CONSENT_ES, "opens": first,
        "closes": max(last, world.today + timedelta(days=1)),  # open while it is answered
    })  # fmt: skip
    _done(world, command, first)
    survey = SurveyRound.objects.visible_to(surveyor()).get(pk=command.instance.pk)
    near = [p for p in world.partners if p.demo.place.state == program.home.code]
    for number in range(answers):
        _answer(world, survey, [p.row.name for p in near[:14]], number)
    _decide(world, survey, email)
    if last < world.today:
        values = {"closes": last, "revision": survey.revision}
        _done(
            world, ChangeSurvey(world.on(email, last), values, instance=survey, partial=True), last
        )
    if is_over:
        row = SurveyRound.objects.visible_to(surveyor()).get(pk=survey.pk)
        day = last + timedelta(days=30)
        archive = ArchiveSurvey(world.on(email, day), {"revision": row.revision}, instance=row)
        _done(world, archive, day)


def _answer(world: World, survey: SurveyRound, near: list[str], number: int) -> None:
    """One member: a few groups, most of them partners, now and then somebody who introduces us."""
    rng = world.rng
    known = [near[min(int(rng.expovariate(0.3)), len(near) - 1)] for _n in range(2)] if near else []
    if known and number % 11 == 5:  # a slip of a letter, for the team to see through
        known[0] = known[0][:4] + known[0][5:]
    groups = [
        {"name": name, rng.choice(TIES): "on", rng.choice(TIES): "on"}
        for name in dict.fromkeys([*known, *rng.sample(STRANGE, 1 if number % 3 or known else 2)])
    ]
    if number % 6 == 0:
        member = names.person(rng).full_name
        reach = f"{member.split()[0].lower()}@members.example"
        groups[0] |= {"introduce": "on", "introducer": member, "reach": reach}
    values = {"round": str(survey.uid), "answer": str(UUID(int=rng.getrandbits(128)))}
    values |= {"category": rng.choice(CATEGORIES), "groups": groups, "agree": "on"}
    if number % 7 == 3:
        values["missing"] = "\n".join(rng.sample(MISSING, 1 + number % 2))
    _done(world, AnswerSurvey(surveyor(), values), survey.opens + timedelta(days=number % 18))


def _decide(world: World, survey: SurveyRound, email: str) -> None:
    """The team drops a name that is nothing to count; the others wait for it."""
    actor = world.actors[email]
    for one in waiting_of(actor, survey, names_waiting(actor, survey).count()):
        if one.tie.typed == "my gym":
            values = {"do": "drop", "tie": str(one.tie.uid), "revision": survey.revision}
            _done(world, SettleName(actor, values, instance=survey), world.today)


def _done(world: World, command, day: date) -> None:
    command.run()
    world.date_back(command.run_made, day)
