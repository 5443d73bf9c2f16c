"""Charts in a real browser: the server's drawings, Plotly over them, and no slip of the CSP."""

import re

import pytest

from tests import make
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.test_main_job import setting as setting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WHERE = "/dashboards/where/"


def figure(page, name):
    return page.locator(f"[data-figure={name}]")


def centre_of(locator) -> tuple[float, float]:
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_plotly_takes_over_on_a_laptop_and_its_marks_open_lists(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=LAPTOP)
    page = window.page
    window.open(WHERE)
    for name in ("by_month", "by_state", "by_kind", "by_affiliate"):
        page.wait_for_selector(f"[data-figure={name}][data-drawn]")
        assert not figure(page, name).locator(":scope > svg").is_visible()
    assert page.locator("#by_kind table.mini").is_visible()
    point = figure(page, "by_month").locator(".points path").last
    page.mouse.move(*centre_of(point))
    figure(page, "by_month").locator(".hoverlayer text").first.wait_for()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**/interactions/?**")
    assert "1 meeting" in page.locator("#results [role=status]").first.inner_text()


def test_the_heat_map_is_explored_when_asked_and_comes_back(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=LAPTOP)
    page = window.page
    window.open(WHERE)
    button = page.locator("[data-explore=activity]")
    button.press("Enter")
    page.wait_for_selector("[data-figure=activity][data-drawn]")
    assert not page.locator("table.heat").is_visible()
    assert button.get_attribute("aria-pressed") == "true"
    button.press("Enter")
    page.locator("table.heat").wait_for()
    assert not figure(page, "activity").locator(".plot").is_visible()


def test_a_phone_draws_without_plotly_until_asked(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=PHONE)
    page = window.page
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    window.open(WHERE)
    page.wait_for_selector("body[data-ready]")
    assert figure(page, "by_month").locator(":scope > svg").is_visible()
    assert not [url for url in asked if "plotly" in url]
    page.locator("[data-explore=by_month]").click()
    page.wait_for_selector("[data-figure=by_month][data-drawn]")
    assert [url for url in asked if "plotly" in url]


def test_the_heat_map_of_a_phone_scrolls_instead_of_writing_over_itself(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=PHONE)
    page = window.page
    window.open(WHERE)
    page.wait_for_selector("body[data-ready]")
    page.locator("[data-explore=activity]").click()
    page.wait_for_selector("[data-figure=activity][data-drawn]")
    assert figure(page, "activity").locator(".main-svg").first.bounding_box()["width"] > 600
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_chart_without_lists_behind_promises_none(browser, setting):
    _person, _casa, home = setting
    window = browser(make.user(home.region, home=home, role="leader"), size=LAPTOP)
    page = window.page
    window.open(WHERE)
    page.wait_for_selector("[data-figure=by_affiliate][data-drawn]")
    assert "open its list" not in figure(page, "by_kind").locator(".hint").inner_text()
    page.locator("[data-explore=activity]").click()
    page.wait_for_selector("[data-figure=activity][data-drawn]")
    assert "open its list" in figure(page, "activity").locator(".hint").inner_text()


def test_a_chart_that_cannot_be_loaded_leaves_the_drawing(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=PHONE)
    page = window.page
    window.open(WHERE)
    page.wait_for_selector("body[data-ready]")
    page.locator("#plot-files").evaluate("one => { one.dataset.script = '/healthz' }")
    page.locator("[data-explore=by_kind]").click()
    page.get_by_text("The chart could not be loaded").wait_for(state="attached")
    assert figure(page, "by_kind").locator(":scope > svg").is_visible()
    said = window.complaints.pop()  # Chromium writes down that this was no script
    assert "Refused to execute script" in said


def test_it_prints_on_two_pages(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=LAPTOP)
    page = window.page
    window.open(WHERE)
    page.wait_for_selector("[data-figure=by_affiliate][data-drawn]")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
