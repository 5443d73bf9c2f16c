"""Rows for tests: one function per model, every field optional."""

import re
import time
from datetime import date, timedelta
from itertools import count
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from access.actors import actor_of
from access.models import Access, Area, Region, State, Token, User
from access.recording import running
from access.scope import SYSTEM, Actor
from access.settling import every
from crm import models
from lists import imports
from lists.folding import fold
from lists.models import Import, Purpose, SavedView
from outreach.models import (
    Commitment,
    Evaluation,
    Event,
    EventKind,
    EventOrganization,
    EventOwnRole,
    JointAction,
    JointActionPartner,
    MapActor,
    Placement,
    PlanTemplate,
    PlanTemplateStep,
    PowerMap,
    Program,
    ProgramCommunity,
    ProgramStep,
    Step,
    StepCheck,
    SurveyRound,
    SurveyTie,
    Target,
)

_numbers = count(1)
SETUP = Actor(None, SYSTEM, None, reason="test")
DAY = date(2026, 11, 2)


def saved(*rows):
    """Write the rows as one command of nobody; returns the first."""
    with running("Setup", SETUP):
        for row in rows:
            row.save()
    return rows[0]


def saved_delete(row):
    """Take a row away, as one command of nobody."""
    with running("Setup", SETUP):
        row.delete()


def fresh(row):
    """The row as it is stored now."""
    return every(type(row)).get(pk=row.pk)


def region(**fields):
    n = next(_numbers)
    return saved(Region(**{"code": f"region-{n}", "name": f"Region {n}", "position": n} | fields))


def state(region=None, **fields):
    n = next(n for n in _numbers if n % 676 != 13 * 26)  # "Na" in a list means nothing
    region = region or globals()["region"]()
    code = chr(65 + n // 26 % 26) + chr(97 + n % 26)
    return saved(
        State(**{"code": code, "name": f"State {n}", "region": region, "position": n} | fields)
    )


def outside():
    """The reserved state that stands for outside regions."""
    return State.objects.filter(code="--").first() or saved(
        State(code="--", name="Outside regions")
    )


def user(*areas, role="organizer", home=None, everywhere=False, **fields):
    """A user whose areas are these regions and states; her home is the first state of them."""
    outside()
    n = next(_numbers)
    person = User.objects.create_user(
        email=fields.pop("email", f"user{n}@partnerships.example"),
        password=fields.pop("password", "quiet-river-4812"),
        **{"name": f"User {n}"} | fields,
    )
    if home is None:
        for area in areas:
            home = area if isinstance(area, State) else State.objects.filter(region=area).first()
            if home:
                break
    access = Access(user=person, role=role, everywhere=everywhere, home=home or outside())
    rows = [
        Area(access=access, **{"state" if isinstance(a, State) else "region": a}) for a in areas
    ]
    saved(access, *rows)
    return person


def token(person, name="Nightly report", days=30):
    """A token of hers for the API: its row, and the text that a program sends."""
    return Token.objects.create(user=person, name=name, expiry=timedelta(days=days))


def signed_in(person, minutes_ago=0) -> Client:
    """A client of a user who gave her password so long ago."""
    client = Client()
    client.force_login(person)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - 60 * minutes_ago}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


def actor(*areas, **fields):
    return actor_of(user(*areas, **fields))


def _reference(model, **fields):
    n = next(_numbers)
    name = model.__name__.lower()
    return saved(
        model(**{"code": f"{name}-{n}", "name": f"{model.__name__} {n}", "position": n} | fields)
    )


def community(**fields):
    return _reference(models.Community, **fields)


def focus_area(**fields):
    return _reference(models.FocusArea, **fields)


def kind(**fields):
    """A kind of interaction."""
    return _reference(models.InteractionKind, **fields)


def stage(**fields):
    return _reference(models.Stage, **fields)


def language(**fields):
    return _reference(models.Language, **fields)


def purpose(**fields):
    return _reference(Purpose, **fields)


def saved_view(owner, page="organizations", query=None, shared=False, **fields):
    """A view that the user keeps: hers alone, or shared."""
    fields = {"name": f"View {next(_numbers)}"} | fields
    visibility = "team" if shared else "restricted"
    row = SavedView(owner=owner, page=page, query=query or {}, visibility=visibility, **fields)
    return fresh(saved(row))


def uploaded(owner, text="name,city\nCasa,Reno\n", name="list.csv", kind="organizations"):
    """A list that the user has uploaded and done nothing with yet."""
    content = text if isinstance(text, bytes) else text.encode()
    row = imports.take_up(actor_of(owner), SimpleUploadedFile(name, content), kind)
    return Import.objects.select_related("owner", "plan", "work", "undoing", "run").get(pk=row.pk)


def contact_list(owner, contacts=(), view=None, shared=False, **fields):
    """A list that the user keeps: by hand with these people on it, or fed by the view."""
    fields = {"name": f"List {next(_numbers)}", "view": view.uid if view else None} | fields
    visibility = "team" if shared else "restricted"
    row = models.ContactList(owner=owner, visibility=visibility, **fields)
    rows = [models.ContactListMember(contact_list=row, contact=c) for c in contacts]
    return fresh(saved(row, *rows))


def affiliate(state=None, **fields):
    n = next(_numbers)
    outside()
    if not {"kind", "kind_id"} & set(fields):
        fields["kind"] = _reference(models.AffiliateKind)
    return fresh(saved(models.Affiliate(**{"name": f"Affiliate {n}", "state": state} | fields)))


def organization(state=None, communities=(), focus_areas=(), owner=None, stage=None, **fields):
    n = next(_numbers)
    outside()
    row = models.Organization(**{"name": f"Organization {n}"} | fields)
    rows = [models.Location(organization=row, state=state, is_main=True)] if state else []
    rows += [models.OrganizationCommunity(organization=row, community=c) for c in communities]
    rows += [models.OrganizationFocusArea(organization=row, focus_area=f) for f in focus_areas]
    if owner:
        rows.append(models.OwnerSince(organization=row, owner=owner, day=DAY))
    if stage:
        rows.append(models.StageSince(organization=row, stage=stage, day=DAY))
    return fresh(saved(row, *rows))


def contact(state=None, organization=None, organizations=(), emails=(), phones=(), **fields):
    """A person of the organizations (the first is the main one), or of a state without any."""
    n = next(_numbers)
    outside()
    row = models.Contact(**{"name": f"Person {n}", "state": state} | fields)
    partners = [organization] if organization else list(organizations)
    rows = [
        models.Affiliation(contact=row, organization=o, is_primary=not i)
        for i, o in enumerate(partners)
    ]
    rows += [models.ContactEmail(contact=row, email=e) for e in emails]
    rows += [models.ContactPhone(contact=row, number=p) for p in phones]
    return fresh(saved(row, *rows))


def affiliation(contact, organization, **fields):
    return saved(models.Affiliation(contact=contact, organization=organization, **fields))


def interaction(
    state=None, organization=None, organizations=(), contacts=(), organizers=(), **fields
):
    if organization is None and not organizations and not contacts:
        organization = globals()["organization"](state=state)
    outside()
    if not {"kind", "kind_id"} & set(fields):
        fields["kind"] = kind()
    row = models.Interaction(**{"day": DAY, "summary": "Tea."} | fields)
    partners = [organization] if organization else list(organizations)
    rows = [
        models.InteractionOrganization(interaction=row, organization=o, position=n)
        for n, o in enumerate(partners)
    ]
    rows += [
        models.InteractionContact(interaction=row, contact=c, position=n)
        for n, c in enumerate(contacts)
    ]
    rows += [models.InteractionOrganizer(interaction=row, user=u) for u in organizers]
    return fresh(saved(row, *rows))


def task(state=None, about=None, owner=None, **fields):
    """A follow-up about a row, else about a new organization of the state."""
    about = about or organization(state=state)
    owner = owner or user(*([state] if state else []))
    row = models.Task(**{"title": f"Task {next(_numbers)}", "due": DAY, "owner": owner} | fields)
    row.about_kind, row.about = about._meta.model_name, about.uid
    return fresh(saved(row))


STEPS = ("goals", "members", "map", "relationships", "act")


def steps():
    """The five steps with two checks each; those that are there, or new ones."""
    if not Step.objects.exists():
        rows = [Step(code=c, name=f"Step {c}", position=n) for n, c in enumerate(STEPS, 1)]
        checks = [
            StepCheck(step=row, code=f"{row.code}-{n}", name=f"Check {row.code} {n}", position=n)
            for row in rows
            for n in (1, 2)
        ]
        saved(*rows)
        saved(*checks)
    return list(Step.objects.order_by("position"))


def program(state=None, affiliate=None, owner=None, communities=(), **fields):
    """A program of an affiliate with its five steps, all of one owner."""
    affiliate = affiliate or globals()["affiliate"](state)
    days = {"start": DAY, "end": DAY + timedelta(days=300)}
    fields = {"name": f"Program {next(_numbers)}", "affiliate": affiliate} | days | fields
    row = Program(**fields)
    rows = [
        ProgramStep(
            program=row, step=step, owner=owner, due=row.start + timedelta(days=60 * step.position)
        )
        for step in steps()
    ]
    rows += [ProgramCommunity(program=row, community=c) for c in communities]
    return fresh(saved(row, *rows))


def target(program, organization):
    """An organization that a program wants to know."""
    return fresh(saved(Target(program=program, organization=organization)))


def plan(days=(0, 10, 30), **fields):
    """A plan whose steps lie so many days after the start."""
    row = _reference(PlanTemplate, **fields)
    steps = [
        PlanTemplateStep(template=row, code=f"{row.code}-{n}", name=f"Plan step {n}", days=n)
        for n in days
    ]
    saved(*steps)
    return row


def evaluation(program, organization, days=10, **fields):
    """A partner was asked to look back; the link works so many days."""
    expires = timezone.now() + timedelta(days=days)
    fields = {"asked_on": DAY, "expires": expires} | fields
    return fresh(saved(Evaluation(program=program, organization=organization, **fields)))


def joint_action(program, partners=(), **fields):
    """Something that a program does with these partners."""
    fields = {"title": f"Action {next(_numbers)}", "issue": "both", "start": DAY} | fields
    row = JointAction(program=program, **fields)
    links = [JointActionPartner(joint_action=row, organization=p) for p in partners]
    return fresh(saved(row, *links))


def event(state=None, partners=(), ours=(), **fields):
    """An event in a state: (organization, role) of each partner, and our own roles."""
    fields = {"name": f"Event {next(_numbers)}", "day": DAY, "state": state} | fields
    fields |= {} if {"kind", "kind_id"} & set(fields) else {"kind": _reference(EventKind)}
    row = Event(**fields)
    rows = [EventOrganization(event=row, organization=o, role=role) for o, role in partners]
    rows += [EventOwnRole(event=row, role=role) for role in ours]
    return fresh(saved(row, *rows))


def power_map(program, **fields):
    """A power map of a program, with nobody on it."""
    fields = {"question": f"Question {next(_numbers)}", "day": DAY} | fields
    return fresh(saved(PowerMap(program=program, **fields)))


def map_actor(power_map, *places, **fields):
    """Somebody on a power map, at these places: (day, stance, influence)."""
    if "organization" not in fields:
        fields = {"name": f"Office {next(_numbers)}"} | fields
    row = MapActor(power_map=power_map, **fields)
    placed = [
        Placement(map_actor=row, day=day, stance=stance, influence=influence)
        for day, stance, influence in places or [(DAY, 3, 3)]
    ]
    return fresh(saved(row, *placed))


def promise(organization, **fields):
    """A promise of ours to a partner."""
    fields = {"text": f"Promise {next(_numbers)}", "by": "us", "due": DAY, "made_on": DAY} | fields
    return fresh(saved(Commitment(organization=organization, **fields)))


def step_of(program, code):
    """The step of a program with this code."""
    return every(ProgramStep).select_related("step").get(program=program, step__code=code)


def survey(program, **fields):
    """A round of a member survey, open for two weeks from DAY on, in New York's time."""
    days = {"opens": DAY, "closes": DAY + timedelta(days=14), "zone": "America/New_York"}
    fields = {"title": f"Survey {next(_numbers)}", "consent": "I agree."} | days | fields
    return fresh(saved(SurveyRound(program=program, **fields)))


def tie(survey, organization=None, typed="Casa", **fields):
    """A tie of a member to an organization, or to a name that waits for the team."""
    fields = {"answer": uuid4(), "category": "educator", "tie": "belongs"} | fields
    name = organization.name if organization else typed
    row = SurveyTie(round=survey, organization=organization, typed=name, folded=fold(name))
    for column, value in fields.items():
        setattr(row, column, value)
    return fresh(saved(row))


def meeting_values(*organizations, **values):
    """What a form sends to log a held meeting with these partners."""
    return {
        "kind": kind().code,
        "day": "2026-11-02",
        "status": "held",
        "visibility": "team",
        "summary": "Tea",
        "organizations": [str(row.uid) for row in organizations],
    } | values


def holds_number(response, end: str) -> bool:
    """Whether a page holds the digits as a number of their own, or as the end of one: not inside
    an address or a token, where chance puts any four digits.
    """
    return bool(re.search(rf"(?<![0-9a-zA-Z_/-]){end}\b|555\W?{end}", response.content.decode()))
