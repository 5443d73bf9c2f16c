"""Changes to many rows: exactly those that were meant, as far as one may, and one undo for all."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.many import change_many
from access.models import AuditEntry, Run
from access.roles import EXPORT_ROWS_A_DAY, Role
from access.undo import undo
from crm.commands import AddTag, AssignOwner, ChangeContact, FinishTask, SetStage
from crm.lists import contacts_of
from crm.models import OwnerSince, Tag, Task
from tests import make

pytestmark = pytest.mark.django_db
URL = "/organizations/bulk/"


@pytest.fixture
def lead(here):
    return make.user(here.region, home=here, role="regional-lead", name="Lead")


@pytest.fixture
def client(lead):
    client = Client()
    client.force_login(lead)
    return client


def ticked(*rows) -> list[str]:
    return [f"{row.uid}.{row.revision}" for row in rows]


def post(client, rows=(), url=URL, **values):
    """Confirm a change of these rows; `all=1` means all that the address leaves."""
    body = {"do": "tag", "tag": "Rally", "go": "1", "row": ticked(*rows), "count": len(rows)}
    return client.post(url, body | values, follow=True)


def said(response) -> str:
    return " ".join(str(m) for m in response.context["messages"])


def tagged(actor) -> set:
    return set(Tag.objects.visible_to(actor).values_list("organization__name", flat=True))


def test_nothing_happens_before_the_number_was_said(here, lead, client):
    rows = [make.organization(state=here, name=f"Partner {n}") for n in range(3)]
    page = client.post(URL, {"do": "tag", "row": ticked(*rows)})
    assert page.status_code == 200 and page.context["count"] == 3
    assert b"Partner 0, Partner 1, Partner 2" in page.content
    assert tagged(actor_of(lead)) == set()
    done = post(client, rows)
    assert "3 organizations changed." in said(done)
    assert tagged(actor_of(lead)) == {"Partner 0", "Partner 1", "Partner 2"}
    assert Run.objects.filter(command="AddTag").count() == 1
    assert AuditEntry.objects.get(action="AddTag").count == 3


def test_hidden_and_restricted_rows_cannot_be_told_from_none(here, elsewhere, lead):
    """A regional user posts uids of other regions and of restricted rows."""
    organizer = make.user(here.region, home=here)
    client = Client()
    client.force_login(organizer)
    ours = make.contact(state=here)
    theirs = make.contact(state=elsewhere)
    secret = make.contact(state=here, visibility="restricted", author=lead)
    mine = make.contact_list(organizer)
    answers = []
    for uid in (theirs.uid, secret.uid, uuid.uuid4()):
        values = {"do": "list", "contact_list": mine.uid, "row": [f"{uid}.1"], "count": 1}
        question = client.post("/people/bulk/", values)
        done = client.post("/people/bulk/", values | {"go": "1"}, follow=True)
        answers.append((question.status_code, question.context["names"], said(done)))
    assert answers[0] == answers[1] == answers[2]
    assert said(done) == "Nothing was changed. 1 is not there."
    rows = [f"{row.uid}.{row.revision}" for row in (ours, theirs, secret)]
    values = {"do": "list", "contact_list": mine.uid, "row": rows, "count": 3, "go": "1"}
    assert "1 person changed. 2 are not there." in said(
        client.post("/people/bulk/", values, follow=True)
    )
    assert list(contacts_of(make.SETUP, mine)) == [ours]


def test_partners_of_another_region_stay_as_they_are(here, elsewhere, lead, client):
    ours, theirs = make.organization(state=here), make.organization(state=elsewhere)
    done = post(client, [ours, theirs])
    assert "1 organization changed. 1 is not there." in said(done)
    assert tagged(make.SETUP) == {ours.name}
    assert make.fresh(theirs).revision == theirs.revision


def test_all_that_match_are_all_that_one_sees(here, elsewhere, lead, client):
    make.organization(state=here, name="Ours")
    make.organization(state=elsewhere, name="Theirs")
    owned = make.organization(state=here, name="Owned", owner=lead)
    page = client.post(f"{URL}?unowned=yes", {"do": "tag", "all": "1"})
    assert page.context["count"] == 1
    done = post(client, url=f"{URL}?unowned=yes", all="1", count=1)
    assert "1 organization changed." in said(done)
    assert tagged(make.SETUP) == {"Ours"}
    assert make.fresh(owned).revision == owned.revision


def test_all_that_a_search_finds(here, lead, client):
    make.organization(state=here, name="Casa Unida")
    make.organization(state=here, name="Other")
    post(client, all="1", q="casa", count=1)
    assert tagged(make.SETUP) == {"Casa Unida"}


@pytest.mark.parametrize("query", ["stage=gone", "sort=password", "view=x&old_filter=1"])
def test_a_wrong_filter_refuses_the_whole(here, client, query):
    row = make.organization(state=here)
    for rows in ({"all": "1"}, {"row": ticked(row)}):
        body = {"do": "tag", "tag": "x", "go": "1", "count": "1"} | rows
        answer = client.post(f"{URL}?{query}", body)
        assert answer.status_code == 422 and answer.context["problems"]
    assert tagged(make.SETUP) == set()


def test_a_list_that_changed_in_the_meantime_is_asked_about_again(here, client):
    make.organization(state=here)
    answer = client.post(URL, {"do": "tag", "tag": "x", "all": "1", "go": "1", "count": "2"})
    assert answer.status_code == 422 and b"it is 1 rows now" in answer.content
    assert tagged(make.SETUP) == set()


def test_more_than_fifty_rows_want_their_number_typed(here, client):
    for _n in range(51):
        make.organization(state=here)
    body = {"do": "tag", "tag": "x", "all": "1", "go": "1", "count": "51"}
    for typed in ("", "50"):
        answer = client.post(URL, body | {"confirm": typed})
        assert answer.status_code == 422 and b"Type the number 51" in answer.content
    assert tagged(make.SETUP) == set()
    assert "51 organizations changed." in said(
        client.post(URL, body | {"confirm": "51"}, follow=True)
    )


def test_more_rows_than_the_budget_are_refused(here, client, monkeypatch):
    monkeypatch.setitem(EXPORT_ROWS_A_DAY, "regional-lead", 1)
    rows = [make.organization(state=here) for _n in range(2)]
    for values in ({"all": "1"}, {"row": ticked(*rows)}):
        answer = client.post(URL, {"do": "tag", "tag": "x", "go": "1", "count": "2"} | values)
        assert answer.status_code == 422 and b"You may change 1 rows at once" in answer.content
    assert tagged(make.SETUP) == set()


def test_rows_that_somebody_changed_since_are_left_and_counted(here, client):
    one, two = make.organization(state=here, name="One"), make.organization(state=here, name="Two")
    rows = ticked(one, two)
    two.note = "New"
    make.saved(two)
    done = client.post(
        URL, {"do": "tag", "tag": "x", "go": "1", "row": rows, "count": 2}, follow=True
    )
    assert "1 was changed by somebody since you opened the list" in said(done)
    assert tagged(make.SETUP) == {"One"}


def test_what_is_so_already_is_not_changed(here, lead, client):
    row = make.organization(state=here, owner=lead)
    done = post(client, [row], do="owner", owner=lead.uid)
    assert said(done) == "Nothing was changed. 1 was so already."
    assert make.fresh(row).revision == row.revision


@pytest.mark.parametrize("role", list(Role))
def test_the_bar_is_there_for_who_may(here, role):
    person = make.user(here.region, home=here, role=role)
    make.organization(state=here)
    client = Client()
    client.force_login(person)
    page = client.get("/organizations/")
    names = [one.name for one in page.context["bulks"]]
    expected = {
        Role.ORGANIZER: ["people"],
        Role.LEADER: [],
    }.get(role, ["owner", "stage", "tag", "untag", "people"])
    assert names == expected
    assert (b'id="bulk"' in page.content) is bool(expected)
    allowed = "tag" in names
    assert client.post(URL, {"do": "tag"}).status_code == (422 if allowed else 403)


def test_owner_stage_and_tags(here, lead, client):
    row, stage = make.organization(state=here), make.stage()
    for do, values in (
        ("owner", {"owner": lead.uid}),
        ("stage", {"stage": stage.code}),
        ("tag", {"tag": " Línea  uno "}),
    ):
        post(client, [make.fresh(row)], do=do, **values)
    row = make.fresh(row)
    assert (row.owner_id, row.stage_id) == (lead.pk, stage.pk)
    assert OwnerSince.objects.visible_to(make.SETUP).get().author_id == lead.pk
    assert Tag.objects.visible_to(make.SETUP).get().name == "Línea uno"
    post(client, [row], do="untag", tag="LINEA UNO")
    assert not Tag.objects.visible_to(make.SETUP).exists()
    post(client, [make.fresh(row)], do="owner", owner="", nobody="on")
    assert make.fresh(row).owner_id is None


def test_nobody_loses_an_owner_by_an_empty_choice(here, lead, client):
    row = make.organization(state=here, owner=lead)
    asked = {"do": "owner", "row": ticked(row), "count": 1}
    assert "No owner" not in client.post(URL, asked).content.decode()
    for values in ({"owner": ""}, {}, {"owner": lead.uid, "nobody": "on"}):
        answer = client.post(URL, asked | {"go": "1"} | values)
        assert answer.status_code == 422
        assert "Nothing was changed" in answer.content.decode()
    assert make.fresh(row).owner_id == lead.pk


def test_a_wrong_value_changes_nothing(here, client):
    row = make.organization(state=here)
    for do, values in (
        ("owner", {"owner": str(uuid.uuid4())}),
        ("stage", {"stage": ""}),
        ("tag", {"tag": " .. "}),
    ):
        answer = client.post(URL, {"do": do, "go": "1", "row": ticked(row), "count": 1} | values)
        assert answer.status_code == 422, do
    assert make.fresh(row).revision == row.revision


def test_one_undo_takes_all_back_and_spares_what_was_edited_since(here, lead, client):
    rows = [make.organization(state=here, name=f"Partner {n}") for n in range(3)]
    post(client, rows, do="owner", owner=lead.uid)
    edited = make.fresh(rows[0])
    edited.note = "Edited"
    make.saved(edited)
    run = Run.objects.get(command="AssignOwner")
    done = client.post(
        reverse("access:undo", args=[run.uid]), {"next": "/organizations/"}, follow=True
    )
    assert said(done) == (
        "Undone: 2 rows are as they were before. "
        "One stays as it is, because it was changed since: Partner 0."
    )
    owners = {row.name: make.fresh(row).owner_id for row in rows}
    assert owners == {"Partner 0": lead.pk, "Partner 1": None, "Partner 2": None}


def test_people_of_partners_are_put_on_a_list(here, elsewhere, lead, client):
    partner = make.organization(state=here)
    ana, gone = make.contact(organization=partner), make.contact(state=here)
    make.affiliation(gone, partner, end=make.DAY)
    both = make.contact(organizations=[partner, make.organization(state=elsewhere)])
    row = make.contact_list(lead)
    done = post(client, [partner], do="people", contact_list=row.uid)
    assert "1 organization changed." in said(done)
    assert set(contacts_of(make.SETUP, row)) == {ana, both}
    assert make.fresh(partner).revision == partner.revision


def test_an_organizer_closes_her_own_follow_ups(here):
    person, other = make.user(here.region, home=here), make.user(here.region, home=here)
    mine, theirs = make.task(here, owner=person), make.task(here, owner=other)
    client = Client()
    client.force_login(person)
    done = post(client, [mine, theirs], "/follow-ups/bulk/", do="done")
    assert said(done) == "1 follow-up changed. 1 is not yours to change."
    assert make.fresh(mine).status == Task.Status.DONE
    assert make.fresh(theirs).status == Task.Status.OPEN
    assert post(client, [mine], "/follow-ups/bulk/", do="owner").status_code == 403


def test_a_closed_follow_up_says_so(here, lead, client):
    open_one, closed = make.task(here), make.task(here, status="done")
    done = post(client, [open_one, closed], "/follow-ups/bulk/", do="done")
    assert "1: This follow-up is closed already." in said(done)
    assert make.fresh(open_one).status == Task.Status.DONE


def test_follow_ups_are_given_to_a_colleague(here, lead, client):
    colleague = make.user(here.region, home=here)
    rows = [make.task(here), make.task(here)]
    titles = [row.title for row in rows]
    done = post(client, rows, "/follow-ups/bulk/", do="owner", owner=colleague.uid)
    assert "2 follow-ups changed." in said(done)
    rows = [make.fresh(row) for row in rows]
    assert {row.owner_id for row in rows} == {colleague.pk}
    assert [row.title for row in rows] == titles


def test_affiliates_get_a_kind(here, lead, client):
    row, other = make.affiliate(here), make.affiliate(here)
    done = post(client, [row], "/affiliates/bulk/", do="kind", kind=other.kind.code)
    assert "1 affiliate changed." in said(done)
    assert make.fresh(row).kind_id == other.kind_id
    assert make.fresh(row).name == row.name


def test_a_row_that_would_leave_ones_sight_stays_and_the_others_change(here):
    """Who does not read a restricted person of another author cannot make her so."""
    manager = make.user(here.region, home=here, role="data-manager")
    theirs, mine = make.contact(state=here), make.contact(state=here, author=manager)
    targets = [(theirs.uid, theirs.revision), (mine.uid, mine.revision)]
    values = {"visibility": "restricted"}
    result = change_many(ChangeContact, actor_of(manager), values, targets)
    assert (result.changed, result.refused) == (1, 1)
    assert make.fresh(theirs).visibility == "team"
    assert make.fresh(mine).visibility == "restricted"


def test_follow_ups_are_put_off_each_by_its_own_day(here, lead, client):
    early, late = make.task(here, due="2026-11-20"), make.task(here, due="2031-01-01")
    done = post(client, [early, late], "/follow-ups/bulk/", do="snooze", due="2030-01-01")
    assert "1 follow-up changed. 1: Choose a later day" in said(done)
    assert str(make.fresh(early).due) == "2030-01-01" and make.fresh(early).moved == 1
    assert str(make.fresh(late).due) == "2031-01-01"


def test_a_follow_up_is_not_given_to_who_cannot_see_it(here, elsewhere, lead, client):
    away = make.user(elsewhere.region, home=elsewhere, name="Away")
    row = make.task(here)
    done = post(client, [row], "/follow-ups/bulk/", do="owner", owner=away.uid)
    assert said(done).startswith("Nothing was changed. 1: Away does not see this area.")
    assert make.fresh(row).owner_id == row.owner_id


def test_slices_are_one_run(here, lead, monkeypatch):
    monkeypatch.setattr("access.many.SLICE", 2)
    rows = [make.organization(state=here) for _n in range(5)]
    actor, stage = actor_of(lead), make.stage()
    result = change_many(SetStage, actor, {"stage": stage.code}, [(r.uid, None) for r in rows])
    assert result.changed == 5
    assert {make.fresh(r).stage_id for r in rows} == {stage.pk}
    undo(actor, result.run)
    assert {make.fresh(r).stage_id for r in rows} == {None}


@pytest.mark.parametrize("command", [AssignOwner, SetStage, AddTag])
def test_a_role_without_the_right_changes_nothing(here, actor, command):
    row = make.organization(state=here)
    with pytest.raises(PermissionDenied):
        change_many(command, actor, {"tag": "x"}, [(row.uid, None)])
    assert not OwnerSince.objects.visible_to(make.SETUP).exists()


def test_a_restricted_follow_up_is_not_there(here, lead):
    meeting = make.interaction(state=here, visibility="restricted", author=lead)
    row = make.task(about=meeting, owner=lead)
    organizer = make.actor(here.region, home=here)
    result = change_many(FinishTask, organizer, {}, [(row.uid, row.revision)])
    assert (result.missing, result.refused, result.changed) == (1, 0, 0)
