"""The way in to a new installation."""

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from access.actors import actor_of
from access.models import Access, AuditEntry, Run, User
from tests import make

pytestmark = pytest.mark.django_db
EMAIL = "ines@partnerships.example"
PASSWORD = {"new_password1": "nine-blue-kettles", "new_password2": "nine-blue-kettles"}


def invited(*arguments, email=EMAIL) -> str:
    """The link that the command prints."""
    out = StringIO()
    call_command("invite", email, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_the_first_administrator_gets_in_by_a_link_that_works_once(here, client):
    link = invited("--role", "administrator")
    path = urlsplit(link).path
    assert link == f"http://127.0.0.1{path}"
    assert client.get(path).status_code == 200
    assert client.post(path, PASSWORD)["Location"] == "/"
    assert client.get("/settings/people/").status_code == 200
    assert Client().get(path).status_code == 404
    assert Client().post(path, PASSWORD).status_code == 404
    again = Client()
    signing_in = {"login": EMAIL, "password": PASSWORD["new_password1"]}
    assert again.post("/accounts/login/", signing_in)["Location"] == "/"


def test_an_administrator_is_everywhere_and_at_home_outside_regions(here):
    invited("--role", "administrator", email="INES@Partnerships.Example")
    user = User.objects.get(email=EMAIL)
    actor = actor_of(user)
    assert actor.everywhere and actor.home_id == make.outside().pk
    assert user.name == EMAIL and not user.has_usable_password()


def test_areas_are_regions_and_states(here, elsewhere):
    invited("--role", "organizer", "--name", "Ada", "--areas", here.code, elsewhere.region.code)
    actor = actor_of(User.objects.get(email=EMAIL))
    assert actor.state_ids == {here.pk, elsewhere.pk}
    assert actor.home_id == here.pk


def test_outside_regions_has_a_word(here):
    invited("--role", "organizer", "--areas", here.code, "outside", "--home", "outside")
    actor = actor_of(User.objects.get(email=EMAIL))
    assert actor.home_id == make.outside().pk and actor.covers(make.outside().pk)


def test_it_is_recorded(here):
    link = invited("--role", "administrator")
    entry = AuditEntry.objects.select_related("detail").get(action="InviteUser")
    access = Access.objects.visible_to(make.SETUP).get()
    assert entry.row_uid == access.uid
    assert entry.detail.words["role"] == "administrator"
    assert Run.objects.get(uid=entry.run_uid).reason == "invite"
    assert link.split("/")[-2] not in str(entry.detail.words)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([], "Say with --role"),
        (["--role", "boss"], "Say with --role"),
        (["--role", "organizer"], "Say where she works"),
        (["--role", "organizer", "--areas", "XX"], "no region or state with the code XX"),
        (["--role", "organizer", "--everywhere", "--home", "XX"], "no state with the code XX"),
        (["--role", "organizer", "--areas", "--everywhere"], "expected at least one argument"),
        (["--role", "organizer", "--everywhere", "--name", "x" * 201], "200 characters"),
    ],
)
def test_what_cannot_be_meant_is_refused(here, arguments, why):
    with pytest.raises(CommandError, match=why):
        invited(*arguments)
    assert not User.objects.exists()


def test_the_home_must_lie_in_the_areas(here, elsewhere):
    with pytest.raises(CommandError, match="must lie in the areas"):
        invited("--role", "organizer", "--areas", here.region.code, "--home", elsewhere.code)
    invited("--role", "organizer", "--areas", here.region.code, "--home", here.code)


def test_no_address_no_invitation(here):
    with pytest.raises(CommandError, match="not an e-mail address"):
        invited("--role", "administrator", email="ines")


def test_before_the_states_are_loaded_it_says_so(db):
    with pytest.raises(CommandError, match="run load_defaults first"):
        invited("--role", "administrator")


def test_somebody_who_is_here_is_not_invited_twice(here, organizer):
    with pytest.raises(CommandError, match="is here already"):
        invited("--role", "administrator", email=organizer.email)
    assert actor_of(organizer).role == "organizer"


def test_a_fresh_link_is_for_who_never_came_in(here, client):
    invited("--role", "administrator")
    path = urlsplit(invited("--again", "--host", "partners.example.org")).path
    assert AuditEntry.objects.filter(action="InviteAgain").count() == 1
    assert client.post(path, PASSWORD).status_code == 302
    with pytest.raises(CommandError, match="has signed in before"):
        invited("--again")


def test_a_fresh_link_needs_somebody(here):
    with pytest.raises(CommandError, match="Nobody here has the address"):
        invited("--again")
    invited("--role", "administrator")
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="was deactivated"):
        invited("--again")


def test_the_link_follows_the_settings(here, settings):
    settings.HTTPS, settings.ALLOWED_HOSTS = True, [".partners.example.org", "localhost"]
    assert invited("--role", "administrator").startswith("https://partners.example.org/invitation/")
