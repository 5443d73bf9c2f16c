"""A long list as CSV and as a workbook: seconds, rows a second, and how much memory it takes.

    DATABASE_URL=sqlite:////tmp/scratch.sqlite3 python -m bench.exports --people 200000

fills an empty database the first time. The CSV is taken as a browser takes it; the workbook is made
as a job, in a process of its own, while its progress is read here.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import django

from bench.search import fill, say

COLUMNS = ["name", "pronouns", "organizations", "state", "last_contact", "emails", "phones"]


def memory(pid: int | str = "self") -> float:
    """The resident memory of a process, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0


def wanted(query: str = ""):
    """People with their details: all of them, or those of a filter."""
    from django.http import QueryDict

    from crm.lists import CONTACTS
    from lists.leaving import Wanted

    return Wanted(CONTACTS, QueryDict(query), "", tuple(COLUMNS), "")


def measure_csv(actor) -> None:
    """The stream, piece by piece, and the most memory on the way."""
    from access.keys import uuid7
    from lists.export import written

    # A small list first, so that what is loaded once does not count.
    for _piece in written(wanted("state=WY"), lambda: actor, uuid7()):
        pass
    before, most, size, began, first = memory(), 0.0, 0, time.monotonic(), 0.0
    for number, piece in enumerate(written(wanted(), lambda: actor, uuid7())):
        first = time.monotonic() - began if number == 1 else first
        size += len(piece)
        most = max(most, memory())
    seconds = time.monotonic() - began
    say(f"CSV: {size / 1e6:.1f} MB in {seconds:.1f} s, first rows after {first:.2f} s")
    say(f"     memory {before:.0f} MB, at most {most - before:+.1f} MB")


def measure_job(actor, kind: str) -> None:
    """A job in a process of its own: how far it is, and the most memory on the way."""
    from lists.export_jobs import start_export

    asked = wanted()
    job = start_export(actor, asked, asked.leaving(actor), kind, {"list": "people", "purpose": ""})
    assert job is not None
    child = subprocess.Popen([sys.executable, "-m", "bench.exports", "--run", str(job.uid)])
    start, most, told, began = 0.0, 0.0, -1, time.monotonic()
    while child.poll() is None:
        time.sleep(0.2)
        job.refresh_from_db()
        if job.done and not start:
            start = memory(child.pid)
        most = max(most, memory(child.pid)) if start else 0
        if job.percent is not None and job.percent // 10 > told:
            told = job.percent // 10
            say(f"     {job.percent} % after {time.monotonic() - began:.1f} s")
    job.refresh_from_db()
    say(f"{kind}: {job.status}, {job.outcome}, {(job.size or 0) / 1e6:.1f} MB")
    say(f"     in {time.monotonic() - began:.1f} s; {start:.0f} MB, at most {most - start:+.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--run", default="", help="run this job and end")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "bench-only-" + "0123456789abcdef" * 4)
    django.setup()
    if asked.run:
        from access.jobs import run_job

        run_job.func(asked.run)
        return
    from django.core.management import call_command

    from access.actors import actor_of
    from access.models import Access, State, User
    from access.settling import every
    from crm.models import Contact

    call_command("migrate", verbosity=0)
    if not every(Contact).exists():
        call_command("load_defaults", verbosity=0)
        fill(asked.people)
        user = User.objects.create_user(email="all@exports.example", name="All")
        access = Access(user=user, role="data-manager", everywhere=True)
        access.home = State.objects.get(code="--")
        every(Access).bulk_create([access])
    actor = actor_of(User.objects.get(email="all@exports.example"))
    measure_csv(actor)
    for kind in ("xlsx", "csv"):
        measure_job(actor, kind)


if __name__ == "__main__":
    main()
