from datetime import timedelta
from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.among import ByValues
from access.commands import Command
from access.deleting import Deletion
from access.fields import many_of, one_of
from access.models import State, User
from access.recording import Refused
from access.roles import Action
from access.scope import Rights
from crm.commands.organization import FIRST_STAGE, give_to, put_into
from crm.commands.widgets import Due, bar, chips, one_chip, picker, words
from crm.models import (
    STRENGTHS,
    Affiliate,
    Affiliation,
    Contact,
    Employment,
    FocusArea,
    Interaction,
    InteractionContact,
    InteractionFocusArea,
    InteractionKind,
    InteractionOrganization,
    InteractionOrganizer,
    Location,
    Organization,
    Outcome,
    Stage,
    Strength,
    Task,
)

NO_CHANGE = ("", gettext_lazy("No change"))


class ChangeInteraction(Command):
    """Change a meeting. People and partners that the actor cannot see stay on it."""

    action = Action.EDIT_MEETING
    did = gettext_lazy("Changed a meeting")
    kind = one_of(InteractionKind, required=True, label=gettext_lazy("How"), widget=one_chip())
    outcome = one_of(
        Outcome,
        label=gettext_lazy("Outcome"),
        widget=one_chip(),
        blank=True,
        empty_label=gettext_lazy("Not given"),
    )
    affiliate = one_of(
        Affiliate, label=gettext_lazy("For which affiliate"), widget=picker("affiliates")
    )
    organizations = many_of(
        Organization,
        InteractionOrganization,
        label=gettext_lazy("Organizations"),
        widget=picker("organizations", many=True),
    )
    contacts = many_of(
        Contact,
        InteractionContact,
        label=gettext_lazy("Who was there"),
        widget=picker("people", many=True),
    )
    organizers = many_of(
        User, InteractionOrganizer, label=gettext_lazy("From us"), widget=chips("colleagues")
    )
    focus_areas = many_of(
        FocusArea, InteractionFocusArea, label=gettext_lazy("Focus areas"), widget=chips()
    )
    strength_after = forms.TypedChoiceField(
        label=gettext_lazy("Strength now"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[NO_CHANGE, *STRENGTHS],
        widget=one_chip(),
    )

    class Meta:
        model = Interaction
        fields = (
            "kind",
            "status",
            "day",
            "start",
            "minutes",
            "place",
            "summary",
            "outcome",
            "affiliate",
            "strategy",
            "crisis",
            "purpose",
            "cares_about",
            "wants",
            "ask",
            "answer",
            "thanked_on",
            "visibility",
        )
        widgets = {
            "status": bar(),
            "visibility": bar(),
            "summary": words(**{"data-optional": "quiet"}),
            "cares_about": words(2),
            "wants": words(2),
        }

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if not self.adding and "strength_after" in self.fields:
            judged = Strength.objects.visible_to(actor).filter(interaction_id=self.instance.pk)
            self.initial["strength_after"] = judged.values_list("value", flat=True).first()

    def clean(self):
        cleaned = super().clean()
        if not {"day", "status"} & set(self.errors):
            day, status = self.value("day"), self.value("status")
            if status == Interaction.Status.HELD and day and day > self.actor.today():
                self.add_error(
                    "day",
                    _("A meeting that was held cannot lie in the future. Mark it as planned."),
                )
        if self._names_nobody():
            self.add_error("organizations", _("Name an organization or a person that you met."))
        elif self._lands_elsewhere():
            self.add_error(
                "organizations",
                _("This person lies mainly outside your areas. Name an organization of yours too."),
            )
        told = self.value("outcome") or (self.value("summary") or "").strip()
        held = self.value("status") == Interaction.Status.HELD
        if held and not told and "summary" not in self.errors:
            self.add_error("summary", _("Say in a few words what happened, or choose an outcome."))
        return cleaned

    def _names_nobody(self) -> bool:
        if {"organizations", "contacts"} & set(self.errors):
            return False
        if not self.adding and not {"organizations", "contacts"} & set(self.cleaned_data):
            return False
        named = [
            self.cleaned_data.get(n, self.initial.get(n)) for n in ("organizations", "contacts")
        ]
        return not any(named) and not self._has_unseen_links()

    def _lands_elsewhere(self) -> bool:
        """Whether the meeting would lie where the actor could not see it.

        It lies where its partners lie, else where its people do.
        """
        if {"organizations", "contacts"} & set(self.errors):
            return False
        partners, people = (
            self.cleaned_data.get(n, self.initial.get(n)) for n in ("organizations", "contacts")
        )
        if partners or not people or self.cleaned_data.get("new_organization"):
            return False
        seen = any(self.actor.covers(person.home_id) for person in people)
        return not seen and not self._has_unseen_links()

    def _has_unseen_links(self) -> bool:
        if self.adding:
            return False
        from access.settling import every

        pk = self.instance.pk
        return any(
            every(link).filter(interaction_id=pk).count()
            > link.objects.visible_to(self.actor).filter(interaction_id=pk).count()
            for link in (InteractionOrganization, InteractionContact)
        )

    def apply(self):
        interaction = self.instance
        if (
            not self.adding
            and not interaction.affiliate_id
            and self.initial.get("affiliate") is None
        ):
            interaction.affiliate_id = interaction._loaded["affiliate_id"]
        if interaction.start and not interaction.zone:
            interaction.zone = self.actor.time_zone
        super().apply()
        if "strength_after" in self.cleaned_data:
            self._judge(self.cleaned_data["strength_after"])
        return interaction

    def _judge(self, value: int | None) -> None:
        """Keep one judgement per partner of this meeting."""
        stored = {}
        if not self.adding:
            rows = Strength.objects.visible_to(self.actor).filter(interaction_id=self.instance.pk)
            stored = {row.organization_id: row for row in rows}
        partners = self.cleaned_data.get("organizations", self.initial.get("organizations")) or []
        for organization in partners if value else []:
            row = stored.pop(organization.pk, None) or Strength(
                organization=organization, interaction=self.instance, author_id=self.actor.user_id
            )
            row.value, row.day = value, self.instance.day
            row.save()
        for row in stored.values():
            row.delete()


class LogInteraction(ChangeInteraction):
    """Log a meeting, add whom it names anew, and make a follow-up of its next step."""

    action = Action.LOG
    did = gettext_lazy("Logged a meeting")
    new_organization = forms.CharField(
        label=gettext_lazy("New organization"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Not in the list yet: it is added with this meeting."),
    )
    new_organization_state = one_of(State, label=gettext_lazy("Its state"))
    new_contact = forms.CharField(
        label=gettext_lazy("New person"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Not in the list yet: added with this meeting, at this organization."
        ),
    )
    next_step = forms.CharField(
        label=gettext_lazy("Next step"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Becomes a follow-up for you."),
        widget=forms.TextInput({"data-optional": "quiet"}),
    )
    next_due = forms.DateField(label=gettext_lazy("Due"), required=False, widget=Due())

    def clean(self):
        if not self.cleaned_data.get("organizers") and "organizers" not in self.errors:
            self.cleaned_data["organizers"] = [self._me()] if self.actor.user_id else []
        return super().clean()

    def choices(self, name, model):
        rows = super().choices(name, model)
        if name == "new_organization_state" and not self.actor.everywhere:
            return _states_of(self.actor.rights)  # it must be seen by who adds it
        return rows

    def _me(self) -> User:
        if not hasattr(self, "_myself"):
            offered = self.fields["organizers"].look_up([self.actor.user_uid])
            [self._myself] = offered.values()
        return self._myself

    def _names_nobody(self) -> bool:
        new = (self.cleaned_data.get(n) for n in ("new_organization", "new_contact"))
        return not any(new) and super()._names_nobody()

    def apply(self):
        interaction = self.instance
        interaction.author_id = self.actor.user_id
        if "affiliate" not in self.data and not interaction.affiliate_id:
            interaction.affiliate_id = self._my_affiliate()
        if name := self.cleaned_data.get("new_organization"):
            self.cleaned_data["organizations"] = [
                *self.cleaned_data["organizations"],
                self._new_organization(name),
            ]
        if name := self.cleaned_data.get("new_contact"):
            self.cleaned_data["contacts"] = [
                *self.cleaned_data["contacts"],
                self._new_contact(name),
            ]
        super().apply()
        if title := self.cleaned_data.get("next_step"):
            self._follow_up(title)
        return interaction

    def _my_affiliate(self) -> int | None:
        if not hasattr(self, "_affiliate_id"):
            found = _works_for(self.actor.rights).of([self.actor.user_id])
            self._affiliate_id = found[0][0] if found else None
        return self._affiliate_id

    def _new_organization(self, name: str) -> Organization:
        self._may_write("new_organization")
        organization = Organization(name=name, author_id=self.actor.user_id)
        organization.save()
        state = self.cleaned_data.get("new_organization_state")
        state_id = state.pk if state else self.actor.home_id
        Location(organization=organization, state_id=state_id, is_main=True).save()
        stage = Stage.objects.filter(code=FIRST_STAGE).first()
        if stage:
            put_into(organization, stage, self.actor)
        give_to(organization, self.actor.user_id, self.actor)
        return organization

    def _new_contact(self, name: str) -> Contact:
        self._may_write("new_contact")
        contact = Contact(
            name=name, author_id=self.actor.user_id, visibility=self.cleaned_data["visibility"]
        )
        contact.save()
        if partners := self.cleaned_data["organizations"]:
            Affiliation(contact=contact, organization=partners[0], is_primary=True).save()
        return contact

    def _may_write(self, name: str) -> None:
        if not self.actor.may(Action.WRITE):
            self.add_error(name, _("Your role does not add partners or people."))
            raise ValidationError(self.errors.as_data())

    def _follow_up(self, title: str) -> None:
        interaction = self.instance
        partners, people = self.cleaned_data["organizations"], self.cleaned_data["contacts"]
        about = partners[0] if partners else people[0]
        Task(
            title=title,
            owner_id=self.actor.user_id,
            author_id=self.actor.user_id,
            due=self.cleaned_data["next_due"] or self.actor.today() + timedelta(days=7),
            about_kind=about._meta.model_name,
            about=about.uid,
            made_in=interaction.uid,
        ).save()


@lru_cache(maxsize=256)
def _states_of(rights: Rights):
    """The states of somebody's areas, to be narrowed further: nobody iterates it."""
    return State.objects.offered().filter(pk__in=rights.state_ids)


@lru_cache(maxsize=256)
def _works_for(rights: Rights) -> ByValues:
    """The affiliate that a user works for now."""
    now = Employment.objects.visible_to(rights).filter(end__isnull=True).order_by("pk")
    return ByValues(now.values_list("affiliate_id"), "user")


class DeleteInteraction(Deletion):
    """Take a meeting out; what it counted for is settled again. Brought back for 30 days."""

    action = Action.EDIT_MEETING
    did = gettext_lazy("Deleted a meeting")

    class Meta:
        model = Interaction
        fields = ()


class CancelInteraction(Command):
    """Say that a planned meeting did not happen."""

    action = Action.EDIT_MEETING
    did = gettext_lazy("Said that a meeting did not happen")

    class Meta:
        model = Interaction
        fields = ()

    def apply(self):
        if self.instance.status != Interaction.Status.PLANNED:
            raise Refused(_("This meeting is not planned any more. Nothing changed."))
        self.instance.status = Interaction.Status.CANCELLED
        self.instance.save()
        return self.instance
