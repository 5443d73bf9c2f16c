"""The export of a list in a browser: a dialog for the keyboard alone, a page without script."""

import csv

import pytest
from django.contrib.sessions.models import Session

from access.jobs import run_waiting
from access.models import AuditEntry, Job
from tests import make
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lead():
    make.outside()
    state = make.state(make.region(name="Pacific"), name="Washington")
    person = make.user(state.region, home=state, role="regional-lead", name="Ada Lead")
    partner = make.organization(state, name="Casa Unida")
    for name in ("Ana", "Bo"):
        make.contact(organization=partner, name=name, emails=[f"{name.lower()}@casa.example"])
    make.purpose(channel="", code="report", name="Report")
    return person


FOCUS = "document.activeElement.id"
IN_DIALOG = "document.activeElement.closest('dialog') !== null"


def opened(window, address="/organizations/?view=all"):
    if address:
        window.open(address)
    page = window.page
    page.wait_for_selector("body[data-ready]")
    page.focus("#export-open")
    page.keyboard.press("Enter")
    page.wait_for_selector("#export-dialog[open]")
    return page


def test_the_keyboard_alone_exports(lead, browser, tmp_path):
    window = browser(lead)
    page = opened(window)
    assert page.evaluate(FOCUS) == "export-columns_0"
    assert page.inner_text("#export-title") == "Export 1 organization"
    assert window.axe() == []
    page.focus("#export-form [value=contacts]")
    page.keyboard.press("Space")
    page.wait_for_selector("text=Type 2 to confirm the number of people")
    assert page.inner_text("#export-title") == "Export 1 organization and 2 people"
    assert page.evaluate(IN_DIALOG)
    page.focus("#export-purpose")
    page.keyboard.type("Report")
    page.focus("#export-confirm")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.wait_for_selector("#export-dialog .errors")
    page.wait_for_selector("#export-dialog .errors:focus")
    assert window.axe() == []
    assert page.input_value("#export-confirm") == "3"
    assert page.is_checked("#export-form [value=contacts]")
    page.fill("#export-confirm", "2")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    target = tmp_path / "organizations.csv"
    waiting.value.save_as(target)
    with target.open(encoding="utf-8-sig", newline="") as source:
        assert [row["People and roles"] for row in csv.DictReader(source)] == ["Ana; Bo"]
    page.wait_for_selector(".toasts >> text=Your browser is saving the file.")
    assert not page.is_visible("#export-dialog") and page.evaluate(FOCUS) == "export-open"
    assert AuditEntry.objects.filter(action="Export").count() == 1
    page.click(".toasts a")
    page.wait_for_selector(".tag.good >> text=Sent")


@pytest.mark.parametrize("how", ["Escape", "Cancel", "Close export"])
def test_a_dialog_that_is_closed_leaves_nothing(lead, browser, how):
    window = browser(lead, PHONE)
    page = opened(window)
    page.fill("#export-words", "A name")
    if how == "Escape":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("link", name=how, exact=True).click()
    page.wait_for_selector("#export-dialog", state="hidden")
    assert page.evaluate(FOCUS) == "export-open" and page.url.endswith("/organizations/?view=all")
    assert "A name" not in page.content()
    assert not AuditEntry.objects.filter(action="Export").exists()
    assert window.overflow() <= 0


def test_many_changes_at_once_end_with_the_last_count(lead, browser):
    window = browser(lead)
    window.open("/organizations/?view=all")
    # However slow the machine: what is shown listens already.
    window.page.evaluate("htmx.config.defaultSettleDelay = 1000")
    page = opened(window, address=None)
    for name in ("contacts", "contact_emails", "contacts"):  # faster than they are counted
        page.evaluate(
            "(one) => document.querySelector(one).click()", f"#export-form [value={name}]"
        )
    page.wait_for_selector("text=Type 2 to confirm the number of people")
    page.uncheck("#export-form [value=contact_emails]", force=True)
    page.wait_for_selector("text=Type 1 to confirm the number of rows")
    assert page.inner_text("#export-count").startswith("1 row will leave.")


def test_a_count_that_comes_late_takes_nothing_away(lead, browser):
    """The form goes after it: two answers at once would take parts of each other."""
    window = browser(lead)
    page = opened(window, "/people/?view=all")
    held = []
    page.route("**/export/", lambda route: route.continue_() if held else held.append(route))
    page.select_option("#export-purpose", "report")
    while not held:
        page.wait_for_timeout(20)
    page.fill("#export-confirm", "3")
    page.keyboard.press("Enter")
    page.wait_for_timeout(400)  # time for an answer, had it gone at once
    held[0].continue_()
    page.wait_for_selector("#export-dialog .errors:focus")
    page.wait_for_timeout(200)
    assert page.input_value("#export-confirm") == "3"


def test_a_search_text_is_exported_by_post(lead, browser):
    window = browser(lead)
    page = window.page
    window.open("/people/?view=all")
    page.fill("#list-search", "ana")
    page.keyboard.press("Enter")
    page.wait_for_selector("#results >> text=Search: ana")
    page.click("#export-open")
    page.wait_for_selector("#export-dialog[open]")
    assert page.inner_text("#export-title") == "Export 1 person"
    assert "ana" not in page.url
    page.select_option("#export-purpose", "report")
    page.wait_for_selector("#export-dialog >> text=Type 1 to confirm")
    page.fill("#export-confirm", "1")
    with page.expect_download():
        page.keyboard.press("Enter")


def test_a_workbook_is_made_while_one_looks(lead, browser):
    window = browser(lead)
    page = opened(window, "/people/?view=all")
    page.select_option("#export-purpose", "report")
    page.fill("#export-confirm", "2")
    page.click("text=Record and make Excel")
    page.wait_for_selector("text=Waiting for its turn")
    assert page.url.endswith("/data/exports/")
    Job.objects.update(status="running", done=1)
    page.wait_for_selector("text=1 of 2 rows")
    page.wait_for_function("document.getElementById('spoken').textContent.startsWith('50%')")
    page.reload()
    page.wait_for_selector("text=1 of 2 rows")
    assert window.axe() == []
    Job.objects.update(status="waiting")
    run_waiting()
    page.wait_for_selector("text=The file waits until")
    page.wait_for_function("document.getElementById('spoken').textContent.includes('ended')")
    with page.expect_download() as waiting:
        page.click("#exports button:has-text('Download')")
    assert waiting.value.suggested_filename.endswith(".xlsx")
    assert not page.locator("text=Saving…").count()


def test_without_script_a_page_asks(lead, browser):
    window = browser(lead, java_script_enabled=False)
    page = window.page
    window.open("/people/?view=all")
    page.click("#export-open")
    assert page.url.endswith("/people/export/")
    page.select_option("#export-purpose", "report")
    page.fill("#export-confirm", "1")
    page.click("text=Record and download CSV")
    assert "Type the number 2" in page.content()
    page.fill("#export-confirm", "2")
    with page.expect_download():
        page.click("text=Record and download CSV")
    page.fill("#export-confirm", "2")
    page.click("text=Record and make Excel")
    assert page.url.endswith("/data/exports/") and "Being made" in page.content()


def test_the_password_comes_between(lead, browser):
    window = browser(lead, minutes_ago=31)
    page = opened(window, "/people/?view=all")
    assert "You signed in over 30 minutes ago" in page.inner_text("#export-dialog")
    page.select_option("#export-purpose", "report")
    page.fill("#export-words", "For the fair")
    page.wait_for_selector("#export-dialog >> text=Type 2 to confirm")
    page.fill("#export-confirm", "2")
    page.click("text=Record and download CSV")
    page.wait_for_url("**/accounts/reauthenticate/")
    assert window.axe() == []
    page.fill("[name=password]", "quiet-river-4812")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/export/")
    assert page.input_value("#export-words") == "For the fair"
    assert page.input_value("#export-confirm") == "2"
    with page.expect_download():
        page.click("text=Record and download CSV")


def test_who_was_signed_out_meanwhile_is_asked_to_sign_in(lead, browser):
    window = browser(lead)
    page = window.page
    window.open("/people/?view=all")
    Session.objects.all().delete()
    page.click("#export-open")
    page.wait_for_url("**/accounts/login/?next=/people/export/")
    assert not page.locator("dialog[open]").count()
