"""Fields that choose rows by their public keys: one, or many."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from access.among import WholeRows
from access.ranges import first
from access.records import Reference
from access.scope import ScopedQuerySet

WRONG = _("That choice is not there.")


def key_of(model) -> str:
    """What names a row outside: the stable code of a reference row, the uid of any other."""
    return "code" if issubclass(model, Reference) else "uid"


class _Offered(forms.models.ModelChoiceIterator):
    """The choices as a page shows them: what is chosen, then the others; where a picker finds
    these, as many of them as help who has no script.
    """

    FIRST = 30
    field: "_Chooses"

    def __init__(self, field):
        self.field = field

    def __copy__(self):
        return self  # it holds nothing

    @property
    def queryset(self):  # type: ignore[override]
        return self.field.queryset

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
    _rows: Any
    to_field_name: str
    chosen: tuple = ()  # the keys that are chosen now, so that a page offers them again
    chosen_rows: list | None = None  # their rows, where they are known
    shared: dict[str, list] | None = None  # what the same field of other lines offers
    known: dict[str, Any] | None = None
    whole: WholeRows | None = None  # what finds the rows, where nothing narrows them
    actor: Any = None  # whose choices they are

    def __deepcopy__(self, memo):
        copied = forms.Field.__deepcopy__(self, memo)
        copied.widget.choices = copied.choices
        return copied

    @property
    def queryset(self):
        """The rows that are offered, as a query set of its own for each that asks: others share
        what is given here, and most forms that are sent look at few of theirs.
        """
        return self._rows.all()

    @queryset.setter
    def queryset(self, rows) -> None:
        self._rows = rows
        self.widget.choices = self.choices

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
            raise ValidationError(WRONG, code="invalid_choice") from None

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
                raise ValidationError(WRONG, code="invalid_choice")
            return str(key)
        try:
            return UUID(str(key))
        except ValueError:
            raise ValidationError(WRONG, code="invalid_choice") from None


def _none_of(model):
    """No rows, from which nobody's are seen: what a field holds until it is filled."""
    is_scoped = hasattr(model.objects, "visible_to")
    return model.objects.using("default").none() if is_scoped else model.objects.none()


class OneOf(_Chooses):
    """One row, named by its public key."""

    def __init__(self, model, **kwargs):
        self.model = model
        kwargs.setdefault("required", False)
        kwargs.setdefault("empty_label", _("Choose") if kwargs["required"] else _("Not given"))
        super().__init__(_none_of(model), to_field_name=key_of(model), **kwargs)

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
        super().__init__(_none_of(model), to_field_name=key_of(model), **kwargs)

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
