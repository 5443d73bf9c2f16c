"""What can be done, and which role may do it how far: the one table of rights."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Action(StrEnum):
    """What can be done. A view, a command or a column names one."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    VIEW = "view"  # organizations, affiliates, events, programs
    VIEW_PEOPLE = "view people"
    VIEW_DETAILS = "view details"  # unmask a phone or an e-mail; recorded
    VIEW_MEETINGS = "view meetings"
    VIEW_TASKS = "view tasks"
    VIEW_RESTRICTED = "view restricted"
    LOG = "log"
    WRITE = "write"  # partners and people
    WRITE_AFFILIATES = "write affiliates"
    EDIT_MEETING = "edit meeting"
    ASSIGN = "assign"
    DELETE = "delete"
    SIGN_OFF = "sign off"  # a step of a program
    FIGURES = "figures"
    EXPORT = "export"
    IMPORT = "import"
    BULK = "bulk"
    SHARE = "share"  # contact lists, and views that others open too
    ADMINISTER = "administer"


class Limit(StrEnum):
    """How far a right goes. Whatever the limit, nobody acts outside her areas."""

    AREAS = "in her areas"
    OWN = "own rows"
    PARTNERS = "own rows and those of partners she owns"
    REASON = "one record, 30 minutes, with a stated reason"


class Role(StrEnum):
    """One a user."""

    ORGANIZER = "organizer"
    LEAD = "regional-lead"
    LEADER = "leader"
    DATA_MANAGER = "data-manager"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.ORGANIZER: _("Organizer"),
    Role.LEAD: _("Regional lead"),
    Role.LEADER: _("Leader"),
    Role.DATA_MANAGER: _("Data manager"),
    Role.ADMINISTRATOR: _("Administrator"),
}

A = Limit.AREAS
_EVERYONE = dict.fromkeys(
    [
        Action.PUBLIC,
        Action.SIGNED_IN,
        Action.VIEW,
        Action.VIEW_PEOPLE,
        Action.VIEW_DETAILS,
        Action.FIGURES,
    ],
    A,
)

ROLES: dict[str, dict[Action, Limit]] = {
    Role.ORGANIZER: _EVERYONE
    | {
        Action.VIEW_MEETINGS: A,
        Action.VIEW_TASKS: A,
        Action.VIEW_RESTRICTED: Limit.PARTNERS,
        Action.LOG: A,
        Action.WRITE: A,
        Action.EDIT_MEETING: Limit.OWN,
        Action.DELETE: Limit.OWN,
        Action.EXPORT: Limit.PARTNERS,
        Action.SHARE: A,
    },
    Role.LEAD: _EVERYONE
    | {
        Action.VIEW_MEETINGS: A,
        Action.VIEW_TASKS: A,
        Action.VIEW_RESTRICTED: A,
        Action.LOG: A,
        Action.WRITE: A,
        Action.WRITE_AFFILIATES: A,
        Action.EDIT_MEETING: A,
        Action.ASSIGN: A,
        Action.DELETE: A,
        Action.SIGN_OFF: A,
        Action.EXPORT: A,
        Action.BULK: A,
        Action.SHARE: A,
    },
    Role.LEADER: _EVERYONE | {Action.EXPORT: A},
    Role.DATA_MANAGER: _EVERYONE
    | {
        Action.VIEW_MEETINGS: A,
        Action.VIEW_TASKS: A,
        Action.VIEW_RESTRICTED: Limit.OWN,
        Action.LOG: A,
        Action.WRITE: A,
        Action.WRITE_AFFILIATES: A,
        Action.EDIT_MEETING: A,
        Action.ASSIGN: A,
        Action.DELETE: A,
        Action.EXPORT: A,
        Action.IMPORT: A,
        Action.BULK: A,
        Action.SHARE: A,
    },
    Role.ADMINISTRATOR: _EVERYONE
    | {
        Action.VIEW_MEETINGS: A,
        Action.VIEW_TASKS: A,
        Action.VIEW_RESTRICTED: Limit.REASON,
        Action.WRITE_AFFILIATES: A,
        Action.ASSIGN: A,
        Action.EXPORT: A,
        Action.IMPORT: A,
        Action.BULK: A,
        Action.SHARE: A,
        Action.ADMINISTER: A,
    },
}

EXPORT_ROWS_A_DAY: dict[str, int] = {
    Role.ORGANIZER: 200,
    Role.LEAD: 5_000,
    Role.LEADER: 5_000,
    Role.DATA_MANAGER: 1_000_000,
    Role.ADMINISTRATOR: 1_000_000,
}

# How far an administrator may lower or raise these: (least, most).
EXPORT_BOUNDS: dict[str, tuple[int, int]] = {
    Role.ORGANIZER: (0, 1_000),
    Role.LEAD: (0, 20_000),
    Role.LEADER: (0, 20_000),
    Role.DATA_MANAGER: (0, 1_000_000),
    Role.ADMINISTRATOR: (0, 1_000_000),
}

# What REQUIRE_SECOND_FACTOR demands an authenticator or a passkey for.
GUARDED = frozenset({Action.EXPORT, Action.ADMINISTER, Action.VIEW_RESTRICTED})
