"""Fields that choose rows: one, many, or a set of small rows that belong to the command's row."""

import copy
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from access.choosing import WRONG, ManyOf, OneOf
from access.records import Record

_NUMBERS = {
    "min_value": _("Write %(limit_value)s or more."),
    "max_value": _("Write %(limit_value)s or less."),
}
# Of what a page sends by itself, and nobody typed.
_UNASKED = {"invalid": _("The page did not send what it should. Open it again; nothing was saved.")}


_PRESET = (forms.TypedChoiceField, forms.BooleanField)  # a new line starts with a value of these


class _Fields(dict):
    """The fields of a form's class. Each form works on copies of them; Django's way of copying asks
    each anew how it is copied, which takes three times as long.
    """

    def __deepcopy__(self, memo):
        return {name: _copy_of(field, memo) for name, field in self.items()}


_ALIKE = {forms.Field.__deepcopy__, forms.ChoiceField.__deepcopy__}
_WIDGETS = {forms.Widget.__deepcopy__, forms.Select.__deepcopy__}


def _copy_of(field: Any, memo: dict) -> Any:
    chooses = isinstance(field, OneOf | ManyOf)
    if not chooses and type(field).__deepcopy__ not in _ALIKE:
        return copy.deepcopy(field, memo)
    if type(field.widget).__deepcopy__ not in _WIDGETS:
        return copy.deepcopy(field, memo)
    copied, widget = _twin(field), _twin(field.widget)
    copied.widget, widget.attrs = widget, dict(widget.attrs)
    copied.error_messages = dict(field.error_messages)
    copied.validators = list(field.validators)
    if chooses:
        widget.choices = copied.choices
    return copied


def _twin(thing: Any) -> Any:
    """Another object that holds the same."""
    twin = object.__new__(type(thing))
    twin.__dict__.update(thing.__dict__)
    return twin


class RowForm(forms.ModelForm):
    """A form of one row, in sentences of ours. The model need not look up once more what a OneOf of
    the form found.
    """

    def __init__(self, *args, **kwargs):
        self.base_fields = _Fields(type(self).base_fields)  # type: ignore[misc]  # copied there
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.widget.is_hidden or isinstance(field, forms.UUIDField):
                field.error_messages |= dict.fromkeys(_NUMBERS, _UNASKED["invalid"]) | _UNASKED
            elif isinstance(field, forms.IntegerField):
                field.error_messages |= _NUMBERS

    def clean(self):
        cleaned = super().clean()
        if isinstance(self.instance, Record):  # which leaves both to the database
            self._validate_unique = self._validate_constraints = False
        return cleaned

    def _get_validation_exclusions(self):
        found = {name for name, field in self.fields.items() if isinstance(field, OneOf)}
        return super()._get_validation_exclusions() | found  # type: ignore[misc]  # not in the stubs


class LinesWidget(forms.Widget):
    """Reads a list of objects from an API body, or `name-0-field` from a page."""

    template_name = "parts/lines.html"

    def value_from_datadict(self, data, files, name):
        if name in data and not hasattr(data, "getlist"):
            return data[name]
        rows: dict[int, dict[str, str]] = {}
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-(\w+)")
        for key in data:
            if match := pattern.fullmatch(key):
                rows.setdefault(int(match[1]), {})[match[2]] = data[key]
        return [rows[n] for n in sorted(rows)]

    def value_omitted_from_data(self, data, files, name):
        return name not in data and not any(key.startswith(f"{name}-") for key in data)


class LinesOf(forms.Field):
    """Small rows that belong to the command's row: phones, addresses, names.

    The value is a list of {field: value}, each with the `uid` of the row it changes, or none for a
    new one; rows that are not in the list are taken away. Cleaned, it is a list of (uid or None,
    {field: value}).
    """

    widget = LinesWidget

    def __init__(
        self,
        model,
        fields: list[str],
        chooses: dict[str, OneOf] | None = None,
        most=50,
        telling: list[str] | None = None,
        widgets: dict[str, forms.Widget] | None = None,
        in_order=False,
        **kwargs,
    ):
        self.model, self.names, self.most = model, fields, most
        self.widgets = widgets or {}
        self.in_order = in_order  # whether the page offers to move a line up and down
        self.tells = telling  # the fields by which a line is more than a blank one
        self.chooses = chooses or {}
        self.fill_with: Any = None
        self.shared: dict[str, dict[str, list]] = {}
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self._form_class: type[forms.ModelForm] | None = None

    def __deepcopy__(self, memo):
        """A copy of its own for each command: what one actor may choose must reach no other."""
        copied = super().__deepcopy__(memo)
        copied.chooses = copy.deepcopy(self.chooses, memo)
        copied.shared = {}
        copied._form_class = None
        return copied

    @property
    def form_class(self) -> type[forms.ModelForm]:
        """The form of one line."""
        if self._form_class is None:
            said = {"model": self.model, "fields": self.names, "widgets": self.widgets}
            meta = type("Meta", (), said)
            self._form_class = type(
                f"{self.model.__name__}Line", (RowForm,), {"Meta": meta} | self.chooses
            )
        return self._form_class

    def line_form(self, data=None, initial=None, prefix=None) -> forms.ModelForm:
        """A form for one line, with the choices of the command's actor."""
        form = self.form_class(data, initial=initial, prefix=prefix)
        form.use_required_attribute = False
        if self.fill_with:
            for name, field in form.fields.items():
                if isinstance(field, OneOf):
                    self.fill_with(name, field)
                    field.shared = self.shared.setdefault(name, {})
                    now = (initial or {}).get(name)
                    field.choose(filter(None, [now]))
                    if now is None or isinstance(now, field.model):
                        field.chosen_rows = [now] if now else []
        return form

    def clean(self, value):
        if value in (None, ""):
            value = []
        if value == [] and not self.required:
            return []
        if not isinstance(value, list):
            raise ValidationError(_("Send a list of rows."), code="invalid_list")
        if len(value) > self.most:
            raise ValidationError(_("At most %(most)d rows fit here."), params={"most": self.most})
        cleaned, errors = [], []
        for number, line in enumerate(value, 1):
            if not isinstance(line, dict):
                raise ValidationError(_("Send each row as an object."), code="invalid")
            if unknown := line.keys() - self._known:
                raise ValidationError(
                    _("Row %(row)d has an unknown field: %(name)s."),
                    params={"row": number, "name": sorted(unknown)[0][:40]},
                )
            says_something = self._says_something(line)
            if not says_something and (not line.get("uid") or line.keys() - {"uid"}):
                continue  # it was emptied
            values, wrong = self.read_line(line)
            if says_something and not wrong:
                cleaned.append((self._uid(line.get("uid")), values))
            for name, problems in wrong.items():
                label = self.form_class.base_fields[name].label if name in self.names else ""
                errors += [f"{label} ({_('row')} {number}): {problem}" for problem in problems]
        if errors:
            raise ValidationError(errors)
        uids = [uid for uid, _line in cleaned if uid]
        if len(set(uids)) != len(uids):  # the second would silently overwrite the first
            raise ValidationError(_("Two rows carry the same uid."), code="invalid")
        if self.required and not cleaned:
            raise ValidationError(self.error_messages["required"], code="required")
        return cleaned

    def read_line(self, line: dict) -> tuple[dict[str, Any], Mapping[str, Any]]:
        """The cleaned values of one line, and the sentences on what is wrong, by name."""
        form = self.line_form(line)
        form.full_clean()
        return form.cleaned_data, form.errors

    def _says_something(self, line: dict) -> bool:
        """Whether a typed line holds more than what a new line starts with."""
        return any(str(line.get(name) or "").strip() for name in self._telling)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset({*self.names, "uid"})

    @cached_property
    def _telling(self) -> list[str]:
        """What a new line has to say, beside what it starts with."""
        if self.tells:
            return self.tells
        base = self.form_class.base_fields
        return [n for n in self.names if not isinstance(base[n], _PRESET)] or self.names

    @staticmethod
    def _uid(value) -> UUID | None:
        try:
            return UUID(str(value)) if value else None
        except ValueError:
            raise ValidationError(WRONG, code="invalid_choice") from None


def one_of(model, **kwargs) -> OneOf:
    """A field for one row that the command's actor may see."""
    return OneOf(model, **kwargs)


def many_of(model, through=None, **kwargs) -> ManyOf:
    """A field for several rows that the command's actor may see, linked by rows of `through`."""
    return ManyOf(model, through, **kwargs)


def lines_of(model, fields: list[str], **kwargs) -> LinesOf:
    """A field for the small rows that belong to the command's row."""
    return LinesOf(model, fields, **kwargs)
