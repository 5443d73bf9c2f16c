"""Programs: what begins them, what each step follows from, who signs off, what is kept."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from access.actors import actor_of
from access.undo import undo
from crm.commands import ChangeInteraction, LogInteraction
from outreach.commands import (
    AddJointAction,
    AddProgram,
    ChangeJointAction,
    ChangeProgram,
    ChangeStep,
    ChooseTargets,
    DeleteJointAction,
    DeleteProgram,
    LinkGoals,
    SignStep,
    TickCheck,
)
from outreach.models import Program, ProgramStep, StepCheck, Target
from outreach.models.program import STILL
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(here):
    """Somebody else than the organizer, who signs off."""
    return actor_of(make.user(here.region, home=here, role="regional-lead"))


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer, author=organizer)


def do(command, actor, row, **values):
    """Run a command on a row as it is now."""
    row = make.fresh(row)
    made = command(actor, values | {"revision": row.revision}, instance=row, partial=True)
    made.run()
    return made


def status(program, code):
    return make.step_of(program, code).status


def tick(actor, program, code, number=1, done=True):
    check = StepCheck.objects.get(code=f"{code}-{number}")
    values = {"check": check.code} | ({"done": "on"} if done else {})
    return do(TickCheck, actor, make.step_of(program, code), **values)


# -- beginning -----------------------------------------------------------------------------------


def begun(actor, affiliate, **values):
    days = {"start": "2026-01-01", "end": "2026-12-27"}
    values = {"name": "Valley, 2026", "affiliate": str(affiliate.uid)} | days | values
    return AddProgram(actor, values)


def test_a_program_begins_with_five_steps_due_in_equal_parts(here, actor):
    make.steps()
    program = begun(actor, make.affiliate(here)).run()
    steps = ProgramStep.objects.visible_to(actor).filter(program=program).order_by("due")
    assert [step.due for step in steps] == [
        date(2026, 1, 1) + timedelta(days=72 * n) for n in range(1, 6)
    ]
    assert {step.status for step in steps} == {"not-started"}
    program = make.fresh(program)
    assert (program.home_id, program.step_now) == (here.pk, 1)
    assert program.next_due == date(2026, 3, 14)


def test_its_lead_owns_the_steps_at_first(here, organizer, actor):
    make.steps()
    program = begun(actor, make.affiliate(here), lead=str(organizer.uid)).run()
    steps = ProgramStep.objects.visible_to(actor).filter(program=program)
    assert {step.owner_id for step in steps} == {organizer.pk}


def test_a_lead_who_does_not_see_the_area_is_refused(here, elsewhere, actor):
    make.steps()
    far = make.user(elsewhere.region, home=elsewhere)
    with pytest.raises(ValidationError, match="does not see this area"):
        begun(actor, make.affiliate(here), lead=str(far.uid)).run()


def test_an_affiliate_elsewhere_is_no_choice(elsewhere, actor):
    make.steps()
    with pytest.raises(ValidationError, match="not there"):
        begun(actor, make.affiliate(elsewhere)).run()


def test_it_ends_after_it_begins(here, actor, program):
    with pytest.raises(ValidationError, match="before the first day"):
        do(ChangeProgram, actor, program, end=str(program.start - timedelta(days=1)))
    do(ChangeProgram, actor, program, end=str(program.start))


def dues(program):
    return [make.step_of(program, code).due for code in make.STEPS]


def test_open_steps_move_along_with_the_first_day_only_when_asked(actor, lead, program):
    before, week = dues(program), timedelta(days=7)
    do(ChangeProgram, actor, program, start=str(program.start + week))
    assert dues(program) == before
    do(SignStep, lead, make.step_of(program, "goals"))
    do(ChangeStep, actor, make.step_of(program, "map"), start=str(make.DAY))
    later = str(program.start + 3 * week)
    asked = do(ChangeProgram, actor, program, start=later, move_steps="on")
    assert dues(program) == [before[0], *(day + 2 * week for day in before[1:])]
    assert make.step_of(program, "map").start == make.DAY + 2 * week
    assert make.fresh(program).next_due == before[1] + 2 * week
    do(ChangeProgram, actor, program, name="Valley", move_steps="on")  # the first day stays
    assert dues(program)[1] == before[1] + 2 * week
    undo(actor, asked.run_made)
    assert dues(program) == before


def test_steps_do_not_move_out_of_the_calendar(actor, program):
    last = {"start": "9999-12-30", "end": "9999-12-31"}
    with pytest.raises(ValidationError, match="later than there are days"):
        do(ChangeProgram, actor, program, move_steps="on", **last)
    with pytest.raises(ValidationError):
        do(ChangeProgram, actor, program, move_steps="on", start="")


def test_the_api_moves_steps_if_asked_and_shows_no_such_column(client, organizer, program):
    client.force_login(organizer)
    at, due = f"/api/v1/programs/{program.uid}/", dues(program)[0]
    shown = client.get(at)
    assert "move_steps" not in shown.json() and shown.json()["name"] == program.name
    values = {"start": str(program.start + timedelta(days=7)), "move_steps": True}
    headers = {"if-match": shown["ETag"]}
    answer = client.patch(at, values, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    assert dues(program)[0] == due + timedelta(days=7)


def test_a_new_program_has_no_steps_to_move(here, actor):
    make.steps()
    assert "move_steps" not in begun(actor, make.affiliate(here)).fields
    assert "move_steps" in ChangeProgram(actor, instance=make.program(here)).fields


def test_a_run_is_renewed_once(actor, program):
    affiliate = program.affiliate
    begun(actor, affiliate, renews=str(program.uid)).run()
    again = begun(actor, affiliate, renews=str(program.uid))
    with pytest.raises(ValidationError):
        again.run()
    assert "renewed already" in str(again.errors["renews"])


def test_nobody_was_asked_tomorrow(actor, program):
    tomorrow = actor.today() + timedelta(days=1)
    asked = [{"who": "Ana", "role": "board", "day": f"{tomorrow}"}]
    with pytest.raises(ValidationError):
        do(LinkGoals, actor, program, consultations=asked)


def test_it_renews_a_run_of_the_same_affiliate_alone(here, actor, program):
    other = make.affiliate(here)
    with pytest.raises(ValidationError, match="another affiliate"):
        begun(actor, other, renews=str(program.uid)).run()
    begun(actor, program.affiliate, renews=str(program.uid)).run()


def test_it_goes_where_its_affiliate_goes(here, elsewhere, program):
    affiliate = make.fresh(program.affiliate)
    affiliate.state = elsewhere
    make.saved(affiliate)
    assert make.fresh(program).home_id == elsewhere.pk
    assert make.step_of(program, "map").home_id == elsewhere.pk


def test_a_follow_up_about_it_goes_along(elsewhere, program, organizer):
    task = make.task(about=program, owner=organizer)
    about_step = make.task(about=make.step_of(program, "map"), owner=organizer)
    assert {make.fresh(t).home_id for t in (task, about_step)} == {program.home_id}
    affiliate = make.fresh(program.affiliate)
    affiliate.state = elsewhere
    make.saved(affiliate)
    assert {make.fresh(t).home_id for t in (task, about_step)} == {elsewhere.pk}


def test_it_is_deleted_with_its_steps_and_brought_back(actor, program):
    deleted = do(DeleteProgram, actor, program)
    assert not Program.objects.visible_to(actor).exists()
    assert not ProgramStep.objects.visible_to(actor).exists()
    undo(actor, deleted.run_made)
    assert ProgramStep.objects.visible_to(actor).filter(program=program).count() == 5


def test_another_organizer_does_not_delete_it(here, program):
    other = actor_of(make.user(here.region, home=here))
    with pytest.raises(PermissionDenied):
        do(DeleteProgram, other, program)


def test_a_renewal_takes_over_targets_and_open_follow_ups(here, actor, organizer, program):
    partner = make.organization(state=here)
    targeted(actor, program, partner)
    open_one = make.task(about=make.step_of(program, "map"), owner=organizer)
    done = make.task(about=program, owner=organizer, status="done", done_on=make.DAY)
    renewal = begun(actor, program.affiliate, renews=str(program.uid))
    new = renewal.run()
    rows = Target.objects.visible_to(actor).filter(program=new)
    assert [t.organization_id for t in rows] == [partner.pk]
    assert make.fresh(open_one).about == new.uid
    assert make.fresh(done).about == program.uid
    undo(actor, renewal.run_made)
    assert make.fresh(open_one).about == make.step_of(program, "map").uid


def test_a_renewal_leaves_what_its_author_does_not_see(here, elsewhere, actor, program):
    make.saved(Target(program=program, organization=make.organization(state=elsewhere)))
    new = begun(actor, program.affiliate, renews=str(program.uid)).run()
    assert not Target.objects.visible_to(make.SETUP).filter(program=new).exists()


# -- what counts by itself -----------------------------------------------------------------------


def test_a_tick_begins_a_step_and_its_undo_takes_that_back(actor, program):
    ticked = tick(actor, program, "map")
    assert status(program, "map") == "started"
    undo(actor, ticked.run_made)
    assert status(program, "map") == "not-started"


def test_a_check_is_ticked_once_and_can_be_taken_back(actor, program):
    tick(actor, program, "map")
    tick(actor, program, "map")
    assert status(program, "map") == "started"
    tick(actor, program, "map", done=False)
    assert status(program, "map") == "not-started"


def test_a_check_of_another_step_is_no_choice(actor, program):
    with pytest.raises(ValidationError, match="not there"):
        do(TickCheck, actor, make.step_of(program, "map"), check="goals-1", done="on")


def test_goals_begin_the_first_step_and_a_committee_the_second(actor, program):
    goals = [{"goal": "Smaller classes", "engagement_goal": ""}]
    do(LinkGoals, actor, program, goals=goals)
    do(ChangeProgram, actor, program, committee=[{"name": "Ana", "role": "chair"}])
    assert [status(program, c) for c in ("goals", "members", "map")] == [
        "started",
        "started",
        "not-started",
    ]
    do(ChangeProgram, actor, program, committee=[])
    assert status(program, "members") == "not-started"


def targeted(actor, program, *partners):
    do(ChooseTargets, actor, program, targets=[str(p.uid) for p in partners])


def logged(actor, partner, **values):
    command = LogInteraction(actor, make.meeting_values(partner, **values))
    command.run()
    return command


def test_a_meeting_with_a_target_begins_step_four_at_once(here, actor, program):
    partner = make.organization(state=here)
    targeted(actor, program, partner)
    assert status(program, "relationships") == "not-started"
    met = logged(actor, partner)
    assert status(program, "relationships") == "started"
    undo(actor, met.run_made)
    assert status(program, "relationships") == "not-started"


def test_choosing_one_that_was_met_begins_it_too(here, actor, program):
    partner = make.organization(state=here)
    logged(actor, partner)
    targeted(actor, program, partner)
    assert status(program, "relationships") == "started"
    targeted(actor, program)
    assert status(program, "relationships") == "not-started"


@pytest.mark.parametrize(
    "values",
    [
        {"status": "planned", "day": "2026-11-20"},
        {"visibility": "restricted"},
        {"day": "2026-11-01"},  # before the program began
    ],
)
def test_what_was_not_held_openly_since_it_began_does_not_count(here, actor, program, values):
    partner = make.organization(state=here, owner=make.fresh(program).author)
    targeted(actor, program, partner)
    logged(actor, partner, **values)
    assert status(program, "relationships") == "not-started"


def test_a_meeting_that_is_cancelled_does_not_count_any_more(here, actor, program):
    partner = make.organization(state=here)
    targeted(actor, program, partner)
    row = logged(actor, partner).instance
    do(ChangeInteraction, actor, row, status="cancelled")
    assert status(program, "relationships") == "not-started"


def test_a_target_in_another_state_changes_nothing(here, elsewhere, actor, program):
    partner = make.organization(state=elsewhere)
    boss = actor_of(make.user(role="regional-lead", everywhere=True, home=here))
    targeted(boss, program, partner)
    logged(boss, partner)
    assert status(program, "relationships") == "not-started"


def test_a_joint_action_begins_step_five_until_it_is_cancelled(here, actor, program):
    values = {"title": "March", "issue": "both", "start": "2026-12-01"}
    add = AddJointAction(actor, values | {"program": str(program.uid)})
    row = add.run()
    assert (row.status, make.fresh(row).home_id) == ("planned", here.pk)
    assert status(program, "act") == "started"
    do(ChangeJointAction, actor, row, status="cancelled")
    assert status(program, "act") == "not-started"
    do(ChangeJointAction, actor, row, status="done", result="300 came.")
    assert status(program, "act") == "started"
    do(DeleteJointAction, actor, row)
    assert status(program, "act") == "not-started"


def test_a_joint_action_ends_after_it_begins(actor, program):
    row = make.joint_action(program)
    with pytest.raises(ValidationError, match="before the first day"):
        do(ChangeJointAction, actor, row, end=str(row.start - timedelta(days=1)))
    do(ChangeJointAction, actor, row, end=str(row.start))


def test_a_program_stands_still_when_nothing_was_done_for_long(here, actor, program):
    rows = Program.objects.visible_to(actor)
    last = program.start + STILL
    assert not rows.stalled(last - timedelta(days=1)).exists()  # it began lately
    assert rows.stalled(last + timedelta(days=1)).exists()
    ticked = tick(actor, program, "map")
    today = actor.today()
    assert make.fresh(program).last_done == today
    assert not rows.stalled(today + STILL).exists()
    assert rows.stalled(today + STILL + timedelta(days=1)).exists()
    undo(actor, ticked.run_made)
    assert make.fresh(program).last_done == date.min


def test_a_meeting_with_a_target_is_progress(here, actor, program):
    partner = make.organization(state=here)
    targeted(actor, program, partner)
    logged(actor, partner, day="2026-11-20")
    assert make.fresh(program).last_done == date(2026, 11, 20)


def test_a_status_set_by_hand_wins(here, actor, program):
    do(ChangeStep, actor, make.step_of(program, "relationships"), by_hand="not-started")
    partner = make.organization(state=here)
    targeted(actor, program, partner)
    logged(actor, partner)
    assert status(program, "relationships") == "not-started"
    do(ChangeStep, actor, make.step_of(program, "relationships"), by_hand="")
    assert status(program, "relationships") == "started"
