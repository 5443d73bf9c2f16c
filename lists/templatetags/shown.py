"""How days, names, strengths and masked values are shown, and small parts of the shell."""

from __future__ import annotations

import datetime
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django import forms, template
from django.contrib.messages import constants as levels
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy

if TYPE_CHECKING:
    from django.contrib.messages.storage.base import Message

register = template.Library()

NEVER = datetime.date(1, 1, 1)
DAYS_BACK, DAYS_AHEAD = 30, 14
STRENGTHS = {
    1: pgettext_lazy("strength", "Faint"),
    2: pgettext_lazy("strength", "Light"),
    3: pgettext_lazy("strength", "Steady"),
    4: pgettext_lazy("strength", "Strong"),
    5: pgettext_lazy("strength", "Deep"),
}
# Keys that go to a page, by the icon that stands for it in the menu.
KEYS = {
    "home": "g t",
    "partners": "g o",
    "people": "g p",
    "affiliate": "g a",
    "task": "g f",
    "chart": "g d",
    "calendar": "g e",
}


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """A decorative icon of the sprite; the words beside it carry the meaning."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        f"i {extra}".strip(),
        static("icons.svg"),
        name,
    )


@register.filter
def initials(name: str | None) -> str:
    """The first letters of the first two words: "MO" for Maribel Ortiz."""
    words = [word for word in re.split(r"[\s\-]+", str(name or "")) if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


def _local(day: datetime.date | datetime.datetime) -> datetime.date:
    """The calendar day in the reader's time zone."""
    if isinstance(day, datetime.datetime):
        return timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    return day


def _with_year(day: datetime.date) -> str:
    """The day with its year, in the order that the language uses."""
    return date_format(day, pgettext("date pattern, as in Nov 24, 2026", "M j, Y"))


@register.filter
def near_day(day: datetime.date | datetime.datetime | None) -> str:
    """Today, Yesterday, 12 days ago, in 3 days; further away the date itself."""
    if not day:
        return ""
    day = _local(day)
    if day == NEVER:
        return gettext("Never")
    return _near(day, timezone.localdate(), get_language())


@lru_cache(maxsize=4_096)  # a list has the same few days again and again
def _near(day: datetime.date, today: datetime.date, _language: str | None) -> str:
    away = (day - today).days
    if away == 0:
        return gettext("Today")
    if away == -1:
        return gettext("Yesterday")
    if away == 1:
        return gettext("Tomorrow")
    if -DAYS_BACK <= away < 0:
        return ngettext("%(count)d day ago", "%(count)d days ago", -away) % {"count": -away}
    if 0 < away <= DAYS_AHEAD:
        return ngettext("in %(count)d day", "in %(count)d days", away) % {"count": away}
    return _with_year(day)


@register.filter
def short_day(day: datetime.date | datetime.datetime | None) -> str:
    """The date, without its year while it is this one: Nov 12."""
    if not day:
        return ""
    day = _local(day)
    if day == NEVER:
        return gettext("Never")
    if day.year == timezone.localdate().year:
        return date_format(day, pgettext("date pattern, as in Nov 24", "M j"))
    return _with_year(day)


@register.simple_tag
def strength(value: int | None, size: str = "") -> SafeString | str:
    """Bars and the word of a strength from 1 to 5."""
    try:
        step = int(value or 0)
    except (TypeError, ValueError):
        step = 0
    if step not in STRENGTHS:
        return gettext("Not judged yet")
    return format_html(
        '<span class="{}" data-v="{}" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></span>'
        ' {}<span class="vh">{}</span>',
        f"strength {size}".strip(),
        step,
        STRENGTHS[step],
        gettext(", %(step)d of 5") % {"step": step},
    )


@register.filter
def mask_email(address: str | None) -> str:
    """The first letter and the domain: r•••@casa.example."""
    name, at, domain = str(address or "").strip().partition("@")
    if not name:
        return ""
    return f"{name[0]}•••{at}{domain}"


@register.filter
def mask_phone(number: str | None) -> str:
    """The area and the last two digits: (509) •••-••42."""
    plain = re.split(r"(?:;ext=|\bext\b|x)", str(number or ""), maxsplit=1)[0]
    digits = re.sub(r"\D", "", plain)
    if len(digits) < 5:
        return "•••" if digits else ""
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    elif plain.strip().startswith("+"):
        return f"+{digits[:2]} ••• ••{digits[-2:]}"
    if len(digits) == 10:
        return f"({digits[:3]}) •••-••{digits[-2:]}"
    return f"•••-••{digits[-2:]}"


BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows"} | {
    "Mac OS": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


@register.filter
def device_name(user_agent: str | None) -> str:
    """A browser in words, "Firefox, Windows"; its own text when it is none that we know."""
    text = str(user_agent or "")
    known = [
        next((name for mark, name in names.items() if mark in text), "")
        for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, known)) or text[:60] or gettext("A program")


@register.filter
def widget_data(field: Any, name: str) -> str:
    """What a form field, a widget or a widget's context says in data-<name>."""
    if isinstance(field, dict):
        attrs = field.get("attrs", {})
    else:
        attrs = getattr(getattr(field, "field", field), "widget", field).attrs
    return attrs.get(f"data-{name}") or ""


@register.filter
def first_input(field: Any) -> str:
    """The id of the first control of a form field, for a link to it."""
    if field.is_hidden:
        return ""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


@register.filter
def said(field: Any) -> list[str]:
    """What is wrong with a form field; a bare "required" says which field it means."""
    messages = []
    for error in field.errors.as_data():
        for message in error.messages:
            if (
                error.code == "required"
                and message == forms.Field.default_error_messages["required"]
            ):
                chooses = isinstance(field.field, (forms.ChoiceField, forms.ModelChoiceField))
                message = gettext("Choose: %(field)s") if chooses else gettext("Fill in: %(field)s")
                message %= {"field": field.label}
            messages.append(message)
    return messages


@register.simple_tag
def menu(groups: list[list[Any]]) -> SafeString:
    """The entries of the side menu, each group apart from the one before; every page has it, and a
    template would take longer for it than for what it says.
    """
    due = gettext("due")
    return SafeString(
        "".join(
            _entry(item, due, apart=bool(number) and not place)
            for number, group in enumerate(groups)
            for place, item in enumerate(group)
        )
    )


def _entry(item: Any, due: str, *, apart: bool) -> SafeString:
    keys = KEYS.get(item.icon, "")
    told = format_html(' data-key="{}" data-key-label="{}"', keys, item.label) if keys else ""
    count = ""
    if item.count:
        count = format_html('<span class="n">{}<span class="vh"> {}</span></span>', item.count, due)
    return format_html(
        '<li{}><a href="{}"{}{}>{}{}{}</a></li>',
        SafeString(' class="gap"') if apart else "",
        item.url,
        SafeString(' aria-current="page"') if item.current else "",
        *(told, icon(item.icon), item.label, count),
    )


@register.filter
def banner_look(message: Message) -> str:
    """How a message is framed on the page: good, warn or stop; none for a toast."""
    if message.level >= levels.ERROR:
        return "stop"
    if message.level >= levels.WARNING:
        return "warn"
    return "good" if "banner" in (message.extra_tags or "").split() else ""


@register.filter
def undo_address(message: Message) -> str:
    """Where a message's Undo goes: what its extra tags hold after "undo:"."""
    for tag in (message.extra_tags or "").split():
        if tag.startswith("undo:/"):
            return tag.removeprefix("undo:")
    return ""
