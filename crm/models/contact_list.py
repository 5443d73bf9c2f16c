from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import User
from access.records import Record
from access.scope import scoped
from crm.models.contact import Contact
from lists.folding import FoldedField
from lists.models import Owned


class ContactList(Owned):
    """A named list of people: kept by hand, or fed by a saved view of the list of people.

    A view is named by its uid and not by a key: nobody's list keeps another from deleting a view.
    """

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("what it is for"), max_length=300, blank=True)
    view = models.UUIDField(null=True, editable=False)
    sort_name = FoldedField()

    class Meta:
        verbose_name = _("contact list")
        verbose_name_plural = _("contact lists")
        indexes: ClassVar = [models.Index(fields=["sort_name", "uid"])]

    def __str__(self):
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether a view feeds it, so that nobody is put on it by hand."""
        return self.view is not None

    def prepare(self):
        self.sort_name = self._meta.get_field("sort_name").clip(self.name)


class ContactListMember(Record):
    """A person on a list that is kept by hand. Seen by who sees both."""

    contact_list = models.ForeignKey(
        ContactList,
        on_delete=models.PROTECT,
        related_name="members",
        verbose_name=_("contact list"),
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="list_members", verbose_name=_("person")
    )
    author = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    seen_through = ("contact_list", "contact")
    part_of = ("contact_list", "contact")
    objects = scoped()

    class Meta:
        verbose_name = _("person on a contact list")
        verbose_name_plural = _("people on contact lists")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contact_list", "contact"], name="on_a_list_once")
        ]

    def __str__(self):
        return str(self.contact_id)
