"""What waits for a user, and handing it on: partners, open follow-ups, planned meetings.

What is restricted is not handed on here: who takes it over would read it, and that is for its
author, or for the lead of its areas, to decide row by row. It is counted by kind, no more.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import batched
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import recording
from access.actors import actor_of
from access.ahead import LongCommand
from access.models import Access, State, User
from access.roles import ROLES, Action
from access.scope import Actor, Visibility
from access.settling import every
from crm.commands.organization import give_to
from crm.models import (
    Interaction,
    InteractionOrganizer,
    Organization,
    OwnerSince,
    Task,
)

AT_ONCE = 100  # rows that are handed over in one transaction
NOBODY = "nobody"
OUTSIDE = "outside"


@dataclass
class Item:
    """One row that waits for the user: a partner, a follow-up or a planned meeting."""

    kind: str
    row: Any  # Organization, Task or InteractionOrganizer
    seen: tuple[type, int]  # the model and id of what a successor must see
    label: str
    url: str
    text: str
    region: str  # code; "outside"
    to: User | None = None
    why: str = ""


KINDS = {
    "partner": gettext_lazy("Partners"),
    "task": gettext_lazy("Open follow-ups"),
    "meeting": gettext_lazy("Planned meetings"),
}


def _partners(actor: Actor, user_id: int):
    return Organization.objects.visible_to(actor).filter(owner_id=user_id)


def _tasks(actor: Actor, user_id: int):
    rows = Task.objects.visible_to(actor).filter(owner_id=user_id, status=Task.Status.OPEN)
    return rows.filter(visibility=Visibility.TEAM)


def _meetings(actor: Actor, user_id: int):
    return InteractionOrganizer.objects.visible_to(actor).filter(
        user_id=user_id,
        interaction__status=Interaction.Status.PLANNED,
        interaction__visibility=Visibility.TEAM,
    )


def holds(actor: Actor, user_id: int) -> list[tuple[Any, int]]:
    """How much of each kind waits for a user, as far as the actor sees it and may hand it on."""
    found = {"partner": _partners, "task": _tasks, "meeting": _meetings}
    return [(KINDS[kind], rows(actor, user_id).order_by().count()) for kind, rows in found.items()]


def restricted(actor: Actor, user_id: int) -> list[tuple[Any, int]]:
    """How many restricted rows of each kind wait for a user in the actor's areas: nothing more."""
    tasks = every(Task).filter(
        owner_id=user_id, status=Task.Status.OPEN, visibility=Visibility.RESTRICTED
    )
    organized = every(InteractionOrganizer).filter(user_id=user_id).values("interaction_id")
    meetings = every(Interaction).filter(
        pk__in=organized, status=Interaction.Status.PLANNED, visibility=Visibility.RESTRICTED
    )
    found = [(KINDS["task"], tasks), (KINDS["meeting"], meetings)]
    if not actor.everywhere:
        found = [(label, rows.filter(home_id__in=actor.state_ids)) for label, rows in found]
    return [(label, count) for label, rows in found if (count := rows.count())]


def items_of(actor: Actor, user_id: int) -> list[Item]:
    """Everything that waits for a user and that the actor may hand on."""
    codes = dict(State.objects.values_list("pk", "region__code"))
    found = []
    for row in _partners(actor, user_id).select_related("stage").order_by("sort_name", "pk"):
        url = reverse("crm:organization", args=[row.uid])
        text = row.stage.label if row.stage else ""
        found.append(("partner", row, (Organization, row.pk), row.name, url, text, row.home_id))
    for row in _tasks(actor, user_id).order_by("due", "pk"):
        url, text = reverse("crm:task", args=[row.uid]), row.due
        found.append(("task", row, (Task, row.pk), row.title, url, text, row.home_id))
    meetings = _meetings(actor, user_id).select_related("interaction__kind")
    for row in meetings.order_by("interaction__day", "pk"):
        met = row.interaction
        url, seen = reverse("crm:interaction", args=[met.uid]), (Interaction, met.pk)
        found.append(("meeting", row, seen, met.kind.label, url, met.day, met.home_id))
    return [Item(*rest, region=codes.get(home) or OUTSIDE) for *rest, home in found]


def successors(actor: Actor, leaver_id: int) -> list[User]:
    """Who may take over at all: those who have access, and whose role logs meetings."""
    rows = Access.objects.visible_to(actor).filter(user__is_active=True)
    found = rows.exclude(user_id=leaver_id)
    may = [access.user for access in found.select_related("user") if _logs(access.role)]
    return sorted(may, key=lambda user: user.name)


def _logs(role: str) -> bool:
    return Action.LOG in ROLES[role]


def assign(items: list[Item], wanted: dict[str, User | None], for_all: User | None) -> None:
    """Say of each item who gets it, or why nobody does.

    `wanted` holds the choice for a region; a region that is not in it goes to `for_all`.
    """
    seen: dict[tuple[int, type], set[int]] = {}
    for item in items:
        chosen = wanted.get(item.region, for_all)
        item.to, item.why = chosen, ""
        if chosen is None:
            item.why = _("Nobody is chosen for it.")
            continue
        model, pk = item.seen
        key = (chosen.pk, model)
        if key not in seen:
            ids = [other.seen[1] for other in items if other.seen[0] is model]
            seen[key] = _seen_by(chosen, model, ids)
        if pk not in seen[key]:
            item.to = None
            item.why = _("%(name)s does not see it.") % {"name": chosen.name}


def _seen_by(user: User, model: Any, ids: Iterable[int]) -> set[int]:
    """Which of the rows the user sees by herself."""
    actor = actor_of(user)
    if actor is None:
        return set()
    return set(model.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))


def _move_partners(actor: Actor, items: list[Item]) -> None:
    for item in items:
        give_to(item.row, item.to.pk, actor)
        recording.current().bump(item.row)  # who has the partner open learns of it


def _move_tasks(_actor: Actor, items: list[Item]) -> None:
    for user in {item.to for item in items if item.to}:
        ids = [item.row.pk for item in items if item.to == user]
        recording.current().change_many(Task, ids, owner_id=user.pk)


def _move_meetings(_actor: Actor, items: list[Item]) -> None:
    for item in items:
        others = every(InteractionOrganizer).filter(interaction_id=item.row.interaction_id)
        if others.filter(user=item.to).exists():
            item.row.delete()  # who takes over is there already
        else:
            item.row.user = item.to
            item.row.save()
        recording.current().bump(item.row.interaction)


# How each key that is registered as moving is moved.
MOVES: dict[tuple[type, str], tuple[str, Callable[[Actor, list[Item]], None]]] = {
    (OwnerSince, "owner"): ("partner", _move_partners),
    (Task, "owner"): ("task", _move_tasks),
    (InteractionOrganizer, "user"): ("meeting", _move_meetings),
}


class HandOver(LongCommand):
    """Hand over what waits for a user, to one person or to one for each region."""

    action = Action.ASSIGN
    did = gettext_lazy("Handed over what waited for somebody")
    is_of_row = False  # the access itself stays as it is

    to_all = forms.ChoiceField(label=gettext_lazy("To one person"), required=False)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    leave = forms.BooleanField(
        label=gettext_lazy("What nobody gets stays with this person"), required=False
    )

    class Meta:
        model = Access
        fields = ()

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        leaver = self.instance.user_id
        self.items = items_of(actor, leaver) if leaver else []
        offered = successors(actor, leaver) if leaver else []
        self.users = {str(user.uid): user for user in offered}
        people = [(uid, user.name) for uid, user in self.users.items()]
        self.fields["to_all"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]
        names = dict(State.objects.values_list("region__code", "region__name"))
        self.regions = sorted({item.region for item in self.items})
        for code in self.regions:
            offered = [("", _("That one person")), *people, (NOBODY, _("Nobody for now"))]
            label = names.get(code) or _("Outside regions")
            self.fields[f"to_{code}"] = forms.ChoiceField(
                label=label, choices=offered, required=False
            )

    def clean(self):
        cleaned = super().clean()
        wanted = {}
        for code in self.regions:
            if chosen := cleaned.get(f"to_{code}"):
                wanted[code] = self.users.get(chosen)
        assign(self.items, wanted, self.users.get(cleaned.get("to_all") or ""))
        if not self.items:
            raise ValidationError(_("Nothing waits for this person that you could hand over."))
        if not any(item.to for item in self.items):
            raise ValidationError(_("Nobody gets anything. Choose somebody who sees it."))
        if cleaned.get("seen") is not None and cleaned["seen"] != len(self.items):
            raise ValidationError(
                _("Something came or went since you looked. Nothing changed. Look again.")
            )
        return cleaned

    @property
    def left(self) -> list[Item]:
        """What would stay with the person."""
        return [item for item in self.items if item.to is None]

    @property
    def given(self) -> list[Item]:
        """What would go to others."""
        return [item for item in self.items if item.to is not None]

    def ahead(self):
        """Hands over what is more than goes into one transaction, when all is agreed on."""
        self._agreed()
        given = self.given
        for some in batched(given[AT_ONCE:], AT_ONCE):
            yield partial(self._move, list(some))

    def _agreed(self) -> None:
        if self.cleaned_data.get("seen") is None:
            raise recording.Refused(_("Look first at who gets what. Nothing changed."))
        if self.left and not self.cleaned_data["leave"]:
            raise recording.Refused(
                _("Some of it has no new owner. Choose one, or say that it stays. Nothing changed.")
            )

    def _move(self, items: list[Item]) -> None:
        for kind, move in MOVES.values():
            move(self.actor, [item for item in items if item.kind == kind])

    def apply(self):
        self._agreed()
        self._move(self.given[:AT_ONCE])
        return self.instance

    def for_the_record(self):
        by_kind = {kind: sum(1 for i in self.given if i.kind == kind) for kind in KINDS}
        return {"handed_over": by_kind, "stays": len(self.left)}
