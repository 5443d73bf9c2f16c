"""One run of the five steps by hand: an organizer on a phone, a lead on a laptop, a partner."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.settling import every
from outreach.models import Evaluation, Program, SurveyRound, SurveyTie
from tests import make
from tests.browser.conftest import LAPTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODES = ("goals", "members", "map", "relationships", "act")
NAME = "Yakima Valley, first run"


class Run:
    """The program in the organizer's hand and on the lead's table."""

    def __init__(self, phone, laptop):
        self.phone, self.laptop = phone, laptop
        self.page = phone.page

    @property
    def program(self) -> Program:
        return every(Program).order_by("pk").first()

    def status(self, code) -> str:
        return make.step_of(self.program, code).status

    def board(self) -> None:
        self.phone.open(reverse("outreach:program", args=[self.program.uid]))
        self.page.wait_for_selector("body[data-ready]")

    def follow(self, words) -> None:
        """From the board to a form, by the link that a reader of the screen hears as `words`."""
        self.board()
        self.page.get_by_role("link", name=words).first.tap()
        self.page.wait_for_selector("body[data-ready] main form [type=submit]")

    def fill(self, **values) -> None:
        for name, value in values.items():
            at = self.page.locator(f"main [name={name.replace('__', '-')}]")
            if at.first.evaluate("one => one.tagName") == "SELECT":
                at.select_option(value)
            else:
                at.fill(value)

    def choose(self, field, words) -> None:
        """Type into the field that finds rows by name, and take the first that is offered."""
        self.page.locator(f"#id_{field}").fill(words)
        self.page.get_by_role("option", name=words).first.tap()

    def save(self, name="Save") -> None:
        self.page.locator("main").get_by_role("button", name=name).last.tap()
        self.page.wait_for_selector("body[data-ready] [data-message]")

    def undo(self) -> None:
        self.page.get_by_role("button", name="Undo").first.tap()
        self.page.get_by_text(re.compile("^Undone")).first.wait_for()

    def tick_all(self, code) -> None:
        step = make.step_of(self.program, code)
        self.phone.open(reverse("outreach:step", args=[step.uid]))
        for check in step.step.checks.order_by("position"):
            named = f": {check.name}$"
            self.page.get_by_role("button", name=re.compile(f"^Done *{named}")).tap()
            self.page.get_by_role("button", name=re.compile(f"^Take back *{named}")).wait_for()
        self.page.get_by_text("100% done").first.wait_for()
        assert self.page.get_by_role("link", name="Sign off").count() == 0  # she owns it

    def sign(self, code) -> None:
        step, page = make.step_of(self.program, code), self.laptop.page
        self.laptop.open(reverse("outreach:step", args=[step.uid]))
        page.locator("a.btn.main", has_text="Sign off").click()
        page.get_by_role("button", name="Sign off").click()
        page.get_by_text("Its words are those of that day.").wait_for()
        assert self.status(code) == "signed"


@pytest.fixture
def run(browser):
    make.outside()
    make.steps()
    state = make.state(make.region(name="Pacific"), name="Washington")
    make.kind(name="Meeting", code="meeting", icon="people", position=0)
    make.stage(code="identified", name="Identified")
    make.community(name="Hispanic", short="Hispanic")
    organizer = make.user(state.region, home=state, name="Maribel Ortiz")
    lead = make.user(state.region, home=state, role="regional-lead", name="Ada Lead")
    found = Run(browser(organizer, PHONE, has_touch=True), browser(lead, LAPTOP))
    found.affiliate = make.affiliate(state, name="Yakima Educators")
    found.partner = make.organization(state, name="Casa Unida del Valle", owner=organizer)
    return found


def test_from_goals_to_renewal(run, browser):
    begin(run)
    link_goals(run)
    ask_members(run, browser)
    map_the_community(run)
    build_relationships(run)
    act(run, browser)
    renew(run)


def begin(run) -> None:
    run.phone.open(reverse("crm:affiliate", args=[run.affiliate.uid]))
    run.page.get_by_role("link", name="Begin a program").tap()
    run.page.wait_for_selector("body[data-ready] [name=name]")
    today = timezone.localdate()
    run.fill(name=NAME, start=f"{today - timedelta(days=30)}", end=f"{today + timedelta(days=300)}")
    run.page.locator("label", has_text="Hispanic").first.tap()
    run.save("Begin program")
    assert run.page.locator("h1").inner_text() == NAME
    assert [run.status(code) for code in CODES] == ["not-started"] * 5


def link_goals(run) -> None:
    run.follow("Edit goals, and who was asked")
    run.fill(goals__0__goal="Smaller classes", consultations__0__who="Ana Reyes")
    run.fill(consultations__0__role="board", consultations__0__day=f"{timezone.localdate()}")
    run.save()
    assert run.status("goals") == "started"
    assert run.page.get_by_text("Gap: nothing serves this goal yet").is_visible()
    run.undo()
    assert run.status("goals") == "not-started"
    run.follow("Edit goals, and who was asked")
    run.fill(goals__0__goal="Smaller classes", goals__0__engagement_goal="Parents speak up")
    run.save()
    run.tick_all("goals")
    run.sign("goals")
    assert run.program.step_now == 2


def ask_members(run, browser) -> None:
    run.follow("Ask members in a new survey")
    run.save("Begin survey")
    assert run.status("members") == "started"
    run.undo()
    assert run.status("members") == "not-started"
    run.follow("Ask members in a new survey")
    run.save("Begin survey")
    survey = every(SurveyRound).get()
    member = browser(None, PHONE, has_touch=True)
    member.open(reverse("outreach:answer_survey", args=[survey.token]))
    member.page.check("[name=category][value=support]")
    member.page.fill("[name=groups-0-name]", "Casa Unida del Valle")
    member.page.locator("label:has([name=groups-0-belongs])").tap()
    member.page.check("[name=agree]")
    member.page.get_by_role("button", name="Send my answers").tap()
    member.page.get_by_text("Thank you. Your answers are sent.").wait_for()
    assert every(SurveyTie).get().organization_id == run.partner.pk
    run.phone.open(reverse("outreach:survey", args=[survey.uid]))
    assert run.page.locator("main").get_by_text("Casa Unida del Valle").first.is_visible()
    run.tick_all("members")
    run.sign("members")


def map_the_community(run) -> None:
    run.board()
    run.page.get_by_role("link", name="Power map").first.tap()
    run.page.wait_for_selector("body[data-ready] [name=question]")
    run.fill(question="Safe Zone resolution", decision_maker="Board president")
    run.save()
    assert run.status("map") == "started"
    run.undo()
    assert run.status("map") == "not-started"
    run.phone.open(reverse("outreach:write_assets", args=[run.program.uid]))
    run.page.wait_for_selector("body[data-ready]")
    run.fill(assets__0__kind="place", assets__0__name="Grange hall")
    run.save()
    assert run.status("map") == "started"
    run.phone.open(reverse("outreach:gaps", args=[run.program.uid]))
    assert run.page.get_by_text("Hispanic").first.is_visible()
    run.tick_all("map")
    run.sign("map")


def build_relationships(run) -> None:
    run.follow("Edit target organizations")
    run.choose("targets", "Casa Unida")
    run.save()
    assert run.status("relationships") == "not-started"
    run.phone.open(f"{reverse('crm:log_interaction')}?organization={run.partner.uid}")
    run.page.wait_for_selector("body[data-ready]")
    run.fill(summary="They want the reading night in both languages.")
    run.page.locator(".foot button[type=submit]").tap()
    run.page.wait_for_selector("body[data-ready] [data-message]")
    assert run.status("relationships") == "started"
    run.undo()
    assert run.status("relationships") == "not-started"
    run.phone.open(f"{reverse('crm:log_interaction')}?organization={run.partner.uid}")
    run.page.wait_for_selector("body[data-ready]")
    run.fill(summary="Tea, again.")
    run.page.locator(".foot button[type=submit]").tap()
    run.page.wait_for_selector("body[data-ready] [data-message]")
    run.board()
    assert run.page.get_by_text("1 meeting held since this program began").is_visible()
    step = make.step_of(run.program, "relationships")
    run.phone.open(reverse("outreach:step", args=[step.uid]))
    run.page.get_by_role("link", name="Choose meetings").tap()
    run.page.get_by_role("button", name=re.compile("^Add.*Casa Unida")).tap()
    run.page.get_by_role("heading", name="Chosen").wait_for()
    run.board()
    assert run.page.get_by_text("1 piece of evidence").is_visible()
    run.tick_all("relationships")
    run.sign("relationships")


def act(run, browser) -> None:
    run.follow("Plan a joint action")
    run.fill(title="Reading night")
    run.page.locator("label:has([name=issue][value=both])").tap()
    run.choose("partners", "Casa Unida")
    run.save("Save joint action")
    assert run.status("act") == "started"
    run.undo()
    assert run.status("act") == "not-started"
    run.follow("Ask a partner to look back")
    run.choose("organization", "Casa Unida")
    run.save()
    asked = every(Evaluation).get()
    partner = browser(None, PHONE, has_touch=True)
    partner.open(reverse("outreach:answer_evaluation", args=[asked.token]))
    for name, value in (("kept_word", 5), ("worth_it", 4), ("listened", 3), ("again", "yes")):
        partner.page.locator(f"label:has(input[name={name}][value='{value}'])").tap()
    partner.page.get_by_role("button", name="Send").tap()
    partner.page.get_by_text("Thank you").wait_for()
    run.board()
    assert run.page.get_by_text("4.0 of 5").is_visible()
    run.tick_all("act")
    run.sign("act")
    run.board()
    assert run.page.locator(".five > .done").count() == 5


def renew(run) -> None:
    run.board()
    run.page.get_by_role("link", name="Renew").tap()
    run.page.wait_for_selector("body[data-ready] [name=name]")
    run.fill(name="Yakima Valley, second run")
    run.save("Begin program")
    assert run.page.locator("h1").inner_text() == "Yakima Valley, second run"
    assert run.page.get_by_role("link", name="Casa Unida del Valle").first.is_visible()
    assert every(Program).count() == 2
