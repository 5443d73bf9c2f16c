"""Signing a step off: who does, what stays as it was signed, what reopens it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.history import history_of
from access.models import User
from access.recording import Refused
from access.undo import undo
from outreach.commands import (
    AddJointAction,
    ChangeJointAction,
    ChangeProgram,
    ChangeStep,
    ChangeStepText,
    LinkGoals,
    ReopenStep,
    SignStep,
)
from outreach.contents import in_words
from outreach.models import ALL_SIGNED, Asset, Program, ProgramStep, SignOff
from tests import make
from tests.outreach.test_programs import do, status, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(here):
    """Somebody else than the organizer, who signs off."""
    return actor_of(make.user(here.region, home=here, role="regional-lead"))


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer, author=organizer)


def test_somebody_else_than_its_owner_signs_a_step_off(here, lead, program):
    signed = do(SignStep, lead, make.step_of(program, "goals"), note="Read the goals.")
    assert status(program, "goals") == "signed"
    assert make.fresh(program).step_now == 2
    undo(lead, signed.run_made)
    assert status(program, "goals") == "not-started"
    assert make.fresh(program).step_now == 1


def test_its_owner_does_not(here, lead, program):
    step = make.step_of(program, "goals")
    step.owner_id = lead.user_id
    make.saved(step)
    with pytest.raises(ValidationError, match="somebody else signs it off"):
        do(SignStep, lead, step)
    assert status(program, "goals") == "not-started"


def test_a_step_without_an_owner_is_not_signed(here, lead):
    program = make.program(here)
    with pytest.raises(ValidationError, match="an owner first"):
        do(SignStep, lead, make.step_of(program, "goals"))


def test_an_organizer_does_not_sign_off(here, program):
    other = actor_of(make.user(here.region, home=here))
    with pytest.raises(PermissionDenied):
        do(SignStep, other, make.step_of(program, "goals"))


def test_a_second_click_signs_once(lead, program):
    do(SignStep, lead, make.step_of(program, "goals"))
    with pytest.raises(Refused, match="signed off already"):
        do(SignStep, lead, make.step_of(program, "goals"))
    assert SignOff.objects.visible_to(lead).count() == 1


def test_a_signed_step_is_not_changed(actor, lead, program):
    do(SignStep, lead, make.step_of(program, "goals"))
    with pytest.raises(Refused, match="Reopen it first"):
        do(ChangeStep, actor, make.step_of(program, "goals"), note="Late thoughts")
    with pytest.raises(Refused, match="Reopen it first"):
        tick(actor, program, "goals")


def test_reopening_keeps_the_first_sign_off(actor, lead, program):
    do(SignStep, lead, make.step_of(program, "goals"))
    do(ReopenStep, lead, make.step_of(program, "goals"), why="A goal was missing.")
    assert status(program, "goals") == "not-started"
    do(SignStep, lead, make.step_of(program, "goals"))
    rows = SignOff.objects.visible_to(lead).order_by("id")
    assert [(row.why, row.reopened is None) for row in rows] == [
        ("A goal was missing.", False),
        ("", True),
    ]


def test_a_program_that_signed_all_is_in_no_step(lead, program):
    for code in make.STEPS:
        do(SignStep, lead, make.step_of(program, code))
    row = make.fresh(program)
    assert (row.step_now, row.next_due) == (ALL_SIGNED, date.min)


def test_a_signed_step_keeps_the_words_it_was_signed_with(here, actor, lead, program):
    tick(actor, program, "goals")
    do(SignStep, lead, make.step_of(program, "goals"))
    boss = actor_of(make.user(role="administrator", everywhere=True, home=here))
    step = make.steps()[0]
    do(ChangeStepText, boss, step, name="New title", checks=[{"name": "New check"}])
    text = SignOff.objects.visible_to(lead).get().text
    assert text["title"] == "Step goals"
    assert [(c["name"], c["done"]) for c in text["checks"]] == [
        ("Check goals 1", True),
        ("Check goals 2", False),
    ]
    assert [c.name for c in step.checks.all() if not c.retired] == ["New check"]


def test_a_list_tells_as_what_a_step_was_signed(client, here, organizer, lead, program):
    do(SignStep, lead, make.step_of(program, "goals"))
    boss = actor_of(make.user(role="administrator", everywhere=True, home=here))
    do(ChangeStepText, boss, make.steps()[0], name="Tie our goals")
    client.force_login(organizer)
    url = reverse("outreach:program-steps")
    text = client.get(url, {"view": "all", "step": "goals"}).content.decode()
    assert "Tie our goals" in text and "Step goals" in text
    do(ReopenStep, lead, make.step_of(program, "goals"), why="Too early.")
    assert "Step goals" not in client.get(url, {"view": "all", "step": "goals"}).content.decode()


def test_a_title_of_the_guide_is_changed_knowingly(here):
    boss = actor_of(make.user(role="administrator", everywhere=True, home=here))
    step = make.steps()[0]
    step.from_guide = True
    make.saved(step)
    with pytest.raises(ValidationError, match="say below that"):
        do(ChangeStepText, boss, step, name="Ours")
    do(ChangeStepText, boss, step, name="Ours", ours="on")
    step = make.fresh(step)
    assert (step.name, step.from_guide) == ("Ours", False)


def test_late_is_what_is_past_its_day_and_not_signed(here, actor, lead, program):
    step = make.step_of(program, "goals")
    after, on = step.due + timedelta(days=1), step.due
    steps = ProgramStep.objects.visible_to(actor)
    assert [s.pk for s in steps.late(after)] == [step.pk]
    assert not steps.late(on).exists()
    assert Program.objects.visible_to(actor).late(after).exists()
    do(SignStep, lead, step)
    assert not ProgramStep.objects.visible_to(actor).late(after).exists()
    assert not Program.objects.visible_to(actor).late(after).exists()


# -- what it was signed with ---------------------------------------------------------------------


def side_of(client, row):
    """What the page of a step says, without its frame."""
    return " ".join(client.get(reverse("outreach:step", args=[row.uid])).content.decode().split())


def goals(*pairs):
    return [{"goal": goal, "engagement_goal": served} for goal, served in pairs]


def test_a_sign_off_keeps_what_the_step_held_and_tells_what_is_different(
    client, organizer, actor, lead, program
):
    step = make.step_of(program, "goals")
    do(LinkGoals, actor, program, goals=goals(("Smaller classes", "Ask families"), ("Pay", "")))
    do(SignStep, lead, step)
    client.force_login(organizer)
    text = side_of(client, step)
    assert "With 2 goals, 1 with an engagement goal" in text and "Since then" not in text
    do(LinkGoals, actor, program, goals=goals(("Smaller classes", "Ask families")))
    text = side_of(client, step)
    assert "With 2 goals, 1 with an engagement goal" in text
    assert "Since then:</b> 1 goal instead of 2" in text


def test_what_it_was_signed_with_stays_after_reopening(client, organizer, actor, lead, program):
    step = make.step_of(program, "members")
    do(ChangeProgram, actor, program, committee=[{"name": "Ana"}, {"name": "Rosa"}])
    do(SignStep, lead, step)
    do(ReopenStep, lead, step, why="One is missing.")
    do(ChangeProgram, actor, program, committee=[{"name": "Ana"}])
    client.force_login(organizer)
    text = side_of(client, step)
    assert "Signed before" in text and "With committee of 2" in text
    assert "Since then:</b> committee of 1 instead of 2" in text
    do(SignStep, lead, step)
    text = side_of(client, step)
    assert "With committee of 1" in text and "With committee of 2" in text
    assert "Since then" not in text


def test_who_signs_reads_what_it_is_signed_with(client, actor, lead, program):
    url = reverse("outreach:sign_step", args=[make.step_of(program, "goals").uid])
    client.force_login(User.objects.get(pk=lead.user_id))
    assert "is signed with, too: nothing written down." in client.get(url).content.decode()
    do(LinkGoals, actor, program, goals=goals(("Pay", "")))
    assert "is signed with, too: 1 goal." in client.get(url).content.decode()


def test_every_step_counts_what_it_holds(here, organizer, lead, program):
    board = make.power_map(program)
    make.map_actor(board)
    make.map_actor(board, organization=make.organization(state=here))
    make.saved(Asset(program=program, kind="place", name="Hall"))
    make.target(program, make.organization(state=here))
    make.joint_action(program, status="done")
    make.joint_action(program, status="cancelled")
    make.survey(program)
    partner = make.organization(state=here)
    make.evaluation(program, partner, answered_on=make.DAY, kept_word=5)
    make.evaluation(program, partner)
    for code, said in {
        "members": "1 member survey",
        "map": "1 power map, 2 placed on a map, 1 asset",
        "relationships": "1 target organization",
        "act": "1 joint action, 1 of them done, 1 partner looked back",
    }.items():
        row = do(SignStep, lead, make.step_of(program, code)).instance
        assert in_words(row.sign_offs.visible_to(lead).get().contents) == said


def test_a_sign_off_counts_no_partner_that_the_people_there_do_not_see(
    here, elsewhere, actor, program
):
    boss = actor_of(make.user(role="regional-lead", everywhere=True, home=here))
    far = make.organization(state=elsewhere)
    make.target(program, far)
    make.map_actor(make.power_map(program), organization=far)
    make.evaluation(program, far, answered_on=make.DAY)
    for code in ("relationships", "map", "act"):
        do(SignStep, boss, make.step_of(program, code))
    rows = SignOff.objects.visible_to(actor).order_by("id")
    told = [in_words(row.contents) for row in rows]
    assert told == ["nothing written down", "1 power map", "nothing written down"]


def test_one_signed_before_anything_was_counted_says_nothing(client, organizer, lead, program):
    step = make.step_of(program, "goals")
    row = do(SignStep, lead, step).instance.sign_offs.visible_to(lead).get()
    row.text = {name: value for name, value in row.text.items() if name != "contents"}
    make.saved(row)
    client.force_login(organizer)
    text = side_of(client, step)
    assert "Its words are those of that day." in text
    assert "Since then" not in text and "With nothing" not in text


# -- the history of the program ------------------------------------------------------------------


def told_of(actor, row):
    """(what was done, [what and name of each line], [columns]) of a row's history."""
    return [
        (
            str(step.did),
            [f"{line.what}: {line.name}" for line in step.lines],
            [(told.label, told.before, told.after) for ln in step.lines for told in ln.columns],
        )
        for step in history_of(actor, row)
    ]


def test_a_programs_history_tells_of_its_sign_offs_and_reopenings(actor, lead, program):
    do(SignStep, lead, make.step_of(program, "goals"), note="Read the goals.")
    do(ReopenStep, lead, make.step_of(program, "goals"), why="A goal was missing.")
    (reopened, signed) = told_of(actor, program)[:2]
    name = f"sign-off {program.name}: Step goals"
    assert (signed[0], signed[1]) == ("Signed off a step of a program", [f"Added: {name}"])
    assert ("note", "", "Read the goals.") in signed[2]
    assert reopened[0] == "Reopened a step of a program"
    assert ("why it was reopened", "", "A goal was missing.") in reopened[2]
    assert [step[0] for step in told_of(actor, make.program(program.home))] == ["Setup"]


def test_a_programs_history_calls_joint_actions_by_their_title(actor, organizer, program):
    values = {"title": "March", "issue": "both", "start": "2026-12-01"}
    values |= {"program": str(program.uid), "owner": str(organizer.uid)}
    row = AddJointAction(actor, values).run()
    added = told_of(actor, program)[0]
    assert added[1] == ["Added: joint action March"]
    assert ("owner", "", organizer.name) in added[2]
    do(ChangeJointAction, actor, row, title="Long march", start="2026-12-02")
    changed = told_of(actor, program)[0]
    assert changed[1] == ["Changed: joint action Long march"]
    assert ("what we do together", "March", "Long march") in changed[2]
    step = history_of(actor, program)[0]
    assert not any(told.column for line in step.lines for told in line.columns)
