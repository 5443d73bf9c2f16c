"""The lists of programs, of their steps, of joint actions and of promises: one declaration each."""

from outreach.lists.action import JointActions
from outreach.lists.mapping import PowerMaps
from outreach.lists.program import Programs
from outreach.lists.promise import Commitments
from outreach.lists.step import ProgramSteps

PROGRAMS, PROGRAM_STEPS, JOINT_ACTIONS = Programs(), ProgramSteps(), JointActions()
PROMISES = Commitments()
POWER_MAPS = PowerMaps()
PAGES = [PROGRAMS, PROGRAM_STEPS, JOINT_ACTIONS, PROMISES, POWER_MAPS]

__all__ = ["JOINT_ACTIONS", "PAGES", "POWER_MAPS", "PROGRAMS", "PROGRAM_STEPS", "PROMISES"]
