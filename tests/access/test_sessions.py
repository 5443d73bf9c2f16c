"""How long a session lasts, and that Hide now ends it whatever else fails."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600


@pytest.fixture
def traveller():
    with time_machine.travel("2026-11-24T13:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def client(organizer):
    client = Client()
    client.force_login(organizer)
    return client


@pytest.mark.parametrize("path", ["/account/", "/api/v1/organizations/"])
@pytest.mark.parametrize(("rest", "stays"), [(3 * HOUR - MINUTE, True), (3 * HOUR + MINUTE, False)])
def test_a_session_that_rests_ends(traveller, client, path, rest, stays):
    assert client.get(path).status_code == 200
    traveller.shift(rest)
    assert (client.get(path).status_code == 200) is stays


@pytest.mark.parametrize(("last", "stays"), [(-MINUTE, True), (MINUTE, False)])
def test_a_session_in_use_ends_after_twelve_hours(traveller, client, last, stays):
    client.get("/account/")
    for _n in range(5):
        traveller.shift(2 * HOUR)
        assert client.get("/account/").status_code == 200
    traveller.shift(2 * HOUR + last)
    assert (client.get("/account/").status_code == 200) is stays


def test_reading_pages_writes_the_session_once_a_minute(traveller, client, monkeypatch):
    client.get("/account/")
    traveller.shift(30)
    session = dict(client.session)
    client.get("/account/")
    assert dict(client.session) == session
    traveller.shift(31)
    client.get("/account/")
    assert client.session["seen_at"] != session["seen_at"]


def test_hide_now_works_from_a_page_whose_proof_is_stale(organizer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(organizer)
    answer = client.post(reverse("access:hide"), {"csrfmiddlewaretoken": "old"})
    assert answer.status_code == 200 and answer["Clear-Site-Data"]
    assert client.get("/account/").status_code == 302


def test_any_other_form_without_proof_is_refused(organizer):
    client = Client(enforce_csrf_checks=True)
    client.force_login(organizer)
    assert client.post(reverse("access:daily_mail"), {"digest_hour": "6"}).status_code == 403
