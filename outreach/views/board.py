"""What the board of a program shows of its five steps."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.models import StoredFile
from access.roles import Action
from crm.models import InteractionOrganization, met_since
from lists.templatetags.form_parts import day
from outreach.models import (
    CheckDone,
    Program,
    ProgramStep,
    SignOff,
    StepCheck,
    StepLink,
    StepMeeting,
    Target,
    in_language,
)


@dataclass(frozen=True)
class Check:
    """A line of a checklist: the row, if it can be ticked, its words, whether it is done."""

    row: StepCheck | None
    label: str
    done: bool


@dataclass(frozen=True)
class OnBoard:
    """A step as its column shows it."""

    row: ProgramStep
    number: int
    title: str
    guidance: str
    checks: list[Check]
    signed: SignOff | None
    evidence: int  # files, links and meetings
    is_late: bool
    is_now: bool

    @property
    def left(self) -> int:
        """How many checks are not done."""
        return sum(not check.done for check in self.checks)

    @property
    def percent(self) -> int:
        """The share of its checks that are done; without checks, all once it is signed."""
        if not self.checks:
            return 100 if self.signed else 0
        return round(100 * (1 - self.left / len(self.checks)))


def board_of(actor, program: Program, today: date) -> list[OnBoard]:
    """The steps of a program in order."""
    rows = program.steps.visible_to(actor).select_related("step", "owner")
    return columns_of(actor, list(rows.order_by("step__position", "id")), today)


def columns_of(actor, rows: list[ProgramStep], today: date) -> list[OnBoard]:
    """These steps of one program as its board shows them."""
    ids = [row.pk for row in rows]
    signed = {
        one.program_step_id: one
        for one in SignOff.objects.visible_to(actor)
        .filter(program_step__in=ids, reopened__isnull=True)
        .select_related("author")
    }
    ticked = set(
        CheckDone.objects.visible_to(actor)
        .filter(program_step__in=ids)
        .values_list("program_step_id", "line_id")
    )
    lists = defaultdict(list)
    steps = {row.step_id for row in rows}
    for check in StepCheck.objects.visible_to(actor).filter(step__in=steps):
        lists[check.step_id].append(check)
    evidence = _evidence(actor, rows)
    found, is_before = [], True
    for row in rows:
        seal = signed.get(row.pk)
        found.append(
            OnBoard(
                row=row,
                number=row.step.position,
                title=seal.said("title") if seal else row.step.label,
                guidance=seal.said("guidance") if seal else row.step.told,
                checks=_signed(seal) if seal else _open(row, lists[row.step_id], ticked),
                signed=seal,
                evidence=evidence[row.pk],
                is_late=row.is_late(today),
                is_now=is_before and seal is None,
            )
        )
        is_before = is_before and seal is not None
    return found


def _open(row: ProgramStep, checks: list[StepCheck], ticked: set) -> list[Check]:
    """The list of today; what was ticked and taken off since stays."""
    found = [(check, (row.pk, check.pk) in ticked) for check in checks]
    return [Check(check, check.label, done) for check, done in found if done or not check.retired]


def _signed(seal: SignOff) -> list[Check]:
    checks: list[dict[str, Any]] = seal.text.get("checks", [])
    return [Check(None, in_language(one, "name"), bool(one.get("done"))) for one in checks]


def _evidence(actor, rows: list[ProgramStep]) -> Counter:
    """How many files, links and meetings lie with each step."""
    by_uid = {row.uid: row.pk for row in rows}
    links = StepLink.objects.visible_to(actor).filter(program_step__in=by_uid.values())
    files = StoredFile.objects.visible_to(actor).filter(about__in=by_uid)
    found = Counter(links.values_list("program_step_id", flat=True))
    found.update(by_uid[uid] for uid in files.values_list("about", flat=True))
    if actor.may(Action.VIEW_MEETINGS):
        meetings = StepMeeting.objects.visible_to(actor).filter(program_step__in=by_uid.values())
        found.update(meetings.values_list("program_step_id", flat=True))
    return found


def lede_of(board: list[OnBoard], today: date) -> str:
    """Where the program stands, in a sentence or two."""
    now = next((one for one in board if one.is_now), None)
    if now is None:
        return _("All five steps are signed off.")
    said = [_("Step %(number)d of %(all)d.") % {"number": now.number, "all": len(board)}]
    due = {"day": day(now.row.due)}
    said.append(_("Late since %(day)s.") % due if now.is_late else _("On time."))
    if now.left:
        words = {"count": now.left} | due
        said.append(
            ngettext(
                "%(count)d check left before the sign-off on %(day)s.",
                "%(count)d checks left before the sign-off on %(day)s.",
                now.left,
            )
            % words
        )
    elif now.row.status == ProgramStep.Status.WAITING:
        said.append(_("It waits for its sign-off."))
    return " ".join(said)


def targets_of(actor, program: Program) -> list[tuple[Target, int]]:
    """(target, meetings held with its organization since the program began), as the viewer may
    know.
    """
    targets = Target.objects.visible_to(actor).filter(program=program)
    rows = list(targets.select_related("organization").order_by("position", "id"))
    links = InteractionOrganization.objects.visible_to(actor).filter(
        met_since(program.start), organization__in=[row.organization_id for row in rows]
    )
    held = Counter(links.values_list("organization_id", flat=True))
    return [(row, held[row.organization_id]) for row in rows]
