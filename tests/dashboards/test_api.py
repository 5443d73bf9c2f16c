"""The figures as endpoints: the same numbers as on the page, for the same people."""

import pytest
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from access.actors import actor_of
from access.models import AuditDetail, AuditEntry
from crm.commands import LogInteraction
from dashboards.asking import AskForm, asked
from dashboards.metrics import METRICS
from dashboards.tables import TOTALS
from tests import guests, make
from tests.lists.test_api import API
from tests.lists.test_api import api as api

pytestmark = pytest.mark.django_db
YEAR = {"first": "2026-01-01", "last": "2026-12-31"}


def figure(name):
    return f"{API}/figures/{name}/"


def test_the_list_says_what_each_figure_answers_and_how_it_is_counted(api):
    found = api.get(f"{API}/figures/").json()["results"]
    assert [one["name"] for one in found] == list(METRICS)
    for one in found:
        metric = METRICS[one["name"]]
        assert one["question"] == str(metric.question)
        assert one["how_counted"] == metric.how_counted
        assert list(one["columns"]) == [*metric.keys, *metric.numbers]
        assert api.get(one["url"]).status_code == 200


OF_MEETINGS = [name for name, metric in METRICS.items() if "interactions" in metric.numbers]


@pytest.mark.parametrize("name", OF_MEETINGS)
def test_a_figure_has_the_rows_and_totals_of_its_metric(api, organizer, here, elsewhere, name):
    black = make.community()
    partner = make.organization(state=here, communities=[black], owner=organizer)
    make.interaction(organization=partner, affiliate=make.affiliate(here))
    make.interaction(organization=make.organization(state=here))
    make.interaction(state=elsewhere)
    query = YEAR | {"community": black.code}
    got = api.get(figure(name), query).json()
    actor, metric = actor_of(organizer), METRICS[name]
    _form, ask = asked(actor, query)
    table = metric.table(actor, ask)
    shown = [{k: v for k, v in row.items() if k not in ("names", "behind")} for row in got["rows"]]
    assert shown == [
        {k: v.isoformat() if k == "month" else v for k, v in row.items()} for row in table.dicts()
    ]
    totals = {column: table.facts[TOTALS[column]] for column in metric.numbers}
    assert {k: v for k, v in got["totals"].items() if k != "behind"} == totals
    assert got["totals"]["interactions"] == 1
    assert got["filters"] == query
    row = next(row for row in got["rows"] if row["interactions"])
    assert api.get(row["behind"]["interactions"]).json()["count"] == row["interactions"]
    assert row["names"].keys() == set(metric.keys) and all(row["names"].values())


def test_the_schema_says_what_a_figure_answers(api, here):
    make.interaction(state=here)
    make.program(here)
    guests.held(here, make.contact(organization=make.organization(state=here)))
    schema = SchemaGenerator().get_schema(request=None, public=True)
    shapes = schema["components"]["schemas"]
    for name in METRICS:
        described = schema["paths"][figure(name)]["get"]
        answer = described["responses"]["200"]["content"]["application/json"]["schema"]
        shape = shapes[answer["$ref"].rpartition("/")[2]]["properties"]
        got = api.get(figure(name), YEAR).json()
        assert got.keys() == shape.keys()
        row = shapes[shape["rows"]["items"]["$ref"].rpartition("/")[2]]["properties"]
        assert got["rows"][0].keys() == row.keys()
        assert {p["name"] for p in described["parameters"]} == set(AskForm.base_fields)
        assert {"400", "401", "403", "429"} <= described["responses"].keys()


WRONG = ["community=none", "region=0", "owner=x", "affiliate=%00", "kind=%00", "first=x", "town=x"]


@pytest.mark.parametrize("name", list(METRICS))
def test_a_wrong_filter_is_refused_in_a_sentence(api, name):
    for query in (*WRONG, "last=1999-01-01", "kind=a&kind=b"):
        answer = api.get(f"{figure(name)}?{query}")
        assert answer.status_code == 400, query
        assert answer.json()["detail"].endswith("."), query
        assert "rows" not in answer.json()


def test_a_retired_a_foreign_and_an_unknown_value_get_the_same_words(api, here, elsewhere):
    gone = make.community(retired=True)
    theirs = make.affiliate(elsewhere)
    said = {
        api.get(figure("by_kind"), {name: value}).json()["detail"].partition(": ")[2]
        for name, value in {
            "community": gone.code,
            "region": elsewhere.region.code,
            "state": elsewhere.code,
            "affiliate": theirs.uid,
            "owner": make.user(elsewhere.region, home=elsewhere).uid,
            "kind": "unknown",
        }.items()
    }
    assert said == {"That choice is not there."}
    assert api.get(figure("by_kind"), {"affiliate": make.affiliate(here).uid}).status_code == 200


def test_a_leader_gets_counts_and_no_meetings(client, here):
    make.interaction(state=here)
    client.force_login(make.user(here.region, home=here, role="leader"))
    kinds = client.get(figure("by_kind"), YEAR).json()
    assert kinds["totals"]["interactions"] == 1
    assert kinds["rows"][0]["behind"] == {"interactions": None, "before": None}
    states = client.get(figure("by_state"), YEAR).json()
    url = states["rows"][0]["behind"]["interactions"]
    assert url == f"{API}/organizations/?state={here.code}"
    assert client.get(url).json()["count"] == 1


def test_nobody_writes_a_figure_and_nobody_reads_it_unknown(api, client):
    for url in (f"{API}/figures/", figure("activity")):
        assert api.post(url).status_code == 405
        assert api.delete(url).status_code == 405
        client.logout()
        assert client.get(url).status_code == 401
    assert api.get(f"{API}/figures/?region=x").status_code in (400, 401)


def test_a_csv_is_recorded_with_its_filters_and_runs_no_formula(client, here):
    black = make.community(name="=1+1")
    make.interaction(organization=make.organization(state=here, communities=[black]))
    client.force_login(make.user(here.region, home=here))
    query = YEAR | {"community": black.code}
    answer = client.get(reverse("dashboards:activity_csv"), query)
    assert f"{here.region.name},'=1+1,1,1,0" in answer.content.decode()
    entry = AuditEntry.objects.filter(action="ExportFigure").get()
    assert entry.count == 1
    assert AuditDetail.objects.get(entry=entry).words == query | {"figure": "activity"}


def test_a_meeting_is_in_the_figures_at_once(api, organizer, here):
    actor, partner = actor_of(organizer), make.organization(state=here)
    LogInteraction(actor, make.meeting_values(partner)).run()
    got = api.get(figure("by_month"), YEAR).json()
    held = {row["month"]: row["interactions"] for row in got["rows"]}
    assert held.pop("2026-11-01") == 1 and set(held.values()) == {0}
