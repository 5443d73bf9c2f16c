"""Lists of words: add, rename, order, retire, merge. Codes are made once and never change."""

import re
from functools import partial
from itertools import batched
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import recording
from access.ahead import LongCommand
from access.commands import Command
from access.fields import one_of
from access.recording import Refused
from access.roles import Action
from access.settling import every
from crm.models import Community
from crm.words import WORD_LISTS, WordList, list_of, once_with, uses_of
from lists.folding import fold

AT_ONCE = 250  # rows that use a word and are moved in one transaction
TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
CHANNELS = [
    ("", gettext_lazy("None: it is for reading")),
    ("email", gettext_lazy("E-mail")),
    ("phone", gettext_lazy("Phone")),
    ("text", gettext_lazy("Text message")),
]


class ChangeWord(Command):
    """Rename a word in both languages."""

    action = Action.ADMINISTER

    def clean_name(self):
        """Two words with one name could not be told apart."""
        name = self.cleaned_data["name"].strip()
        others = self.rows.exclude(pk=self.instance.pk).values_list("name", flat=True)
        if fold(name) in {fold(other) for other in others}:
            raise ValidationError(_("There is one with this name already, perhaps a retired one."))
        return name

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if parent is None:
            return None
        if parent.pk == self.instance.pk or parent.parent_id:
            raise ValidationError(_("Choose one that is not itself below another."))
        if not self.adding and self.rows.filter(parent=self.instance).exists():
            raise ValidationError(_("Others are below this one, so it stays on top."))
        return parent


class AddWord(ChangeWord):
    """Add a word at the end of its list."""

    def clean_code(self):
        code = self.cleaned_data["code"].strip()
        if not TAG.fullmatch(code):
            raise ValidationError(_("Type a language tag, such as es, zh-Hant or ase."))
        if self.rows.filter(code__iexact=code).exists():
            raise ValidationError(_("This language is in the list already."))
        return code

    def apply(self):
        word = self.instance
        word.code = word.code or self._free_code(self.cleaned_data["name"])
        last = self.rows.order_by("-position").values_list("position", flat=True).first()
        word.position = (last or 0) + 1
        return super().apply()

    def _free_code(self, name: str) -> str:
        """A code that no word of the list has; made from the name, and kept when that changes."""
        start = slugify(name)[:50] or self._meta.model._meta.model_name
        taken = set(self.rows.values_list("code", flat=True))
        code, number = start, 2
        while code in taken:
            code, number = f"{start}-{number}", number + 1
        return code


class MoveWord(Command):
    """Move a word up or down among its neighbors."""

    action = Action.ADMINISTER
    direction = forms.ChoiceField(choices=[("up", "up"), ("down", "down")])

    def apply(self):
        words = list(self.rows.filter(retired=False))
        beside = [word for word in words if self._level(word) == self._level(self.instance)]
        here = [word.pk for word in beside].index(self.instance.pk)
        there = here + (1 if self.cleaned_data["direction"] == "down" else -1)
        if not 0 <= there < len(beside):
            raise Refused(_("It is at the end of the list already. Nothing changed."))
        one, two = words.index(beside[here]), words.index(beside[there])
        words[one], words[two] = words[two], words[one]
        for position, word in enumerate(words, 1):
            if word.position != position:
                word = self.instance if word.pk == self.instance.pk else word
                word.position = position
                word.save()
        return self.instance

    @staticmethod
    def _level(word) -> int | None:
        """What it is below: only neighbors change places."""
        return getattr(word, "parent_id", None)

    def clean(self):
        if self.instance.retired:
            raise ValidationError(_("A retired word has no place in the list."))
        return super().clean()


class RetireWord(Command):
    """Retire a word: it stays where it is in use, and no form offers it any more."""

    action = Action.ADMINISTER

    def clean(self):
        keep_what_is_needed(self)
        return super().clean()

    def apply(self):
        self.instance.retired = True
        self.instance.save()
        return self.instance


class BringBackWord(Command):
    """Offer a retired word again."""

    action = Action.ADMINISTER

    def apply(self):
        self.instance.retired, self.instance.merged_into = False, None
        self.instance.save()
        return self.instance


class MergeWord(LongCommand):
    """Merge a word into another: all rows that use it use the other, and it is retired.

    It reaches the rows that the administrator cannot see, and so does its undo; neither tells of
    them.
    """

    action = Action.ADMINISTER
    beyond_sight = True

    def choices(self, name, model):
        return super().choices(name, model).exclude(pk=self.instance.pk)

    def clean(self):
        keep_what_is_needed(self)
        cleaned = super().clean()
        into = cleaned.get("into")
        if into is not None and getattr(into, "parent_id", None) and self._has_children():
            self.add_error("into", _("Others are below this one. Merge into one on top."))
        return cleaned

    def _has_children(self) -> bool:
        return self.rows.filter(parent=self.instance).exists()

    def ahead(self):
        """Moves what uses the word; what comes to use it meanwhile is left to `apply`."""
        if self.instance.retired:
            return
        for model, key in uses_of(type(self.instance)):
            uses = every(model).filter(**{key.attname: self.instance.pk})
            ids = list(uses.order_by("pk").values_list("pk", flat=True))
            for some in batched(ids, AT_ONCE):
                if len(ids) > AT_ONCE:
                    yield partial(self._move, model, key, some)

    def apply(self):
        old, new = self.instance, self.cleaned_data["into"]
        if getattr(new, "parent_id", None) == old.pk:  # what was below takes its place
            new.parent_id = old.parent_id
            new.save()
        for model, key in uses_of(type(old)):
            self._move(model, key)
        old.retired, old.merged_into = True, new
        old.save()
        return old

    def _move(self, model, key, some: tuple[int, ...] | None = None) -> None:
        """Let the rows that use the word use the other; all of them, or some."""
        old, new = self.instance.pk, self.cleaned_data["into"].pk
        uses = every(model).filter(**{key.attname: old})
        if some is not None:
            uses = uses.filter(pk__in=some)
        if others := once_with(model, key):  # who has both keeps one
            beside = {f"{name}__in": uses.values(name) for name in others[:1]}
            both = every(model).filter(**{key.attname: new}, **beside)
            both = set(both.values_list(*others))
            double = [pk for pk, *rest in uses.values_list("pk", *others) if tuple(rest) in both]
            for row in every(model).filter(pk__in=double):
                row.delete()
        ids = uses.values_list("pk", flat=True)
        recording.current().change_many(model, list(ids), **{key.attname: new})

    def for_the_record(self):
        return {"into": self.cleaned_data["into"].code}


def keep_what_is_needed(command: Command) -> None:
    """Raise ValidationError when forms could not do without the command's word."""
    word = command.instance
    found = list_of(type(word))
    if word.code in found.kept:
        raise ValidationError(
            _("The product itself begins with this one. It can be renamed, and it stays.")
        )
    others = command.rows.filter(retired=False).exclude(pk=word.pk)
    if found.needed and not others.exists():
        raise ValidationError(_("It is the last of its list, and forms ask for one."))
    above = isinstance(command, RetireWord) and isinstance(word, Community)
    if above and command.rows.filter(parent=word, retired=False).exists():
        raise ValidationError(_("Others are below this one. Move or retire them first."))


def _fields(found, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a word's form that its model does not say enough about."""
    made: dict[str, Any] = {}
    if "parent" in names:
        made["parent"] = one_of(
            Community,
            label=gettext_lazy("Below"),
            empty_label=gettext_lazy("None: it is on top"),
        )
    if "channel" in names:
        made["channel"] = forms.ChoiceField(
            label=gettext_lazy("Channel"), choices=CHANNELS, required=False
        )
    if "code" in names:
        made["code"] = forms.CharField(
            label=gettext_lazy("Language tag"),
            max_length=60,
            help_text=gettext_lazy("As in es, zh-Hant, ase. It is not changed later."),
        )
    return made


def _made(found, base: type[Command], verb: str, doc: str, did: Any, names=(), **fields) -> Any:
    meta = type("Meta", (), {"model": found.model, "fields": names})
    body = {"__doc__": doc, "__module__": __name__, "Meta": meta, "did": did}
    return type(f"{verb}{found.model.__name__}", (base,), body | fields)


def _commands(found) -> dict[str, type[Command]]:
    names = ("name", "name_es", *found.more)
    first = (*found.once, *names) if "code" in found.once else (*names, *found.once)
    one = found.one
    into = one_of(
        found.model, required=True, label=gettext_lazy("Into"), empty_label=gettext_lazy("Choose")
    )
    return {
        "add": _made(
            found,
            AddWord,
            "Add",
            f"Add a word to the list: {one}.",
            gettext_lazy("Added a word to a list"),
            first,
            **_fields(found, first),
        ),
        "change": _made(
            found,
            ChangeWord,
            "Change",
            f"Change a word of the list: {one}.",
            gettext_lazy("Changed a word of a list"),
            names,
            **_fields(found, names),
        ),
        "move": _made(
            found,
            MoveWord,
            "Move",
            f"Move a word of the list up or down: {one}.",
            gettext_lazy("Moved a word of a list"),
        ),
        "retire": _made(
            found,
            RetireWord,
            "Retire",
            f"Retire a word of the list: {one}. It stays where it is in use.",
            gettext_lazy("Retired a word of a list"),
        ),
        "bring_back": _made(
            found,
            BringBackWord,
            "BringBack",
            f"Offer a retired word of the list again: {one}.",
            gettext_lazy("Brought back a word of a list"),
        ),
        "merge": _made(
            found,
            MergeWord,
            "Merge",
            f"Merge a word of the list into another: {one}. All rows that use it use the other.",
            gettext_lazy("Merged a word of a list into another"),
            into=into,
        ),
    }


WORD_COMMANDS: dict[str, dict[str, type[Command]]] = {f.name: _commands(f) for f in WORD_LISTS}


def add_word_list(found: WordList) -> None:
    """Let an administrator edit the words of a model of an upper app, too."""
    WORD_LISTS.append(found)
    WORD_COMMANDS[found.name] = _commands(found)
