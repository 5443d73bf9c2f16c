"""Every change that can be made to outreach programs."""

from outreach.commands.action import AddJointAction, ChangeJointAction, DeleteJointAction
from outreach.commands.attendance import (
    AddToEvent,
    AnswerInvitation,
    GiveUpSeat,
    InvitePeople,
    InviteToEvent,
    RemoveFromEvent,
    TakeSeat,
)
from outreach.commands.door import CheckIn, CountHeads, MarkNoShows, UndoCheckIn, WalkIn
from outreach.commands.evaluation import AnswerEvaluation, AskEvaluation, EnterEvaluation
from outreach.commands.event import AddEvent, ChangeEvent, DeleteEvent
from outreach.commands.feed import EndFeed, MakeFeed
from outreach.commands.gap import StartHere
from outreach.commands.mapping import (
    AddMapActor,
    AddMapTie,
    AddPowerMap,
    ChangeMapActor,
    ChangePowerMap,
    DeletePowerMap,
    MoveMapActor,
    RemoveMapActor,
    RemoveMapTie,
    WriteAssets,
)
from outreach.commands.observance import AddObservance, ChangeObservance, KeepDays
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
from outreach.commands.sheet import EnterSheet
from outreach.commands.step import ChangeStep, ReopenStep, SignStep, TickCheck, TickMeeting
from outreach.commands.survey import (
    AddSurvey,
    ArchiveSurvey,
    ChangeSurvey,
    CloseSurvey,
    DeleteSurvey,
    RenewLink,
    ReopenSurvey,
)
from outreach.commands.survey_answer import AnswerSurvey
from outreach.commands.survey_name import SettleMissing, SettleName, UntieMissing, UntieName
from outreach.commands.text import ChangeStepText
from outreach.commands.thanks import FollowUpAll

__all__ = [
    "AddCommitment",
    "AddEvent",
    "AddJointAction",
    "AddMapActor",
    "AddMapTie",
    "AddObservance",
    "AddPlanTemplate",
    "AddPowerMap",
    "AddProgram",
    "AddSurvey",
    "AddTargetStep",
    "AddToEvent",
    "AnswerEvaluation",
    "AnswerInvitation",
    "AnswerSurvey",
    "ArchiveSurvey",
    "AskEvaluation",
    "ChangeCommitment",
    "ChangeEvent",
    "ChangeJointAction",
    "ChangeMapActor",
    "ChangeObservance",
    "ChangePlanTemplate",
    "ChangePowerMap",
    "ChangeProgram",
    "ChangeStep",
    "ChangeStepText",
    "ChangeSurvey",
    "ChangeTargetStep",
    "CheckIn",
    "ChooseTargets",
    "CloseSurvey",
    "CountHeads",
    "DeleteCommitment",
    "DeleteEvent",
    "DeleteJointAction",
    "DeletePowerMap",
    "DeleteProgram",
    "DeleteSurvey",
    "EndCommitment",
    "EndFeed",
    "EnterEvaluation",
    "EnterSheet",
    "FinishTargetStep",
    "FollowUpAll",
    "GiveUpSeat",
    "InvitePeople",
    "InviteToEvent",
    "KeepDays",
    "LinkGoals",
    "MakeFeed",
    "MarkNoShows",
    "MoveMapActor",
    "PlanTarget",
    "RemoveFromEvent",
    "RemoveMapActor",
    "RemoveMapTie",
    "RemoveTargetStep",
    "RenewLink",
    "ReopenStep",
    "ReopenSurvey",
    "SettleMissing",
    "SettleName",
    "SignStep",
    "StartHere",
    "TakeSeat",
    "TickCheck",
    "TickMeeting",
    "UndoCheckIn",
    "UntieMissing",
    "UntieName",
    "WalkIn",
    "WriteAssets",
]
