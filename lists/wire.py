"""The shapes of the API, made from columns and commands: what is sent, and what is taken."""

from typing import Any

from django import forms
from rest_framework import serializers

from access.choosing import ManyOf, OneOf
from access.commands import Command
from access.fields import LinesOf
from access.models import User
from access.records import Record
from lists.columns import Column


class StrictText(serializers.CharField):
    """Text, and nothing that is only like text: no number, no flag. Refuses NUL characters."""

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictNumber(serializers.IntegerField):
    """A whole number, not a text that looks like one."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictFlag(serializers.BooleanField):
    """true or false, not a word for it."""

    def to_internal_value(self, data):
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class StrictShape(serializers.Serializer):
    """An object with known fields only."""

    default_error_messages = {"unknown": "There is no field of this name."}

    def to_internal_value(self, data):
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            message = self.error_messages["unknown"]
            raise serializers.ValidationError(
                {str(name)[:60]: [message] for name in sorted(unknown, key=str)}
            )
        return super().to_internal_value(data)


def shown_field(column: Column) -> serializers.Field:
    """How a column is described in the schema. Details are sent only when asked for."""
    text: dict[str, Any] = {"help_text": str(column.label), "required": not column.detail}
    if column.kind == "many":
        return serializers.ListField(child=serializers.CharField(), **text)
    if column.kind == "user":
        return serializers.DictField(child=serializers.CharField(), allow_null=True, **text)
    if column.kind == "link":
        return serializers.DictField(
            child=serializers.CharField(allow_null=True), allow_null=True, **text
        )
    kinds = {
        "day": serializers.DateField,
        "number": serializers.IntegerField,
        "flag": serializers.BooleanField,
        "strength": serializers.IntegerField,
        "uid": serializers.UUIDField,
    }
    made: serializers.Field = kinds.get(column.kind, serializers.CharField)(allow_null=True, **text)
    return made


def taken_field(field: forms.Field, adding: bool) -> serializers.Field:
    """How a command's field is taken from a JSON body."""
    options: dict[str, Any] = {
        "required": field.required and adding,
        "help_text": str(field.label or ""),
    }
    if isinstance(field, LinesOf):
        return _lines(field, options)
    if isinstance(field, ManyOf):
        child = StrictText(max_length=60)
        return serializers.ListField(child=child, max_length=200, **options)
    nullable: dict[str, Any] = {"allow_null": not field.required}
    if isinstance(field, OneOf):
        kind = serializers.UUIDField if field.to_field_name == "uid" else StrictText
        return kind(**options, **nullable)
    if isinstance(field, forms.UUIDField):
        return serializers.UUIDField(**options, **nullable)
    if isinstance(field, forms.BooleanField):
        return StrictFlag(**options)
    if isinstance(field, forms.DateField):
        return serializers.DateField(**options, **nullable)
    if isinstance(field, forms.TimeField):
        return serializers.TimeField(**options, **nullable)
    if isinstance(field, forms.IntegerField):
        least: Any = field.min_value or 0
        most: Any = field.max_value if field.max_value is not None else 32_767
        return StrictNumber(min_value=least, max_value=most, **options, **nullable)
    if isinstance(field, forms.MultipleChoiceField):
        return serializers.ListField(child=serializers.ChoiceField(_pairs(field)), **options)
    if isinstance(field, forms.TypedChoiceField) and getattr(field, "coerce", None) is int:
        values = [value for value, _label in _pairs(field) if value != ""]
        return StrictNumber(min_value=min(values), max_value=max(values), **options, **nullable)
    if isinstance(field, forms.ChoiceField):
        offered = [(value, label) for value, label in _pairs(field) if value != ""]
        return serializers.ChoiceField(offered, allow_blank=not field.required, **options)
    if isinstance(field, forms.EmailField):
        return serializers.EmailField(
            allow_blank=not field.required, max_length=field.max_length, **options
        )
    most_text = getattr(field, "max_length", None) or 20_000
    return StrictText(
        allow_blank=not field.required, max_length=most_text, trim_whitespace=False, **options
    )


def _pairs(field: forms.ChoiceField) -> list[tuple[Any, Any]]:
    """The choices of a field, each with its label."""
    choices: Any = field.choices
    return list(choices)


_LINES: dict[tuple, type[StrictShape]] = {}  # one shape for a set of lines, wherever it is taken


def _lines(field: LinesOf, options: dict[str, Any]) -> serializers.Field:
    fields: dict[str, serializers.Field] = {
        name: taken_field(part, True) for name, part in field.form_class.base_fields.items()
    }
    for made in fields.values():
        if isinstance(made, serializers.ChoiceField | StrictFlag):
            made.required = False
    fields["uid"] = serializers.UUIDField(required=False, allow_null=True)
    key = (field.model, tuple(field.names))
    line = _LINES.setdefault(key, type(f"{field.model.__name__}Line", (StrictShape,), fields))
    return line(  # type: ignore[call-arg]  # many=True makes a list, which has a max_length
        many=True,
        required=options["required"],
        help_text=options["help_text"],
        max_length=field.most,
    )


def taken_shape(command: type[Command], adding: bool) -> type[StrictShape]:
    """The body that a command takes: all its fields, or any of them for a change."""
    fields = {}
    for name, field in command.base_fields.items():
        if name in ("key", "revision") or (name == "uid" and not adding):
            continue
        if name in ("status", "visibility") and adding:
            made = taken_field(field, False)
        else:
            made = taken_field(field, adding)
        fields[name] = made
    return type(f"{command.__name__}Body", (StrictShape,), fields)


def shown_shape(
    name: str, columns: list[Column], command: type[Command] | None
) -> type[serializers.Serializer]:
    """What an endpoint sends of a row: its columns and, of one row, what a change can take."""
    fields: dict[str, serializers.Field] = {
        "uid": serializers.UUIDField(),
        "revision": serializers.IntegerField(),
    }
    if command:
        for key, field in command.base_fields.items():
            if key not in Command.housekeeping and key not in command.only_asked:
                made = taken_field(field, False)
                if hasattr(made, "allow_blank"):
                    made.allow_blank = True
                if not isinstance(
                    made,
                    serializers.BooleanField | serializers.ListField | serializers.ListSerializer,
                ):
                    made.allow_null = True
                fields[key] = made
    fields |= {c.name: shown_field(c) for c in columns if c.name not in fields}
    return type(name, (serializers.Serializer,), fields)


def shown_values(command: Command) -> dict[str, Any]:
    """What a row holds, by the names of the command that changes it, as its actor may see it."""
    values: dict[str, Any] = {}
    for name, field in command.fields.items():
        if name in Command.housekeeping or name in command.only_asked:
            continue
        value = command.initial.get(name)
        if isinstance(field, LinesOf):
            values[name] = [_line(field, row) for row in value or []]
        elif isinstance(field, ManyOf):
            values[name] = [getattr(row, field.to_field_name) for row in value or []]
        elif isinstance(field, OneOf):
            values[name] = (
                getattr(value, field.to_field_name) if isinstance(value, Record | User) else None
            )
        else:
            values[name] = value
    return values


def _line(field: LinesOf, row: Record) -> dict[str, Any]:
    shown: dict[str, Any] = {"uid": row.uid}
    for name in field.names:
        value = getattr(row, name)
        chooses = field.chooses.get(name)
        shown[name] = (
            getattr(value, chooses.to_field_name) if chooses and value is not None else value
        )
    return shown
