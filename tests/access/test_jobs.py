"""Work that goes on after its request: progress, stopping, rights read anew, files that go."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.http import Http404
from django.utils import timezone

from access import jobs
from access.actors import actor_of
from access.files import forget_files
from access.models import Access, Job
from access.recording import Refused
from config.management.commands import tick
from tests import make

pytestmark = pytest.mark.django_db
WORDS = {"rows": 3}
SHA256 = hashlib.sha256(b"one,two").hexdigest()


@pytest.fixture
def kind(monkeypatch):
    """Registers what a job of the kind "trial" does, and starts at every sign of life."""
    monkeypatch.setattr(jobs, "EVERY", 0)

    def register(function):
        monkeypatch.setitem(jobs._KINDS, "trial", function)

    return register


def write(work, text=b"one,two"):
    with work.new_file("list.csv", "text/csv") as stream:
        stream.write(text)


def made(actor, **values) -> Job:
    """A job started and run."""
    job = jobs.start("trial", actor, WORDS, **values)
    assert jobs.run_waiting() == 1
    return Job.objects.get(pk=job.pk)


def test_a_job_does_its_work_once_and_keeps_what_came_of_it(actor, kind):
    seen = []

    def count(work):
        seen.append(work.job.words)
        work.progress(1, 3)
        return {"found": 3}

    kind(count)
    job = made(actor)
    jobs.run_job.func(str(job.uid))
    assert (job.status, job.outcome, job.done, job.total, job.percent) == (
        Job.Status.DONE,
        {"found": 3},
        3,
        3,
        100,
    )
    assert seen == [WORDS]


def test_how_far_it_is_can_be_read_while_it_runs(actor, kind):
    seen = []

    def half(work):
        work.progress(2, 8)
        seen.append(Job.objects.get(pk=work.job.pk).percent)

    kind(half)
    made(actor)
    assert seen == [25]


def test_its_file_is_private_and_known_by_its_hash(actor, kind):
    kind(write)
    job = made(actor)
    target = Path(settings.MEDIA_ROOT) / job.path
    assert target.stat().st_mode & 0o777 == 0o600
    assert (job.size, job.sha256, job.file_name) == (7, SHA256, "list.csv")
    with jobs.file_of(job) as stream:
        assert stream.read() == b"one,two"
    assert jobs.may_take(actor, job)


def test_nobody_else_gets_it(actor, kind, here):
    kind(write)
    job = made(actor)
    other = make.actor(here.region, home=here, role="administrator")
    assert not jobs.may_take(other, job)
    with pytest.raises(Http404):
        jobs.job_of(other, job.uid, "trial")
    with pytest.raises(Http404):
        jobs.job_of(actor, job.uid, "export")
    assert jobs.job_of(actor, job.uid, "trial") == job


def narrowed(actor):
    """The actor's role is another from now on."""
    access = Access.objects.visible_to(make.SETUP).get(user_id=actor.user_id)
    access.role = "leader"
    make.saved(access)


def test_a_job_ends_when_rights_are_taken_away_while_it_runs(actor, kind):
    def long(work):
        with work.new_file("list.csv", "text/csv") as stream:
            for number in range(100):
                stream.write(b"row\n")
                if number == 5:
                    narrowed(actor)
                work.progress(number, 100)

    kind(long)
    job = made(actor)
    assert (job.status, job.done, job.path) == (Job.Status.FAILED, 5, "")
    assert "role or your areas" in job.message


def test_a_file_finished_under_rights_that_are_gone_is_not_kept(actor, kind):
    def short(work):
        write(work)
        narrowed(actor)

    kind(short)
    before = set(Path(settings.MEDIA_ROOT).iterdir())
    job = made(actor)
    assert job.status == Job.Status.FAILED
    assert set(Path(settings.MEDIA_ROOT).iterdir()) == before


def test_a_job_of_who_was_deactivated_while_it_waited_is_not_begun(organizer, kind):
    kind(write)
    job = jobs.start("trial", actor_of(organizer), WORDS)
    organizer.is_active = False
    organizer.save()
    jobs.run_waiting()
    assert Job.objects.get(pk=job.pk).status == Job.Status.FAILED


def test_a_file_goes_with_the_areas_it_was_made_for(actor, kind):
    kind(write)
    job = made(actor)
    assert not jobs.may_take(replace(actor, state_ids=frozenset()), job)


def test_stopping_ends_one_that_waits_and_one_that_runs(actor, kind, here):
    kind(write)
    waiting = jobs.start("trial", actor, WORDS)
    jobs.stop(make.actor(here.region, home=here), waiting)
    assert Job.objects.get(pk=waiting.pk).status == Job.Status.WAITING
    jobs.stop(actor, waiting)
    assert jobs.run_waiting() == 0

    def stopped(work):
        jobs.stop(actor, work.job)
        work.progress(1)
        raise AssertionError("went on")

    kind(stopped)
    assert made(actor).status == Job.Status.STOPPED


def test_why_one_failed_is_said_and_an_error_of_ours_gives_nothing_away(actor, kind, caplog):
    def refuse(work):
        raise Refused("The list is empty.")

    kind(refuse)
    assert made(actor).message == "The list is empty."

    def crash(work):
        raise ZeroDivisionError("Rosa Marquez")

    kind(crash)
    job = made(actor)
    assert job.status == Job.Status.FAILED
    assert "reference" in job.message
    assert "Rosa" not in job.message


def test_a_process_that_is_told_to_end_says_so(actor, kind):
    def ended(work):
        raise SystemExit(0)

    kind(ended)
    job = jobs.start("trial", actor, WORDS)
    with pytest.raises(SystemExit):
        jobs.run_waiting()
    job.refresh_from_db()
    assert (job.status, job.going_on) == (Job.Status.FAILED, False)
    assert "cut short" in job.message


def test_the_upkeep_ends_jobs_whose_process_died(actor, kind):
    kind(write)
    job, alive = jobs.start("trial", actor, WORDS), jobs.start("trial", actor, WORDS)
    quiet_since = timezone.now() - timedelta(minutes=11)
    Job.objects.filter(pk=job.pk).update(status=Job.Status.RUNNING, beat_at=quiet_since)
    Job.objects.filter(pk=alive.pk).update(status=Job.Status.RUNNING)
    did, _failed = tick.run_due()
    assert did["end interrupted jobs"] == "1 ended"
    assert Job.objects.get(pk=alive.pk).status == Job.Status.RUNNING


def test_files_go_a_day_after_their_end_and_rows_a_month_after(actor, kind):
    kind(write)
    job = made(actor)
    target = Path(settings.MEDIA_ROOT) / job.path
    with time_machine.travel(timezone.now() + timedelta(hours=23), tick=False):
        tick.run_due(every_job=True)
        assert forget_files() == 0
        assert target.exists()
        assert jobs.may_take(actor, job)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        assert not jobs.may_take(actor, job)
        tick.run_due(every_job=True)
        assert not target.exists()
        assert Job.objects.filter(pk=job.pk).exists()
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        tick.run_due(every_job=True)
        assert not Job.objects.filter(pk=job.pk).exists()


def test_a_kind_that_nobody_does_cannot_be_started(actor):
    with pytest.raises(LookupError):
        jobs.start("unheard of", actor, {})
    assert not Job.objects.exists()
