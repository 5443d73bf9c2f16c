"""The filters in force above a list, in words, each with the address that takes it off."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from lists.filters import Flag

if TYPE_CHECKING:
    from lists.pages import ListPage


def chips_of(page: "ListPage", form: Any, without: Callable[[str], str]) -> Iterator[dict]:
    """{label, url} of each filter in force; `without` gives the address without a filter."""
    if not form.is_valid():
        return
    for name in page.filters:
        value = form.cleaned_data.get(name)
        if value in (None, "", []) or (hasattr(value, "__len__") and not len(value)):
            continue
        label = str(form.fields[name].label)
        is_flag = isinstance(page.filters[name], Flag)
        words = label if is_flag else f"{label}: {_words(form.fields[name], value)}"
        yield {"label": words, "url": without(name)}


def _words(field: Any, value: Any) -> str:
    if hasattr(value, "__iter__") and not isinstance(value, str):
        labels = [getattr(v, "label", None) or getattr(v, "name", None) or str(v) for v in value]
        choices = dict(getattr(field, "choices", []) or []) if isinstance(value, list) else {}
        labels = [str(choices.get(label, label)) for label in labels]
        if len(labels) > 2:
            return _("any of %(count)d") % {"count": len(labels)}
        return _(" or ").join(labels)
    choices = {k: v for k, v in getattr(field, "choices", []) if isinstance(k, str)}
    return str(choices.get(value, value))
