"""How a row of a list becomes an organization or a person, and when it is one that is there."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import models
from crm.alike import people_like
from crm.cells import (
    COMMAS,
    PROSE,
    SEMICOLONS,
    Places,
    country,
    emails,
    same_phone,
    same_tag,
    same_website,
    tags,
    websites,
    words,
)
from crm.commands.importing import (
    CompleteContact,
    CompleteOrganization,
    ImportContact,
    ImportOrganization,
)
from crm.importing_there import held, with_uids
from crm.importing_values import first, lines
from crm.importing_words import CALLED, OF_PEOPLE, offered
from lists.folding import fold
from lists.import_kinds import Entry, ImportKind, Row
from lists.mapping import Target, as_written, one_line, pieces


class Organizations(ImportKind):
    """Partners: the same folded name in the same state is one."""

    name = "organizations"
    label = gettext_lazy("Organizations")
    add, complete = ImportOrganization, CompleteOrganization
    adds = ("phone", "address", "email", "website", "language", "tag")
    parts = (
        ("phone", models.OrganizationPhone, ("number",)),
        ("address", models.Location, ("street", "city", "state__code", "zip", "country")),
        ("email", models.OrganizationEmail, ("email",)),
        ("website", models.Website, ("url",)),
        ("language", models.OrganizationLanguage, ("language__code",)),
        ("tag", models.Tag, ("name",)),
    )

    def make_targets(self):
        self.places = Places(self.actor)
        language = words(models.Language, "own_name")
        focus = words(models.FocusArea)
        community = words(models.Community, "short", "short_es")
        targets = [
            Target("name", gettext_lazy("Name"), one_line, longest=200),
            Target("kind", gettext_lazy("Kind"), words(models.OrganizationKind).one),
            Target("street", gettext_lazy("Street"), one_line, joined=", ", longest=200),
            Target("city", gettext_lazy("City"), one_line, longest=100),
            Target("state", gettext_lazy("State"), self.places.read),
            Target("zip", gettext_lazy("ZIP or postal code"), one_line, longest=12),
            Target("country", gettext_lazy("Country"), country, longest=60),
            Target(
                "phone",
                gettext_lazy("Phone"),
                pieces(SEMICOLONS),
                several=True,
                longest=40,
                key=same_phone,
            ),
            Target("email", gettext_lazy("E-mail"), emails, several=True, key=str.casefold),
            Target("website", gettext_lazy("Website"), websites, several=True, key=same_website),
            Target(
                "language",
                gettext_lazy("Language"),
                language.several(PROSE),
                several=True,
                marks=True,
            ),
            Target(
                "community",
                gettext_lazy("Community"),
                community.several(COMMAS),
                several=True,
                marks=True,
            ),
            Target(
                "focus_area",
                gettext_lazy("Focus area"),
                focus.several(COMMAS),
                several=True,
                marks=True,
            ),
            Target(
                "tag", gettext_lazy("Tag"), tags, several=True, longest=60, marks=True, key=same_tag
            ),
            Target(
                "external_id",
                gettext_lazy("Number in another register"),
                pieces(SEMICOLONS),
                several=True,
                longest=80,
            ),
            Target("note", gettext_lazy("Note"), as_written, joined="\n"),
        ]
        return offered(targets, CALLED, self.actor)

    def resolve(self, rows, note):
        for row in rows:
            row.aside = self.places.outside_areas(row.values)
            names = ("street", "city", "state", "zip", "country")
            place = tuple(row.values.get(name, [""])[0] for name in names)
            for name in names:
                if name != "state":
                    row.values.pop(name, None)
            if any(place):
                row.values["address"] = [place]

    def keys(self, row):
        return [
            (
                "name",
                _sorted(models.Organization, row.values["name"][0]),
                self.places.id_of(row.values),
            )
        ]

    def find(self, keys):
        found: dict[tuple, int] = {}
        there = models.Organization.objects.visible_to(self.actor)
        there = there.filter(sort_name__among={name for _kind, name, _state in keys})
        for name, home, pk in there.order_by("pk").values_list("sort_name", "home_id", "pk"):
            if ("name", name, home) in keys:
                found.setdefault(("name", name, home), pk)
        return with_uids(models.Organization, self.actor, found)

    def held(self, uids):
        return held(self, models.Organization, "organization_id", uids)

    def key_of(self, name, value):
        if name == "address":
            return tuple(fold(part or "") for part in value)
        return super().key_of(name, value)

    def holds(self, name, held, key):
        """An address that says no more than one that is there is not another address."""
        if name == "address":
            return any(all(n in ("", h) for n, h in zip(key, one, strict=True)) for one in held)
        return super().holds(name, held, key)

    def data(self, values, same=None):
        address = [
            {
                "kind": "physical",
                "street": street,
                "city": city,
                "state": state,
                "zip": zip_code,
                "country": abroad,
                "is_main": same is None and number == 0,
            }
            for number, (street, city, state, zip_code, abroad) in enumerate(
                values.get("address", ())
            )
        ]
        return {
            "same": same,
            "name": first(values, "name"),
            "kind": first(values, "kind"),
            "note": first(values, "note"),
            "communities": values.get("community", []),
            "focus_areas": values.get("focus_area", []),
            "locations": address,
            "phones": lines(values, "phone", "number"),
            "emails": lines(values, "email", "email"),
            "websites": lines(values, "website", "url"),
            "languages": lines(values, "language", "language"),
            "tags": lines(values, "tag", "name"),
            "external_ids": lines(values, "external_id", "value"),
        }


class People(ImportKind):
    """People: the same e-mail is one person, else the same name in the same organization."""

    name = "people"
    label = gettext_lazy("People")
    of_people = True
    add, complete = ImportContact, CompleteContact
    adds = ("email", "phone", "language")
    parts = (
        ("email", models.ContactEmail, ("email",)),
        ("phone", models.ContactPhone, ("number",)),
        ("language", models.ContactLanguage, ("language__code",)),
    )

    def make_targets(self):
        self.places = Places(self.actor)
        self.partner_ids: dict[UUID, int] = {}  # of the organizations that rows name
        language = words(models.Language, "own_name")
        targets = [
            Target("name", gettext_lazy("Name"), one_line, joined=" ", longest=200),
            Target("organization", gettext_lazy("Organization"), one_line, longest=200),
            Target("role", gettext_lazy("Role"), one_line, joined=", ", longest=100),
            Target("email", gettext_lazy("E-mail"), emails, several=True, key=str.casefold),
            Target(
                "phone",
                gettext_lazy("Phone"),
                pieces(SEMICOLONS),
                several=True,
                longest=40,
                key=same_phone,
            ),
            Target(
                "language",
                gettext_lazy("Language"),
                language.several(PROSE),
                several=True,
                marks=True,
            ),
            Target("state", gettext_lazy("State"), self.places.read),
        ]
        return offered(targets, OF_PEOPLE, self.actor)

    def key_of(self, name, value):
        return value if name == "partner" else super().key_of(name, value)

    def resolve(self, rows, note):
        partners = self._partners(
            {name for row in rows for name in row.values.get("organization", ())}
        )
        for row in rows:
            if "state" in row.values:
                row.aside = self.places.outside_areas(row.values)
            if row.aside is None and "organization" in row.values:
                self._find_partner(row, partners, note)

    def _partners(self, names: Iterable[str]) -> dict[str, list[tuple[int, UUID]]]:
        """(state, uid) of the organizations of each name, among what the actor sees."""
        found = defaultdict(list)
        wanted = {name: _sorted(models.Organization, name) for name in names}
        there = models.Organization.objects.visible_to(self.actor)
        there = there.filter(sort_name__among=set(wanted.values()))
        columns = ("pk", "sort_name", "home_id", "uid")
        for pk, name, home, uid in there.order_by("pk").values_list(*columns):
            found[name].append((home, uid))
            self.partner_ids[uid] = pk
        return {name: found[folded] for name, folded in wanted.items() if folded in found}

    def _find_partner(self, row: Row, partners, note) -> None:
        text = row.values["organization"][0]
        there = partners.get(text, [])
        state = self.places.id_of(row.values) if "state" in row.values else None
        here = [uid for home, uid in there if home == state]
        if here or len(there) == 1:
            row.values["partner"] = [here[0] if here else there[0][1]]
            return
        message = _("You see no organization of this name. The person comes in without.")
        if there:
            message = _("Several have this name: map the state too. The person comes in without.")
        note.note(row.number, "organization", text, message)

    def keys(self, row):
        name = _sorted(models.Contact, row.values["name"][0])
        addresses = row.values.get("email", ())
        found = [("email", address, who) for who in (name, "") for address in addresses]
        if partner := row.values.get("partner"):
            return [*found, ("name", name, self.partner_ids[partner[0]], None)]
        organization = fold(first(row.values, "organization"))
        if found and not organization:  # two of one name are told apart by their e-mails
            return found
        state = self.places.id_of(row.values) if "state" in row.values else None
        return [*found, ("name", name, organization, state)]

    def find(self, keys):
        found = self._by_email(keys) | self._by_name(keys)
        return with_uids(models.Contact, self.actor, found)

    def _by_email(self, keys) -> dict[tuple, int]:
        found: dict[tuple, int] = {}
        wanted = {key[1] for key in keys if key[0] == "email"}
        there = models.ContactEmail.objects.visible_to(self.actor).filter(email__among=wanted)
        columns = ("email", "contact_id", "contact__sort_name")
        for address, pk, name in there.order_by("contact_id").values_list(*columns):
            found.setdefault(("email", address, name), pk)
            found.setdefault(("email", address, ""), pk)
        return found

    def _by_name(self, keys) -> dict[tuple, int]:
        named = [key for key in keys if key[0] == "name"]
        tied = {key for key in named if isinstance(key[2], int)}
        return self._by_partner(tied) | self._alone([key for key in named if key not in tied])

    def _by_partner(self, keys: set[tuple]) -> dict[tuple, int]:
        """People of these names in these organizations."""
        ties = models.Affiliation.objects.visible_to(self.actor)
        ties = ties.filter(organization_id__among={key[2] for key in keys})
        ties = ties.filter(contact__sort_name__among={key[1] for key in keys})
        columns = ("contact_id", "contact__sort_name", "organization_id")
        found: dict[tuple, int] = {}
        for pk, name, partner in ties.order_by("contact_id").values_list(*columns):
            if (key := ("name", name, partner, None)) in keys:
                found.setdefault(key, pk)
        return found

    def _alone(self, keys: list[tuple]) -> dict[tuple, int]:
        """People of these names in these states, with no organization and no e-mail."""
        found: dict[tuple, int] = {}
        wanted = defaultdict(list)
        for key in keys:
            wanted[key[1]].append(key)
        there = models.Contact.objects.visible_to(self.actor).filter(sort_name__among=set(wanted))
        people = list(there.order_by("pk").values_list("pk", "sort_name", "state_id"))
        for model in (models.Affiliation, models.ContactEmail):
            rows = model.objects.visible_to(self.actor)
            rows = rows.filter(contact_id__among=[pk for pk, *_rest in people])
            tied = set(rows.values_list("contact_id", flat=True))
            people = [one for one in people if one[0] not in tied]
        for pk, name, state in people:
            for key in wanted[name]:
                if key[3] == state:
                    found.setdefault(key, pk)
        return found

    def _know_partners(self, uids: set[UUID]) -> None:
        """Look up the ids of those organizations that no row of this side named."""
        if unknown := uids - self.partner_ids.keys():
            there = models.Organization.objects.visible_to(self.actor).filter(uid__among=unknown)
            self.partner_ids.update(there.values_list("uid", "pk"))

    def held(self, uids):
        return held(self, models.Contact, "contact_id", uids)

    def alike(self, entries):
        uids = {entry.first: set(self.partner_uids(entry.values)) for entry in entries}
        self._know_partners(set().union(*uids.values()))
        partners = {
            number: {self.partner_ids[uid] for uid in some if uid in self.partner_ids}
            for number, some in uids.items()
        }
        return people_like(self.actor, entries, partners)

    def partner_uids(self, values) -> list[UUID]:
        """The organizations of a row that are there."""
        return values.get("partner", [])

    def another_name(self, entry: Entry, row: Row) -> tuple[str, str, str] | None:
        """What to say of a row whose person was found by her e-mail under another name."""
        if fold(entry.values["name"][0]) != fold(row.values["name"][0]):
            return (
                "name",
                row.values["name"][0],
                _("The e-mail of row %(row)d, and another name: taken as the same person.")
                % {"row": entry.first},
            )
        return None

    def remark(self, entry: Entry, row: Row):
        if said := self.another_name(entry, row):
            return said
        mine, other = entry.values.get("partner"), row.values.get("partner")
        if other and mine != other:
            return (
                "organization",
                row.values["organization"][0],
                _("The same person as in row %(row)d, whose organization stays.")
                % {"row": entry.first},
            )
        return None

    def ties(self, values, same=None) -> list[dict]:
        """The organizations that a new person belongs to."""
        return [
            {"organization": str(partner), "role": first(values, "role"), "is_primary": "on"}
            for partner in values.get("partner", ())
        ]

    def data(self, values, same=None):
        return {
            "same": same,
            "name": first(values, "name"),
            "state": first(values, "state"),
            "affiliations": self.ties(values, same),
            "emails": lines(values, "email", "email"),
            "phones": lines(values, "phone", "number"),
            "languages": lines(values, "language", "language"),
        }


def _sorted(model, text: str) -> str:
    return model._meta.get_field("sort_name").clip(text)
