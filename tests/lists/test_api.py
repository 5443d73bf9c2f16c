import json
import uuid

import pytest
from django.test import Client

from access.actors import actor_of
from access.keys import uuid7
from access.models import AuditEntry, Run, Token
from access.undo import undo
from crm.models import Interaction, InteractionContact, Organization
from tests import make

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture
def api(organizer):
    _row, token = Token.objects.create(user=organizer, name="test")
    return Client(headers={"Authorization": f"Token {token}"})


def send(api, method, path, body, **headers):
    data = body if isinstance(body, str) else json.dumps(body)
    return getattr(api, method)(
        f"{API}{path}", data, content_type="application/json", headers=headers
    )


def meeting(partner, **values):
    kind = make.kind()
    return {
        "kind": kind.code,
        "day": "2026-11-02",
        "summary": "Tea",
        "organizations": [str(partner.uid)],
    } | values


def test_log_read_and_change_a_meeting(api, here):
    partner = make.organization(state=here)
    made = send(api, "post", "/interactions/", meeting(partner, next_step="Call"))
    assert made.status_code == 201, made.content
    assert made.headers["ETag"] == '"1"'
    body = made.json()
    assert body["organizations"] == [str(partner.uid)]
    url = f"/interactions/{body['uid']}/"
    got = api.get(API + url)
    assert got.json() == body and got.headers["ETag"] == '"1"'
    changed = send(api, "patch", url, {"summary": "Coffee"}, if_match='"1"')
    assert changed.status_code == 200
    assert changed.json()["summary"] == "Coffee" and changed.headers["ETag"] == '"2"'
    assert changed.json()["organizations"] == [str(partner.uid)]
    assert api.get(f"{API}/tasks/").json()["results"][0]["title"] == "Call"


def test_a_change_says_which_revision_it_saw(api, here):
    partner = make.organization(state=here)
    url = f"/organizations/{partner.uid}/"
    assert send(api, "patch", url, {"name": "New"}).status_code == 428
    assert send(api, "patch", url, {"name": "New"}, if_match='"7"').status_code == 412
    assert send(api, "patch", url, {"name": "New"}, if_match="junk").status_code == 412
    assert send(api, "patch", url, {"name": "New"}, if_match='"1"').status_code == 200
    assert send(api, "patch", url, {"name": "Newer"}, if_match='"1"').status_code == 412
    assert make.fresh(partner).name == "New"


def test_the_same_request_again_gets_the_same_answer(api, here, organizer):
    partner = make.organization(state=here)
    body, key = meeting(partner, uid=str(uuid7())), str(uuid7())
    first = send(api, "post", "/interactions/", body, idempotency_key=key)
    again = send(api, "post", "/interactions/", body, idempotency_key=key)
    assert (
        (first.status_code, first.json())
        == (again.status_code, again.json())
        == (201, again.json())
    )
    other = send(api, "post", "/interactions/", body | {"summary": "No"}, idempotency_key=key)
    assert other.status_code == 422
    undo(actor_of(organizer), Run.objects.get(command="LogInteraction"))
    replay = send(api, "post", "/interactions/", body, idempotency_key=key)
    assert (replay.status_code, replay.json()) == (201, first.json())
    assert not Interaction.objects.visible_to(make.SETUP).exists()


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        '"text"',
        "7",
        "null",
        "true",
        "{",
        "[{}]",
        '{"name": {"a": 1}}',
        '{"name": ["a"]}',
        '{"name": 7}',
        '{"name": "a", "surprise": 1}',
        '{"name": "a", "phones": "no"}',
        '{"name": "a", "phones": [7]}',
        '{"name": "a", "phones": [{"surprise": 1}]}',
        '{"name": "a\\u0000b"}',
        '{"name": "a", "communities": "x"}',
        '{"name": "a", "communities": [{}]}',
        '{"name": "a", "parent": "not-a-uid"}',
        "{}",
        '{"name": null}',
        '{"name": ""}',
    ],
)
def test_a_wrong_body_is_refused_and_nothing_is_saved(api, here, body):
    answer = send(api, "post", "/organizations/", body)
    assert answer.status_code == 400, answer.content
    assert answer.json()["detail"]
    assert not Organization.objects.visible_to(make.SETUP).exists()


def test_an_unknown_filter_is_refused(api, here):
    make.organization(state=here)
    for query in (
        "surprise=1",
        "home__region__name=x",
        "page_size=0",
        "page_size=99999",
        "page_size=x",
        "details=x",
    ):
        assert api.get(f"{API}/organizations/?{query}").status_code == 400


def test_search_is_by_post_only(api, here):
    make.organization(state=here, name="José Martí Center")
    found = send(api, "post", "/organizations/search/", {"q": "jose marti"})
    assert [r["name"] for r in found.json()["results"]] == ["José Martí Center"]
    assert api.get(f"{API}/organizations/search/").status_code == 405
    assert api.get(f"{API}/organizations/?q=jose").status_code == 400


def test_details_are_sent_on_demand_recorded_and_counted(api, here):
    person = make.contact(state=here, emails=["ana@mail.example"], phones=["+1 509 555 0142"])
    plain = api.get(f"{API}/contacts/{person.uid}/")
    assert b"ana@mail" not in plain.content and not make.holds_number(plain, "0142")
    assert not AuditEntry.objects.filter(action="ViewDetailsByApi").exists()
    full = api.get(f"{API}/contacts/?details=true")
    assert full.json()["results"][0]["emails"] == ["ana@mail.example"]
    assert AuditEntry.objects.get(action="ViewDetailsByApi").row_uid == person.uid


def test_details_stop_at_the_row_budget(api, here, monkeypatch):
    from access.roles import EXPORT_ROWS_A_DAY

    monkeypatch.setitem(EXPORT_ROWS_A_DAY, "organizer", 1)
    for _n in range(2):
        make.contact(state=here, emails=["ana@mail.example"])
    answer = api.get(f"{API}/contacts/?details=true")
    assert answer.status_code == 403 and b"ana@" not in answer.content


def test_a_hidden_partner_cannot_be_named(api, here, elsewhere):
    hidden, absent = make.organization(state=elsewhere), uuid.uuid4()
    answers = [
        send(
            api,
            "post",
            "/interactions/",
            meeting(make.organization(state=here), organizations=[str(u)], kind="x"),
        )
        for u in (hidden.uid, absent)
    ]
    assert answers[0].status_code == answers[1].status_code == 400
    assert answers[0].content == answers[1].content


def test_people_that_one_cannot_see_stay_on_a_meeting(api, here, elsewhere, organizer):
    hidden = make.contact(state=elsewhere)
    partner = make.organization(state=here)
    met = make.interaction(organization=partner, contacts=[hidden], author=organizer)
    url = f"/interactions/{met.uid}/"
    assert str(hidden.uid) not in api.get(API + url).content.decode()
    assert send(api, "patch", url, {"contacts": []}, if_match='"1"').status_code == 200
    links = InteractionContact.objects.visible_to(make.SETUP).filter(interaction=met)
    assert [link.contact_id for link in links] == [hidden.pk]


def test_deactivated_user_and_foreign_token(here, organizer, api):
    assert api.get(f"{API}/organizations/").status_code == 200
    type(organizer).objects.filter(pk=organizer.pk).update(is_active=False)
    assert api.get(f"{API}/organizations/").status_code == 401
    assert Client().get(f"{API}/organizations/").status_code == 401
    assert (
        Client(headers={"Authorization": "Token " + "f" * 64})
        .get(f"{API}/organizations/")
        .status_code
        == 401
    )


def test_reference_values_go_by_code(api, here):
    community, focus = make.community(code="black"), make.focus_area(code="curricula")
    body = {
        "name": "Bethel",
        "communities": ["black"],
        "focus_areas": ["curricula"],
        "locations": [{"kind": "physical", "state": here.code, "city": "Yakima"}],
    }
    made = send(api, "post", "/organizations/", body).json()
    assert (made["communities"], made["focus_areas"]) == ([community.code], [focus.code])
    assert made["locations"][0]["state"] == here.code and made["state"] == here.code


def test_pages_follow_each_other(api, here):
    names = [f"Partner {n:02}" for n in range(7)]
    for name in names:
        make.organization(state=here, name=name)
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get(f"{API}/organizations/", {"page_size": 3, "cursor": cursor}).json()
        seen += [r["name"] for r in page["results"]]
        cursor = page["next"]
    assert seen == names
    back = api.get(f"{API}/organizations/", {"page_size": 3, "cursor": page["previous"]}).json()
    assert [r["name"] for r in back["results"]] == names[3:6]


def test_the_schema_is_complete_and_without_warnings(api, capsys):
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    assert {"/api/v1/organizations/", "/api/v1/contacts/{uid}/", "/api/v1/interactions/"} <= set(
        schema["paths"]
    )
    patch = schema["paths"]["/api/v1/organizations/{uid}/"]["patch"]
    assert {"412", "428", "422", "409", "400"} <= set(patch["responses"])
    assert "Warning" not in capsys.readouterr().err
