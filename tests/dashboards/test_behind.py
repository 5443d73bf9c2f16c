"""Every number of a figure opens a list of exactly as many rows, whatever narrows the figures."""

from datetime import date

import pytest
from django.test import RequestFactory

from access.actors import actor_of
from crm.models import InteractionFocusArea
from dashboards.addresses import address, endpoint_address
from dashboards.asking import asked
from dashboards.metrics import METRICS
from dashboards.tables import TOTALS
from lists.pages import PAGES
from tests import make

pytestmark = pytest.mark.django_db
NARROWING = (
    {},
    {"region": 0},
    {"state": 0},
    {"community": 0},
    {"community": 1},
    {"owner": 0},
    {"kind": 0},
    {"focus_area": 0},
    {"affiliate": 0},
    {"region": 0, "community": 0, "owner": 0, "kind": 0, "focus_area": 0, "affiliate": 0},
)


class World:
    """Meetings of every sort, in two regions and outside, in the year and in the one before."""

    def __init__(self, here, elsewhere):
        self.owner = make.user(here.region, home=here)
        black, asian, gone = (make.community() for _n in range(3))
        south = make.community(parent=asian)
        self.kind, other, old = (make.kind() for _n in range(3))
        self.focus_area = make.focus_area()
        self.affiliate = make.affiliate(here)
        others = [make.affiliate(elsewhere) for _n in range(23)]
        next_door = make.state(here.region)
        partners = [
            make.organization(state=here, communities=[black, south], owner=self.owner),
            make.organization(state=elsewhere, communities=[black]),
            make.organization(state=next_door, communities=[asian, south]),
            make.organization(state=here),
            make.organization(communities=[gone], owner=self.owner),
        ]
        self.values = {
            "region": [here.region.code],
            "state": [here.code],
            "community": [black.code, south.code],
            "owner": [self.owner.uid],
            "kind": [self.kind.code],
            "focus_area": [self.focus_area.code],
            "affiliate": [self.affiliate.uid],
        }
        ties = [[0], [0, 1], [1], [2], [2, 3], [3], [4], [0, 4], [0, 1, 2, 3, 4], [0, 2]]
        for n in range(60):
            met = make.interaction(
                organizations=[partners[k] for k in ties[n % len(ties)]],
                kind=(self.kind, other, old)[n % 3],
                affiliate=(None, self.affiliate, others[n % 23])[min(n % 4, 2)],
                day=date(2025 + n % 2, 1 + n % 12, 1 + n % 28),
            )
            if n % 3 == 0:
                make.saved(InteractionFocusArea(interaction=met, focus_area=self.focus_area))
        make.interaction(organization=partners[0], status="planned", kind=self.kind)
        make.interaction(organization=partners[0], visibility="restricted", kind=self.kind)
        make.interaction(contacts=[make.contact(state=here)], kind=self.kind)
        old.retired = gone.retired = True
        make.saved(old, gone)

    def query(self, narrowing, **days):
        days = {"first": "2026-01-01", "last": "2026-12-31"} | days
        return days | {name: str(self.values[name][n]) for name, n in narrowing.items()}


@pytest.fixture
def met(here, elsewhere):
    return World(here, elsewhere)


def numbers(metric, ask, table):
    """(key, column, number) of every number that a figure shows, totals included."""
    for row in table.dicts():
        key = {name: row[name] for name in metric.keys}
        for column in sorted(set(row) - set(key)):  # of the 0s always the same are looked at
            yield key, column, row[column]
    for column in sorted(set(table.columns) - set(metric.keys)):
        yield {}, column, table.facts[TOTALS[column]]
    for name in ("region", "community") if metric.name == "activity" else ():
        many = "regions" if name == "region" else "communities"
        for key, number in table.facts[many].items():
            yield {name: key}, "interactions", number
        for key, number in table.facts[f"{many}_before"].items():
            yield {name: key}, "before", number


def wrong_numbers(actor, query):
    """The numbers whose list holds another number of rows, and how many were looked at."""
    _form, ask = asked(actor, query)
    wrong, looked = [], 0
    for metric in METRICS.values():
        table = metric.table(actor, ask)
        for place, (key, column, number) in enumerate(numbers(metric, ask, table)):
            if not number and place % 12:  # of the many that are 0, some
                continue
            behind = metric.behind(ask, table, key, column)
            if behind is None:  # people at events are counted, and listed to nobody as a figure
                assert (metric.name, column) == ("who_came", "people")
                continue
            held = count_of(actor, behind)
            looked += bool(number)
            if held != number:
                wrong.append((metric.name, key, column, number, held))
    return wrong, looked


def count_of(actor, behind):
    """How many rows the list has at its address."""
    request = RequestFactory().get(address(actor, behind))
    request.actor = actor
    found = PAGES[behind.of].find(request, request.GET)
    assert found.problems == [], request.GET
    return found.rows.order_by().count()


def test_each_number_opens_as_many_rows(met):
    actor = make.actor(everywhere=True, role="regional-lead")
    for narrowing in NARROWING:
        wrong, looked = wrong_numbers(actor, met.query(narrowing))
        assert wrong == [], narrowing
        assert looked > 10, narrowing


@pytest.mark.parametrize("role", ["organizer", "data-manager", "administrator"])
def test_each_number_is_of_what_the_viewer_sees(met, here, role):
    person = make.user(here, home=here, role=role)
    days = {"first": "2026-03-05", "last": "2026-09-17"}
    wrong, looked = wrong_numbers(actor_of(person), met.query({}, **days))
    assert wrong == []
    assert looked > 10


@pytest.mark.parametrize("to", [address, endpoint_address])
def test_a_page_and_an_endpoint_stand_behind_a_number(client, met, here, to):
    person = make.user(here.region, home=here)
    client.force_login(person)
    metric, actor = METRICS["activity"], actor_of(person)
    _form, ask = asked(actor, met.query({"community": 0}))
    table = metric.table(actor, ask)
    for column, fact in TOTALS.items():
        if column not in table.columns:
            continue
        answer = client.get(to(actor, metric.behind(ask, table, {}, column)))
        found = answer.context["pager"] if to is address else answer.json()
        assert found["count"] == table.facts[fact] > 0


def test_a_leader_opens_partners_behind_places_and_nothing_behind_the_rest(met, here):
    actor = make.actor(here.region, home=here, role="leader")
    _form, ask = asked(actor, met.query({"kind": 0, "owner": 0}))
    tables = {name: metric.table(actor, ask) for name, metric in METRICS.items()}
    state = METRICS["by_state"].behind(ask, tables["by_state"], {"state": here.code})
    owner = f"owner={met.owner.uid}"
    assert address(actor, state) == f"/organizations/?owner={met.owner.uid}&state={here.code}"
    kind = {"kind": met.kind.code}
    assert address(actor, METRICS["by_kind"].behind(ask, tables["by_kind"], kind)) == ""
    assert endpoint_address(actor, state).startswith(f"/api/v1/organizations/?{owner}")
