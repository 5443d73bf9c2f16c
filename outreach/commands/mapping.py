"""Power maps: begun, actors placed, moved and tied; assets written down."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import lines_of, one_of
from access.recording import Refused
from access.roles import Action
from crm.commands.widgets import picker
from crm.models import Organization
from lists.folding import fold
from outreach.models import (
    Asset,
    Influence,
    MapActor,
    MapTie,
    Placement,
    PowerMap,
    Program,
    Stance,
)


def _choose(choices, label, **kwargs) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=choices.choices, coerce=int, label=label, **kwargs)


class ChangePowerMap(Command):
    """Change what a power map is about."""

    action = Action.WRITE
    did = gettext_lazy("Changed a power map")

    class Meta:
        model = PowerMap
        fields = ("question",)
        help_texts = {"question": gettext_lazy("For instance: a Safe Zone resolution.")}


class AddPowerMap(ChangePowerMap):
    """Begin a power map of a program, with who decides at its top."""

    did = gettext_lazy("Began a power map")
    program = one_of(
        Program, required=True, label=gettext_lazy("Program"), widget=picker("outreach:programs")
    )
    decision_maker = forms.CharField(
        max_length=120,
        label=gettext_lazy("Who decides"),
        help_text=gettext_lazy("The office by its role, not a name: board president."),
    )
    stance = _choose(Stance, gettext_lazy("Who decides stands"), initial=Stance.UNDECIDED)

    class Meta(ChangePowerMap.Meta):
        fields = ("program", "question")

    def apply(self):
        self.instance.author_id, self.instance.day = self.actor.user_id, self.actor.today()
        row = super().apply()
        name = self.cleaned_data["decision_maker"]
        office = MapActor(power_map=row, name=name, kind=MapActor.Kind.OFFICE, decides=True)
        office.save()
        place(self.actor, office, self.cleaned_data["stance"], Influence.HIGH)
        return row


def place(actor, who: MapActor, stance: int, influence: int, day=None, note="") -> Placement:
    """A new place of an actor on its map, from a day on: today, if none is given."""
    row = Placement(map_actor=who, day=day or actor.today(), stance=stance, influence=influence)
    row.note, row.author_id = note, actor.user_id
    row.save()
    return row


class DeletePowerMap(Deletion):
    """Take a power map out, with all that is on it."""

    action = Action.DELETE
    did = gettext_lazy("Deleted a power map")

    class Meta:
        model = PowerMap
        fields = ()


class ChangeMapActor(Command):
    """Change who an actor of a power map is."""

    action = Action.WRITE
    did = gettext_lazy("Changed an actor of a power map")
    organization = one_of(
        Organization,
        label=gettext_lazy("Partner"),
        widget=picker("organizations"),
        help_text=gettext_lazy(
            "If it is one of ours: then its own name is shown, to those who see the partner."
        ),
    )

    class Meta:
        model = MapActor
        fields = ("name", "organization", "kind", "about", "decides")
        help_texts = {
            "name": gettext_lazy("A person by the role alone, not by name: board, seat 3."),
            "decides": gettext_lazy("Stands at the top."),
        }

    def clean(self):
        cleaned = super().clean()
        partner = self.value("organization")
        if partner:
            cleaned["name"] = ""
        elif not self.value("name") and "name" not in self.errors:
            self.add_error("name", _("Name it, or choose a partner."))
        name = "" if partner else self.value("name")
        if there := self._same(partner, name):
            self.add_error("organization" if partner else "name", self._is_there(there))
        if self.value("decides") and self._influence() not in (None, Influence.HIGH):
            self.add_error(None, at_the_top())
        return cleaned

    def apply(self):
        # Held until the end: who places the same one at the same moment waits, and reads of it.
        maps = PowerMap.objects.visible_to(self.actor).select_for_update()
        maps.get(pk=self.instance.power_map_id)
        if there := self._same(self.instance.organization, self.instance.name):
            raise Refused(self._is_there(there))
        return super().apply()

    def _same(self, partner: Organization | None, name: str) -> MapActor | None:
        """Another actor of the map that stands for the same partner, or bears the same name
        whatever its accents and capitals, as far as this actor sees.
        """
        power_map = self.value("power_map") if self.adding else self.instance.power_map_id
        if not power_map or self._is_as_before(partner, name):
            return None
        called = fold(partner.name if partner else name or "")
        others = self.rows.filter(power_map=power_map).exclude(pk=self.instance.pk)
        for other in others.order_by("pk"):
            is_partner = partner is not None and other.organization_id == partner.pk
            if is_partner or (called and fold(other.label) == called):
                return other
        return None

    def _is_as_before(self, partner: Organization | None, name: str) -> bool:
        """Whether it stays who it is: one that was there twice before can still be changed."""
        before = {} if self.adding else self.instance._loaded
        now = partner.pk if partner else None
        return bool(before) and (before["organization_id"], before["name"]) == (now, name)

    def _is_there(self, other: MapActor) -> str:
        """That somebody is on the map already, and where."""
        words = {"name": other.label}
        if place := newest(self.actor, other):
            words |= {
                "stance": place.get_stance_display().lower(),
                "influence": place.get_influence_display().lower(),
            }
            text = _("%(name)s is on the map already: %(stance)s, %(influence)s. Move it there.")
            return text % words
        return _("%(name)s is on the map already.") % words

    def _influence(self) -> int | None:
        place = newest(self.actor, self.instance)
        return place.influence if place else None


def at_the_top() -> str:
    return _("Who decides stands in the top row. Place it there.")


def newest(actor, who: MapActor) -> Placement | None:
    """Where an actor of a map stands now."""
    rows = Placement.objects.visible_to(actor).filter(map_actor=who.pk)
    return rows.order_by("-day", "-pk").first()


class AddMapActor(ChangeMapActor):
    """Place somebody on a power map: who it is, where it stands, how we know."""

    did = gettext_lazy("Placed an actor on a power map")
    power_map = one_of(PowerMap, required=True, widget=forms.HiddenInput)
    stance = _choose(Stance, gettext_lazy("Stands"), initial=Stance.UNDECIDED)
    influence = _choose(Influence, gettext_lazy("Influence"), initial=Influence.MEDIUM)
    note = forms.CharField(required=False, max_length=200, label=gettext_lazy("How we know"))

    class Meta(ChangeMapActor.Meta):
        fields = ("power_map", *ChangeMapActor.Meta.fields)

    def _influence(self) -> int | None:
        return self.cleaned_data.get("influence")

    def apply(self):
        who, cleaned = super().apply(), self.cleaned_data
        place(self.actor, who, cleaned["stance"], cleaned["influence"], note=cleaned["note"])
        return who


class MoveMapActor(Command):
    """Place an actor of a power map anew. Its earlier place stays, with its day; a second move on
    the same day replaces the first.
    """

    action = Action.WRITE
    did = gettext_lazy("Moved an actor on a power map")
    stance = _choose(Stance, gettext_lazy("Stands"))
    influence = _choose(Influence, gettext_lazy("Influence"))
    day = forms.DateField(
        required=False, label=gettext_lazy("Since"), widget=forms.DateInput({"type": "date"})
    )
    note = forms.CharField(required=False, max_length=200, label=gettext_lazy("How we know"))

    class Meta:
        model = MapActor
        fields = ()

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        now = newest(actor, self.instance) if not self.adding else None
        if now:
            self.initial |= {"stance": now.stance, "influence": now.influence}
        self.initial.setdefault("day", actor.today())

    def clean_day(self):
        return self.cleaned_data["day"] or self.actor.today()

    def clean(self):
        cleaned = super().clean()
        if (day := cleaned.get("day")) and day > self.actor.today():
            self.add_error("day", _("Choose today or an earlier day."))
        influence = cleaned.get("influence")
        if self.instance.decides and influence not in (None, Influence.HIGH):
            self.add_error("influence", at_the_top())
        return cleaned

    def apply(self):
        who, cleaned = self.instance, self.cleaned_data
        day, stance, influence = cleaned["day"], cleaned["stance"], cleaned["influence"]
        rows = Placement.objects.visible_to(self.actor).filter(map_actor=who)
        there = rows.filter(day=day).first()
        if there is None:
            place(self.actor, who, stance, influence, day, cleaned.get("note", ""))
            return who
        there.stance, there.influence, there.author_id = stance, influence, self.actor.user_id
        if "note" in self.data:  # who drags a card says nothing of it
            there.note = cleaned["note"]
        there.save()
        return who


class RemoveMapActor(Command):
    """Take an actor off a power map, with its places and ties."""

    action = Action.WRITE
    did = gettext_lazy("Took an actor off a power map")

    class Meta:
        model = MapActor
        fields = ()

    def apply(self):
        self.instance.delete()
        return self.instance


class AddMapTie(Command):
    """Write down that two actors of a power map are tied."""

    action = Action.WRITE
    did = gettext_lazy("Tied two actors of a power map")
    power_map = one_of(PowerMap, required=True, widget=forms.HiddenInput)
    one = one_of(MapActor, required=True, label=gettext_lazy("Who"))
    other = one_of(MapActor, required=True, label=gettext_lazy("And whom, or of what"))

    class Meta:
        model = MapTie
        fields = ("one", "kind", "other")
        help_texts = {
            "kind": gettext_lazy("Family and faith are not asked and have no place here.")
        }

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        there, actors = self._map(), MapActor.objects.visible_to(actor)
        for name in ("one", "other"):
            rows = actors.filter(power_map=there) if there else actors.none()
            self.fields[name].fill(rows.select_related("power_map"))

    def _map(self) -> PowerMap | None:
        """The map that is typed or given, if the actor sees it."""
        try:
            return self.fields["power_map"].to_python(*self._typed("power_map") or [None])
        except ValidationError:
            return None

    def clean(self):
        cleaned = super().clean()
        one, other, kind = (cleaned.get(name) for name in ("one", "other", "kind"))
        if one and one == other:
            self.add_error("other", _("Choose another one."))
        elif one and other:
            ends = [one.pk, other.pk]
            if self.rows.filter(one__in=ends, other__in=ends, kind=kind).exists():
                self.add_error("kind", _("This tie is written down already."))
        return cleaned


class RemoveMapTie(Command):
    """Take a tie off a power map."""

    action = Action.WRITE
    did = gettext_lazy("Took a tie off a power map")

    class Meta:
        model = MapTie
        fields = ()

    def apply(self):
        self.instance.delete()
        return self.instance


class WriteAssets(Command):
    """Write down what the community of a program has."""

    action = Action.WRITE
    did = gettext_lazy("Wrote down the assets of a community")
    assets = lines_of(
        Asset,
        ["kind", "name", "note"],
        label=gettext_lazy("Assets"),
        help_text=gettext_lazy(
            "People by their role, associations, institutions, places, economy, culture and "
            "stories."
        ),
        most=100,
    )

    class Meta:
        model = Program
        fields = ()
