"""The public page of a survey, and the pages of who is signed in."""

import re
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.models import AuditEntry
from access.settling import every
from crm.models import Organization
from lists.pages import PAGES
from outreach.models import SurveyIntroduction, SurveyMissing, SurveyRound, SurveyTie
from tests import make, world
from tests.test_routes import body_of
from tests.test_sets import exported

pytestmark = pytest.mark.django_db
INSIDE, AFTER = "2026-11-05T15:00Z", "2026-11-18T15:00Z"
ANSWER = "0192f0c0-0000-7000-8000-000000000001"


@pytest.fixture
def survey(here, organizer):
    program = make.program(here, owner=organizer, author=organizer, lead=organizer)
    return make.survey(program, author=organizer, title="Where are you?")


def url_of(survey):
    return reverse("outreach:answer_survey", args=[survey.token])


def sent(**more):
    values = {"answer": ANSWER, "category": "educator", "agree": "on"}
    values |= {"groups-0-name": "Casa Unida", "groups-0-belongs": "on"}
    return {k: v for k, v in (values | more).items() if v is not None}


@time_machine.travel(INSIDE, tick=False)
def test_a_member_answers_without_an_account_and_nothing_is_shown_back(survey):
    client = Client(enforce_csrf_checks=True)
    page = client.get(url_of(survey))
    text = page.content.decode()
    assert page.status_code == 200 and "Where are you?" in text and "I agree." in text
    assert survey.program.affiliate.name in text and "New York time" in text
    assert "no-store" in page["Cache-Control"] and "noindex" in page["X-Robots-Tag"]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]
    more = {"groups-0-introduce": "on", "groups-0-introducer": "Ana", "groups-0-reach": "a@b.c"}
    values = sent(**more, csrfmiddlewaretoken=token)
    answer = client.post(url_of(survey), values)
    assert answer.status_code == 302
    thanks = client.get(answer["Location"])
    again = client.get(url_of(survey)).content.decode()
    for text in (thanks.content.decode(), again):
        assert "Casa Unida" not in text and "Ana" not in text
    assert every(SurveyTie).get().typed == "Casa Unida"
    assert every(SurveyIntroduction).get().reach == "a@b.c"
    assert "sessionid" not in client.cookies


@time_machine.travel(INSIDE, tick=False)
def test_what_was_typed_stays_in_a_form_that_is_refused(client, survey):
    answer = client.post(url_of(survey), sent(agree=None, **{"groups-3-name": "Club <b>"}))
    text = answer.content.decode()
    assert answer.status_code == 422 and "Tick the line" in text
    assert 'value="Casa Unida"' in text and "Club &lt;b&gt;" in text
    assert f'name="answer" value="{UUID(ANSWER)}"' in text
    assert text.count('<details class="another" open>') == 3
    assert not every(SurveyTie).exists()


@time_machine.travel(INSIDE, tick=False)
def test_a_second_click_is_the_same_answer(client, survey):
    for _click in range(2):
        assert client.post(url_of(survey), sent()).status_code == 302
    assert every(SurveyTie).count() == 1


@time_machine.travel(INSIDE, tick=False)
def test_a_program_that_fills_in_all_fields_is_told_nothing(client, survey):
    assert client.post(url_of(survey), sent(website="http://spam.example")).status_code == 302
    assert not every(SurveyTie).exists()


@time_machine.travel(INSIDE, tick=False)
def test_answers_from_one_address_are_limited(client, survey, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"survey": "3/h/ip"}
    codes = []
    for n in range(5):
        codes.append(client.post(url_of(survey), sent(answer=str(UUID(int=n)))).status_code)
    assert codes == [302, 302, 302, 429, 429]
    assert every(SurveyTie).count() == 3
    assert client.get(url_of(survey)).status_code == 200


def test_the_shipped_limits_are_of_an_address_and_of_a_round(settings):
    rates = settings.ACCOUNT_RATE_LIMITS["survey"].split(",")
    assert [rate.rpartition("/")[2] for rate in rates] == ["ip", "key"]


def test_whatever_takes_no_answers_looks_the_same(client, survey, organizer):
    closed = make.survey(survey.program, status="closed")
    planned = make.survey(survey.program, opens="2027-01-01", closes="2027-01-09")
    with time_machine.travel(INSIDE, tick=False):
        answers = [client.get(url_of(row)) for row in (closed, planned)]
        answers += [client.post(url_of(row), sent()) for row in (closed, planned)]
        for token in ("no-token", "x" * 32, "%00", "../x", "é" * 32):
            answers.append(client.get(f"/survey/{token}/".replace("../", "")))
    with time_machine.travel(AFTER, tick=False):
        answers += [client.get(url_of(survey)), client.get(url_of(survey), {"sent": "yes"})]
        answers.append(client.post(url_of(survey), sent()))
    assert {one.status_code for one in answers} == {404}
    assert len({body_of(one).replace(b"\n", b"") for one in answers}) == 1
    assert "This survey is not open." in answers[0].content.decode()
    assert not every(SurveyTie).exists()


@time_machine.travel(INSIDE, tick=False)
def test_a_renewed_link_ends_the_one_before(client, survey, organizer):
    old = url_of(survey)
    client.force_login(organizer)
    url = reverse("outreach:renew_link", args=[survey.uid])
    assert "leads nowhere" in client.get(url).content.decode()
    page = client.post(url, {"revision": survey.revision}, follow=True)
    new = url_of(make.fresh(survey))
    assert new in page.content.decode() and new != old
    assert Client().get(old).status_code == 404 and Client().get(new).status_code == 200


@time_machine.travel(INSIDE, tick=False)
def test_a_visitor_reads_the_words_of_the_round_in_her_language(client, survey):
    survey.title_es, survey.consent_es = "¿Dónde está usted?", "Acepto."
    make.saved(survey)
    text = client.get(url_of(survey), headers={"Accept-Language": "es-MX,es;q=0.9"})
    text = text.content.decode()
    assert '<h1 lang="es">¿Dónde está usted?' in text and '<span lang="es">Acepto.' in text
    assert "¿Dónde" not in client.get(url_of(survey)).content.decode()


@time_machine.travel(INSIDE, tick=False)
def test_the_page_tells_nothing_of_our_partners(client, survey, here):
    before = body_of(client.get(url_of(survey)))
    make.tie(survey, make.organization(state=here, name="Casa Unida"), answer=UUID(int=4))
    after = body_of(client.get(url_of(survey)))
    assert re.sub(rb'value="[0-9a-f-]{36}"', b"", before) == re.sub(
        rb'value="[0-9a-f-]{36}"', b"", after
    )


@time_machine.travel(INSIDE, tick=False)
def test_a_lookup_in_the_record_shows_nothing_that_was_typed(client, survey):
    client.post(url_of(survey), sent())
    entry = AuditEntry.objects.order_by("-pk").first()
    assert entry.user_uid is None
    assert "Casa" not in str(vars(entry))


def test_a_round_is_begun_changed_closed_and_archived(client, survey, organizer):
    client.force_login(organizer)
    url = reverse("outreach:add_survey")
    program = survey.program
    form = client.get(url, {"program": program.uid})
    assert form.context["command"].initial["program"] == program
    values = {"program": program.uid, "title": "Round two?", "consent": "Yes."}
    days = {"opens": "2026-11-02", "closes": "2026-11-20"}
    with time_machine.travel(INSIDE, tick=False):
        text = client.post(url, values | days, follow=True).content.decode()
        assert "Round two?" in text and "/survey/" in text
    row = program.surveys.visible_to(make.SETUP).get(title="Round two?")
    for name in ("change_survey", "close_survey", "archive_survey"):
        address = reverse(f"outreach:{name}", args=[row.uid])
        assert client.get(address).status_code == 200
        more = {"title": "Round 2?", "consent": "Yes."} | days if name == "change_survey" else {}
        revision = {"revision": make.fresh(row).revision}
        assert client.post(address, more | revision).status_code == 302, name
    row = make.fresh(row)
    assert (row.title, row.status, row.zone) == ("Round 2?", "archived", organizer.time_zone)
    for name in ("program", "step"):
        of = program if name == "program" else make.step_of(program, "members")
        page = client.get(reverse(f"outreach:{name}", args=[of.uid])).content.decode()
        assert "Round 2?" in page and "Archived" in page


def test_the_team_decides_on_names_that_wait(client, survey, organizer, here):
    for _n in range(2):
        make.tie(survey, typed="Casa Unida dl Valle")
    partner = make.organization(state=here, name="Casa Unida del Valle")
    client.force_login(organizer)
    url = reverse("outreach:review_names", args=[survey.uid])
    page = client.get(url)
    [one] = page.context["waiting"]
    assert (one.answers, one.like) == (2, [partner])
    assert "What is this group?" in client.get(url, {"tie": one.tie.uid}).content.decode()
    assert client.get(url, {"tie": "x"}).status_code == 200
    values = {"tie": one.tie.uid, "revision": survey.revision}
    wrong = client.post(url, values | {"do": "match"})
    assert wrong.status_code == 422 and "Choose the organization." in wrong.content.decode()
    done = client.post(url, values | {"do": "match", "organization": partner.uid}, follow=True)
    assert "No name waits" in done.content.decode() and "Undo" in done.content.decode()


def test_the_same_name_in_another_state_is_suggested_with_its_state(client, survey, here):
    there, far = make.state(here.region, name="Nevada"), make.state(name="Ohio")
    same = make.organization(state=there, name="Casa Unída")
    make.organization(state=there, name="Casa Unidas")  # nearly the same counts at home alone
    make.organization(state=far, name="Casa Unida")
    near = make.organization(state=here, name="Casa Unidad")
    make.tie(survey, typed="casa unida")
    client.force_login(make.user(here.region, home=here, role="regional-lead"))
    url = reverse("outreach:review_names", args=[survey.uid])
    page = client.get(url)
    [one] = page.context["waiting"]
    assert one.like == [near, same]
    text = page.content.decode()
    assert "It is Casa Unída, Nevada" in text and "It is Casa Unidad</button>" in text
    sent = {"revision": survey.revision, "tie": one.tie.uid, "do": "match"}
    client.post(url, sent | {"organization": same.uid})
    assert every(SurveyTie).get().organization_id == same.pk


@time_machine.travel(INSIDE, tick=False)
def test_the_link_for_members_has_the_host_and_port_of_the_page(
    client, survey, organizer, settings
):
    client.force_login(organizer)
    page = reverse("outreach:survey", args=[survey.uid])
    for host in ("testserver:8375", "testserver"):
        link = client.get(page, headers={"host": host}).context["link"]
        assert link == f"http://{host}{url_of(survey)}"
    settings.SITE_NAMED = "https://partners.example.org"
    link = client.get(page, headers={"host": "testserver:8375"}).context["link"]
    assert link == f"https://partners.example.org{url_of(survey)}"


@time_machine.travel(INSIDE, tick=False)
def test_the_team_unties_names_and_opens_a_round_again(client, survey, organizer, here):
    partner = make.organization(state=here, name="Casa Unida")
    make.tie(survey, partner)
    make.tie(survey, typed="My gym", dropped=True)
    client.force_login(organizer)
    page = reverse("outreach:survey", args=[survey.uid])
    names = reverse("outreach:settled_names", args=[survey.uid])
    assert f"{names}?organization={partner.uid}" in client.get(page).content.decode()
    found = client.get(names, {"organization": partner.uid})
    [(tie, number)] = found.context["names"]
    assert (tie.typed, number) == ("Casa Unida", 1) and "Untie" in found.content.decode()
    dropped = client.get(names).content.decode()
    assert "My gym" in dropped and "Casa Unida" not in dropped
    sent = {"tie": tie.uid, "revision": survey.revision}
    text = client.post(names, sent, follow=True).content.decode()
    assert "Untied." in text and "Undo" in text and "Decide on 1 name" in text
    assert "Open again" not in text
    for name, said in (("close_survey", "Closed by hand"), ("reopen_survey", "Open again.")):
        url = reverse(f"outreach:{name}", args=[survey.uid])
        assert client.get(url).status_code == 200
        sent = {"revision": make.fresh(survey).revision}
        assert said in client.post(url, sent, follow=True).content.decode()
    assert make.fresh(survey).status == "open"


def test_others_of_the_area_do_not_reach_names_and_small_counts(client, survey, here):
    """The same page, byte for byte, for one answer and two, with a name or without."""
    outsider = make.user(here.region, home=here)
    partner = make.organization(state=here)
    make.tie(survey, partner)
    client.force_login(outsider)
    urls = [reverse(f"outreach:{n}", args=[survey.uid]) for n in ("survey", "change_survey")]
    urls += [reverse("outreach:program", args=[survey.program.uid])]
    urls += [reverse("crm:organization", args=[partner.uid])]
    before = [body_of(client.get(url)) for url in urls]
    tie = make.tie(survey, partner, category="retired", tie="coaches")
    SurveyIntroduction.objects.model(tie_id=tie.pk, name="Ana Canary", reach="a@b.c").save()
    assert [body_of(client.get(url)) for url in urls] == before
    assert b"under 3" in before[0]
    team = ("review_names", "settled_names", "reopen_survey", "archive_survey", "close_survey")
    for name in (*team, "renew_link"):
        assert client.get(reverse(f"outreach:{name}", args=[survey.uid])).status_code == 403


def test_the_team_reads_who_can_introduce_us(client, survey, organizer, here):
    tie = make.tie(survey, make.organization(state=here))
    SurveyIntroduction.objects.model(tie_id=tie.pk, name="Ana Reyes", reach="555 0101").save()
    client.force_login(organizer)
    text = client.get(reverse("outreach:survey", args=[survey.uid])).content.decode()
    assert "Ana Reyes can introduce you" in text and "555 0101" in text and "1 member" in text


def test_a_name_that_waits_is_not_shown_to_others(client, survey, here):
    client.force_login(make.user(here.region, home=here))
    make.tie(survey, typed="Canary club")
    url = reverse("outreach:survey", args=[survey.uid])
    assert "Canary" not in client.get(url).content.decode()


def test_who_offers_an_introduction_to_a_name_that_waits_is_shown_to_the_team(
    client, survey, organizer
):
    tie = make.tie(survey, typed="Iglesia Nueva")
    SurveyIntroduction.objects.model(tie_id=tie.pk, name="Ana Reyes").save()
    client.force_login(organizer)
    url = reverse("outreach:review_names", args=[survey.uid])
    assert "Ana Reyes can introduce you" in client.get(url).content.decode()


def test_no_name_of_a_survey_leaves_by_a_list_or_the_api(here, elsewhere):
    """Not for the team either: asked of each list, of its export, and of each endpoint."""
    lead = make.user(here.region, home=here, role="regional-lead")
    found = world.build(here, elsewhere, lead)
    tie = make.tie(found.own[SurveyRound], found.own[Organization])
    SurveyIntroduction.objects.model(tie_id=tie.pk, name="Ana Tied", reach="a@b.c").save()
    make.tie(found.own[SurveyRound], typed="Ana Tied club")
    missed = {"answer": tie.answer, "typed": "Ana Tied choir", "folded": "ana tied choir"}
    make.saved(SurveyMissing(round=found.own[SurveyRound], **missed))
    client = make.signed_in(lead)
    tried = 0
    for page in PAGES.values():
        answers = [
            client.get(f"/api/v1/{page.api_name or page.name}/?details=true"),
            client.get(reverse(f"{page.namespace}:{page.name}"), {"view": "all"}),
        ]
        if page.may_export(actor_of(lead)):
            rows = exported(client, reverse(f"{page.namespace}:{page.name}_export"))
            assert "Ana Tied" not in str(rows), page.name
            tried += 1
        assert not any(b"Ana Tied" in one.content for one in answers), page.name
    assert tried > 5
