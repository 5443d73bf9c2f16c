"""A list page, declared once: table, filters, chips, sorting, paging, CSV and API all come from
it.
"""

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

import django_filters
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from access.commands import Command
from access.kept import kept
from access.middleware import ActorRequest, needs
from access.roles import Action, Limit
from access.scope import Actor
from lists import index
from lists.bulk import Bulk, bulk_view, bulks_for
from lists.chips import chips_of
from lists.columns import Column, Row, made_of
from lists.filters import OfRows, left_by
from lists.paging import SIZE, Order, Page, WrongCursor, page_of
from lists.saved_views import Asking, first_address, shown_columns, tabs, unknown_filters
from lists.templatetags.facets import boxes

PAGES: dict[str, "ListPage"] = {}
NO_UID = UUID(int=0)  # stands in an address for the row


@dataclass
class Found:
    """What a request asks of a list: its rows, or why there are none."""

    rows: Any
    form: Any
    order: Order
    problems: list[str]
    whole: Any = None  # the function that gives the rows, where nothing narrows them
    among: Any = None  # the candidates, where a costly filter chooses the rows from them

    @property
    def is_wrong(self) -> bool:
        return bool(self.problems)


class ListPage:
    """A list of one model. Subclasses say the model, the columns and the filters."""

    model: Any = None
    name = ""  # of the address, the URL names and the endpoint: "organizations"
    api_name = ""  # of the endpoint, where the words of the code differ from those of the screen
    title: Any = ""
    one: Any = ""  # what one row is called
    icon = "doc"
    record = ""  # the URL name of a row's own page
    action = Action.VIEW
    add: type[Command] | None = None
    change: type[Command] | None = None
    add_url = ""
    columns: ClassVar[list[Column]] = []
    filters: ClassVar[dict[str, django_filters.Filter]] = {}
    # Filters that look at other rows for each candidate, `narrow` included: what they leave is
    # counted among the first candidates only.
    costly: ClassVar[frozenset[str]] = frozenset()
    order = ""  # the column it is sorted by at first, with "-" for downward
    search_in = index.COLUMN  # what search reads: the index, a folded column, or nothing ("")
    place: ClassVar[tuple[str, ...]] = ()  # columns that tell a hit of the search box from others
    sub: ClassVar[
        tuple[str, ...]
    ] = ()  # columns that a page shows in small print under the main one
    # Phone and e-mail parts, that only a whole value finds.
    details: ClassVar[tuple[Any, ...]] = ()
    empty_text: Any = ""
    bulk: ClassVar[list[Bulk]] = []  # what can be done to many rows at once
    has_export = True
    has_owner = True  # rows can be somebody's own, so that a right for own rows means something

    def __init__(self):
        if not any(c.main for c in self.columns):
            raise ImproperlyConfigured(f"{type(self).__name__} has no main column.")
        PAGES[self.name] = self

    # -- rows ------------------------------------------------------------------------------------

    def rows(self, actor: Actor):
        """All rows of the list that the actor may see."""
        return self.model.objects.visible_to(actor)

    def narrow(self, rows, values: dict[str, Any], actor: Actor) -> tuple[Any, bool]:
        """Apply filters that mean something only together, and say whether they left few rows, by
        their ids, so that counting them costs no more than with other filters. Override for those.
        """
        return rows, False

    def exportable(self, rows, actor: Actor):
        """Those of the rows that the actor may take out. All, unless her right is for own rows."""
        if actor.limit(Action.EXPORT) == Limit.PARTNERS:
            empty = self.model.objects.none()
            return rows.filter(empty.own(actor) | empty.of_own_partners(actor))
        return rows

    def may_export(self, actor: Actor) -> bool:
        """Whether the actor may take out rows of this list at all."""
        limit = actor.limit(Action.EXPORT)
        may_read = self.has_export and actor.may(self.action)
        return may_read and limit is not None and (self.has_owner or limit != Limit.PARTNERS)

    def left_out(self, rows, channel: str) -> list[tuple[Any, Any]]:
        """For an export on a channel: (reason, condition) of the rows that stay out."""
        return []

    def brought(self, rows, actor: Actor) -> tuple["ListPage", Any]:
        """The list and the rows of it that the columns with `brings` take along with these rows."""
        raise NotImplementedError

    @property
    def namespace(self) -> str:
        """That of its addresses."""
        return self.record.partition(":")[0]

    def columns_for(self, actor: Actor) -> list[Column]:
        return [c for c in self.columns if actor.may(c.needs)]

    @cached_property
    def filterset_class(self) -> type[django_filters.FilterSet]:
        return type(
            f"{type(self).__name__}Filters", (django_filters.FilterSet,), dict(self.filters)
        )

    def find(self, request: ActorRequest, data, text: str = "") -> Found:
        """The rows that filters, sort and search text ask for; none, with the reasons, if one
        is wrong.
        """
        actor = request.actor
        if any(name in data for name in self.filters):
            filterset = self.filterset_class(data, queryset=self.rows(actor), request=request)
        else:
            filterset = self._unasked(actor)
        order, problems = self._order(data.get("sort", ""))
        problems += unknown_filters(self, data)
        if not filterset.is_valid():
            for name, errors in filterset.errors.items():
                label = filterset.form.fields[name].label if name in filterset.form.fields else name
                problems += [f"{label}: {error}" for error in errors]
        if problems:
            return Found(self.model.objects.none(), filterset.form, order, problems)
        values = filterset.form.cleaned_data
        is_whole = not any(values.values())
        whole = self.rows(actor), False
        rows, is_few = whole if is_whole else self.narrow(filterset.qs, values, actor)
        among = None
        if not is_few and any(values.get(name) for name in self.costly):
            among = left_by(filterset, self.rows(actor), set(values) - self.costly)
        if text:
            rows = self.search(rows, text, actor)
            among = self.search(among, text, actor) if among is not None else None
        kept_as = self.rows if is_whole and not text else None
        return Found(rows, filterset.form, order, [], kept_as, among)

    def _unasked(self, actor: Actor) -> Any:
        """The filters while none of them is asked for. They are kept: only to be read."""
        offers = (one.offered_to(actor) for one in self.filters.values() if isinstance(one, OfRows))

        def made() -> django_filters.FilterSet:
            none = self.model.objects.none()
            return self.filterset_class(QueryDict(), queryset=none, request=Asking(actor))

        return kept(("filters", self.name, get_language(), *offers), made)

    def search(self, rows, text: str, actor: Actor):
        """Rows with every word in a name, or with this whole phone number or e-mail address."""
        if not text.strip() or not self.search_in:
            return rows
        found = index.named(self.model, text, self.search_in)
        for held in self.detailed(text, actor):
            found |= Q(pk__in=held)
        return rows.filter(found)

    def detailed(self, text: str, actor: Actor):
        """For each kind of phone and e-mail that the text can be: the ids of the rows that have
        it, where any has.
        """
        for part in self.details:
            if (whole := part.whole(text)) is not None:
                held = part.objects.visible_to(actor).filter(whole)
                if held.exists():
                    yield held.values(f"{part.part_of[0]}_id")

    def nearest(self, actor: Actor, known: dict[str, Any]) -> set[int]:
        """Ids of rows that search shows first: the actor's own, and whom she met lately.

        Some may be hidden from her: they only pick among rows that she sees. `known` is what other
        lists looked up for the same search.
        """
        return set()

    def _order(self, wanted: str) -> tuple[Order, list[str]]:
        known = {c.name: c for c in self.columns if c.sort}
        first = Order(known[self.order.lstrip("-")], self.order.startswith("-"))
        if not wanted:
            return first, []
        column = known.get(wanted.removeprefix("-"))
        if column is None:
            return first, [_("This list cannot be sorted that way.")]
        return Order(column, wanted.startswith("-")), []

    # -- pages -----------------------------------------------------------------------------------

    def urls(self) -> list:
        """The addresses of the list itself; records have views of their own."""
        from lists.export_pages import export_view
        from lists.saved_pages import save_view_page

        found = [path("", self._view(self.table, self.action), name=self.name)]
        found.append(path("views/save/", save_view_page(self), name=f"{self.name}_save_view"))
        if self.bulk:
            found.append(
                path("bulk/", needs(self.action)(bulk_view(self)), name=f"{self.name}_bulk")
            )
        if self.has_export:
            export = needs(Action.EXPORT)(export_view(self))
            found.append(path("export/", export, name=f"{self.name}_export"))
        if self.search_in:
            found.append(
                path("choices/", self._view(self.choices, self.action), name=f"{self.name}_choices")
            )
        return found

    def _view(self, method, action: Action):
        def view(request, **kwargs):
            return method(request, **kwargs)

        view.__qualname__ = f"{type(self).__name__}.{method.__name__}"
        view.__module__ = type(self).__module__
        return needs(action)(view)

    def table(self, request: ActorRequest):
        """The list as a page. A search text comes by POST, so that it is in no address or log."""
        if first := first_address(self, request):
            return redirect(first)
        text = request.POST.get("q", "").strip() if request.method == "POST" else ""
        found = self.find(request, request.GET, text)
        offer = request.GET.get("offer")  # the filter whose choices are asked for
        if request.htmx and offer in self.filters:
            return HttpResponse(boxes(found.form[offer]))
        columns, wrong = shown_columns(self, request.GET, request.actor)
        if wrong:
            found = Found(
                self.model.objects.none(), found.form, found.order, found.problems + wrong
            )
        cursor = (request.POST if request.method == "POST" else request.GET).get("page", "")
        try:
            more = {"columns": columns, "whole": found.whole, "among": found.among}
            page = page_of(found.rows, found.order, cursor, SIZE, actor=request.actor, **more)
        except WrongCursor:
            found.problems.append(
                _("This page of the list is not there any more. Start from its beginning.")
            )
            page = Page([], 0, None, None)
        count, is_more = page.count, page.count_is_more
        context = {
            "list": self,
            "columns": columns,
            "rows": self.shown(made_of(page.values, columns, request.actor)),
            "problems": found.problems,
            "form": found.form,
            "chips": list(self.chips(request, found)),
            "clear_url": f"{request.path}?view=all",
            "sorts": self.sorts(request, found.order),
            "order": found.order,
            "text": text,
            "bulks": bulks_for(self, request.actor),
            "bulk_url": f"{request.path}bulk/{self._url(request, page=None)[len(request.path) :]}",
            "is_empty": not found.is_wrong and not count and not text and not self._asked(request),
            "pager": {
                "first": page.start,
                "last": page.start + len(page.keys) - 1 if page.keys else 0,
                "count": count,
                "count_is_more": is_more,
                "is_short": page.is_short,
                "next": page.next,
                "previous": page.previous,
                "next_url": self._url(request, page=page.next) if page.next else "",
                "previous_url": self._url(request, page=page.previous) if page.previous else "",
                "by_post": bool(text),
                "post_url": self._url(request, page=None),
            },
            "add_url": self._add_url(request.actor),
            "export_url": self._export_url(request),
        }
        context |= tabs(self, request) | self.more(request, found)
        status = 422 if found.is_wrong else 200
        is_part = request.htmx and not request.htmx.boosted
        template = "lists/list.html#results" if is_part else self.template
        return render(request, template, context, status=status)

    template = "lists/list.html"

    def more(self, request, found: Found) -> dict[str, Any]:
        """More for the template, when a list needs it."""
        return {}

    def shown(self, rows: list[Row]) -> list[dict[str, Any]]:
        """Rows for the template."""
        main = next(c.name for c in self.columns if c.main)
        apart = {main, *self.sub}
        address = reverse(self.record, args=[NO_UID]) if self.record else ""
        return [
            {
                "row": row,
                "url": address.replace(str(NO_UID), str(row.uid)),
                "main": row.cells[main],
                "sub": ", ".join(filter(None, (row.cells[name].text for name in self.sub))),
                "cells": [cell for name, cell in row.cells.items() if name not in apart],
            }
            for row in rows
        ]

    def _asked(self, request) -> bool:
        return any(request.GET.get(name) for name in [*self.filters, "page"])

    def _url(self, request, **changes) -> str:
        query = request.GET.copy()
        query.pop("offer", None)
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return f"{request.path}?{query.urlencode() or 'view=all'}"  # bare, it opens the first view

    def _add_url(self, actor: Actor) -> str:
        if self.add is None or not self.add_url or not actor.may(self.add.action):
            return ""
        return reverse(self.add_url)

    def _export_url(self, request) -> str:
        if not self.may_export(request.actor):
            return ""
        query = {k: request.GET.getlist(k) for k in [*self.filters, "sort"] if request.GET.get(k)}
        url = reverse(f"{request.resolver_match.namespace}:{self.name}_export")
        return f"{url}?{urlencode(query, doseq=True)}" if query else url

    def sorts(self, request, order: Order) -> dict[str, dict[str, str]]:
        """For each sortable column: the address that sorts by it, and its aria-sort."""
        found = {}
        for column in self.columns:
            if not column.sort:
                continue
            now = order.column.name == column.name
            wanted = f"-{column.name}" if now and not order.descending else column.name
            if column.kind == "day" and not now:
                wanted = column.name
            state = ("descending" if order.descending else "ascending") if now else "none"
            found[column.name] = {"url": self._url(request, sort=wanted, page=None), "state": state}
        return found

    def chips(self, request, found: Found):
        """One chip for each filter value in force, with the address that takes it off."""

        def without(name: str) -> str:
            return self._url(request, **{name: None, "page": None})

        return chips_of(self, found.form, without)

    def choices(self, request: ActorRequest):
        """For a picker: up to twelve rows whose name holds the typed words, by POST only."""
        from django.http import HttpResponseNotAllowed, JsonResponse

        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        text = request.POST.get("q", "").strip()
        rows = self.rows(request.actor)
        rows = self.search(rows, text, request.actor) if text else rows
        columns = [c for c in self.columns if c.main or c.name == self.hint]
        order = Order(next(c for c in self.columns if c.main and c.sort))
        page = page_of(rows, order, "", 12, actor=request.actor, columns=columns)
        found = made_of(page.values, columns, request.actor)
        main = next(c.name for c in self.columns if c.main)
        return JsonResponse(
            {
                "choices": [
                    {
                        "uid": str(row.uid),
                        "label": row.cells[main].text,
                        "hint": row.cells[self.hint].text if self.hint in row.cells else "",
                    }
                    for row in found
                ]
            }
        )

    hint = ""  # the column that a picker shows beside the name
