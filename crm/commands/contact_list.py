from django import forms
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.commands import Command
from access.deleting import Deletion
from access.fields import many_of, one_of
from access.roles import Action
from access.scope import Visibility
from crm.commands.widgets import bar, picker
from crm.models import Contact, ContactList, ContactListMember
from lists.models import SavedView

PEOPLE = "people"  # the list whose views feed contact lists
ON_LIST = "list"  # its filter for a contact list
MOST = 10_000  # people on one list


def may_change(actor, row: ContactList) -> bool:
    """Whether the actor may rename, share or delete a list: her own; a shared one also who assigns
    work to others.
    """
    if not actor.may(Action.SHARE):
        return False
    return row.owner_id == actor.user_id or (row.is_shared and actor.may(Action.ASSIGN))


def may_fill(actor, row: ContactList) -> bool:
    """Whether the actor may put people on a list that she sees, and take them off."""
    return actor.may(Action.SHARE) and not row.is_live


class AddContactList(Command):
    """Make a list of people: kept by hand, or fed by a view. One's own until it is shared."""

    action = Action.SHARE
    did = gettext_lazy("Made a contact list")
    fed_by = one_of(
        SavedView,
        label=gettext_lazy("Fed by a view"),
        empty_label=gettext_lazy("No: people are put on it by hand"),
        help_text=gettext_lazy(
            "Then it holds whom the view of People shows on the day it is read, and nobody is put "
            "on it by hand."
        ),
    )

    class Meta:
        model = ContactList
        fields = ("name", "description", "visibility")
        widgets = {"visibility": bar(), "description": forms.Textarea({"rows": 2})}

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if "visibility" in self.fields:
            self.fields["visibility"].required = False
            self.fields["visibility"].widget.attrs["data-optional"] = "quiet"
            self.fields["visibility"].help_text = _(
                "A shared list is seen and filled by who works in one of your areas. Each sees on "
                "it the people that she may see anyway, and does not learn of others."
            )

    def choices(self, name, model):
        rows = super().choices(name, model)
        return rows.filter(page=PEOPLE) if model is SavedView else rows

    def clean_visibility(self):
        return self.cleaned_data["visibility"] or self.instance.visibility

    def clean(self):
        cleaned = super().clean()
        view = cleaned.get("fed_by")
        if view is not None and ON_LIST in view.query:
            self.add_error("fed_by", _("This view asks for a contact list itself. Choose another."))
        elif view and not view.is_shared and self.value("visibility") == Visibility.TEAM:
            self.add_error(
                "fed_by",
                _("This view is yours alone. Share it first, or keep the list to yourself."),
            )
        return cleaned

    def apply(self):
        if self.adding:
            self.instance.owner_id = self.actor.user_id
        if "fed_by" in self.cleaned_data:
            view = self.cleaned_data["fed_by"]
            self.instance.view = view.uid if view else None
        self.instance.save()
        return self.instance


class ChangeContactList(AddContactList):
    """Rename a list, share it, or let another view feed it."""

    did = gettext_lazy("Changed a contact list")

    def __init__(self, actor, data=None, files=None, **kwargs):
        super().__init__(actor, data, files, **kwargs)
        if self.instance.owner_id != actor.user_id:
            self.fields.pop("visibility", None)
        if not self.instance.is_live:  # it may hold people, who would be lost from sight
            self.fields.pop("fed_by", None)
        elif "fed_by" in self.fields:
            field = self.fields["fed_by"]
            field.required, field.empty_label = True, _("Choose")
            rows = self.choices("fed_by", SavedView)
            self.initial["fed_by"] = rows.filter(uid=self.instance.view).first()
            field.choose(self._typed("fed_by"))

    def allow(self):
        super().allow()
        if not self.adding and not may_change(self.actor, self.instance):
            raise PermissionDenied


class DeleteContactList(Deletion):
    """Take a list away. The people stay; undone for 30 days."""

    action = Action.SHARE
    did = gettext_lazy("Deleted a contact list")

    class Meta:
        model = ContactList
        fields = ()

    def allow(self):
        super().allow()
        if not self.adding and not may_change(self.actor, self.instance):
            raise PermissionDenied


class _Fills(Command):
    """What commands share that put people on a list."""

    def put(self, contact_list: ContactList, contacts: list[Contact]) -> list[ContactListMember]:
        """Put on the list those of the people who are not on it."""
        if not hasattr(self, "_on"):
            rows = ContactListMember.objects.visible_to(self.actor).filter(
                contact_list=contact_list.pk
            )
            self._on = set(rows.values_list("contact_id", flat=True))
        new = []
        for contact in contacts:
            if contact.pk not in self._on:
                self._on.add(contact.pk)
                row = ContactListMember(contact_list=contact_list, contact=contact)
                row.author_id = self.actor.user_id
                row.save()
                new.append(row)
        return new


class FillContactList(_Fills):
    """Put people on a list by hand. Who is on it already stays as she is."""

    action = Action.SHARE
    did = gettext_lazy("Put people on a contact list")
    contacts = many_of(
        Contact,
        required=True,
        label=gettext_lazy("People"),
        widget=picker("people", many=True),
    )

    class Meta:
        model = ContactList
        fields = ()

    def allow(self):
        super().allow()
        if not self.adding and not may_fill(self.actor, self.instance):
            raise PermissionDenied

    def apply(self):
        new = self.put(self.instance, self.cleaned_data["contacts"])
        return new[-1] if new else self.instance


class PutOnContactList(_Fills):
    """Put a person on a list that is kept by hand."""

    action = Action.SHARE
    did = gettext_lazy("Put somebody on a contact list")
    contact_list = one_of(ContactList, required=True, label=gettext_lazy("Contact list"))

    class Meta:
        model = Contact
        fields = ()

    def choices(self, name, model):
        rows = super().choices(name, model)
        return rows.filter(view__isnull=True) if model is ContactList else rows

    def apply(self):
        new = self.put(self.cleaned_data["contact_list"], [self.instance])
        return new[0] if new else self.instance


class TakeOffContactList(Command):
    """Take a person off a list that is kept by hand. She stays a person that we know."""

    action = Action.SHARE
    did = gettext_lazy("Took somebody off a contact list")

    class Meta:
        model = ContactListMember
        fields = ()

    def apply(self):
        self.instance.delete()
        return self.instance
