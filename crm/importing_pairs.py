"""Rows that hold an organization and a person who belongs to it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy

from crm import models
from crm.importing import Organizations, People
from crm.importing_words import OF_MEMBERS, offered
from lists.import_kinds import KINDS, GuestKind, PairKind


@dataclass(frozen=True, slots=True)
class Tie:
    """That a person belongs to the organization of a row, whatever that becomes."""

    number: int
    role: str


class Members(People, GuestKind):
    """The people of such rows: as any, but their organization is that of the row."""

    adds = (*People.adds, "partner")
    parts = (*People.parts, ("partner", models.Affiliation, ("organization__uid",)))

    def make_targets(self):
        mine = super().make_targets()
        kept = [target for target in mine if target.name not in ("organization", "state")]
        return offered(kept, OF_MEMBERS, self.actor)

    def hang(self, row):
        role = row.values.pop("role", [""])[0]
        row.values["partner"] = [Tie(row.number, role)]

    def partner_of(self, tie: Tie) -> UUID | None:
        """The organization that is there for the tie; None before it is."""
        entry = self.host(tie.number)
        return entry and (entry.same or entry.uid)

    def key_of(self, name, value):
        if isinstance(value, Tie):
            entry = self.host(value.number)
            return self.partner_of(value) or (entry.first if entry else value.number)
        return super().key_of(name, value)

    def keys(self, row):
        name = models.Contact._meta.get_field("sort_name").clip(row.values["name"][0])
        tie = row.values["partner"][0]
        entry = self.host(tie.number)
        by_email = [
            ("email", address, who) for who in (name, "") for address in row.values.get("email", ())
        ]
        return [*by_email, ("name", name, entry.first if entry else tie.number, None)]

    def find(self, keys):
        """As among all people; who belongs to an organization that is not there yet is new."""
        asked = {key: key for key in keys if key[0] == "email"}
        tied = {key: self.partner_of(Tie(key[2], "")) for key in keys - asked.keys()}
        self._know_partners({partner for partner in tied.values() if partner})
        for key, partner in tied.items():
            if partner in self.partner_ids:
                asked[key] = ("name", key[1], self.partner_ids[partner], None)
        found = super().find(set(asked.values()))
        return {key: found[real] for key, real in asked.items() if real in found}

    def partner_uids(self, values):
        found = [self.partner_of(tie) for tie in values.get("partner", ())]
        return [uid for uid in found if uid]

    def remark(self, entry, row):
        return self.another_name(entry, row)

    def ties(self, values, same=None):
        partners: dict[UUID, str] = {}
        for tie in values.get("partner", ()):
            if partner := self.partner_of(tie):
                partners.setdefault(partner, tie.role)
        return [
            {"organization": str(uid), "role": role, "is_primary": "" if same or number else "on"}
            for number, (uid, role) in enumerate(partners.items())
        ]


class OrganizationsAndPeople(PairKind):
    """Each row gives a partner, and a person who belongs to it."""

    name = "both"
    label = gettext_lazy("Organizations, each with a person")
    sides = (Organizations, Members)
    prefix: ClassVar[str] = "person."


def register() -> None:
    """Offer what of this app can be imported."""
    KINDS.update((kind.name, kind) for kind in (Organizations, People, OrganizationsAndPeople))
