"""Logs hold no name, no address, no search text: whatever is asked, and whatever breaks."""

import io
import json
import logging

import pytest
from django.test import Client

from config.logs import JsonFormatter
from crm.views import contact
from tests import make

pytestmark = pytest.mark.django_db
LOGGERS = ("", "django", "django.request", "django.security", "allauth", "partnerships")


@pytest.fixture
def lines():
    """All that is logged, even at the lowest level, as the server would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    before = {name: logging.getLogger(name).level for name in LOGGERS}
    logging.getLogger().addHandler(handler)
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield lambda: written.getvalue().lower().splitlines()
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def test_no_name_reaches_the_log(here, organizer, lines, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(organizer)
    person = make.contact(state=here, name="Canary Name", emails=["canary@mail.example"])

    def breaks(*_args):
        raise ValueError("Canary Name")

    monkeypatch.setattr(contact, "timeline_page", breaks)
    assert client.get(f"/people/{person.uid}/").status_code == 500
    client.post("/people/", {"q": "canary@mail.example"})
    client.post("/find/", {"q": "Canary"})
    client.get("/people/?sort=canary&state=canary")
    client.get("/canary/")
    client.post("/log/", {"summary": "Canary words"})
    body = json.dumps({"name": "Canary", "canary": 1})
    client.post("/api/v1/contacts/", body, content_type="application/json")
    Client().post("/accounts/login/", {"login": "canary@mail.example", "password": "canary-1234"})
    assert any("valueerror" in line for line in lines())
    assert [line for line in lines() if "canary" in line] == []
