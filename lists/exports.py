"""What was exported: one's own files, how far they are; and all exports, for administrators."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import audit
from access.actors import actor_of
from access.asking_again import ask_again, is_sure
from access.jobs import file_of, job_of, may_take, stop
from access.middleware import needs
from access.models import AuditEntry, Job, User
from access.roles import Action
from access.scope import Actor
from lists.budget import budget_left
from lists.export_jobs import KIND, not_made
from lists.models import Purpose

PAGE = 50
KNOWN_FOR = timedelta(days=30)
SENDING = timedelta(minutes=10)  # a stream without an end for longer was cut off
ENDS = ("ExportSent", "ExportMade", "ExportNotMade")


@dataclass(frozen=True)
class Export:
    """One export: what its entry in the record says, its end, and its job, if it had one."""

    entry: AuditEntry
    end: AuditEntry | None
    job: Job | None
    user: User | None
    purpose: str
    is_open: bool  # whether its user may have the file
    downloads: int

    @cached_property
    def words(self) -> dict[str, Any]:
        return _words(self.entry)

    @property
    def title(self) -> Any:
        """What its list is called."""
        page = _page(self.words)
        return page.title if page else self.words.get("list", "")

    @property
    def columns(self) -> list[str]:
        """The labels of its columns."""
        page = _page(self.words)
        labels = {c.name: str(c.label) for c in page.columns if c.in_csv} if page else {}
        return [labels.get(name, name) for name in self.words.get("columns", [])]

    @property
    def filters(self) -> list[str]:
        """Each filter in words, in the order of the list: "Stage: active"."""
        page, asked = _page(self.words), self.words.get("filters", {})
        labels = {n: made.label for n, made in page.filters.items()} if page else {}
        labels["sort"] = _("Order")
        return [
            f"{labels.get(name, name)}: {', '.join(map(str, asked[name]))}"
            for name in [*labels, *(asked.keys() - labels.keys())]
            if name in asked
        ]

    @property
    def rows(self) -> int | None:
        """How many rows left or are in the file; before its end, how many were asked for."""
        return self.end.count if self.end else self.words.get("rows", self.entry.count)

    @property
    def sha256(self) -> str:
        return _words(self.end).get("sha256", "") if self.end else ""

    @property
    def state(self) -> str:
        """going-on, ready, closed, gone, failed, sending, sent, broken"""
        if self.job is not None:
            return self._state_of(self.job)
        if self.end is not None and self.end.action == "ExportNotMade":
            return "failed"
        if self.words.get("format") and self.end is None:
            young = timezone.now() - self.entry.at < SENDING
            return "sending" if young else "broken"
        if self.end is None or self.end.action == "ExportMade":
            return "gone"
        return "sent" if _words(self.end).get("complete") else "broken"

    def _state_of(self, job: Job) -> str:
        if job.going_on:
            return "going-on"
        if job.status != Job.Status.DONE:
            return "failed"
        if not job.path or job.until is None or timezone.now() >= job.until:
            return "gone"
        return "ready" if self.is_open else "closed"


def _words(entry: AuditEntry | None) -> dict[str, Any]:
    detail = getattr(entry, "detail", None)
    return detail.words if detail else {}


def _page(words: dict[str, Any]):
    from lists.pages import PAGES

    return PAGES.get(words.get("list", ""))


def told(entries: Iterable[AuditEntry]) -> list[Export]:
    """The exports of these entries, with what became of each."""
    entries = list(entries)
    uids = [entry.row_uid for entry in entries if entry.row_uid]
    about = AuditEntry.objects.filter(row_uid__in=uids)
    ends = about.filter(action__in=ENDS).select_related("detail")
    end_of: dict[Any, AuditEntry] = {end.row_uid: end for end in ends.order_by("pk")}
    downloads = Counter(about.filter(action="ExportDownload").values_list("row_uid", flat=True))
    job_by: dict[Any, Job] = {j.uid: j for j in Job.objects.filter(uid__in=uids, kind=KIND)}
    found = User.objects.filter(uid__in={entry.user_uid for entry in entries})
    users: dict[Any, User] = {user.uid: user for user in found}
    actors: dict[Any, Actor | None] = {}
    if job_by:
        actors = {user.uid: actor_of(user) for user in users.values()}
    named = {purpose.code: str(purpose) for purpose in Purpose.objects.all()}
    return [
        Export(
            entry,
            end_of.get(entry.row_uid),
            job := job_by.get(entry.row_uid),
            users.get(entry.user_uid),
            named.get(code := _words(entry).get("purpose", ""), code),
            bool(job and (owner := actors.get(entry.user_uid)) and may_take(owner, job)),
            downloads[entry.row_uid],
        )
        for entry in entries
    ]


def _slice(request, rows) -> tuple[list[AuditEntry], int | None]:
    """The entries of this page, newest first, and where the next one begins."""
    before = request.GET.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def _entries():
    return AuditEntry.objects.filter(action="Export").select_related("detail").order_by("-pk")


@needs(Action.EXPORT)
def exports(request):
    """The viewer's own exports of thirty days: what they hold, how far they are, their files."""
    since = timezone.now() - KNOWN_FOR
    mine = _entries().filter(user_uid=request.actor.user_uid, at__gte=since)
    entries, older = _slice(request, mine)
    found = told(entries)
    going_on = [one for one in found if one.state == "going-on"]
    context = {
        "exports": found,
        "older": older,
        "going_on": going_on,
        "spoken": _spoken(request, going_on),
        "budget": max(budget_left(request.actor), 0),
    }
    part = "#lines" if request.htmx and not request.htmx.boosted else ""
    return render(request, f"lists/exports.html{part}", context)


def _spoken(request, going_on: list[Export]) -> dict[str, Any]:
    """The tenth to read aloud now, unless it was read already; and what was read, for next time."""
    job = going_on[0].job if going_on else None
    percent = (job.percent or 0) if job else 100
    tenth = f"{job.uid if job else 'end'}-{percent // 10}"
    return {"tenth": tenth, "percent": percent // 10 * 10, "new": request.GET.get("said") != tenth}


@needs(Action.EXPORT, of=Job)
def download_export(request, uid):
    """The file of one's own export, recorded; only under the rights that it was made with."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    job = job_of(request.actor, uid, KIND)
    if not may_take(request.actor, job):
        messages.error(request, why_not(job))
        return redirect("lists:exports")
    if not is_sure(request):
        return ask_again(request, {}, "lists.exports.go_on")
    try:
        stream = file_of(job)
    except FileNotFoundError:
        messages.error(request, why_not(job))
        return redirect("lists:exports")
    words = {"list": job.words["list"], "sha256": job.sha256}
    rows = job.outcome.get("rows")
    audit.record("ExportDownload", request.actor, row=job.uid, count=rows, words=words)
    return FileResponse(
        stream, as_attachment=True, filename=job.file_name, content_type=job.content_type
    )


def go_on(request, kept: dict[str, Any]) -> HttpResponse:
    """Back to the exports after the password: a file is only ever sent for a POST."""
    messages.success(request, _("It is you. Download the file below."), extra_tags="banner")
    return redirect("lists:exports")


def why_not(job: Job) -> str:
    """Why there is no file to be had, in a sentence."""
    if job.status != Job.Status.DONE:
        return _("There is no file: this export did not come to its end.")
    if not job.path or job.until is None or timezone.now() >= job.until:
        return _("The file is gone: it is kept for 24 hours. Export the list again.")
    return _(
        "Your role or your areas changed since, so this file is closed. Export the list again."
    )


@needs(Action.EXPORT, of=Job)
def stop_export(request, uid):
    """End one's own export; no file is left of it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    job = job_of(request.actor, uid, KIND)
    if job.going_on:
        stop(request.actor, job)
        job.refresh_from_db()
        said = _("The export ends in a moment. If it is not whole by then, no file is left of it.")
        if not job.going_on:  # one that waited; a running one records its end itself
            not_made(request.actor, job)
            said = _("The export is stopped, and its rows go back to your day.")
        messages.success(request, said, "banner")
    return redirect("lists:exports")


class ExportFilter(forms.Form):
    """Whose exports, and of which days."""

    who = forms.ModelChoiceField(
        User.objects.all(),
        to_field_name="uid",
        required=False,
        label=gettext_lazy("Who"),
        empty_label=gettext_lazy("Everybody"),
    )
    first = forms.DateField(required=False, label=gettext_lazy("From"))
    last = forms.DateField(required=False, label=gettext_lazy("To"))

    def rows(self, actor: Actor):
        """The entries that are asked for; none when what is asked for is wrong."""
        rows = _entries()
        if not self.is_valid():
            return rows.none()
        asked = self.cleaned_data
        if asked["who"]:
            rows = rows.filter(user_uid=asked["who"].uid)
        return audit.of_days(rows, actor, asked["first"], asked["last"])


@needs(Action.ADMINISTER)
def all_exports(request):
    """Every export of a list, newest first: who, what, for what, and the hash of the file."""
    form = ExportFilter(request.GET)
    rows = form.rows(request.actor)
    entries, older = _slice(request, rows)
    context = {
        "exports": told(entries),
        "older": older,
        "form": form,
        "count": rows.order_by().count(),
    }
    status = 200 if form.is_valid() else 422
    return render(request, "lists/all_exports.html", context, status=status)
