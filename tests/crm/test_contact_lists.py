"""What contact lists promise: people by hand or by a view, and nobody whom one may not see."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.models import AuditDetail, AuditEntry
from access.undo import undo
from crm.commands import (
    AddContactList,
    ChangeContactList,
    DeleteContact,
    DeleteContactList,
    FillContactList,
    PutOnContactList,
    TakeOffContactList,
)
from crm.lists import contacts_of, trouble_of
from crm.models import ContactList, ContactListMember, DoNotContact
from lists.budget import budget_left
from tests import make

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(client, row):
    return client.get(reverse("crm:contact_list", args=[row.uid]))


def names(response) -> list[str]:
    return [shown["main"].text for shown in response.context["rows"]]


@pytest.fixture
def lead(here):
    return make.user(here.region, home=here, role="regional-lead")


def test_a_list_is_made_filled_and_emptied_and_each_step_is_undone(here, actor):
    ana, ben = make.contact(state=here, name="Ana"), make.contact(state=here, name="Ben")
    row = AddContactList(actor, {"name": "Callers"}).run()
    assert not row.is_shared and row.home_id == here.pk
    fill = FillContactList(actor, {"contacts": [ana.uid, ben.uid], "revision": 1}, instance=row)
    fill.run()
    on = lambda: [c.name for c in contacts_of(actor, row).order_by("name")]  # noqa: E731
    assert on() == ["Ana", "Ben"]
    again = FillContactList(actor, {"contacts": [ana.uid], "revision": 1}, instance=row)
    again.run()
    member = ContactListMember.objects.visible_to(actor).get(contact=ana)
    take_off = TakeOffContactList(actor, {"revision": member.revision}, instance=member)
    take_off.run()
    assert on() == ["Ben"]
    undo(actor, take_off.run_made)
    assert on() == ["Ana", "Ben"]
    undo(actor, fill.run_made)
    assert on() == ["Ana"]  # she was taken off and put back since
    command = DeleteContactList(actor, {"revision": row.revision}, instance=make.fresh(row))
    command.run()
    assert not ContactList.objects.visible_to(actor).exists()
    undo(actor, command.run_made)
    assert ContactList.objects.visible_to(actor).get().name == "Callers"


def test_a_list_comes_back_with_its_people(here, actor, organizer):
    row = make.contact_list(organizer, [make.contact(state=here)])
    command = DeleteContactList(actor, {"revision": row.revision}, instance=row)
    command.run()
    undo(actor, command.run_made)
    assert contacts_of(actor, make.fresh(row)).count() == 1


def test_whom_the_viewer_cannot_see_is_neither_shown_nor_counted(here, elsewhere, organizer, lead):
    seen = make.contact(state=here, name="Seen")
    far = make.contact(state=elsewhere, name="Far away")
    secret = make.contact(state=here, name="Secret", visibility="restricted", author=lead)
    row = make.contact_list(lead, [seen, far, secret], shared=True)
    client = signed_in(organizer)
    page = page_of(client, row)
    assert names(page) == ["Seen"] and page.context["count"] == 1
    assert b"Secret" not in page.content and b"Far away" not in page.content
    listed = client.get("/contact-lists/")
    assert [r["row"].cells["people"].value for r in listed.context["rows"]] == [1]
    for url in (f"/people/?list={row.uid}", f"/people/export/?list={row.uid}"):
        assert b"Secret" not in client.get(url).content
    assert names(client.get(f"/people/?list={row.uid}")) == ["Seen"]
    assert names(page_of(signed_in(lead), row)) == ["Secret", "Seen"]


@pytest.mark.parametrize("role", ["organizer", "leader", "data-manager", "administrator"])
def test_a_private_list_is_its_owners_alone(here, lead, role):
    row = make.contact_list(lead, name="Canary list")
    client = signed_in(make.user(here.region, home=here, role=role))
    assert page_of(client, row).status_code == 404
    assert b"Canary" not in client.get("/contact-lists/").content
    assert client.get(f"/people/?list={row.uid}").status_code == 422
    row.visibility = "team"
    make.saved(row)
    assert page_of(client, row).status_code == 200


def test_a_shared_list_is_seen_in_its_owners_areas_alone(here, elsewhere, lead):
    row = make.contact_list(lead, shared=True)
    away = make.user(elsewhere.region, home=elsewhere)
    assert page_of(signed_in(away), row).status_code == 404


@pytest.mark.parametrize(
    ("role", "fills", "changes"),
    [
        ("organizer", True, False),
        ("leader", False, False),
        ("data-manager", True, True),
        ("administrator", True, True),
    ],
)
def test_who_fills_and_who_changes_a_shared_list(here, lead, role, fills, changes):
    row = make.contact_list(lead, shared=True)
    ana = make.contact(state=here)
    actor = actor_of(make.user(here.region, home=here, role=role))
    fill = FillContactList(actor, {"contacts": [ana.uid], "revision": row.revision}, instance=row)
    change = ChangeContactList(
        actor, {"name": "New", "revision": row.revision}, instance=row, partial=True
    )
    for command, allowed in ((fill, fills), (change, changes)):
        if allowed:
            command.run()
        else:
            with pytest.raises(PermissionDenied):
                command.run()


def test_only_the_owner_decides_who_sees_it(here, lead):
    row = make.contact_list(lead, shared=True)
    manager = actor_of(make.user(here.region, home=here, role="data-manager"))
    values = {"name": row.name, "visibility": "restricted", "revision": row.revision}
    ChangeContactList(manager, values, instance=row).run()
    assert make.fresh(row).is_shared


def test_nobody_is_put_on_a_list_that_she_does_not_see(here, elsewhere, actor, lead):
    hidden = make.contact_list(lead)
    ana, far = make.contact(state=here), make.contact(state=elsewhere)
    for uid in (hidden.uid, "0190aaaa-0000-7000-8000-000000000000"):
        command = PutOnContactList(
            actor, {"contact_list": uid, "revision": ana.revision}, instance=ana
        )
        with pytest.raises(ValidationError):
            command.run()
        assert command.errors["contact_list"] == ["That choice is not there."]
    mine = AddContactList(actor, {"name": "Mine"}).run()
    command = FillContactList(actor, {"contacts": [far.uid], "revision": 1}, instance=mine)
    with pytest.raises(ValidationError):
        command.run()


def test_a_view_feeds_a_list_on_the_day_it_is_read(here, elsewhere, actor, organizer):
    spanish = make.language()
    view = make.saved_view(organizer, page="people", query={"state": [here.code]})
    row = AddContactList(actor, {"name": "Live", "fed_by": view.uid}).run()
    assert list(contacts_of(actor, row)) == []
    ana = make.contact(state=here, name="Ana")
    make.contact(state=elsewhere)
    assert list(contacts_of(actor, row)) == [ana]
    fill = FillContactList(actor, {"contacts": [ana.uid], "revision": 1}, instance=row)
    with pytest.raises(PermissionDenied):
        fill.run()
    view = make.fresh(view)
    view.query = {"language": [spanish.code]}
    make.saved(view)
    assert list(contacts_of(actor, row)) == []


def test_a_view_that_is_gone_or_wrong_shows_nobody_and_says_so(here, organizer, client):
    actor = actor_of(organizer)
    make.contact(state=here)
    spanish = make.language()
    view = make.saved_view(organizer, page="people", query={"state": [here.code]})
    row = make.contact_list(organizer, view=view)
    client.force_login(organizer)
    assert page_of(client, row).context["count"] == 1
    for query in ({"language": ["gone"]}, {"old": ["x"]}, {"list": [str(row.uid)]}):
        view = make.fresh(view)
        view.query = query
        make.saved(view)
        assert trouble_of(actor, row) and not contacts_of(actor, row).exists()
        page = page_of(client, row)
        assert page.status_code == 200 and page.context["rows"] == [] and page.context["problems"]
    make.saved_delete(make.fresh(view))
    assert trouble_of(actor, row) and not contacts_of(actor, row).exists()
    assert spanish.code


def test_a_shared_list_wants_a_shared_view_of_people(here, actor, organizer):
    own = make.saved_view(organizer, page="people", query={})
    other = make.saved_view(organizer, page="organizations", shared=True)
    looped = make.saved_view(organizer, page="people", query={"list": ["x"]}, shared=True)
    for view in (own, other, looped):
        command = AddContactList(actor, {"name": "L", "fed_by": view.uid, "visibility": "team"})
        with pytest.raises(ValidationError):
            command.run()
        assert "fed_by" in command.errors
    assert AddContactList(actor, {"name": "L", "fed_by": own.uid}).run().is_live


def test_a_view_that_was_shared_no_more_shows_others_nobody(here, organizer, lead):
    view = make.saved_view(lead, page="people", query={}, shared=True)
    row = make.contact_list(lead, view=view, shared=True)
    make.contact(state=here)
    assert contacts_of(actor_of(organizer), row).count() == 1
    view.visibility = "restricted"
    make.saved(view)
    assert contacts_of(actor_of(organizer), row).count() == 0
    assert contacts_of(actor_of(lead), row).count() == 1


def test_a_list_that_one_does_not_see_has_nobody_on_it(here, organizer, lead):
    view = make.saved_view(lead, page="people", shared=True)
    make.contact(state=here)
    row = make.contact_list(lead, view=view)
    assert contacts_of(actor_of(lead), row).count() == 1
    assert contacts_of(actor_of(organizer), row).count() == 0


def test_lists_that_one_does_not_see_do_not_keep_a_person(here, actor, organizer, lead):
    ana = make.contact(state=here, author=organizer)
    row = make.contact_list(lead, [ana])
    command = DeleteContact(actor, {"revision": ana.revision}, instance=ana)
    command.run()
    undo(actor, command.run_made)
    assert contacts_of(actor_of(lead), row).count() == 1


def test_a_list_that_is_gone_does_not_keep_a_person_away(here, actor, organizer, lead):
    ana = make.contact(state=here, author=organizer, emails=["ana@mail.example"])
    gone, kept = make.contact_list(lead, [ana]), make.contact_list(lead, [ana])
    command = DeleteContact(actor, {"revision": ana.revision}, instance=ana)
    command.run()
    gone = make.fresh(gone)
    DeleteContactList(actor_of(lead), {"revision": gone.revision}, instance=gone).run()
    done = undo(actor, command.run_made)
    assert not done.stayed
    assert make.fresh(ana).emails.visible_to(actor).count() == 1
    assert contacts_of(actor_of(lead), kept).count() == 1


def test_details_are_masked_on_the_page_of_a_list(here, organizer, client):
    ana = make.contact(state=here, phones=["509 555 0142"], emails=["ana@mail.example"])
    client.force_login(organizer)
    page = page_of(client, make.contact_list(organizer, [ana])).content
    assert b"0142" not in page and b"ana@" not in page
    assert "•••".encode() in page


@pytest.fixture
def callable_list(here, lead):
    """A list with one person to call, one who asked us not to, and one without a number."""
    partner = make.organization(state=here, name="Casa")
    ana = make.contact(organization=partner, name="Ana", phones=["509 555 0142"])
    ben = make.contact(organization=partner, name="Ben", phones=["509 555 0199"])
    eve = make.contact(organization=partner, name="Eve", phones=["509 555 0177"])
    cleo = make.contact(organization=partner, name="Cleo")
    make.saved(
        DoNotContact(contact=ben, channel="phone", source="asked", day=make.DAY),
        DoNotContact(contact=eve, channel="all", source="asked", day=make.DAY),
    )
    make.purpose(code="phone-calls", channel="phone")
    return make.contact_list(lead, [ana, ben, cleo, eve], shared=True)


def test_a_call_sheet_leaves_out_whom_one_may_not_call(callable_list, lead):
    client = signed_in(lead)
    url = reverse("crm:call_sheet", args=[callable_list.uid])
    asked = client.get(url)
    assert asked.context["count"] == 1
    assert [number for _reason, number in asked.context["left_out"]] == [1, 1, 1]
    assert not any(make.holds_number(asked, one) for one in ("0142", "0199", "0177"))
    sheet = client.post(url, {"confirm": 1, "words": "Rally"})
    assert sheet.status_code == 200
    assert make.holds_number(sheet, "0142")
    assert not any(make.holds_number(sheet, one) for one in ("0199", "0177"))


def test_a_call_sheet_is_recorded_and_counted(callable_list, lead):
    actor = actor_of(lead)
    before = budget_left(actor)
    client = signed_in(lead)
    url = reverse("crm:call_sheet", args=[callable_list.uid])
    client.get(url)
    assert client.post(url, {"confirm": 7}).status_code == 422
    assert budget_left(actor) == before
    client.post(url, {"confirm": 1, "words": "Rally"})
    assert budget_left(actor) == before - 1
    entry = AuditEntry.objects.get(action="CallSheet")
    words = AuditDetail.objects.get(entry=entry).words
    assert entry.count == 1 and words["purpose"] == "phone-calls" and words["words"] == "Rally"


def test_a_call_sheet_over_the_budget_shows_nothing(callable_list, lead, monkeypatch):
    from access.roles import EXPORT_ROWS_A_DAY

    monkeypatch.setitem(EXPORT_ROWS_A_DAY, "regional-lead", 0)
    answer = signed_in(lead).post(
        reverse("crm:call_sheet", args=[callable_list.uid]), {"confirm": 1}
    )
    assert answer.status_code == 422 and not make.holds_number(answer, "0142")
    assert not AuditEntry.objects.filter(action="CallSheet").exists()


def test_an_organizer_calls_people_of_her_own_partners(here, organizer, lead, callable_list):
    client = signed_in(organizer)
    url = reverse("crm:call_sheet", args=[callable_list.uid])
    assert client.get(url).context["count"] == 0
    mine = make.organization(state=here, owner=organizer)
    ines = make.contact(organization=mine, phones=["509 555 0111"])
    make.saved(ContactListMember(contact_list=callable_list, contact=ines))
    page = client.get(url)
    assert page.context["count"] == 1
    assert b"0111" in client.post(url, {"confirm": 1}).content


def test_export_of_a_list_asks_like_any_other(callable_list, lead):
    client = signed_in(lead)
    url = f"{reverse('crm:people_export')}?list={callable_list.uid}"
    page = client.get(url, {"purpose": "phone-calls", "list": callable_list.uid})
    assert page.context["count"] == 2  # who may be called, with a number or without
    assert [number for _reason, number in page.context["leaving"].out] == [1, 1]


def test_a_person_is_put_on_a_list_from_her_page(here, organizer, client):
    ana = make.contact(state=here, name="Ana")
    row = make.contact_list(organizer, name="Callers")
    client.force_login(organizer)
    url = reverse("crm:put_on_list", args=[ana.uid])
    assert url.encode() in client.get(reverse("crm:contact", args=[ana.uid])).content
    assert url.encode() in client.post("/find/", {"q": "ana"}).content
    client.post(url, {"contact_list": row.uid, "revision": ana.revision})
    assert [one.name for one in client.get(url).context["on"]] == ["Callers"]
    assert make.fresh(ana).revision == ana.revision  # nobody else's form goes stale by it
    off = reverse("crm:take_off_contact_list", args=[row.uid, ana.uid])
    assert client.post(off).status_code == 302
    assert client.post(off).status_code == 404


def test_a_list_made_by_the_api_is_ones_own(organizer, client):
    client.force_login(organizer)
    made = client.post(
        "/api/v1/contact-lists/", {"name": "By API"}, content_type="application/json"
    )
    assert made.status_code == 201, made.content
    assert not ContactList.objects.visible_to(actor_of(organizer)).get().is_shared
