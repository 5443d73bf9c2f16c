"""Sets of small rows in a form: one more is offered; a page without any loads nothing for them."""

import pytest

from access.settling import every
from crm.models import ContactPhone
from tests import make
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def partner():
    make.outside()
    region = make.region(name="Pacific")
    state = make.state(region, name="Washington")
    owner = make.user(region, home=state, role="organizer", name="Amalia Reyes Quintero")
    return make.organization(state, owner=owner, name="Casa Unida del Valle")


def test_another_small_row_is_offered_and_saved(partner, browser):
    person = make.contact(organization=partner, name="Rosa Delgado")
    window = browser(partner.owner, PHONE)
    window.open(f"/people/{person.uid}/change/")
    page, phones = window.page, "[data-lines=phones]"
    seen = page.locator(f"{phones} [data-line]:visible")
    before = seen.count()
    page.click(f"{phones} [data-add-line]")
    assert seen.count() == before + 1
    page.keyboard.type("(505) 555-0188")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert every(ContactPhone).filter(contact=person, number__contains="0188").exists()


def test_the_form_to_log_loads_nothing_for_small_rows(partner, browser):
    window = browser(partner.owner, PHONE)
    window.open(f"/log/?organization={partner.uid}")
    assert "/lines." not in window.page.content()
    assert window.page.query_selector("[data-lines]") is None
