"""Plans for target organizations: given once, moved as asked, done."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from access.recording import Refused
from access.undo import undo
from crm.models import Interaction
from outreach.commands import (
    AddTargetStep,
    ChangeTargetStep,
    FinishTargetStep,
    PlanTarget,
    RemoveTargetStep,
)
from outreach.commands.plan import MOST
from outreach.models import PlanTemplate, TargetStep
from outreach.models.plan import moved
from tests import make
from tests.outreach.test_programs import do

pytestmark = pytest.mark.django_db
START = date(2026, 12, 1)


@pytest.fixture
def aim(here, organizer):
    program = make.program(here, owner=organizer, author=organizer)
    return make.target(program, make.organization(state=here))


def steps_of(actor, aim):
    return list(TargetStep.objects.visible_to(actor).filter(target=aim).order_by("day", "id"))


def planned(actor, aim, plan):
    return do(PlanTarget, actor, aim, template=plan.code, start=str(START))


def test_a_plan_gives_dated_steps_once_even_when_clicked_twice(actor, aim):
    plan = make.plan(days=(0, 10, 30))
    planned(actor, aim, plan)
    planned(actor, aim, plan)
    days = [step.day for step in steps_of(actor, aim)]
    assert days == [START + timedelta(days=n) for n in (0, 10, 30)]


def test_its_undo_takes_all_of_them_back(actor, aim):
    undo(actor, planned(actor, aim, make.plan()).run_made)
    assert steps_of(actor, aim) == []


def test_later_steps_move_only_when_asked(actor, aim):
    planned(actor, aim, make.plan(days=(0, 10, 30)))
    middle = steps_of(actor, aim)[1]
    do(ChangeTargetStep, actor, middle, day=str(middle.day + timedelta(days=5)))
    assert [(s.day - START).days for s in steps_of(actor, aim)] == [0, 15, 30]
    change = {"day": str(middle.day + timedelta(days=7)), "with_later": "on"}
    command = do(ChangeTargetStep, actor, middle, **change)
    assert [(s.day - START).days for s in steps_of(actor, aim)] == [0, 17, 32]
    undo(actor, command.run_made)
    assert [(s.day - START).days for s in steps_of(actor, aim)] == [0, 15, 30]


@given(
    days=st.lists(st.integers(0, 60), min_size=1, max_size=8),
    done=st.lists(st.booleans(), min_size=8, max_size=8),
    by=st.integers(-30, 30),
    at=st.integers(0, 7),
    asked=st.booleans(),
)
def test_what_moves_along_is_later_and_open(days, done, by, at, asked):
    steps = [
        TargetStep(pk=n, day=START + timedelta(days=d), done_on=START if done[n] else None)
        for n, d in enumerate(days)
    ]
    one = steps[at % len(steps)]
    before = {step.pk: step.day for step in steps}
    moved(steps, one, one.day + timedelta(days=by), asked)
    for step in steps:
        along = asked and before[step.pk] > before[one.pk] and step.done_on is None
        expected = by if step is one or along else 0
        assert (step.day - before[step.pk]).days == expected


def test_a_step_is_done_and_not_done_after_all(actor, aim):
    do(AddTargetStep, actor, aim, text="Listen", day="2026-12-01")
    (step,) = steps_of(actor, aim)
    do(FinishTargetStep, actor, step, done="on")
    assert make.fresh(step).done_on == actor.today()
    do(FinishTargetStep, actor, step)
    assert make.fresh(step).done_on is None
    removed = do(RemoveTargetStep, actor, step)
    assert steps_of(actor, aim) == []
    undo(actor, removed.run_made)
    assert [s.text for s in steps_of(actor, aim)] == ["Listen"]


def test_there_are_not_more_steps_than_help(actor, aim):
    rows = [TargetStep(target=aim, text=f"Step {n}", day=START) for n in range(MOST)]
    make.saved(*rows)
    with pytest.raises(Refused, match="help nobody"):
        do(AddTargetStep, actor, aim, text="One more", day="2026-12-01")
    with pytest.raises(ValidationError, match="help nobody"):
        planned(actor, aim, make.plan())


def test_the_page_of_a_target_shows_plan_and_one_to_ones(client, organizer, aim):
    client.force_login(organizer)
    partner = aim.organization
    for more in (
        {},
        {"status": "planned"},
        {"kind": make.kind(counts_as_contact=False)},
        {"day": make.fresh(aim.program).start - timedelta(days=1)},
    ):
        purpose = Interaction.OneToOne.values[0]
        make.interaction(organization=partner, purpose=purpose, **more)
    plan = make.plan()
    url = reverse("outreach:plan_target", args=[aim.uid])
    sent = {"revision": aim.revision, "template": plan.code, "start": "2026-12-01"}
    page = client.post(url, sent, follow=True)
    assert len(page.context["steps"]) == 3
    assert page.context["purposes"][0][1] == 1
    assert partner.name in page.content.decode()


def test_an_administrator_adds_changes_and_retires_a_plan(client, here):
    client.force_login(make.user(role="administrator", everywhere=True, home=here))
    sent = {
        "name": "Ours",
        "steps-0-days": "0",
        "steps-0-name": "Call",
        "steps-1-days": "14",
        "steps-1-name": "Visit",
    }
    client.post(reverse("outreach:add_plan_template"), sent)
    row = PlanTemplate.objects.get(name="Ours")
    assert [(s.days, s.name) for s in row.steps.all()] == [(0, "Call"), (14, "Visit")]
    url = reverse("outreach:plan_template", args=[row.uid])
    uid = row.steps.all()[0].uid
    sent = {"name": "Ours", "revision": row.revision, "retired": "on"}
    sent |= {"steps-0-uid": uid, "steps-0-days": "3", "steps-0-name": "Call"}
    assert client.post(url, sent).status_code == 302
    row = make.fresh(row)
    assert row.retired
    assert [(s.days, s.retired) for s in row.steps.order_by("days")] == [(3, False), (14, True)]
