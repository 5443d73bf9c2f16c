"""The commands of an import: as the Add commands, with the right to import."""

from access.recording import Stale, current
from access.roles import Action
from crm.commands.contact import AddContact
from crm.commands.organization import AddOrganization
from crm.models import Contact, Organization
from lists.cleaning import ManyLines, ManyRows


class ImportOrganization(ManyRows, AddOrganization):
    """Add a partner out of a list."""

    action = Action.IMPORT
    parent = stage = owner = names = None  # no list says these
    locations, phones, emails, websites, languages, tags, external_ids = (
        ManyLines.like(AddOrganization.base_fields[name])
        for name in (
            "locations",
            "phones",
            "emails",
            "websites",
            "languages",
            "tags",
            "external_ids",
        )
    )

    class Meta(AddOrganization.Meta):
        fields = ("name", "kind", "note")


class ImportContact(ManyRows, AddContact):
    """Add a person out of a list."""

    action = Action.IMPORT
    member_affiliate = None
    affiliations, emails, phones, languages = (
        ManyLines.like(AddContact.base_fields[name])
        for name in ("affiliations", "emails", "phones", "languages")
    )

    class Meta(AddContact.Meta):
        fields = ("name", "state")


class Complete(ManyRows):
    """Add lines to a row that is there already; nothing that it has is changed.

    Only for `many`: each row of data names its row of the database as `same`, by uid.
    """

    action = Action.IMPORT

    def _know(self, rows):
        super()._know(rows)
        found = self.rows.filter(uid__in=[row["same"] for row in rows])
        self.there = {row.uid: row for row in found}

    def _rebind(self, values):
        super()._rebind(values)
        if values["same"] not in self.there:
            raise Stale
        self.instance = self.there[values["same"]]

    def apply(self):
        self.save_related()  # as for a new row: lines are added, none is taken away
        current().bump(self.instance)
        return self.instance


class CompleteOrganization(Complete):
    """Add to a partner the phones, addresses and words that a list has and it lacks."""

    locations, phones, emails, websites, languages, tags = (
        ImportOrganization.base_fields[name]
        for name in ("locations", "phones", "emails", "websites", "languages", "tags")
    )

    class Meta:
        model = Organization
        fields = ()


class CompleteContact(Complete):
    """Add to a person what a list has and she lacks: phones, e-mails, languages, ties."""

    affiliations, emails, phones, languages = (
        ImportContact.base_fields[name]
        for name in ("affiliations", "emails", "phones", "languages")
    )

    class Meta:
        model = Contact
        fields = ()
