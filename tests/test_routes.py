"""Tests written by the URLconf: a new route is tested the moment it exists."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

import crm.lists  # noqa: F401  (fills PAGES)
from access.middleware import is_api, library_views, needed_by, record_of
from access.models import Access, Run, Token
from access.roles import ROLES, Action, Role
from lists.pages import PAGES
from tests import make, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("untold_contexts")]
METHODS = ["get", "post", "put", "patch", "delete"]


def routes(patterns=None, prefix="/", names=()):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            inner = (*names, pattern.namespace) if pattern.namespace else names
            yield from routes(pattern.url_patterns, path, inner)
        else:
            name = ":".join([*names, pattern.name]) if pattern.name else ""
            yield pytest.param(path, pattern.callback, name, id=f"{name or path}")


ROUTES = list(routes())
OURS = [r for r in ROUTES if r.values[2] not in library_views()]
RECORD_ROUTES = [r for r in OURS if "uid>" in r.values[0] and record_of(r.values[1])]
PLAIN_ROUTES = [r for r in OURS if "<" not in r.values[0]]


def address(path: str, uid, part=None) -> str:
    path = re.sub(r"<uuid:uid>", str(uid), path)
    path = re.sub(r"<uuid:part>", str(part or uuid.UUID(int=9)), path)
    return re.sub(r"<str:token>", "no-token", path)


def body_of(response) -> bytes:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    body = re.sub(rb'name="(key|uid|csrfmiddlewaretoken)" value="[^"]*"', b"", body)
    body = re.sub(rb"X-CSRFToken[^}]*", b"", body)
    return re.sub(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", b"", body)


@pytest.mark.parametrize(("path", "view", "name"), ROUTES)
def test_route_says_who_may_use_it(path, view, name):
    assert needed_by(view, name) is not None


@pytest.mark.parametrize(("path", "view", "name"), [r for r in OURS if "uid>" in r.values[0]])
def test_route_with_a_record_says_which(path, view, name):
    assert record_of(view) or needed_by(view, name) == Action.PUBLIC


def viewer(role, here):
    return make.user(here.region, home=here, role=role)


@pytest.fixture
def seen(here, elsewhere, request):
    """(world, client, role) of a role that looks at its own region."""
    person = viewer(request.param, here)
    client = Client()
    client.force_login(person)
    return world.build(here, elsewhere, person), client, request.param


ROLE_NAMES = list(Role)


@pytest.mark.parametrize("seen", ROLE_NAMES, indirect=True)
def test_hidden_and_restricted_look_like_nothing(seen):
    """Same status and same words for what is hidden and for what never was, on every method."""
    found, client, role = seen
    told = []
    for route in RECORD_ROUTES:
        path, view, _name = route.values
        model = record_of(view)
        if model is Access and role == Role.ADMINISTRATOR:
            continue  # administrators see every user
        for method in METHODS:
            send = getattr(client, method)
            none = send(address(path, found.uid("absent", model)))
            for kind in ("hidden", "restricted"):
                row = found.row(kind, model)
                if row is None or (kind == "restricted" and may_read_restricted(role)):
                    continue
                one = send(address(path, row.uid))
                same = one.status_code == none.status_code and body_of(one) == body_of(none)
                if not same or one.status_code not in {403, 404, 405}:
                    told.append((path, method, kind, one.status_code, none.status_code))
    assert told == []


@pytest.mark.parametrize("seen", ROLE_NAMES, indirect=True)
def test_a_ticked_row_that_is_hidden_looks_like_none(seen):
    """On the page that asks before many rows change, and in what is said after it."""
    found, client, role = seen
    told, tried = [], 0
    for page in PAGES.values():
        kinds = ["hidden"] if may_read_restricted(role) else ["hidden", "restricted"]
        rows = [row for kind in kinds if (row := found.row(kind, page.model))]
        url = f"{reverse(f'{page.namespace}:{page.name}')}bulk/?view=all"
        for bulk in page.bulk:
            for more in ({}, {"go": "1", "count": "1"}):
                sent = {"do": bulk.name} | more
                ticked = [found.uid("absent", None), *(row.uid for row in rows)]
                answers = [
                    client.post(url, sent | {"row": f"{uid}.1"}, follow=True) for uid in ticked
                ]
                none, *others = [(a.status_code, body_of(a)) for a in answers]
                told += [(page.name, bulk.name, more) for one in others if one != none]
                tried += len(others)
    assert told == [] and tried


def may_read_restricted(role) -> bool:
    return role == Role.LEAD  # the lead's areas hold the home of the restricted rows


@pytest.mark.parametrize("seen", ROLE_NAMES, indirect=True)
def test_own_record_opens_for_the_roles_that_may(seen):
    found, client, role = seen
    wrong = []
    for route in RECORD_ROUTES:
        path, view, name = route.values
        row = found.row("own", record_of(view))
        if row is None or "<uuid:part>" in path:
            continue
        status = client.get(address(path, row.uid)).status_code
        allowed = {200, 405} if needed_by(view, name) in ROLES[role] else {403}
        if name == "access:stored_file":
            allowed = {404}  # the bytes of this file are not on the disk
        if status not in allowed:
            wrong.append((path, status))
    assert wrong == []


def may_read(name: str, role) -> bool:
    """Whether the role may read the list that an export is of."""
    page = PAGES[name.partition(":")[2].removesuffix("_export")]
    return page.action in ROLES[role]


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_page_opens_for_the_roles_that_may(here, role):
    client = Client()
    client.force_login(viewer(role, here))
    wrong = []
    for route in PLAIN_ROUTES:
        path, view, name = route.values
        response, action = client.get(path), needed_by(view, name)
        allowed = {200, 302, 405} if action in ROLES[role] else {403}
        if name.endswith("_export") and not may_read(name, role):
            allowed = {403}
        if name == "access:second_factor" or (
            name in ("crm:affiliates_export", "outreach:program-steps_export")
            and role == Role.ORGANIZER
        ):
            allowed = {403}
        if name == "settings:logo":
            allowed = {404}  # there is none yet
        kept_out_of_caches = "no-store" in response.get("Cache-Control", "")
        if response.status_code not in allowed or not (
            kept_out_of_caches or action == Action.PUBLIC
        ):
            wrong.append((path, response.status_code))
    assert wrong == []


def test_nobody_gets_nothing_without_signing_in(client, here):
    wrong = []
    for route in OURS:
        path, view, name = route.values
        if needed_by(view, name) == Action.PUBLIC:
            continue
        for method in METHODS:
            response = getattr(client, method)(address(path, uuid.UUID(int=7)))
            if is_api(view):
                fine = response.status_code in {401, 405}
            else:
                fine = response.status_code == 302 and response["Location"].startswith(
                    "/accounts/login/"
                )
            if not fine:
                wrong.append((path, method, response.status_code))
    assert wrong == []


def test_a_deactivated_user_gets_nothing(here):
    person = viewer("organizer", here)
    client = Client()
    client.force_login(person)
    cookies = client.cookies["sessionid"].value
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    wrong = []
    for route in [*PLAIN_ROUTES, *RECORD_ROUTES]:
        path, view, name = route.values
        if needed_by(view, name) == Action.PUBLIC:
            continue
        client.cookies["sessionid"] = cookies
        response = client.get(address(path, uuid.UUID(int=7)))
        fine = (
            response.status_code in {401, 405}
            if is_api(view)
            else (
                response.status_code == 302 and response["Location"].startswith("/accounts/login/")
            )
        )
        if not fine:
            wrong.append((path, response.status_code))
    assert wrong == []


API_ROUTES = [r for r in OURS if is_api(r.values[1])]


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_token_sees_what_its_user_sees(here, elsewhere, role):
    """The same answer by token and by cookie; nothing with a wrong, missing or expired token."""
    person = viewer(role, here)
    found = world.build(here, elsewhere, person)
    _row, token = Token.objects.create(user=person, name="test")
    by_cookie = Client()
    by_cookie.force_login(person)
    by_token = Client(headers={"Authorization": f"Token {token}"})
    by_wrong = Client(headers={"Authorization": f"Token {token[:-1]}x"})
    urls = [address(r.values[0], found.uid("own", record_of(r.values[1]))) for r in API_ROUTES]
    for url in urls:
        one, two = by_token.get(url), by_cookie.get(url)
        assert (one.status_code, one.content) == (two.status_code, two.content)
        assert by_wrong.get(url).status_code == 401
    Token.objects.all().update(expiry="2020-01-01T00:00Z")
    assert {by_token.get(url).status_code for url in urls} == {401}


@pytest.mark.parametrize("role", ROLE_NAMES)
def test_a_change_of_role_holds_from_the_next_request(here, role):
    person = viewer("data-manager", here)
    client = Client()
    client.force_login(person)
    assert client.get(reverse("crm:people_export")).status_code == 200
    access = make.fresh(person.access)
    access.role = role
    make.saved(access)
    expected = 200 if Action.EXPORT in ROLES[role] else 403
    assert client.get(reverse("crm:people_export")).status_code == expected
    assert client.get(reverse("access:users")).status_code == (
        200 if role == Role.ADMINISTRATOR else 403
    )


def test_a_change_of_areas_holds_from_the_next_request(here, elsewhere):
    person = viewer("organizer", here)
    ours = make.organization(state=here)
    client = Client()
    client.force_login(person)
    url = reverse("crm:organization", args=[ours.uid])
    assert client.get(url).status_code == 200
    area = person.access.areas.visible_to(make.SETUP).get()
    area.region = elsewhere.region
    make.saved(area)
    assert client.get(url).status_code == 404


def test_undo_of_another_users_run_looks_like_nothing(here, organizer, client):
    client.force_login(organizer)
    run = Run.objects.order_by("-pk").first()
    one = client.post(reverse("access:undo", args=[run.uid]))
    none = client.post(reverse("access:undo", args=[uuid.uuid4()]))
    assert one.status_code == none.status_code == 404
