"""From an empty installation and one link to a team of five in three regions, without a shell."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from access.actors import actor_of
from access.models import Access, Area, Installation, State, User
from access.people import invite
from access.views.administration import invitation_path
from config.management.commands import load_defaults
from tests import make
from tests.browser.conftest import LAPTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "quiet-river-4812"
TEAM = (
    ("lead@union.example", "Ruth Okafor", "Regional lead", ["Pacific", "Mountain"], "Oregon"),
    ("organizer@union.example", "Linh Pham", "Organizer", ["Pacific"], "Washington"),
    ("second@union.example", "June Castellano", "Organizer", ["New England"], "Maine"),
    ("boss@union.example", "Tomás Beltrán", "Administrator", None, "Outside regions"),
)


@pytest.fixture
def first_link(transactional_db):
    """What the one command of the how-to prints."""
    cache.clear()
    load_defaults.load()
    user = invite("ines@union.example", "Ines Halvorsen")
    outside = State.objects.get(code=State.OUTSIDE)
    make.saved(Access(user=user, role="administrator", everywhere=True, home=outside))
    return invitation_path(user)


def take_up(window, link: str) -> None:
    window.open(link)
    window.page.fill("[name=new_password1]", PASSWORD)
    window.page.fill("[name=new_password2]", PASSWORD)
    window.page.locator("main button[type=submit]").first.click()
    window.page.wait_for_selector("body[data-ready][data-signed-in]")


def press(page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_a_team_is_set_up_from_the_first_link(browser, first_link, settings):
    settings.SENDS_MAIL = True
    window = browser(size=LAPTOP)
    page = window.page
    take_up(window, first_link)
    assert page.get_by_role("heading", name="To get a team to work here").is_visible()

    page.get_by_role("link", name="Give this installation its name").click()
    page.get_by_label("Name of your organization").fill("Union of the North")
    page.get_by_label("The fiscal year starts in").select_option(label="September")
    press(page, "Save")
    assert "Union of the North" in page.title()
    press(page, "Send a test mail")
    page.get_by_text("took the message for ines@union.example").wait_for()

    for email, name, role, regions, home in TEAM:
        window.open("/settings/people/invite/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Role").select_option(label=role)
        if regions is None:
            page.get_by_label("All areas").check()
        for region in regions or ():
            page.locator("label.chip", has_text=region).first.click()
        page.get_by_label("Home state").select_option(label=home)
        press(page, "Send the invitation")
        page.get_by_text(f"The link went to {email}").wait_for()

    link = page.locator(".secret").inner_text()
    window.open("/settings/")
    assert page.get_by_text("Invite the team").is_visible()
    assert page.get_by_role("link", name="Invite the team").count() == 0

    assert User.objects.count() == 5 and Installation.objects.get().fiscal_year_start == 9
    areas = Area.objects.visible_to(make.SETUP).filter(region__isnull=False)
    assert len(set(areas.values_list("region__code", flat=True))) == 3
    linh = User.objects.get(email="organizer@union.example")
    assert linh.time_zone == "America/Los_Angeles"
    assert State.objects.get(code="WA").pk in actor_of(linh).state_ids
    assert EmailAddress.objects.filter(verified=True).count() == 5

    other = browser(size=PHONE)
    take_up(other, link.removeprefix(other.address))
    assert "/settings/" in other.page.url
    assert "Union of the North" in other.page.title()
