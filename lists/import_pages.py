"""The pages of an import: upload, match the columns, look, confirm, and what came of it."""

import logging

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from access import jobs
from access.deleting import DAYS
from access.middleware import needs
from access.models import Job
from access.recording import Refused
from access.roles import Action
from access.undo import may_undo
from lists import imports
from lists.import_forms import ColumnsForm, UploadForm
from lists.import_kinds import KINDS
from lists.mapping import Unfed
from lists.models import Import
from lists.previewing import MOST, first_rows
from lists.reading import Unreadable
from lists.refusals import LARGEST_FILE, MOST_ROWS
from lists.reports import would_undo

log = logging.getLogger("partnerships.imports")

STEPS = ("upload", "columns", "preview", "run")
SHOWN = 30  # imports on the first page


def _import(request, uid) -> Import:
    """The viewer's own import of this address, or Http404."""
    row = imports.imports_of(request.actor).filter(uid=uid).first()
    if row is None or row.kind not in KINDS:
        raise Http404
    return row


def _page(request, name: str, row: Import | None, context: dict, status: int = 200):
    """A step of an import, with what every step shows."""
    step = {"columns": "columns", "preview": "preview"}.get(name, "run")
    shared = {"row": row, "step": step, "kind": KINDS[row.kind].label if row else ""}
    return render(request, f"lists/imports/{name}.html", shared | context, status=status)


@needs(Action.IMPORT)
def upload(request):
    """Choose a file; and the imports of before."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = imports.take_up(
                request.actor, form.cleaned_data["file"], form.cleaned_data["kind"]
            )
        except Unreadable as refusal:
            form.add_error("file", refusal.message)
        except OSError:
            log.exception("upload not kept")
            words = _(
                "The file could not be kept here: the disk may be full. Nothing was saved. "
                "Tell an administrator, or try again later."
            )
            form.add_error("file", words)
        else:
            return redirect("lists:import_columns", row.uid)
    mine = list(imports.imports_of(request.actor)[:SHOWN])
    others = imports.reported_to(request.actor).exclude(owner_id=request.actor.user_id)
    context = {
        "form": form,
        "mine": mine,
        "others": list(others[:SHOWN]),
        "days": DAYS,
        "most_rows": MOST_ROWS,
        "most_megabytes": LARGEST_FILE // 1024**2,
        "step": "upload",
    }
    return _page(request, "upload", None, context, 422 if form.errors else 200)


@needs(Action.IMPORT, of=Import)
def columns(request, uid):
    """Say what each column feeds."""
    row = _import(request, uid)
    form, refused = ColumnsForm(request.actor, row, request.POST or None), ""
    if request.method == "POST":
        try:
            imports.choose(request.actor, row, form.mapping, form.said)
        except Unfed as unfed:
            words = _("Say which column holds this, in “Goes to”: %(field)s. Nothing was saved.")
            refused = words % {"field": form.label(unfed.target)}
        except Refused as refusal:
            refused = str(refusal)
        else:
            return redirect("lists:import_preview", row.uid)
    return _page(
        request, "columns", row, {"form": form, "refused": refused}, 422 if refused else 200
    )


@needs(Action.IMPORT, of=Import)
def preview(request, uid):
    """What would happen, before anything does; confirm it."""
    row, refused = _import(request, uid), ""
    if request.method == "POST":
        try:
            imports.confirm(request.actor, row, request.POST.get("plan", ""))
        except Refused as refusal:
            refused, row = str(refusal), _import(request, uid)
        else:
            return redirect("lists:import_run", row.uid)
    first = row.foreseen.get("first")
    if row.state == "checking" and not request.htmx:
        first = _looked_at(request.actor, row)
    context = {"first": first, "refused": refused, "found": row.foreseen, "most": MOST}
    context |= _told(request, row.plan) | {"has_aside": _has_aside(request.actor, row)}
    if request.htmx:
        return render(request, "lists/imports/preview.html#counts", {"row": row} | context)
    return _page(request, "preview", row, context, 409 if refused else 200)


def _looked_at(actor, row: Import) -> dict | None:
    """The first rows of a list that is still being read."""
    try:
        return first_rows(imports.planned(actor, row, most=MOST))
    except (Unreadable, Refused, FileNotFoundError):
        return None  # the job that reads it says why


@needs(Action.IMPORT, of=Import)
def run(request, uid):
    """How far the import is; stop it."""
    row = _import(request, uid)
    work = row.undoing if row.state == "undoing" else row.work
    if request.method == "POST":
        if row.work and row.state == "running":
            jobs.stop(request.actor, row.work)
        return redirect("lists:import_run", row.uid)
    context = {"work": work} | _told(request, work)
    if request.htmx:
        return render(request, "lists/imports/run.html#run", {"row": row} | context)
    return _page(request, "run", row, context)


def _told(request, work: Job | None) -> dict:
    """The tenth of the work that is done, where it was not said aloud yet."""
    if work is None:
        return {}
    tenth = (work.percent or 0) // 10
    said = request.GET.get("told", "")
    last = int(said) if said.isdecimal() and len(said) < 3 else -1
    return {"tenth": tenth, "tell": tenth > last or not work.going_on}


@needs(Action.IMPORT, of=Import)
def done(request, uid):
    """What came of an import. Administrators read it too, without a cell of the file."""
    row = imports.reported_to(request.actor).filter(uid=uid).first()
    if row is None or row.kind not in KINDS:
        row = _import(request, uid)
    is_own = row.owner_id == request.actor.user_id
    undoable = bool(is_own and row.state == "done" and row.run)
    context = {
        "found": row.report,
        "is_own": is_own,
        "may_undo": undoable and may_undo(request.actor, row.run),
        "has_aside": is_own and _has_aside(request.actor, row),
        "undo_until": row.run.at + imports.KEPT if row.run else None,
    }
    return _page(request, "done", row, context)


@needs(Action.IMPORT, of=Import)
def undo(request, uid):
    """What undoing an import takes out and what stays, before it does."""
    row, refused = _import(request, uid), ""
    if request.method == "POST":
        try:
            imports.take_back(request.actor, row)
        except Refused as refusal:
            refused = str(refusal)
        else:
            return redirect("lists:import_run", row.uid)
    foreseen = None
    if row.run and row.state == "done":
        try:
            foreseen = would_undo(request.actor, row.run.uid)
        except Refused as refusal:
            refused = str(refusal)
    context = {"foreseen": foreseen, "refused": refused}
    return _page(
        request, "undo", row, context, 422 if refused and request.method == "POST" else 200
    )


def _aside_job(actor, row: Import) -> Job | None:
    """The newest job that made a file of the rows that were set aside."""
    job = row.work if row.report else row.plan
    return job if job and jobs.may_take(actor, job) else None


def _has_aside(actor, row: Import) -> bool:
    return _aside_job(actor, row) is not None


@needs(Action.IMPORT, of=Import)
def set_aside(request, uid):
    """The rows that were set aside as a CSV file, with their cells and why."""
    row = _import(request, uid)
    job = _aside_job(request.actor, row)
    try:
        if job is None:
            raise FileNotFoundError
        stream = jobs.file_of(job)
    except FileNotFoundError:
        return _page(request, "nothing_aside", row, {})
    return FileResponse(
        stream, as_attachment=True, filename=job.file_name, content_type=job.content_type
    )


@needs(Action.IMPORT, of=Import)
def remove(request, uid):
    """Take the file away, and what is kept of it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = _import(request, uid)
    try:
        imports.remove(request.actor, row)
    except Refused as refusal:
        messages.error(request, str(refusal), extra_tags="banner")
        return redirect("lists:import_run", row.uid)
    messages.success(request, _("The file was removed."), extra_tags="banner")
    return redirect("lists:imports")
