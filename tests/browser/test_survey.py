"""A member answers a survey on a phone: without a script, and as axe looks at it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from access.settling import every
from outreach.models import SurveyIntroduction, SurveyTie
from tests import make
from tests.browser.conftest import LAPTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey():
    make.outside()
    state = make.state(make.region(name="Pacific"), name="Washington")
    lead = make.user(state.region, home=state, role="regional-lead", name="Ada Lead")
    today = timezone.now().date()
    days = {"opens": today - timedelta(days=2), "closes": today + timedelta(days=5)}
    return make.survey(make.program(state, owner=lead, lead=lead), author=lead, **days)


def test_a_member_answers_without_a_script(survey, browser):
    window = browser(size=PHONE, java_script_enabled=False)
    page, url = window.page, reverse("outreach:answer_survey", args=[survey.token])
    assert window.open(url) == 200
    assert not page.is_visible("[name=groups-0-introducer]")
    assert not page.is_visible("[name=groups-1-name]")
    page.check("[name=category][value=support]")
    page.fill("[name=groups-0-name]", "Casa Unida")
    page.click("label:has([name=groups-0-belongs])")
    page.check("[name=groups-0-introduce]")
    page.fill("[name=groups-0-introducer]", "Ana Reyes")
    page.click("summary >> nth=0")
    page.fill("[name=groups-1-name]", "Softball")
    page.click("text=Send my answers")  # without consent
    assert page.is_visible("text=Tick the line") and page.is_visible("[name=groups-1-name]")
    page.click("label:has([name=groups-1-coaches])")
    page.check("[name=agree]")
    page.click("text=Send my answers")
    assert page.is_visible("text=Thank you. Your answers are sent.")
    assert sorted(every(SurveyTie).values_list("typed", flat=True)) == ["Casa Unida", "Softball"]
    assert every(SurveyIntroduction).get().name == "Ana Reyes"


def test_the_pages_of_a_survey_are_for_everybody(survey, browser, chromium):
    """axe finds nothing, and nothing is wider than a phone, with everything folded out."""
    for name in ("Casa Unida", "Softball of the Very Long Name at the Elementary School"):
        make.tie(survey, typed=name)
    make.tie(survey, make.organization(survey.home, name="Casa del Pueblo"))
    wrong = []
    urls = [reverse("outreach:answer_survey", args=[token]) for token in (survey.token, "x" * 30)]
    names = ("survey", "change_survey", "review_names", "settled_names", "archive_survey")
    names += ("renew_link", "reopen_survey")
    urls += [reverse(f"outreach:{name}", args=[survey.uid]) for name in names]
    tie = every(SurveyTie).filter(organization=None).first()
    urls += [f"{urls[4]}?tie={tie.uid}", reverse("outreach:add_survey")]
    for number, url in enumerate(urls):
        window = browser(None if number < 2 else survey.author, size=PHONE)
        if number == 1:
            window.complain = lambda *_told: None  # that the page is not there is its answer
        window.open(url)
        window.unfold()
        for size, scheme in ((PHONE, "light"), (LAPTOP, "dark")):
            window.turn_into(size, scheme)
            wrong += [(url, found) for found in window.axe()]
            if window.overflow() > 0:
                wrong.append((url, size))
    assert wrong == []
