"""Outreach programs: one affiliate's run of the five steps, and what belongs to it."""

from outreach.models.action import JointAction, JointActionPartner
from outreach.models.attendance import Attendance, EventSession, Place, SessionSeat
from outreach.models.evaluation import Evaluation
from outreach.models.event import (
    HOSTS,
    Event,
    EventCommunity,
    EventFocusArea,
    EventKind,
    EventOrganization,
    EventOwnRole,
    EventRole,
    EventState,
)
from outreach.models.feed import CalendarFeed
from outreach.models.goals import AffiliateGoal, Consultation, Target
from outreach.models.mapping import (
    Asset,
    Influence,
    MapActor,
    MapTie,
    Placement,
    PowerMap,
    Stance,
)
from outreach.models.observance import Observance, OrganizationObservance
from outreach.models.plan import PlanTemplate, PlanTemplateStep, TargetStep
from outreach.models.program import (
    ALL_SIGNED,
    CheckDone,
    CommitteeMember,
    Program,
    ProgramCommunity,
    ProgramStep,
    SignOff,
    StepLink,
    StepMeeting,
    in_language,
    late_programs,
    late_steps,
)
from outreach.models.promise import Commitment
from outreach.models.step import Step, StepCheck
from outreach.models.survey import (
    SurveyIntroduction,
    SurveyMissing,
    SurveyRound,
    SurveyTie,
)

__all__ = [
    "ALL_SIGNED",
    "HOSTS",
    "AffiliateGoal",
    "Asset",
    "Attendance",
    "CalendarFeed",
    "CheckDone",
    "Commitment",
    "CommitteeMember",
    "Consultation",
    "Evaluation",
    "Event",
    "EventCommunity",
    "EventFocusArea",
    "EventKind",
    "EventOrganization",
    "EventOwnRole",
    "EventRole",
    "EventSession",
    "EventState",
    "Influence",
    "JointAction",
    "JointActionPartner",
    "MapActor",
    "MapTie",
    "Observance",
    "OrganizationObservance",
    "Place",
    "Placement",
    "PlanTemplate",
    "PlanTemplateStep",
    "PowerMap",
    "Program",
    "ProgramCommunity",
    "ProgramStep",
    "SessionSeat",
    "SignOff",
    "Stance",
    "Step",
    "StepCheck",
    "StepLink",
    "StepMeeting",
    "SurveyIntroduction",
    "SurveyMissing",
    "SurveyRound",
    "SurveyTie",
    "Target",
    "TargetStep",
    "in_language",
    "late_programs",
    "late_steps",
]
