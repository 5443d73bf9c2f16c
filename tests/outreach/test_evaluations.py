"""Partners look back: a link that expires and takes one answer, or a sheet of paper."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.recording import Refused
from outreach.commands import AnswerEvaluation, AskEvaluation, EnterEvaluation
from outreach.commands.evaluation import end_of
from outreach.models import Evaluation
from tests import make
from tests.outreach.test_programs import do
from tests.test_routes import body_of

pytestmark = pytest.mark.django_db
ANSWER = {"kept_word": "5", "worth_it": "4", "listened": "3", "again": "yes", "words": "Gracias."}


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer, author=organizer)


@pytest.fixture
def partner(here):
    return make.organization(state=here)


@pytest.fixture
def asked(program, partner):
    return make.evaluation(program, partner)


def link(row):
    return reverse("outreach:answer_evaluation", args=[row.token])


def test_a_link_takes_one_answer_and_shows_nothing_back(asked):
    visitor = Client()
    assert visitor.get(link(asked)).status_code == 200
    sent = visitor.post(link(asked), ANSWER, follow=True)
    assert "Thank you" in sent.content.decode() and "Gracias" not in sent.content.decode()
    row = make.fresh(asked)
    assert (row.kept_word, row.worth_it, row.listened, row.again) == (5, 4, 3, "yes")
    assert (row.source, row.words) == ("link", "Gracias.")
    again = visitor.post(link(asked), ANSWER | {"words": "Other"})
    assert again.status_code == 404 and make.fresh(asked).words == "Gracias."


def test_used_expired_and_unknown_links_look_the_same(program, partner, here):
    used = make.evaluation(program, partner, answered_on=make.DAY)
    over = make.evaluation(program, make.organization(state=here), days=-1)
    visitor = Client()
    unknown = reverse("outreach:answer_evaluation", args=["x" * 32])
    pages = [visitor.get(url) for url in (link(used), link(over), unknown)]
    assert {page.status_code for page in pages} == {404}
    bodies = {
        body_of(page).replace(url.encode(), b"")
        for page, url in zip(pages, (link(used), link(over), unknown), strict=True)
    }
    assert len(bodies) == 1
    assert visitor.post(link(over), ANSWER).status_code == 404
    assert make.fresh(over).answered_on is None


@pytest.mark.parametrize(
    ("zone", "ends"),
    [
        ("Pacific/Honolulu", datetime(2026, 12, 2, 10, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 12, 2, 5, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 12, 1, 18, 30, tzinfo=UTC)),
    ],
)
def test_a_link_ends_with_the_day_of_who_asked(here, zone, ends, program, partner):
    actor = actor_of(make.user(here.region, home=here, time_zone=zone))
    assert end_of(date(2026, 12, 1), actor) == ends
    with time_machine.travel("2026-11-20T15:00Z"):
        values = {"program": str(program.uid), "organization": str(partner.uid)}
        row = AskEvaluation(actor, values | {"last": "2026-12-01"}).run()
    assert row.takes_answer(ends - timedelta(seconds=1)) and not row.takes_answer(ends)
    assert row.last_day == date(2026, 12, 1)


def test_a_partner_is_asked_once_at_a_time(actor, program, partner):
    values = {"program": str(program.uid), "organization": str(partner.uid)}
    values["last"] = str(actor.today() + timedelta(days=5))
    first = AskEvaluation(actor, values).run()
    with pytest.raises(ValidationError, match="asked already"):
        AskEvaluation(actor, values).run()
    with time_machine.travel(first.expires + timedelta(days=1)):
        values["last"] = str(actor.today() + timedelta(days=5))
        second = AskEvaluation(actor, values).run()
    assert second.token != first.token
    assert list(Evaluation.objects.visible_to(actor)) == [second]


@pytest.mark.parametrize("days", [-1, 121])
def test_a_link_works_for_a_while_and_not_for_ever(actor, program, partner, days):
    values = {"program": str(program.uid), "organization": str(partner.uid)}
    values["last"] = str(actor.today() + timedelta(days=days))
    with pytest.raises(ValidationError, match="from today to 120 days"):
        AskEvaluation(actor, values).run()


def test_paper_is_entered_by_the_team_once(actor, asked):
    do(EnterEvaluation, actor, asked, **ANSWER)
    assert make.fresh(asked).source == "paper"
    with pytest.raises(Refused, match="answered already"):
        do(EnterEvaluation, actor, asked, **ANSWER)
    assert Client().get(link(asked)).status_code == 404  # the link is over with it


def test_nobody_who_signed_in_answers_for_a_partner(actor, asked):
    with pytest.raises(PermissionDenied):
        do(AnswerEvaluation, actor, asked, **ANSWER)


@pytest.mark.parametrize(
    "wrong",
    [{"kept_word": "6"}, {"kept_word": ""}, {"again": "never"}, {"words": "x" * 2_001}],
)
def test_a_wrong_answer_is_not_kept_and_typing_stays(asked, wrong):
    page = Client().post(link(asked), ANSWER | wrong)
    assert page.status_code == 422
    assert make.fresh(asked).answered_on is None
    if "words" not in wrong:
        assert "Gracias." in page.content.decode()


def test_hostile_words_are_kept_as_plain_text(client, organizer, asked):
    hostile = "<script>alert(1)</script> =1+1 \u202egnirts \u2066"
    Client().post(link(asked), ANSWER | {"words": hostile})
    words = make.fresh(asked).words
    assert words and not any(c in words for c in "\u202e\u2066")
    client.force_login(organizer)
    page = client.get(reverse("outreach:evaluation", args=[asked.uid])).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_what_fills_the_trap_is_told_nothing(asked):
    sent = Client().post(link(asked), ANSWER | {"website": "https://x.example"})
    assert sent.status_code == 302
    assert make.fresh(asked).answered_on is None


def test_the_team_sees_the_link_while_it_works_and_the_answer_after(client, organizer, asked):
    client.force_login(organizer)
    url = reverse("outreach:evaluation", args=[asked.uid])
    assert asked.token in client.get(url).content.decode()
    assert client.get(reverse("outreach:evaluation_paper", args=[asked.uid])).status_code == 200
    Client().post(link(asked), ANSWER)
    page = client.get(url).content.decode()
    assert asked.token not in page and "Gracias." in page
    board = client.get(reverse("outreach:program", args=[asked.program.uid])).content.decode()
    assert "4.0 of 5" in board


def test_a_leader_sees_no_link(client, here, asked):
    client.force_login(make.user(here.region, home=here, role="leader"))
    url = reverse("outreach:evaluation", args=[asked.uid])
    assert asked.token not in client.get(url).content.decode()


def test_the_link_has_the_host_and_port_of_the_page(client, asked, organizer):
    client.force_login(organizer)
    page = reverse("outreach:evaluation", args=[asked.uid])
    text = client.get(page, headers={"host": "testserver:8375"}).content.decode()
    assert f"http://testserver:8375{link(asked)}" in text
