"""The lists of partners, people, meetings and follow-ups: one declaration each."""

from crm.lists.affiliate import Affiliates
from crm.lists.contact import BLOCKED, Contacts
from crm.lists.interaction import Interactions, colleagues, partners_met, people_met
from crm.lists.loading import linked
from crm.lists.organization import Organizations
from crm.lists.task import Tasks

ORGANIZATIONS, AFFILIATES, CONTACTS = Organizations(), Affiliates(), Contacts()
INTERACTIONS, TASKS = Interactions(), Tasks()
PAGES = [ORGANIZATIONS, AFFILIATES, CONTACTS, INTERACTIONS, TASKS]

__all__ = [
    "AFFILIATES",
    "BLOCKED",
    "CONTACTS",
    "INTERACTIONS",
    "ORGANIZATIONS",
    "PAGES",
    "TASKS",
    "colleagues",
    "linked",
    "partners_met",
    "people_met",
]
