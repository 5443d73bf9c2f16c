"""The form to log begins with the partner of the last meeting that she logged and still sees."""

import pytest
from django.urls import reverse

from crm.views import interaction
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def offered(organizer):
    client = make.signed_in(organizer)
    return lambda: client.get(reverse("crm:log_interaction")).context["partner"]


def test_it_is_that_of_the_latest_that_she_logged(offered, organizer, here):
    assert offered() is None
    first, second, other = [make.organization(state=here) for _n in range(3)]
    for partner in (first, second):
        make.interaction(organization=partner, author=organizer)
    make.interaction(organization=other, author=make.user())
    assert offered() == second


def test_one_that_she_sees_no_more_is_passed_over(offered, organizer, here, elsewhere, monkeypatch):
    seen = make.organization(state=here)
    make.interaction(organization=seen, author=organizer)
    make.interaction(state=elsewhere, author=organizer)
    assert offered() == seen
    monkeypatch.setattr(interaction, "LATELY", 1)
    assert offered() is None
