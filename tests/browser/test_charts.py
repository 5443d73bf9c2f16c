"""Charts in a real browser: the server's drawings, Plotly over them, and no slip of the CSP."""

import re

import pytest
from playwright.sync_api import expect

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
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    window.open(WHERE)
    for name in ("activity", "by_month", "by_state", "by_kind", "by_affiliate"):
        page.wait_for_selector(f"[data-figure={name}][data-drawn]")
        assert not figure(page, name).locator(":scope > svg").is_visible()
    assert len([url for url in asked if url.endswith(".js") and "plotly" in url]) == 1
    assert page.locator("#by_kind table.mini").is_visible()
    point = figure(page, "by_month").locator(".points path").last
    page.mouse.move(*centre_of(point))
    figure(page, "by_month").locator(".hoverlayer text").first.wait_for()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**/interactions/?**")
    assert "1 meeting" in page.locator("#results [role=status]").first.inner_text()


def on_phone(browser, person):
    """A phone that shows the dashboard, its scripts at work."""
    window = browser(person, size=PHONE)
    window.open(WHERE)
    window.page.wait_for_selector("body[data-ready]")
    return window


def shown(page) -> str:
    """Which of both is seen of the heat map."""
    table = page.locator("table.heat").evaluate("one => getComputedStyle(one).opacity") == "1"
    plot = figure(page, "activity").locator(".plot").is_visible()
    assert table != plot
    return "table" if table else "plot"


def heat_map(browser, person):
    """A laptop that shows the heat map of Plotly."""
    make.community(name="Black", short="Black")
    window = browser(person, size=LAPTOP)
    window.open(WHERE)
    window.page.wait_for_selector("[data-figure=activity][data-drawn]")
    return window.page


def test_the_heat_map_lies_on_its_table_and_opens_the_same_lists(browser, setting):
    person, _casa, _home = setting
    page = heat_map(browser, person)
    assert shown(page) == "plot"
    links = page.locator("table.heat td a")
    cells = figure(page, "activity").locator(".plot .point path")
    words = figure(page, "activity").locator(".plot .point text").all_text_contents()
    assert words == links.evaluate_all("all => all.map(one => one.firstChild.textContent)")
    assert {"1", "None"} <= set(words)
    for n in (0, words.index("None"), links.count() - 1):  # a number, a gap, the last total
        page.wait_for_selector("[data-figure=activity][data-drawn]")
        across, down = centre_of(links.nth(n))
        assert centre_of(cells.nth(n)) == pytest.approx((across, down), abs=4)
        address = links.nth(n).get_attribute("href")
        page.mouse.move(across, down)
        figure(page, "activity").locator(".hoverlayer text").first.wait_for()
        page.mouse.click(across, down)
        page.wait_for_url(f"**{address}")
        page.go_back()


def test_the_table_of_the_heat_map_is_one_press_away(browser, setting):
    person, _casa, _home = setting
    page = heat_map(browser, person)
    page.evaluate("document.fonts.ready")
    card = page.locator("section:has(> [data-figure=activity])")
    high = card.bounding_box()["height"]
    button = page.locator("[data-table=activity]")
    button.press("Enter")
    assert button.get_attribute("aria-pressed") == "true" and shown(page) == "table"
    assert card.bounding_box()["height"] == pytest.approx(high, abs=1)
    button.press("Space")
    page.wait_for_selector("[data-figure=activity][data-drawn]")
    assert button.get_attribute("aria-pressed") == "false" and shown(page) == "plot"


def test_the_keyboard_and_screen_readers_have_the_table_of_the_heat_map(browser, setting):
    person, _casa, _home = setting
    page = heat_map(browser, person)
    assert page.get_by_role("table", name="Meetings held, by region and community").count() == 1
    assert page.get_by_role("link", name="1 meeting: Pacific, Hispanic").count() == 1
    figure(page, "activity").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('table.heat tbody a')")
    assert shown(page) == "table"
    page.keyboard.press("Shift+Tab")
    assert shown(page) == "plot"


def test_a_double_click_shows_all_again_and_opens_nothing(browser, setting):
    person, _casa, _home = setting
    page = heat_map(browser, person)
    first, second = (centre_of(page.locator("table.heat td a").nth(n)) for n in (0, 1))
    words = figure(page, "activity").locator(".plot .annotation-text")
    before = words.count()
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(second[0] - 10, second[1] + 60, steps=4)
    page.mouse.up()
    expect(words).not_to_have_count(before)
    page.mouse.dblclick(*second)
    expect(words).to_have_count(before)
    page.wait_for_timeout(600)  # longer than a click waits
    assert page.url.endswith(WHERE)


def test_another_theme_draws_all_again(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=LAPTOP)
    page = window.page
    window.open(WHERE)
    page.wait_for_selector("[data-figure=by_state][data-drawn]")
    page.wait_for_selector("[data-figure=activity][data-drawn]")
    cell = figure(page, "activity").locator(".plot .point path").first
    states = figure(page, "by_state").locator(".plot .js-fill")
    light, shapes = cell.evaluate("one => one.style.fill"), states.count()
    page.emulate_media(color_scheme="dark")
    expect(cell).not_to_have_css("fill", light)
    page.wait_for_timeout(200)
    assert states.count() == shapes > 50


def test_a_phone_draws_without_plotly_until_asked(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=PHONE)
    page = window.page
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    window.open(WHERE)
    page.wait_for_selector("body[data-ready]")
    assert figure(page, "by_month").locator(":scope > svg").is_visible()
    assert not [url for url in asked if "plot" in url or "explore" in url]
    page.locator("[data-explore=by_month]").click()
    page.wait_for_selector("[data-figure=by_month][data-drawn]")
    assert all(any(name in url for url in asked) for name in ("plotly", "plots.json"))


def test_the_heat_map_of_a_phone_scrolls_instead_of_writing_over_itself(browser, setting):
    person, _casa, _home = setting
    window = on_phone(browser, person)
    page = window.page
    assert page.locator("table.heat").is_visible() and page.locator("[data-table]").is_hidden()
    button = page.locator("[data-explore=activity]")
    button.click()
    page.wait_for_selector("[data-figure=activity][data-drawn]")
    assert shown(page) == "plot" and button.get_attribute("aria-pressed") == "true"
    assert figure(page, "activity").locator(".main-svg").first.bounding_box()["width"] > 600
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    button.click()
    assert (
        page.locator("table.heat").is_visible() and button.get_attribute("aria-pressed") == "false"
    )
    assert not figure(page, "activity").locator(".plot").is_visible()


def test_a_chart_without_lists_behind_promises_none(browser, setting):
    _person, _casa, home = setting
    window = browser(make.user(home.region, home=home, role="leader"), size=LAPTOP)
    page = window.page
    window.open(WHERE)
    page.wait_for_selector("[data-figure=by_affiliate][data-drawn]")
    assert "open its list" not in figure(page, "by_kind").locator(".hint").inner_text()
    page.wait_for_selector("[data-figure=activity][data-drawn]")
    assert "open its list" in figure(page, "activity").locator(".hint").inner_text()


def test_a_chart_that_cannot_be_loaded_leaves_the_drawing(browser, setting):
    person, _casa, _home = setting
    window = on_phone(browser, person)
    page = window.page
    page.locator("#plot-files").evaluate("one => { one.dataset.script = '/healthz' }")
    page.locator("[data-explore=by_kind]").click()
    page.get_by_text("The chart could not be loaded").wait_for(state="attached")
    assert figure(page, "by_kind").locator(":scope > svg").is_visible()
    said = window.complaints.pop()  # Chromium writes down that this was no script
    assert "Refused to execute script" in said


def drawn(page, name) -> bool:
    """Whether the browser has laid out a figure, not only kept a place for it."""
    rows = page.locator(f"#{name} table")
    return rows.evaluate("one => one.checkVisibility({contentVisibilityAuto: true})")


def test_a_phone_lays_a_figure_out_when_it_comes_near_and_prints_them_all(browser, setting):
    person, _casa, _home = setting
    window = on_phone(browser, person)
    page = window.page
    assert not drawn(page, "by_affiliate")
    page.emulate_media(media="print")
    assert drawn(page, "by_affiliate")
    page.emulate_media(media="screen")
    page.locator("#by_affiliate").scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    assert drawn(page, "by_affiliate")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_explores_a_chart_is_asked_for_again_when_it_did_not_come(browser, setting):
    person, _casa, _home = setting
    window = on_phone(browser, person)
    page = window.page
    asked = []
    page.on("request", lambda request: "explore" in request.url and asked.append(request.url))
    page.route("**/explore*.js*", lambda route: route.abort())
    button = page.locator("[data-explore=by_kind]")
    button.click()
    page.get_by_text("The chart could not be loaded").wait_for(state="attached")
    assert figure(page, "by_kind").locator(":scope > svg").is_visible()
    assert button.get_attribute("aria-pressed") == "false" and not button.get_attribute("aria-busy")
    assert "ERR_FAILED" in window.complaints.pop()
    page.unroute("**/explore*.js*")
    button.click()
    page.wait_for_selector("[data-figure=by_kind][data-drawn]")
    assert button.get_attribute("aria-pressed") == "true"
    assert len(set(asked)) == 2  # some browsers remember what did not come, by its address


def test_it_prints_on_two_pages(browser, setting):
    person, _casa, _home = setting
    window = browser(person, size=LAPTOP)
    page = window.page
    window.open(WHERE)
    page.wait_for_selector("[data-figure=by_affiliate][data-drawn]")
    page.wait_for_selector("[data-figure=activity][data-drawn]")
    page.emulate_media(media="print")
    assert shown(page) == "table"
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
