"""What a dashboard is asked: the days, and which meetings and partners. The address says it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.forms.utils import flatatt
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from access.kept import kept
from access.models import Region, State, User
from access.prepared import Prepared
from access.scope import Actor, Rights, Visibility
from crm.models import (
    Affiliate,
    Community,
    FocusArea,
    Interaction,
    InteractionKind,
    InteractionOrganization,
    Organization,
)
from dashboards.tables import Period
from lists.templatetags.cells import safe

MORE = ("state", "owner", "kind", "focus_area", "affiliate")  # filters that a page folds away
LONG = ("owner", "affiliate")  # of which a page carries all only when it is asked for them
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
        return self._of_partner.copy()

    @cached_property
    def _of_partner(self) -> dict[str, str]:
        return self._named("region", "state", "community") | self._named("owner", key="uid")

    def of_meeting(self) -> dict[str, str]:
        """What is asked of the meeting, as the filters of the list of meetings name it."""
        return self._of_meeting.copy()

    @cached_property
    def _of_meeting(self) -> dict[str, str]:
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


class Options(forms.Widget):
    """A select as one string: a template takes a fifth of the page for the seven of a dashboard."""

    choices: Sequence[tuple[str, Any]] = ()

    def render(self, name, value, attrs=None, renderer=None):
        chosen = "" if value is None else str(value)
        options = "".join(
            f'<option value="{safe(key)}"{" selected" if key == chosen else ""}>{safe(label)}'
            "</option>\n"
            for key, label in self.choices
        )
        told = flatatt(self.build_attrs(self.attrs, attrs))
        return SafeString(f'<select name="{safe(name)}"{told}>{options}</select>')


class OneRow(forms.Field):
    """One row by its public key; a wrong, a foreign and a hidden one get the same words."""

    widget = Options
    choices: list[tuple[str, Any]]
    rows: Callable[[], Any]  # any of these is taken
    has_more = False  # whether there may be more choices than the page carries

    def __init__(self, label, key: str = "code", *, all_of_them):
        super().__init__(label=label, required=False)
        self.key, self.all_of_them = key, all_of_them

    def fill(self, rows: Callable[[], Any], offered: Iterable[tuple[Any, str]]) -> None:
        """Take any of these rows; offer those of these (key, label)."""
        self.rows = rows
        self.choices = [("", self.all_of_them), *((str(key), label) for key, label in offered)]
        self.widget.choices = self.choices

    def to_python(self, value):
        if value in self.empty_values:
            return None
        try:
            if "\0" not in str(value):  # PostgreSQL takes none in a query
                return self.rows().get(**{self.key: value})
        except (ValueError, TypeError, ValidationError, ObjectDoesNotExist):
            pass
        raise ValidationError(_("That choice is not there."), code="invalid_choice")


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

    def __init__(
        self,
        actor: Actor,
        data: Mapping[str, Any],
        unknown: tuple[str, ...] = (),
        offer: str | None = "",
    ):
        self.unknown, self.offer = unknown, offer
        self.sent = data
        year = Period.year_to(actor.today())
        values = {name: data.get(name) for name in self.base_fields}
        values["first"] = values["first"] or year.first
        values["last"] = values["last"] or year.last
        super().__init__(values)
        self.use_required_attribute = False
        self._fill(actor)

    def _fill(self, actor: Actor) -> None:
        states = partial(states_of, actor)
        affiliates = partial(Affiliate.objects.visible_to, actor)
        self._choose("region", actor, lambda: Region.objects.filter(_regions_of(actor)))
        self._choose("state", actor, lambda: states().filter(retired=False))
        self._choose("community", actor, Community.objects.offered)
        self._choose("focus_area", actor, FocusArea.objects.offered)
        self._choose("kind", actor, InteractionKind.objects.offered)
        self._choose_late("owner", actor, partial(_owners, actor))
        self._choose_late("affiliate", actor, affiliates)

    def _choose_late(self, name: str, actor: Actor, rows: Callable[[], Any]) -> None:
        """A field of rows that may be many: the chosen one, and all once they are wanted."""
        field, some = self._field(name), []
        if name == self.offer:
            some = _offered(actor.rights, actor.today())[name].ask()
        else:
            field.has_more = self.offer is not None
        if uids := self._uids(name):
            known = {uid for uid, _name in some}
            chosen = rows().filter(uid__in=uids).values_list("uid", "name")
            some = [*some, *(row for row in chosen if row[0] not in known)]
        field.fill(rows, some)

    def _choose(self, name: str, actor: Actor, rows: Callable[[], Any]) -> None:
        """A field of words or places."""
        key = ("asked", name, actor.state_ids, get_language())
        self._field(name).fill(rows, kept(key, lambda: [(r.code, r.label) for r in rows()]))

    def _field(self, name: str) -> OneRow:
        field = self.fields[name]
        assert isinstance(field, OneRow)
        return field

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
        """Whether a filter is in force, wrong, or asked for, that the page folds away."""
        return bool(self.offer) or any(self.data.get(n) or n in self.errors for n in MORE)

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


def _regions_of(actor: Actor) -> Q:
    return Q(retired=False, pk__in=states_of(actor).order_by().values("region_id"))


def _owners(actor: Rights):
    """Who owns a partner that the actor sees, and the actor."""
    partners = Organization.objects.visible_to(actor).order_by()
    mine = Exists(partners.filter(owner=OuterRef("pk")))
    return User.objects.filter(mine | Q(pk=actor.user_id or 0), is_active=True)


@lru_cache(maxsize=256)
def _offered(rights: Rights, _day: date) -> dict[str, Prepared]:
    """The owners, and affiliates with meetings that count, that one sees: (uid, name)."""
    ties = InteractionOrganization.objects.visible_to(rights).order_by()
    met = ties.filter(
        interaction__affiliate=OuterRef("pk"),
        interaction__status=Interaction.Status.HELD,
        interaction__visibility=Visibility.TEAM,
    )
    known = Affiliate.objects.visible_to(rights).filter(Exists(met))
    owners = _owners(rights).order_by("name", "pk").values_list("uid", "name")
    affiliates = known.order_by("sort_name", "uid").values_list("uid", "name")
    return {"owner": Prepared(owners), "affiliate": Prepared(affiliates[:OFFERED])}


def asked(
    actor: Actor, data: Mapping[str, Any], offer: str | None = ""
) -> tuple[AskForm, Ask | None]:
    """The question of an address, and its form; no question where a value is wrong.

    offer: the one of LONG of which the form is to carry all choices. None where nobody sees the
    form: then those of LONG carry what was chosen alone.
    """
    unknown = tuple(sorted(set(data) - set(AskForm.base_fields)))
    form = AskForm(actor, data, unknown, offer)
    return form, form.ask() if form.is_valid() else None
