"""What was done: my last changes, each with Undo; and how a record of the past is told."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import registers
from access.deleting import DAYS, deleted_rows
from access.history import did, put_back
from access.middleware import needs
from access.models import AuditEntry, Run
from access.roles import Action
from access.undo import HOURS, may_undo


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


@needs(Action.SIGNED_IN)
def deleted(request):
    """What was deleted in the last thirty days, as far as the viewer may bring it back."""
    shown = deleted_rows(request.actor)
    return render(request, "access/deleted.html", {"shown": shown, "days": DAYS})


@needs(Action.SIGNED_IN)
def put_value_back(request):
    """Put one column of a row back to what it was before a change in its history."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = PutBackForm(request.POST)
    if not form.is_valid():
        raise Http404
    asked = form.cleaned_data
    known = registers.subject(asked["kind"])
    run = Run.objects.filter(uid=asked["run"]).first()
    if known is None or run is None:
        raise Http404
    row = known.model.objects.visible_to(request.actor).filter(uid=asked["row"]).first()
    if row is None:
        raise Http404
    sent = {"revision": asked["revision"], "key": asked["key"]}
    command = put_back(request.actor, row, run, asked["column"], sent)
    back = f"{known.url(row)}?tab=history"
    if command.attempt(lambda _row: (302, {"location": back})) is None:
        reasons = " ".join(str(e) for errors in command.errors.values() for e in errors)
        messages.warning(request, reasons)
    elif command.run_made is not None:  # None when the same click came before
        tags = f"banner undo:{reverse('access:undo', args=[command.run_made.uid])}"
        messages.success(request, _("Put back."), extra_tags=tags)
    return redirect(back)


class PutBackForm(forms.Form):
    """Which column of which row, before which run; and the key and revision of the page."""

    kind = forms.CharField()
    row, run, key = forms.UUIDField(), forms.UUIDField(), forms.UUIDField()
    column = forms.CharField()
    revision = forms.IntegerField()


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
    "format": gettext_lazy("Format"),
    "rows": gettext_lazy("Rows"),
    "people": gettext_lazy("People"),
    "complete": gettext_lazy("Sent to the end"),
    "sha256": gettext_lazy("SHA-256 of the file"),
    "kind": gettext_lazy("Kind"),
    "before": gettext_lazy("Before"),
    "now": gettext_lazy("Now"),
    "into": gettext_lazy("Into"),
    "about": gettext_lazy("About"),
    "gains": gettext_lazy("Gains sight"),
    "loses": gettext_lazy("Loses sight"),
    "moved": gettext_lazy("States that moved"),
    "what": gettext_lazy("What"),
    "who": gettext_lazy("Who"),
    "whole": gettext_lazy("Whole"),
    "handed_over": gettext_lazy("Handed over"),
    "stays": gettext_lazy("Stays"),
}


def words_of(entry: AuditEntry) -> list[tuple[str, str]]:
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
