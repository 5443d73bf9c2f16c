"""Keys to the API made on the command line."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.utils import timezone

from access.models import AuditEntry, Token, User
from lists.tokens import TokenAuthentication
from tests import make

pytestmark = pytest.mark.django_db


def make_key(email, name="Nightly report", days="30") -> str:
    out = StringIO()
    call_command("token", email, "--name", name, "--days", days, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_a_key_acts_as_its_user_until_it_ends(organizer):
    text = make_key(organizer.email.upper())
    request = RequestFactory().get("/", HTTP_AUTHORIZATION=f"Token {text}")
    user, key = TokenAuthentication().authenticate(request)
    assert (user, key.name) == (organizer, "Nightly report")
    assert abs(key.expiry - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert text not in str(list(Token.objects.values()))


def test_making_a_key_is_recorded_without_the_key(organizer):
    text = make_key(organizer.email)
    entry = AuditEntry.objects.select_related("detail").get(action="MakeToken")
    assert entry.row_uid == organizer.uid
    assert entry.detail.words == {"name": "Nightly report", "days": 30}
    assert text[:15] not in str(entry.detail.words)


def test_nobody_unknown_deactivated_or_without_a_role_gets_one(organizer):
    User.objects.filter(pk=organizer.pk).update(is_active=False)
    User.objects.create_user("new@partnerships.example", name="New")
    for email, why in (
        ("nobody@partnerships.example", "Nobody here has the address"),
        (organizer.email, "was deactivated"),
        ("new@partnerships.example", "has no role yet"),
    ):
        with pytest.raises(CommandError, match=why):
            make_key(email)
    assert not Token.objects.exists()


@pytest.mark.parametrize("days", ["0", "-1", "367", "1.5", "x", "²", ""])
def test_a_key_lasts_a_year_at_the_most(organizer, days):
    with pytest.raises(CommandError):
        make_key(organizer.email, days=days)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_key_says_what_it_is_for(name):
    with pytest.raises(CommandError, match="what the key is for"):
        make_key(make.user().email, name=name)
