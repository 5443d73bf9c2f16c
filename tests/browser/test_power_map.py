"""A power map in a browser: moved by mouse, finger, keyboard, and without script."""

from datetime import date, timedelta

import pytest

from access.settling import every
from crm.models import Task
from outreach.models import MapTie, Placement, Target
from tests import make
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.test_pages_look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def board():
    """A map with four on it, and its organizer as `board.who`."""
    make.outside()
    state = make.state(make.region(name="Pacific"), name="Washington")
    who = make.user(state.region, home=state, name="Amalia Reyes Quintero")
    served = make.community(name="Hispanic")
    new = make.stage(code="identified", name="Identified")
    partner = make.organization(state, communities=[served], stage=new, name="Casa Unida del Valle")
    body = make.affiliate(state, name="Washington Education Alliance")
    program = make.program(affiliate=body, owner=who, lead=who, communities=[served])
    row = make.power_map(program, author=who, question="A Safe Zone resolution")
    before = date.today() - timedelta(days=70)
    row.boss = make.map_actor(row, (before, 3, 4), name="Board president", decides=True)
    row.seat = make.map_actor(row, (before, 4, 4), name="Board, seat 5", kind="office")
    row.casa = make.map_actor(row, (before, 1, 3), organization=partner)
    days = (before, 3, 2), (date.today() - timedelta(days=20), 2, 2)
    row.radio = make.map_actor(row, *days, name="Community radio")
    make.saved(MapTie(one=row.casa, other=row.seat, kind="civic"))
    row.who, row.partner = who, partner
    return row


def stands(who) -> tuple[int, int]:
    row = every(Placement).filter(map_actor=who).latest("day")
    return row.stance, row.influence


def middle(page, found: str) -> tuple[float, float]:
    box = page.locator(found).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def cell(stance: int, influence: int) -> str:
    return f"td[data-stance='{stance}'][data-influence='{influence}']"


def card(who) -> str:
    return f"[data-card][data-url*='{who.uid}']"


def test_the_pages_look(board, browser):
    window = browser(board.who, PHONE)
    program = board.program
    addresses = [
        f"/power-maps/{board.uid}/",
        f"/power-maps/{board.uid}/?tab=history",
        f"/power-maps/{board.uid}/?with={date.today() - timedelta(days=40)}",
        f"/power-maps/{board.uid}/?show=movement",
        f"/power-maps/{board.uid}/?show=ties",
        *(f"/power-maps/{board.uid}/{form}/" for form in ("change", "place", "tie", "delete")),
        f"/power-maps/add/?program={program.uid}",
        "/power-maps/",
        f"/map-actors/{board.seat.uid}/",
        f"/map-actors/{board.seat.uid}/?tab=history",
        f"/map-actors/{board.seat.uid}/move/",
        f"/map-actors/{board.seat.uid}/change/",
        f"/programs/{program.uid}/assets/",
        f"/programs/{program.uid}/gaps/",
        f"/program-steps/{make.step_of(program, 'map').uid}/",
    ]
    assert [line for address in addresses for line in look(window, address)] == []


def test_a_card_is_dragged_with_the_mouse(board, browser):
    window = browser(board.who)
    page = window.page
    window.open(f"/power-maps/{board.uid}/")
    page.mouse.move(*middle(page, card(board.seat)))
    page.mouse.down()
    page.mouse.move(*middle(page, cell(3, 4)), steps=6)
    assert page.locator("td.over").get_attribute("data-stance") == "3"
    page.keyboard.press("Escape")
    page.mouse.up()
    assert stands(board.seat) == (4, 4)
    page.mouse.move(*middle(page, card(board.seat)))
    page.mouse.down()
    page.mouse.move(*middle(page, cell(2, 3)), steps=6)
    with page.expect_navigation():
        page.mouse.up()
    assert page.url.endswith(f"/power-maps/{board.uid}/")
    assert stands(board.seat) == (2, 3)
    assert page.is_visible(f"{cell(2, 3)} >> text=Board, seat 5")
    page.click("text=Undo")
    page.wait_for_selector("text=Undone")
    assert stands(board.seat) == (4, 4)


def test_a_press_without_a_drag_opens_the_card(board, browser):
    window = browser(board.who)
    window.open(f"/power-maps/{board.uid}/")
    with window.page.expect_navigation():
        window.page.click(card(board.seat))
    assert window.page.url.endswith(f"/map-actors/{board.seat.uid}/")


def test_a_card_is_moved_with_the_keyboard_alone(board, browser):
    window = browser(board.who)
    page = window.page
    window.open(f"/power-maps/{board.uid}/")
    page.focus(f"{card(board.seat)} a")
    page.keyboard.press("ArrowLeft")
    assert page.inner_text("[data-power-said]") == (
        "Board, seat 5: Undecided, high influence. Enter saves, Escape puts it back."
    )
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.is_visible(f"{cell(4, 4)} >> text=Board, seat 5")
    assert stands(board.seat) == (4, 4)
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert stands(board.seat) == (2, 3)
    assert page.evaluate("document.activeElement.matches('.banner.good')")


def test_the_keyboard_leaves_who_decides_at_the_top_and_forgets_what_is_left(board, browser):
    window = browser(board.who)
    page = window.page
    window.open(f"/power-maps/{board.uid}/")
    page.focus(f"{card(board.boss)} a")
    page.keyboard.press("ArrowDown")
    assert page.inner_text("[data-power-said]") == "Who decides stays in the top row."
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    assert page.is_visible(f"{cell(3, 4)} >> text=Board president")
    assert stands(board.boss) == (3, 4)


def test_a_card_is_dragged_with_a_finger_by_its_grip(board, browser):
    window = browser(board.who, PHONE, has_touch=True, is_mobile=True)
    page = window.page
    window.open(f"/power-maps/{board.uid}/")
    page.locator(card(board.seat)).scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 200)")
    x, y = middle(page, f"{card(board.seat)} [data-grip]")
    touch = window.context.new_cdp_session(page)

    def send(kind, *points):
        places = [{"x": px, "y": py} for px, py in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    send("touchStart", (x, y))
    send("touchMove", (x - 10, y - 10))  # the empty places are shown from now on
    assert page.is_visible(cell(5, 4))
    to = middle(page, cell(5, 4))
    send("touchMove", (to[0], to[1] - 4))
    to = middle(page, cell(5, 4))
    send("touchMove", to)
    with page.expect_navigation():
        send("touchEnd")
    assert stands(board.seat) == (5, 4)


def test_without_script_a_form_moves_it(board, browser):
    window = browser(board.who, java_script_enabled=False)
    page = window.page
    window.open(f"/power-maps/{board.uid}/")
    page.click(f".power >> text={board.seat.name}")
    page.select_option("[name=stance]", "1")
    page.select_option("[name=influence]", "2")
    page.click("aside button.main")
    assert page.url.endswith(f"/power-maps/{board.uid}/")
    assert stands(board.seat) == (1, 2)


def test_two_at_once_the_later_sees_both(board, browser):
    first, second = browser(board.who), browser(board.who)
    for window in (first, second):
        window.open(f"/power-maps/{board.uid}/")
    for window, key in ((first, "ArrowLeft"), (second, "ArrowRight")):
        window.page.focus(f"{card(board.seat)} a")
        window.page.keyboard.press(key)
        with window.page.expect_navigation():
            window.page.keyboard.press("Enter")
    assert second.page.is_visible("text=Both versions")
    assert stands(board.seat) == (3, 4)
    assert second.axe() == []


@pytest.mark.parametrize(
    ("query", "drawn"),
    [("", ".power"), ("?show=movement", ".powerdraw"), ("?show=ties", ".powerdraw")],
)
def test_it_prints_on_one_page(board, browser, query, drawn):
    for number in range(12):
        make.map_actor(board, (make.DAY, number % 5 + 1, number % 4 + 1), name=f"Seat {number}")
    window = browser(board.who, LAPTOP)
    window.open(f"/power-maps/{board.uid}/{query}")
    window.page.emulate_media(media="print")
    assert window.page.is_visible(drawn)
    assert not window.page.is_visible("table.cards")
    paper = window.page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") == 1


def test_movement_and_ties_are_reached_by_keyboard_and_without_script(board, browser):
    window = browser(board.who, LAPTOP, java_script_enabled=False)
    page = window.page
    window.open(f"/power-maps/{board.uid}/")
    page.focus(".seg a:has-text('Movement')")
    page.keyboard.press("Enter")
    page.wait_for_selector("svg.powerdraw .way")
    page.fill("#with", str(date.today() - timedelta(days=10)))
    page.click("button:has-text('Show')")
    page.wait_for_selector("text=nobody moved")
    assert page.locator("svg.powerdraw .way").count() == 0
    page.click(".seg a:has-text('Ties')")
    page.wait_for_selector("svg.powerdraw .tied.t-civic")


def test_start_here_pressed_twice_begins_once(board, browser):
    window = browser(board.who)
    page = window.page
    window.open(f"/programs/{board.program.uid}/gaps/")
    page.select_option("[name=partner]", label="Casa Unida del Valle")
    page.dblclick("button:has-text('Start here')")
    page.wait_for_selector("text=Planned: First contact")
    assert every(Task).count() == 1
    assert every(Target).get().organization_id == board.partner.pk
