"""What Today and the daily mail say of programs, and the lists they lead to."""

import pytest
import time_machine
from django.urls import reverse

from access.actors import actor_of
from access.notices import due_now
from outreach.models import ProgramStep
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("late")]


@pytest.fixture
def late():
    """A day on which the first step of new programs is late, and the second is not."""
    with time_machine.travel("2027-02-10T15:00Z"):
        yield


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer, author=organizer)


@pytest.fixture
def lead(here):
    return make.user(here.region, home=here, role="regional-lead")


def waits(program, code):
    step = make.step_of(program, code)
    step.by_hand = ProgramStep.Status.WAITING
    make.saved(step)


def lines(client, user):
    client.force_login(user)
    cards = dict(client.get(reverse("crm:today")).context["cards"])
    return dict(cards.get("Programs", []))


def opens(client, url):
    return client.get(url).context["pager"]["count"]


def test_an_owner_is_told_of_her_late_steps(client, organizer, program):
    found = lines(client, organizer)
    assert list(found) == ["1 step of yours is late"]
    assert opens(client, found["1 step of yours is late"]) == 1


def test_a_lead_is_told_what_waits_is_late_and_stands_still(client, lead, program):
    waits(program, "members")
    found = lines(client, lead)
    assert list(found) == [
        "1 step waits for a sign-off",
        "1 step in your areas is late",
        "1 program stands still",
    ]
    assert [opens(client, url) for url in found.values()] == [1, 1, 1]


def test_what_she_owns_does_not_wait_for_her(client, lead, here):
    waits(make.program(here, owner=lead), "members")
    assert "1 step waits for a sign-off" not in lines(client, lead)


def test_somebody_elsewhere_is_told_nothing(client, program, elsewhere):
    other = make.user(elsewhere.region, home=elsewhere, role="regional-lead")
    assert lines(client, other) == {}


def test_the_daily_mail_counts_them_without_names(organizer, lead, program):
    waits(program, "members")
    assert "1 step of a program that is yours is late" in dict(due_now(actor_of(organizer)))
    assert "1 step of a program waits for a sign-off" in dict(due_now(actor_of(lead)))
    said = " ".join(dict(due_now(actor_of(lead))))
    assert program.name not in said
