"""Every answer must be the same, byte for byte, before and after hidden and restricted rows are
added.
"""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import crm.lists  # noqa: F401  (fills PAGES)
import outreach.lists  # noqa: F401
from access.actors import actor_of
from access.commands import begin, end
from access.middleware import is_api, needed_by, record_of
from access.models import Notice, Region, State, User
from access.roles import Action, Role
from config.pages import SEARCHED
from crm.commands import AddOrganization, DeleteContact
from crm.models import (
    Affiliate,
    Contact,
    ContactList,
    ContactListMember,
    Interaction,
    Location,
    Organization,
    Task,
)
from lists import filters
from lists.models import SavedView
from lists.pages import PAGES
from lists.search import search
from outreach.models import (
    Event,
    EventOrganization,
    JointAction,
    JointActionPartner,
    MapActor,
    MapTie,
    PowerMap,
    Program,
    ProgramStep,
    SessionSeat,
    StepMeeting,
    SurveyMissing,
    SurveyRound,
    Target,
)
from tests import guests, make, world
from tests.edits import Edits
from tests.test_routes import OURS, address, body_of, may_read_restricted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("untold_contexts")]


# They sign out, or show every user and the whole record to administrators by intent.
NOT_ASKED = {"access:hide", "access:users", "access:user", "access:set_active", "settings:record"}


def requests(found):
    """(method, address, data) of every route, and of every list with every filter and order."""
    for route in OURS:
        path, view, name = route.values
        if needed_by(view, name) == Action.PUBLIC and "<" in path:
            continue
        if name in NOT_ASKED:
            continue
        row = found.row("own", record_of(view))
        yield "get", address(path, row.uid if row else found.uid("absent", None)), None
        if row is not None and path.endswith("<uuid:uid>/") and not is_api(view):
            for more in ("tab=history", "tab=timeline", "before=2026-11-20"):
                yield "get", f"{address(path, row.uid)}?{more}", None
    for page in PAGES.values():
        for bulk in page.bulk:
            url = f"{reverse(f'{page.namespace}:{page.name}')}bulk/?view=all"
            chosen = [f"{found.uid(kind, page.model)}.1" for kind in ("own", "hidden")]
            yield "post", url, {"do": bulk.name, "all": "1"}
            yield "post", url, {"do": bulk.name, "row": chosen}
        for kind in ("own", "hidden"):
            view = found.uid(kind, SavedView)
            yield "get", f"{reverse(f'{page.namespace}:{page.name}')}?view={view}&stage=gone", None
        prefix = reverse(f"{page.namespace}:{page.name}"), f"/api/v1/{page.api_name or page.name}/"
        for base in prefix:
            sorts = [s for c in page.columns if c.sort for s in (c.name, f"-{c.name}")]
            for sort in sorts:
                yield "part", f"{base}?sort={sort}", None
            for name, made in page.filters.items():
                for value in telling(found, made):
                    yield "part", f"{base}?{name}={value}", None
        if page.search_in:
            for text in (
                "o",
                "organization",
                "person",
                "canary",
                "theirs@mail.example",
                "ours@mail.example",
            ):
                yield "post", prefix[0], {"q": text}
                yield "post", f"{prefix[0]}choices/", {"q": text}
                yield "json", f"{prefix[1]}search/", {"q": text}
    for text in ("o", "organization", "person canary", "theirs@mail.example", "affiliate"):
        yield "post", "/find/", {"q": text}
    on_list = f"list={found.uid('own', ContactList)}"
    for url in (
        f"/people/?{on_list}",
        f"/people/export/?{on_list}",
        f"/api/v1/contacts/?{on_list}",
    ):
        yield "get", url, None
    sheet = reverse("crm:call_sheet", args=[found.uid("own", ContactList)])
    yield "post", sheet, {"confirm": "0"}
    yield from figures(found)


def figures(found):
    """The dashboard and a figure of the API with every filter, for what is seen and what is not."""
    days = "first=2026-01-01&last=2026-12-31"
    yield "get", f"/dashboards/where/?{days}", None
    yield "get", f"/changes/?{days}", None
    values = {"region": [found.here.region.code, found.elsewhere.region.code]}
    values["state"] = [found.here.code, found.elsewhere.code, "--"]
    values["affiliate"] = [found.uid(kind, Affiliate) for kind in ("own", "hidden")]
    users = [found.row("own", Task).owner_id, found.row("hidden", Task).owner_id]
    values["owner"] = [User.objects.get(pk=pk).uid for pk in users]
    for name, some in values.items():
        for value in some:
            yield "get", f"/dashboards/where/?{days}&{name}={value}", None
            yield "get", f"/api/v1/figures/by_affiliate/?{days}&{name}={value}", None


def telling(found, made) -> list[str]:
    """The values of a filter that could tell something about hidden rows."""
    model = made.of if isinstance(made, filters.Choose) else None
    if model is State:
        return [found.here.code, found.elsewhere.code, "--"]
    if model is Region:
        return [found.here.region.code, found.elsewhere.region.code]
    if model is not None:
        return [model.objects.order_by("pk").values_list("code", flat=True).first() or "none"]
    if isinstance(made, filters.Flag):
        return ["yes"]
    return ["2026-11-02"] if isinstance(made, filters.Day) else ["held", "open"]


def answer(client, method, url, data):
    if method == "part":  # a list without the frame around it, as htmx asks; the same of the API
        response = client.get(url, headers={"HX-Request": "true"})
    elif method == "json":
        response = client.post(url, data, content_type="application/json")
    else:
        response = getattr(client, method)(url, data) if data else getattr(client, method)(url)
    return response.status_code, body_of(response)


@pytest.mark.parametrize("role", list(Role))
@time_machine.travel("2026-11-24T15:00Z", tick=False)
def test_hidden_and_restricted_rows_change_no_answer(here, elsewhere, role):
    person = make.user(here.region, home=here, role=role)
    other = make.user(here.region, home=here)
    theirs = {r: make.user(elsewhere.region, home=elsewhere, role=r) for r in STAFF}
    ours = make.user(here.region, home=here, role=Role.LEAD)
    found = world.build(here, elsewhere, person)
    client = Client(raise_request_exception=True)
    client.force_login(person)
    asked = list(requests(found))
    before = [answer(client, *one) for one in asked]
    add_unseen(found, role, other)
    add_unseen_past(found, role, theirs, ours)
    cache.clear()  # the second round has a rate of requests of its own
    after = [answer(client, *one) for one in asked]
    different = [one for one, a, b in zip(asked, before, after, strict=True) if a != b]
    assert different == []


def add_unseen(found, role, other):
    """Rows of every kind that the viewer must not notice.

    Reference rows and users are known to all.
    """
    held_kind = make.fresh(found.own[Interaction]).kind_id
    affiliate_kind = make.fresh(found.own[Affiliate]).kind_id
    make.saved_view(other, name="Canary view")
    make.contact_list(other, [found.own[Contact]], name="Canary list")
    their_user = User.objects.get(pk=make.fresh(found.hidden[Task]).owner_id)
    make.saved_view(their_user, name="Canary view", shared=True)
    for _n in range(3):
        partner = make.organization(state=found.elsewhere, name="Organization Twin")
        guest = make.contact(organization=partner, emails=["theirs@mail.example"])
        members = ContactListMember(contact_list=found.own[ContactList], contact=guest)
        make.saved(members)
        met = make.interaction(organization=partner, contacts=[guest], kind_id=held_kind)
        make.saved(StepMeeting(program_step=found.own[ProgramStep], interaction=met))
        make.task(about=partner, owner=their_user)
        body = make.affiliate(found.elsewhere, kind_id=affiliate_kind)
        twin = make.program(affiliate=body, owner=their_user, name="Program Twin")
        make.joint_action(twin, [found.own[Organization]])
        make.promise(partner, owner=their_user)
        make.saved(EventOrganization(event=found.own[Event], organization=partner, role="sponsor"))
        came = guests.attendance(found.own[Event], guest, "attended")
        guests.seat(make.fresh(found.own[SessionSeat]).session, came)
        kind = make.fresh(found.own[Event]).kind_id
        make.event(found.elsewhere, [(partner, "host")], kind_id=kind, name="Event Twin")
        acts = found.own[JointAction]
        make.saved(JointActionPartner(joint_action=acts, organization=partner))
        make.evaluation(found.own[Program], partner)
        # Somebody on her map who stands for a partner that she does not see, tied to one she sees.
        guest = make.map_actor(found.own[PowerMap], organization=partner)
        make.saved(MapTie(one=found.own[MapActor], other=guest, kind="civic"))
        make.map_actor(make.power_map(twin))
        # A target that she does not see, though the program is hers; and it was met.
        make.saved(Target(program=found.own[Program], organization=partner))
        make.tie(make.survey(twin, title="Survey Twin"), partner)
        make.tie(found.own[SurveyRound], partner)  # of hers, to a partner that she does not see
        missed = {"answer": uuid4(), "typed": partner.name, "organization": partner}
        make.saved(SurveyMissing(round=found.own[SurveyRound], **missed))
    if may_read_restricted(role):
        return
    make.task(about=found.own[Organization], made_in=found.restricted[Interaction].uid, owner=other)
    partner = make.fresh(Organization.objects.visible_to(make.SETUP).filter(home=found.here).last())
    canary = make.contact(
        organization=partner,
        visibility="restricted",
        author=other,
        name="Person Canary",
        emails=["theirs@mail.example"],
    )
    make.saved(ContactListMember(contact_list=found.own[ContactList], contact=canary))
    guests.attendance(found.own[Event], canary, "attended")
    held = make.interaction(
        organizations=[partner],
        visibility="restricted",
        author=other,
        day="2026-11-20",
        kind_id=held_kind,
    )
    make.task(about=held, owner=other)
    make.promise(partner, made_in=held.uid, owner=other, by="person", contact=canary)


STAFF = (Role.LEAD, Role.DATA_MANAGER)


def add_unseen_past(found, role, theirs, ours):
    """What was imported, deleted and told of rows that the viewer does not see."""
    delete(actor_of(theirs[Role.LEAD]), make.contact(state=found.elsewhere, name="Person Twin"))
    importer = actor_of(theirs[Role.DATA_MANAGER])
    run = begin("ImportList", importer)
    place = [{"kind": "physical", "state": found.elsewhere.code, "is_main": True}]
    AddOrganization.many(importer, [{"name": "Twin", "locations": place}], run=run)
    end(run, importer, 1)
    tell(found, "hidden")
    if not may_read_restricted(role):
        delete(actor_of(ours), make.contact(state=found.here, visibility="restricted"))
        tell(found, "restricted")


def delete(actor, row):
    DeleteContact(actor, {"revision": row.revision}, instance=row).run()


def tell(found, kind):
    """Notices to the viewer of rows that were hidden from her since."""
    later = timezone.now() + timedelta(seconds=1)
    about = {"given": Task, "handed-over": Organization, "named": Interaction, "opened": Contact}
    viewer = found.own[ContactList].owner_id
    for name, model in about.items():
        if row := found.row(kind, model):
            Notice.objects.create(user_id=viewer, kind=name, about=row.uid, at=later)


def test_the_twin_covers_pages_and_endpoints():
    assert sum(1 for r in OURS if is_api(r.values[1])) >= 10
    assert len(PAGES) >= 5


def test_hidden_names_change_no_search(here, elsewhere, monkeypatch):
    """Not the hits, their number or their order: of few rows, and of more than are ranked."""
    monkeypatch.setattr("lists.search.CLOSE", 40)
    person, other = make.user(here.region, home=here), make.user(here.region, home=here)
    viewer, edits = actor_of(person), Edits(make.SETUP, [here, elsewhere], person, seed=7)
    unseen = {"state": elsewhere}, {"state": here, "visibility": "restricted", "author": other}
    dark = [
        Contact(name="Zzyzx", **where) for where in unseen for _n in range(60)
    ]  # older than what is seen, so that they stand before it in the index
    make.saved(*dark)
    seen = [Contact(name=f"Casa {edits.name()}", state=here) for _n in range(60)]
    partners = [Organization(name=edits.name()) for _n in range(30)]
    make.saved(*seen, *partners, *(Location(organization=p, state=here) for p in partners))
    make.interaction(organization=partners[0], contacts=seen[-3:], organizers=[person])
    texts = ["casa", "c", "na", "mari an"] + [edits.text() for _n in range(196)]
    before = [search(viewer, text, SEARCHED) for text in texts]
    for row in dark:
        row.name = f"Casa {edits.name()}"
    more = [Organization(name=f"Casa {edits.name()}") for _n in range(60)]
    make.saved(*dark, *more, *(Location(organization=p, state=elsewhere) for p in more))
    make.interaction(organizations=more[:20], contacts=dark[:20], organizers=[person])
    wrong = [
        text
        for text, found in zip(texts, before, strict=True)
        if search(viewer, text, SEARCHED) != found
    ]
    assert wrong == []
    assert sum(map(len, before)) > len(texts)
