"""What follows for programs: where they lie, how far each step is, which step is next."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import F, OuterRef, Q, Subquery

from access.recording import Touched
from access.scope import Visibility
from access.settling import every, looked_up, settles, write
from crm.models import (
    NEVER,
    Affiliate,
    Contact,
    Interaction,
    InteractionOrganization,
    Location,
    Organization,
    met_since,
)
from crm.settling import move_subjects
from lists.folding import search_key
from lists.index import COLUMN, keyed
from outreach.models import (
    ALL_SIGNED,
    AffiliateGoal,
    Asset,
    CheckDone,
    Commitment,
    CommitteeMember,
    JointAction,
    MapActor,
    Placement,
    PowerMap,
    Program,
    ProgramStep,
    SignOff,
    SurveyIntroduction,
    SurveyRound,
    SurveyTie,
    Target,
)
from outreach.models.survey import sensitive_kinds

Status = ProgramStep.Status


@keyed(Program)
def keys_of(ids: Iterable[int]) -> dict[int, str]:
    """By which words programs are found: their own names, and those of their affiliates."""
    rows = looked_up(Program, "pk", list(ids), "pk", "name", "affiliate__name")
    return {pk: search_key(name, affiliate) for pk, name, affiliate in rows}


@settles
def programs(touched: Touched) -> None:
    """Home and words of programs, home and status of their steps, and the step of now."""
    moved = _place(touched)
    named = touched.ids(Program) | _of_affiliates(touched)
    if named:
        write(Program, {pk: {COLUMN: key} for pk, key in keys_of(named).items()})
    _count(moved | _touched_steps(touched) | _programs_met(touched))


@settles
def promises(touched: Touched) -> None:
    """A promise lies where its partner lies, and is restricted with the meeting that it was made in
    and with its person.
    """
    ids = touched.ids(Commitment)
    partners = touched.older(Organization) | touched.ids(Location, "organization_id")
    ids |= {pk for (pk,) in looked_up(Commitment, "organization_id", partners, "pk")}
    people, meetings = touched.older(Contact), touched.older(Interaction)
    ids |= {pk for (pk,) in looked_up(Commitment, "contact_id", people, "pk")}
    uids = {uid for (uid,) in looked_up(Interaction, "pk", meetings, "uid")}
    ids |= {pk for (pk,) in looked_up(Commitment, "made_in", uids, "pk")}
    columns = ("made_in", "contact__visibility", "visibility", "organization__home_id")
    rows = looked_up(Commitment, "pk", ids, "pk", *columns)
    made_in = {uid for _pk, uid, *_rest in rows if uid}
    of_meetings = dict(looked_up(Interaction, "uid", made_in, "uid", "visibility"))
    values = {}
    for pk, uid, of_contact, now, home in rows:
        of_meeting = of_meetings.get(uid, now) if uid else Visibility.TEAM  # gone: as it was
        hidden = Visibility.RESTRICTED in (of_meeting, of_contact)
        visibility = Visibility.RESTRICTED if hidden else Visibility.TEAM
        values[pk] = {"home_id": home, "visibility": str(visibility)}
    if values:
        write(Commitment, values)


@settles
def survey_names(touched: Touched) -> None:
    """Erase who offered to introduce us, once the survey is archived: to organizations of
    sensitive kinds, and to groups whose kind is not known.
    """
    archived = {"round__status": SurveyRound.Status.ARCHIVED.value}
    ties = {(pk,) for pk in touched.ids(SurveyTie)}
    ties |= set(looked_up(SurveyTie, "round_id", touched.ids(SurveyRound), "pk", **archived))
    partners = touched.older(Organization)
    ties |= set(looked_up(SurveyTie, "organization_id", partners, "pk", **archived))
    kind, status = "tie__organization__kind_id", "tie__round__status"
    rows = looked_up(SurveyIntroduction, "tie_id", {pk for (pk,) in ties}, "pk", kind, status)
    rows = [(pk, of) for pk, of, now in rows if now == SurveyRound.Status.ARCHIVED]
    if rows:
        sensitive = sensitive_kinds()
        gone = [pk for pk, of in rows if of is None or of in sensitive]
        every(SurveyIntroduction).filter(pk__in=gone).delete()


def _of_affiliates(touched: Touched) -> set[int]:
    older = touched.older(Affiliate)
    return {pk for (pk,) in looked_up(Program, "affiliate_id", older, "pk")}


def _place(touched: Touched) -> set[int]:
    """Put programs and their steps where the affiliate lies. Returns the programs of both."""
    ids = touched.ids(Program) | _of_affiliates(touched)
    for part in (ProgramStep, JointAction, PowerMap, SurveyRound):
        ids |= touched.ids(part, "program_id")
    if not ids:
        return set()
    homes = dict(looked_up(Program, "pk", ids, "pk", "affiliate__home_id"))
    went = write(Program, {pk: {"home_id": home} for pk, home in homes.items()})
    steps = looked_up(ProgramStep, "program_id", homes, "pk", "program_id")
    actions = looked_up(JointAction, "program_id", homes, "pk", "program_id")
    surveys = looked_up(SurveyRound, "program_id", homes, "pk", "program_id")
    maps = looked_up(PowerMap, "program_id", homes, "pk", "program_id")
    move_subjects(Program, went)
    parts = (ProgramStep, steps), (JointAction, actions), (SurveyRound, surveys), (PowerMap, maps)
    for model, rows in parts:
        placed = {pk: {"home_id": homes[program]} for pk, program in rows}
        move_subjects(model, write(model, placed) if placed else set())
    return set(homes)


def _touched_steps(touched: Touched) -> set[int]:
    """The programs of which something changed that a status follows from."""
    steps = touched.ids(CheckDone, "program_step_id") | touched.ids(SignOff, "program_step_id")
    found = {pk for (pk,) in looked_up(ProgramStep, "pk", steps, "program_id")}
    parts = (AffiliateGoal, Asset, CommitteeMember, JointAction, PowerMap, SurveyRound, Target)
    for part in parts:
        found |= touched.ids(part, "program_id")
    placed = looked_up(MapActor, "pk", touched.ids(Placement, "map_actor_id"), "power_map_id")
    maps = touched.ids(MapActor, "power_map_id") | {pk for (pk,) in placed}
    return found | {pk for (pk,) in looked_up(PowerMap, "pk", maps, "program_id")}


def _programs_met(touched: Touched) -> set[int]:
    """The programs with a target among the partners that were met, or that moved."""
    met = touched.ids(InteractionOrganization, "organization_id") | touched.older(Organization)
    met |= touched.ids(Location, "organization_id")
    meetings = touched.older(Interaction)
    links = looked_up(InteractionOrganization, "interaction_id", meetings, "organization_id")
    met |= {pk for (pk,) in links}
    moved = touched.older(Organization)
    mapped = looked_up(MapActor, "organization_id", moved, "power_map__program_id")
    found = {pk for (pk,) in looked_up(Target, "organization_id", met, "program_id")}
    return found | {pk for (pk,) in mapped}


def _count(ids: set[int]) -> None:
    """Set the status of each step of these programs, and the step that each is in."""
    if not ids:
        return
    begun, last = _begun(ids)
    columns = ("pk", "program_id", "step__code", "step__position", "by_hand", "due")
    rows = looked_up(ProgramStep, "program_id", ids, *columns)
    steps = [row[0] for row in rows]
    ticked = dict(looked_up(CheckDone, "program_step_id", steps, "program_step_id", most="day"))
    signed = dict(
        looked_up(
            SignOff, "program_step_id", steps, "program_step_id", most="day", reopened__isnull=True
        )
    )
    values: dict[int, dict] = {}
    nexts: dict[int, list[tuple]] = defaultdict(list)
    for pk, program, code, position, by_hand, due in rows:
        is_begun = pk in ticked or (program, code) in begun
        status = by_hand or (Status.STARTED if is_begun else Status.NOT_STARTED)
        values[pk] = {"status": str(Status.SIGNED if pk in signed else status)}
        done = max(ticked.get(pk, NEVER), signed.get(pk, NEVER))
        last[program] = max(last.get(program, NEVER), done)
        if pk not in signed:
            nexts[program].append((position, due))
    write(ProgramStep, values)
    now = {}
    for pk in ids:
        step, due = min(nexts.get(pk, [(ALL_SIGNED, NEVER)]))
        now[pk] = {"step_now": step, "next_due": due, "last_done": last.get(pk, NEVER)}
    write(Program, now)


def _begun(ids: set[int]) -> tuple[set[tuple[int, str]], dict[int, date]]:
    """(program, step) of each step in which something was done that counts by itself, and the last
    day on which each program met a target.

    Step 4 begins with a held meeting with a target that lies in the affiliate's state: what is
    hidden from people there, or restricted, changes nothing that they see.
    """
    goals = looked_up(AffiliateGoal, "program_id", ids, "program_id")
    members = looked_up(CommitteeMember, "program_id", ids, "program_id")
    surveys = looked_up(SurveyRound, "program_id", ids, "program_id")
    found = {(pk, "goals") for (pk,) in goals} | {(pk, "members") for (pk,) in members + surveys}
    held = every(InteractionOrganization).filter(
        met_since(OuterRef("program__start")),
        organization_id=OuterRef("organization_id"),
        interaction__visibility=Visibility.TEAM,
    )
    days = held.order_by("-interaction__day").values("interaction__day")[:1]
    met = every(Target).filter(program__among=ids, organization__home_id=F("program__home_id"))
    met = met.annotate(day=Subquery(days)).filter(day__isnull=False)
    last: dict[int, date] = {}
    for pk, day in met.values_list("program_id", "day"):
        last[pk] = max(last.get(pk, NEVER), day)
    actions = looked_up(JointAction, "program_id", ids, "program_id", "status")
    found |= {(pk, "act") for pk, status in actions if status != JointAction.Status.CANCELLED}
    found |= {(pk, "map") for pk in _mapped(ids)}
    return found | {(pk, "relationships") for pk in last}, last


def _mapped(ids: set[int]) -> set[int]:
    """The programs with an asset, or an actor on a map that all who see the program see."""
    assets = looked_up(Asset, "program_id", ids, "program_id")
    placed = every(MapActor).filter(power_map__program__among=ids, placements__isnull=False)
    own = Q(organization__isnull=True)
    theirs = Q(organization__home_id=F("power_map__program__home_id"))
    seen = placed.filter(own | theirs).values_list("power_map__program_id", flat=True)
    return {pk for (pk,) in assets} | set(seen.order_by().distinct())
