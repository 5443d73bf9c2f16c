"""The session store: what it reads is what Django's own reads."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from access.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key():
    session = SessionStore()
    session["word"] = "here"
    session.save()
    return session.session_key


def test_each_session_is_read_by_its_own_key(key):
    other = SessionStore()
    other["word"] = "there"
    other.save()
    assert SessionStore(key)["word"] == db.SessionStore(key)["word"] == "here"
    assert SessionStore(other.session_key)["word"] == "there"


def test_a_session_that_has_expired_is_none(key):
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))
    session = SessionStore(key)
    assert session.get("word") is None and session.session_key is None


@pytest.mark.parametrize("wrong", [None, "", "short", "this key", "x" * 32])
def test_a_key_that_is_none_opens_nothing(key, wrong):
    session = SessionStore(wrong)
    assert session.get("word") is None and session.session_key is None
