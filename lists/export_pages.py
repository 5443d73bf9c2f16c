"""The dialog before an export: columns, purpose, how many, who stays out, and what is recorded."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from access.asking_again import ask_again, is_sure
from access.installation import this_installation
from access.keys import uuid7
from access.middleware import ActorRequest
from lists.budget import budget_left, take
from lists.columns import Column
from lists.confirming import TypedNumber
from lists.export import CSV_TYPE, written
from lists.export_jobs import same_rights, start_export
from lists.kept_columns import first_columns, keep_columns
from lists.leaving import Leaving, Wanted, exportable
from lists.models import Purpose

if TYPE_CHECKING:
    from lists.pages import ListPage

AT_ONCE = 20_000  # rows of a CSV that are sent while one waits
FORMATS = ("csv", "xlsx")
KEPT = "export"  # where the session keeps what was typed while the password is asked for


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
        super().__init__(*args, **{"auto_id": "export-%s"} | kwargs)
        offered = self.fields["columns"]
        assert isinstance(offered, forms.MultipleChoiceField)
        offered.choices = [(c.name, c.label) for c in columns]
        self.use_required_attribute = False

    def ask_for(self, leaving: Leaving) -> None:
        """Say which number is to be typed."""
        words = _("Type %(count)d to confirm the number of rows")
        if leaving.people:
            words = _("Type %(count)d to confirm the number of people")
        self.fields["confirm"].label = words % {"count": leaving.typed}

    def may_go(self, leaving: Leaving, left: int) -> bool:
        """Whether the file may be made; if not, the errors say why."""
        if not self.is_valid():
            return False
        if leaving.count == 0:
            self.add_error(
                None, _("There is nothing to export: no row is left. Nothing was recorded.")
            )
        elif leaving.total > left:
            self.too_many(leaving, left)
        elif self.cleaned_data["confirm"] != leaving.typed:
            words = _("Type the number %(count)d. Nothing was exported yet.")
            self.add_error("confirm", words % {"count": leaving.typed})
        return not self.errors

    def too_many(self, leaving: Leaving, left: int) -> None:
        """Say that the rest of the budget is smaller."""
        words = _(
            "This is %(count)d rows, and you may take out %(left)d more today. "
            "Nothing was exported. Narrow the list, or ask a data manager."
        )
        self.add_error(None, words % {"count": leaving.total, "left": max(left, 0)})


class Asked:
    """One request to the dialog of a list: what is typed so far, and what would leave."""

    def __init__(self, page: "ListPage", request: ActorRequest):
        self.page, self.request, self.actor = page, request, request.actor
        self.kept = _kept_over_the_password(request)
        self.data = self.kept or (request.POST if request.method == "POST" else request.GET)
        self.is_part = bool(request.htmx) and request.htmx.target != "export-dialog"
        self.is_sent = request.method == "POST" and "confirm" in request.POST and not self.is_part
        self.text = "" if self.data is request.GET else _kept_as_json(self.data.get("q", ""))
        self.purpose = purpose_of(self.data.get("purpose", ""))
        self.form = self._form()
        self.wanted = self._wanted()
        self.found = self.wanted.found(self.actor)
        self.leaving = self.wanted.leaving(self.actor)
        self.left = budget_left(self.actor)
        self.form.ask_for(self.leaving)

    def _form(self) -> ExportForm:
        first = {
            "columns": first_columns(self.page, self.actor, self.purpose),
            "purpose": self.data.get("purpose"),
        }
        bound = self.data if self.is_sent or self.kept else None
        return ExportForm(exportable(self.page, self.actor), bound, initial=first)

    def _wanted(self) -> Wanted:
        names = self.data.getlist("columns") if self.data is not self.request.GET else []
        if not names and "confirm" not in self.data:
            names = self.form.initial["columns"]
        channel = self.purpose.channel if self.purpose else ""
        return Wanted(self.page, self.request.GET, self.text, tuple(names), channel)

    @property
    def format(self) -> str:
        return "xlsx" if self.data.get("format") == "xlsx" else "csv"

    @property
    def in_background(self) -> bool:
        """Whether the file takes longer to make than one waits."""
        return self.format == "xlsx" or self.leaving.count > AT_ONCE

    def said(self) -> dict[str, Any]:
        """What the record keeps beside the number."""
        query = self.wanted.query
        return {
            "list": self.page.name,
            "filters": {
                name: [_kept_as_json(value) for value in query.getlist(name)]
                for name in [*self.page.filters, "sort"]
                if query.get(name)
            },
            "searched": bool(self.text),
            "columns": [c.name for c in self.wanted.columns(self.actor)],
            "purpose": self.form.cleaned_data["purpose"].code,
            "words": self.form.cleaned_data["words"],
            "format": self.format,
            "rows": self.leaving.count,
            **({} if self.leaving.people is None else {"people": self.leaving.people}),
        }

    def context(self) -> dict[str, Any]:
        """What the page shows."""
        return {
            "list": self.page,
            "form": self.form,
            "leaving": self.leaving,
            "count": self.leaving.count,
            "heading": heading(self.page, self.leaving, self.found.is_wrong),
            "is_large": self.leaving.count > AT_ONCE,
            "budget": max(self.left, 0),
            "export_url": self.request.get_full_path(),
            "list_url": self.page._url(self.request).replace("export/", "", 1),
            "problems": self.found.problems,
            "text": self.text,
            "chips": list(self.page.chips(self.request, self.found)),
            "asks_again": not is_sure(self.request),
            "minutes": this_installation().password_again_minutes,
            "is_part": self.is_part,
            "in_dialog": self.request.htmx.target == "export-dialog",
        }

    def render(self, status: int = 200) -> HttpResponse:
        template = "lists/export.html"
        if self.request.htmx:
            template = (
                "lists/export_form.html#counted" if self.is_part else "lists/export_dialog.html"
            )
        return render(self.request, template, self.context(), status=status)


def export_view(page: "ListPage"):
    """The view that asks for columns and purpose, and sends or makes the file once confirmed."""

    def view(request: ActorRequest):
        if not page.may_export(request.actor):
            raise PermissionDenied
        asked = Asked(page, request)
        if not asked.is_sent:
            return asked.render(422 if asked.found.is_wrong else 200)
        if asked.found.is_wrong or not asked.form.may_go(asked.leaving, asked.left):
            return asked.render(422)
        if not is_sure(request):
            return _ask_password(request)
        if request.htmx:  # a dialog only asks whether all is well: the browser sends it then itself
            said = {"format": asked.format, "here": not asked.in_background}
            return trigger_client_event(HttpResponse(status=204), "exportGoes", said)
        answer = _make(asked) if asked.in_background else _send(asked)
        if answer is None:  # another export took the rest meanwhile
            asked.form.too_many(asked.leaving, budget_left(request.actor))
            return asked.render(422)
        keep_columns(page, request.actor, list(asked.wanted.names))
        return answer

    view.__qualname__ = f"{type(page).__name__}.export"
    return view


def _send(asked: Asked) -> HttpResponseBase | None:
    """The rows as CSV; the audit entry is committed before, another follows the last byte."""
    actor, uid = asked.actor, uuid7()
    if take(actor, "Export", asked.leaving.total, asked.said(), row=uid) is None:
        return None
    wanted = asked.wanted
    lines = written(wanted, lambda: same_rights(asked.request.user.pk, actor, wanted), uid)
    answer = StreamingHttpResponse(lines, content_type=CSV_TYPE)
    name = f"{asked.page.name}-{actor.today():%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _make(asked: Asked) -> HttpResponseBase | None:
    """Have the file made in the background, and go to see how far it is."""
    job = start_export(asked.actor, asked.wanted, asked.leaving, asked.format, asked.said())
    if job is None:
        return None
    messages.success(
        asked.request,
        _("Recorded. The file is being made: you can close this page and come back for it."),
        extra_tags="banner",
    )
    return redirect("lists:exports")


def _kept_as_json(text: str) -> str:
    """The text as PostgreSQL keeps it: without NUL."""
    return text.replace("\0", "")


def purpose_of(code: str) -> Purpose | None:
    """The purpose of this code, if it is still offered."""
    return Purpose.objects.filter(retired=False, code=code[:60].replace("\0", "")).first()


def heading(page: "ListPage", leaving: Leaving, is_wrong: bool) -> str:
    """What leaves, in a few words: "Export 214 organizations and 391 people"."""
    from lists.templatetags.form_parts import whole

    meta = page.model._meta
    if is_wrong:
        return _("Export %(name)s") % {"name": str(page.title).lower()}
    name = meta.verbose_name if leaving.count == 1 else meta.verbose_name_plural
    words = {"count": whole(leaving.count), "name": name, "people": whole(leaving.people)}
    if leaving.people is None:
        return _("Export %(count)s %(name)s") % words
    if leaving.people == 1:
        return _("Export %(count)s %(name)s and 1 person") % words
    return _("Export %(count)s %(name)s and %(people)s people") % words


# -- the password, when it was given too long ago --------------------------------------------------


def _ask_password(request) -> HttpResponse:
    typed = request.POST.copy()
    typed.pop("csrfmiddlewaretoken", None)
    kept = {"url": request.get_full_path(), "typed": typed.urlencode()}
    answer = ask_again(request, kept, "lists.export_pages.go_on")
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def go_on(request, kept: dict[str, str]) -> HttpResponse:
    """Back to the export after the password, with all that was typed."""
    request.session[KEPT] = kept
    messages.success(
        request,
        _("It is you. All is as you left it, and nothing is recorded yet: go on below."),
        extra_tags="banner",
    )
    return redirect(kept["url"])


def _kept_over_the_password(request) -> QueryDict | None:
    """What was typed before the password was asked for: once, at the same address."""
    kept = request.session.get(KEPT)
    if request.method != "GET" or request.htmx or not kept:
        return None
    if kept["url"] != request.get_full_path():
        return None
    del request.session[KEPT]
    return QueryDict(kept["typed"])
