"""Follow-ups: put off, given to others, coming again, and those of a team."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.recording import Refused
from access.undo import undo
from crm.commands import AddTask, ChangeTask, DropTask, FinishTask, ReassignTask, SnoozeTask
from crm.models import Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_that_day():
    with time_machine.travel("2026-11-24T15:00Z", tick=False):
        yield


def run(command, actor, task, **values):
    row = Task.objects.visible_to(actor).get(pk=task.pk)
    done = command(actor, {"revision": row.revision} | values, instance=row)
    done.run()
    return done


def added(actor, due, **values):
    return AddTask(actor, {"title": "Call", "due": due} | values).run()


def test_putting_off_leaves_a_trace(actor):
    task = added(actor, "2026-11-20")
    run(SnoozeTask, actor, task, due="2026-12-01")
    run(SnoozeTask, actor, task, due="2026-12-08")
    task = make.fresh(task)
    assert (task.first_due, task.due, task.moved) == (date(2026, 11, 20), date(2026, 12, 8), 2)


def test_a_later_day_in_the_form_is_a_move_and_an_earlier_one_is_not(actor):
    task = added(actor, "2026-12-01")
    for due, moved in (("2026-12-05", 1), ("2026-11-28", 1)):
        values = {"title": "Call", "due": due, "owner": actor.user_uid}
        run(ChangeTask, actor, task, **values)
        assert make.fresh(task).moved == moved


@pytest.mark.parametrize("due", ["2026-11-24", "2026-11-23", "2026-12-01", "", "soon"])
def test_a_day_that_is_not_later_is_refused(actor, due):
    task = added(actor, "2026-12-01")
    with pytest.raises(ValidationError):
        run(SnoozeTask, actor, task, due=due)
    assert make.fresh(task).due == date(2026, 12, 1)


@pytest.mark.parametrize("command", [SnoozeTask, ReassignTask, DropTask])
def test_a_closed_follow_up_stays_as_it_is(here, command):
    lead = make.user(here.region, home=here, role="regional-lead")
    actor = actor_of(lead)
    task = added(actor, "2026-11-24")
    run(FinishTask, actor, task)
    with pytest.raises(Refused):
        run(command, actor, task, due="2026-12-24", owner=lead.uid)


@pytest.mark.parametrize(
    ("repeats", "due", "comes"),
    [
        ("week", "2026-11-24", "2026-12-01"),
        ("fortnight", "2026-11-24", "2026-12-08"),
        ("month", "2026-11-24", "2026-12-24"),
        ("quarter", "2026-11-24", "2027-02-24"),
        ("year", "2026-11-24", "2027-11-24"),
        ("month", "2026-08-31", "2026-11-30"),
        ("week", "2026-12-10", "2026-12-17"),
        ("week", "2026-10-01", "2026-11-26"),
    ],
)
def test_one_that_repeats_comes_again_after_today(actor, repeats, due, comes):
    task = added(actor, due, repeats=repeats)
    made = run(FinishTask, actor, task).next_made
    assert make.fresh(made).due == date.fromisoformat(comes)
    assert make.fresh(task).status == Task.Status.DONE


def test_the_last_day_of_a_month_stays_the_last(actor):
    task = added(actor, "2026-12-31", repeats="month")
    days = []
    for _n in range(4):
        task = run(FinishTask, actor, task).next_made
        days.append(make.fresh(task).due.isoformat())
    assert days == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


def test_putting_one_off_does_not_shift_the_rhythm(actor):
    task = added(actor, "2026-11-24", repeats="week")
    run(SnoozeTask, actor, task, due="2026-11-26")
    assert make.fresh(run(FinishTask, actor, task).next_made).due == date(2026, 12, 1)


def test_it_ends_when_it_was_to_end(actor):
    task = added(actor, "2026-11-24", repeats="week", repeats_until="2026-12-01")
    task = run(FinishTask, actor, task).next_made
    assert run(FinishTask, actor, task).next_made is None


def test_dropping_ends_it(actor):
    task = added(actor, "2026-11-24", repeats="week")
    run(DropTask, actor, task)
    assert not Task.objects.visible_to(actor).filter(status=Task.Status.OPEN).exists()


def test_at_the_end_of_the_calendar_it_ends(actor):
    task = added(actor, "9999-12-30", repeats="week")
    assert run(FinishTask, actor, task).next_made is None


def test_undo_takes_back_the_next_one_too(actor):
    task = added(actor, "2026-11-24", repeats="week")
    done = run(FinishTask, actor, task)
    undo(actor, done.run_made)
    assert [t.pk for t in Task.objects.visible_to(actor)] == [task.pk]
    assert make.fresh(task).status == Task.Status.OPEN


@pytest.mark.parametrize(
    "values",
    [
        {"repeats_until": "2026-12-24"},
        {"repeats": "week", "repeats_until": "2026-11-01"},
        {"repeats": "hourly"},
    ],
)
def test_a_rhythm_that_makes_no_sense_is_refused(actor, values):
    with pytest.raises(ValidationError):
        added(actor, "2026-11-24", **values)


@pytest.mark.parametrize(
    ("role", "may"), [("regional-lead", True), ("data-manager", True), ("organizer", False)]
)
def test_who_gives_a_follow_up_to_somebody_else(here, role, may):
    user, other = make.user(here.region, home=here, role=role), make.user(here.region, home=here)
    task = make.task(state=here, owner=user)
    if may:
        run(ReassignTask, actor_of(user), task, owner=other.uid)
        assert make.fresh(task).owner_id == other.pk
    else:
        with pytest.raises(PermissionDenied):
            run(ReassignTask, actor_of(user), task, owner=other.uid)


def test_it_is_not_given_to_who_does_not_see_it(here, elsewhere):
    actor = actor_of(make.user(here.region, home=here, role="regional-lead"))
    stranger, task = make.user(elsewhere.region, home=elsewhere), make.task(state=here)
    with pytest.raises(ValidationError) as refused:
        run(ReassignTask, actor, task, owner=stranger.uid)
    assert "does not see this area" in str(refused.value)
    about = {"about_kind": "organization", "about": make.organization(state=here).uid}
    with pytest.raises(ValidationError):
        added(actor, "2026-12-01", owner=stranger.uid, **about)


def test_the_team_page_counts_what_the_viewer_sees(here, elsewhere, organizer, actor):
    ours, theirs = make.organization(state=here), make.organization(state=elsewhere)
    other = make.user(here.region, home=here)
    make.task(about=ours, owner=organizer, due=date(2026, 11, 1))
    make.task(about=ours, owner=other, due=date(2026, 12, 1))
    make.task(about=theirs, owner=other, due=date(2026, 11, 1))
    make.task(about=ours, owner=other, status="done", done_on=date(2026, 11, 1))
    client = Client()
    client.force_login(organizer)
    page = client.get(reverse("crm:team_tasks"))
    told = {row["user"].pk: (row["open"], row["late"]) for row in page.context["people"]}
    assert told == {organizer.pk: (1, 1), other.pk: (1, 0)}
    assert [(r["about"][0], r["open"], r["late"]) for r in page.context["subjects"]] == [
        (ours.name, 2, 1)
    ]


def test_later_goes_back_to_the_list(here, organizer, actor):
    task = make.task(state=here, owner=organizer, due=date(2026, 11, 20))
    client = Client()
    client.force_login(organizer)
    back = reverse("crm:follow-ups") + "?mine=yes"
    url = reverse("crm:snooze_task", args=[task.uid])
    assert back.replace("&", "&amp;") in client.get(url, {"next": back}).content.decode()
    sent = {"revision": make.fresh(task).revision, "due": "pick", "due_day": "2026-12-03"}
    answer = client.post(url, sent | {"next": back})
    assert answer.url == back and make.fresh(task).due == date(2026, 12, 3)
    page = client.get(url, {"next": "https://evil.example/"})
    assert page.context["back_url"] == reverse("crm:task", args=[task.uid])
