"""Each figure beside numbers that were worked out by hand."""

from datetime import date

import pytest

from crm.models import InteractionFocusArea
from dashboards.asking import Ask
from dashboards.metrics import METRICS
from dashboards.tables import Period
from tests import make

pytestmark = pytest.mark.django_db
SPRING = Period(date(2026, 3, 10), date(2026, 5, 20))


OF_MEETINGS = [name for name, metric in METRICS.items() if "interactions" in metric.numbers]


def table(name, actor, period=SPRING, **narrowing):
    return METRICS[name].table(actor, Ask(period, **narrowing))


@pytest.fixture
def boss(db):
    return make.actor(everywhere=True, role="regional-lead")


def met(partner, *days, **fields):
    """One meeting with the partners on each of these days of 2026, or of the year that is given."""
    partners = partner if isinstance(partner, list) else [partner]
    return [
        make.interaction(
            organizations=partners, day=day if isinstance(day, date) else date(2026, *day), **fields
        )
        for day in days
    ]


def test_months_are_cut_at_the_ends_and_stand_beside_the_year_before(here, boss):
    """March from the 10th, all of April, May to the 20th; and so a year before."""
    partner = make.organization(state=here)
    met(partner, (3, 9), (3, 10), (3, 31), (4, 1), (5, 20), (5, 21))
    earlier = [(3, 9), (3, 10), (4, 30), (5, 1), (5, 20), (5, 21)]
    met(partner, *(date(2025, month, day) for month, day in earlier))
    found = table("by_month", boss)
    march, april, may = (date(2026, month, 1) for month in (3, 4, 5))
    assert found.rows == [(march, 2, 1), (april, 1, 1), (may, 1, 2)]
    assert found.facts == {"total": 4, "total_last_year": 4, "partial": [march, may]}
    assert found.name("month", march) == "Mar 10, 2026 – Mar 31, 2026"
    assert found.name("month", april) == "April 2026"


@pytest.mark.parametrize(
    ("period", "earlier"),
    [
        ((2026, 3, 10, 2026, 5, 20), (2025, 3, 10, 2025, 5, 20)),
        ((2024, 2, 1, 2024, 2, 29), (2023, 2, 1, 2023, 2, 28)),
        ((2025, 2, 1, 2025, 2, 28), (2024, 2, 1, 2024, 2, 29)),  # a whole month beside a whole one
        ((2025, 2, 1, 2025, 2, 27), (2024, 2, 1, 2024, 2, 27)),
        ((2024, 2, 29, 2024, 3, 5), (2023, 2, 28, 2023, 3, 5)),
        ((2025, 11, 28, 2026, 11, 27), (2024, 11, 28, 2025, 11, 27)),
    ],
)
def test_the_year_earlier_ends_with_a_month_where_the_period_does(period, earlier):
    first, last = date(*period[:3]), date(*period[3:])
    assert Period(first, last).year_earlier() == Period(date(*earlier[:3]), date(*earlier[3:]))


def test_states_have_partners_meetings_and_those_of_the_time_before(here, elsewhere, boss):
    """The time before is the 72 days up to March 9."""
    one, two = make.organization(state=here), make.organization(state=here)
    other, abroad = make.organization(state=elsewhere), make.organization()
    empty = make.state()
    met([one, two], (3, 10), (3, 9))
    met([one, other], (4, 1))
    met(abroad, (4, 2), date(2025, 12, 28), date(2025, 12, 27))
    found = table("by_state", boss)
    assert set(found.rows) == {
        (here.code, 2, 2, 1),
        (elsewhere.code, 1, 1, 0),
        ("--", 1, 1, 1),
        (empty.code, 0, 0, 0),
    }
    assert found.rows[-1][0] == "--"
    assert found.facts == {
        "total": 3,
        "total_before": 2,
        "partners": 4,
        "places": 3,
        "active": 2,
        "gaps": [empty.code],
    }


def test_kinds_are_counted_once_a_meeting_and_retired_ones_together(here, boss):
    call, visit, old, older = (make.kind() for _n in range(4))
    partners = [make.organization(state=here) for _n in range(2)]
    met(partners, (3, 10), (3, 11), kind=call)
    met(partners, (3, 12), (3, 1), kind=visit)
    met(partners, (3, 13), kind=old)
    met(partners, (3, 14), kind=older)
    make.kind()  # nobody met that way
    old.retired = older.retired = True
    make.saved(old, older)
    found = table("by_kind", boss)
    assert found.rows == [(call.code, 2, 0), (visit.code, 1, 1), ("*", 2, 0)]
    assert (found.facts["total"], found.facts["total_before"]) == (5, 1)
    assert found.name("kind", "*") == "No longer used"


def test_twenty_affiliates_have_a_row_and_the_others_share_one(here, elsewhere, boss):
    partner = make.organization(state=here)
    bodies = [make.affiliate(here, name=f"Local {n:02}") for n in range(22)]
    for n, body in enumerate(bodies):
        met(partner, *([(4, 1)] * (1 if n < 2 else 2)), affiliate=body)
    met(partner, (4, 2), (3, 1), affiliate=None)
    found = table("by_affiliate", boss)
    assert found.rows[:20] == [(str(body.uid), 2, 0) for body in bodies[2:]]
    assert found.rows[20:] == [("*", 2, 0), (None, 1, 1)]
    assert sum(row[1] for row in found.rows) == found.facts["total"]
    assert [found.name("affiliate", key) for key in ("*", None)] == ["All others", "Not given"]


def test_an_affiliate_out_of_sight_is_not_given(here, elsewhere, actor):
    met(make.organization(state=here), (4, 1), affiliate=make.affiliate(elsewhere))
    assert table("by_affiliate", actor).rows == [(None, 1, 0)]


def test_each_filter_narrows_to_what_it_says(here, elsewhere, boss):
    """Six meetings, of which each filter leaves those that are told beside it."""
    south = make.community(parent=make.community())
    owner, kind, topic = make.user(everywhere=True), make.kind(), make.focus_area()
    body = make.affiliate(here)
    served = make.organization(state=here, communities=[south])
    owned = make.organization(state=elsewhere, owner=owner)
    plain = make.organization()
    met(served, (4, 1), kind=kind)
    met([served, owned], (4, 2))
    met(owned, (4, 3), affiliate=body)
    (about,) = met(plain, (4, 4))
    make.saved(InteractionFocusArea(interaction=about, focus_area=topic))
    met(plain, (4, 5), kind=kind, affiliate=body)
    met(plain, (4, 6))
    expected = {
        "region": (here.region, 2),
        "state": (elsewhere, 2),
        "community": (south, 2),
        "owner": (owner, 2),
        "kind": (kind, 2),
        "affiliate": (body, 2),
        "focus_area": (topic, 1),
    }
    for name, (row, number) in expected.items():
        for metric in OF_MEETINGS:
            assert table(metric, boss, **{name: row}).facts["total"] == number, (metric, name)
    both = table("activity", boss, community=south.parent, region=here.region)
    assert [(*row[:2], row[3]) for row in both.rows] == [(here.region.code, south.parent.code, 2)]
    one_and_the_same = table("activity", boss, community=south, owner=owner)
    assert one_and_the_same.facts["total"] == 0


def test_an_empty_database_has_empty_tables(here):
    """Nothing to count is a table of nothing, not a mistake."""
    actor = make.actor(here.region, home=here)
    for metric in METRICS:
        found = table(metric, actor)
        assert metric not in OF_MEETINGS or found.facts["total"] == 0
        assert not any(number for row in found.dicts() for number in numbers_of(metric, row))


def numbers_of(metric, row):
    return [row[name] for name in METRICS[metric].numbers]
