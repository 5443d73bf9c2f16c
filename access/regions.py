"""Regions: groups of states. Editing one changes what people see, so it says so first."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import recording, registers
from access.commands import Command
from access.fields import many_of
from access.models import Access, Area, Region, State, User
from access.recording import Refused
from access.roles import Action


@dataclass
class Effect:
    """What a change of regions does to the sight of one user."""

    user: User
    gains: list[State] = field(default_factory=list)
    loses: list[State] = field(default_factory=list)
    gains_rows: list[tuple[Any, int]] = field(default_factory=list)
    loses_rows: list[tuple[Any, int]] = field(default_factory=list)
    loses_home: bool = False  # whether her home state would lie outside her areas


def effects_of(actor, moved: list[State], into: Region) -> list[Effect]:
    """Who gains and who loses sight of the states that move into a region."""
    if not moved:
        return []
    rows = Access.objects.visible_to(actor).filter(user__is_active=True, everywhere=False)
    accesses = list(rows.select_related("user"))
    users = {access.pk: access.user for access in accesses}
    homes = {access.pk: access.home_id for access in accesses}
    regions: dict[int, set[int]] = {pk: set() for pk in users}
    single: dict[int, set[int]] = {pk: set() for pk in users}
    for area in Area.objects.visible_to(actor).filter(access_id__in=users):
        if area.region_id:
            regions[area.access_id].add(area.region_id)
        else:
            single[area.access_id].add(area.state_id)
    counts = registers.counts_by_state([state.pk for state in moved])
    found = []
    for pk, user in users.items():
        effect = Effect(user)
        for state in moved:
            if state.pk in single[pk]:
                continue
            before, after = state.region_id in regions[pk], into.pk in regions[pk]
            if after and not before:
                effect.gains.append(state)
            elif before and not after:
                effect.loses.append(state)
        effect.gains_rows = _sum(counts, effect.gains)
        effect.loses_rows = _sum(counts, effect.loses)
        effect.loses_home = homes[pk] in {state.pk for state in effect.loses}
        if effect.gains or effect.loses:
            found.append(effect)
    return sorted(found, key=lambda e: (not e.loses, e.user.name))


def _sum(counts: list[tuple[Any, dict[int, int]]], states: list[State]) -> list[tuple[Any, int]]:
    """(what, how many) in the states together."""
    return [(label, sum(by_state.get(s.pk, 0) for s in states)) for label, by_state in counts]


class ChangeRegion(Command):
    """Rename a region, and move states into it from others.

    When that changes what somebody sees, it carries the mark of what was shown about it, and when
    somebody loses sight, the number of those people, typed by hand.
    """

    action = Action.ADMINISTER
    did = gettext_lazy("Changed a region")

    states = many_of(
        State,
        label=gettext_lazy("Move here"),
        widget=forms.CheckboxSelectMultiple({"data-look": "chips"}),
        help_text=gettext_lazy("States of other regions. Each state lies in one region."),
    )
    mark = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    confirm = forms.IntegerField(required=False, label="")

    class Meta:
        model = Region
        fields = ("name", "name_es")

    effects: list[Effect]

    def choices(self, name, model):
        rows = super().choices(name, model)
        if model is State:
            rows = rows.exclude(code=State.OUTSIDE).select_related("region")
            rows = rows if self.adding else rows.exclude(region=self.instance)
        return rows

    def clean_name(self):
        name = self.cleaned_data["name"].strip()
        others = self.rows.exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists():
            raise ValidationError(_("There is a region with this name already."))
        return name

    def clean(self):
        cleaned = super().clean()
        moved = cleaned.get("states") or []
        self.effects = effects_of(self.actor, moved, self.instance)
        if moved and self.instance.retired:
            self.add_error("states", _("This region is retired. Bring it back first."))
        elif self.effects:
            self._looked_at(cleaned)
        return cleaned

    def _looked_at(self, cleaned) -> None:
        if cleaned.get("mark") != self.mark_of_effects:
            raise ValidationError(
                _("Look first at who gains and who loses sight. Nothing is saved yet."),
                code="look",
            )
        if self.losers and cleaned.get("confirm") != len(self.losers):
            words = {"count": len(self.losers)}
            self.add_error("confirm", _("Type the number %(count)d. Nothing is saved yet.") % words)

    @property
    def losers(self) -> list[Effect]:
        """Those who lose sight of something."""
        return [effect for effect in self.effects if effect.loses]

    @property
    def mark_of_effects(self) -> str:
        """A mark of exactly these effects: another page, or another day, has another one."""
        told = [
            (
                e.user.pk,
                [s.pk for s in e.gains],
                [s.pk for s in e.loses],
                e.gains_rows,
                e.loses_rows,
            )
            for e in self.effects
        ]
        return hashlib.sha256(repr(told).encode()).hexdigest()

    def apply(self):
        region = self.instance
        region.save()
        recording.current().flush()  # a new region has its id before states point at it
        for state in self.cleaned_data["states"]:
            state.region = region
            state.save()
        return region

    def for_the_record(self):
        states = self.cleaned_data["states"]
        if not states:
            return {}
        return {
            "moved": [state.code for state in states],
            "gains": [effect.user.name for effect in self.effects if effect.gains],
            "loses": [effect.user.name for effect in self.losers],
        }


class AddRegion(ChangeRegion):
    """Add a region, with the states that move into it."""

    did = gettext_lazy("Added a region")

    def apply(self):
        start = slugify(self.cleaned_data["name"])[:50] or "region"
        taken = set(self.rows.values_list("code", flat=True))
        code, number = start, 2
        while code in taken:
            code, number = f"{start}-{number}", number + 1
        self.instance.code = code
        last = self.rows.order_by("-position").values_list("position", flat=True).first()
        self.instance.position = (last or 0) + 1
        return super().apply()


class RetireRegion(Command):
    """Retire a region that has no states any more."""

    action = Action.ADMINISTER
    did = gettext_lazy("Retired a region")

    class Meta:
        model = Region
        fields = ()

    def apply(self):
        if State.objects.filter(region=self.instance).exists():
            raise Refused(_("States lie in this region. Move them first. Nothing changed."))
        self.instance.retired = True
        self.instance.save()
        return self.instance


class BringBackRegion(RetireRegion):
    """Offer a retired region again."""

    did = gettext_lazy("Brought back a region")

    def apply(self):
        self.instance.retired = False
        self.instance.save()
        return self.instance
