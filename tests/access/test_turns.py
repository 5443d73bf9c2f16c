"""Turns at writing on SQLite: who came first writes first, beside other processes too."""

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from itertools import groupby
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from access.models import Tick
from access.sqlite3 import base
from access.turns import NoTurn, Turns

ROOT = Path(__file__).resolve().parents[2]


def in_threads(*jobs):
    """Start the jobs one after the other, a moment apart, and wait for all."""
    threads = []
    for job in jobs:
        threads.append(threading.Thread(target=job))
        threads[-1].start()
        time.sleep(0.02)
    return threads


def test_who_came_first_goes_first():
    line, order = Turns(), []
    line.take(1)

    def work(number):
        line.take(5)
        order.append(number)
        line.give_back()

    threads = in_threads(*[lambda n=n: work(n) for n in range(6)])
    line.give_back()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 5]


def test_one_at_a_time():
    line, at_work, most = Turns(), 0, 0

    def work():
        nonlocal at_work, most
        for _n in range(50):
            line.take(5)
            at_work += 1
            most = max(most, at_work)
            at_work -= 1
            line.give_back()

    for thread in in_threads(*[work] * 4):
        thread.join()
    assert most == 1


def test_who_waits_too_long_leaves_the_line():
    line = Turns()
    line.take(1)
    with pytest.raises(NoTurn):
        line.take(0.05)
    line.give_back()
    line.take(0.05)  # whoever left does not get the turn


ALTERNATING = """
import sys, time
from pathlib import Path
from access.turns import Between
folder, name = Path(sys.argv[1]), sys.argv[2]
between = Between(folder / "turn")
(folder / name).touch()
while not (folder / "go").exists():
    time.sleep(0.001)
for _n in range(15):
    between.take(time.monotonic() + 20)
    with open(folder / "said", "a") as said:
        said.write(name)
    time.sleep(0.02)
    between.give_back()
"""


def test_two_processes_alternate(tmp_path):
    children = [
        subprocess.Popen([sys.executable, "-c", ALTERNATING, str(tmp_path), name], cwd=ROOT)
        for name in "ab"
    ]
    while not all((tmp_path / name).exists() for name in "ab"):
        assert {child.poll() for child in children} == {None}
        time.sleep(0.01)
    (tmp_path / "go").touch()
    assert [child.wait(60) for child in children] == [0, 0]
    order = (tmp_path / "said").read_text()
    assert len(order) == 30
    assert len(list(groupby(order))) > 20, order


def test_the_turn_of_a_killed_process_is_free(tmp_path):
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom access.turns import Between\n"
        "Between(Path(sys.argv[1])).take(time.monotonic() + 5)\nprint('held', flush=True)\n"
        "time.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "turn")]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "held\n"
    line = Turns(tmp_path / "turn")
    with pytest.raises(NoTurn):
        line.take(0.1)
    child.kill()
    child.wait()
    child.stdout.close()
    line.take(5)
    line.give_back()


def test_the_line_goes_on_when_the_lock_cannot_be_given_back(tmp_path, monkeypatch):
    line = Turns(tmp_path / "turn")
    line.take(1)

    def fails():
        raise OSError("no locks available")

    with monkeypatch.context() as patched:
        patched.setattr(line._between, "give_back", fails)
        with pytest.raises(OSError, match="no locks"):
            line.give_back()
    line.take(0.1)
    line.give_back()


def test_a_command_of_root_leaves_the_file_to_the_owner_of_the_folder(tmp_path, monkeypatch):
    given, folder = [], tmp_path.stat()
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.fchown", lambda _file, *owner: given.append(owner))
    line = Turns(tmp_path / "turn")
    line.take(1)
    line.give_back()
    assert given == [(folder.st_uid, folder.st_gid)]


@pytest.fixture
def sqlite(transactional_db):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL needs no turns")


def write():
    Tick.objects.filter(job="none").update(job="none")


def elsewhere(job):
    """Run a job in a thread with a connection of its own; what it raised."""
    found = []

    def work():
        try:
            job()
        except OperationalError as error:
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found


def in_a_transaction():
    with transaction.atomic():
        write()


@pytest.mark.parametrize("job", [in_a_transaction, write], ids=["transaction", "statement"])
def test_who_gets_no_turn_is_refused_and_those_after_her_are_not(sqlite, monkeypatch, job):
    monkeypatch.setattr(base, "PATIENCE", 0.1)
    with transaction.atomic():
        began = time.monotonic()
        (refused,) = elsewhere(job)
        assert "no turn" in str(refused)
        assert time.monotonic() - began < 2
        assert elsewhere(lambda: list(Tick.objects.all())) == []  # who reads does not wait
    assert elsewhere(job) == []


class Broken(Exception):
    """Something went wrong in a transaction."""


def fail():
    raise Broken


@pytest.mark.parametrize("end", [lambda: None, fail, lambda: connection.close()])
def test_the_turn_ends_with_the_transaction(sqlite, monkeypatch, end):
    monkeypatch.setattr(base, "PATIENCE", 0.1)
    with suppress(Broken), transaction.atomic():
        write()
        end()
    assert elsewhere(in_a_transaction) == []


@pytest.mark.parametrize("error", [MemoryError, SystemExit])
def test_a_commit_that_is_broken_off_leaves_the_turn_to_others(sqlite, monkeypatch, error):
    def fails(_connection):
        raise error

    monkeypatch.setattr(base, "PATIENCE", 0.5)
    Tick.objects.create(job="none", at=timezone.now())
    with monkeypatch.context() as patched:
        patched.setattr(base.base.DatabaseWrapper, "_commit", fails)
        with pytest.raises(error), transaction.atomic():
            Tick.objects.filter(job="none").delete()
    assert elsewhere(in_a_transaction) == []
    in_a_transaction()
    assert Tick.objects.filter(job="none").exists()


def test_a_transaction_that_cannot_begin_gives_its_turn_back(sqlite, monkeypatch):
    monkeypatch.setattr(base, "PATIENCE", 0.5)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=50")
    with pytest.raises(OperationalError), transaction.atomic():
        pass
    other.execute("ROLLBACK")
    other.close()
    assert elsewhere(in_a_transaction) == []
    connection.close()  # with the short wait


def test_every_connection_syncs_before_it_answers(sqlite):
    found = []

    def look():
        with connection.cursor() as cursor:
            for name in ("synchronous", "journal_mode", "foreign_keys"):
                cursor.execute(f"PRAGMA {name}")
                found.append(cursor.fetchone()[0])

    look()
    elsewhere(look)
    assert found == [2, "wal", 1] * 2  # 2 is FULL
