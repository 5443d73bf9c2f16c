"""What a dashboard is asked: the days, and which meetings and partners. The address says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import Region, State, User
from access.scope import Actor
from crm.models import Affiliate, Community, FocusArea, Interaction, InteractionKind, Organization
from dashboards.tables import Period

MORE = ("state", "owner", "kind", "focus_area", "affiliate")  # filters that a page folds away
OFFERED = 200  # affiliates in a select; the address takes any that the viewer sees


@dataclass(frozen=True)
class Ask:
    """A period, and what narrows the figures: rows that the viewer may name, or None.

    Region, state, community and owner are of one and the same partner; affiliate, focus area and
    kind are of the meeting.
    """

    period: Period
    region: Region | None = None
    state: State | None = None
    affiliate: Affiliate | None = None
    community: Community | None = None
    focus_area: FocusArea | None = None
    kind: InteractionKind | None = None
    owner: User | None = None
    # What was counted already to answer this question: a page asks several figures.
    counted: dict[Any, Any] = field(init=False, compare=False, repr=False, default_factory=dict)

    def over(self, period: Period) -> "Ask":
        """The same question of other days."""
        return replace(self, period=period)

    def of_partner(self) -> dict[str, str]:
        """What is asked of the partner, as the filters of both lists name it."""
        return self._named("region", "state", "community") | self._named("owner", key="uid")

    def of_meeting(self) -> dict[str, str]:
        """What is asked of the meeting, as the filters of the list of meetings name it."""
        return self._named("focus_area", "kind") | self._named("affiliate", key="uid")

    def narrowing(self) -> dict[str, str]:
        """Everything that narrows the figures, by the name in the address."""
        return self.of_partner() | self.of_meeting()

    def query(self) -> dict[str, str]:
        """The whole question, as an address says it."""
        days = {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()}
        return days | self.narrowing()

    def _named(self, *names: str, key: str = "code") -> dict[str, str]:
        found = ((name, getattr(self, name)) for name in names)
        return {name: str(getattr(row, key)) for name, row in found if row is not None}


class OneRow(forms.ModelChoiceField):
    """One row by its public key; a wrong, a foreign and a hidden one get the same words."""

    def __init__(self, label, key: str = "code", *, all_of_them):
        super().__init__(
            User.objects.none(),
            label=label,
            to_field_name=key,
            required=False,
            empty_label=all_of_them,
            error_messages={"invalid_choice": gettext_lazy("That choice is not there.")},
        )
        self.offered: Any = None

    def fill(self, rows, offered=None) -> None:
        """Take any of these rows; offer these of them, or all."""
        self.queryset = rows
        if offered is not None:
            labels = [(str(getattr(row, self.to_field_name or "pk")), str(row)) for row in offered]
            self.choices = [("", self.empty_label), *labels]

    def to_python(self, value):
        wrong = ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        if isinstance(value, str) and "\0" in value:  # PostgreSQL takes none in a query
            raise wrong
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise wrong from error


class AskForm(forms.Form):
    """The question of a dashboard, read from an address, with the choices of one viewer."""

    first = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput({"type": "date"}))
    region = OneRow(gettext_lazy("Region"), all_of_them=gettext_lazy("All regions"))
    community = OneRow(gettext_lazy("Community"), all_of_them=gettext_lazy("All communities"))
    state = OneRow(gettext_lazy("State"), all_of_them=gettext_lazy("All states"))
    owner = OneRow(gettext_lazy("Owner"), "uid", all_of_them=gettext_lazy("All owners"))
    kind = OneRow(gettext_lazy("How"), all_of_them=gettext_lazy("All kinds"))
    focus_area = OneRow(gettext_lazy("Focus area"), all_of_them=gettext_lazy("All focus areas"))
    affiliate = OneRow(gettext_lazy("Affiliate"), "uid", all_of_them=gettext_lazy("All affiliates"))

    names_in_errors = True  # "Owner: that choice is not there"

    def __init__(self, actor: Actor, data: Mapping[str, Any], unknown: tuple[str, ...] = ()):
        self.unknown = unknown
        self.sent = data
        year = Period.year_to(actor.today())
        values = {name: data.get(name) for name in self.base_fields}
        values["first"] = values["first"] or year.first
        values["last"] = values["last"] or year.last
        super().__init__(values)
        self.use_required_attribute = False
        self._fill(actor)

    def _fill(self, actor: Actor) -> None:
        states = states_of(actor)
        partners = Organization.objects.visible_to(actor).order_by()
        mine = Exists(partners.filter(owner=OuterRef("pk")))
        owners = User.objects.filter(mine | Q(pk=actor.user_id or 0), is_active=True)
        affiliates = Affiliate.objects.visible_to(actor)
        met = Interaction.objects.visible_to(actor).counted().order_by()
        known = affiliates.filter(Exists(met.filter(affiliate=OuterRef("pk"))))
        chosen = affiliates.filter(uid__in=self._uids("affiliate"))
        regions = Region.objects.filter(retired=False, pk__in=states.order_by().values("region_id"))
        self._choose("region", regions)
        self._choose("state", states.filter(retired=False))
        self._choose("community", Community.objects.filter(retired=False))
        self._choose("focus_area", FocusArea.objects.filter(retired=False))
        self._choose("kind", InteractionKind.objects.filter(retired=False))
        self._choose("owner", owners.order_by("name", "pk"))
        some = {row.pk: row for row in known.order_by("sort_name", "uid")[:OFFERED]}
        some |= {row.pk: row for row in chosen}
        self._choose("affiliate", affiliates, some.values())

    def _choose(self, name: str, rows, offered=None) -> None:
        field = self.fields[name]
        assert isinstance(field, OneRow)
        field.fill(rows, offered)

    def _uids(self, name: str) -> list[str]:
        try:
            return [str(forms.UUIDField().clean(self.data.get(name)))]
        except ValidationError:
            return []

    def clean(self):
        super().clean()
        for name in self.unknown:
            words = _("There is no filter called %(name)s.")
            self.add_error(None, words % {"name": name[:60]})
        if hasattr(self.sent, "getlist"):
            for name in self.fields:
                if len(self.sent.getlist(name)) > 1:
                    self.add_error(name, _("Choose one."))
        cleaned = self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            raise ValidationError(_("The period ends before it begins."))
        if first and last and (last - first).days > 3660:
            raise ValidationError(_("A period may have ten years at most."))
        if first and first.year < 1900:
            raise ValidationError(_("The period begins too early."))
        if last and last.year > 2999:
            raise ValidationError(_("The period ends too late."))
        return cleaned

    def asks_more(self) -> bool:
        """Whether a filter is in force, or wrong, that the page folds away."""
        return any(self.data.get(name) or name in self.errors for name in MORE)

    def problems(self) -> list[str]:
        """What is wrong, each in one sentence that names its field."""
        return [
            f"{self.fields[name].label}: {text}" if name in self.fields else str(text)
            for name, texts in self.errors.items()
            for text in texts
        ]

    def ask(self) -> Ask:
        """The question, once the form is valid."""
        rows = dict(self.cleaned_data)
        return Ask(Period(rows.pop("first"), rows.pop("last")), **rows)


def states_of(actor: Actor):
    """The states of the actor's areas; `--` stands for outside regions."""
    states = State.objects.all()
    return states if actor.state_ids is None else states.filter(pk__in=actor.state_ids)


def asked(actor: Actor, data: Mapping[str, Any]) -> tuple[AskForm, Ask | None]:
    """The question of an address, and its form; no question where a value is wrong."""
    unknown = tuple(sorted(set(data) - set(AskForm.base_fields)))
    form = AskForm(actor, data, unknown)
    return form, form.ask() if form.is_valid() else None
