"""A list as CSV: chosen columns, a purpose, what is left out and why; recorded before the first
byte.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, Sum
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import audit
from access.installation import rows_a_day
from access.middleware import ActorRequest
from access.models import AuditEntry, User
from access.scope import Actor
from lists.columns import Column, read
from lists.confirming import TypedNumber
from lists.models import Purpose

if TYPE_CHECKING:
    from lists.pages import ListPage

CHUNK = 1_000
NEEDED = {
    "email": "emails",
    "phone": "phones",
    "text": "phones",
}  # what a channel cannot do without
# The audit entries whose counts use up the row budget.
TAKEN = ("Export", "ViewDetailsByApi", "CallSheet")
_FORMULA = re.compile(r"^\s*[=+\-@\t\r\n'＝＋－＠]")
_NUMBER = re.compile(r"^[+-]?[0-9][0-9 ().\-]*( ?x[0-9]+)?$")


def guarded(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; `unguarded` gives the text back.

    Phone numbers and plain numbers (+15095550142, 00501) stay as they are.
    """
    if _FORMULA.match(text) and not _NUMBER.match(text):
        return "'" + text
    return text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def budget_left(actor: Actor) -> int:
    """How many rows the actor may still take out today, her day."""
    midnight = datetime.combine(actor.today(), time.min, actor.now().tzinfo)
    taken = AuditEntry.objects.filter(user_uid=actor.user_uid, action__in=TAKEN, at__gte=midnight)
    return rows_a_day(actor.role) - (taken.aggregate(n=Sum("count"))["n"] or 0)


def take(actor: Actor, action: str, count: int, words: dict) -> AuditEntry | None:
    """Take rows out of the budget of today and record it; None when they do not fit in any more.

    The actor's own row is locked meanwhile, so that two requests at once cannot both take the rest.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.user_id or 0)
        if count > budget_left(actor):
            return None
        return audit.record(action, actor, count=count, words=words)


class ExportForm(forms.Form):
    """Which columns, for what, and the number of rows typed by hand."""

    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        widget=forms.CheckboxSelectMultiple(attrs={"data-look": "chips"}),
    )
    purpose = forms.ModelChoiceField(
        Purpose.objects.filter(retired=False),
        label=gettext_lazy("What is it for?"),
        to_field_name="code",
        empty_label=gettext_lazy("Choose a purpose"),
    )
    words = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For whoever reads the record later. No names of people."),
    )
    confirm = TypedNumber()

    def __init__(self, columns: list[Column], *args, **kwargs):
        super().__init__(*args, **kwargs)
        offered = self.fields["columns"]
        assert isinstance(offered, forms.MultipleChoiceField)
        offered.choices = [(c.name, c.label) for c in columns]
        self.use_required_attribute = False


def export_view(page: "ListPage"):
    """The view that asks for columns and purpose, and sends the file when these are confirmed."""

    def view(request: ActorRequest):
        actor = request.actor
        if not page.may_export(actor):
            raise PermissionDenied
        columns = [c for c in page.columns_for(actor) if c.in_csv]
        found = page.find(request, request.GET, request.POST.get("q", ""))
        purpose = _purpose(request)
        needed = NEEDED.get(purpose.channel if purpose else "")
        first = {
            "columns": [c.name for c in columns if not c.detail or c.name == needed],
            "purpose": request.POST.get("purpose") or request.GET.get("purpose"),
        }
        # A search text comes by POST too, when the form is opened and when its purpose is chosen.
        is_sent = request.method == "POST" and "confirm" in request.POST and not request.htmx
        form = ExportForm(columns, request.POST if is_sent else None, initial=first)
        rows = page.exportable(found.rows, actor)
        kept, out = leave_out(page, rows, purpose.channel if purpose else "")
        count = kept.order_by().count()
        left = budget_left(actor)
        form.fields["confirm"].label = _("Type %(count)d to confirm the number of rows") % {
            "count": count
        }
        context = {
            "list": page,
            "form": form,
            "count": count,
            "left_out": out,
            "budget": max(left, 0),
            "list_url": page._url(request).replace("export/", "", 1),
            "problems": found.problems,
            "back_url": page._url(request),
            "purpose": purpose,
            "text": request.POST.get("q", ""),
            "chips": list(page.chips(request, found)),
        }
        if is_sent and not found.is_wrong and _may_go(form, count, left):
            sent = send(
                page, kept, _chosen(columns, form), actor, form.cleaned_data, request, count
            )
            if sent is not None:
                return sent
            _too_many(form, count, budget_left(actor))  # another export took the rest meanwhile
        part = "#export" if request.htmx else ""
        status = 422 if found.is_wrong or is_sent else 200
        return render(request, f"lists/export.html{part}", context, status=status)

    view.__qualname__ = f"{type(page).__name__}.export"
    return view


def _purpose(request) -> Purpose | None:
    code = request.POST.get("purpose") or request.GET.get("purpose") or ""
    return Purpose.objects.filter(retired=False, code=code[:60].replace("\0", "")).first()


def _may_go(form: ExportForm, count: int, left: int) -> bool:
    if not form.is_valid():
        return False
    if count == 0:
        form.add_error(None, _("There is nothing to export: no row is left. Nothing was recorded."))
    elif count > left:
        _too_many(form, count, left)
    elif form.cleaned_data["confirm"] != count:
        form.add_error(
            "confirm", _("Type the number %(count)d. Nothing was exported yet.") % {"count": count}
        )
    return not form.errors


def _too_many(form: ExportForm, count: int, left: int) -> None:
    text = _(
        "This is %(count)d rows, and you may take out %(left)d more today. "
        "Nothing was exported. Narrow the list, or ask a data manager."
    )
    form.add_error(None, text % {"count": count, "left": max(left, 0)})


def _chosen(columns: list[Column], form: ExportForm) -> list[Column]:
    return [c for c in columns if c.name in form.cleaned_data["columns"]]


def leave_out(page: "ListPage", rows, channel: str) -> tuple[Any, list[tuple[Any, int]]]:
    """The rows without those that must stay out on the channel, and (reason, how many) of these."""
    out = []
    condition: Q
    for reason, condition in page.left_out(rows, channel) if channel else []:
        if number := rows.filter(condition).order_by().count():
            out.append((reason, number))
            rows = rows.exclude(condition)
    return rows, out


def send(
    page: "ListPage", rows, columns: list[Column], actor: Actor, asked: dict, request, count: int
):
    """Stream the rows as CSV.

    The audit entry is committed before; another follows the last byte.
    """
    words = {
        "list": page.name,
        "filters": {
            k: request.GET.getlist(k) for k in [*page.filters, "sort"] if request.GET.get(k)
        },
        "searched": bool(request.POST.get("q")),
        "columns": [c.name for c in columns],
        "purpose": asked["purpose"].code,
        "words": asked["words"],
    }
    entry = take(actor, "Export", count, words)
    if entry is None:
        return None
    lines = written(rows, columns, actor, entry, page)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"{page.name}-{actor.today():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class _Echo:
    def write(self, line: str) -> str:
        return line


def written(
    rows, columns: list[Column], actor: Actor, entry: AuditEntry, page: "ListPage"
) -> Iterator[bytes]:
    """The CSV (UTF-8 with BOM, CRLF) in pieces; then the record of how many rows really left."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    digest, sent, complete = hashlib.sha256(), 0, False

    def piece(text: str) -> bytes:
        data = text.encode()
        digest.update(data)
        return data

    try:
        yield piece("\ufeff" + writer.writerow([guarded(str(c.label)) for c in columns]))
        order = page._order("")[0]
        sign = "-" if order.descending else ""
        ids = list(
            rows.order_by(f"{sign}{order.column.sort}", f"{sign}uid").values_list("pk", flat=True)
        )
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            found = {
                r.pk: r
                for r in read(
                    page.model.objects.visible_to(actor).filter(pk__in=some), columns, actor
                )
            }
            lines = [
                writer.writerow([guarded(found[pk].cells[c.name].text) for c in columns])
                for pk in some
                if pk in found
            ]
            sent += len(lines)
            yield piece("".join(lines))
        complete = True
    finally:
        audit.record(
            "ExportSent",
            actor,
            row=None,
            count=sent,
            words={
                "entry": entry.pk,
                "sha256": digest.hexdigest(),
                "complete": complete,
                "at": timezone.now().isoformat(),
            },
        )
