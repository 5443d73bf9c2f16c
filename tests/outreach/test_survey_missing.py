"""Who is missing, members say in a survey: kept by the line, for the team alone."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.settling import every
from access.undo import undo
from crm.models import Organization
from outreach.commands import DeleteSurvey, SettleMissing, SettleName
from outreach.models import SurveyMissing, SurveyTie
from outreach.survey_counts import missing_from, names_waiting, waiting_of
from tests import make
from tests.outreach.test_survey import INSIDE, answer, group
from tests.outreach.test_survey_pages import sent, url_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture
def inside():
    """A moment at which the round is open."""
    with time_machine.travel(INSIDE, tick=False):
        yield


@pytest.fixture
def survey(here, organizer):
    program = make.program(here, owner=organizer, author=organizer, lead=organizer)
    return make.survey(program, author=organizer)


@pytest.fixture
def stranger(here):
    """An organizer of the area who is not on the team of the program."""
    return make.user(here.region, home=here)


def rows(survey):
    return every(SurveyMissing).filter(round=survey).order_by("id")


def missed(survey, text):
    return answer(survey, group("Casa"), missing=text)


def settle(actor, survey, typed, command_class=SettleMissing, **values):
    tie = rows(survey).filter(typed=typed).first()
    row = make.fresh(survey)
    command = command_class(
        actor, values | {"tie": str(tie.uid), "revision": row.revision}, instance=row
    )
    command.run()
    return command


def test_a_member_says_who_is_missing_and_nothing_is_shown_back(survey):
    client = Client()
    text = client.get(url_of(survey)).content.decode()
    assert "3. Who is missing?" in text and "Three questions" in text
    values = sent(missing="Canary nurses\r\n\r\n  the food   bank \n---\ncanary nurses")
    done = client.post(url_of(survey), values, follow=True)
    assert "Canary" not in done.content.decode()
    assert "Canary" not in client.get(url_of(survey)).content.decode()
    assert [row.typed for row in rows(survey)] == ["Canary nurses", "the food bank"]
    assert {row.answer for row in rows(survey)} == {every(SurveyTie).get().answer}


def test_it_may_be_left_empty_and_a_second_click_counts_once(survey):
    client = Client()
    for _click in range(2):
        client.post(url_of(survey), sent(missing="Nurses"))
    assert rows(survey).count() == 1
    missed(survey, "")
    answer(survey, group("Casa"))
    assert rows(survey).count() == 1


@pytest.mark.parametrize("text", ["x" * 121, "\n".join(f"Group {n}" for n in range(9))])
def test_too_much_is_refused_and_stays_in_the_form(survey, text):
    page = Client().post(url_of(survey), sent(missing=text))
    assert page.status_code == 422 and 'href="#missing"' in page.content.decode()
    assert text.splitlines()[0] in page.content.decode()
    assert not rows(survey).exists() and not every(SurveyTie).exists()


def test_hostile_text_is_harmless(client, survey, organizer):
    missed(survey, "\u202e<script>alert(1)</script>\x00\n" + "\u200f\n")
    (row,) = rows(survey)
    assert row.typed == "<script>alert(1)</script>"
    client.force_login(organizer)
    text = client.get(reverse("outreach:review_names", args=[survey.uid])).content.decode()
    assert "&lt;script&gt;alert(1)" in text and "<script>alert(1)" not in text


def test_the_team_alone_reads_who_is_missing(client, survey, organizer, stranger, here):
    missed(survey, "Canary nurses")
    partner = make.organization(state=here, name="Canary club")
    missed(survey, "Canary club")
    assert rows(survey).get(typed="Canary club").organization_id == partner.pk
    review, page = (
        reverse(f"outreach:{name}", args=[survey.uid]) for name in ("review_names", "survey")
    )
    seen = SurveyMissing.objects.visible_to(actor_of(organizer))
    assert seen.count() == 2
    client.force_login(organizer)
    assert "Canary nurses" in client.get(review).content.decode()
    text = client.get(page).content.decode()
    assert "Who is missing, members say" in text and "Canary club" in text
    for person in (stranger, make.user(here.region, home=here, role="data-manager")):
        assert not SurveyMissing.objects.visible_to(actor_of(person)).exists()
        client.force_login(person)
        assert client.get(review).status_code == 403
        text = client.get(page).content.decode()
        assert "Canary" not in text and "missing" not in text


def test_the_team_decides_on_what_is_missing_as_on_names(client, survey, organizer, here):
    for _n in range(2):
        missed(survey, "Nurses circle")
    near = make.organization(state=here, name="Nurses' Circles")
    actor = actor_of(organizer)
    (one,) = waiting_of(actor, survey, 5, SurveyMissing)
    assert (one.answers, one.like) == (2, [near])
    client.force_login(organizer)
    url = reverse("outreach:review_names", args=[survey.uid])
    asked = {"tie": one.tie.uid, "missing": "yes"}
    assert "What is this group?" in client.get(url, asked).content.decode()
    assert client.get(url, {"tie": one.tie.uid}).status_code == 200  # no name of that kind waits
    values = asked | {"revision": make.fresh(survey).revision, "do": "match"}
    text = client.post(url, values | {"organization": near.uid}, follow=True).content.decode()
    assert "Who is missing" not in text and "Undo" in text
    missed(survey, "NURSES circle")
    assert missing_from(actor, survey) == [(near, 3)]
    assert not names_waiting(actor, survey, SurveyMissing).exists()


def test_a_group_that_is_missing_becomes_an_organization_and_undo_takes_it_back(
    survey, organizer, here
):
    actor = actor_of(organizer)
    missed(survey, "Radio Valle")
    command = settle(actor, survey, "Radio Valle", do="make", name="Radio Valle 91.3")
    made = every(Organization).get(name="Radio Valle 91.3")
    assert (made.home_id, rows(survey).get().organization_id) == (here.pk, made.pk)
    undo(actor, command.run_made)
    assert rows(survey).get().organization_id is None
    assert not every(Organization).filter(pk=made.pk).exists()


def test_what_is_dropped_stays_dropped_and_wrong_choices_are_refused(survey, organizer):
    actor = actor_of(organizer)
    missed(survey, "My gym")
    for values in ({"do": "match"}, {"do": "make", "name": " "}, {"do": "burn"}):
        with pytest.raises(ValidationError):
            settle(actor, survey, "My gym", **values)
    with pytest.raises(ValidationError):  # it is no tie
        settle(actor, survey, "My gym", SettleName, do="drop")
    settle(actor, survey, "My gym", do="drop")
    missed(survey, "my gym")
    assert set(rows(survey).values_list("dropped", flat=True)) == {True}
    assert missing_from(actor, survey) == []


def test_who_is_not_on_the_team_decides_nothing_of_it(survey, stranger):
    missed(survey, "Nurses")
    with pytest.raises(PermissionDenied):
        settle(actor_of(stranger), survey, "Nurses", do="drop")


def test_deleting_a_round_takes_it_along_and_brings_it_back(survey, organizer):
    missed(survey, "Nurses")
    row = make.fresh(survey)
    command = DeleteSurvey(actor_of(organizer), {"revision": row.revision}, instance=row)
    command.run()
    assert not every(SurveyMissing).exists()
    undo(actor_of(organizer), command.run_made)
    assert every(SurveyMissing).get().typed == "Nurses"


def test_a_group_that_was_found_wrongly_is_untied_and_waits(client, survey, organizer, here):
    partner = make.organization(state=here, name="Nurses circle")
    missed(survey, "Nurses circle")
    client.force_login(organizer)
    url = reverse("outreach:settled_names", args=[survey.uid])
    page = client.get(url, {"organization": partner.uid})
    [(row, _n)] = page.context["missing"]
    sent = {"tie": row.uid, "missing": "yes", "revision": make.fresh(survey).revision}
    assert "Untied." in client.post(url, sent, follow=True).content.decode()
    missed(survey, "nurses circle")
    assert set(rows(survey).values_list("organization_id", flat=True)) == {None}
