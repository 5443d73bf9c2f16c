"""A list on its way in through the pages: taken up, matched, foreseen, written, taken back.

The rows are read, matched and written by the code of the command import_list; here is what a page
needs beside it: a private file, work in the background, and what came of it in a few numbers.
"""

import secrets
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from access import jobs
from access.deleting import DAYS
from access.files import file_at, keep
from access.jobs import Work, job
from access.models import Job, Run
from access.recording import Refused
from access.registers import keeps_files
from access.scope import Actor
from lists.aside import grouped, write_aside
from lists.import_kinds import KINDS, ImportKind, PairKind
from lists.importing import Interrupted, Plan, carry_out
from lists.mapping import is_social_security, never_taken
from lists.models import Import
from lists.pairs import PairPlan
from lists.planning import mapped_by, plan_import
from lists.previewing import first_rows
from lists.reading import Source, SourceList, Unreadable, Warning, read_list
from lists.refusals import LARGEST_FILE, refuse_by_size
from lists.reports import Note, undo_import

KEPT = timedelta(days=DAYS)
AT_ONCE = 256 * 1024  # bytes of a file whose rows are checked while the page waits
WHOLE_AT_ONCE = 2 * 1024**2  # bytes of a file that is read whole when it comes
SAMPLE = 20  # rows that are read for examples
LONGEST_SAMPLE = 80
MOST_NOTES = 50

NOT_KEPT = "\N{HORIZONTAL ELLIPSIS}"  # stands for a value that is not ours to keep


def take_up(actor: Actor, upload, kind: str) -> Import:
    """Keep an uploaded file as an import of the actor's. Raises Unreadable for what is no list."""
    name = Path(upload.name or "").name[:200] or "list.csv"
    if upload.size > LARGEST_FILE:
        refuse_by_size(upload)
    path = secrets.token_hex(16)
    target = file_at(path)
    try:
        sha256 = keep(upload, path)
        found = read_list(target, None if upload.size <= WHOLE_AT_ONCE else SAMPLE)
        made = Import(
            owner_id=actor.user_id or 0,
            until=timezone.now() + KEPT,
            kind=kind,
            file_name=name,
            path=path,
            size=upload.size,
            sha256=sha256,
            header=[found.column(position) for position in range(len(found.header))],
            samples=_samples(found),
        )
        made.save(force_insert=True)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return made


def _samples(found: SourceList) -> list[str]:
    """The first value of each column; of one that we must not know, that there is one."""
    never = [bool(never_taken(name, of_people=True)) for name in found.header]
    samples = [""] * len(found.header)
    for row, _n in zip(found.rows, range(SAMPLE), strict=False):
        for position, cell in enumerate(row.cells):
            if samples[position] or not (text := " ".join(cell.split())[:LONGEST_SAMPLE]):
                continue
            secret = never[position] or is_social_security(text)
            samples[position] = NOT_KEPT if secret else text
    return samples


def source_of(row: Import) -> Path:
    """Where the file lies."""
    return file_at(row.path)


def kind_of(row: Import) -> type[ImportKind] | type[PairKind]:
    """What the rows are to become."""
    return KINDS[row.kind]


def header_of(row: Import) -> SourceList:
    """The columns of the file, as the mapping wants them, without reading it again."""
    return SourceList(source_of(row), header=list(row.header))


def choose(
    actor: Actor,
    row: Import,
    mapping: Iterable[tuple[int, str]],
    constants: Iterable[tuple[str, str]],
) -> None:
    """Say what the columns feed, and begin to find out what would happen.

    Raises Refused for a mapping that cannot be meant, and once rows are being written.
    """
    pairs, said = list(mapping), list(constants)
    mapped_by(kind_of(row)(actor), header_of(row), pairs, said)
    with transaction.atomic():
        row = Import.objects.visible_to(actor).select_for_update().get(pk=row.pk)
        may_still_change(row)
        if row.plan and row.plan.going_on:
            jobs.stop(actor, row.plan)
        row.mapping, row.constants = [list(p) for p in pairs], [list(c) for c in said]
        row.foreseen, row.work = {}, None
        row.plan = jobs.start("plan-import", actor, {"import": str(row.uid)}, keep=KEPT)
        row.save()
    if row.size <= AT_ONCE:
        jobs.run_job.func(str(row.plan.uid))


def may_still_change(row: Import) -> None:
    """Raise Refused once rows of it are written or being written."""
    if row.report or (row.work and row.work.going_on):
        raise Refused(_("This list is being imported, or is in already. Nothing was changed."))


def confirm(actor: Actor, row: Import, plan_uid: str) -> Import:
    """Begin to write what the preview with this plan showed, once."""
    with transaction.atomic():
        row = Import.objects.visible_to(actor).select_for_update().get(pk=row.pk)
        if row.report or (row.work and row.work.going_on):
            return row  # sent twice
        if row.run and row.run.status == Run.Status.OPEN:
            raise Refused(
                _(
                    "What was written before it was cut short is being taken back first. Nothing "
                    "was saved. Try again in a quarter of an hour."
                )
            )
        if not row.foreseen or not row.plan or str(row.plan.uid) != plan_uid:
            raise Refused(
                _("The columns were matched anew since you looked. Nothing was saved. Look again.")
            )
        row.until = timezone.now() + KEPT  # for as long as it can be taken back
        row.work = jobs.start("import-list", actor, {"import": str(row.uid)}, keep=KEPT)
        row.save()
    return row


def take_back(actor: Actor, row: Import) -> None:
    """Begin to take out what an import wrote, once."""
    with transaction.atomic():
        row = Import.objects.visible_to(actor).select_for_update().get(pk=row.pk)
        if row.run is None:
            raise Refused(_("Nothing of this list came in."))
        if row.state == "done":
            row.undoing = jobs.start("undo-import", actor, {"import": str(row.uid)}, keep=KEPT)
            row.save()


def remove(actor: Actor, row: Import) -> None:
    """Take away the file and what is kept of it. What it wrote stays, and so does its undo."""
    with transaction.atomic():
        row = Import.objects.visible_to(actor).select_for_update().get(pk=row.pk)
        if row.state in ("running", "undoing"):
            raise Refused(_("This import is still at work: stop it first. Nothing was removed."))
        if row.plan and row.plan.going_on:
            jobs.stop(actor, row.plan)
        _forget(row)


def _forget(row: Import) -> None:
    files = [source_of(row)]
    files += [file_at(it.path) for it in (row.plan, row.work) if it and it.path]
    ids = [it.pk for it in (row.plan, row.work) if it]
    row.delete()
    Job.objects.filter(pk__in=ids).update(path="", file_name="")
    for path in files:
        path.unlink(missing_ok=True)


def forget_imports() -> int:
    """Take away the imports whose time is over: how many."""
    over = list(_with_jobs(Import.objects.filter(until__lte=timezone.now())))
    over = [row for row in over if row.state not in ("running", "undoing")]
    for row in over:
        _forget(row)
    return len(over)


def _with_jobs(rows):
    return rows.select_related("owner", "plan", "work", "undoing", "run")


def imports_of(actor: Actor):
    """The actor's own imports, newest first, with their jobs."""
    return _with_jobs(Import.objects.visible_to(actor))


def reported_to(actor: Actor):
    """The imports whose report the actor may read."""
    return _with_jobs(Import.objects.reported_to(actor))


@keeps_files
def kept_files() -> set[str]:
    """The uploaded files that are still on their way."""
    return set(Import.objects.values_list("path", flat=True))


# -- in the background ---------------------------------------------------------------------------


def planned(
    actor: Actor, row: Import, watch: Any = None, most: int | None = None, match: bool = True
):
    """What importing this list would do, by its mapping, as `plan_import` says it."""
    source: Source = source_of(row)
    pairs = [(int(place), name) for place, name in row.mapping]
    constants = [(name, value) for name, value in row.constants]
    more = {"watch": watch} if watch else {}
    return plan_import(
        actor, source, kind_of(row), pairs, constants, most=most, match=match, **more
    )


def _row(work: Work) -> Import:
    """The import that a job is about. Raises Refused when it was removed in the meantime."""
    row = imports_of(work.actor()).filter(uid=work.job.words["import"]).first()
    if row is None:
        raise Refused(_("The file of this import is gone. Nothing was saved. Upload it again."))
    return row


def _planned(work: Work, actor: Actor, row: Import, match: bool) -> Plan | PairPlan:
    try:
        return planned(actor, row, work.progress, match=match)
    except Unreadable as refusal:
        raise Refused(refusal.message) from refusal
    except FileNotFoundError as error:
        raise Refused(
            _("The file of this import is gone. Nothing was saved. Upload it again.")
        ) from error


@job("plan-import")
def plan_job(work: Work) -> dict[str, Any]:
    """Find out what an import would do."""
    actor, row = work.actor(), _row(work)
    plan = _planned(work, actor, row, match=True)
    with transaction.atomic():
        fresh = imports_of(actor).filter(plan=work.job)  # another mapping was chosen meanwhile
        if fresh.select_for_update(of=("self",)).first():
            said = told(plan) | {"first": first_rows(plan)}
            write_aside(work, plan)
            Import.objects.filter(pk=row.pk, plan=work.job).update(foreseen=said)
    return {}


@job("import-list")
def import_job(work: Work) -> dict[str, Any]:
    """Write an import, or nothing of it."""
    actor, row = work.actor(), _row(work)
    began = time.monotonic()
    plan = _planned(work, actor, row, match=False)  # carrying it out does that
    kept = Import.objects.filter(pk=row.pk)

    def watch(done: int, total: int | None) -> None:
        if done == 0:  # if this process dies, the page knows what is to be taken back first
            kept.update(run=plan.run)
        work.progress(done, total)

    def report() -> None:
        said = told(plan) | {"seconds": round(time.monotonic() - began, 1)}
        kept.update(report=said, run=plan.run, until=timezone.now() + KEPT)

    try:
        carry_out(actor, plan, watch, report)
    except Interrupted as ended:
        left = ended.undone and (*ended.undone.left, *([""] * ended.undone.left_unseen))
        if left:
            raise Refused(
                _(
                    "The import was stopped. What it had written was taken back, but for %(n)d "
                    "rows that somebody changed in the meantime."
                )
                % {"n": len(left)}
            ) from ended
        raise ended.cause from ended
    write_aside(work, plan)
    return {"run": str(plan.run.uid)} if plan.run else {}


@job("undo-import")
def undo_job(work: Work) -> dict[str, Any]:
    """Take out what an import wrote."""
    actor, row = work.actor(), _row(work)
    if row.run is None:
        raise Refused(_("Nothing of this list came in."))
    done = undo_import(actor, row.run.uid)
    said = {
        "removed": done.removed,
        "put_back": done.put_back,
        "left": list(done.left[:100]),
        "left_in_all": len(done.left) + done.left_unseen,
    }
    Import.objects.filter(pk=row.pk).update(taken_back=said)
    return {}


def told(plan: Plan | PairPlan) -> dict[str, Any]:
    """What a plan does to the rows, in numbers, reasons and a few examples."""
    report, source = plan.report(), plan.source
    notes = [_plain(one) for one in source.warnings[:MOST_NOTES]]
    notes += [_plain(one) for one in report.notes[:MOST_NOTES]]
    return {
        "rows_read": source.count,
        "rows_in": report.rows_imported,
        "empty_rows": source.empty_rows,
        "rows": plan.tally,
        "aside": grouped(plan.aside),
        "aside_in_all": len({note.row for note in plan.aside}),
        "lines_with_warnings": source.lines_with_warnings,
        "encoding": source.encoding,
        "notes": notes[:MOST_NOTES],
        "notes_in_all": source.warning_counts.total() + report.notes_in_all,
        "left_to_first": report.left_to_first_row,
        "columns": report.columns,
    }


def _plain(note: Note | Warning) -> dict[str, Any]:
    """Something to look at, as JSON keeps it."""
    return {"row": note.row, "column": note.column, "value": note.value, "message": note.message}
