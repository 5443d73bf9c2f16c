"""Sentences out of figures: the right number, the right grammar."""

from datetime import date

import pytest
from django.urls import reverse

from dashboards import findings
from dashboards.asking import Ask
from dashboards.tables import Period, Table
from tests import make

ASK = Ask(Period(date(2026, 1, 1), date(2026, 12, 31)))


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (0, 0, "No meeting was held, and none in the time before."),
        (0, 1, "No meeting was held, 1 fewer than in the time before."),
        (1, 0, "1 meeting was held, none in the time before."),
        (1, 1, "1 meeting was held, as many as in the time before."),
        (2, 1, "2 meetings were held, 1 more than in the time before."),
        (9, 30, "9 meetings were held, 21 fewer than in the time before."),
        (30, 20, "30 meetings were held, 50% more than in the time before."),
        (20, 30, "20 meetings were held, 33% fewer than in the time before."),
        (1001, 1000, "1,001 meetings were held, 1 more than in the time before."),
        (1180, 1000, "1,180 meetings were held, 18% more than in the time before."),
    ],
)
def test_meetings_against_the_time_before(now, before, said):
    assert findings.held(Table([], [], {"total": now, "total_before": before})) == said


@pytest.mark.parametrize(
    ("now", "last_year", "said"),
    [
        (0, 0, "We met no partner, as in the year before"),
        (0, 3, "We met no partner"),
        (3, 0, "We met partners, and none in the year before"),
        (3, 3, "We met partners as often as in the year before"),
        (4, 3, "We met partners more often than in the year before"),
        (3, 4, "We met partners less often than in the year before"),
        (118, 100, "We met partners 18% more often than in the year before"),
        (82, 100, "We met partners 18% less often than in the year before"),
    ],
)
def test_months_against_the_year_before(now, last_year, said):
    assert findings.months(Table([], [], {"total": now, "total_last_year": last_year})) == said


def pairs(active, of, gaps=()):
    names = {"region": {"a": "Pacific", "b": "Mountain"}}
    return Table([], [], {"active": active, "pairs": of, "gaps": list(gaps)}, names)


def test_pairs_have_their_grammar():
    assert findings.pairs(pairs(0, 0)) == "There is no pair of region and community yet"
    assert findings.pairs(pairs(1, 1)) == "We met partners in 1 of 1 pair of region and community"
    assert findings.pairs(pairs(3, 9)) == "We met partners in 3 of 9 pairs of region and community"


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        ([], "Every pair has a partner."),
        ([("a", "x")], "1 pair has no partner."),
        ([("a", "x"), ("b", "x")], "2 pairs have no partner."),
        ([("a", "x"), ("a", "y")], "2 pairs have no partner."),
        (
            [("a", "x"), ("b", "x"), ("b", "y")],
            "3 pairs have no partner, 2 of them in Mountain.",
        ),
        ([("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")], "4 pairs have no partner."),
    ],
)
def test_gaps_say_where_most_of_them_are(gaps, said):
    assert findings.gaps(ASK, pairs(1, 9, gaps)) == said


def test_nothing_is_said_of_gaps_where_there_is_no_pair():
    assert findings.gaps(ASK, pairs(0, 0)) == ""


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "Nothing to compare yet"),
        ([("x", 0, 4), (None, 9, 0)], "Nothing to compare yet"),
        ([("x", 3, 0), ("y", 3, 0)], "No one stands out"),
        ([("x", 3, 0), ("y", 2, 0), (None, 4, 0)], "Most often: Call, 3 of 9"),
    ],
)
def test_what_has_most_is_named_where_something_has(rows, said):
    names = {"kind": {"x": "Call", "y": "Visit"}}
    assert findings.kinds(Table([], rows, {"total": 9}, names)) == said


@pytest.mark.django_db
def test_the_page_begins_with_the_sentences(client, here, elsewhere):
    black = make.community(name="Black")
    partner = make.organization(state=here, communities=[black])
    make.interaction(organization=partner)
    client.force_login(make.user(everywhere=True, role="leader"))
    page = client.get(reverse("dashboards:where"), {"first": "2026-01-01", "last": "2026-12-31"})
    text = page.content.decode()
    assert "We met partners in 1 of 3 pairs of region and community" in text
    assert "1 meeting was held, none in the time before. 2 pairs have no partner." in text
    assert [n.value for n in page.context["numbers"]] == [1, 1, 1, 2]


@pytest.mark.django_db
def test_an_empty_database_says_so(client, here):
    client.force_login(make.user(here.region, home=here))
    text = client.get(reverse("dashboards:where")).content.decode()
    assert "There is no pair of region and community yet" in text
    assert "No meeting was held, and none in the time before." in text
