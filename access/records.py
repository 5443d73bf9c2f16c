"""The two kinds of rows that commands write: scoped records, and reference rows."""

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.base import ModelState
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from access import recording
from access.keys import uuid7
from access.roles import Action
from access.scope import ReferenceQuerySet


class Record(models.Model):
    """A row that people work on: scoped, counted in revisions, and written by commands only.

    `id` is inside, `uid` outside: addresses, API, forms, history.
    """

    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[Any]  # each model has its own: scoped(), or ReferenceQuerySet.as_manager()
    is_deleted = False  # whether the running command took the row away
    _loaded: dict[str, Any]  # the columns as they were read or last written
    seen_through: ClassVar[tuple[str, ...]] = ()  # the parents that one must see to see this row
    part_of: ClassVar[tuple[str, ...]] = ()  # the parents that take this row along when deleted
    told_in: ClassVar[tuple[str, ...]] = ()  # paths to rows above those whose history tells of it
    # The right that reading its rows asks for, where that is more than to see what they hang on.
    read_with: ClassVar[Action | None] = None
    reaches: ClassVar[bool] = False  # whether Reach rows may show it outside its home
    masked: ClassVar[frozenset[str]] = frozenset()  # columns shown on demand only, and recorded
    derived: ClassVar[frozenset[str]] = frozenset()  # columns kept by settling, not by commands

    class Meta:
        abstract = True

    @classmethod
    def blank(cls) -> Self:
        """A new row with its defaults: as `cls()`, which takes many times as long."""
        row = cls.__new__(cls)
        fixed, made = _defaults(cls)
        row.__dict__.update(fixed, _state=ModelState())
        for name, make in made:
            row.__dict__[name] = make()
        return row

    @classmethod
    def beside(cls, parent: models.Model) -> Self:
        """A new part of this row, which may still wait to be written."""
        row, key = cls.blank(), _parent_key(cls)
        row._state.fields_cache[key.cache_name] = parent
        row.__dict__[key.attname] = parent.pk
        return row

    @classmethod
    def from_db(cls, db, field_names, values, **kwargs):
        row = super().from_db(db, field_names, values, **kwargs)
        row._loaded = dict(zip(field_names, values, strict=True))
        return row

    def save(self, **kwargs):
        """Write the row as part of the running command.

        Raises NotInCommand outside one, and Stale when somebody saved the row since it was read.
        """
        running = recording.current()
        self.prepare()
        if self._state.adding:
            running.add(self)
        else:
            running.change(self)

    def delete(self, using=None, keep_parents=False):
        """Take the row away, its own parts first; what it was stays in the history."""
        recording.current().remove(self)

    def prepare(self):
        """Fill columns that follow from others of the same row."""

    def validate_unique(self, exclude=None):
        """Left to the database, which tells nobody that a hidden row exists."""

    def validate_constraints(self, exclude=None):
        """Left to the database, for the same reason."""


@cache
def _defaults(model: type[Record]) -> tuple[dict[str, Any], list[tuple[str, Callable]]]:
    """What the columns of a new row hold, and what makes those that differ from row to row."""
    fixed = {f.attname: f.get_default() for f in model._meta.concrete_fields}
    made = [f for f in model._meta.concrete_fields if f.has_default() and callable(f.default)]
    return fixed, [(f.attname, f.default) for f in made]


@cache
def _parent_key(part: type[Record]) -> Any:
    return part._meta.get_field(part.part_of[0])


class Reference(Record):
    """A row that everyone signed in may see, with a stable code and a name in two languages."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_es = models.CharField(_("name in Spanish"), max_length=120, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    retired = models.BooleanField(_("retired"), default=False)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("merged into"),
    )

    objects: ClassVar[Any] = ReferenceQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering: ClassVar = ["position", "name", "id"]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language; English where there is no other."""
        if (get_language() or "").startswith("es") and self.name_es:
            return self.name_es
        return self.name

    @property
    def shown(self) -> str:
        """The label as a page shows it beside a row: what is retired says so."""
        return gettext("%(name)s (retired)") % {"name": self.label} if self.retired else self.label
