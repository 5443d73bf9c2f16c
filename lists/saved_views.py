"""Saved views: what a list shows, under a name; and which columns a list shows at all."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import one_of
from access.kept import kept
from access.roles import Action
from access.scope import Actor
from lists.columns import Column
from lists.models import DefaultView, SavedView

if TYPE_CHECKING:
    from lists.pages import ListPage

MOST = 30  # views of one list that one user keeps
LONGEST = 4_000  # characters of a query
WHOLE, FIRST = "all", "first"  # what `view` says for the whole list, and for the one to open with
CONTROLS = frozenset({"view", "sort", "page", "columns"})  # what an address says beside filters


@dataclass(frozen=True)
class Asking:
    """Who asks a list for rows where there is no request: all that a filter wants to know."""

    actor: Actor


# -- what a list shows ---------------------------------------------------------------------------


def kept_query(page: "ListPage", data: QueryDict) -> dict[str, list[str]]:
    """What a view keeps of an address: filters, order and columns, each said in one way only."""
    found = {}
    for name in data:
        values = sorted({value for value in data.getlist(name) if value})
        if values and name not in CONTROLS:
            found[name] = values
    if (sort := data.get("sort", "")) and sort != page.order:
        found["sort"] = [sort]
    usual = {c.name for c in page.columns if c.on_page}
    if (columns := set(filter(None, data.getlist("columns")))) and columns != usual:
        found["columns"] = sorted(columns)
    return dict(sorted(found.items()))


def unknown_filters(page: "ListPage", data) -> list[str]:
    """A sentence for each filter of a view that the list does not have any more."""
    if not data.get("view") or not hasattr(data, "getlist"):
        return []
    gone = [n for n in data if n not in page.filters and n not in CONTROLS and data.get(n)]
    words = _("This view uses a filter that this list does not have any more: %(name)s.")
    return [words % {"name": name[:60]} for name in sorted(gone)]


def choosable(page: "ListPage", actor: Actor) -> list[Column]:
    """The columns that the actor may put on the page, in their order. Details are not among them:
    those are shown one by one, and recorded.
    """
    found: dict[str, Column] = {}
    for column in page.columns_for(actor):
        shown = column.on_page or column.in_csv
        if shown and not column.main and not column.detail and column.name not in page.sub:
            found.setdefault(column.name, column)
    return list(found.values())


def shown_columns(page: "ListPage", data, actor: Actor) -> tuple[list[Column], list[str]]:
    """The columns that an address asks for, and what is wrong with that."""
    usual = [c for c in page.columns_for(actor) if c.on_page or c.name in page.sub]
    wanted = set(data.getlist("columns")) - {""} if hasattr(data, "getlist") else set()
    if not wanted:
        return usual, []
    always = [c for c in usual if c.main or c.name in page.sub]
    offered = choosable(page, actor)
    if wanted - {c.name for c in offered} - {c.name for c in always}:
        return usual, [_("A column that was asked for is not there.")]
    return always + [c for c in offered if c.name in wanted], []


# -- the tabs above a list -----------------------------------------------------------------------


def views_of(actor: Actor, name: str):
    """The views of a list that the actor may open: her own first, then what others share. They are
    kept: only to be read.
    """
    return kept(("views", actor.rights, name), lambda: _views_of(actor, name))


def _views_of(actor: Actor, name: str) -> list[SavedView]:
    rows = SavedView.objects.visible_to(actor).filter(page=name).select_related("owner")
    return sorted(rows, key=lambda v: (v.owner_id != actor.user_id, v.name.casefold(), v.pk))


def first_of(actor: Actor, name: str):
    """The uid of the view with which a list opens for the actor, or None."""
    rows = DefaultView.objects.visible_to(actor).filter(page=name).values_list("view", flat=True)
    return kept(("first view", actor.rights, name), rows.first)


def first_address(page: "ListPage", request) -> str:
    """The address of the view that this list opens with, when the request names none."""
    asked = request.GET
    if request.method != "GET" or not (asked.get("view") == FIRST or not any(asked.values())):
        return ""
    uid = first_of(request.actor, page.name)
    view = next((v for v in views_of(request.actor, page.name) if v.uid == uid), None)
    return f"{request.path}?{view.parameters}" if view else ""


def tabs(page: "ListPage", request) -> dict[str, Any]:
    """What the page says of its views: the tabs, the one that is open, whether it is changed."""
    actor, namespace = request.actor, request.resolver_match.namespace
    views = views_of(actor, page.name)
    asked = request.GET.get("view", "")
    view = next((v for v in views if str(v.uid) == asked), None)
    query = kept_query(page, request.GET)
    first_uid = first_of(actor, page.name)
    parameters = request.GET.copy()
    for name in ("view", "page"):
        parameters.pop(name, None)
    offered = choosable(page, actor)
    return {
        "views": [
            {"view": v, "url": f"{request.path}?{v.parameters}", "current": v == view}
            for v in views
        ],
        "view": view,
        "view_is_changed": view is not None and query != view.query,
        "may_change_view": view is not None and may_change(actor, view),
        "view_is_first": view is not None and view.uid == first_uid,
        "whole_url": f"{request.path}?view={WHOLE}",
        "save_view_url": reverse(f"{namespace}:{page.name}_save_view")
        + (f"?{parameters.urlencode()}" if parameters else ""),
        "view_query": parameters.urlencode(),
        "choosable": offered if len(offered) > 1 else [],
        "may_keep": bool(query),
    }


def may_change(actor: Actor, view: SavedView) -> bool:
    """Whether the actor may rename, change or delete a view: her own; a shared one also who
    assigns work to others, so that views of those who left can be looked after.
    """
    own = view.owner_id == actor.user_id
    return own or (view.is_shared and actor.may(Action.ASSIGN) and actor.may(Action.SHARE))


# -- commands ------------------------------------------------------------------------------------


class _OfView(Command):
    """What a command does that is for who looks after a view."""

    action = Action.SIGNED_IN

    def allow(self):
        super().allow()
        if not self.adding and not may_change(self.actor, self.instance):
            raise PermissionDenied


class ChangeView(_OfView):
    """Rename a view, or share it."""

    did = gettext_lazy("Changed a view")

    class Meta:
        model = SavedView
        fields = ("name", "visibility")
        widgets = {"visibility": forms.RadioSelect({"data-look": "seg", "data-optional": "quiet"})}

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        own = self.adding or self.instance.owner_id == actor.user_id
        if not (own and actor.may(Action.SHARE)):
            self.fields.pop("visibility", None)
        elif "visibility" in self.fields:
            self.fields["visibility"].required = False
            self.fields["visibility"].help_text = _(
                "Shared views are opened by who works in one of your areas. They hold filters and "
                "no rows: nobody sees more by them."
            )

    def clean_visibility(self):
        return self.cleaned_data["visibility"] or self.instance.visibility

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        mine = self.rows.filter(page=self._page(), owner_id=self.actor.user_id)
        if mine.exclude(pk=self.instance.pk).filter(name__iexact=name).exists():
            raise ValidationError(_("You have a view of this name already."))
        return name

    def _page(self) -> str:
        return self.instance.page


class _KeepsQuery(_OfView):
    """What a command does that takes a query: clean it as the list would."""

    query = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)

    def _list(self) -> "ListPage | None":
        from lists.pages import PAGES

        page = PAGES.get(self.instance.page)
        return page if page is not None and self.actor.may(page.action) else None

    def clean(self):
        cleaned = super().clean()
        page = self._list()
        if page is None:
            raise ValidationError(_("This list is not there."))
        if "query" in cleaned:
            self.kept = kept_query(page, QueryDict(cleaned["query"]))
            if self.problems(page):
                raise ValidationError(
                    _("A filter of this list is wrong, so the view was not saved. Mend it first.")
                )
        return cleaned

    def apply(self):
        self.instance.query = self.kept
        return super().apply()

    def problems(self, page: "ListPage") -> list[str]:
        """What is wrong with the query, as the list itself says it."""
        data = QueryDict(mutable=True)
        for name, values in {**self.kept, "view": ["new"]}.items():
            data.setlist(name, values)
        asking: Any = Asking(self.actor)
        wrong = shown_columns(page, data, self.actor)[1]
        return page.find(asking, data).problems + wrong


class SaveView(_KeepsQuery, ChangeView):
    """Keep what a list shows now under a name: filters, order and columns."""

    did = gettext_lazy("Saved a view")
    page = forms.CharField(max_length=40, widget=forms.HiddenInput)

    class Meta(ChangeView.Meta):
        pass

    def _page(self) -> str:
        return str(self.data.get("page") or self.initial.get("page") or "")

    def clean(self):
        self.instance.page = self.cleaned_data.get("page") or ""
        cleaned = super().clean()
        mine = self.rows.filter(page=self.instance.page, owner_id=self.actor.user_id)
        if mine.count() >= MOST:
            words = _("You keep %(most)d views of this list already. Delete one first.")
            raise ValidationError(words % {"most": MOST})
        return cleaned

    def apply(self):
        self.instance.owner_id = self.actor.user_id
        return super().apply()


class UpdateView(_KeepsQuery):
    """Put what a list shows now into a view that is there."""

    did = gettext_lazy("Updated a view")

    class Meta:
        model = SavedView
        fields = ()


class DeleteView(_OfView, Deletion):
    """Take a view away; it can be brought back. Rows are not touched."""

    did = gettext_lazy("Deleted a view")
    by_whom_alone = True

    class Meta:
        model = SavedView
        fields = ()


class OpenWith(Command):
    """Say with which view a list opens for oneself; with none, the whole list."""

    action = Action.SIGNED_IN
    did = gettext_lazy("Chose the view that a list opens with")
    view = one_of(SavedView, required=True)
    off = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = DefaultView
        fields = ()

    def apply(self):
        view = self.cleaned_data["view"]
        now = self.rows.filter(owner_id=self.actor.user_id, page=view.page).first()
        if self.cleaned_data["off"]:
            if now is not None and now.view == view.uid:
                now.delete()
            return now or self.instance
        row = now or self.instance
        row.owner_id, row.page, row.view = self.actor.user_id, view.page, view.uid
        row.save()
        return row
