"""What was done: my last changes, each with Undo; and the whole record, for administrators."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import registers
from access.commands import command_named
from access.middleware import needs
from access.models import AuditEntry, Run, User
from access.roles import Action
from access.undo import HOURS, may_undo

OTHERS = {
    "Undo": gettext_lazy("Undid a change"),
    "ImportList": gettext_lazy("Imported a list"),
    "Export": gettext_lazy("Exported a list"),
    "ExportSent": gettext_lazy("The exported file was sent"),
    "ExportFigure": gettext_lazy("Exported a figure"),
    "ViewDetails": gettext_lazy("Looked at a phone or an e-mail"),
    "ViewDetailsByApi": gettext_lazy("Read details through the API"),
    "OpenRestricted": gettext_lazy("Opened a restricted row"),
}


def did(name: str) -> str:
    """What a run or an audit entry of this name did, in words."""
    if name in OTHERS:
        return str(OTHERS[name])
    command = command_named(name)
    return str(command.did) if command and command.did else name


@needs(Action.SIGNED_IN)
def changes(request):
    """What I did in the last day, newest first; Undo stands beside what can be taken back."""
    since = timezone.now() - timedelta(hours=HOURS)
    runs = list(
        Run.objects.filter(user_id=request.actor.user_id, at__gte=since).order_by("-pk")[:100]
    )
    pairs = [
        (kind, run.subject) for run in runs for kind in registers.subject_kinds() if run.subject
    ]
    known = registers.subjects(request.actor, pairs)
    shown = [
        {
            "run": run,
            "did": did(run.command),
            "subject": known.get(run.subject),
            "may_undo": may_undo(request.actor, run),
            "is_undone": run.status == Run.Status.UNDONE,
        }
        for run in runs
    ]
    return render(request, "access/changes.html", {"shown": shown, "hours": HOURS})


@needs(Action.ADMINISTER)
def record(request):
    """The audit log, newest first: who did what, when, to what, with the words beside it."""
    rows = AuditEntry.objects.select_related("detail").order_by("-pk")
    users = {user.uid: user for user in User.objects.all()}
    who = request.GET.get("who", "")
    chosen = next((user for user in users.values() if str(user.uid) == who), None)
    if who and chosen is None:
        rows = rows.none()
    elif chosen:
        rows = rows.filter(user_uid=chosen.uid)
    page = Paginator(rows, 100).get_page(request.GET.get("page"))
    pairs = [(k, e.row_uid) for e in page for k in registers.subject_kinds() if e.row_uid]
    known = registers.subjects(request.actor, pairs)
    shown = [
        {
            "entry": entry,
            "did": did(entry.action),
            "who": (entry.user_uid and users.get(entry.user_uid)) or _("The system"),
            "subject": known.get(entry.row_uid) if entry.row_uid else None,
            "words": _words(entry),
        }
        for entry in page
    ]
    context = {"shown": shown, "page": page, "users": list(users.values()), "who": who}
    return render(request, "access/record.html", context)


LABELS = {
    "list": gettext_lazy("List"),
    "filters": gettext_lazy("Filters"),
    "columns": gettext_lazy("Columns"),
    "purpose": gettext_lazy("Purpose"),
    "words": gettext_lazy("In their words"),
    "reason": gettext_lazy("Reason"),
    "figure": gettext_lazy("Figure"),
    "first": gettext_lazy("From"),
    "last": gettext_lazy("To"),
    "complete": gettext_lazy("Sent to the end"),
    "kind": gettext_lazy("Kind"),
}


def _words(entry: AuditEntry) -> list[tuple[str, str]]:
    """The words beside an entry that mean something to a reader, with their labels."""
    detail = getattr(entry, "detail", None)
    found = detail.words if detail else {}
    told = [(str(LABELS[name]), found[name]) for name in LABELS if name in found]
    return [(label, _plain(value)) for label, value in told if value not in ("", [], {}, None)]


def _plain(value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return "; ".join(f"{k}: {_plain(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
