"""A database that is locked, full or away: 503, in words that are true, and when to come again."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError
from django.test import Client

from access import recording
from access.commands import Command
from access.keys import uuid7
from tests import make

pytestmark = pytest.mark.django_db
LOCKED = OperationalError("database is locked")


@pytest.fixture
def client(organizer):
    client = Client(raise_request_exception=False)
    client.force_login(organizer)
    return client


def fail_with(error):
    def fail(*args, **kwargs):
        raise error

    return fail


def logged(client, **more):
    return client.post("/log/", {"kind": make.kind().code, "summary": "Tea", "day": "2026-11-02",
                                 "status": "held", "new_contact": "Ana"} | more)  # fmt: skip


@pytest.mark.parametrize("error", [LOCKED, InterfaceError("connection already closed")])
def test_a_page_says_that_nothing_is_saved_and_when_to_come_again(client, monkeypatch, error):
    monkeypatch.setattr(Command, "_transaction", fail_with(error))
    answer = logged(client)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "is not saved" in answer.content.decode()


def test_the_api_says_it_too(organizer, monkeypatch):
    monkeypatch.setattr(Command, "_transaction", fail_with(LOCKED))
    _row, token = make.token(organizer)
    client = Client(headers={"Authorization": f"Token {token}", "Idempotency-Key": str(uuid7())})
    body = {"kind": make.kind().code, "summary": "Tea", "day": "2026-11-02"}
    answer = client.post("/api/v1/interactions/", body, content_type="application/json")
    assert answer.status_code == 503, answer.content
    assert answer["Retry-After"] == "10"
    assert "Nothing was saved" in answer.json()["detail"]


def test_it_is_said_where_no_view_has_begun(client, monkeypatch):
    monkeypatch.setattr(SessionStore, "load", fail_with(LOCKED))
    answer = client.get("/today/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_another_error_stays_an_error(client, monkeypatch):
    monkeypatch.setattr(SessionStore, "load", fail_with(ZeroDivisionError()))
    assert client.get("/today/").status_code == 500


@pytest.mark.parametrize("vendor", ["postgresql", "sqlite"])
def test_what_breaks_at_the_commit_is_unsure_where_it_is(here, monkeypatch, vendor):
    class Lost(recording.transaction.Atomic):
        def __exit__(self, kind, value, traceback):
            super().__exit__(kind, value, traceback)
            raise OperationalError("the connection was lost")

    def lost(*args, **kwargs):
        return Lost(using=None, savepoint=True, durable=False)

    monkeypatch.setattr(recording.transaction, "atomic", lost)
    monkeypatch.setattr(
        recording, "connection", SimpleNamespace(vendor=vendor, in_atomic_block=False)
    )
    with pytest.raises(OperationalError) as caught, recording.running("Try", make.SETUP):
        pass
    assert caught.value.unsure == (vendor == "postgresql")


def test_who_is_told_that_it_is_unsure_is_told_to_send_it_again(client, monkeypatch):
    error = OperationalError("the connection was lost")
    error.unsure = True
    monkeypatch.setattr(Command, "_transaction", fail_with(error))
    text = logged(client).content.decode()
    assert "not certain" in text and "is not saved" not in text
