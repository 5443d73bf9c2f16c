"""What each right is, in words: for the page of roles, and for what one person may do."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from access.roles import ROLES, Action, Limit

# What one may do with a right, as the end of "May ...".
IN_WORDS: dict[Action, Any] = {
    Action.VIEW: _("see organizations, affiliates and programs"),
    Action.VIEW_PEOPLE: _("see people"),
    Action.VIEW_DETAILS: _("see a phone number or an e-mail address; each look is recorded"),
    Action.VIEW_MEETINGS: _("read meetings"),
    Action.VIEW_TASKS: _("see follow-ups"),
    Action.VIEW_RESTRICTED: _("read what is restricted"),
    Action.LOG: _("log meetings and keep follow-ups"),
    Action.WRITE: _("add and change partners, people and programs"),
    Action.WRITE_AFFILIATES: _("add and change affiliates"),
    Action.EDIT_MEETING: _("change or delete a meeting"),
    Action.ASSIGN: _("give partners and follow-ups to others, and hand over"),
    Action.DELETE: _("delete partners, people and programs"),
    Action.SIGN_OFF: _("sign off steps of programs of others"),
    Action.FIGURES: _("see figures"),
    Action.EXPORT: _("export lists, with a purpose; each export is recorded"),
    Action.SHARE: _("make and fill contact lists, and share views"),
    Action.IMPORT: _("import lists"),
    Action.BULK: _("change many rows at once"),
    Action.ADMINISTER: _("set up users, roles, regions, words and this installation"),
}

HOW_FAR: dict[Limit, Any] = {
    Limit.AREAS: _("In their areas"),
    Limit.OWN: _("Their own"),
    Limit.PARTNERS: _("Their own, and of partners they own"),
    Limit.REASON: _("One record, 30 minutes, with a reason"),
}


def rights() -> list[Action]:
    """The rights that differ by role, in the order of the table."""
    return [action for action in Action if action in IN_WORDS]


def rights_of(role: str) -> Iterator[tuple[Any, Any]]:
    """(what, how far) of each right, how far being None for one that the role lacks."""
    for action in rights():
        limit = ROLES[role].get(action)
        yield IN_WORDS[action], HOW_FAR[limit] if limit else None
