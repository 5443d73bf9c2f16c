"""The forms of the import pages: a file and its kind; what each column feeds."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.scope import Actor
from lists import imports
from lists.import_kinds import KINDS, ImportKind, PairKind
from lists.mapping import Target, is_social_security
from lists.models import Import
from lists.proposing import Proposal, propose


class UploadForm(forms.Form):
    """Which file, and what its rows are."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is in each row?"),
        widget=forms.RadioSelect,
        initial="organizations",
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file. Nothing was saved.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["kind"]
        choices.choices = [(name, kind.label) for name, kind in KINDS.items()]


@dataclass
class ColumnChoice:
    """One column of the file, and the fields that it can feed."""

    position: int
    name: str
    sample: str
    proposal: Proposal
    chosen: str = ""
    marks: list[tuple[str, str]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The name of its control."""
        return f"column-{self.position}"


@dataclass
class ConstantChoice:
    """One field that can be said once for every row."""

    name: str
    label: str
    value: str
    choices: list[tuple[str, str]] | None

    @property
    def key(self) -> str:
        """The name of its control."""
        return f"all-{self.name}"


class ColumnsForm:
    """What each column feeds, as proposed, as chosen before, or as sent now."""

    def __init__(self, actor: Actor, row: Import, data=None):
        self.kind = imports.kind_of(row)(actor)
        self.row, self.data = row, data
        source = imports.header_of(row)
        before = {int(place): name for place, name in row.mapping}
        self.columns = []
        for position, proposal in enumerate(propose(self.kind, source)):
            name = source.column(position)
            one = ColumnChoice(position, name, self._sample(position, proposal), proposal)
            one.marks = [] if proposal.never else _marks(self.kind, name)
            chosen = before.get(position, "") if before else proposal.field
            one.chosen = _sent(data, one.key) if data is not None else chosen
            self.columns.append(one)
        said = dict(row.constants)
        self.constants = []
        for target in self.kind.targets.values():
            if target.for_all:
                choices = target.choices() if target.choices else None
                value = said.get(target.name, "")
                if not row.mapping and choices and len(choices) == 1 and target.name == "state":
                    value = choices[0][0]  # her areas hold one state
                one_for_all = ConstantChoice(target.name, self.label(target), value, choices)
                if data is not None:
                    one_for_all.value = _sent(data, one_for_all.key)
                self.constants.append(one_for_all)

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The fields as a list to choose from: (group, [(name, label)])."""
        if not isinstance(self.kind, PairKind):
            return [("", [(t.name, str(t.label)) for t in self.kind.targets.values()])]
        sides = (self.kind.first.label, self.kind.second.label)
        found: list[list[tuple[str, str]]] = [[], []]
        for target in self.kind.targets.values():
            found[target.name.startswith(self.kind.prefix)].append((target.name, str(target.label)))
        return [(str(side), fields) for side, fields in zip(sides, found, strict=True)]

    def label(self, target: Target) -> str:
        """What a field is called, with its side where there are two."""
        if isinstance(self.kind, PairKind):
            second = target.name.startswith(self.kind.prefix)
            side = self.kind.second.label if second else self.kind.first.label
            return _("%(side)s: %(field)s") % {"side": side, "field": target.label}
        return str(target.label)

    @property
    def mapping(self) -> list[tuple[int, str]]:
        """What was chosen: (place, field). A column that is never imported feeds nothing."""
        return [(one.position, one.chosen) for one in self.columns if one.chosen]

    @property
    def said(self) -> list[tuple[str, str]]:
        """What was said for every row: (field, value)."""
        return [(one.name, one.value.strip()) for one in self.constants if one.value.strip()]

    @property
    def counts(self) -> dict[str, int]:
        """How many columns are known by their names, are not, and are never imported."""
        named = sum(bool(one.proposal.field) for one in self.columns)
        never = sum(bool(one.proposal.never) for one in self.columns)
        return {"named": named, "never": never, "out": len(self.columns) - named - never}

    def _sample(self, position: int, proposal: Proposal) -> str:
        samples = self.row.samples
        text = samples[position] if position < len(samples) else ""
        hidden = text == imports.NOT_KEPT or (text and (proposal.never or is_social_security(text)))
        return _("Not shown") if hidden else text


def _sent(data, key: str) -> str:
    """What was sent, as PostgreSQL keeps it: without NUL."""
    return data.get(key, "").replace("\0", "")


def _marks(kind: ImportKind | PairKind, header: str) -> list[tuple[str, str]]:
    """The words that an X in a column of this name can stand for: (field, label)."""
    found = []
    for target in kind.targets.values():
        if target.marks:
            values, complaint = target.read(header)
            if len(values) == 1 and not complaint:
                words = {"field": target.label, "word": header}
                label = _("%(field)s: a mark means “%(word)s”") % words
                found.append((f"{target.name}:{header}", label))
    return found
