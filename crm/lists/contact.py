"""The list of people."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from access.roles import Action
from crm.commands import (
    AddContact,
    ChangeContact,
    PutOnContactList,
)
from crm.commands.contact_list import ON_LIST
from crm.lists.contact_list import OnList
from crm.lists.loading import linked, parts
from crm.lists.nearness import met_people
from crm.lists.organization import in_communities, tied_to
from crm.lists.people_along import emails_off, phones_off, usable
from crm.models import (
    Affiliation,
    Community,
    Contact,
    ContactEmail,
    ContactLanguage,
    ContactPhone,
    Language,
    Organization,
)
from lists import filters
from lists.bulk import Bulk
from lists.columns import Column, Texts, options
from lists.pages import ListPage

# The tie of a person that stands for all: the main one, else the oldest.
PRIMARY = Case(When(is_primary=True, then=0), default=1)


def _first(found: list[tuple[str, str, str]]) -> dict[str, Any]:
    name, role, uid = found[0]
    return {"uid": str(UUID(uid)), "name": name, "role": role}


def _with_roles(found: list[tuple[str, str, str]]) -> list[str]:
    return [f"{name} ({role})" if role else name for name, role, _uid in found]


# The current main organization of each person and her role there, where the actor sees it.
main_organizations = Texts(
    Affiliation,
    "contact_id",
    "organization__name",
    "role",
    "organization__uid",
    order=PRIMARY,
    made=_first,
    said=lambda: F("organization__name"),
    one=True,
    narrow=lambda ties, actor: ties.current(actor.today()),
)
# The role alone.
main_roles = replace(main_organizations, made=lambda found: found[0][1], said=lambda: F("role"))
# The organizations of each person, each with her role.
all_organizations = replace(
    main_organizations,
    made=_with_roles,
    said=lambda: Case(
        When(role="", then=F("organization__name")),
        default=Concat("organization__name", Value(" ("), "role", Value(")")),
    ),
    one=False,
    narrow=None,
)


BLOCKED = {
    "no_contact": _("every channel"),
    "no_email": _("e-mail"),
    "no_phone": _("phone"),
    "no_text": _("text"),
    "no_mail": _("mail"),
}


IN_PERSON = "person"  # a channel that nobody is kept off but who wants no contact at all
_REASONS = {
    "email": _("They asked us not to e-mail."),
    "phone": _("They asked us not to call."),
    "text": _("They asked us not to text."),
    "mail": _("They asked us not to write."),
}


def reasons_against(channel: str) -> list[tuple[str, Any]]:
    """(column, reason) of what keeps a person out of what goes by a channel."""
    found: list[tuple[str, Any]] = [
        ("no_contact", _("They asked us not to contact them at all.")),
    ]
    if channel != IN_PERSON:
        found.append((f"no_{channel}", _REASONS[channel]))
    return found


def kept_off(flags: tuple) -> list[str]:
    """The channels that a person asked us to keep off, out of the columns of BLOCKED."""
    return [str(BLOCKED[name]) for name, off in zip(BLOCKED, flags, strict=True) if off]


def kept_off_said() -> Any:
    """The same as an expression."""
    asked = [When(**{name: True}, then=Value(f"; {word}")) for name, word in BLOCKED.items()]
    off = [Case(one, default=Value("")) for one in asked]
    return Substr(Concat(*off, output_field=TextField()), 3)


class Contacts(ListPage):
    """People."""

    model, name, title = Contact, "people", _("People")
    one, icon = _("Person"), "people"
    api_name = "contacts"
    record, add_url = "crm:contact", "crm:add_contact"
    action = Action.VIEW_PEOPLE
    add, change = AddContact, ChangeContact
    order, hint, place = "name", "organization", ("organization", "state")
    details = (ContactEmail, ContactPhone)
    empty_text = _(
        "People appear here when you log a meeting with them, or when you import a list."
    )
    columns = [
        Column("name", _("Person"), sort="sort_name", main=True),
        Column("preferred_name", _("Preferred name"), on_page=False),
        Column("pronouns", _("Pronouns"), on_page=False),
        Column("organization", _("Organization"), kind="link", load=main_organizations),
        Column("role", _("Role there"), on_page=False, in_api=False, kind="link", load=main_roles),
        Column(
            "organizations",
            _("Organizations and roles"),
            kind="many",
            load=all_organizations,
            on_page=False,
        ),
        Column("state", _("State"), path="home", kind="state"),
        Column(
            "languages",
            _("Languages"),
            kind="many",
            on_page=False,
            in_api=False,
            load=linked(ContactLanguage, "contact_id", "language"),
        ),
        Column(
            "preferred_channel",
            _("Prefers"),
            on_page=False,
            choices=options(Contact, "preferred_channel"),
        ),
        Column(
            "keep_off",
            _("Do not use"),
            kind="many",
            reads=tuple(BLOCKED),
            made=kept_off,
            said=kept_off_said,
        ),
        Column("last_contact", _("Last contact"), kind="day", sort="last_contact"),
        Column("visibility", _("Who may read this"), on_page=False, in_csv=False),
        Column(
            "emails",
            _("E-mails"),
            kind="many",
            detail=True,
            on_page=False,
            needs=Action.VIEW_DETAILS,
            load=parts(ContactEmail, "email"),
            keeps_off=emails_off,
            for_export=usable(parts(ContactEmail, "email"), emails_off),
        ),
        Column(
            "phones",
            _("Phones"),
            kind="many",
            detail=True,
            on_page=False,
            needs=Action.VIEW_DETAILS,
            load=parts(ContactPhone, "number"),
            keeps_off=phones_off,
            for_export=usable(parts(ContactPhone, "number"), phones_off),
        ),
    ]
    filters = {
        "community": filters.Stays(Community, "community", _("Community of her organization")),
        "region": filters.region(),
        "state": filters.state(),
        "language": filters.Linked(
            Language, ContactLanguage, "contact_id", "language", _("Language")
        ),
        "mine": filters.Flag(lambda rows, actor: rows.at_own_partners(actor), _("Of my partners")),
        "unattached": filters.Flag(
            lambda rows, actor: rows.without_organization(actor, actor.today()),
            _("No organization"),
        ),
        "unchecked": filters.Flag(
            lambda rows, actor: rows.unchecked(actor.today()), _("Details not checked for a year")
        ),
        ON_LIST: OnList(_("On contact list")),
    }

    costly = frozenset({"community", "language", "unattached"})

    bulk = [
        Bulk("list", _("Add to a contact list"), PutOnContactList, ("contact_list",)),
    ]

    def nearest(self, actor, known):
        return met_people(actor, known)

    def narrow(self, rows, values, actor):
        if values.get("community"):
            partners = in_communities(Organization.objects.visible_to(actor), values, actor)
            return tied_to(partners, rows, Affiliation.objects.visible_to(actor), "contact_id")
        return rows, False

    def left_out(self, rows, channel):
        if not channel:
            return []
        return [(reason, Q(**{column: True})) for column, reason in reasons_against(channel)]
