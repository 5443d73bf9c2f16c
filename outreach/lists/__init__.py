"""The lists of programs, of their steps, of joint actions and of promises: one declaration each."""

from outreach.lists.action import JointActions
from outreach.lists.program import Programs
from outreach.lists.promise import Commitments
from outreach.lists.step import ProgramSteps

PROGRAMS, PROGRAM_STEPS, JOINT_ACTIONS = Programs(), ProgramSteps(), JointActions()
PROMISES = Commitments()
PAGES = [PROGRAMS, PROGRAM_STEPS, JOINT_ACTIONS, PROMISES]

__all__ = ["JOINT_ACTIONS", "PAGES", "PROGRAMS", "PROGRAM_STEPS", "PROMISES"]
