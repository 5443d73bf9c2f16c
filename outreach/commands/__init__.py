"""Every change that can be made to outreach programs."""

from outreach.commands.action import AddJointAction, ChangeJointAction, DeleteJointAction
from outreach.commands.program import (
    AddProgram,
    ChangeProgram,
    ChooseTargets,
    DeleteProgram,
    LinkGoals,
)
from outreach.commands.promise import (
    AddCommitment,
    ChangeCommitment,
    DeleteCommitment,
    EndCommitment,
)
from outreach.commands.step import ChangeStep, ReopenStep, SignStep, TickCheck
from outreach.commands.text import ChangeStepText

__all__ = [
    "AddCommitment",
    "AddJointAction",
    "AddProgram",
    "ChangeCommitment",
    "ChangeJointAction",
    "ChangeProgram",
    "ChangeStep",
    "ChangeStepText",
    "ChooseTargets",
    "DeleteCommitment",
    "DeleteJointAction",
    "DeleteProgram",
    "EndCommitment",
    "LinkGoals",
    "ReopenStep",
    "SignStep",
    "TickCheck",
]
