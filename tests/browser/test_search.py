"""The search box in a real browser: by keyboard alone, said aloud, on a phone too."""

import pytest

from tests import make
from tests.browser.conftest import LAPTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def setting(transactional_db):
    home = make.state(name="Washington", region=make.region(name="Pacific"))
    person = make.user(home.region, home=home, name="Maribel Ortiz")
    casa = make.organization(state=home, name="Casa Unida del Valle", owner=person)
    rosa = make.contact(organization=casa, name="Rosa Casanova", phones=["+15095550142"])
    make.interaction(organization=casa, contacts=[rosa], author=person, organizers=[person])
    make.affiliate(home, name="Casa Grande Educators")
    return person, casa, rosa


def typed(page, text: str) -> None:
    page.keyboard.type(text, delay=20)
    page.locator("#found a[data-hit]").first.wait_for()


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent || document.activeElement.id")


def test_the_keyboard_finds_and_opens(browser, setting):
    person, _casa, rosa = setting
    window = browser(person, size=LAPTOP)
    window.open("/organizations/")
    page = window.page
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("/")
    assert focused(page) == "find"
    typed(page, "casa")
    names = page.locator("#found a[data-hit]").all_inner_texts()
    assert names == ["Casa Unida del Valle", "Rosa Casanova", "Casa Grande Educators"]
    assert page.locator("#found-said").inner_text().strip() == "3 found."
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "Rosa Casanova"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "find"
    assert window.axe() == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/people/{rosa.uid}/")
    assert "casa" not in page.url


def test_escape_closes_and_typing_goes_on(browser, setting):
    window = browser(setting[0], size=LAPTOP)
    window.open("/organizations/")
    page = window.page
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("/")
    typed(page, "cas")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert focused(page) == "find"
    assert page.locator("#found a").count() == 0
    assert page.locator("#find").input_value() == "cas"
    typed(page, "a")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("n")  # a key of the page, but not here
    assert page.locator("#find").input_value() == "casan"
    page.locator("#found-said", has_text="1 found.").wait_for(state="attached")
    page.keyboard.type("zzq")
    page.locator("#found").get_by_text("No one matches").wait_for()
    assert page.locator("#found-said").inner_text().strip() == "No one matches"


def test_a_phone_searches_while_one_types(browser, setting):
    window = browser(setting[0], size=PHONE, has_touch=True)
    window.open("/find/")
    page = window.page
    page.locator("#find-here").fill("casa")
    page.locator("#found-here a[data-hit]").first.wait_for()
    assert page.locator("#found-here a[data-hit]").count() == 3
    assert page.locator("#found-here-said").inner_text().strip() == "3 found."
    assert window.overflow() <= 0
    assert window.axe() == []


def test_the_box_works_without_script(browser, setting):
    window = browser(setting[0], size=PHONE, java_script_enabled=False)
    window.open("/find/")
    page = window.page
    page.locator("#find-here").fill("509 555 0142")
    page.keyboard.press("Enter")
    page.locator("a[data-hit]").first.wait_for()
    assert page.locator("a[data-hit]").all_inner_texts() == ["Rosa Casanova"]
