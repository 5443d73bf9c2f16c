"""The timeline of a record: whole months, what is earlier, and one kind alone."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from crm.views import parts
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(organizer):
    client = Client()
    client.force_login(organizer)
    return client


def page_of(client, partner, **query):
    return client.get(reverse("crm:organization", args=[partner.uid]), {"tab": "timeline"} | query)


def days(page) -> list[date]:
    return [entry.day for _first, entries in page.context["months"] for entry in entries]


@pytest.fixture
def partner(here, monkeypatch):
    """A partner met on the 5th and the 20th of each month of 2025; pages hold five entries."""
    monkeypatch.setattr(parts, "SHOWN", 5)
    partner = make.organization(state=here)
    for month in range(1, 13):
        for day in (5, 20):
            make.interaction(organization=partner, day=date(2025, month, day))
    return partner


def test_every_entry_is_reached_once_by_whole_months(client, partner):
    seen, query = [], {}
    for _page in range(20):
        page = page_of(client, partner, **query)
        seen += days(page)
        if page.context["earlier"] is None:
            break
        query = {"before": page.context["earlier"].isoformat()}
    assert len(seen) == len(set(seen)) == 24
    assert seen == sorted(seen, reverse=True)


def test_a_month_with_more_than_a_page_is_shown_whole(client, here, monkeypatch):
    monkeypatch.setattr(parts, "SHOWN", 5)
    partner = make.organization(state=here)
    for n in range(12):
        make.interaction(organization=partner, day=date(2025, 3, 1) + timedelta(days=n))
    make.interaction(organization=partner, day=date(2025, 1, 1))
    first = page_of(client, partner)
    assert len(days(first)) == 12
    later = page_of(client, partner, before=first.context["earlier"].isoformat())
    assert days(later) == [date(2025, 1, 1)] and later.context["earlier"] is None


def test_more_comes_as_months_alone(client, partner):
    url = reverse("crm:organization", args=[partner.uid])
    asked = {"tab": "timeline", "before": "2025-06-01"}
    part = client.get(url, asked, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "May 2025" in part and "June 2025" not in part


def test_one_kind_alone(client, partner):
    assert len(days(page_of(client, partner, show="meetings"))) >= 4
    assert days(page_of(client, partner, show="stages")) == []
    assert "Nothing of this kind yet" in page_of(client, partner, show="stages").content.decode()


@pytest.mark.parametrize("query", [{"before": "x"}, {"before": "2025-99-01"}, {"show": "\x00"}])
def test_an_odd_address_shows_the_newest(client, partner, query):
    assert days(page_of(client, partner, **query))[0] == date(2025, 12, 20)


def test_last_contact_and_the_count_beside_it_agree(client, here):
    partner = make.organization(state=here)
    make.interaction(organization=partner, kind=make.kind(counts_as_contact=False))
    page = page_of(client, partner)
    assert page.context["met_count"] == 0
    make.interaction(organization=partner)
    assert page_of(client, partner).context["met_count"] == 1


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({}, True),
        ({"day": "2025-01-02"}, False),
        ({"status": "planned", "day": "2030-01-02"}, False),
        ({"day": "2025-01-02", "start": "09:15"}, True),
    ],
    ids=["just now", "a past day", "planned", "a time that was chosen"],
)
def test_a_time_that_nobody_chose_is_not_kept(client, here, organizer, actor, values, kept):
    partner = make.organization(state=here)
    sent = make.meeting_values(partner) | {"start": "14:40", "start_offered": "14:40"}
    sent |= {"day": actor.today().isoformat(), "status": "held"} | values
    assert client.post(reverse("crm:log_interaction"), sent).status_code == 302
    link = partner.interaction_links.visible_to(actor).select_related("interaction").get()
    assert (link.interaction.start is not None) is kept


@pytest.mark.parametrize(
    ("values", "word"),
    [({}, "Logged: "), ({"status": "planned", "day": "2030-01-02"}, "Planned: ")],
)
def test_the_message_says_what_was_saved(client, here, values, word):
    partner = make.organization(state=here, name="Casa Unida")
    sent = make.meeting_values(partner) | {"status": "held"} | values
    page = client.post(reverse("crm:log_interaction"), sent, follow=True).content.decode()
    assert word in page and "with Casa Unida" in page


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("organizer", ["meetings", "follow-ups", "stages", "programs", "events"]),
        ("leader", ["stages", "programs", "events"]),
    ],
)
def test_a_role_is_offered_the_kinds_that_it_reads(partner, here, role, offered):
    client = Client()
    client.force_login(make.user(here, role=role))
    page = page_of(client, partner)
    assert [source.name for source in page.context["sources"]] == offered
    has_any = bool(page.context["months"])
    assert ("timeline-filter" in page.content.decode()) is has_any
    assert has_any is (role == "organizer")
    if role == "leader":
        assert days(page_of(client, partner, show="meetings")) == []


def test_a_leader_does_not_read_that_nothing_happened(here):
    person = make.contact(state=here)
    client = Client()
    client.force_login(make.user(here, role="leader"))
    page = client.get(reverse("crm:contact", args=[person.uid])).content.decode()
    assert "Your role does not read meetings" in page and "Nothing has happened yet" not in page


@pytest.mark.parametrize(("role", "reads"), [("organizer", True), ("leader", False)])
def test_a_leader_does_not_read_that_no_follow_up_is_open(here, role, reads):
    client = Client()
    client.force_login(make.user(here, role=role))
    page = page_of(client, make.organization(state=here)).content.decode()
    assert ("No open follow-up" in page) is reads
    assert ("Your role does not read follow-ups." in page) is not reads
