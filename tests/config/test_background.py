"""The background process: tasks and upkeep, through trouble, until it is told to stop."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError
from django.tasks import TaskResultStatus, task
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from access.models import Tick
from config.management.commands import background, tick
from tests import migrated

ROOT = Path(__file__).resolve().parents[2]


@task
def add(one, other):
    return one + other


@task
def fail():
    raise ZeroDivisionError


@task
def take_long():
    """Somebody stops the process as soon as this has begun."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(20)


@pytest.fixture
def loop(monkeypatch):
    monkeypatch.setattr(background, "AFTER_TROUBLE", 0)
    for module in (background, db_worker):  # the connection of a test stays open
        monkeypatch.setattr(module, "close_old_connections", lambda: None)
    monkeypatch.setattr(background.connections, "all", lambda **kwargs: [])
    return background.Background()


@pytest.mark.django_db
def test_queued_tasks_are_run_one_at_a_time(loop):
    results = [add.enqueue(2, n) for n in (3, 4)] + [fail.enqueue()]
    assert [loop.step() for _n in range(4)] == [True, True, True, False]
    for result in results:
        result.refresh()
    assert [result.status for result in results] == [
        TaskResultStatus.SUCCESSFUL,
        TaskResultStatus.SUCCESSFUL,
        TaskResultStatus.FAILED,
    ]
    assert [result.return_value for result in results[:2]] == [5, 6]


@pytest.mark.django_db
def test_the_upkeep_comes_every_five_minutes(loop, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(background.time, "monotonic", lambda: clock[0])
    loop.next_tick = 103
    ticks = []
    monkeypatch.setattr(tick, "run_due", lambda: ticks.append(clock[0]))
    for seconds in (0, 2, 2, 200, 200):
        clock[0] += seconds
        loop.step()
    assert ticks == [104, 504]


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("database is locked"), ValueError("x")])
def test_trouble_does_not_end_it(loop, monkeypatch, error):
    def broken():
        raise error

    with monkeypatch.context() as during:
        during.setattr(DBTaskResult.objects, "ready", broken)
        assert loop.step() is False
    add.enqueue(1, 1)
    assert loop.step() is True


@pytest.mark.django_db
def test_a_task_that_takes_long_is_ended_too(loop, monkeypatch):
    monkeypatch.setattr(background, "PATIENCE", 0.2)
    before = {number: signal.getsignal(number) for number in (signal.SIGALRM, signal.SIGTERM)}
    signal.signal(signal.SIGALRM, loop.end_now)
    signal.signal(signal.SIGTERM, loop.stop)
    result, later = take_long.enqueue(), add.enqueue(1, 1)
    try:
        loop.run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    result.refresh()
    later.refresh()
    assert (result.status, later.status) == (TaskResultStatus.FAILED, TaskResultStatus.READY)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """(the file of an empty installation, the environment to run commands on it)"""
    data = tmp_path_factory.mktemp("installed") / "data.sqlite3"
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{data}", "SECRET_KEY": "background-" * 6,
           "DJANGO_SETTINGS_MODULE": "config.settings"}  # fmt: skip
    migrated.make(data, env)
    step = [sys.executable, "manage.py", "createcachetable", "-v0"]
    subprocess.run(step, cwd=ROOT, env=env, check=True)
    return data, env


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_survives_a_locked_database_and_ends_when_told(installed, number):
    data, env = installed
    with closing(sqlite3.connect(data)) as connection:
        connection.execute(f"DELETE FROM {Tick._meta.db_table}")
        connection.commit()
    command = [sys.executable, "manage.py", "background"]
    with subprocess.Popen(command, cwd=ROOT, env=env) as process:
        try:
            with closing(sqlite3.connect(data)) as connection:
                connection.execute("BEGIN EXCLUSIVE")
                time.sleep(1.5)
                connection.execute("ROLLBACK")
                deadline = time.monotonic() + 30
                while time.monotonic() < deadline:
                    ticks = connection.execute(f"SELECT count(*) FROM {Tick._meta.db_table}")
                    if ticks.fetchone()[0] == len(tick.JOBS):
                        break
                    assert process.poll() is None
                    time.sleep(0.2)
                else:
                    pytest.fail("No upkeep within 30 seconds.")
            process.send_signal(number)
            assert process.wait(timeout=5) == 0
        finally:
            process.kill()
