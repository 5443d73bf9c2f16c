"""Programs in a real browser: how their pages look, and a step from its check to its sign-off."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from outreach.models import (
    AffiliateGoal,
    CheckDone,
    CommitteeMember,
    Consultation,
    Evaluation,
    SignOff,
    StepLink,
    TargetStep,
)
from tests import make
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.test_pages_look import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def there():
    """A program halfway, with something in each of its parts, and who works with it."""
    make.outside()
    state = make.state(make.region(name="Pacific"), name="Washington")
    roles = ("organizer", "regional-lead", "leader", "administrator")
    users = {role: make.user(state.region, home=state, role=role) for role in roles}
    owner, today = users["organizer"], timezone.localdate()
    partner = make.organization(state, name="Casa Unida del Valle", they_bring="A hall.")
    program = make.program(
        state,
        owner=owner,
        author=owner,
        lead=owner,
        communities=[make.community(name="Hispanic")],
        name="Yakima Valley, 2026–27",
        start=today - timedelta(days=70),
        end=today + timedelta(days=230),
        budget_planned=4_000,
        note="The board meets on the first Monday.",
    )
    first, second = make.step_of(program, "goals"), make.step_of(program, "members")
    check = first.step.checks.order_by("position").first()
    text = {"title": "Link goals", "guidance": "Begin.", "checks": [{"name": "A", "done": True}]}
    aim = make.target(program, partner)
    make.saved(
        CheckDone(program_step=second, line=second.step.checks.first(), day=today),
        CheckDone(program_step=first, line=check, day=today),
        SignOff(program_step=first, day=today, author=users["regional-lead"], text=text),
        StepLink(program_step=second, label="Notes", url="https://notes.example/1"),
        AffiliateGoal(program=program, goal="Smaller classes", engagement_goal="Parents speak"),
        AffiliateGoal(program=program, goal="New members stay"),
        Consultation(program=program, who="Ana Reyes", role="officer", day=today),
        CommitteeMember(program=program, name="Maribel Ortiz", role="chair"),
        TargetStep(target=aim, text="Listen, ask for nothing", day=today),
        TargetStep(target=aim, text="Ask around", day=today, done_on=today),
    )
    make.interaction(organization=partner, day=today, author=owner)
    person = make.contact(organization=partner, name="Rosa Delgado")
    promises = [
        make.promise(partner, owner=owner, due=today + timedelta(days=3), made_on=today),
        make.promise(partner, by="organization", status="kept", ended_on=make.DAY),
        make.promise(partner, by="person", contact=person, due=today, moved=1),
    ]
    asked = make.evaluation(program, partner)
    said = {"kept_word": 5, "worth_it": 4, "listened": 4, "again": "yes", "words": "Come earlier."}
    told = make.evaluation(
        make.program(state, owner=owner), partner, answered_on=today, source="paper", **said
    )
    return SimpleNamespace(
        users=users, program=program, steps=(first, second), aim=aim, partner=partner,
        promise=promises[0], action=make.joint_action(program, [partner], owner=owner),
        asked=asked, told=told, plan=make.plan(name="First meetings"),
        aim_step=TargetStep.objects.visible_to(make.SETUP).filter(target=aim).first(),
    )  # fmt: skip


def at(name, *rows) -> str:
    return reverse(f"outreach:{name}", args=[row.uid for row in rows])


def of_organizer(there) -> list[str]:
    program = there.program
    return [
        *(reverse(f"outreach:{n}") for n in ("programs", "program-steps", "joint-actions")),
        f"{reverse('outreach:promises')}?view=all",
        *(f"{at('program', program)}?tab={tab}" for tab in ("board", "history")),
        *(at("step", step) for step in there.steps),
        at("step", make.step_of(program, "relationships")),
        at("step", make.step_of(program, "act")),
        at("target", there.aim),
        at("promises_of", there.partner),
        at("promise", there.promise),
        at("joint_action", there.action),
        *(at("evaluation", row) for row in (there.asked, there.told)),
        at("evaluation_paper", there.asked),
        "/dashboards/steps/",
        "/today/",
    ]


def forms(there) -> list[str]:
    return [
        reverse("outreach:add_program"),
        f"{reverse('outreach:add_program')}?renews={there.program.uid}",
        *(at(n, there.program) for n in ("change_program", "link_goals", "choose_targets")),
        *(at(n, there.steps[1]) for n in ("change_step", "sign_step")),
        at("reopen_step", there.steps[0]),
        f"{reverse('outreach:add_joint_action')}?program={there.program.uid}",
        at("change_joint_action", there.action),
        f"{reverse('outreach:add_promise')}?organization={there.partner.uid}",
        *(at(n, there.promise) for n in ("change_promise", "end_promise")),
        at("change_target_step", there.aim_step),
        f"{reverse('outreach:ask_evaluation')}?program={there.program.uid}",
        at("enter_evaluation", there.asked),
        "/dashboards/steps/?first=x",
    ]


def of_administrator(there) -> list[str]:
    steps = make.steps()
    return [
        at("step_text", steps[0]),
        f"{at('step_text', steps[1])}?tab=history",
        reverse("outreach:plan_templates"),
        reverse("outreach:add_plan_template"),
        at("plan_template", there.plan),
    ]


def of_visitor(there) -> list[str]:
    link = reverse("outreach:answer_evaluation", args=[there.asked.token])
    return [link, f"{link}?sent=yes"]


@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        ("organizer", of_organizer),
        ("regional-lead", forms),
        ("leader", lambda there: [at("program", there.program), "/dashboards/steps/"]),
        ("administrator", of_administrator),
        ("", of_visitor),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_pages_of_programs_look(role, addresses, there, browser):
    window = browser(there.users.get(role), PHONE)
    wrong = [line for address in addresses(there) for line in look(window, address)]
    assert wrong == []


def test_a_step_goes_from_its_check_on_a_phone_to_its_sign_off_on_a_laptop(browser, there):
    phone = browser(there.users["organizer"], PHONE, has_touch=True)
    second = there.steps[1]
    phone.open(at("program", there.program))
    phone.page.locator(".five .now a.btn").tap()
    phone.page.wait_for_url(f"**{at('step', second)}")
    phone.page.locator("button", has_text=re.compile("^Done.*Check members 2", re.S)).tap()
    phone.page.get_by_text("100% done").first.wait_for()
    assert phone.page.get_by_role("link", name="Sign off").count() == 0  # she owns it
    laptop = browser(there.users["regional-lead"], LAPTOP)
    laptop.open(at("step", second))
    laptop.page.locator("a.btn.main", has_text="Sign off").click()
    laptop.page.get_by_role("button", name="Sign off").click()
    laptop.page.get_by_text("Its words are those of that day.").wait_for()
    laptop.open(at("program", there.program))
    assert laptop.page.locator(".five > .done").count() == 2
    assert make.fresh(there.program).step_now == 3


def test_a_partner_looks_back_on_a_phone_without_script(browser, there):
    visitor = browser(None, PHONE, java_script_enabled=False)
    visitor.open(reverse("outreach:answer_evaluation", args=[there.asked.token]))
    page = visitor.page
    for name, value in (("kept_word", 5), ("worth_it", 4), ("listened", 4), ("again", "yes")):
        page.locator(f"label:has(input[name={name}][value='{value}'])").click()
    page.fill("textarea[name=words]", "Vengan antes.")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Thank you").wait_for()
    row = Evaluation.objects.visible_to(make.SETUP).get(pk=there.asked.pk)
    assert (row.kept_word, row.again, row.words) == (5, "yes", "Vengan antes.")


def test_a_check_is_moved_on_the_page_and_saved_with_the_step(there, browser):
    window = browser(there.users["administrator"])
    page = window.page
    step = make.steps()[0]
    window.open(at("step_text", step))
    page.click("[data-line] >> nth=1 >> [data-move-line='-1']")
    assert page.inner_text("[data-line-said]") == "Moved to place 1 of 2."
    assert page.evaluate("document.activeElement.dataset.moveLine") == "-1"
    page.keyboard.press("Enter")  # the first cannot go up
    with page.expect_navigation():
        page.press("[name=checks-0-name]", "Tab")
        page.click(f"button:has-text('Save step {step.position}')")
    checks = step.checks.order_by("position")
    assert [row.code for row in checks] == ["goals-2", "goals-1"]


def test_a_phone_says_that_the_matrix_goes_on_and_that_its_numbers_open(there, browser):
    window = browser(there.users["leader"], PHONE)
    page = window.page
    window.open("/dashboards/steps/")
    assert page.is_visible("text=Swipe sideways to see all of it. A number opens its list.")
    number = page.locator(".heat td a").first
    assert "underline" in number.evaluate("a => getComputedStyle(a).textDecorationLine")
    name = page.locator(".heat tbody th").first
    before = name.bounding_box()["x"]
    page.evaluate("document.querySelector('.fades').scrollLeft = 9999")
    assert abs(name.bounding_box()["x"] - before) < 8  # the step stays in sight
    window.turn_into(LAPTOP, "light")
    assert not page.is_visible("text=Swipe sideways")
