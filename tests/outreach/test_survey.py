"""Member surveys: how long they take answers, what is kept, who is told what."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.models import Change
from access.recording import Refused
from access.settling import every
from access.system import surveyor
from access.undo import undo
from outreach.commands import (
    AddSurvey,
    AnswerSurvey,
    ChangeSurvey,
)
from outreach.models import SurveyIntroduction, SurveyTie
from outreach.survey_counts import answers_of, tied_to
from tests import make

pytestmark = pytest.mark.django_db
INSIDE = "2026-11-05T15:00Z"  # a moment of a round that make.survey made


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer, author=organizer, lead=organizer)


@pytest.fixture
def survey(program, organizer):
    return make.survey(program, author=organizer)


@pytest.fixture
def stranger(here):
    """An organizer of the area who is not on the team of the program."""
    return actor_of(make.user(here.region, home=here))


def group(name, *ties, **more):
    return {"name": name, **dict.fromkeys(ties or ("belongs",), "on"), **more}


def answer(survey, *groups, **more):
    values = {"round": str(survey.uid), "answer": str(uuid4()), "category": "educator"}
    values |= {"groups": list(groups), "agree": "on"} | more
    return AnswerSurvey(surveyor(), values).run()


def ties_of(survey):
    return every(SurveyTie).filter(round=survey).order_by("id")


def introducers(survey):
    return set(every(SurveyIntroduction).filter(tie__round=survey).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("Pacific/Honolulu", "2026-12-12T10:00:00"),
        ("America/New_York", "2026-12-12T05:00:00"),
        ("Asia/Kolkata", "2026-12-11T18:30:00"),
    ],
)
def test_it_closes_when_the_day_of_its_author_ends(client, here, zone, moment):
    person = make.user(here.region, home=here, time_zone=zone)
    program = make.program(here, owner=person, lead=person)
    values = {"program": str(program.uid), "title": "Where?", "consent": "Yes."}
    values |= {"opens": "2026-12-01", "closes": "2026-12-11"}
    survey = make.fresh(AddSurvey(actor_of(person), values).run())
    closing = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert survey.closes_at == closing
    url = reverse("outreach:answer_survey", args=[survey.token])
    with time_machine.travel(closing - timedelta(seconds=1), tick=False):
        assert client.get(url).status_code == 200
        answer(survey, group("Casa"))
    with time_machine.travel(closing, tick=False):
        over = client.get(url)
        assert over.status_code == 404 and "not open" in over.content.decode()
        with pytest.raises(Refused):
            answer(survey, group("Casa"))
    assert ties_of(survey).count() == 1


def test_it_opens_when_its_first_day_begins(survey):
    first = survey.opens_at
    assert not survey.takes_answers(first - timedelta(seconds=1)) and survey.takes_answers(first)


def test_asking_members_begins_step_two_and_undo_takes_it_back(actor, program):
    values = {"program": str(program.uid), "title": "Where?", "consent": "Yes."}
    command = AddSurvey(actor, values | {"opens": "2026-11-02", "closes": "2026-11-20"})
    assert make.step_of(program, "members").status == "not-started"
    command.run()
    assert make.step_of(program, "members").status == "started"
    undo(actor, command.run_made)
    assert make.step_of(program, "members").status == "not-started"


def test_a_last_day_before_the_first_is_refused(actor, survey):
    values = {"closes": "2026-11-01", "revision": survey.revision}
    with pytest.raises(ValidationError):
        ChangeSurvey(actor, values, instance=survey, partial=True).run()


def test_a_round_moves_with_the_affiliate(survey, program, elsewhere):
    body = make.fresh(program.affiliate)
    body.state = elsewhere
    make.saved(body)
    assert make.fresh(survey).home_id == elsewhere.pk


@time_machine.travel(INSIDE, tick=False)
def test_a_name_is_tied_at_once_where_one_partner_of_the_state_bears_it(survey, here, elsewhere):
    ours = make.organization(state=here, name="Casa Unida del Valle")
    make.organization(state=elsewhere, name="Iglesia Nueva")
    for _n in range(2):
        make.organization(state=here, name="Boys and Girls Club")
    answer(survey, group("CASA  unida del válle"), group("Iglesia Nueva"))
    answer(survey, group("Boys and Girls Club"))
    found = dict(ties_of(survey).values_list("typed", "organization_id"))
    assert found["CASA unida del válle"] == ours.pk
    assert found["Iglesia Nueva"] is None and found["Boys and Girls Club"] is None


@time_machine.travel(INSIDE, tick=False)
def test_doubles_of_one_answer_count_once(survey, here, actor):
    make.organization(state=here, name="Casa")
    same = str(uuid4())
    answer(survey, group("Casa", "belongs", "coaches"), group("casa", "belongs"), answer=same)
    answer(survey, group("Casa", "works"), answer=same)  # a second click
    assert sorted(ties_of(survey).values_list("tie", flat=True)) == ["belongs", "coaches"]
    [row] = tied_to(actor, survey, True)
    assert row.total == "1 member"


@time_machine.travel(INSIDE, tick=False)
def test_a_name_is_kept_only_with_the_tick(survey):
    answer(survey, group("Casa", introducer="Ana Reyes", reach="ana@mail.example"))
    assert introducers(survey) == set()
    answer(survey, group("Casa", introduce="on", introducer="Rosa Díaz"))
    assert introducers(survey) == {"Rosa Díaz"}
    kept = [str(c.after) for c in Change.objects.filter(table="outreach.surveytie")]
    assert kept and not any("Rosa" in text or "Ana" in text for text in kept)


@pytest.mark.parametrize(
    "groups",
    [
        [],
        [group("")],
        [{"name": "Casa"}],
        [group("", "coaches")],
        [group("!!! ---")],
        [group("x" * 121)],
        [group("Casa", introduce="on")],
        [group(f"Casa {n}") for n in range(9)],
        "Casa",
        [["Casa"]],
    ],
)
@time_machine.travel(INSIDE, tick=False)
def test_what_is_no_answer_is_refused(survey, groups):
    with pytest.raises(ValidationError):
        answer(survey, *groups) if isinstance(groups, list) else answer(survey, groups=groups)
    assert not ties_of(survey).exists()


@pytest.mark.parametrize("more", [{"agree": ""}, {"category": "king"}, {"answer": "x"}])
@time_machine.travel(INSIDE, tick=False)
def test_an_answer_needs_consent_and_a_category(survey, more):
    with pytest.raises(ValidationError):
        answer(survey, group("Casa"), **more)


@time_machine.travel(INSIDE, tick=False)
def test_nobody_who_signed_in_answers_for_a_member(actor, survey):
    values = {"round": str(survey.uid), "answer": str(uuid4()), "category": "other"}
    with pytest.raises(PermissionDenied):
        AnswerSurvey(actor, values | {"groups": [group("Casa")], "agree": "on"}).run()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Casa\x00\x1b[31m Unida\x7f", "Casa [31m Unida"),
        ("Casa\r\nUnida\u2028", "Casa Unida"),
        ("\u202eadinU asaC\u202c", "adinU asaC"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("مركز الجالية", "مركز الجالية"),
        ("Jose\u0301", "José"),
    ],
)
@time_machine.travel(INSIDE, tick=False)
def test_hostile_names_are_harmless(client, survey, organizer, typed, kept):
    answer(survey, group(typed))
    assert ties_of(survey).get().typed == kept
    client.force_login(organizer)
    url = reverse("outreach:review_names", args=[survey.uid])
    page = client.get(url).content.decode()
    assert "<script>alert" not in page and "\u202e" not in page


def three_hundred(survey, partners, seed=3):
    """Answers by chance: partners of ours, strangers' names, doubles, hostile texts."""
    rng, strange = Random(seed), ["Iglesia Nueva", "=1+1", "<b>x</b>", "\u202eabc", "Club\x00"]
    expected: dict[int, set] = {row.pk: set() for row in partners}
    for number in range(300):
        chosen = rng.sample(partners, rng.randint(0, 3))
        groups = [group(p.name, *rng.sample(SurveyTie.Kind.values, 2)) for p in chosen]
        groups += [group(p.name.upper()) for p in chosen[:1]]
        groups += [group(rng.choice(strange))] if number % 3 == 0 or not groups else []
        same = str(uuid4())
        category = rng.choice(SurveyTie.Category.values)
        for _click in range(rng.choice([1, 1, 2])):
            answer(survey, *groups, answer=same, category=category)
        for row in chosen:
            expected[row.pk].add((same, category))
    return expected


@time_machine.travel(INSIDE, tick=False)
def test_three_hundred_answers_give_the_same_counts_as_by_hand(survey, here, elsewhere, actor):
    partners = [make.organization(state=here, name=f"Partner {n}") for n in range(12)]
    make.organization(state=elsewhere, name="Iglesia Nueva")
    expected = three_hundred(survey, partners)
    assert answers_of(actor, survey) == 300
    found = {row.organization.pk: row for row in tied_to(actor, survey, True)}
    for partner in partners:
        said = dict(part.rsplit(" ", 1) for part in found[partner.pk].by_category)
        by_hand = [category for _answer, category in expected[partner.pk]]
        counts = {str(SurveyTie.Category(c).label): str(by_hand.count(c)) for c in by_hand}
        assert said == counts
    waiting = ties_of(survey).filter(organization=None)
    assert set(waiting.values_list("folded", flat=True)) == {
        "iglesia nueva", "1 1", "b x b", "abc", "club"
    }  # fmt: skip


def shown(actor, survey):
    return [(r.total, r.by_category, r.by_tie) for r in tied_to(actor, survey, False)]


def test_under_three_is_told_to_the_team_alone(survey, here, actor, stranger):
    partner = make.organization(state=here)
    make.tie(survey, partner)
    one = shown(stranger, survey)
    make.tie(survey, partner)
    assert shown(stranger, survey) == one == [("under 3", [], [])]
    assert tied_to(actor, survey, True)[0].by_category == ["Educator 2"]
    make.tie(survey, partner)
    assert shown(stranger, survey) == [
        (
            "3 or more",
            ["Educator 3", "each other category under 3"],
            ["Belong 3", "each other tie under 3"],
        )
    ]


def test_what_is_under_three_cannot_be_worked_out_from_the_rest(survey, here, stranger):
    """Neither sum nor tie tells whether one, two or none of another category are there."""
    partner = make.organization(state=here)
    for _n in range(5):
        make.tie(survey, partner)
    make.tie(survey, partner, category="retired")
    one = shown(stranger, survey)
    make.tie(survey, partner, category="retired")
    assert (
        shown(stranger, survey)
        == one
        == [
            (
                "5 or more",
                ["Educator 5", "each other category under 3"],
                ["Belong 5 or more", "each other tie under 3"],
            )
        ]
    )


def test_their_order_tells_others_nothing(survey, here, stranger, actor):
    first, second = (make.organization(state=here, name=name) for name in ("Alba", "Zia"))
    make.tie(survey, first)
    for _n in range(2):
        make.tie(survey, second)
    assert [r.organization.name for r in tied_to(stranger, survey, False)] == ["Alba", "Zia"]
    assert [r.organization.name for r in tied_to(actor, survey, True)] == ["Zia", "Alba"]
