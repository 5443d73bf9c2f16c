"""Many rows of a list, cleaned by the fields of a command's form, without the forms themselves.

A form of Django makes for each row, and each of its lines, what a page would show of it again, and
a model that it checks and throws away: twenty times the work of the fields.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models

from access.choosing import OneOf
from access.commands import Command
from access.fields import LinesOf

_OF_PLAIN = {MaxLengthValidator, ProhibitNullCharactersValidator}


class Fields:
    """The fields of a form, each with what the model's own field asks beyond it.

    `hooks` are functions of a form that say more of a field, by its name.
    """

    def __init__(self, fields: dict[str, forms.Field], model: Any, hooks: Any = None):
        if model.clean is not models.Model.clean:
            raise TypeError(f"{model.__name__} is cleaned as a whole, which is not done here.")
        self._parts = [
            (name, field, _plain(field), _beyond(model, name, field), (hooks or {}).get(name))
            for name, field in fields.items()
        ]
        self._absent: dict[str, Any] = {}  # what a value that is not there becomes

    def read(self, data: Any, values: dict, refuse: Callable[[str, ValidationError], Any]) -> None:
        """Put the cleaned values of the data into `values`, and refuse those that are none."""
        for name, field, plain, beyond, hook in self._parts:
            if name not in data and name in self._absent:
                values[name] = self._absent[name]
                continue
            given = field.widget.value_from_datadict(data, {}, name)
            try:
                value = given.strip() if type(given) is str else ""
                if not 0 < len(value) <= plain or not value.isprintable():
                    value = field.clean(given)
                values[name] = value
                if beyond and value not in field.empty_values:
                    beyond.clean(value, None)
                if hook:
                    values[name] = hook()
                elif name not in data and isinstance(value, str | bool | None):
                    self._absent[name] = value
            except ValidationError as error:
                refuse(name, error)


def _plain(field: forms.Field) -> int:
    """Up to which length the field takes any printable text, stripped; 0 where it asks more."""
    if type(field) is not forms.CharField or not field.strip:
        return 0
    asks = {type(validator) for validator in field.validators}
    return 0 if asks - _OF_PLAIN else field.max_length or 0


def _beyond(model, name: str, field: forms.Field):
    """The model's field of this name, where it asks more than the form's."""
    there = [f for f in model._meta.concrete_fields if f.name == name]
    if not there or isinstance(field, OneOf):
        return None
    is_same = not there[0].choices and all(v in field.validators for v in there[0].validators)
    return None if is_same else there[0]


class ManyLines(LinesOf):
    """The same lines, of many rows."""

    @classmethod
    def like(cls, lines: LinesOf) -> "ManyLines":
        """As the field of the command for one row."""
        return cls(lines.model, lines.names, lines.chooses, lines.most, label=lines.label)

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        vars(copied).pop("_fields", None)
        return copied

    @cached_property
    def _fields(self) -> Fields:
        return Fields(self.form_class.base_fields, self.model)

    def read_line(self, line):
        values: dict[str, Any] = {}
        wrong: dict[str, list[str]] = {}
        self._fields.read(line, values, lambda name, error: wrong.update({name: error.messages}))
        return values, wrong


class ManyRows(Command):
    """A command for `many` alone: each row is cleaned by the same fields, with no form for it."""

    @cached_property
    def _fields(self) -> Fields:
        hooks = {name: getattr(self, f"clean_{name}", None) for name in self.fields}
        return Fields(self.fields, self._meta.model, hooks)

    def _clean_fields(self):
        self._fields.read(self.data, self.cleaned_data, self.add_error)

    def _post_clean(self):
        for name in self._meta.fields or ():
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])
