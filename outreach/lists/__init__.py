"""The lists of programs, of what belongs to them, of promises, of events: one declaration each."""

from outreach.lists.action import JointActions
from outreach.lists.attendance import Attendances
from outreach.lists.event import Events
from outreach.lists.mapping import PowerMaps
from outreach.lists.program import Programs
from outreach.lists.promise import Commitments
from outreach.lists.step import ProgramSteps

PROGRAMS, PROGRAM_STEPS, JOINT_ACTIONS = Programs(), ProgramSteps(), JointActions()
PROMISES = Commitments()
POWER_MAPS, EVENTS, ATTENDANCES = PowerMaps(), Events(), Attendances()
PAGES = [PROGRAMS, PROGRAM_STEPS, JOINT_ACTIONS, PROMISES, POWER_MAPS, EVENTS, ATTENDANCES]

__all__ = [
    "ATTENDANCES",
    "EVENTS",
    "JOINT_ACTIONS",
    "PAGES",
    "POWER_MAPS",
    "PROGRAMS",
    "PROGRAM_STEPS",
    "PROMISES",
]
