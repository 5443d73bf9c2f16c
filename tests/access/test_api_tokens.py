"""Tokens on "My account": made, shown once, revoked, and nobody else's."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.actors import actor_of
from access.api_tokens import MOST, MakeToken, RevokeToken
from access.models import AuditDetail, AuditEntry, RequestKey, Token
from access.people import SetActive
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/account/tokens/"


def sent(client, **values) -> dict:
    """What the form sends, its own key and revision included."""
    first = client.get(PAGE).context["command"].initial
    kept = {"key": str(first["key"]), "revision": first["revision"]}
    return kept | {"name": "Nightly report", "days": "30"} | values


def may_read(token) -> int:
    api = Client(headers={"Authorization": f"Token {token}"})
    return api.get("/api/v1/organizations/").status_code


def test_a_token_is_made_and_shown_once(organizer):
    client = make.signed_in(organizer)
    answer = client.post(PAGE, sent(client))
    text = answer.context["token"]
    assert answer.status_code == 200 and text in answer.text
    assert "no-store" in answer["Cache-Control"]
    row = Token.objects.get(user=organizer)
    assert row.name == "Nightly report"
    assert abs(row.expiry - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    assert may_read(text) == 200
    later = client.get(PAGE)
    assert "Nightly report" in later.text and text not in later.text
    assert text not in client.get("/account/").text
    assert text not in str(dict(client.session))


def test_the_token_is_in_no_record(organizer):
    client = make.signed_in(organizer)
    text = client.post(PAGE, sent(client)).context["token"]
    entry = AuditEntry.objects.select_related("detail").get(action="MakeToken")
    assert entry.user_uid == organizer.uid and entry.row_uid == organizer.access.uid
    assert entry.detail.words == {"name": "Nightly report", "days": 30}
    kept = [list(model.objects.values()) for model in (Token, AuditDetail, RequestKey)]
    assert text not in str(kept) and Token.objects.get().digest not in str(kept[1:])


def test_the_same_click_again_makes_no_second_one(organizer):
    client = make.signed_in(organizer)
    values = sent(client)
    text = client.post(PAGE, values).context["token"]
    again = client.post(PAGE, values, follow=True)
    assert Token.objects.count() == 1
    assert "made and shown already" in again.text and text not in again.text


@pytest.mark.parametrize(
    "values",
    [
        {"days": "0"},
        {"days": "366"},
        {"days": "-1"},
        {"days": "x"},
        {"days": ""},
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 81},
        {"name": "a\0b"},
        {"revision": ""},
    ],
)
def test_what_is_wrong_is_said_and_no_token_made(organizer, values):
    client = make.signed_in(organizer)
    answer = client.post(PAGE, sent(client, **values))
    assert answer.status_code == 422 and answer.context["command"].errors
    assert not Token.objects.exists() and not AuditEntry.objects.filter(action="MakeToken").exists()


@pytest.mark.parametrize("days", ["1", "365"])
def test_a_token_lasts_from_a_day_to_a_year(organizer, days):
    client = make.signed_in(organizer)
    assert client.post(PAGE, sent(client, days=days)).status_code == 200


def test_twenty_at_the_most_that_have_not_ended(organizer):
    for _n in range(MOST):
        ended = make.token(organizer)[0]
    client = make.signed_in(organizer)
    answer = client.post(PAGE, sent(client))
    assert answer.status_code == 422 and "may have no more" in answer.text
    assert Token.objects.count() == MOST
    Token.objects.filter(pk=ended.pk).update(expiry=timezone.now())
    assert client.post(PAGE, sent(client)).status_code == 200


def test_the_password_is_asked_for_again_and_the_typing_kept(organizer):
    client = make.signed_in(organizer, minutes_ago=60)
    answer = client.post(PAGE, sent(client, name="Door counter", days="7"))
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Token.objects.exists()
    back = client.post(answer["Location"], {"password": "quiet-river-4812"}, follow=True)
    assert "no token is made yet" in back.text and "Door counter" in back.text
    assert not Token.objects.exists()
    assert "Door counter" not in client.get(PAGE).text
    assert client.post(PAGE, sent(client)).status_code == 200


def test_a_second_factor_is_needed_where_exports_need_one(organizer, settings):
    old = make.token(organizer)[0]
    settings.REQUIRE_SECOND_FACTOR = True
    client = make.signed_in(organizer)
    page = client.get(PAGE)
    assert "needs a second factor" in page.text
    values = {"name": "x", "days": "1", "revision": organizer.access.revision}
    assert client.post(PAGE, values)["Location"] == reverse("access:second_factor")
    assert Token.objects.count() == 1
    revoke = f"{PAGE}{old.uid}/revoke/"  # to end one needs nothing
    client.post(revoke, {"revision": organizer.access.revision})
    assert not Token.objects.exists()


def test_revoking_holds_from_the_next_request_on(organizer):
    row, text = make.token(organizer)
    client = make.signed_in(organizer, minutes_ago=60)
    assert may_read(text) == 200
    url = f"{PAGE}{row.uid}/revoke/"
    first = client.get(url).context["command"].initial
    assert Token.objects.exists()
    answer = client.post(url, {"key": first["key"], "revision": first["revision"]})
    assert answer["Location"] == PAGE
    assert may_read(text) == 401
    entry = AuditEntry.objects.select_related("detail").get(action="RevokeToken")
    assert entry.detail.words == {"name": "Nightly report"}
    assert client.get(url).status_code == client.post(url).status_code == 404


def test_nobody_elses_token_is_there(organizer, here):
    row, text = make.token(make.user(here.region, home=here, role="data-manager"))
    for role in ("organizer", "administrator"):
        client = make.signed_in(make.user(here.region, home=here, role=role))
        url = f"{PAGE}{row.uid}/revoke/"
        assert client.get(url).status_code == 404
        assert client.post(url, {"revision": 1}).status_code == 404
        assert "Nightly report" not in client.get(PAGE).text
    assert may_read(text) == 200


def test_nobody_makes_or_revokes_one_for_somebody_else(here):
    """Not even an administrator, who sees every Access."""
    other = make.user(here.region, home=here)
    row, _text = make.token(other)
    ines = actor_of(make.user(here.region, home=here, role="administrator"))
    revision = {"revision": other.access.revision}
    values = revision | {"name": "Hers", "days": 1, "token": row.uid}
    for command in (MakeToken, RevokeToken):
        with pytest.raises(PermissionDenied):
            command(ines, values, instance=make.fresh(other.access)).run()
    assert list(Token.objects.all()) == [row]


def test_an_administrator_revokes_all_of_a_user(organizer, here):
    texts = [make.token(organizer)[1] for _n in range(2)]
    ines = make.user(here.region, home=here, role="administrator")
    _row, hers = make.token(ines)
    client, url = make.signed_in(ines), f"/settings/people/{organizer.access.uid}/"
    page = client.get(url)
    assert "2 tokens let programs act as this person" in page.text
    first = page.context["tokens_form"].initial
    client.post(f"{url}tokens/", {"key": first["key"], "revision": first["revision"]})
    assert [may_read(text) for text in [*texts, hers]] == [401, 401, 200]
    entry = AuditEntry.objects.select_related("detail").get(action="RevokeTokens")
    assert entry.row_uid == organizer.access.uid and entry.detail.words == {"tokens": 2}
    assert "act as this person" not in client.get(url).text
    assert make.signed_in(organizer).post(f"{url}tokens/").status_code == 403


def test_taking_access_away_ends_tokens_for_good(organizer, here):
    _row, text = make.token(organizer)
    ines = actor_of(make.user(here.region, home=here, role="administrator"))
    access = organizer.access
    SetActive(ines, {"revision": access.revision}, instance=make.fresh(access)).run()
    assert may_read(text) == 401
    back = {"revision": access.revision, "is_active": "on"}
    SetActive(ines, back, instance=make.fresh(access)).run()
    assert may_read(text) == 401 and not Token.objects.exists()


def test_the_last_use_is_written_once_a_minute(organizer):
    row, text = make.token(organizer)

    def used(ago):
        seen = timezone.now() - timedelta(seconds=ago)
        Token.objects.filter(pk=row.pk).update(last_used_at=seen)
        assert may_read(text) == 200
        return Token.objects.get().last_used_at != seen

    assert may_read(text) == 200 and Token.objects.get().last_used_at
    assert (used(30), used(90)) == (False, True)


@pytest.mark.parametrize("text", ["é" * 64, "\xff\xfe", "\0" * 64, "a b", "", "0" * 10_000])
def test_an_odd_token_is_refused(organizer, text):
    make.token(organizer)
    for header in (f"Token {text}", f"Token {text}".encode().decode("latin-1")):
        answer = Client(headers={"Authorization": header}).get("/api/v1/organizations/")
        assert answer.status_code == 401 and answer.json()["detail"]
