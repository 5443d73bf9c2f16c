"""How a row of a list becomes an organization or a person, and when it is one that is there."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import batched
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import models
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
from crm.importing_words import CALLED, OF_PEOPLE, offered
from lists.folding import fold
from lists.import_kinds import Entry, ImportKind, Row
from lists.mapping import Target, as_written, one_line, pieces

SLICE = 400


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
        found = {}
        for some in batched(sorted({name for _kind, name, _state in keys}), SLICE):
            there = models.Organization.objects.visible_to(self.actor).filter(sort_name__in=some)
            for name, home, uid in there.order_by("pk").values_list("sort_name", "home_id", "uid"):
                if ("name", name, home) in keys:
                    found.setdefault(("name", name, home), uid)
        return found

    def held(self, uids):
        return _held(self, "organization__uid", uids)

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
            "name": _first(values, "name"),
            "kind": _first(values, "kind"),
            "note": _first(values, "note"),
            "communities": values.get("community", []),
            "focus_areas": values.get("focus_area", []),
            "locations": address,
            "phones": _lines(values, "phone", "number"),
            "emails": _lines(values, "email", "email"),
            "websites": _lines(values, "website", "url"),
            "languages": _lines(values, "language", "language"),
            "tags": _lines(values, "tag", "name"),
            "external_ids": _lines(values, "external_id", "value"),
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
        """(state, uid) of the organizations of these names, among what the actor sees."""
        found = defaultdict(list)
        for some in batched(sorted({_sorted(models.Organization, name) for name in names}), SLICE):
            there = models.Organization.objects.visible_to(self.actor).filter(sort_name__in=some)
            for name, home, uid in there.order_by("pk").values_list("sort_name", "home_id", "uid"):
                found[name].append((home, uid))
        return found

    def _find_partner(self, row: Row, partners, note) -> None:
        text = row.values["organization"][0]
        there = partners.get(_sorted(models.Organization, text), [])
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
            return [*found, ("name", name, partner[0], None)]
        organization = fold(_first(row.values, "organization"))
        if found and not organization:  # two of one name are told apart by their e-mails
            return found
        state = self.places.id_of(row.values) if "state" in row.values else None
        return [*found, ("name", name, organization, state)]

    def find(self, keys):
        return self._by_email(keys) | self._by_name(keys)

    def _by_email(self, keys):
        found = {}
        for some in batched(sorted({key[1] for key in keys if key[0] == "email"}), SLICE):
            there = models.ContactEmail.objects.visible_to(self.actor).filter(email__in=some)
            columns = ("email", "contact__uid", "contact__sort_name")
            for address, uid, name in there.order_by("contact_id").values_list(*columns):
                found.setdefault(("email", address, name), uid)
                found.setdefault(("email", address, ""), uid)
        return found

    def _by_name(self, keys):
        found = {}
        wanted = defaultdict(list)
        for key in keys:
            if key[0] == "name":
                wanted[key[1]].append(key)
        for some in batched(sorted(wanted), SLICE):
            there = models.Contact.objects.visible_to(self.actor).filter(sort_name__in=some)
            people = list(there.order_by("pk").values_list("pk", "uid", "sort_name", "state_id"))
            ties = self._ties([pk for pk, *_rest in people])
            for pk, uid, name, state in people:
                for key in wanted[name]:
                    told = key[2] in ties[pk]
                    if told if isinstance(key[2], UUID) else not ties[pk] and key[3] == state:
                        found.setdefault(key, uid)
        return found

    def _ties(self, ids: list[int]) -> dict[int, set]:
        """The organizations and e-mails that these people have."""
        found = defaultdict(set)
        for model, column in (
            (models.Affiliation, "organization__uid"),
            (models.ContactEmail, "email"),
        ):
            rows = model.objects.visible_to(self.actor)
            for some in batched(ids, SLICE):
                for pk, value in rows.filter(contact_id__in=some).values_list("contact_id", column):
                    found[pk].add(value)
        return found

    def held(self, uids):
        return _held(self, "contact__uid", uids)

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
            {"organization": str(partner), "role": _first(values, "role"), "is_primary": "on"}
            for partner in values.get("partner", ())
        ]

    def data(self, values, same=None):
        return {
            "same": same,
            "name": _first(values, "name"),
            "state": _first(values, "state"),
            "affiliations": self.ties(values, same),
            "emails": _lines(values, "email", "email"),
            "phones": _lines(values, "phone", "number"),
            "languages": _lines(values, "language", "language"),
        }


def _sorted(model, text: str) -> str:
    return model._meta.get_field("sort_name").clip(text)


def _first(values: dict, name: str) -> str:
    return values[name][0] if values.get(name) else ""


def _lines(values: dict, name: str, column: str) -> list[dict]:
    return [{column: value} for value in values.get(name, ())]


def _held(kind, owner: str, uids) -> dict:
    """The keys of the parts that these rows have, by name."""
    found: dict[UUID, dict[str, list]] = {uid: {} for uid in uids}
    for name, model, names in kind.parts:
        for some in batched(found, SLICE):
            rows = model.objects.visible_to(kind.actor).filter(**{f"{owner}__in": some})
            for uid, *value in rows.order_by("pk").values_list(owner, *names):
                key = kind.key_of(name, value[0] if len(names) == 1 else tuple(value))
                found[uid].setdefault(name, []).append(key)
    return found
