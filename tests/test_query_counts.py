"""How many statements each page and endpoint costs: as many for 10 rows behind it as for 1,000."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import crm.lists  # noqa: F401  (fills PAGES)
import outreach.lists  # noqa: F401
from access.middleware import needed_by, record_of
from access.models import Notice
from access.roles import ROLES, Action, Role
from access.settling import every
from crm.models import (
    Affiliate,
    Affiliation,
    Contact,
    ContactEmail,
    ContactList,
    ContactListMember,
    Interaction,
    InteractionContact,
    InteractionOrganization,
    InteractionOrganizer,
    Organization,
    OrganizationCommunity,
    Task,
)
from lists.pages import PAGES
from outreach.models import (
    AffiliateGoal,
    Asset,
    Commitment,
    CommitteeMember,
    Evaluation,
    Event,
    EventOrganization,
    EventOwnRole,
    JointAction,
    JointActionPartner,
    MapActor,
    MapTie,
    Placement,
    PowerMap,
    Program,
    ProgramStep,
    SignOff,
    Step,
    StepMeeting,
    SurveyMissing,
    SurveyRound,
    SurveyTie,
    Target,
    TargetStep,
)
from tests import make, world
from tests.test_routes import OURS, address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("untold_contexts")]
FEW, MANY = 10, 1_000
MOST = 6  # statements of a list page: session, user, rows, their texts in two, what waits
UNCOUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
# Who opens a page first: the first of these that may.
ROLES_TRIED = (Role.LEAD, Role.DATA_MANAGER, Role.ADMINISTRATOR)


def statements(client, url: str) -> int:
    found = 0

    def count(execute, sql, params, many, context):
        nonlocal found
        found += not sql.startswith(UNCOUNTED)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        response = client.get(url)
        if response.streaming:
            b"".join(response.streaming_content)
    return found


class Behind:
    """Rows behind the pages of a user: partners, people, meetings, follow-ups, and their ties."""

    def __init__(self, here, user, found: world.World):
        self.here, self.user, self.found = here, user, found
        self.kind, self.community = make.kind(), make.community()
        self.body = found.own[Affiliate]

    def grow(self, to: int) -> None:
        """Add rows of each kind until there are so many, and as many on one partner and person."""
        there = every(Organization).count()
        numbers = range(there, there + to)
        common = [{"home": self.here, "name": f"Row {n}", "sort_name": f"row {n}"} for n in numbers]
        partners = self._put(Organization, [c | {"owner": self.user} for c in common])
        people = self._put(Contact, common)
        self._put(
            Affiliate, [c | {"kind_id": self.body.kind_id, "parent": self.body} for c in common]
        )
        day = make.DAY
        meetings = self._put(
            Interaction,
            [
                {"home": self.here, "kind": self.kind, "day": day - timedelta(days=n % 90)}
                for n in numbers
            ],
        )
        one, person = self.found.own[Organization], self.found.own[Contact]
        for partner, contact, meeting in zip(partners, people, meetings, strict=True):
            partner.pairs = [(partner, contact, meeting), (one, person, meeting)]
        pairs = [pair for partner in partners for pair in partner.pairs]
        self._put(
            InteractionOrganization,
            [
                {"organization": p, "interaction": m, "position": n % 2}
                for n, (p, _c, m) in enumerate(pairs)
            ],
        )
        self._put(
            InteractionContact,
            [
                {"contact": c, "interaction": m, "position": n % 2}
                for n, (_p, c, m) in enumerate(pairs)
            ],
        )
        self._put(InteractionOrganizer, [{"user": self.user, "interaction": m} for m in meetings])
        step = self.found.own[ProgramStep]
        self._put(StepMeeting, [{"program_step": step, "interaction": m} for m in meetings])
        self._put(
            Affiliation,
            [{"organization": p, "contact": c} for p, c in zip(partners, people, strict=True)],
        )
        self._put(Affiliation, [{"organization": one, "contact": c} for c in people])
        self._put(ContactEmail, [{"contact": c, "email": f"p{c.pk}@mail.example"} for c in people])
        self._put(
            OrganizationCommunity,
            [{"organization": p, "community": self.community} for p in partners],
        )
        programs = self._put(
            Program,
            [
                c | {"affiliate": self.body, "lead": self.user, "start": day, "end": day}
                for c in common
            ],
        )
        steps = self._put(
            ProgramStep,
            [
                {"home": self.here, "program": p, "step": step, "owner": self.user, "due": day}
                for p in programs
                for step in Step.objects.all()
            ],
        )
        self._put(SignOff, [{"program_step": s, "day": day, "author": self.user} for s in steps])
        mine = self.found.own[Program]
        self._put(Target, [{"program": mine, "organization": p} for p in partners])
        self._put(Target, [{"program": p, "organization": one} for p in programs])
        aim = self.found.own[Target]
        self._put(TargetStep, [{"target": aim, "text": f"Row {n}", "day": day} for n in numbers])
        self._put(
            Commitment,
            [
                {"home": self.here, "organization": o, "contact": person, "by": "us", "text": "Tea"}
                | {"due": day, "first_due": day, "made_on": day, "owner": self.user}
                for partner in partners
                for o in (partner, one)
            ],
        )
        acts = self._put(
            JointAction,
            [
                {"home": self.here, "program": mine, "title": f"Row {n}", "start": day}
                for n in numbers
            ],
        )
        asked = {"asked_on": day, "expires": timezone.now(), "program": mine}
        self._put(Evaluation, [asked | {"organization": p} for p in partners])
        links = [{"joint_action": a, "organization": one} for a in acts]
        act = self.found.own[JointAction]
        links += [{"joint_action": act, "organization": p} for p in partners]
        self._put(JointActionPartner, links)
        word = make.fresh(self.found.own[Event]).kind
        meets = self._put(
            Event,
            [
                {"home": self.here, "kind": word, "name": f"Row {n}", "sort_name": f"row {n}"}
                | {"day": day, "last_day": day, "owner": self.user}
                for n in numbers
            ],
        )
        roles = [{"event": e, "organization": one, "role": "host"} for e in meets]
        mine_too = self.found.own[Event]
        roles += [{"event": mine_too, "organization": p, "role": "sponsor"} for p in partners]
        self._put(EventOrganization, roles)
        self._put(
            EventOwnRole, [{"event": mine_too, "role": "speaker", "what": f"{n}"} for n in numbers]
        )
        board = self.found.own[PowerMap]
        self._put(
            PowerMap,
            [{"home": self.here, "program": mine, "question": f"{n}", "day": day} for n in numbers],
        )
        who = self._put(MapActor, [{"power_map": board, "organization": p} for p in partners])
        place = {"stance": 3, "influence": 3, "author": self.user}
        self._put(
            Placement,
            [
                place | {"map_actor": one, "day": day - timedelta(days=n)}
                for one in who
                for n in (0, 40)
            ],
        )
        tied = self.found.own[MapActor]
        self._put(MapTie, [{"one": tied, "other": one, "kind": "work"} for one in who])
        self._put(Asset, [{"program": mine, "kind": "place", "name": f"Hall {n}"} for n in numbers])
        self._put(AffiliateGoal, [{"program": mine, "goal": f"Goal {n}"} for n in numbers])
        self._put(CommitteeMember, [{"program": mine, "name": f"Ana {n}"} for n in numbers])
        asked = {"home": self.here, "program": mine, "opens": day, "closes": day, "zone": "UTC"}
        self._put(SurveyRound, [asked | {"title": f"Survey {n}"} for n in numbers])
        tie = {"round": self.found.own[SurveyRound], "category": "educator", "tie": "works"}
        self._put(
            SurveyTie,
            [tie | {"answer": p.uid, "organization": p, "folded": p.sort_name} for p in partners]
            + [tie | {"answer": p.uid, "folded": f"x{p.sort_name}"} for p in partners],
        )
        missed = {"round": self.found.own[SurveyRound]}
        self._put(
            SurveyMissing,
            [missed | {"answer": p.uid, "organization": p, "folded": p.sort_name} for p in partners]
            + [missed | {"answer": p.uid, "folded": f"x{p.sort_name}"} for p in partners],
        )
        about = [row for three in zip(partners, people, meetings, strict=True) for row in three]
        tasks = self._put(
            Task,
            [
                {
                    "home": self.here,
                    "owner": self.user,
                    "title": f"Call {n}",
                    "due": day,
                    "first_due": day,
                    "about_kind": row._meta.model_name,
                    "about": row.uid,
                }
                for n, row in enumerate(about)
            ],
        )
        lists = self._put(ContactList, [c | {"owner": self.user} for c in common])
        mine = self.found.own[ContactList]
        self._put(ContactListMember, [{"contact_list": row, "contact": person} for row in lists])
        self._put(ContactListMember, [{"contact_list": mine, "contact": c} for c in people])
        Notice.objects.bulk_create(
            [Notice(user=self.user, kind="given", about=task.uid) for task in tasks]
        )

    @staticmethod
    def _put(model, rows: list[dict]) -> list:
        made = [model(**row) for row in rows]
        return list(every(model).bulk_create(made))


@pytest.fixture
def people(here, elsewhere):
    """(client of each role, the world of the lead, the rows behind her pages)."""
    lead = make.user(here.region, home=here, role=Role.LEAD)
    found = world.build(here, elsewhere, lead)
    clients = {}
    for role in ROLES_TRIED:
        user = lead if role == Role.LEAD else make.user(here.region, home=here, role=role)
        clients[role] = Client()
        clients[role].force_login(user)
    return clients, found, Behind(here, lead, found)


def asked(clients, found):
    """(name, client, address) of each page and endpoint that is opened by an address alone."""
    for route in OURS:
        path, view, name = route.values
        action = needed_by(view, name)
        role = next((r for r in ROLES_TRIED if action == Action.PUBLIC or action in ROLES[r]), None)
        if role is None or "<str:token>" in path or "<uuid:part>" in path:
            continue
        uid = found.uid("own", record_of(view)) if "uid>" in path else None
        url = address(path, uid)
        yield (
            name or path,
            clients[role],
            f"{url}?view=all" if name.partition(":")[2] in PAGES else url,
        )


def test_the_number_of_statements_does_not_grow(people, monkeypatch):
    monkeypatch.setattr("access.kept.LASTS", 3_600)  # the sweep may take longer than a minute
    clients, found, behind = people
    routes = list(asked(clients, found))
    few, many = {}, {}
    with time_machine.travel(timezone.now(), tick=False):  # a visit is noted once a minute
        for _name, client, url in routes:
            client.get(url)  # the first request notes the session, and fills what is kept
        for told, rows in ((few, FEW), (many, MANY)):
            behind.grow(rows)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # upkeep and the server do that in time
            told |= {name: statements(client, url) for name, client, url in routes}
    assert len(few) > 100
    assert {n: (few[n], many[n]) for n in few if few[n] != many[n]} == {}


@pytest.mark.parametrize("name", [*PAGES])
def test_a_list_page_costs_six_statements_at_the_most(people, name):
    clients, _found, behind = people
    behind.grow(60)
    client, url = clients[Role.LEAD], f"{reverse(f'{PAGES[name].namespace}:{name}')}?view=all"
    client.get(url)  # the first request notes the session
    assert statements(client, url) <= MOST
