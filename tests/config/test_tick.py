"""The upkeep: each job, its interval, and that one failing does not stop the others."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from access import audit
from access.commands import begin, end
from access.keys import uuid7
from access.models import AuditEntry, Opening, RequestKey, Run, Tick, Token
from access.recording import running
from access.settling import every
from access.system import keeper
from config.management.commands import tick
from crm.commands import AddOrganization
from crm.models import Organization
from tests import make

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=40)


def interrupted(actor, names=("One", "Two"), minutes=11) -> Run:
    """A list whose process ended before it was closed."""
    state = {"kind": "physical", "state": make.State.objects.get(pk=actor.home_id).code}
    run = begin("ImportList", actor)
    rows = [{"name": name, "locations": [state]} for name in names]
    assert not AddOrganization.many(actor, rows, run=run).refused
    quiet_since = timezone.now() - timedelta(minutes=minutes)
    Run.objects.filter(pk=run.pk).update(beat_at=quiet_since)
    return run


def status(run) -> str:
    return Run.objects.get(pk=run.pk).status


def test_new_entries_of_the_audit_log_are_sealed_each_time():
    for _time in range(2):
        audit.record("Something", keeper())
        did, failed = tick.run_due()
        assert not failed
        assert did["seal the audit log"].startswith("1 sealed, head ")
    assert not AuditEntry.objects.filter(seal="").exists()
    assert audit.verify().problems == ()


def test_an_interrupted_list_is_taken_back(actor):
    kept = make.organization()
    run = interrupted(actor)
    tick.run_due()
    assert status(run) == Run.Status.UNDONE
    assert list(every(Organization)) == [kept]
    assert AuditEntry.objects.filter(action="Undo").count() == 1
    did, _failed = tick.run_due()
    assert did["take back interrupted runs"] == ""


def test_a_list_that_still_runs_or_was_closed_stays(actor):
    running_still = interrupted(actor, minutes=9)
    closed = interrupted(actor)
    end(closed, actor, 2)
    tick.run_due()
    assert (status(running_still), status(closed)) == (Run.Status.OPEN, Run.Status.DONE)
    assert every(Organization).count() == 4


def test_rows_of_an_interrupted_list_that_people_changed_since_stay(actor):
    run = interrupted(actor, names=["Only"])
    with running("Change", make.SETUP):
        row = every(Organization).get()
        row.note = "Met them yesterday."
        row.save()
    tick.run_due()
    assert [row.name for row in every(Organization)] == ["Only"]
    assert status(run) != Run.Status.OPEN
    did, failed = tick.run_due()
    assert (did["take back interrupted runs"], failed) == ("", [])


@pytest.mark.parametrize("taken", [0, 1])
def test_an_undo_that_was_interrupted_itself_is_finished(actor, taken):
    run = interrupted(actor)
    own = Run(command="Undo", undoes=run, status=Run.Status.OPEN)
    own.save()
    with running("Undo", keeper(), run=own):
        for row in every(Organization)[:taken]:
            row.delete()
    assert not tick.run_due()[1]
    assert not every(Organization).exists()
    assert (status(run), status(own)) == (Run.Status.UNDONE, Run.Status.DONE)


def test_what_is_old_is_forgotten_and_the_rest_kept(organizer):
    now = timezone.now()
    old, new = (RequestKey.objects.create(user=organizer, key=uuid7(), body="") for _n in "12")
    RequestKey.objects.filter(pk=old.pk).update(at=now - LONG_AGO)
    for days in (-40, -20, 20):
        Token.objects.create(user=organizer, expiry=timedelta(days=days), name=str(days))
    Token.objects.create(user=organizer, expiry=None, name="never")
    sessions = []
    for seconds in (-60, 3600):
        session = SessionStore()
        session.set_expiry(seconds)
        session.save()
        sessions.append(session.session_key)
        UserSession.objects.create(
            user=organizer, ip="192.0.2.1", session_key=session.session_key, user_agent="Browser"
        )
    opening = Opening.objects.create(
        user=organizer, row_uid=uuid7(), reason="Complaint", until=now - LONG_AGO
    )
    for days in (8, 6):
        DBTaskResult.objects.create(
            status=TaskResultStatus.SUCCESSFUL, finished_at=now - timedelta(days=days),
            args_kwargs={}, task_path="x", backend_name="default", run_after=now,
            exception_class_path="", traceback="",
        )  # fmt: skip
    did, failed = tick.run_due()
    assert not failed
    assert did["forget old requests"] == "1 deleted"
    assert list(RequestKey.objects.all()) == [new]
    assert set(Token.objects.values_list("name", flat=True)) == {"-20", "20", "never"}
    assert list(Session.objects.values_list("session_key", flat=True)) == sessions[1:]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == sessions[1:]
    assert DBTaskResult.objects.count() == 1
    assert list(Opening.objects.all()) == [opening]


def test_daily_jobs_wait_for_their_day():
    first, _failed = tick.run_due()
    assert list(first) == [job.name for job in tick.JOBS]
    again, _failed = tick.run_due()
    assert list(again) == [
        "seal the audit log",
        "take back interrupted runs",
        "end interrupted jobs",
        "sum up figures",
        "forget made files",
        "send the daily mails",
    ]
    every_one, _failed = tick.run_due(every_job=True)
    assert list(every_one) == list(first)
    Tick.objects.update(at=timezone.now() - timedelta(hours=25))
    assert list(tick.run_due()[0]) == list(first)


def test_a_job_that_fails_is_named_tried_again_and_stops_no_other(monkeypatch):
    broken = [True]

    def work() -> str:
        if broken:
            raise ZeroDivisionError
        return "mended"

    jobs = (tick.Job("break", tick.DAY, work), *tick.JOBS)
    monkeypatch.setattr(tick, "JOBS", jobs)
    out = StringIO()
    with pytest.raises(CommandError, match="Failed, and tried again next time: break"):
        call_command("tick", stdout=out)
    assert "forget finished tasks: nothing to do" in out.getvalue()
    assert set(Tick.objects.values_list("job", flat=True)) == {job.name for job in jobs[1:]}
    broken.clear()
    out = StringIO()
    call_command("tick", stdout=out)
    assert "break: mended" in out.getvalue()


def test_all_runs_every_job_and_prints_it():
    call_command("tick", verbosity=0)
    out = StringIO()
    call_command("tick", all=True, stdout=out)
    assert len(out.getvalue().splitlines()) == len(tick.JOBS)


def test_many_rows_are_deleted_in_slices(organizer, monkeypatch):
    monkeypatch.setattr(tick, "SLICE", 2)
    for _n in range(5):
        RequestKey.objects.create(
            user=organizer, key=uuid7(), body="", at=timezone.now() - LONG_AGO
        )
    assert tick.forget_requests() == "5 deleted"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts its rows by itself")
def test_sqlite_is_told_how_many_rows_there_are(here):
    for _n in range(3):
        make.organization(state=here)
    assert tick.refresh_statistics().endswith(" tables")
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'crm_organization'")
        found = cursor.fetchall()
    assert {stat.split()[0] for (stat,) in found} == {"3"}
