"""The lists of partners, people, meetings and follow-ups: one declaration each."""

from crm.lists.affiliate import Affiliates
from crm.lists.contact import BLOCKED, IN_PERSON, Contacts, reasons_against
from crm.lists.contact_list import ContactLists, contacts_of, fed_by, trouble_of
from crm.lists.interaction import (
    Interactions,
    colleagues,
    meeting_names,
    partners_met,
    people_met,
)
from crm.lists.loading import linked
from crm.lists.organization import Organizations
from crm.lists.task import Tasks

ORGANIZATIONS, AFFILIATES, CONTACTS = Organizations(), Affiliates(), Contacts()
INTERACTIONS, TASKS, CONTACT_LISTS = Interactions(), Tasks(), ContactLists()
PAGES = [ORGANIZATIONS, AFFILIATES, CONTACTS, INTERACTIONS, TASKS, CONTACT_LISTS]

__all__ = [
    "AFFILIATES",
    "BLOCKED",
    "CONTACTS",
    "CONTACT_LISTS",
    "INTERACTIONS",
    "IN_PERSON",
    "ORGANIZATIONS",
    "PAGES",
    "TASKS",
    "colleagues",
    "contacts_of",
    "fed_by",
    "linked",
    "meeting_names",
    "partners_met",
    "people_met",
    "reasons_against",
    "trouble_of",
]
