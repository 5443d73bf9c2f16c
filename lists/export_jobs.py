"""Exports that are made in the background: workbooks, and lists too long to wait for."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from access import audit
from access.actors import actor_of
from access.jobs import Work, job, rights_of, start
from access.models import AuditEntry, Job, User
from access.recording import Refused
from access.roles import GUARDED, Action
from access.scope import Actor
from lists.budget import take
from lists.export import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx
from lists.leaving import Leaving, Wanted

KIND = "export-list"
MADE = {"csv": (write_csv, CSV_TYPE), "xlsx": (write_xlsx, XLSX_TYPE)}


def start_export(
    actor: Actor, wanted: Wanted, leaving: Leaving, kind: str, said: dict[str, Any]
) -> Job | None:
    """Queue an export and take its rows out of the budget of today; None when they do not fit."""
    words = {
        "list": wanted.page.name,
        "query": wanted.query.urlencode(),
        "text": wanted.text,
        "columns": list(wanted.names),
        "channel": wanted.channel,
        "format": kind,
    }
    with transaction.atomic():
        made = start(KIND, actor, words, total=leaving.count)
        if take(actor, "Export", leaving.total, said, row=made.uid) is None:
            transaction.set_rollback(True)
            return None
    return made


@job(KIND)
def export_list(work: Work) -> dict[str, Any]:
    """Make the file out of what its user sees now; broken off when her rights change."""
    actor = work.actor()
    try:
        return _make(work, actor)
    except BaseException:
        not_made(actor, work.job)
        raise


def not_made(actor: Actor, job: Job) -> None:
    """Record that no file came of an export, so that its rows never left."""
    words = {"list": job.words["list"], "complete": False}
    audit.record("ExportNotMade", actor, row=job.uid, count=0, words=words)


def _make(work: Work, actor: Actor) -> dict[str, Any]:
    wanted, kind = _wanted(work), work.job.words["format"]
    _allowed(actor, wanted)
    _take_what_came_since(work, actor, wanted.leaving(actor))
    write, content_type = MADE[kind]
    name = f"{wanted.page.name}-{actor.today():%Y-%m-%d}.{kind}"
    with work.new_file(name, content_type) as stream:
        done = write(stream, wanted, lambda: _allowed(work.actor(), wanted), work.progress)
    words = {"list": wanted.page.name, "sha256": work.job.sha256, "complete": True}
    audit.record("ExportMade", actor, row=work.job.uid, count=done, words=words)
    return {"rows": done}


def _wanted(work: Work) -> Wanted:
    from lists.pages import PAGES

    words = work.job.words
    query, names = QueryDict(words["query"]), tuple(words["columns"])
    return Wanted(PAGES[words["list"]], query, words["text"], names, words["channel"])


def _allowed(actor: Actor, wanted: Wanted) -> Actor:
    """The actor, while she may export this list at all."""
    if not wanted.page.may_export(actor):
        raise PermissionDenied
    if Action.EXPORT in GUARDED and not actor.second_factor:
        raise PermissionDenied
    return actor


def _take_what_came_since(work: Work, actor: Actor, leaving: Leaving) -> None:
    """Count the rows that the list has gained since it was asked for."""
    entries = AuditEntry.objects.filter(row_uid=work.job.uid, action="Export")
    asked = entries.values_list("count", flat=True).get() or 0
    more = leaving.total - asked
    words = {"list": work.job.words["list"]}
    if more > 0 and take(actor, "ExportMore", more, words, row=work.job.uid) is None:
        raise Refused(
            _(
                "The list has grown by %(count)d since, and these do not fit into what you may "
                "take out today. No file was made."
            )
            % {"count": more}
        )
    work.progress(0, leaving.count)


def same_rights(user_id: int | None, actor: Actor, wanted: Wanted) -> Actor:
    """For a file that is being sent: her rights as they are now, which must still be the same."""
    user = User.objects.filter(pk=user_id or 0).first()
    now = actor_of(user) if user else None
    if now is None or rights_of(now) != rights_of(actor):
        raise PermissionDenied
    return _allowed(now, wanted)
