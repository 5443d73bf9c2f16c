"""`manage.py tick`: the upkeep that keeps an installation in order, every five minutes."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet
from django.utils import timezone

from access import audit, statistics
from access.digest import send_digests
from access.files import forget_files
from access.jobs import end_silent_jobs, forget_jobs
from access.models import Notice, RequestKey, Run, Tick, Token
from access.recording import Refused
from access.system import broken_runs, keeper
from access.undo import undo_broken
from dashboards.summary.checking import check
from dashboards.summary.keeping import distrust
from dashboards.summary.upkeep import build_if_wanted, fold
from lists.imports import forget_imports
from lists.index import tidy

log = logging.getLogger("partnerships.tick")

SILENT = timedelta(minutes=10)  # a run without a sign of life for so long was interrupted
KEYS_KEPT = timedelta(days=7)  # answers may hold names
TOKENS_KEPT = timedelta(days=30)
TASKS_KEPT_DAYS = 7
SLICE = 1_000
DAY = timedelta(days=1)


def seal_audit() -> str:
    """Seal the new entries of the audit log."""
    count, head = audit.seal()
    return f"{count} sealed, head {head}" if count else ""


def take_back_broken_runs() -> str:
    """Undo what imports and the like left when their process ended in the middle."""
    actor, restored, kept = keeper(), 0, 0
    for run in broken_runs(timezone.now() - SILENT):
        try:
            restored += undo_broken(actor, run).restored
        except Refused:  # people went on working with all of it: it stays, and is not tried again
            Run.objects.filter(pk=run.pk).update(status=Run.Status.DONE)
            audit.record("KeepBrokenRun", actor, run=run)
            kept += 1
        log.warning("interrupted run settled", extra={"run": str(run.uid)})
    words = [f"{restored} rows put back"] if restored else []
    return ", ".join(words + ([f"{kept} runs kept"] if kept else []))


def end_broken_jobs() -> str:
    """End the jobs whose process was killed, so that their users can start them again."""
    count = end_silent_jobs(timezone.now() - SILENT)
    return f"{count} ended" if count else ""


def fold_figures() -> str:
    """Sum up what figures were told of new rows; make the figures anew where they must be."""
    if build_if_wanted():
        return "made anew"
    count = fold()
    return f"{count} lines" if count else ""


def refresh_statistics() -> str:
    """Let SQLite know how many rows there are by now."""
    count = statistics.refresh()
    return f"{count} tables" if count else ""


def compare_figures() -> str:
    """Compare the figures with the rows. Where they differ, they are read from the rows until they
    have been made anew.
    """
    if problems := check():
        distrust()
        log.error("figures differ from the rows", extra={"count": len(problems)})
        return f"{len(problems)} problems"
    return ""


def forget_made_files() -> str:
    """Delete the files of exports and the like whose time is over."""
    count = forget_jobs()
    return f"{count} deleted" if count else ""


def forget_lists() -> str:
    """Delete the uploaded lists whose time is over, imported or not."""
    count = forget_imports()
    return f"{count} deleted" if count else ""


def forget_requests() -> str:
    """Delete the answers kept for repeated requests, and the words of people in them."""
    return _deleted(RequestKey.objects.filter(at__lt=timezone.now() - KEYS_KEPT))


def forget_tokens() -> str:
    """Delete keys to the API that ran out a while ago."""
    return _deleted(Token.objects.filter(expiry__lt=timezone.now() - TOKENS_KEPT))


def forget_sessions() -> str:
    """Delete what ran out of sessions, and the device and address noted beside them."""
    call_command("clearsessions", verbosity=0)
    alive = Session.objects.values("session_key")
    return _deleted(UserSession.objects.exclude(session_key__in=alive))


def send_daily_mails() -> str:
    """Send the daily mails whose hour has come, where a mail server is set."""
    count = send_digests() if settings.SENDS_MAIL else 0
    return f"{count} sent" if count else ""


def forget_notices() -> str:
    """Delete what users were told long ago."""
    return _deleted(Notice.objects.filter(at__lt=timezone.now() - Notice.KEPT))


def forget_removed_files() -> str:
    """Delete the bytes of files that were removed and cannot be brought back any more."""
    count = forget_files()
    return f"{count} deleted" if count else ""


def forget_tasks() -> str:
    """Delete finished background tasks."""
    call_command("prune_db_task_results", min_age_days=TASKS_KEPT_DAYS, queue_name="*", verbosity=0)
    return ""


def tidy_search() -> str:
    """Take the words of deleted rows out of the pages of the search index."""
    return "tidied" if tidy() else ""


def _deleted(rows: QuerySet) -> str:
    """Delete the rows in slices, so that nobody waits long for the database."""
    count = 0
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:SLICE]):
        rows.model.objects.filter(pk__in=ids).delete()
        count += len(ids)
    return f"{count} deleted" if count else ""


@dataclass(frozen=True)
class Job:
    """One piece of upkeep, how often it is due, and what it says it did ("": nothing)."""

    name: str
    every: timedelta
    work: Callable[[], str]


JOBS = (
    Job("seal the audit log", timedelta(0), seal_audit),
    Job("take back interrupted runs", timedelta(0), take_back_broken_runs),
    Job("end interrupted jobs", timedelta(0), end_broken_jobs),
    Job("sum up figures", timedelta(0), fold_figures),
    Job("forget made files", timedelta(0), forget_made_files),
    Job("send the daily mails", timedelta(0), send_daily_mails),
    Job("forget old notices", DAY, forget_notices),
    Job("forget removed files", DAY, forget_removed_files),
    Job("forget uploaded lists", DAY, forget_lists),
    Job("forget old requests", DAY, forget_requests),
    Job("forget old keys", DAY, forget_tokens),
    Job("forget old sessions", DAY, forget_sessions),
    Job("forget finished tasks", DAY, forget_tasks),
    Job("tidy the search index", DAY, tidy_search),
    Job("refresh statistics", DAY, refresh_statistics),
    Job("compare figures", DAY, compare_figures),
)


def run_due(*, every_job: bool = False) -> tuple[dict[str, str], list[str]]:
    """Run the jobs that are due: {name: what it did} and the names of those that failed.

    One that failed is logged and tried again next time; the others go on.
    """
    did, failed = {}, []
    last = dict(Tick.objects.values_list("job", "at"))
    for job in JOBS:
        now = timezone.now()
        if not every_job and job.name in last and now < last[job.name] + job.every:
            continue
        began = time.monotonic()
        try:
            did[job.name] = job.work()
            Tick.objects.update_or_create(job=job.name, defaults={"at": now})
        except Exception:
            failed.append(job.name)
            log.exception("upkeep failed", extra={"job": job.name})
        else:
            seconds = round(time.monotonic() - began, 3)
            if did[job.name]:
                log.info("upkeep done", extra={"job": job.name, "seconds": seconds})
    return did, failed


class Command(BaseCommand):
    help = "Does the upkeep that is due: seals the audit log, takes back interrupted runs, tidies."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="every job, due or not")

    def handle(self, *, verbosity, **options):
        did, failed = run_due(every_job=options["all"])
        if verbosity:
            for name, words in did.items():
                self.stdout.write(f"{name}: {words or 'nothing to do'}")
        if failed:
            raise CommandError(f"Failed, and tried again next time: {', '.join(failed)}.")
