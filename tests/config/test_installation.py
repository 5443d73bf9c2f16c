"""What an administrator sets for everybody, and what comes of it."""

import smtplib
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.installation import ChangeInstallation, rows_a_day, sender, this_installation
from access.models import AuditEntry, Change, Installation, User
from access.roles import EXPORT_ROWS_A_DAY, Role
from access.undo import undo
from dashboards.tables import Period
from lists.budget import budget_left
from tests import make

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
VALUES = {
    "name": "Union of the North",
    "fiscal_year_start": "9",
    "digest_hour": "7",
    "password_again_minutes": "30",
}


@pytest.fixture(autouse=True)
def _a_mail_server_is_set(settings):
    settings.SENDS_MAIL = True


@pytest.fixture
def ines(here):
    return make.user(role="administrator", everywhere=True, name="Ines Halvorsen")


@pytest.fixture
def signed_in(ines):
    client = Client()
    client.force_login(ines)
    return client


def change(person, files=None, **values):
    row = this_installation()
    sent = VALUES | ({"revision": row.revision} if row.pk else {}) | values
    command = ChangeInstallation(actor_of(person), sent, files, instance=row)
    command.run()
    return command


def test_the_name_is_on_every_page_and_in_mail(signed_in, ines):
    change(ines, sender_address="crm@north.example")
    for client, address in ((signed_in, "/account/"), (Client(), "/accounts/login/")):
        text = client.get(address).content.decode()
        assert "- Union of the North</title>" in text
        assert "Partnerships</" not in text
    values = {"email": "lena@mail.example", "name": "Lena", "role": "leader", "home": "--"}
    signed_in.post(reverse("access:invite_user"), values | {"everywhere": "on"})
    sent = mail.outbox[0]
    assert sent.from_email == "Union of the North <crm@north.example>"
    assert sent.subject == "Your access to Union of the North"
    assert "invited to Union of the North" in sent.body


def test_as_shipped_it_is_called_partnerships(signed_in, settings):
    assert "- Partnerships</title>" in signed_in.get("/account/").content.decode()
    assert sender() == settings.DEFAULT_FROM_EMAIL


def test_a_logo_is_shown_to_all_and_undone(signed_in, ines):
    assert Client().get("/logo/").status_code == 404
    command = change(ines, {"new_logo": SimpleUploadedFile("x.exe", PNG)})
    response = Client().get("/logo/")
    assert b"".join(response.streaming_content) == PNG
    assert response["Content-Type"] == "image/png"
    assert "sandbox" in response["Content-Security-Policy"]
    assert 'src="/logo/?v=' in Client().get("/accounts/login/").content.decode()
    undo(actor_of(ines), command.run_made)
    assert Client().get("/logo/").status_code == 404


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", PNG + b"0" * 205_000]
)
def test_what_is_no_small_picture_is_refused(signed_in, data):
    sent = VALUES | {"new_logo": SimpleUploadedFile("logo.png", data)}
    response = signed_in.post(reverse("settings:installation"), sent)
    assert response.status_code == 422
    assert "was not saved" in response.content.decode()
    assert not Installation.objects.exists()


def test_the_rows_a_day_are_those_that_are_set(ines, here):
    person = make.user(here.region, home=here)
    assert budget_left(actor_of(person)) == EXPORT_ROWS_A_DAY[Role.ORGANIZER]
    change(ines, export_rows_organizer="7")
    assert budget_left(actor_of(person)) == 7
    assert rows_a_day(Role.LEAD) == EXPORT_ROWS_A_DAY[Role.LEAD]


@pytest.mark.parametrize("rows", ["-1", "1001", "many"])
def test_rows_a_day_stay_within_their_bounds(signed_in, rows):
    sent = VALUES | {"export_rows_organizer": rows}
    assert signed_in.post(reverse("settings:installation"), sent).status_code == 422
    assert not Installation.objects.exists()


def test_who_saved_second_sees_both_versions(signed_in, ines):
    change(ines)
    row = this_installation()
    change(ines, name="Union of the South")
    sent = VALUES | {"revision": row.revision, "name": "Union of the East"}
    response = signed_in.post(reverse("settings:installation"), sent)
    assert response.status_code == 409
    assert "Union of the South" in response.content.decode()
    assert this_installation().name == "Union of the South"


def test_undo_brings_back_what_was_set(ines):
    change(ines)
    command = change(ines, name="Union of the South")
    undo(actor_of(ines), command.run_made)
    assert this_installation().name == "Union of the North"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_set_it(here, role):
    client = Client()
    client.force_login(make.user(here.region, home=here, role=role))
    assert client.get(reverse("settings:installation")).status_code == 403
    assert client.post(reverse("settings:installation"), VALUES).status_code == 403
    assert client.post(reverse("settings:test_mail")).status_code == 403
    assert not Installation.objects.exists() and not mail.outbox


def test_a_test_mail_goes_to_who_asks(signed_in, ines):
    response = signed_in.post(reverse("settings:test_mail"), follow=True)
    assert mail.outbox[0].to == [ines.email]
    assert "took the message" in response.content.decode()
    assert AuditEntry.objects.filter(action="SentTestMail", user_uid=ines.uid).count() == 1


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (smtplib.SMTPAuthenticationError(535, b"hunter2 is wrong"), "name and password"),
        (smtplib.SMTPSenderRefused(550, b"no", "a@b.example"), "from this address"),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no")}), "for your address"),
        (TimeoutError("timed out"), "did not answer"),
        (ConnectionRefusedError("mail.internal:25"), "cannot be reached"),
        (smtplib.SMTPDataError(554, b"hunter2"), "refused the message"),
    ],
)
def test_a_server_that_refuses_is_said_in_words(signed_in, monkeypatch, error, words):
    def refuse(self, *args, **kwargs):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    text = signed_in.post(reverse("settings:test_mail"), follow=True).content.decode()
    assert words in text
    assert "Nothing was sent." in text
    assert "hunter2" not in text and "mail.internal" not in text


def test_without_a_mail_server_it_says_so(signed_in, settings):
    settings.SENDS_MAIL = False
    text = signed_in.post(reverse("settings:test_mail"), follow=True).content.decode()
    assert "No mail server is set" in text


@pytest.mark.parametrize(
    ("today", "month", "ago", "first", "last"),
    [
        (date(2026, 11, 24), 1, 0, date(2026, 1, 1), date(2026, 11, 24)),
        (date(2026, 11, 24), 9, 0, date(2026, 9, 1), date(2026, 11, 24)),
        (date(2026, 8, 31), 9, 0, date(2025, 9, 1), date(2026, 8, 31)),
        (date(2026, 11, 24), 9, 1, date(2025, 9, 1), date(2026, 8, 31)),
        (date(2028, 3, 1), 3, 1, date(2027, 3, 1), date(2028, 2, 29)),
    ],
)
def test_a_fiscal_year_begins_in_its_month(today, month, ago, first, last):
    found = Period.fiscal_year(today, month, ago)
    assert (found.first, found.last) == (first, last)


def test_figures_offer_the_fiscal_year(signed_in, ines):
    change(ines)
    text = signed_in.get(reverse("dashboards:where")).content.decode()
    assert "This fiscal year" in text
    assert "-09-01&amp;last=" in text


def test_an_administrator_starts_in_the_settings(signed_in):
    assert signed_in.get("/")["Location"] == "/settings/"
    text = signed_in.get("/settings/").content.decode()
    for address in ("/settings/installation/", "/settings/people/", "/settings/roles/"):
        assert f'href="{address}"' in text
    assert "Give this installation its name" in text


def test_keys_can_be_switched_off(signed_in, ines):
    assert 'data-keys="off"' not in signed_in.get("/account/").content.decode()
    sent = {"name": "Ines", "time_zone": "America/Denver", "theme": "dark"}
    signed_in.post("/account/", sent)
    text = signed_in.get("/account/").content.decode()
    assert 'data-keys="off"' in text
    assert "css/page-dark.css" in text and "css/page.css" not in text


def test_time_zones_of_the_united_states_come_first_and_one_language_is_no_choice(signed_in):
    text = signed_in.get("/account/").content.decode()
    assert text.index("America/New_York") < text.index("Other places") < text.index("Africa/")
    assert 'name="language"' not in text


def test_a_second_catalogue_makes_the_language_a_choice(signed_in, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Español")]
    assert 'name="language"' in signed_in.get("/account/").content.decode()


def test_who_is_invited_gets_the_daily_mail_at_the_hour_that_is_set(ines):
    from access.people import invite

    assert invite("one@mail.example", "One").digest_hour == 7
    change(ines, digest_hour="10")
    assert invite("two@mail.example", "Two").digest_hour == 10
    assert User.objects.get(email="one@mail.example").digest_hour == 7


def test_the_bytes_of_a_logo_stay_while_somebody_can_bring_it_back(ines, settings):
    import os
    from pathlib import Path

    from access.files import forget_files

    def old():
        for path in Path(settings.MEDIA_ROOT).iterdir():
            os.utime(path, (0, 0))

    change(ines, {"new_logo": SimpleUploadedFile("a.png", PNG)})
    first = this_installation().logo
    change(ines, {"new_logo": SimpleUploadedFile("b.png", PNG + b"2")})
    second = this_installation().logo
    old()
    forget_files()
    assert {first, second} <= {path.name for path in Path(settings.MEDIA_ROOT).iterdir()}
    Change.objects.all().delete()
    forget_files()
    left = {path.name for path in Path(settings.MEDIA_ROOT).iterdir()}
    assert second in left and first not in left


@pytest.mark.parametrize(("minutes", "asks"), [("30", False), ("5", True)])
def test_the_password_is_asked_for_again_after_what_is_set(ines, here, minutes, asks):
    change(ines, password_again_minutes=minutes)
    person = make.user(here.region, home=here)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    client = Client()
    start = datetime(2026, 11, 24, 15, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        values = {"login": person.email, "password": "quiet-river-4812"}
        assert client.post("/accounts/login/", values).status_code == 302
        given = client.post("/accounts/reauthenticate/", {"password": values["password"]})
        assert given.status_code == 302
    with time_machine.travel(start + timedelta(minutes=10), tick=False):
        response = client.get(reverse("mfa_activate_totp"))
    again = response.status_code == 302 and "reauthenticate" in response["Location"]
    assert again is asks


def test_no_other_time_for_the_password_is_taken(ines):
    with pytest.raises(ValidationError):
        change(ines, password_again_minutes="600")
