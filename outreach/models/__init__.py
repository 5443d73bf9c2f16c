"""Outreach programs: one affiliate's run of the five steps, and what belongs to it."""

from outreach.models.action import JointAction, JointActionPartner
from outreach.models.evaluation import Evaluation
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
    in_language,
    late_programs,
    late_steps,
)
from outreach.models.promise import Commitment
from outreach.models.step import Step, StepCheck
from outreach.models.survey import SurveyIntroduction, SurveyRound, SurveyTie

__all__ = [
    "ALL_SIGNED",
    "AffiliateGoal",
    "Asset",
    "CheckDone",
    "Commitment",
    "CommitteeMember",
    "Consultation",
    "Evaluation",
    "Influence",
    "JointAction",
    "JointActionPartner",
    "MapActor",
    "MapTie",
    "Placement",
    "PlanTemplate",
    "PlanTemplateStep",
    "PowerMap",
    "Program",
    "ProgramCommunity",
    "ProgramStep",
    "SignOff",
    "Stance",
    "Step",
    "StepCheck",
    "StepLink",
    "SurveyIntroduction",
    "SurveyRound",
    "SurveyTie",
    "Target",
    "TargetStep",
    "in_language",
    "late_programs",
    "late_steps",
]
