"""The door of an event in a real browser: two phones, one without signal; a sheet by keyboard."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from access.settling import every
from crm.models import Consent, Contact
from outreach.models import Attendance
from tests import guests, make
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.test_pages_look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDER = """[...document.querySelectorAll("html, .scroll")]
  .filter((one) => one.scrollWidth > one.clientWidth).length"""
NAMES = ("Ana Solís", "Bernice Cole", "Dao Vang", "Grace Tsosie", "Hoa Trần", "Samira Haidari")


@pytest.fixture
def door():
    """An event of today with six people on its list, and two organizers who may check them in."""
    make.outside()
    state = make.state(make.region(name="Pacific"), name="Washington")
    one, two = (make.user(state.region, home=state) for _n in range(2))
    partner = make.organization(state, name="Casa Unida del Valle")
    event = make.event(
        state, day=timezone.localdate(), status="confirmed", name="Safe routes", author=one
    )
    people = {name: make.contact(organization=partner, name=name) for name in NAMES}
    rows = {name: guests.attendance(event, one) for name, one in people.items()}
    session = guests.session(event, capacity=1)
    guests.seat(session, rows["Ana Solís"])
    held = guests.held(
        state, *people.values(), day=timezone.localdate() - timedelta(days=40), series="Table"
    )
    return SimpleNamespace(
        one=one, two=two, event=event, people=people, row=rows["Dao Vang"], held=held
    )


def here(event) -> list[str]:
    names = dict(every(Contact).values_list("pk", "name"))
    rows = every(Attendance).filter(event=event, status="attended").order_by("pk")
    return sorted(names[row.contact_id] for row in rows)


def line(page, name):
    return page.locator(f"[data-guests] li:has(b:text-is('{name}'))")


def test_pages_of_the_door_look_right(browser, door):
    window = browser(door.one, PHONE)
    at = {"args": [door.event.uid]}
    names = (
        "event",
        "check_in",
        "walk_in",
        "count_heads",
        "invite",
        "add_attendance",
        "sheet",
        "enter_sheet",
        "no_shows",
        "follow_up_all",
    )
    pages = [reverse(f"outreach:{name}", **at) for name in names]
    pages += [
        f"{reverse('outreach:sheet', **at)}?cards=on&names=on&lines=4",
        reverse("outreach:attendance", args=[door.row.uid]),
        reverse("outreach:answer", args=[door.row.uid]),
        f"{reverse('outreach:attendances')}?view=all",
        reverse("outreach:came_back", args=[door.held.uid]),
    ]
    assert [problem for address in pages for problem in look(window, address)] == []


def test_nothing_scrolls_sideways_on_a_phone(browser, door):
    window = browser(door.one, PHONE)
    at = {"args": [door.event.uid]}
    for address in (
        reverse("dashboards:events"),
        reverse("outreach:came_back", args=[door.held.uid]),
        reverse("outreach:check_in", **at),
        reverse("outreach:enter_sheet", **at),
    ):
        window.open(address)
        assert window.page.locator("main table, [data-guests]").count()
        assert window.page.evaluate(WIDER) == 0, address


def test_two_phones_one_loses_its_signal_and_sends_again(browser, door):
    url = reverse("outreach:check_in", args=[door.event.uid])
    first, second = (browser(user, PHONE, has_touch=True) for user in (door.one, door.two))
    for window in (first, second):
        window.open(url)
        window.page.wait_for_selector("[data-guests]")
    page = first.page
    line(page, "Ana Solís").get_by_role("button", name="Check in").tap()
    page.get_by_text("Sent. The check-in is saved.").wait_for()
    first.context.set_offline(True)
    for name in ("Bernice Cole", "Dao Vang", "Grace Tsosie"):
        line(page, name).get_by_role("button", name="Check in").tap()
    page.get_by_text("No signal. 3 on this phone, not sent.").wait_for()
    line(page, "Grace Tsosie").get_by_role("button", name="Undo").tap()  # too soon: one thumb
    assert page.locator("[data-count]").inner_text() == "4"
    page.wait_for_timeout(1_000)
    line(page, "Grace Tsosie").get_by_role("button", name="Undo").tap()  # she is not here after all
    page.get_by_role("button", name="Walk-in").tap()
    page.get_by_text("That needs a signal.").wait_for()
    assert page.locator("[data-count]").inner_text() == "3"
    assert here(door.event) == ["Ana Solís"]
    for name in ("Dao Vang", "Hoa Trần"):
        line(second.page, name).get_by_role("button", name="Check in").tap()
    second.page.get_by_text("Sent. All 3 check-ins are saved.").wait_for()
    first.context.set_offline(False)
    page.get_by_text("Sent. All 4 check-ins are saved.").wait_for()
    assert here(door.event) == ["Ana Solís", "Bernice Cole", "Dao Vang", "Hoa Trần"]
    assert line(page, "Hoa Trần").get_by_role("button", name="Undo").is_visible()
    first.complaints[:] = [one for one in first.complaints if "DISCONNECTED" not in one]


def test_what_waits_outlives_the_page(browser, door):
    url = reverse("outreach:check_in", args=[door.event.uid])
    window = browser(door.one, PHONE, has_touch=True)
    page = window.page
    window.open(url)
    page.route("**/*", lambda route: route.abort("internetdisconnected"))
    line(page, "Dao Vang").get_by_role("button", name="Check in").tap()
    page.get_by_text("No signal. 1 on this phone, not sent.").wait_for()
    page.unroute("**/*")  # nothing tells the page of it: it would try again later
    page.on("dialog", lambda dialog: dialog.accept())  # it asks before what waits is left
    window.open(url)
    page.get_by_text("Sent. The check-in is saved.").wait_for()
    assert here(door.event) == ["Dao Vang"]
    window.complaints[:] = [one for one in window.complaints if "DISCONNECTED" not in one]


def test_a_line_is_found_by_typing_and_a_walk_in_takes_the_name_along(browser, door):
    window = browser(door.one, PHONE, has_touch=True)
    page = window.page
    window.open(reverse("outreach:check_in", args=[door.event.uid]))
    page.fill("#door-q", "tran")
    assert page.locator("[data-guests] li:visible").all_inner_texts()[0].startswith("Hoa Trần")
    page.fill("#door-q", "dao vang 2")
    page.get_by_text("No one on the list matches.").wait_for()
    page.get_by_role("button", name="Walk-in").tap()
    page.wait_for_selector("body[data-ready] #id_name")
    assert page.input_value("#id_name") == "dao vang 2"
    page.fill("#id_name", "dao vang")
    page.get_by_text("Is it somebody that we know?").wait_for()
    page.get_by_label("Dao Vang, Casa Unida del Valle").check()
    page.locator("main").get_by_role("button", name="Check in").tap()
    page.wait_for_selector("[data-guests]")
    assert here(door.event) == ["Dao Vang"]


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_forty_six_lines_are_two_pages_and_a_button_prints_them(browser, door, paper):
    partner = make.organization(door.event.home, name="Banyan Row Islander and Asian Labor Council")
    for number in range(len(NAMES), 34):
        guests.attendance(door.event, make.contact(organization=partner, name=f"Person {number}"))
    window = browser(door.one, LAPTOP)
    page = window.page
    page.add_init_script("window.print = () => { document.body.dataset.printed = 'yes' }")
    sheet = reverse("outreach:sheet", args=[door.event.uid])
    window.open(f"{sheet}?names=on&lines=12&paper={paper}")
    assert page.locator(".sheet tbody tr").count() == 46
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 2
    page.locator("main").get_by_role("button", name="Print").click()
    assert page.locator("body[data-printed]").count() == 1


def test_without_script_there_is_no_button_that_does_nothing(browser, door):
    window = browser(door.one, LAPTOP, java_script_enabled=False)
    window.open(reverse("outreach:sheet", args=[door.event.uid]))
    assert not window.page.locator("[data-print]").is_visible()
    assert "Print it with the browser." in window.page.locator("noscript").inner_text()


def test_a_sheet_is_entered_by_keyboard_alone(browser, door):
    window = browser(door.one, LAPTOP)
    page, press = window.page, window.page.keyboard.press
    window.open(reverse("outreach:enter_sheet", args=[door.event.uid]))
    page.wait_for_selector("body[data-ready] [data-sheet-lines]")
    page.locator("input[name=here]").nth(1).focus()
    press("Space")
    page.locator("[name=lines-0-name]").focus()
    for number in range(25):  # more than there are lines at first
        page.keyboard.type(f"New Person {number}")
        press("Tab")
        page.keyboard.type("Casa Unida del Valle")
        if number == 0:
            press("Tab")
            press("Tab")
            press("Space")
        press("Enter")
    page.keyboard.type("ana solis")
    press("Enter")
    page.keyboard.type("grace tsosi")
    press("Tab")
    page.locator("select[name=lines-26-who]").wait_for()
    page.locator("select[name=lines-26-who]").select_option(index=1)
    page.locator("main").get_by_role("button", name="Save the sheet").focus()
    press("Enter")
    page.wait_for_selector("body[data-ready] [data-message]")
    found = here(door.event)
    assert len(found) == 28
    assert {"Ana Solís", "Bernice Cole", "Grace Tsosie"} <= set(found)
    assert every(Contact).count() == len(NAMES) + 25
    assert [one.source for one in every(Consent)] == ["paper"]


def test_a_name_on_two_lines_asks_in_the_row_whether_it_is_the_same_person(browser, door):
    window = browser(door.one, LAPTOP)
    page = window.page
    window.open(reverse("outreach:enter_sheet", args=[door.event.uid]))
    page.wait_for_selector("body[data-ready] [data-sheet-lines]")
    for number, name in enumerate(("Mai Lee", "Tou Xiong", "mai lee")):
        page.fill(f"[name=lines-{number}-name]", name)
        page.keyboard.press("Tab")
    choice = page.locator("select[name=lines-2-who]")
    choice.wait_for()
    assert page.locator("[data-who] select").count() == 1
    assert choice.locator("option").first.inner_text() == "Also on line 1: same person?"
    choice.select_option(label="Yes, the same as on line 1")
    page.locator("main").get_by_role("button", name="Save the sheet").click()
    page.wait_for_selector("body[data-ready] [data-message]")
    assert here(door.event) == ["Mai Lee", "Tou Xiong"]
