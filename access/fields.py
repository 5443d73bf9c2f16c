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

from access.among import WholeRows
from access.ranges import first
from access.records import Record, Reference
from access.scope import ScopedQuerySet

_WRONG = _("That choice is not there.")
_NUMBERS = {
    "min_value": _("Write %(limit_value)s or more."),
    "max_value": _("Write %(limit_value)s or less."),
}
# Of what a page sends by itself, and nobody typed.
_UNASKED = {"invalid": _("The page did not send what it should. Open it again; nothing was saved.")}


_PRESET = (forms.TypedChoiceField, forms.BooleanField)  # a new line starts with a value of these


def key_of(model) -> str:
    """What names a row outside: the stable code of a reference row, the uid of any other."""
    return "code" if issubclass(model, Reference) else "uid"


class _Offered(forms.models.ModelChoiceIterator):
    """The choices as a page shows them: what is chosen, then the others; where a picker finds
    these, as many of them as help who has no script.
    """

    FIRST = 30
    field: "_Chooses"

    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        name, queryset = self.field.to_field_name, self.field.queryset
        if issubclass(self.field.model, Reference):
            for row in self._shared(lambda: queryset):
                yield self.choice(row)
            return
        chosen = self.field.chosen_rows
        if chosen is None:
            wanted = queryset.filter(**{f"{name}__in": self.field.chosen})
            chosen = list(wanted.order_by(self._order(), "pk")) if self.field.chosen else []
        seen = {row.pk for row in chosen}
        for row in [*chosen, *(row for row in self._shared(self._offered) if row.pk not in seen)]:
            yield self.choice(row)

    def _shared(self, look_up) -> list:
        """The rows, looked up once for all the lines of a set."""
        if self.field.shared is None:
            return look_up()
        if "rows" not in self.field.shared:
            self.field.shared["rows"] = list(look_up())
        return self.field.shared["rows"]

    def _offered(self):
        rows, order = self.field.queryset, self._order()
        if "data-choices-url" not in self.field.widget.attrs:
            return rows.order_by(order)
        if self.field.actor is None or not isinstance(rows, ScopedQuerySet):
            return rows.order_by(order)[: self.FIRST]
        return first(rows, self.field.actor, (order, "uid"), self.FIRST)

    def _order(self) -> str:
        names = {f.name for f in self.field.model._meta.concrete_fields}
        return next(n for n in ("sort_name", "name", "id") if n in names)


class _Chooses(forms.ModelChoiceField):
    """Shared by OneOf and ManyOf: choices are empty until a command fills in those of its actor."""

    iterator = _Offered
    model: type[Any]  # a Record, or User
    queryset: Any
    to_field_name: str
    chosen: tuple = ()  # the keys that are chosen now, so that a page offers them again
    chosen_rows: list | None = None  # their rows, where they are known
    shared: dict[str, list] | None = None  # what the same field of other lines offers
    known: dict[str, Any] | None = None
    whole: WholeRows | None = None  # what finds the rows, where nothing narrows them
    actor: Any = None  # whose choices they are

    def choose(self, keys) -> None:
        """Note what is chosen, from typed or stored values."""
        found = []
        for key in keys:
            try:
                found.append(self._parsed(getattr(key, self.to_field_name, key)))
            except ValidationError:
                continue  # shown as an error beside the field
        self.chosen = tuple(found)

    def fill(
        self,
        rows,
        known: dict[str, Any] | None = None,
        actor: Any = None,
        whole: WholeRows | None = None,
    ) -> None:
        """Offer these rows, which the actor sees.

        `known` (key: row) answers without a query, for many commands at once; `whole` finds the
        same rows by a query that is put together already.
        """
        self.queryset = rows
        self.known, self.actor, self.whole = known, actor, whole

    def found(self, keys: list[str]) -> list:
        """The rows of these keys, in that order.

        Raises ValidationError for one that is not there.
        """
        rows = self.look_up(keys) if self.known is None else self.known
        try:
            return [rows[str(self._parsed(key))] for key in keys]
        except KeyError:
            raise ValidationError(_WRONG, code="invalid_choice") from None

    def look_up(self, keys: list) -> dict[str, Any]:
        """The offered rows of these keys, by key; without those that are not there."""
        if not keys:
            return {}
        wanted, by = [self._parsed(key) for key in keys], self.to_field_name
        if self.whole:
            return self.whole.found(wanted)
        rows = self.queryset.filter(**{f"{by}__in": wanted})
        return {str(getattr(row, by)): row for row in rows}

    def _parsed(self, key):
        if self.to_field_name != "uid":
            if "\0" in str(key):  # PostgreSQL takes none in a query
                raise ValidationError(_WRONG, code="invalid_choice")
            return str(key)
        try:
            return UUID(str(key))
        except ValueError:
            raise ValidationError(_WRONG, code="invalid_choice") from None


class OneOf(_Chooses):
    """One row, named by its public key."""

    def __init__(self, model, **kwargs):
        self.model = model
        kwargs.setdefault("required", False)
        kwargs.setdefault("empty_label", _("Choose") if kwargs["required"] else _("Not given"))
        rows = (
            model.objects.using("default").none()
            if hasattr(model.objects, "visible_to")
            else model.objects.none()
        )
        super().__init__(rows, to_field_name=key_of(model), **kwargs)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        key = getattr(value, self.to_field_name) if isinstance(value, self.model) else value
        return self.found([key])[0]

    def validate(self, value):
        if self.required and value is None:
            raise ValidationError(self.error_messages["required"], code="required")

    def label_from_instance(self, row):
        return getattr(row, "shown", None) or str(row)


class ManyOf(_Chooses, forms.ModelMultipleChoiceField):
    """Several rows, named by their public keys, kept as rows of the `through` model."""

    def __init__(self, model, through=None, **kwargs):
        self.model, self.through = model, through
        kwargs.setdefault("required", False)
        rows = (
            model.objects.using("default").none()
            if hasattr(model.objects, "visible_to")
            else model.objects.none()
        )
        super().__init__(rows, to_field_name=key_of(model), **kwargs)

    def clean(self, value):
        value = value or []
        if not isinstance(value, list | tuple):
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        keys = list(dict.fromkeys(str(v) for v in value if v not in self.empty_values))
        if self.required and not keys:
            raise ValidationError(self.error_messages["required"], code="required")
        return self.found(keys)

    def prepare_value(self, value):
        if value and not isinstance(value, str) and hasattr(value, "__iter__"):
            return [str(getattr(v, self.to_field_name, v)) for v in value]
        return super().prepare_value(value)

    label_from_instance = OneOf.label_from_instance


class RowForm(forms.ModelForm):
    """A form of one row, in sentences of ours. The model need not look up once more what a OneOf of
    the form found.
    """

    def __init__(self, *args, **kwargs):
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
            raise ValidationError(_WRONG, code="invalid_choice") from None


def one_of(model, **kwargs) -> OneOf:
    """A field for one row that the command's actor may see."""
    return OneOf(model, **kwargs)


def many_of(model, through=None, **kwargs) -> ManyOf:
    """A field for several rows that the command's actor may see, linked by rows of `through`."""
    return ManyOf(model, through, **kwargs)


def lines_of(model, fields: list[str], **kwargs) -> LinesOf:
    """A field for the small rows that belong to the command's row."""
    return LinesOf(model, fields, **kwargs)
