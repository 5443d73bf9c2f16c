from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from access.actors import actor_of
from crm.models import DoNotContact
from crm.reaching import ways_to_reach
from tests import make

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _on_that_day():
    with time_machine.travel("2026-11-24T15:00Z", tick=False):
        yield


@pytest.fixture
def page(client, organizer):
    client.force_login(organizer)
    return lambda: client.get(reverse("crm:today"))


def test_the_title_counts_what_the_links_open(page, client, here, organizer):
    quiet_stage = make.stage(quiet_after_days=90)
    for days in (-3, 0, 5):
        make.task(about=make.organization(state=here), owner=organizer, due=DAY + timedelta(days))
    for _n in range(3):
        make.organization(state=here, owner=organizer, stage=quiet_stage)
    make.organization(state=here, stage=quiet_stage)
    found = page()
    text = " ".join(found.content.decode().split())
    assert "Two follow-ups due" in text
    assert "three partners going quiet" in text
    due = client.get(reverse("crm:follow-ups"), {"mine": "yes", "due": "yes"})
    quiet = client.get(reverse("crm:organizations"), {"mine": "yes", "quiet": "yes"})
    assert due.context["pager"]["count"] == found.context["due_count"] == 2
    assert quiet.context["pager"]["count"] == found.context["quiet_count"] == 3


def test_a_past_plan_asks_whether_it_happened(page, client, here, organizer):
    partner = make.organization(state=here)
    met = make.interaction(
        organization=partner, author=organizer, status="planned", day=date(2026, 11, 20)
    )
    assert [one["meeting"] for one in page().context["unclear"]] == [met]
    url = reverse("crm:cancel_interaction", args=[met.uid])
    assert client.post(url, {"revision": 1, "next": "/today/"})["Location"] == "/today/"
    assert make.fresh(met).status == "cancelled"
    assert page().context["unclear"] == []
    assert client.post(url, {"revision": 2}).status_code == 422  # it is cancelled already


def test_yes_opens_the_form_as_held(client, here, organizer):
    met = make.interaction(
        state=here, author=organizer, status="planned", day=date(2026, 11, 20), summary=""
    )
    client.force_login(organizer)
    form = client.get(reverse("crm:change_interaction", args=[met.uid]), {"happened": "yes"})
    assert form.context["command"].initial["status"] == "held"


def test_only_permitted_ways_are_offered(here, organizer):
    actor = actor_of(organizer)
    partner = make.organization(state=here)

    def way() -> str:
        return ways_to_reach(actor, [partner])[partner.pk].kind

    assert way() == "site-visit"
    rosa = make.contact(organization=partner, phones=["+15095550142"], emails=["rosa@mail.example"])
    assert way() == "call"
    make.saved(DoNotContact(contact=rosa, channel="phone", source="asked", day=DAY))
    assert way() == "e-mail"
    make.saved(DoNotContact(contact=rosa, channel="all", source="asked", day=DAY))
    assert way() == "site-visit"


def test_a_lead_sees_what_her_areas_need(client, here, elsewhere, organizer):
    lead = make.user(here.region, home=here, role="regional-lead")
    make.organization(state=here)
    make.organization(state=elsewhere)
    make.task(about=make.organization(state=here), owner=organizer, due=DAY - timedelta(2))
    client.force_login(lead)
    areas = client.get(reverse("crm:today")).context["areas"]
    assert (areas["unowned"], areas["late"]) == (2, 1)
    assert [row["user"] for row in areas["busiest"]] == [organizer]


def test_an_organizer_sees_no_areas(page):
    assert "areas" not in page().context


@pytest.mark.parametrize(
    ("role", "home"),
    [
        ("organizer", "/today/"),
        ("regional-lead", "/today/"),
        ("leader", "/changes/"),
        ("data-manager", "/data/"),
        ("administrator", "/settings/"),
    ],
)
def test_each_role_starts_where_its_work_is(client, here, role, home):
    client.force_login(make.user(here.region, home=here, role=role))
    assert client.get("/")["Location"] == home
