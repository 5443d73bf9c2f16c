"""A small world for the sweeping tests: for each model a row that is one's own, hidden,
restricted.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from access.models import Access, Job, Region, Run, StoredFile, Token
from access.records import Reference
from crm.models import Affiliate, Contact, ContactList, Interaction, Organization, Task
from lists.models import Import, SavedView
from outreach.models import (
    Asset,
    Attendance,
    Commitment,
    Evaluation,
    Event,
    JointAction,
    MapActor,
    MapTie,
    Observance,
    OrganizationObservance,
    PlanTemplate,
    PowerMap,
    Program,
    ProgramStep,
    SessionSeat,
    Step,
    SurveyRound,
    Target,
    TargetStep,
)
from tests import guests, make


@dataclass
class World:
    """Rows that the roles of `here` see (`own`), and rows that they must not learn of."""

    here: Any
    elsewhere: Any
    own: dict = field(default_factory=dict)
    hidden: dict = field(default_factory=dict)
    restricted: dict = field(default_factory=dict)

    def row(self, kind: str, model) -> Any:
        return getattr(self, kind).get(model)

    def uid(self, kind: str, model) -> uuid.UUID:
        row = self.row(kind, model) if kind != "absent" else None
        return row.uid if row is not None else uuid.UUID(int=7)


def build(here, elsewhere, viewer) -> World:
    """The world of a viewer in `here`: her own rows and one of each kind elsewhere or
    restricted.
    """
    world = World(here, elsewhere)
    other = make.user(here.region, home=here)
    ours, theirs = make.organization(state=here, owner=viewer), make.organization(state=elsewhere)
    world.own[Organization], world.hidden[Organization] = ours, theirs
    world.own[Affiliate], world.hidden[Affiliate] = make.affiliate(here), make.affiliate(elsewhere)
    person = make.contact(
        organization=ours, author=viewer, emails=["ours@mail.example"], phones=["+1 509 555 0101"]
    )
    world.own[Contact] = person
    world.hidden[Contact] = make.contact(organization=theirs, emails=["theirs@mail.example"])
    world.own[Interaction] = make.interaction(organization=ours, contacts=[person], author=viewer)
    world.hidden[Interaction] = make.interaction(organization=theirs)
    world.own[Task] = make.task(about=ours, owner=viewer)
    world.hidden[Task] = make.task(about=theirs, owner=make.user(elsewhere.region, home=elsewhere))
    unowned = make.organization(state=here)
    world.restricted[Contact] = make.contact(
        organization=unowned, visibility="restricted", author=other, name="Restricted Canary"
    )
    world.restricted[Interaction] = make.interaction(
        organization=unowned, visibility="restricted", author=other, summary="Restricted canary."
    )
    world.restricted[Task] = make.task(
        about=world.restricted[Interaction], owner=other, title="Canary task"
    )
    for kind, subject in (
        ("own", ours),
        ("hidden", theirs),
        ("restricted", world.restricted[Interaction]),
    ):
        getattr(world, kind)[StoredFile] = stored_file(subject, viewer if kind == "own" else other)
    world.own[SavedView] = make.saved_view(viewer, query={"quiet": ["yes"]})
    world.hidden[SavedView] = make.saved_view(other, name="Canary view")
    every = [person, world.hidden[Contact], world.restricted[Contact]]
    world.own[ContactList] = make.contact_list(viewer, every)
    world.hidden[ContactList] = make.contact_list(other, every, name="Canary list")
    for kind, state, owner in (("own", here, viewer), ("hidden", elsewhere, other)):
        program = make.program(state, owner=owner, author=owner, lead=owner)
        getattr(world, kind)[Program] = program
        getattr(world, kind)[ProgramStep] = make.step_of(program, "goals")
        acts = make.joint_action(program, [ours], owner=owner, author=owner)
        getattr(world, kind)[JointAction] = acts
        survey = make.survey(program, author=owner)
        make.tie(survey, ours if kind == "own" else theirs)
        getattr(world, kind)[SurveyRound] = survey
        board = make.power_map(program, author=owner)
        office = make.map_actor(board, decides=True)
        group = make.map_actor(board, organization=ours if kind == "own" else theirs)
        tie = make.saved(MapTie(one=office, other=group, kind="civic"))
        make.saved(Asset(program=program, kind="place", name="Hall"))
        rows = {PowerMap: board, MapActor: group, MapTie: tie}
        getattr(world, kind).update(rows)
    make.saved(Target(program=world.own[Program], organization=unowned))
    for kind, state, partner in (("own", here, ours), ("hidden", elsewhere, theirs)):
        owner = viewer if kind == "own" else other
        row = make.event(
            state, [(partner, "host")], ["speaker"], owner=owner, author=owner, status="held"
        )
        getattr(world, kind)[Event] = row
        there = guests.attendance(row, world.row(kind, Contact), "attended")
        seat = guests.seat(guests.session(row), there)
        getattr(world, kind).update({Attendance: there, SessionSeat: seat})
    hidden_guest = guests.attendance(world.own[Event], world.restricted[Contact], "attended")
    world.restricted[Attendance] = hidden_guest
    for kind, partner in (("own", ours), ("hidden", theirs)):
        aim = make.target(world.row(kind, Program), partner)
        getattr(world, kind)[Target] = aim
        getattr(world, kind)[TargetStep] = make.saved(
            TargetStep(target=aim, text="Listen", day=make.DAY)
        )
        getattr(world, kind)[Evaluation] = make.evaluation(world.row(kind, Program), partner)
    world.own[PlanTemplate] = make.plan()
    world.own[Step] = make.steps()[0]
    feast = Observance(code="feast", name="Feast", month=make.DAY.month, day=make.DAY.day)
    world.own[Observance] = make.saved(feast)
    for partner in (ours, theirs):
        make.saved(OrganizationObservance(organization=partner, observance=feast))
    world.own[Commitment] = make.promise(ours, owner=viewer, author=viewer, contact=person)
    world.hidden[Commitment] = make.promise(theirs, owner=other)
    world.restricted[Commitment] = make.promise(
        unowned, made_in=world.restricted[Interaction].uid, author=other, text="Canary promise"
    )
    world.own[Job] = Job.objects.create(kind="export-list", user=viewer, rights="none")
    world.hidden[Job] = Job.objects.create(kind="export-list", user=other, rights="none")
    world.own[Import] = make.uploaded(viewer)
    world.hidden[Import] = make.uploaded(other, name="canary.csv")
    world.own[Access] = viewer.access
    world.own[Token] = make.token(viewer)[0]
    world.hidden[Token] = make.token(other)[0]
    world.own[Reference] = make.community()
    world.own[Region] = here.region
    world.hidden[Access] = other.access
    world.hidden[Run] = Run.objects.order_by("-pk").first()
    return world


def stored_file(subject, author) -> StoredFile:
    row = StoredFile(
        name="plan.txt",
        content_type="text/plain",
        size=4,
        sha256="0" * 64,
        path=uuid.uuid4().hex,
        about_kind=subject._meta.model_name,
        about=subject.uid,
        author=author,
    )
    return make.fresh(make.saved(row))
