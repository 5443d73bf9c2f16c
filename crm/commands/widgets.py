"""How a page asks for a field: by chips, by a bar of buttons, or by typing a name."""

from typing import Any

from django import forms
from django.urls import reverse_lazy


class OneOf(forms.RadioSelect):
    """A few short words, one of which is pressed."""

    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        if not self.is_required:
            return groups
        return [group for group in groups if group[1][0]["value"] != ""]  # no button for nothing


def one_chip(**attrs: Any) -> OneOf:
    return OneOf({"data-look": "chips"} | attrs)


def chips(page: str = "", **attrs: Any) -> forms.CheckboxSelectMultiple:
    """Chips to tick; with a page, further ones are found by name as one types."""
    found = {"data-choices-url": reverse_lazy(f"crm:{page}_choices")} if page else {}
    return forms.CheckboxSelectMultiple({"data-look": "chips"} | found | attrs)


def bar() -> OneOf:
    return OneOf({"data-look": "seg"})


def picker(page: str, many: bool = False) -> forms.Select:
    """Finds rows of a list page by name as one types; a plain list without script. A page of
    another app is named with it: "outreach:programs".
    """
    name = page if ":" in page else f"crm:{page}"
    attrs = {"data-choices-url": reverse_lazy(f"{name}_choices")}
    return forms.SelectMultiple(attrs) if many else forms.Select(attrs)


def words(rows: int = 3, **attrs: Any) -> forms.Textarea:
    """A text that is compared with the list of words to be careful with, in the page."""
    return forms.Textarea({"rows": rows, "data-words": ""} | attrs)


class Due(forms.DateInput):
    """A day out of a few that are offered, or one picked beside them."""

    def value_from_datadict(self, data, files, name):
        chosen = super().value_from_datadict(data, files, name)
        return data.get(f"{name}_day") if chosen == "pick" else chosen
