"""The cells of a list, each row as one string: a template would take milliseconds a page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lists.templatetags.form_parts import day, some
from lists.templatetags.shown import icon, near_day, strength

if TYPE_CHECKING:
    import datetime

    from lists.search import Hit

CLOSED = {"done", "dropped", "signed"}  # statuses of what is not due any more
register = template.Library()

NOTHING = "–"
WORDS = 24  # of a text; its record shows the rest


def safe(value: Any) -> str:
    """A value as HTML, escaped unless it is HTML already: as `format_html` does it, which takes
    five times as long, a fifth of a list page.
    """
    if isinstance(value, SafeString):
        return value
    return escape(value if isinstance(value, str) else str(value))


@register.simple_tag(takes_context=True)
def row_cells(context, item: dict[str, Any]) -> SafeString:
    """The cells of a row: the box to tick where rows can be changed together, its name with small
    print below, and its columns.
    """
    return SafeString(_cells(context, [item])[0])


@register.simple_tag(takes_context=True)
def all_rows(context, items: list[dict[str, Any]]) -> SafeString:
    """Rows that have nothing but their cells."""
    return SafeString("".join(f'<tr role="row">{row}</tr>' for row in _cells(context, items)))


def _cells(context, items: list[dict[str, Any]]) -> list[str]:
    today, picks = context.get("today"), bool(context.get("bulks"))
    select = gettext("Select %(name)s")
    return [
        (_pick(item, select) if picks else "")
        + _main(item)
        + "".join([_cell(cell, item, today) for cell in item["cells"]])
        for item in items
    ]


def _pick(item: dict[str, Any], select: str) -> str:
    row = item["row"]
    name = select % {"name": item["main"].text}
    return (
        '<td role="cell" class="opt"><label class="pick"><input type="checkbox" name="row" '
        f'value="{row.uid}.{row.revision:d}" form="bulk"><span class="vh">{safe(name)}</span>'
        "</label></td>"
    )


def _main(item: dict[str, Any]) -> str:
    main = item["main"]
    name = safe(day(main.value) if main.column.kind == "day" else main.text)
    if item["url"]:
        name = f'<a class="name" href="{safe(item["url"])}">{name}</a>'
    below = f'<p class="small mute">{safe(item["sub"])}</p>' if item["sub"] else ""
    return f'<th role="rowheader" scope="row">{name}{below}</th>'


def _td(inner: Any, kind: str = "", label: Any = "") -> str:
    """A cell of a class, with its label for cards on a phone; None for a cell without one."""
    told = "" if label is None else f' data-l="{safe(label)}{":" if label else ""}"'
    look = f' class="{kind}"' if kind else ""
    return f'<td role="cell"{told}{look}>{safe(inner)}</td>'


def _cell(cell: Any, item: dict[str, Any], today: datetime.date | None) -> str:
    """One cell, by the kind of its column."""
    column, value, text = cell.column, cell.value, cell.text
    kind, name = column.kind, column.name
    if kind == "strength":
        return _td(strength(value), "nowrap")
    if name == "due":
        status = item["row"].cells.get("status")
        is_open = status is None or status.value not in CLOSED
        shown = due_tag(value, today) if value and is_open and today else near_day(value)
        return _td(shown, "nowrap")
    if kind == "day":
        return _td(near_day(value) if value else gettext("Never"), "nowrap", column.label)
    if kind == "user":
        return _td(text or NOTHING, "opt whom", None)
    if name == "keep_off":
        return _kept_off(value) if text else _td("", "opt", None)
    if kind == "link":
        return _td(text or NOTHING)
    if kind == "number":
        return _td(NOTHING if value is None else value, "num", column.label)
    if not text:
        return _td(some(value) if kind == "many" else "", "opt", None)
    if kind == "many":
        return _td(some(value), "nowrap" if name == "phones" else "")
    return _td(_cut(text))


def _cut(text: str) -> str:
    """The first words of a text."""
    words = text.split()
    return " ".join(words) if len(words) <= WORDS else f"{' '.join(words[:WORDS])} …"


def _kept_off(channels: list[str]) -> str:
    return (
        f'<td role="cell" data-l=""><span class="tag bad">{icon("ban")}<span class="only-card">'
        f"{safe(gettext('Do not use:'))} </span>{safe(some(channels))}</span></td>"
    )


@register.simple_tag
def hit_words(hit: Hit) -> SafeString:
    """What the search box found: its name as a link, and what helps to tell it from others."""
    told = f"{hit.kind}, {hit.place}" if hit.place else str(hit.kind)
    if hit.is_met:
        when = gettext("Last contact: %(when)s") % {"when": near_day(hit.day)}
        told = f"{told}. {when if hit.day else gettext('Never met')}"
    off = ""
    if hit.keep_off:
        words = f"{gettext('Do not use:')} {some(list(hit.keep_off))}"
        off = f'<p><span class="tag bad">{icon("ban")}{safe(words)}</span></p>'
    return SafeString(
        f'<span class="dot">{icon(hit.icon)}</span><div class="grow"><a class="name" '
        f'href="{safe(hit.url)}" data-hit>{safe(hit.name)}</a>'
        f'<p class="small mute">{safe(told)}</p>{off}</div>'
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
