"""What a step of a program holds, in numbers: what it is signed with, and what is different since.

Only what everybody who sees the program sees is counted: a sign-off keeps its numbers, and may tell
nobody of a partner elsewhere.
"""

from collections.abc import Callable, Mapping

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.models import Asset, JointAction, MapActor, Program

Numbers = Mapping[str, int]


def counted(actor, program: Program, code: str) -> dict[str, int]:
    """How much the step of this code holds now, by what it is."""
    count = COUNTS.get(code)
    return count(actor, program) if count else {}


def _goals(actor, program: Program) -> dict[str, int]:
    goals = program.goals.visible_to(actor).order_by()
    served = Count("pk", filter=~Q(engagement_goal=""))
    asked = program.consultations.visible_to(actor).count()
    return goals.aggregate(goals=Count("pk"), served=served) | {"asked": asked}


def _members(actor, program: Program) -> dict[str, int]:
    committee = program.committee.visible_to(actor).count()
    return {"committee": committee, "surveys": program.surveys.visible_to(actor).count()}


def _map(actor, program: Program) -> dict[str, int]:
    placed = MapActor.objects.visible_to(actor).filter(power_map__program=program.pk)
    own = Q(organization__isnull=True) | Q(organization__home_id=program.home_id)
    return {
        "maps": program.power_maps.visible_to(actor).count(),
        "placed": placed.filter(own).count(),
        "assets": Asset.objects.visible_to(actor).filter(program=program.pk).count(),
    }


def _relationships(actor, program: Program) -> dict[str, int]:
    targets = program.targets.visible_to(actor)
    return {"targets": targets.filter(organization__home_id=F("program__home_id")).count()}


def _act(actor, program: Program) -> dict[str, int]:
    actions = program.actions.visible_to(actor).order_by()
    actions = actions.exclude(status=JointAction.Status.CANCELLED)
    done = Count("pk", filter=Q(status=JointAction.Status.DONE))
    looked = program.evaluations.visible_to(actor).filter(answered_on__isnull=False)
    looked = looked.filter(organization__home_id=F("program__home_id")).order_by()
    numbers = actions.aggregate(actions=Count("pk"), done=done)
    return numbers | {"looked": looked.aggregate(n=Count("organization", distinct=True))["n"]}


COUNTS: dict[str, Callable[..., dict[str, int]]] = {
    "goals": _goals,
    "members": _members,
    "map": _map,
    "relationships": _relationships,
    "act": _act,
}


# Each number as the board says it, in the order in which they are told: the database keeps none.
WORDS: dict[str, Callable[[int], str]] = {
    "goals": lambda n: ngettext("%(n)d goal", "%(n)d goals", n),
    "served": lambda n: _("%(n)d with an engagement goal"),
    "asked": lambda n: ngettext("%(n)d person asked", "%(n)d people asked", n),
    "committee": lambda n: _("committee of %(n)d"),
    "surveys": lambda n: ngettext("%(n)d member survey", "%(n)d member surveys", n),
    "maps": lambda n: ngettext("%(n)d power map", "%(n)d power maps", n),
    "placed": lambda n: _("%(n)d placed on a map"),
    "assets": lambda n: ngettext("%(n)d asset", "%(n)d assets", n),
    "targets": lambda n: ngettext("%(n)d target organization", "%(n)d target organizations", n),
    "actions": lambda n: ngettext("%(n)d joint action", "%(n)d joint actions", n),
    "done": lambda n: _("%(n)d of them done"),
    "looked": lambda n: ngettext("%(n)d partner looked back", "%(n)d partners looked back", n),
}


def _told(name: str, n: int) -> str:
    return WORDS[name](n) % {"n": n}


def in_words(numbers: Numbers) -> str:
    """What a step holds, in a line: "6 goals, 5 with an engagement goal". "" if nobody counted."""
    told = [_told(name, numbers[name]) for name in WORDS if numbers.get(name)]
    if not told:
        return _("nothing written down") if numbers else ""
    return ", ".join(told)


def since(then: Numbers, now: Numbers) -> list[str]:
    """What is different from what was counted then: ["7 goals instead of 6"]."""
    return [
        _("%(now)s instead of %(then)d") % {"now": _told(name, now[name]), "then": then[name]}
        for name in WORDS
        if name in then and name in now and now[name] != then[name]
    ]
