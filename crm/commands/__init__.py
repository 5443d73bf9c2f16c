"""Every change that can be made to partners, people, meetings and follow-ups."""

from crm.commands.affiliate import AddAffiliate, ChangeAffiliate, DeleteAffiliate
from crm.commands.bulk import (
    AddTag,
    AssignOwner,
    PutPeopleOnContactList,
    RemoveTag,
    SetStage,
)
from crm.commands.contact import (
    AddConsent,
    AddContact,
    ChangeContact,
    CheckDetails,
    DeleteContact,
    SetDoNotContact,
)
from crm.commands.contact_list import (
    AddContactList,
    ChangeContactList,
    DeleteContactList,
    FillContactList,
    PutOnContactList,
    TakeOffContactList,
)
from crm.commands.employment import SetEmployment
from crm.commands.first_contact import PlanFirstContact, planned
from crm.commands.interaction import (
    CancelInteraction,
    ChangeInteraction,
    DeleteInteraction,
    LogInteraction,
)
from crm.commands.organization import (
    AddOrganization,
    ChangeOrganization,
    ConfirmOwner,
    DeleteOrganization,
    JudgeStrength,
)
from crm.commands.task import (
    AddTask,
    ChangeTask,
    DropTask,
    FinishTask,
    ReassignTask,
    SnoozeTask,
)

__all__ = [
    "AddAffiliate",
    "AddConsent",
    "AddContact",
    "AddContactList",
    "AddOrganization",
    "AddTag",
    "AddTask",
    "AssignOwner",
    "CancelInteraction",
    "ChangeAffiliate",
    "ChangeContact",
    "ChangeContactList",
    "ChangeInteraction",
    "ChangeOrganization",
    "ChangeTask",
    "CheckDetails",
    "ConfirmOwner",
    "DeleteAffiliate",
    "DeleteContact",
    "DeleteContactList",
    "DeleteInteraction",
    "DeleteOrganization",
    "DropTask",
    "FillContactList",
    "FinishTask",
    "JudgeStrength",
    "LogInteraction",
    "PlanFirstContact",
    "PutOnContactList",
    "PutPeopleOnContactList",
    "ReassignTask",
    "RemoveTag",
    "SetDoNotContact",
    "SetEmployment",
    "SetStage",
    "SnoozeTask",
    "TakeOffContactList",
    "planned",
]
