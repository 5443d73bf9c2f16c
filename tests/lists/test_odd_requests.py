"""Requests that no browser sends: refused in words, never with an error of ours."""

import json
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.urls.exceptions import NoReverseMatch

from access import audit
from access.actors import actor_of
from access.middleware import library_views
from access.models import AuditEntry, Token
from access.roles import EXPORT_ROWS_A_DAY, Action
from lists import api, export_pages
from tests import make
from tests.test_routes import ROUTES, address

pytestmark = pytest.mark.django_db
NUL = "\x00"


@pytest.fixture
def quiet(organizer):
    client = Client(raise_request_exception=False)
    client.force_login(organizer)
    return client


BODIES = {
    "nested": b"[" * 200_000,
    "half a character": b'{"scope":"\\ud800"}',
    "half a character as a name": b'{"\\ud800":1}',
    "half a character in a line": b'{"name":"x","phones":[{"\\udfff":1}]}',
    "not UTF-8": b"\xff\xfe",
    "not a number": b'{"name":NaN}',
    "endless": b'{"quiet_after_days":1e999}',
    "no object": b"[]",
    "nothing": b"null",
    "empty": b"",
    "NUL as a code": b'{"name":"x","kind":"\\u0000"}',
    "NUL among codes": b'{"name":"x","communities":["\\u0000"]}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_odd_bodies_are_refused(quiet, body):
    answer = quiet.post("/api/v1/organizations/", body, content_type="application/json")
    assert answer.status_code == 400
    assert "detail" in answer.json()


def test_a_body_without_end_is_not_read_to_its_end(organizer):
    _row, token = Token.objects.create(user=organizer, name="test")
    client = Client(headers={"Authorization": f"Token {token}"})
    body = b'{"name":"' + b"a" * 3_000_000 + b'"}'
    answer = client.post("/api/v1/organizations/", body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize("charset", ["hex", "rot13", "idna", "undefined", "utf-7"])
def test_other_encodings_are_refused(client, charset):
    client.raise_request_exception = False
    body = b'--b\r\nContent-Disposition: form-data; name="login"\r\n\r\nx\r\n--b--\r\n'
    kind = f"multipart/form-data; boundary=b; charset={charset}"
    answer = client.generic("POST", "/accounts/login/", body, content_type=kind)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "url", ["/organizations/export/?purpose=%00", "/log/?kind=%00", "/people/?community=%00"]
)
def test_nul_in_an_address(quiet, here, url):
    quiet.force_login(make.user(here.region, home=here, role="data-manager"))
    assert quiet.get(url).status_code in {200, 422}


def test_nul_in_a_search(quiet):
    for text in (f"a{NUL}b@mail.example", NUL, f"555 0142{NUL}123"):
        assert quiet.post("/people/", {"q": text}).status_code == 200
        assert quiet.post("/people/choices/", {"q": text}).status_code == 200


@pytest.mark.parametrize("name", ["kind", "communities", "stage", "owner", "locations-0-state"])
def test_nul_as_a_choice(quiet, name):
    data = {"name": "x", "locations-0-city": "y", name: NUL}
    assert quiet.post(reverse("crm:add_organization"), data).status_code == 422


def test_an_unknown_address_of_the_api_answers_in_json(quiet):
    answer = quiet.get("/api/v1/contacts/nobody/")
    assert (answer.status_code, list(answer.json())) == (404, ["detail"])


def test_library_pages_need_what_the_table_says(client):
    wrong = []
    for name, action in library_views().items():
        if action == Action.PUBLIC:
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue  # names a record
        if client.get(url).status_code not in {302, 401, 405}:
            wrong.append(name)
    assert wrong == []


def used_up(actor):
    audit.record("Export", actor, count=EXPORT_ROWS_A_DAY[actor.role])


def test_two_exports_at_once_do_not_both_take_the_rest(here, monkeypatch):
    person = make.user(here.region, home=here, role="regional-lead")
    client = make.signed_in(person)
    make.contact(state=here)
    fits = export_pages.ExportForm.may_go

    def and_another_goes_first(*args):
        found = fits(*args)
        used_up(actor_of(person))
        return found

    monkeypatch.setattr(export_pages.ExportForm, "may_go", and_another_goes_first)
    data = {"columns": ["name"], "purpose": make.purpose(channel="").code, "confirm": "1"}
    answer = client.post(reverse("crm:people_export"), data)
    assert answer.status_code == 422
    assert AuditEntry.objects.filter(action="Export").count() == 1


def test_details_through_the_api_end_with_the_budget(here, client, organizer):
    client.force_login(organizer)
    make.contact(state=here, emails=["canary@mail.example"])
    url = "/api/v1/contacts/?details=true"
    assert client.get(url).status_code == 200
    used_up(actor_of(organizer))
    answer = client.get(url)
    assert answer.status_code == 403
    assert b"canary" not in answer.content
    assert api.budget_left(actor_of(organizer)) < 0


def test_bodies_are_described_as_closed(client, organizer):
    client.force_login(organizer)
    shapes = json.loads(client.get("/api/schema/", headers={"Accept": "application/json"}).content)
    shape = shapes["components"]["schemas"]["AddOrganizationBody"]
    assert shape["additionalProperties"] is False
    assert "emails" not in shapes["components"]["schemas"]["ContactInList"]["required"]


@pytest.mark.parametrize("url", ["/", "/nowhere/", "/api/", "/api/v1/nowhere/", "/find/"])
def test_whatever_is_asked_signed_in_is_kept_out_of_caches(quiet, url):
    for method in ("get", "head", "post", "options"):
        answer = getattr(quiet, method)(url)
        assert answer.status_code < 500
        assert "no-store" in answer["Cache-Control"]


def test_every_form_needs_its_proof(organizer):
    wrong = []
    for route in ROUTES:
        url = address(route.values[0], uuid.UUID(int=7))
        if "<" in url or url == reverse("access:hide"):  # to be signed out harms nobody
            continue
        client = Client(enforce_csrf_checks=True)
        client.force_login(organizer)
        if (status := client.post(url, {}).status_code) not in {403, 404, 405}:
            wrong.append((url, status))
    assert wrong == []


@pytest.mark.parametrize(
    "back", ["[]", "home", "//evil.example/", "https://evil.example/", "\\\\evil.example", NUL]
)
def test_a_form_leads_back_to_pages_of_ours_only(quiet, here, organizer, back):
    answer = quiet.post(reverse("access:language"), {"language": "en", "next": back})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    task = make.task(about=make.organization(state=here), owner=organizer)
    data = {"revision": task.revision, "next": back}
    answer = quiet.post(reverse("crm:finish_task", args=[task.uid]), data)
    assert answer["Location"] == reverse("crm:task", args=[task.uid])


@pytest.mark.parametrize("name", ["interactions", "follow-ups"])
def test_a_search_text_where_nothing_is_searched_is_passed_over(organizer, name):
    client = Client()
    client.force_login(organizer)
    assert client.post(reverse(f"crm:{name}"), {"q": "rosa"}).status_code == 200
