"""What the columns of a list probably feed: a proposal, which a person then looks at."""

from dataclasses import dataclass

from lists.folding import fold
from lists.import_kinds import ImportKind, PairKind
from lists.mapping import Target, never_taken
from lists.reading import SourceList


@dataclass(frozen=True, slots=True)
class Proposal:
    """The field that a column probably feeds, or "", and why it can feed none."""

    field: str = ""
    never: str = ""  # what it seems to hold that is never imported


def propose(kind: ImportKind | PairKind, source: SourceList) -> list[Proposal]:
    """One proposal a column.

    Today a column is known by its header alone: one that is called like a field. All others stay
    out until somebody says otherwise.
    """
    by_name: dict[str, Target] = {}
    for names in (_own_names, _other_names):  # what a field is called itself wins
        for target in kind.targets.values():
            for name in names(target):
                by_name.setdefault(name, target)
    by_name.pop("", None)
    found, taken = [], set()
    for position in range(len(source.header)):
        column = source.column(position)
        if never := never_taken(column, kind.of_people):
            found.append(Proposal(never=never))
            continue
        fed = by_name.get(fold(column)) if position < len(source.header) else None
        if fed and (fed.several or fed.name not in taken):
            taken.add(fed.name)
            found.append(Proposal(fed.name))
        else:
            found.append(Proposal())
    return found


def _own_names(target: Target) -> list[str]:
    return [fold(target.name), *([] if "." in target.name else [fold(str(target.label))])]


def _other_names(target: Target) -> tuple[str, ...]:
    return target.called
