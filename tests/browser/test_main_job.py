"""The main job, in a real browser: log a meeting on a phone, see it everywhere, export the list.

Taps and keys are counted; a slip of the console, of the CSP or to another host fails the test.
"""

import csv

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from crm.models import Interaction, Task
from tests import make
from tests.browser.conftest import LAPTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "quiet-river-4812"
WORDS = "Parents want the reading night in both languages."
COUNTER = """
window.name = window.name || "0 0";
const add = (taps, keys) => {
  const [t, k] = window.name.split(" ").map(Number);
  window.name = `${t + taps} ${k + keys}`;
};
addEventListener("pointerdown", () => add(1, 0), true);
addEventListener("keydown", () => add(0, 1), true);
"""


@pytest.fixture
def setting(transactional_db):
    cache.clear()
    home = make.state(name="Washington", region=make.region(name="Pacific"))
    hispanic = make.community(name="Hispanic", short="Hispanic")
    make.kind(name="Meeting", code="meeting", icon="people", position=0)
    make.kind(name="Call", code="call", icon="phone", position=1)
    make.stage(code="identified", name="Identified")
    person = make.user(home.region, home=home, name="Maribel Ortiz", password=PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    casa = make.organization(
        state=home, name="Casa Unida del Valle", communities=[hispanic], owner=person
    )
    rosa = make.contact(organization=casa, name="Rosa Delgado", phones=["+15095550142"])
    make.interaction(organization=casa, contacts=[rosa], author=person, summary="Tea.")
    return person, casa, home


def sign_in(window, person) -> None:
    window.open("/accounts/login/")
    window.page.fill("input[name=login]", person.email)
    window.page.fill("input[name=password]", PASSWORD)
    window.page.press("input[name=password]", "Enter")
    window.page.wait_for_selector("body[data-ready][data-signed-in]")


def cell(window) -> int:
    window.open("/dashboards/where/")
    return int(window.page.locator("table.heat tbody td a").first.inner_text())


def test_log_a_meeting_on_a_phone_and_see_it_everywhere(browser, setting):
    person, casa, _home = setting
    window = browser(size=PHONE, has_touch=True)
    sign_in(window, person)
    before = cell(window)
    window.context.add_init_script(COUNTER)
    window.open("/organizations/")
    page = window.page
    page.evaluate("window.name = '0 0'")
    page.locator(".tabbar a.log").click()
    page.wait_for_selector("body[data-ready]")
    page.locator("label.chip", has_text="Rosa Delgado").click()
    page.locator("[name=summary]").focus()
    page.keyboard.type(WORDS)
    page.locator("[name=next_step]").focus()
    page.keyboard.type("Send Rosa the flyer")
    page.locator(".foot button[type=submit]").click()
    page.wait_for_url(f"**/organizations/{casa.uid}/")
    taps, keys = map(int, page.evaluate("window.name").split())
    assert taps == 3
    assert keys <= len(WORDS) + len("Send Rosa the flyer")
    timeline = page.locator("main .timeline")
    assert WORDS in timeline.inner_text()
    assert "Rosa Delgado" in timeline.inner_text()
    assert page.locator("[data-message], .banner.good, .toast").first.is_visible()
    assert cell(window) == before + 1
    assert Interaction.objects.visible_to(make.SETUP).filter(summary=WORDS).count() == 1
    assert Task.objects.visible_to(make.SETUP).get().title == "Send Rosa the flyer"


def test_undo_takes_it_back_everywhere(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=PHONE)
    before = cell(window)
    window.open("/log/")
    page = window.page
    page.locator("[name=summary]").fill(WORDS)
    page.locator(".foot button[type=submit]").click()
    page.wait_for_selector("main .timeline")
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_selector("body[data-ready]")
    page.get_by_text("Undone.").first.wait_for()
    assert cell(window) == before
    assert not Interaction.objects.visible_to(make.SETUP).filter(summary=WORDS).exists()


def test_everything_works_without_script(browser, setting):
    person, casa, _home = setting
    window = browser(person, size=PHONE, java_script_enabled=False)
    window.open("/log/")
    page = window.page
    page.locator("[name=summary]").fill(WORDS)
    page.locator(".foot button[type=submit]").click()
    page.wait_for_url(f"**/organizations/{casa.uid}/")
    assert WORDS in page.locator("main").inner_text()
    window.open("/organizations/")
    page.locator("main form[role=search] [name=q], main [name=q]").first.fill("casa")
    page.keyboard.press("Enter")
    page.wait_for_selector("main a.name")
    assert page.locator("main a.name").all_inner_texts() == ["Casa Unida del Valle"]


def test_a_form_without_signal_keeps_the_typing(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=PHONE)
    window.open("/log/")
    page = window.page
    page.wait_for_selector("body[data-ready]")
    page.locator("[name=summary]").fill(WORDS)
    window.context.set_offline(True)
    page.locator(".foot button[type=submit]").click()
    page.locator("[data-net=off]").wait_for(state="visible")
    assert page.locator("[name=summary]").input_value() == WORDS
    window.context.set_offline(False)
    page.locator(".foot button[type=submit]").click()
    page.wait_for_selector("main .timeline")
    assert Interaction.objects.visible_to(make.SETUP).filter(summary=WORDS).count() == 1


def test_back_after_saving_does_not_save_again(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=PHONE)
    window.open("/log/")
    page = window.page
    page.locator("[name=summary]").fill(WORDS)
    page.locator(".foot button[type=submit]").click()
    page.wait_for_selector("main .timeline")
    page.go_back()
    page.locator(".foot button[type=submit]").click()
    page.locator(".errors").wait_for()
    assert page.locator("[name=summary]").input_value() == ""
    assert Interaction.objects.visible_to(make.SETUP).filter(summary=WORDS).count() == 1


def test_a_meeting_whose_answer_was_lost_is_not_logged_twice(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=PHONE)
    page = window.page
    window.open("/people/")
    window.open("/log/")
    page.locator("[name=summary]").fill(WORDS)

    def lose_the_answer(route):
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort()
        else:
            route.continue_()

    page.route("**/log/", lose_the_answer)
    with page.expect_event("requestfailed"):
        page.locator(".foot button[type=submit]").click(no_wait_after=True)
    page.wait_for_timeout(500)
    page.unroute("**/log/")
    page.go_back()  # to where she came from; it tells that the meeting was logged
    page.get_by_text("Logged: ").first.wait_for()
    window.complaints.clear()  # that the line broke
    window.open("/log/")
    page.wait_for_selector("body[data-ready]")
    assert page.locator("[name=summary]").input_value() == WORDS
    page.locator(".foot button[type=submit]").click()
    page.wait_for_selector("main .timeline")
    assert Interaction.objects.visible_to(make.SETUP).filter(summary=WORDS).count() == 1


BUSY = ".htmx-request, .htmx-swapping, .htmx-settling"


def test_a_new_organization_and_a_new_person_from_the_log_form(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=PHONE)
    window.open("/log/")
    page = window.page
    page.wait_for_selector("body[data-ready]")
    page.get_by_role("button", name="Change").last.click()
    page.keyboard.type("Hội Phụ Huynh Ánh Sáng")
    with page.expect_response("**/log/people/**"):
        page.get_by_role("option", name="Add “Hội Phụ Huynh Ánh Sáng” as new").click()
    page.wait_for_selector(BUSY, state="detached")  # the new partner's people have come in
    page.locator("#people button", has_text="Add").click()
    page.keyboard.type("Kealiʻi Nākoa")
    page.get_by_role("option", name="Add “Kealiʻi Nākoa” as new").click()
    assert page.get_by_text("New: Kealiʻi Nākoa").is_visible()
    page.locator("[name=summary]").fill(WORDS)
    page.locator(".foot button[type=submit]").click()
    page.wait_for_selector("main .timeline")
    assert page.locator("h1").inner_text() == "Hội Phụ Huynh Ánh Sáng"
    assert "Kealiʻi Nākoa" in page.locator("main .timeline").inner_text()


def test_a_data_manager_downloads_the_contact_list(browser, setting, tmp_path):
    _person, _casa, home = setting
    make.contact(state=home, name="=1+1")
    make.purpose(code="report", name="Report", channel="")
    manager = make.user(home.region, home=home, role="data-manager")
    window = browser(manager, size=LAPTOP)
    window.open("/people/")
    page = window.page
    page.get_by_role("link", name="Export").first.click()
    page.locator("[name=purpose]").select_option("report")
    page.locator("label", has_text="Phones").first.click()
    page.locator("[name=confirm]").fill("2")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Record and download CSV").click()
    target = tmp_path / "people.csv"
    waiting.value.save_as(target)
    with target.open(encoding="utf-8-sig", newline="") as source:
        rows = list(csv.DictReader(source))
    assert [row["Person"] for row in rows] == ["'=1+1", "Rosa Delgado"]
    assert rows[1]["Phones"] == "+15095550142"


def test_the_keyboard_alone_logs_a_meeting(browser, setting):
    person, casa, _home = setting
    window = browser(person, size=LAPTOP)
    window.open("/organizations/")
    page = window.page
    page.wait_for_selector("body[data-ready]")
    page.keyboard.press("n")
    page.wait_for_url("**/log/")
    page.wait_for_selector("body[data-ready]")
    for _n in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "summary":
            break
    page.keyboard.type(WORDS)
    for _n in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Save":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/organizations/{casa.uid}/")
    assert WORDS in page.locator("main").inner_text()
