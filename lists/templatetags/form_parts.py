"""How fields of forms are shown: days, lines, choices, and what a list is called in a sentence."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django import forms, template
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import get_language, gettext, pgettext

from access.files import may_remove_any
from access.keys import uuid7
from access.roles import Action
from lists.import_kinds import KINDS

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()

FRIDAY = 4


class DayInput(forms.DateInput):
    """The browser's own calendar. It wants ISO dates in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%H:%M")


@register.filter
def control(field: Any) -> SafeString | str:
    """The control of a form field; days and times get the browser's own."""
    widget = field.field.widget
    shown = {
        k: v for k, v in widget.attrs.items() if k not in {"type", "data-optional", "data-look"}
    }
    if isinstance(widget, forms.DateInput):
        return field.as_widget(DayInput(shown))
    if isinstance(widget, forms.TimeInput):
        return field.as_widget(TimeInput(shown))
    return field.as_widget()


@register.filter
def line_forms(field: Any) -> list[forms.ModelForm] | None:
    """The lines of a set with a blank one, each as a form; None for any other field."""
    if not hasattr(field.field, "line_form"):
        return None
    return [_line(form) for form in field.form.line_forms(field.name)]


@register.filter
def blank_line(field: Any) -> forms.ModelForm:
    """The line that "Add another" copies."""
    return _line(field.field.line_form(prefix=f"{field.html_name}-__prefix__"))


def _line(form: Any) -> forms.ModelForm:
    form.all_optional = True
    return form


@register.filter
def chosen_rows(field: Any) -> list[Any]:
    """The rows that are chosen now in a field of rows, in the order in which they were chosen."""
    keys = field.field.chosen
    name = field.field.to_field_name
    rows = field.field.queryset.filter(**{f"{name}__in": keys}) if keys else []
    found = {getattr(row, name): row for row in rows}
    return [found[key] for key in keys if key in found]


@register.filter
def is_flag(field: Any) -> bool:
    """Whether a filter only asks for yes."""
    choices = getattr(field.field, "choices", None)
    single = isinstance(field.field, forms.ChoiceField) and not isinstance(
        field.field, forms.ModelChoiceField | forms.MultipleChoiceField
    )
    return single and [key for key, _label in choices or [] if key] == ["yes"]


@register.filter
def takes_several(field: Any) -> bool:
    """Whether several choices may be ticked in a field."""
    return isinstance(field.field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)


@register.filter
def ticked(field: Any) -> int:
    """How many of a field's choices are ticked."""
    value = field.value()
    return len(value) if isinstance(value, list | tuple) else int(bool(value))


@register.simple_tag
def new_key() -> str:
    """A fresh key, so that a form that is sent twice acts once."""
    return str(uuid7())


@register.simple_tag
def due_days(today: datetime.date) -> list[dict[str, Any]]:
    """Days by which something is often due: the coming Friday, in one week, in two."""
    friday = today + datetime.timedelta(days=(FRIDAY - today.weekday()) % 7)
    week, fortnight = (today + datetime.timedelta(days=n) for n in (7, 14))
    found = [(week, gettext("1 week")), (fortnight, gettext("2 weeks"))]
    if friday > today:
        found.insert(0, (friday, date_format(friday, "D")))
    return [{"iso": one.isoformat(), "label": label} for one, label in found]


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """A date with its year: Nov 24, 2026."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, pgettext("date pattern, as in Nov 24, 2026", "M j, Y"))


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """A date and the time of day, in the reader's time zone."""
    if not value:
        return ""
    return f"{day(value)}, {clock(timezone.localtime(value))}"


@register.filter
def month(value: datetime.date | None) -> str:
    """A month: November 2026."""
    return date_format(value, pgettext("date pattern, as in November 2026", "F Y")) if value else ""


@register.filter
def whole(value: int | None) -> str:
    """A whole number, with its thousands marked: 4,812."""
    if value is None:
        return ""
    return str(value) if abs(value) < 1_000 else _whole(value, get_language())


@lru_cache(maxsize=10_000)  # a page of figures has many, and most of them often
def _whole(value: int, _language: str | None) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)


@register.filter
def counted_rows(page: Any, pager: dict[str, Any]) -> str:
    """How many rows a list has: "214 organizations", "more than 10,000 people"."""
    count = pager["count"]
    meta = page.model._meta
    name = meta.verbose_name if count == 1 else meta.verbose_name_plural
    words = {"count": whole(count), "name": name}
    if pager["count_is_more"]:
        return gettext("More than %(count)s %(name)s") % words
    return gettext("%(count)s %(name)s") % words


@register.filter
def may(actor: Any, action: str) -> bool:
    """Whether the viewer may do something, by the name of the action."""
    return actor is not None and actor.may(Action(action))


@register.filter
def may_close(actor: Any, task: Any) -> bool:
    """Whether the viewer may mark this follow-up as done."""
    if not may(actor, "log"):
        return False
    return may(actor, "assign") or actor.user_id in (task.owner_id, task.author_id)


@register.filter
def may_remove(actor: Any, file: Any) -> bool:
    """Whether the viewer may take this file away."""
    return may(actor, "log") and (file.author_id == actor.user_id or may_remove_any(actor))


@register.filter
def kind_label(name: str) -> str:
    """What the rows of an import are called."""
    return str(KINDS[name].label) if name in KINDS else name


@register.filter
def of(found: dict[str, Any], name: str) -> Any:
    """What a dictionary holds for a name, or None."""
    return found.get(name)


@register.filter
def many(query: Any, name: str) -> list[str]:
    """Every value that an address holds for a name."""
    return query.getlist(name)


@register.filter
def besides(query: Any, names: str) -> list[tuple[str, str]]:
    """The (name, value) pairs of an address, for hidden fields, without those of these names."""
    left_out = {*names.split(), "page"}
    return [(n, v) for n in query if n not in left_out for v in query.getlist(n) if v]


@register.filter
def some(values: list[Any] | None, most: int = 3) -> str:
    """The first few of a cell's values: "Hispanic, Immigrant and 2 more"."""
    words = [str(value) for value in values or []]
    shown = ", ".join(words[:most])
    more = len(words) - most
    return (
        gettext("%(names)s and %(count)d more") % {"names": shown, "count": more}
        if more > 0
        else shown
    )


@register.filter
def fields(form: Any, names: str) -> list[Any]:
    """The fields of a form that it has of these names, in this order."""
    return [form[name] for name in names.split() if name in form.fields]


@register.filter
def any_errors(found: list[Any]) -> bool:
    """Whether something is wrong with one of the fields."""
    return any(field.errors for field in found)


@register.filter
def others(field: Any, rows: list[Any]) -> list[tuple[str, str]]:
    """The choices of a field of rows without those rows and without the empty one."""
    name = field.field.to_field_name
    taken = {str(getattr(row, name)) for row in rows}
    return [(key, label) for key, label in field.field.choices if key and str(key) not in taken]


@register.filter
def iso(value: Any) -> str:
    """A day as forms send it, whether typed or stored."""
    return value.isoformat() if hasattr(value, "isoformat") else str(value or "")


@register.filter
def among(value: str, days: list[dict[str, Any]]) -> bool:
    """Whether a day is one of those that are offered."""
    return any(one["iso"] == value for one in days)


@register.filter
def when(value: Any, today: datetime.date) -> str:
    """A day that was typed or is stored, in words: Today, Nov 12."""
    try:
        known = datetime.date.fromisoformat(iso(value)[:10])
    except ValueError:
        return gettext("Today")
    return gettext("Today") if known == today else day(known)


@register.filter
def clock(value: Any) -> str:
    """A time of day, typed or stored: 2:40 PM."""
    try:
        known = value if hasattr(value, "hour") else datetime.time.fromisoformat(str(value))
    except ValueError:
        return ""
    return time_format(known, pgettext("time pattern, as in 2:40 PM", "g:i A"))


@register.filter
def orders(page: Any) -> list[tuple[str, str]]:
    """Every way in which a list can be sorted, for a phone: (sort parameter, words)."""
    found = []
    for column in page.columns:
        if not column.sort:
            continue
        up, down = gettext("A to Z"), gettext("Z to A")
        if column.kind == "day":
            up, down = gettext("earliest first"), gettext("latest first")
        found += [
            (column.name, f"{column.label}, {up}"),
            (f"-{column.name}", f"{column.label}, {down}"),
        ]
    return found


@register.filter
def month_name(number: int) -> str:
    """What a month is called: 12 is December."""
    return str(MONTHS[number])


@register.filter
def paragraphs(text: str) -> list[str]:
    """A text's paragraphs, each on one line."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]
