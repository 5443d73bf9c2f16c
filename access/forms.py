"""The reading half of a command: a form that offers and shows only what its actor may see."""

from functools import cache, lru_cache
from typing import Any

from django import forms
from django.db import models

from access.among import WholeRows
from access.choosing import ManyOf, OneOf, key_of
from access.fields import LinesOf, RowForm
from access.keys import uuid7
from access.models import User
from access.records import Record, Reference
from access.scope import Rights


class CommandForm(RowForm):
    """A form of one row, its links and its lines, filled for one actor.

    With `partial`, fields that are not sent are left alone.
    """

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    housekeeping = ("key", "uid", "revision")

    def __init__(self, actor, data=None, files=None, *, partial=False, **kwargs):
        super().__init__(data, files, **kwargs)
        self.actor, self.partial = actor, partial
        self.adding = self.instance._state.adding
        if self.adding:
            del self.fields["revision"]
            self.initial.setdefault("key", uuid7())
            self.initial.setdefault("uid", uuid7())
        else:
            del self.fields["uid"]
            self.initial["key"] = uuid7()
            self.initial["revision"] = self.instance.revision
        self.use_required_attribute = False
        for name, form_field in self.fields.items():
            self._fill(name, form_field)
            if not self.adding:
                self._read(name, form_field)
            if isinstance(form_field, OneOf | ManyOf) and type(self.data) is not dict:
                form_field.choose(self._typed(name))
        if partial:
            for name in [n for n in self.fields if n not in self.housekeeping]:
                if name not in self.data:  # a check box or a list that is not sent is not emptied
                    del self.fields[name]

    def _typed(self, name: str) -> list:
        """What is chosen in a field: what was typed, else what it starts with."""
        if self.is_bound:
            value = self.fields[name].widget.value_from_datadict(self.data, self.files, name)
        else:
            value = self.initial.get(name)
        if value in (None, ""):
            return []
        return list(value) if isinstance(value, list | tuple) else [value]

    def choices(self, name: str, model):
        """The rows that a field of this command offers: what its actor may see. May be narrowed."""
        return _offered(model, self.actor.rights).rows

    def _fill(self, name: str, form_field) -> None:
        if isinstance(form_field, OneOf | ManyOf):
            model: Any = form_field.model
            rows, whole = self.choices(name, model), _offered(model, self.actor.rights)
            is_whole = rows is whole.rows
            form_field.fill(rows, actor=self.actor, whole=whole if is_whole else None)
        elif isinstance(form_field, LinesOf):
            form_field.fill_with = lambda n, f: f.fill(self.choices(n, f.model))

    def _read(self, name: str, form_field) -> None:
        """Start a field with what the row holds and the actor may see."""
        if isinstance(form_field, ManyOf) and form_field.through:
            mine, theirs = self._ends(form_field)
            links = form_field.through.objects.visible_to(self.actor).filter(
                **{mine: self.instance.pk}
            )
            order = ("position", "id") if has_field(form_field.through, "position") else ("id",)
            self.initial[name] = [
                getattr(link, theirs) for link in links.select_related(theirs).order_by(*order)
            ]
            if issubclass(form_field.model, Reference):  # what is retired stays where it is in use
                kept = [row.pk for row in self.initial[name]]
                form_field.fill(
                    form_field.model.objects.filter(models.Q(retired=False) | models.Q(pk__in=kept))
                )
        elif isinstance(form_field, OneOf) and has_field(self._meta.model, name):
            key = getattr(self.instance, self._meta.model._meta.get_field(name).attname)
            if issubclass(form_field.model, Reference | User):
                every = form_field.model.objects.all()
                offered = (
                    models.Q(retired=False)
                    if issubclass(form_field.model, Reference)
                    else models.Q(is_active=True)
                )
                form_field.fill(every.filter(offered | models.Q(pk=key)))
            self.initial[name] = form_field.queryset.filter(pk=key).first() if key else None
        elif isinstance(form_field, LinesOf):
            lines = self.initial[name] = self._lines(form_field)
            form_field.fill_with = lambda n, f: f.fill(self._still(n, f.model, lines))

    def _still(self, name: str, model, lines: list):
        """What a part of a line offers: what is retired stays where it is in use."""
        if not issubclass(model, Reference):
            return self.choices(name, model)
        kept = {getattr(line, f"{name}_id") for line in lines}
        return model.objects.filter(models.Q(retired=False) | models.Q(pk__in=kept - {None}))

    def _lines(self, form_field: LinesOf):
        rows = form_field.model.objects.visible_to(self.actor)
        mine = rows.filter(**{form_field.model.part_of[0]: self.instance.pk}).order_by("id")
        return list(mine.select_related(*form_field.chooses) if form_field.chooses else mine)

    @staticmethod
    def _ends_of(through, model, target) -> tuple[str, str]:
        keys = [f for f in through._meta.concrete_fields if f.is_relation]
        mine = next(f.name for f in keys if f.related_model is model)
        theirs = next(f.name for f in keys if f.related_model is target and f.name != mine)
        return mine, theirs

    def _ends(self, form_field: ManyOf) -> tuple[str, str]:
        return self._ends_of(form_field.through, self._meta.model, form_field.model)

    def line_sets(self):
        """For a page: (name, field, the line forms with one blank) of each set of lines."""
        for name, form_field in self.fields.items():
            if isinstance(form_field, LinesOf):
                yield name, form_field, self.line_forms(name)

    def line_forms(self, name: str) -> list[forms.ModelForm]:
        """The lines of a set as forms: what was typed, else what is stored, then a blank one."""
        form_field = self.fields[name]
        assert isinstance(form_field, LinesOf)
        if self.is_bound:
            typed = self.fields[name].widget.value_from_datadict(self.data, self.files, name)
            typed = (
                [line for line in typed if isinstance(line, dict)]
                if isinstance(typed, list)
                else []
            )
            found = [
                form_field.line_form(initial=line, prefix=f"{name}-{n}")
                for n, line in enumerate(typed)
            ]
            blank = not typed or any(str(v).strip() for v in typed[-1].values())
        else:
            rows = self.initial.get(name) or []
            found = []
            for number, row in enumerate(rows):
                line = {"uid": row.uid} if isinstance(row, Record) else {}
                for part in form_field.names:
                    line[part] = getattr(row, part) if isinstance(row, Record) else row.get(part)
                found.append(form_field.line_form(initial=line, prefix=f"{name}-{number}"))
            blank = True
        if blank:
            found.append(form_field.line_form(prefix=f"{name}-{len(found)}"))
        return found

    def _get_validation_exclusions(self):
        """Check only what the form itself writes; with no fields Django would check all."""
        model: Any = self._meta.model
        mine = tuple(self._meta.fields or ())
        return super()._get_validation_exclusions() | _others(model, mine)

    def clean(self) -> dict[str, Any]:
        """The cleaned values. Override for what several fields say together."""
        super().clean()
        return self.cleaned_data

    @property
    def rows(self):
        """The rows of the command's model that its actor may see."""
        return self._meta.model.objects.visible_to(self.actor)

    def value(self, name: str):
        """What a field will hold: the cleaned value, else what the row has (for partial
        changes).
        """
        return (
            self.cleaned_data[name]
            if name in self.cleaned_data
            else getattr(self.instance, name, None)
        )


@lru_cache(maxsize=2_048)  # a form has some eight, for each who opens it; 17 kB each
def _offered(model: Any, rights: Rights) -> WholeRows:
    """What is offered of a model where nothing narrows it."""
    rows: Any
    if model is User:
        rows = User.objects.filter(is_active=True)
    else:
        rows = model.objects.visible_to(rights)
    return WholeRows(rows.offered() if issubclass(model, Reference) else rows, key_of(model))


@cache
def _others(model: Any, mine: tuple[str, ...]) -> frozenset[str]:
    """The columns of a model beside these."""
    return frozenset(column.name for column in model._meta.concrete_fields).difference(mine)


def has_field(model, name: str) -> bool:
    return any(f.name == name for f in model._meta.get_fields())
