"""Views and changes to many rows, as one meets them in a browser: with script and without."""

import pytest

from access.settling import every
from crm.models import Tag
from tests import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead():
    make.outside()
    state = make.state(make.region(name="Pacific"), name="Washington")
    person = make.user(state.region, home=state, role="regional-lead", name="Ada Lead")
    for number in range(53):
        make.organization(state, name=f"Partner {number:02}")
    make.saved_view(person, query={"unowned": ["yes"]}, name="No owner")
    return person


def test_a_changed_view_says_so_and_survives_back(lead, browser):
    window = browser(lead)
    page = window.page
    window.open("/organizations/")
    page.click(".tabs a:has-text('No owner')")
    page.wait_for_load_state()
    assert page.locator("text=Unsaved changes").count() == 0
    page.click(".panel > summary:has-text('Filter')")
    with page.expect_response(lambda response: "quiet=yes" in response.url):
        page.click("#filter-form label:has-text('Gone quiet')")
    page.wait_for_selector("#views >> text=Unsaved changes")
    page.click("text=My account")
    page.wait_for_load_state()
    page.go_back()
    page.wait_for_selector("#views >> text=Unsaved changes")
    page.click("#views form[action*=update] button")
    page.wait_for_selector("text=The view is saved.")
    assert page.locator("text=Unsaved changes").count() == 0


def test_the_bar_counts_what_is_ticked(lead, browser):
    window = browser(lead)
    page = window.page
    window.open("/organizations/?view=all")
    assert not page.is_visible("#bulk")
    page.check("[name=row] >> nth=0")
    assert page.inner_text("[data-count]") == "1 selected"
    page.check("[data-all] input")
    assert page.inner_text("[data-count]") == "50 selected"
    page.check("[name=all]")
    assert page.inner_text("[data-count]") == "53 selected"
    assert window.axe() == []
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    last = page.locator("tbody tr").last.bounding_box()
    assert last["y"] + last["height"] <= page.locator("#bulk").bounding_box()["y"]
    page.click("[data-clear]")
    page.wait_for_selector("#bulk", state="hidden")
    page.check("[name=row] >> nth=1")
    page.click("text=Add tag")
    page.wait_for_load_state()
    page.fill("[name=tag]", "Rally")
    page.click("main button.main")
    page.wait_for_selector("text=1 organization changed.")
    assert every(Tag).get().organization.name == "Partner 01"
    page.click("text=Undo")
    page.wait_for_selector("text=Undone.")
    assert not every(Tag).exists()


def test_many_rows_are_changed_without_script(lead, browser):
    window = browser(lead, java_script_enabled=False)
    page = window.page
    window.open("/organizations/?view=all")
    page.check("[name=row] >> nth=0")
    page.check("[name=row] >> nth=2")
    page.click("#bulk button:has-text('Add tag')")
    page.fill("[name=tag]", "Rally")
    page.click("main button.main")
    assert "2 organizations changed." in page.content()
    page.check("[name=all]")
    page.click("#bulk button:has-text('Remove tag')")
    assert "53 rows: all that match." in page.content()
    page.fill("[name=tag]", "rally")
    page.fill("[name=confirm]", "53")
    page.click("main button.main")
    assert "2 organizations changed. 51 were so already." in page.content()
