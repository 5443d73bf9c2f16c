"""Figures in a real browser: narrowed, opened, acted on by the keyboard, and without script."""

import pytest

from crm.models import Task
from tests import make
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.test_main_job import setting as setting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_narrow_open_and_plan_with_the_keyboard(browser, setting):
    person, _casa, _home = setting
    make.community(name="Black", short="Black")
    window = browser(person, size=LAPTOP)
    page = window.page
    window.open("/dashboards/where/")
    page.locator("#id_community").focus()
    page.keyboard.type("Hisp")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**community=*")
    assert page.locator("a.chip", has_text="Community: ").count() == 1
    page.locator("table.heat tbody td a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/interactions/**")
    assert "1 meeting" in page.locator("#results [role=status]").first.inner_text()
    window.open("/dashboards/where/")
    page.locator("#gaps button", has_text="Black, Pacific").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Planned: First contact: Black, Pacific.").first.wait_for()
    assert page.locator("#gaps button").count() == 0
    assert page.locator("#gaps a", has_text="Planned: Maribel Ortiz").is_visible()
    assert Task.objects.visible_to(make.SETUP).count() == 1
    page.get_by_role("button", name="Undo").first.press("Enter")
    page.get_by_text("Undone.").first.wait_for()
    assert not Task.objects.visible_to(make.SETUP).exists()


@pytest.fixture
def owners(setting):
    """Three owners of partners."""
    _person, _casa, home = setting
    found = [make.user(home.region, home=home, name=f"Olive {n}") for n in "ABC"]
    for one in found:
        make.organization(state=home, owner=one)
    return found


def test_owners_come_with_the_keyboard(browser, setting, owners):
    window = browser(setting[0], size=LAPTOP)
    page = window.page
    window.open("/dashboards/where/")
    assert page.locator("#id_owner option").count() == 1
    page.locator("summary", has_text="More filters").focus()
    page.keyboard.press("Enter")
    page.locator("#id_owner option", has_text="Olive C").wait_for(state="attached")
    page.locator("#id_owner").focus()
    page.keyboard.type("Olive B")
    page.keyboard.press("Tab")
    assert window.axe() == []
    page.get_by_role("button", name="Show").press("Enter")
    page.wait_for_url(f"**owner={owners[1].uid}*")
    assert page.locator("a.chip", has_text="Owner: Olive B").is_visible()
    assert page.locator("#id_owner option:checked").inner_text() == "Olive B"


def test_owners_come_without_script(browser, setting, owners):
    window = browser(setting[0], size=PHONE, java_script_enabled=False)
    page = window.page
    window.open(f"/dashboards/where/?owner={owners[0].uid}")
    assert page.locator("#id_owner option:checked").inner_text() == "Olive A"
    page.locator("a", has_text="Show all choices: Owner").click()
    assert page.locator("#id_owner option:checked").inner_text() == "Olive A"
    page.locator("#id_owner").select_option("Olive C")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"**owner={owners[2].uid}*")
    assert page.locator("a.chip", has_text="Owner: Olive C").is_visible()


def test_narrow_on_a_phone_without_script(browser, setting):
    person, _casa, home = setting
    window = browser(person, size=PHONE, java_script_enabled=False)
    page = window.page
    window.open("/dashboards/where/")
    page.locator("summary", has_text="More filters").click()
    page.locator("#id_state").select_option(home.code)
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"**state={home.code}*")
    assert page.locator("a.chip", has_text="State: Washington").is_visible()
    page.locator("#by_kind summary").click()
    assert "Each meeting has one kind" in page.locator("#by_kind").inner_text()
