"""The filters of a list, all as one string: a template would take a tenth of a list page."""

from typing import Any

from django import forms, template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from access.kept import kept
from lists.templatetags.cells import safe
from lists.templatetags.form_parts import control, is_flag, takes_several, ticked
from lists.templatetags.shown import icon

register = template.Library()

MANY = 40  # choices of a filter; more are sent when they are asked for
CHECKED = SafeString(" checked")


@register.simple_tag
def flags(form: forms.Form) -> SafeString:
    """The filters that only ask for yes, as boxes to tick."""
    tick = icon("check", "tick")
    return SafeString(
        "".join(
            f'<label class="chip"><input type="checkbox" id="{safe(field.id_for_label)}" '
            f'name="{safe(field.html_name)}" value="yes"'
            f"{CHECKED if field.value() == 'yes' else ''}>{tick}{safe(field.label)}</label>"
            for field in form
            if not field.is_hidden and is_flag(field)
        )
    )


@register.simple_tag(takes_context=True)
def facets(context, form: forms.Form) -> SafeString:
    """All other filters: those of several choices folded away until one of them is ticked."""
    request = context["request"]
    asked = request.GET.get("offer")
    parts = []
    for field in form:
        if field.is_hidden:
            parts.append(str(field))
        elif takes_several(field):
            parts.append(_facet(field, request, is_asked=asked == field.html_name))
        elif not is_flag(field):
            label = f'<label for="{safe(field.id_for_label)}">{safe(field.label)}</label>'
            parts.append(f'<div class="field">{label}{safe(control(field))}</div>')
    return SafeString("".join(parts))


def _facet(field: Any, request: Any, *, is_asked: bool) -> str:
    label, count = safe(field.label), ticked(field)
    if is_asked or not _is_long(field):
        inner = boxes(field)
    else:
        inner = _first_boxes(field, request.path, request.get_full_path())
    opened = " open" if count or is_asked else ""
    told = f' <span class="tag good">{count}</span>' if count else ""
    return (
        f'<details class="facet"{opened}><summary>{icon("down")}{label}{told}</summary>'
        f'<fieldset><legend class="vh">{label}</legend>{inner}</fieldset></details>'
    )


def boxes(field: Any) -> SafeString:
    """A field of several choices as boxes to tick. While none is ticked, they are kept."""
    chosen, kept_as = set(map(str, field.value() or [])), getattr(field.field, "kept_as", None)
    if chosen or kept_as is None:
        return _boxes(field, chosen)
    key = ("boxes", kept_as, field.html_name, field.auto_id, get_language())
    return kept(key, lambda: _boxes(field, chosen))


def _is_long(field: Any) -> bool:
    """Whether a field has more choices than a page should carry before one asks for them."""
    return _count(field) > MANY


def _count(field: Any) -> int:
    """How many choices a field has."""
    count = getattr(field.field, "count", None)
    return len(list(field.field.choices)) if count is None else count


def _first_boxes(field: Any, path: str, address: str) -> SafeString:
    """The choices that are ticked, and a link to all of them, followed when they come into sight.

    path: of the list. address: the whole address of the page, for who has no script.
    """
    chosen, name = set(map(str, field.value() or [])), field.html_name
    more = format_html(
        '<a class="small tapline" href="{}{}offer={}" hx-get="{}?offer={}"'
        ' hx-include="#filter-form" hx-trigger="click, toggle from:closest details once"'
        ' hx-target="#{}" hx-swap="outerHTML" hx-push-url="false">{}</a>',
        *(address, "&" if "?" in address else "?", name, path, name, field.auto_id),
        gettext("Show all %(count)d") % {"count": _count(field)},
    )
    return _boxes(field, chosen, only=chosen, more=more)


def _boxes(
    field: Any, chosen: set[str], only: set[str] | None = None, more: SafeString | str = ""
) -> SafeString:
    tick = icon("check", "tick")
    offered = field.field.choices if only is None or only else ()
    choices = ((str(value), label) for value, label in offered)
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
