from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import lines_of, many_of, one_of
from access.models import State, User
from access.recording import Refused
from access.roles import Action
from crm.commands.widgets import chips, one_chip, picker, words
from crm.models import (
    STRENGTHS,
    Community,
    ExternalId,
    FocusArea,
    Language,
    Location,
    Organization,
    OrganizationCommunity,
    OrganizationEmail,
    OrganizationFocusArea,
    OrganizationKind,
    OrganizationLanguage,
    OrganizationName,
    OrganizationPhone,
    OwnerSince,
    Stage,
    StageSince,
    Strength,
    Tag,
    Website,
)
from lists.folding import fold

FIRST_STAGE = "identified"


def give_to(partner: Organization, owner_id: int | None, actor) -> None:
    """Make a user the owner of a partner from today on, as the actor's doing; None: nobody."""
    OwnerSince(
        organization=partner, owner_id=owner_id, day=actor.today(), author_id=actor.user_id
    ).save()


def put_into(partner: Organization, stage: Stage, actor) -> None:
    """Put a partner into a stage from today on, as the actor's doing."""
    StageSince(organization=partner, stage=stage, day=actor.today(), author_id=actor.user_id).save()


class AddOrganization(Command):
    """Add a community partner, with its names, places, phones and communities."""

    action = Action.WRITE
    did = gettext_lazy("Added an organization")
    kind = one_of(OrganizationKind, label=gettext_lazy("Kind"))
    parent = one_of(Organization, label=gettext_lazy("Part of"), widget=picker("organizations"))
    communities = many_of(
        Community,
        OrganizationCommunity,
        label=gettext_lazy("Communities"),
        help_text=gettext_lazy("Whom the organization serves."),
        widget=chips(),
    )
    focus_areas = many_of(
        FocusArea, OrganizationFocusArea, label=gettext_lazy("Focus areas"), widget=chips()
    )
    stage = one_of(Stage, label=gettext_lazy("Stage"))
    owner = one_of(
        User,
        label=gettext_lazy("Owner"),
        widget=picker("colleagues"),
        help_text=gettext_lazy("The organizer responsible for the relationship."),
    )
    locations = lines_of(
        Location,
        ["kind", "street", "city", "state", "zip", "country", "is_main"],
        chooses={"state": one_of(State, label=gettext_lazy("State"))},
        label=gettext_lazy("Addresses"),
    )
    phones = lines_of(OrganizationPhone, ["number", "label"], label=gettext_lazy("Phones"))
    emails = lines_of(OrganizationEmail, ["email", "label"], label=gettext_lazy("E-mail addresses"))
    websites = lines_of(Website, ["url"], label=gettext_lazy("Websites"))
    languages = lines_of(
        OrganizationLanguage,
        ["language", "note"],
        chooses={"language": one_of(Language, required=True, label=gettext_lazy("Language"))},
        label=gettext_lazy("Languages"),
    )
    names = lines_of(OrganizationName, ["name", "kind"], label=gettext_lazy("Other names"))
    tags = lines_of(Tag, ["name"], label=gettext_lazy("Tags"))
    external_ids = lines_of(
        ExternalId, ["scheme", "value"], label=gettext_lazy("Numbers in other registers")
    )

    class Meta:
        model = Organization
        fields = (
            "name",
            "kind",
            "parent",
            "scope",
            "service_area",
            "quiet_after_days",
            "protocol_note",
            "they_bring",
            "they_want",
            "we_bring",
            "we_want",
            "note",
        )
        widgets = {
            "protocol_note": words(),
            "they_bring": words(2),
            "they_want": words(2),
            "we_bring": words(2),
            "we_want": words(2),
            "note": words(),
        }

    def choices(self, name, model):
        rows = super().choices(name, model)
        if name == "owner" and not self.actor.may(Action.ASSIGN):
            rows = rows.filter(pk=self.actor.user_id)
        if name == "parent" and self.instance.pk:
            rows = rows.exclude(pk=self.instance.pk)
        return rows

    def clean_languages(self):
        return self._once("languages", "language")

    def clean_tags(self):
        return self._once("tags", "name")

    def _once(self, name: str, column: str):
        """The lines without those that say the same a second time."""
        seen, kept = set(), []
        for uid, line in self.cleaned_data[name]:
            value = line[column]
            same = fold(value) if isinstance(value, str) else value
            if same not in seen:
                seen.add(same)
                kept.append((uid, line))
        return kept

    def clean_parent(self):
        parent, seen = self.cleaned_data.get("parent"), {self.instance.pk}
        row = parent
        while row is not None and self.instance.pk:
            if row.pk in seen:
                raise ValidationError(_("An organization cannot be part of its own branch."))
            seen.add(row.pk)
            row = self.rows.filter(pk=row.parent_id).first() if row.parent_id else None
        return parent

    def apply(self):
        organization = self.instance
        if self.adding:
            organization.author_id = self.actor.user_id
        hidden_parent = (
            not self.adding
            and self.initial.get("parent") is None
            and organization.parent_id is None
        )
        if hidden_parent and not self.cleaned_data.get("parent"):
            organization.parent_id = organization._loaded[
                "parent_id"
            ]  # one that the actor cannot see stays
        super().apply()
        self._keep_owner()
        self._keep_stage()
        return organization

    def _keep_owner(self) -> None:
        owner = self.cleaned_data.get("owner")
        before = None if self.adding else self.instance.owner_id
        if "owner" in self.cleaned_data and (owner.pk if owner else None) != before:
            give_to(self.instance, owner.pk if owner else None, self.actor)

    def _keep_stage(self) -> None:
        stage = self.cleaned_data.get("stage")
        if self.adding and stage is None:
            stage = self._first_stage()
        if stage and (self.adding or stage.pk != self.instance.stage_id):
            put_into(self.instance, stage, self.actor)

    def _first_stage(self) -> Stage | None:
        if not hasattr(self, "_identified"):
            self._identified = Stage.objects.filter(code=FIRST_STAGE).first()
        return self._identified


class ChangeOrganization(AddOrganization):
    """Change a partner. Fields that are not sent stay as they are."""

    did = gettext_lazy("Changed an organization")

    def choices(self, name, model):
        rows = super().choices(name, model)
        if name == "owner" and self._is_anothers():
            rows = User.objects.filter(pk=self.instance.owner_id)
        return rows

    def _is_anothers(self) -> bool:
        """Whether somebody else owns the partner, and the actor may not assign owners.

        The owner reads what is restricted, so nobody takes a partner away from her.
        """
        held = self.instance.owner_id
        mine = self.actor.may(Action.ASSIGN) or held == self.actor.user_id
        return held is not None and not mine

    def clean_owner(self):
        owner = self.cleaned_data["owner"]
        if self._is_anothers() and (owner is None or owner.pk != self.instance.owner_id):
            raise ValidationError(_("Only who assigns owners gives this partner to another."))
        return owner

    def _read(self, name, form_field):
        super()._read(name, form_field)
        if name == "owner":
            form_field.fill(self.choices(name, User))


class ConfirmOwner(Command):
    """Let an owner who took a partner over by herself read what is restricted about it."""

    action = Action.ASSIGN
    did = gettext_lazy("Confirmed an owner")

    class Meta:
        model = Organization
        fields = ()

    def apply(self):
        partner = self.instance
        if partner.owner_id is None or partner.owner_id == partner.confirmed_owner_id:
            raise Refused(_("There is nothing to confirm here any more. Nothing changed."))
        if partner.owner_id == self.actor.user_id:
            raise Refused(_("Somebody else confirms what is yours. Nothing changed."))
        give_to(partner, partner.owner_id, self.actor)
        return partner


class DeleteOrganization(Deletion):
    """Take a partner out. Refused while meetings or people hang on it; brought back for 30 days."""

    action = Action.DELETE
    did = gettext_lazy("Deleted an organization")

    class Meta:
        model = Organization
        fields = ()


class JudgeStrength(Command):
    """Say how strong the relationship is today."""

    action = Action.LOG
    did = gettext_lazy("Judged a strength")
    value = forms.TypedChoiceField(
        label=gettext_lazy("Strength"),
        coerce=int,
        choices=STRENGTHS,
        widget=one_chip(),
    )

    class Meta:
        model = Organization
        fields = ()

    def apply(self):
        Strength(
            organization=self.instance,
            value=self.cleaned_data["value"],
            day=self.actor.today(),
            author_id=self.actor.user_id,
        ).save()
        return self.instance
