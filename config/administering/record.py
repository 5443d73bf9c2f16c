"""The record: who did what, when. Filtered, checked, and exported, which is recorded too."""

import csv
import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import audit, registers
from access.actors import actor_of
from access.checking import check_chain, newest_check
from access.commands import Command
from access.history import did
from access.middleware import needs
from access.models import AuditEntry, User
from access.roles import Action
from access.views.past import words_of
from lists.csv_cells import guarded

PAGE = 100
MOST_OUT = 200_000
SLICE = 1_000  # entries that are read together
HEAD = re.compile(r"\d{1,18}:[0-9a-f]{64}")
WHAT: dict[str, tuple[Any, frozenset[str]]] = {
    "signed-in": (gettext_lazy("Signed in"), frozenset({"SignIn"})),
    "exported": (
        gettext_lazy("Exported"),
        frozenset(
            {
                "Export",
                "ExportSent",
                "ExportMade",
                "ExportNotMade",
                "ExportMore",
                "ExportDownload",
                "ExportFigure",
                "ExportRecord",
            }
        ),
    ),
    "unmasked": (
        gettext_lazy("Looked at a phone or an e-mail"),
        frozenset({"ViewDetails", "ViewDetailsByApi"}),
    ),
    "changed-access": (
        gettext_lazy("Changed access"),
        frozenset(
            {
                "InviteUser",
                "InviteAgain",
                "ChangeAccess",
                "SetActive",
                "MakeToken",
                "RevokeToken",
                "RevokeTokens",
                "HandOver",
                "AddRegion",
                "ChangeRegion",
                "RetireRegion",
                "BringBackRegion",
            }
        ),
    ),
    "opened-restricted": (
        gettext_lazy("Opened or asked about a row"),
        frozenset({"OpenRestricted", "AskedWhatIsSeen"}),
    ),
    "undid": (gettext_lazy("Undid"), frozenset({"Undo"})),
    "imported": (gettext_lazy("Imported"), frozenset({"ImportList"})),
    "settings": (gettext_lazy("Changed the settings"), frozenset()),  # the rest of ADMINISTER
}


def actions_of(what: str) -> frozenset[str]:
    """The names of the entries of one kind."""
    if what != "settings":
        return WHAT[what][1]
    waiting, found = [Command], {"SentTestMail", "LoadDefaults"}
    while waiting:
        for command in waiting.pop().__subclasses__():
            waiting.append(command)
            if getattr(command, "action", None) == Action.ADMINISTER:
                found.add(command.__name__)
    return frozenset(found) - WHAT["changed-access"][1]


class RecordFilter(forms.Form):
    """Who, what, and between which days."""

    who = forms.ModelChoiceField(
        User.objects.all(),
        to_field_name="uid",
        required=False,
        label=gettext_lazy("Who"),
        empty_label=gettext_lazy("Everybody"),
    )
    what = forms.ChoiceField(
        required=False,
        label=gettext_lazy("What"),
        choices=[
            ("", gettext_lazy("Everything")),
            *((name, label) for name, (label, _names) in WHAT.items()),
        ],
    )
    first = forms.DateField(required=False, label=gettext_lazy("From"))
    last = forms.DateField(required=False, label=gettext_lazy("To"))

    def rows(self, actor):
        """The entries that are asked for, newest first; none when what is asked for is wrong."""
        rows = AuditEntry.objects.select_related("detail").order_by("-pk")
        if not self.is_valid():
            return rows.none()
        asked = self.cleaned_data
        if asked["who"]:
            rows = rows.filter(user_uid=asked["who"].uid)
        if asked["what"]:
            rows = rows.filter(action__in=actions_of(asked["what"]))
        return audit.of_days(rows, actor, asked["first"], asked["last"])


@needs(Action.ADMINISTER)
def record(request):
    """The audit log, newest first: who did what, when, to what, with the words beside it."""
    form = RecordFilter(request.GET)
    rows = form.rows(request.actor)
    newer, older, entries = _page(request, rows)
    users = {user.uid: user for user in User.objects.all()}
    pairs = [(k, e.row_uid) for e in entries for k in registers.subject_kinds() if e.row_uid]
    known = registers.subjects(request.actor, pairs)
    shown = [
        {
            "entry": entry,
            "did": did(entry.action),
            "who": (entry.user_uid and users.get(entry.user_uid)) or _("The system"),
            "subject": known.get(entry.row_uid) if entry.row_uid else None,
            "words": words_of(entry),
        }
        for entry in entries
    ]
    context = {
        "shown": shown,
        "form": form,
        "newer": newer,
        "older": older,
        "check": newest_check(),
        "count": rows.order_by().count(),
    }
    status = 200 if form.is_valid() else 422
    return render(request, "settings/record.html", context, status=status)


def _page(request, rows) -> tuple[int | None, int | None, list[AuditEntry]]:
    """(where the newer page begins, where the older one does, the entries of this page)."""
    before, after = _number(request.GET.get("before")), _number(request.GET.get("after"))
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        more, entries = len(found) > PAGE, found[:PAGE][::-1]
        return (entries[0].pk if more else None), (entries[-1].pk if entries else None), entries
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    entries = found[:PAGE]
    older = entries[-1].pk if len(found) > PAGE else None
    return (entries[0].pk if entries and before is not None else None), older, entries


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


@needs(Action.ADMINISTER)
def check(request):
    """Check the chain, against a head that was kept elsewhere if one is given."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    head = request.POST.get("head", "").strip().lower()
    if head and not HEAD.fullmatch(head):
        messages.warning(
            request,
            _("A head is a number, a colon and 64 characters from 0 to f. Nothing is checked."),
        )
        return redirect("settings:record")
    if check_chain(User.objects.get(pk=request.actor.user_id), head):
        found = newest_check()
        if found and found.whole:
            messages.success(request, _("The record is whole."), extra_tags="banner")
        else:
            messages.error(request, _("The record was changed. Look at what the check says below."))
    else:
        messages.success(
            request,
            _("The record is long: it is checked in the background. The answer will stand here."),
            extra_tags="banner",
        )
    return redirect("settings:record")


@needs(Action.ADMINISTER)
def export(request):
    """The entries that the filters ask for as CSV. Recorded before the first byte."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = RecordFilter(request.POST)
    rows = form.rows(request.actor)
    if not form.is_valid():
        messages.warning(request, _("A filter is wrong. Nothing was exported."))
        return redirect("settings:record")
    count = rows.order_by().count()
    if count > MOST_OUT:
        messages.warning(
            request,
            _("This is %(count)d entries; %(most)d fit. Choose fewer days. Nothing was exported.")
            % {"count": count, "most": MOST_OUT},
        )
        return redirect("settings:record")
    asked = form.cleaned_data
    words = {
        "who": asked["who"].name if asked["who"] else "",
        "what": asked["what"],
        "first": asked["first"],
        "last": asked["last"],
    }
    audit.record("ExportRecord", request.actor, count=count, words=words)
    response = StreamingHttpResponse(
        _lines(rows, request.user.pk), content_type="text/csv; charset=utf-8"
    )
    name = f"record-{request.actor.today():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(rows, user_id: int) -> Iterator[bytes]:
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    titles = [_("Entry"), _("When (UTC)"), _("Who"), _("What"), _("Rows"), _("Words"), _("Seal")]
    yield ("\ufeff" + writer.writerow(titles)).encode()
    users = {user.uid: user.name for user in User.objects.all()}
    oldest = None
    # Slice by slice: while rows are read out of one statement, SQLite would show rights as they
    # were when it began.
    while some := list((rows if oldest is None else rows.filter(pk__lt=oldest))[:SLICE]):
        _still_administers(user_id)
        for entry in some:
            who = (entry.user_uid and users.get(entry.user_uid)) or _("The system")
            words = "; ".join(f"{label}: {value}" for label, value in words_of(entry))
            count = "" if entry.count is None else entry.count
            at, done = entry.at.isoformat(timespec="seconds"), did(entry.action)
            cells = [entry.pk, at, guarded(who), done, count, guarded(words), entry.seal]
            yield writer.writerow(cells).encode()
        oldest = some[-1].pk


def _still_administers(user_id: int) -> None:
    """Break off what is being sent, by PermissionDenied, once the right to it is gone."""
    user = User.objects.filter(pk=user_id).first()
    actor = actor_of(user) if user else None
    if actor is None or not actor.may(Action.ADMINISTER) or not actor.second_factor:
        raise PermissionDenied
