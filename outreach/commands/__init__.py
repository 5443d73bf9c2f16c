"""Every change that can be made to outreach programs."""

from outreach.commands.action import AddJointAction, ChangeJointAction, DeleteJointAction
from outreach.commands.evaluation import AnswerEvaluation, AskEvaluation, EnterEvaluation
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
from outreach.commands.survey import (
    AddSurvey,
    ArchiveSurvey,
    ChangeSurvey,
    CloseSurvey,
    DeleteSurvey,
    RenewLink,
)
from outreach.commands.survey_answer import AnswerSurvey
from outreach.commands.survey_name import SettleName
from outreach.commands.text import ChangeStepText

__all__ = [
    "AddCommitment",
    "AddJointAction",
    "AddPlanTemplate",
    "AddProgram",
    "AddSurvey",
    "AddTargetStep",
    "AnswerEvaluation",
    "AnswerSurvey",
    "ArchiveSurvey",
    "AskEvaluation",
    "ChangeCommitment",
    "ChangeJointAction",
    "ChangePlanTemplate",
    "ChangeProgram",
    "ChangeStep",
    "ChangeStepText",
    "ChangeSurvey",
    "ChangeTargetStep",
    "ChooseTargets",
    "CloseSurvey",
    "DeleteCommitment",
    "DeleteJointAction",
    "DeleteProgram",
    "DeleteSurvey",
    "EndCommitment",
    "EnterEvaluation",
    "FinishTargetStep",
    "LinkGoals",
    "PlanTarget",
    "RemoveTargetStep",
    "RenewLink",
    "ReopenStep",
    "SettleName",
    "SignStep",
    "TickCheck",
]
