"""Work that goes on after the request that started it: with progress, and under rights read anew.

An app says how a kind of job is done with `@job("kind")`; a view calls `start`. The background
process runs it, with the rights that its user has at that time: when they are taken away, the job
ends at its next sign of life. A file that it makes is private, and is handed out by `may_take`.
"""

import hashlib
import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.tasks import task
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from access.actors import actor_of
from access.files import create, file_at
from access.models import Job, User
from access.recording import Refused
from access.registers import keeps_files
from access.scope import Actor

log = logging.getLogger("partnerships.jobs")

EVERY = 0.5  # seconds between signs of life
ROWS_KEPT = timedelta(days=30)  # what a job said of itself, after its end

type Doing = Callable[["Work"], dict[str, Any] | None]

_KINDS: dict[str, Doing] = {}


class Stopped(Exception):
    """The user stopped this job."""


def job(kind: str):
    """Register `function(work) -> outcome` as the way a kind of job is done."""

    def register(function: Doing) -> Doing:
        _KINDS[kind] = function
        return function

    return register


class Work:
    """A job under way, as seen by the function that does it."""

    def __init__(self, job: Job):
        self.job = job
        self._last = 0.0

    def actor(self) -> Actor:
        """Her rights as they are now. Raises PermissionDenied when she has none any more."""
        user = User.objects.filter(pk=self.job.user_id).first()
        actor = actor_of(user) if user else None
        if actor is None or rights_of(actor) != self.job.rights:
            raise PermissionDenied
        return actor

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far it is: kept every half second, when her rights are looked up as well.

        Raises Stopped when the user stopped the job, PermissionDenied when her role or her areas
        are not those that it was started with.
        """
        if time.monotonic() < self._last + EVERY:
            return
        self._last = time.monotonic()
        said = {"done": done, "beat_at": timezone.now()} | ({"total": total} if total else {})
        running = Job.objects.filter(pk=self.job.pk, status=Job.Status.RUNNING, stop_asked=False)
        if not running.update(**said):
            raise Stopped
        self.actor()

    @contextmanager
    def new_file(self, name: str, content_type: str) -> Iterator[BinaryIO]:
        """A file for this job to write: private, and gone again if it is not written whole."""
        path = secrets.token_hex(16)
        target = file_at(path)
        try:
            with create(path) as stream:
                yield stream
            with target.open("rb") as written:
                digest = hashlib.file_digest(written, "sha256").hexdigest()
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        self.job.path, self.job.file_name, self.job.content_type = path, name, content_type
        self.job.size, self.job.sha256 = target.stat().st_size, digest


def rights_of(actor: Actor) -> str:
    """A hash of role and areas: what a job was started with, to be compared later."""
    areas = "everywhere" if actor.state_ids is None else sorted(actor.state_ids)
    return hashlib.sha256(f"{actor.role} {areas}".encode()).hexdigest()


def start(
    kind: str,
    actor: Actor,
    words: dict[str, Any],
    *,
    total: int | None = None,
    keep: timedelta = timedelta(hours=24),
) -> Job:
    """Queue a job of the actor. Its file goes so long after its end as `keep` says."""
    if kind not in _KINDS:
        raise LookupError(f"No @job is called {kind}.")
    if actor.user_id is None:
        raise PermissionDenied
    with transaction.atomic():
        made = Job(
            kind=kind,
            user_id=actor.user_id,
            words=words,
            total=total,
            keep=keep,
            rights=rights_of(actor),
        )
        made.save(force_insert=True)
        run_job.enqueue(str(made.uid))
    return made


@task
def run_job(uid: str) -> None:
    """Run one job that waits, once."""
    waiting = Job.objects.filter(uid=uid, status=Job.Status.WAITING)
    if waiting.update(status=Job.Status.RUNNING, beat_at=timezone.now()):
        _run(Job.objects.select_related("user").get(uid=uid))


def run_waiting() -> int:
    """Run the jobs that wait, in this process: how many. For tests."""
    uids = list(Job.objects.filter(status=Job.Status.WAITING).order_by("pk").values_list("uid"))
    for (uid,) in uids:
        run_job.func(str(uid))
    return len(uids)


def _run(job: Job) -> None:
    work = Work(job)
    with translation.override(job.user.language or settings.LANGUAGE_CODE):
        try:
            work.actor()
            job.outcome = _KINDS[job.kind](work) or {}
            work.actor()  # what was made under rights that are gone is not handed out
        except Stopped:
            _end(job, Job.Status.STOPPED, _("You stopped this."))
        except PermissionDenied:
            _end(job, Job.Status.FAILED, _("This ended because your role or your areas changed."))
        except Refused as refusal:
            _end(job, Job.Status.FAILED, str(refusal))
        except Exception:
            number = secrets.token_hex(4)
            log.exception("job failed", extra={"job": job.kind, "reference": number})
            message = _("An error of ours stopped this. Tell an administrator: reference %(n)s.")
            _end(job, Job.Status.FAILED, message % {"n": number})
        except BaseException:  # the process is told to end
            _end(job, Job.Status.FAILED, cut_short())
            raise
        else:
            _end(job, Job.Status.DONE)


def cut_short() -> str:
    return _("This was cut short when the system was restarted. Start it again.")


def _end(job: Job, status: str, message: str = "") -> None:
    """Note how it ended; a file of one that did not end well goes."""
    if status != Job.Status.DONE and job.path:
        file_at(job.path).unlink(missing_ok=True)
        job.path = ""
    said = Job.objects.values("done", "total").get(pk=job.pk)
    job.total = said["total"]
    job.done = job.total if status == Job.Status.DONE and job.total is not None else said["done"]
    job.status, job.message, job.words = status, message, _without_text(job.words)
    job.ended_at = job.beat_at = timezone.now()
    job.until = job.ended_at + job.keep
    job.save(force_update=True)


def _without_text(words: dict[str, Any]) -> dict[str, Any]:
    """The words of a job without a search text, which may be a name: it goes with the job's end."""
    return words | {"text": ""} if "text" in words else words


def stop(actor: Actor, job: Job) -> None:
    """Ask a job of the actor to end; one that waits ends at once."""
    mine = jobs_of(actor, job.kind).filter(pk=job.pk)
    now = timezone.now()
    waiting = mine.filter(status=Job.Status.WAITING)
    if not waiting.update(
        status=Job.Status.STOPPED,
        message=_("You stopped this."),
        ended_at=now,
        until=now + job.keep,
        words=_without_text(job.words),
    ):
        mine.filter(status=Job.Status.RUNNING).update(stop_asked=True)


def jobs_of(actor: Actor, kind: str) -> QuerySet[Job]:
    """The actor's own jobs of a kind, newest first."""
    if actor.user_id is None:
        return Job.objects.none()
    return Job.objects.filter(user_id=actor.user_id, kind=kind).order_by("-pk")


def job_of(actor: Actor, uid: UUID, kind: str) -> Job:
    """The actor's own job of this address, or Http404."""
    found = jobs_of(actor, kind).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def may_take(actor: Actor, job: Job) -> bool:
    """Whether the actor may have the file: hers, still kept, and made under the rights she has."""
    return (
        job.user_id == actor.user_id
        and job.status == Job.Status.DONE
        and bool(job.path)
        and job.until is not None
        and timezone.now() < job.until
        and job.rights == rights_of(actor)
    )


def file_of(job: Job) -> BinaryIO:
    """The open file of a job. Raises FileNotFoundError when it is gone."""
    return file_at(job.path).open("rb")


@keeps_files
def kept_files() -> set[str]:
    """The files that jobs still hold."""
    held = Job.objects.exclude(path="").filter(until__gt=timezone.now())
    return set(held.values_list("path", flat=True))


def forget_jobs() -> int:
    """Delete files whose time is over, and jobs that ended a month ago: how many files."""
    now = timezone.now()
    count = 0
    for job in Job.objects.exclude(path="").filter(until__lte=now):
        file_at(job.path).unlink(missing_ok=True)
        count += Job.objects.filter(pk=job.pk).update(path="")
    Job.objects.filter(ended_at__lt=now - ROWS_KEPT, path="").delete()
    return count


def end_silent_jobs(before) -> int:
    """End the jobs without a sign of life since then, whose process must have died: how many."""
    silent = Job.objects.filter(status=Job.Status.RUNNING, beat_at__lt=before)
    count = 0
    for job in silent.select_related("user"):
        with translation.override(job.user.language or settings.LANGUAGE_CODE):
            _end(job, Job.Status.FAILED, cut_short())
        count += 1
    return count
