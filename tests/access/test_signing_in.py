"""Sign-in, invitations, second factor, hide now: what a person meets at the door."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse

from access.models import Access, User
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "quiet-river-4812"


@pytest.fixture
def member(here):
    person = make.user(here.region, home=here, password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return person


def sign_in(client, email, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_sign_in_by_e_mail(client, member):
    assert sign_in(client, member.email).status_code == 302
    assert client.get(reverse("crm:organizations")).status_code == 200


def test_a_known_and_an_unknown_e_mail_get_the_same_answer(client, member):
    known = sign_in(client, member.email, "wrong")
    unknown = sign_in(client, "nobody@partnerships.example", "wrong")
    strip = re.compile(rb'value="[^"]*"|X-CSRFToken[^}]*')
    assert known.status_code == unknown.status_code == 200
    assert strip.sub(b"", known.content) == strip.sub(b"", unknown.content)


def test_guesses_are_limited(client, member):
    for _n in range(12):
        sign_in(client, member.email, "wrong")
    assert sign_in(client, member.email).status_code != 302


def test_nobody_signs_up(client, db):
    page = client.get(reverse("account_signup"))
    assert b"password1" not in page.content
    client.post(
        reverse("account_signup"),
        {"email": "new@mail.example", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.filter(email="new@mail.example").exists()


def test_a_forgotten_password_is_set_anew_by_mail(client, member):
    client.post(reverse("account_reset_password"), {"email": member.email})
    link = re.search(r"http://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
    page = client.get(link, follow=True)
    form = page.redirect_chain[-1][0]
    client.post(form, {"password1": "new-river-481216", "password2": "new-river-481216"})
    assert sign_in(Client(), member.email, "new-river-481216").status_code == 302


def test_an_authenticator_code_is_asked_and_works_once(client, member):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(member, secret)
    answer = sign_in(client, member.email)
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("crm:organizations")).status_code == 302
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get(reverse("crm:organizations")).status_code == 200
    other = Client()
    sign_in(other, member.email)
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


@pytest.mark.parametrize("name", ["crm:people_export", "access:users"])
def test_guarded_pages_ask_for_a_second_factor_when_it_is_required(client, here, settings, name):
    settings.REQUIRE_SECOND_FACTOR = True
    person = make.user(everywhere=True, role="administrator")
    client.force_login(person)
    answer = client.get(reverse(name))
    assert (answer.status_code, answer["Location"]) == (302, reverse("access:second_factor"))
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get(reverse(name)).status_code == 200


def test_restricted_rows_ask_for_a_second_factor_when_it_is_required(client, here, settings):
    person = make.user(here.region, home=here)
    secret = make.contact(state=here, visibility="restricted", author=person)
    client.force_login(person)
    url = reverse("crm:contact", args=[secret.uid])
    assert client.get(url).status_code == 200
    settings.REQUIRE_SECOND_FACTOR = True
    assert client.get(url).status_code == 404


def test_hide_now_signs_out_and_shows_nothing(client, member):
    client.force_login(member)
    answer = client.post(reverse("access:hide"))
    assert b"Partnerships" not in answer.content
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(reverse("crm:organizations")).status_code == 302


def test_an_administrator_invites_and_the_link_works_once(client, here):
    boss = make.user(everywhere=True, role="administrator")
    client.force_login(boss)
    values = {
        "email": "Linh.Pham@partnerships.example",
        "name": "Linh Phạm",
        "role": "organizer",
        "regions": [here.region.code],
        "home": here.code,
    }
    answer = client.post(reverse("access:invite_user"), values)
    assert answer.status_code == 302, answer.context["command"].errors
    link = re.search(r"http://[^/\s]+(/\S+)", mail.outbox[-1].body)[1]
    assert "Linh" not in mail.outbox[-1].body
    guest = Client()
    passwords = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert guest.post(link, passwords).status_code == 302
    assert guest.get(reverse("crm:organizations")).status_code == 200
    assert Client().get(link).status_code == 404
    assert sign_in(Client(), "linh.pham@partnerships.example").status_code == 302


def test_the_last_administrator_stays_one(client, here):
    boss = make.user(everywhere=True, role="administrator")
    client.force_login(boss)
    url = reverse("access:user", args=[boss.access.uid])
    values = {"role": "leader", "everywhere": "on", "home": "--", "revision": 1}
    assert client.post(url, values).status_code == 422
    assert make.fresh(boss.access).role == "administrator"


def test_taking_access_away_ends_the_session_at_once(client, here, member):
    boss = make.user(everywhere=True, role="administrator")
    client.force_login(boss)
    theirs = Client()
    theirs.force_login(member)
    assert theirs.get(reverse("crm:organizations")).status_code == 200
    access = Access.objects.visible_to(make.SETUP).get(user=member)
    client.post(reverse("access:set_active", args=[access.uid]), {"revision": access.revision})
    assert theirs.get(reverse("crm:organizations")).status_code == 302


def test_own_account_is_changed(client, member):
    client.force_login(member)
    values = {"name": "Rosa", "time_zone": "Pacific/Honolulu", "language": "en", "theme": "dark"}
    assert client.post(reverse("access:account"), values).status_code == 302
    member.refresh_from_db()
    assert (member.time_zone, member.theme) == ("Pacific/Honolulu", "dark")
    assert client.post(reverse("access:account"), values | {"time_zone": "Mars"}).status_code == 422
