"""Events in a real browser: how their pages look, and one planned on a phone."""

from datetime import time, timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from access.settling import every
from outreach.models import Event, StepMeeting
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.test_pages_look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def there():
    """Some events of this month, one of them with partners and a series, and who plans them."""
    make.outside()
    state = make.state(make.region(name="Pacific"), name="Washington")
    organizer = make.user(state.region, home=state)
    first = timezone.localdate().replace(day=1)
    partner = make.organization(state, name="Casa Unida del Valle")
    fields = {"author": organizer, "owner": organizer, "series": "Family Reading Day"}
    event = make.event(
        state,
        [(partner, "host"), (make.organization(state), "sponsor")],
        ["speaker"],
        day=first + timedelta(days=9),
        start=time(18),
        end=time(20),
        zone="America/Los_Angeles",
        name="Community conversation: safe routes to school",
        place="Lincoln Library, Yakima, WA",
        url="https://library.example/rooms/" + "long" * 30,
        head_count=63,
        counted="sign-in",
        **fields,
    )
    for number in range(3):
        make.event(state, day=first + timedelta(days=9), name=f"Training {number}", **fields)
    make.event(state, day=first + timedelta(days=20), end_day=first + timedelta(days=40))
    program = make.program(state, owner=organizer, author=organizer, lead=organizer)
    step, meeting = make.step_of(program, "goals"), make.interaction(organization=partner)
    make.target(program, partner)
    make.saved(StepMeeting(program_step=step, interaction=meeting))
    make.interaction(organization=partner, author=organizer)
    return SimpleNamespace(organizer=organizer, event=event, step=step, meeting=meeting)


def test_pages_of_events_look_right(browser, there):
    window = browser(there.organizer, PHONE)
    month, event = reverse("outreach:month"), reverse("outreach:event", args=[there.event.uid])
    pages = [
        month,
        f"{month}?month=2026-13",
        f"{reverse('outreach:events')}?view=all",
        event,
        f"{event}?tab=history",
        reverse("outreach:change_event", args=[there.event.uid]),
        reverse("outreach:add_event"),
        reverse("outreach:step", args=[there.step.uid]),
        reverse("outreach:step_meetings", args=[there.step.uid]),
        reverse("outreach:meeting_steps", args=[there.meeting.uid]),
    ]
    assert [line for address in pages for line in look(window, address)] == []


def test_an_event_is_planned_on_a_phone(browser, there):
    window = browser(there.organizer, PHONE, has_touch=True)
    page = window.page
    window.open(reverse("outreach:month"))
    page.get_by_role("link", name="Add event").tap()
    page.wait_for_selector("body[data-ready] [name=name]")
    day = timezone.localdate() + timedelta(days=40)
    page.fill("main [name=name]", "Late buses")
    page.select_option("main [name=kind]", index=1)
    page.fill("main [name=day]", f"{day}")
    page.select_option("main [name=own_roles-0-role]", "host")
    page.locator("main").get_by_role("button", name="Save event").tap()
    page.wait_for_selector("body[data-ready] [data-message]")
    row = every(Event).get(name="Late buses")
    assert row.day == day
    window.open(f"{reverse('outreach:month')}?month={day:%Y-%m}")
    assert page.locator("main").get_by_text("We host").first.is_visible()
