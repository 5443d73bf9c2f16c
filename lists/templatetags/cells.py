"""The cells of a list, each row as one string: a template would take milliseconds a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, gettext

from access.kept import kept
from lists.templatetags.form_parts import day, some
from lists.templatetags.shown import icon, near_day, strength

if TYPE_CHECKING:
    import datetime

register = template.Library()

NOTHING = "–"
MANY = 60  # choices of a filter; more are sent when they are asked for (states are 57)
WORDS = 24  # of a text; its record shows the rest
PLAIN = '<td role="cell" data-l="">{}</td>'
CHECKED = SafeString(" checked")
EMPTY = '<td role="cell" class="opt">{}</td>'


@register.simple_tag(takes_context=True)
def row_cells(context, item: dict[str, Any]) -> SafeString:
    """The cells of a row: the box to tick where rows can be changed together, its name with small
    print below, and its columns.
    """
    today = context.get("today")
    parts = [_pick(item)] if context.get("bulks") else []
    parts.append(_main(item))
    parts += [_cell(cell, item, today) for cell in item["cells"]]
    return format_html_join("", "{}", ((part,) for part in parts))


def _pick(item: dict[str, Any]) -> SafeString:
    row = item["row"]
    return format_html(
        '<td role="cell" class="opt"><label class="pick"><input type="checkbox" name="row" '
        'value="{}.{}" form="bulk"><span class="vh">{}</span></label></td>',
        row.uid,
        row.revision,
        gettext("Select %(name)s") % {"name": item["main"].text},
    )


def _main(item: dict[str, Any]) -> SafeString:
    main = item["main"]
    name: Any = day(main.value) if main.column.kind == "day" else main.text
    if item["url"]:
        name = format_html('<a class="name" href="{}">{}</a>', item["url"], name)
    below = format_html('<p class="small mute">{}</p>', item["sub"]) if item["sub"] else ""
    return format_html('<th role="rowheader" scope="row">{}{}</th>', name, below)


def _cell(cell: Any, item: dict[str, Any], today: datetime.date | None) -> SafeString:
    """One cell, by the kind of its column."""
    column, value, text = cell.column, cell.value, cell.text
    kind, name = column.kind, column.name
    if kind == "strength":
        return format_html('<td role="cell" data-l="" class="nowrap">{}</td>', strength(value))
    if name == "due":
        is_open = item["row"].cells["status"].value == "open"
        shown = due_tag(value, today) if is_open and today else near_day(value)
        return format_html('<td role="cell" data-l="" class="nowrap">{}</td>', shown)
    if kind == "day":
        shown = near_day(value) if value else gettext("Never")
        return format_html(
            '<td role="cell" data-l="{}:" class="nowrap">{}</td>', column.label, shown
        )
    if kind == "user":
        return format_html('<td role="cell" class="opt whom">{}</td>', text or NOTHING)
    if name == "keep_off":
        return _kept_off(value) if text else format_html(EMPTY, "")
    if kind == "link":
        return format_html(PLAIN, text or NOTHING)
    if kind == "number":
        number = NOTHING if value is None else value
        return format_html('<td role="cell" class="num" data-l="{}:">{}</td>', column.label, number)
    if kind == "many":
        if text and name == "phones":
            return format_html('<td role="cell" data-l="" class="nowrap">{}</td>', some(value))
        return format_html(PLAIN if text else EMPTY, some(value))
    return format_html(PLAIN if text else EMPTY, Truncator(text).words(WORDS, truncate=" …"))


def _kept_off(channels: list[str]) -> SafeString:
    return format_html(
        '<td role="cell" data-l=""><span class="tag bad">{}<span class="only-card">{} </span>{}'
        "</span></td>",
        icon("ban"),
        gettext("Do not use:"),
        some(channels),
    )


@register.simple_tag
def due_tag(due: datetime.date, today: datetime.date) -> SafeString:
    """When something is due, beside what day it is."""
    when = {"when": near_day(due)}
    if due < today:
        return format_html('<span class="tag bad">{}</span>', gettext("Overdue, %(when)s") % when)
    if due == today:
        return format_html('<span class="tag warn">{}</span>', gettext("Due today"))
    return format_html('<span class="tag">{}</span>', gettext("Due %(when)s") % when)


@register.filter
def boxes(field: Any) -> SafeString:
    """A field of several choices as boxes to tick. While none is ticked, they are kept."""
    chosen, kept_as = set(map(str, field.value() or [])), getattr(field.field, "kept_as", None)
    if chosen or kept_as is None:
        return _boxes(field, chosen)
    key = ("boxes", kept_as, field.html_name, field.auto_id, get_language())
    return kept(key, lambda: _boxes(field, chosen))


@register.filter
def is_long(field: Any) -> bool:
    """Whether a field has more choices than a page should carry before one asks for them."""
    return len(list(field.field.choices)) > MANY


@register.simple_tag
def first_boxes(field: Any, path: str, address: str) -> SafeString:
    """The choices that are ticked, and a link to all of them, followed when they come into sight.

    path: of the list. address: the whole address of the page, for who has no script.
    """
    chosen, name = set(map(str, field.value() or [])), field.html_name
    more = format_html(
        '<a class="small tapline" href="{}{}offer={}" hx-get="{}?offer={}"'
        ' hx-include="#filter-form" hx-trigger="click, toggle from:closest details once"'
        ' hx-target="#{}" hx-swap="outerHTML" hx-push-url="false">{}</a>',
        *(address, "&" if "?" in address else "?", name, path, name, field.auto_id),
        gettext("Show all %(count)d") % {"count": len(list(field.field.choices))},
    )
    return _boxes(field, chosen, only=chosen, more=more)


def _boxes(
    field: Any, chosen: set[str], only: set[str] | None = None, more: SafeString | str = ""
) -> SafeString:
    tick = icon("check", "tick")
    choices = ((str(value), label) for value, label in field.field.choices)
    if only is not None:
        choices = ((value, label) for value, label in choices if value in only)
    options = (
        (field.html_name, value, CHECKED if value in chosen else "", tick, label)
        for value, label in choices
    )
    inner = format_html_join(
        "",
        '<label class="chip"><input type="checkbox" name="{}" value="{}"{}>{}{}</label>',
        options,
    )
    return format_html('<div id="{}" class="row">{}{}</div>', field.auto_id, inner, more)
