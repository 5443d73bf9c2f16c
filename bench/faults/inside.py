"""What the scripts ask of a scratch database, each in a process of its own.

    python -m bench.faults.inside FUNCTION < ARGUMENTS.json

prints its answer as JSON behind a line that begins with @.
"""

import json
import sys
import time
from typing import Any

import django


def fill(users: int, partners: int) -> dict[str, Any]:
    """Make the tables, the words, users of one region and partners for them."""
    from django.core.management import call_command

    from access.actors import actor_of
    from access.models import State
    from crm.commands import AddOrganization

    call_command("migrate", verbosity=0)
    call_command("load_defaults", verbosity=0)
    people = _users(users)
    states = list(State.objects.filter(region=State.objects.get(code="TX").region))
    values = []
    for n in range(partners):
        place = {"kind": "physical", "state": states[n % len(states)].code, "is_main": True}
        values.append({"name": f"Partner {n}", "locations": [place]})
    manager = actor_of(_user("manager@faults.example", "data-manager", everywhere=True))
    _user("administrator@faults.example", "administrator", everywhere=True)
    done = AddOrganization.many(manager, values)
    if done.refused:
        raise SystemExit(f"Not filled: {next(iter(done.refused.values()))}")
    return _told(people)


def take_over(users: int) -> dict[str, Any]:
    """Users of our own in a database that is full already."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    people = _users(users)
    _user("manager@faults.example", "data-manager", everywhere=True)
    _user("administrator@faults.example", "administrator", everywhere=True)
    return _told(people)


def _told(people: list) -> dict[str, Any]:
    from access.actors import actor_of
    from access.models import User
    from crm.models import InteractionKind, Organization

    manager = User.objects.get(email="manager@faults.example")
    seen = Organization.objects.visible_to(actor_of(people[0])).order_by("pk")[:200]
    return {
        "sessions": [_session(person) for person in people],
        "manager": _session(manager),
        "partners": [str(uid) for uid in seen.values_list("uid", flat=True)],
        "kind": InteractionKind.objects.filter(retired=False)[0].code,
    }


def _users(count: int) -> list:
    from access.models import State

    region = State.objects.get(code="TX").region
    return [_user(f"user{n}@faults.example", "organizer", region) for n in range(count)]


def _user(email: str, role: str, region=None, *, everywhere: bool = False):
    from access.models import Access, Area, State, User
    from access.recording import running
    from access.system import operator

    if person := User.objects.filter(email=email).first():
        return person
    person = User.objects.create_user(email=email, name=email.partition("@")[0])
    home = State.objects.filter(region=region).first() if region else State.objects.get(code="--")
    access = Access(user=person, role=role, everywhere=everywhere, home=home)
    with running("Scratch", operator()):
        access.save()
        if region:
            Area(access=access, region=region).save()
    return person


def _session(person) -> str:
    """The cookie of a session of the user, as if she had just signed in with a password."""
    from django.conf import settings
    from django.test import Client

    client, now = Client(), time.time()
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": now}]
    session["began_at"] = session["seen_at"] = int(now)
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def those_there(uids: list[str]) -> list[str]:
    """Which of these meetings are there."""
    from access.settling import every
    from crm.models import Interaction

    found: list[str] = []
    for start in range(0, len(uids), 500):
        rows = every(Interaction).filter(uid__in=uids[start : start + 500])
        found += [str(uid) for uid in rows.values_list("uid", flat=True)]
    return found


def look_at_meetings(uids: list[str]) -> dict[str, Any]:
    """What is wrong with the meetings of these uids: how many of each kind of fault."""
    from django.db import connection
    from django.db.models import Count

    from access import audit
    from access.models import AuditEntry, Change, RequestKey
    from access.settling import every
    from crm.models import Interaction, InteractionOrganization, InteractionOrganizer, Task

    rows = {str(row.uid): row for row in every(Interaction).filter(summary__startswith="Talked")}
    ids = [row.pk for row in rows.values()]

    def counted(model, column: str, **wanted) -> dict:
        found = every(model) if hasattr(model, "part_of") else model.objects.all()
        found = found.filter(**wanted).order_by().values(column)
        return {str(r[column]): r["n"] for r in found.annotate(n=Count("pk"))}

    partners = counted(InteractionOrganization, "interaction_id")
    organizers = counted(InteractionOrganizer, "interaction_id")
    tasks = counted(Task, "made_in")
    history = counted(Change, "row_uid", table="crm.interaction")
    entries = counted(AuditEntry, "row_uid", action="LogInteraction")
    whole = {
        uid
        for uid, row in rows.items()
        if (partners.get(str(row.pk)), organizers.get(str(row.pk)), tasks.get(uid)) == (2, 1, 1)
        and (history.get(uid), entries.get(uid)) == (1, 1)
    }
    audit.seal()
    result: dict[str, Any] = {
        "lost": len(set(uids) - rows.keys()),
        "nobody sent": len(rows.keys() - set(uids)),
        "not whole": len(rows) - len(whole),
        "links without a meeting": len(set(partners) - {str(pk) for pk in ids}),
        "keys without an answer": RequestKey.objects.filter(status=0).count(),
        "breaks in the audit chain": len(audit.verify().problems),
    }
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            result["integrity_check"] = cursor.fetchone()[0]
            cursor.execute("PRAGMA foreign_key_check")
            result["broken foreign keys"] = len(cursor.fetchall())
    return result


def _manager():
    from access.actors import actor_of
    from access.models import User

    return actor_of(User.objects.get(email="manager@faults.example"))


def start_import(rows: int, prefix: str) -> dict[str, str]:
    """Confirm the import of so many partners, for the background process to write."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from access.jobs import run_job
    from lists import imports

    text = "name,state,city\n" + "".join(f"{prefix} {n},TX,Waco\n" for n in range(rows))
    manager = _manager()
    row = imports.take_up(manager, SimpleUploadedFile("list.csv", text.encode()), "organizations")
    targets = dict(enumerate(("name", "state", "city")))
    imports.choose(manager, row, targets.items(), [])
    row.refresh_from_db()
    run_job.func(str(row.plan.uid))
    row.refresh_from_db()
    row = imports.confirm(manager, row, str(row.plan.uid))
    return {"uid": str(row.uid), "job": str(row.work.uid)}


def confirm_again(uid: str) -> dict[str, str]:
    """Confirm an import that was cut short once more."""
    from lists import imports
    from lists.models import Import

    manager, row = _manager(), Import.objects.get(uid=uid)
    row = imports.confirm(manager, row, str(row.plan.uid))
    return {"uid": str(row.uid), "job": str(row.work.uid)}


def start_list_export(name: str, kind: str) -> dict[str, str]:
    """Ask for all rows of a list in a file that the background process makes."""
    from django.http import QueryDict

    from access import audit
    from access.jobs import start
    from lists.export_jobs import KIND, start_export
    from lists.leaving import Wanted
    from lists.pages import PAGES

    page, manager = PAGES[name], _manager()
    columns = tuple(column.name for column in page.columns)[:8]
    wanted = Wanted(page, QueryDict(), "", columns, "")
    said = {"list": name, "purpose": ""}
    leaving = wanted.leaving(manager)
    job = start_export(manager, wanted, leaving, kind, said)
    if job is None:  # more than the rows of a day: what no page would begin
        words = {"list": name, "query": "", "text": "", "columns": list(columns)}
        words |= {"channel": "", "format": kind}
        job = start(KIND, manager, words, total=leaving.count)
        audit.record("Export", manager, row=job.uid, count=leaving.total)
    return {"job": str(job.uid)}


def add_people(count: int) -> int:
    """Invented people and partners by bulk insert, without history, to be read."""
    from bench.search import fill as fill_by_bulk

    fill_by_bulk(count)
    return count


def state_of_job(uid: str) -> dict[str, Any]:
    """How far a job is, and what became of it."""
    from access.models import Job

    job = Job.objects.get(uid=uid)
    told = {"status": job.status, "done": job.done, "total": job.total, "message": job.message}
    return told | {"file": bool(job.path)}


def names_with(prefix: str) -> dict[str, int]:
    """How many partners have a name that begins so, and how many different names."""
    from access.settling import every
    from crm.models import Organization

    found = every(Organization).filter(name__startswith=prefix).values_list("name", flat=True)
    names = list(found)
    return {"rows": len(names), "names": len(set(names))}


def let_time_pass(minutes: int) -> int:
    """Make all signs of life and all upkeep so much older; how many jobs and runs that were."""
    import os
    from datetime import timedelta
    from pathlib import Path

    from django.conf import settings
    from django.db.models import F

    from access.models import Job, Run, Tick

    gone = timedelta(minutes=minutes)
    count = Job.objects.filter(status=Job.Status.RUNNING).update(beat_at=F("beat_at") - gone)
    count += Run.objects.filter(status=Run.Status.OPEN).update(beat_at=F("beat_at") - gone)
    Tick.objects.update(at=F("at") - gone)
    for path in Path(settings.MEDIA_ROOT).iterdir():
        then = path.stat().st_mtime - gone.total_seconds()
        os.utime(path, (then, then))
    return count


def left_over() -> dict[str, int]:
    """What must not be there once all is taken back: open runs, jobs at work, files of nobody."""
    from pathlib import Path

    from django.conf import settings

    from access import audit, registers
    from access.models import Job, Run

    held = registers.kept_files()
    files = {path.name for path in Path(settings.MEDIA_ROOT).iterdir()}
    audit.seal()
    return {
        "open runs": Run.objects.filter(status=Run.Status.OPEN).count(),
        "jobs at work": Job.objects.filter(status=Job.Status.RUNNING).count(),
        "files that nobody holds": len(files - held),
        "breaks in the audit chain": len(audit.verify().problems),
    }


def longest_turns(rows: int) -> list[dict[str, Any]]:
    """How long each long work holds the turn to write."""
    from bench.faults.holding import measure

    return measure(_manager(), rows)


def main() -> None:
    django.setup()
    answer = globals()[sys.argv[1]](*json.load(sys.stdin))
    sys.stdout.write("\n@" + json.dumps(answer, default=str))


if __name__ == "__main__":
    main()
