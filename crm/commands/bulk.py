"""Changes that are made to many rows at once: one field, the same for all of them."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.fields import one_of
from access.models import User
from access.roles import Action
from crm.commands.contact_list import PutOnContactList
from crm.commands.organization import give_to, put_into
from crm.models import Affiliation, Contact, Organization, Stage, Tag
from lists.folding import fold


class AssignOwner(Command):
    """Make a colleague the owner of a partner, from today on; or nobody."""

    action = Action.BULK
    did = gettext_lazy("Assigned an owner")
    nobody = forms.BooleanField(required=False, label=gettext_lazy("Take the owner away"))
    owner = one_of(User, label=gettext_lazy("Owner"), empty_label=gettext_lazy("Choose"))

    class Meta:
        model = Organization
        fields = ()

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        for name in ("owner", "nobody"):  # one of the two is asked for
            self.fields[name].widget.attrs["data-optional"] = "quiet"

    def clean_owner(self):
        owner = self.cleaned_data["owner"]
        if owner is None and not self.cleaned_data.get("nobody"):
            words = _("Choose the owner, or tick that it is taken away. Nothing was changed.")
            raise ValidationError(words)
        if owner is not None and self.cleaned_data.get("nobody"):
            words = _("An owner is chosen and taken away: do one of the two. Nothing was changed.")
            raise ValidationError(words)
        return owner

    def apply(self):
        owner = self.cleaned_data["owner"]
        if (owner.pk if owner else None) != self.instance.owner_id:
            give_to(self.instance, owner.pk if owner else None, self.actor)
        return self.instance

    def _read(self, name, form_field):
        """Starts empty: the rows have different owners."""


class SetStage(Command):
    """Put a partner into a stage, from today on."""

    action = Action.BULK
    did = gettext_lazy("Set a stage")
    stage = one_of(Stage, required=True, label=gettext_lazy("Stage"))

    class Meta:
        model = Organization
        fields = ()

    def apply(self):
        stage = self.cleaned_data["stage"]
        if stage.pk != self.instance.stage_id:
            put_into(self.instance, stage, self.actor)
        return self.instance

    def _read(self, name, form_field):
        """Starts empty: the rows are in different stages."""


class AddTag(Command):
    """Put a tag on a partner, unless it is there. Accents and case make no other tag."""

    action = Action.BULK
    did = gettext_lazy("Added a tag")
    tag = forms.CharField(max_length=60, label=gettext_lazy("Tag"))

    class Meta:
        model = Organization
        fields = ()

    def clean_tag(self):
        tag = " ".join(self.cleaned_data["tag"].split())
        if not fold(tag):
            raise ValidationError(_("A tag has at least one letter or digit."))
        return tag

    def stored(self) -> list[Tag]:
        """The tags of the partner that say the same."""
        same = Tag._meta.get_field("sort_name").clip(self.cleaned_data["tag"])
        tags = Tag.objects.visible_to(self.actor)
        return list(tags.filter(organization=self.instance.pk, sort_name=same))

    def apply(self):
        if not self.stored():
            Tag(organization=self.instance, name=self.cleaned_data["tag"]).save()
        return self.instance


class RemoveTag(AddTag):
    """Take a tag off a partner, however its accents and case are written."""

    did = gettext_lazy("Removed a tag")

    def apply(self):
        for tag in self.stored():
            tag.delete()
        return self.instance


class PutPeopleOnContactList(PutOnContactList):
    """Put the people who belong to a partner today on a list that is kept by hand."""

    did = gettext_lazy("Put people of a partner on a contact list")

    class Meta:
        model = Organization
        fields = ()

    def apply(self):
        ties = Affiliation.objects.visible_to(self.actor).current(self.actor.today())
        ties = ties.filter(organization=self.instance.pk)
        people = Contact.objects.visible_to(self.actor).filter(pk__in=ties.values("contact_id"))
        new = self.put(self.cleaned_data["contact_list"], list(people))
        return new[-1] if new else self.instance
