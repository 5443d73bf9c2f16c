"""Every change that can be made to outreach programs."""

from outreach.commands.action import AddJointAction, ChangeJointAction, DeleteJointAction
from outreach.commands.plan import (
    AddPlanTemplate,
    AddTargetStep,
    ChangePlanTemplate,
    ChangeTargetStep,
    FinishTargetStep,
    PlanTarget,
    RemoveTargetStep,
)
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
    "AddPlanTemplate",
    "AddProgram",
    "AddTargetStep",
    "ChangeCommitment",
    "ChangeJointAction",
    "ChangePlanTemplate",
    "ChangeProgram",
    "ChangeStep",
    "ChangeStepText",
    "ChangeTargetStep",
    "ChooseTargets",
    "DeleteCommitment",
    "DeleteJointAction",
    "DeleteProgram",
    "EndCommitment",
    "FinishTargetStep",
    "LinkGoals",
    "PlanTarget",
    "RemoveTargetStep",
    "ReopenStep",
    "SignStep",
    "TickCheck",
]
