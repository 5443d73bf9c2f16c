"""What an import would do: the file read, its columns mapped, its rows grouped and matched."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from access.roles import Action
from access.scope import Actor
from lists import mapping as columns
from lists.import_kinds import ImportKind, PairKind
from lists.importing import Plan, Watch, unwatched
from lists.mapping import Mapping
from lists.pairs import PairPlan
from lists.reading import Source, SourceList, read_list


def plan_import(
    actor: Actor,
    source: Source,
    kind: type[ImportKind] | type[PairKind],
    mapping: Iterable[tuple[str | int, str]],
    constants: Iterable[tuple[str, str]] = (),
    watch: Watch = unwatched,
    most: int | None = None,
    match: bool = True,
) -> Plan | PairPlan:
    """What importing this file would do: new, same and set aside rows, and why. Writes nothing.

    `mapping` are (column, field), `constants` (field, value); with `most`, only so many rows are
    looked at; without `match`, it is left to `carry_out` to find what is there already. Raises
    PermissionDenied, Unreadable for a file that is no list, and Refused for a mapping that cannot
    be meant.
    """
    if not actor.may(Action.IMPORT):
        raise PermissionDenied
    found = read_list(source, most)
    made = kind(actor)
    mapped = mapped_by(made, found, mapping, constants)
    plan: Plan | PairPlan
    if isinstance(made, PairKind):
        plan = PairPlan(made, found, mapped)
    else:
        plan = Plan(made, found, mapped)
    plan.read(watch, most)
    if match:
        plan.match()
    return plan


def mapped_by(
    kind: ImportKind | PairKind,
    source: SourceList,
    mapping: Iterable[tuple[str | int, str]],
    constants: Iterable[tuple[str, str]] = (),
) -> Mapping:
    """What the columns of this list feed. Raises Refused for a mapping that cannot be meant."""
    targets = kind.targets.values()
    return columns.map_columns(source, targets, mapping, constants, kind.of_people, kind.needed)
