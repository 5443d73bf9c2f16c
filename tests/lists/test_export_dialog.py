"""What is asked before an export: in a dialog or on a page, and again after the password."""

import csv
import io

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from access.models import AuditDetail, AuditEntry, Run
from access.settling import every
from crm.models import Affiliation, ContactEmail, DoNotContact
from lists.budget import budget_left
from lists.models import KeptColumns
from tests import make

pytestmark = pytest.mark.django_db
DIALOG = {"HX-Request": "true", "HX-Target": "export-dialog"}
PART = {"HX-Request": "true", "HX-Target": "export"}


@pytest.fixture
def person(here):
    return make.user(here.region, home=here, role="regional-lead")


@pytest.fixture
def lead(person):
    return make.signed_in(person)


def sent(columns, count, purpose=None, **more):
    code = (purpose or make.purpose(channel="")).code
    return {"columns": columns, "purpose": code, "words": "", "confirm": str(count)} | more


def rows_of(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def keep_off(person, channel):
    make.saved(DoNotContact(contact=person, channel=channel, source="asked", day=make.DAY))


PEOPLE, PARTNERS = "/people/export/", "/organizations/export/"
LISTS = ["organizations", "people", "interactions", "follow-ups", "affiliates", "contact-lists"]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_its_dialog_and_its_page(here, lead, person, name):
    make.organization(state=here, owner=person)
    make.affiliate(here)
    one = make.contact(state=here)
    make.contact_list(person, [one])
    make.interaction(organization=make.organization(state=here))
    make.task(about=make.organization(state=here), owner=person)
    page = lead.get(f"{reverse(f'crm:{name}')}?view=all").content.decode()
    url = reverse(f"crm:{name}_export")
    assert f'hx-get="{url}' in page and '<dialog id="export-dialog"' in page
    dialog = lead.get(url, headers=DIALOG)
    assert dialog.status_code == 200 and b"<html" not in dialog.content
    for words in (b"What is it for?", b"Recorded: your name", b"Type ", b"will leave", b"Cancel"):
        assert words in dialog.content
    whole = lead.get(url)
    assert b"<html" in whole.content and b"Recorded: your name" in whole.content


def test_the_people_of_a_contact_list_are_exported_in_a_dialog_too(here, lead, person):
    row = make.contact_list(person, [make.contact(state=here), make.contact(state=here)])
    page = lead.get(reverse("crm:contact_list", args=[row.uid])).content.decode()
    assert f'hx-get="{PEOPLE}?list={row.uid}"' in page and '<dialog id="export-dialog"' in page
    dialog = lead.get(f"{PEOPLE}?list={row.uid}", headers=DIALOG)
    assert b"Export 2 people" in dialog.content


def test_opening_and_cancelling_record_nothing(here, lead):
    make.contact(state=here)
    runs = Run.objects.count()
    lead.get(PEOPLE, headers=DIALOG)
    lead.post(PEOPLE, sent(["name"], ""), headers=PART)
    lead.post(PEOPLE, sent(["name"], 9), headers=DIALOG)
    lead.get("/people/")
    assert not AuditEntry.objects.filter(action__startswith="Export").exists()
    assert Run.objects.count() == runs + 2  # the two purposes
    assert not every(KeptColumns).exists()


def test_a_dialog_asks_first_and_sends_then(here, lead):
    make.contact(state=here, name="Ana")
    values = sent(["name"], 1, format="csv")
    wrong = lead.post(PEOPLE, values | {"confirm": "2"}, headers=DIALOG)
    assert wrong.status_code == 422 and b"Type the number 1" in wrong.content
    assert b"<html" not in wrong.content
    fine = lead.post(PEOPLE, values, headers=DIALOG)
    assert (fine.status_code, fine["HX-Trigger"]) == (
        204,
        '{"exportGoes": {"format": "csv", "here": true}}',
    )
    assert not AuditEntry.objects.filter(action="Export").exists()
    assert rows_of(lead.post(PEOPLE, values))[1:] == [["Ana"]]


def test_a_change_of_columns_counts_again(here, lead):
    partner = make.organization(state=here)
    for _n in range(3):
        make.contact(organization=partner)
    one = lead.post(PARTNERS, sent(["name"], ""), headers=PART)
    assert one.context["leaving"].typed == 1 and b"Export 1 organization<" in one.content
    more = lead.post(PARTNERS, sent(["name", "contacts"], ""), headers=PART)
    assert b"Export 1 organization and 3 people" in more.content
    assert b"Type 3 to confirm the number of people" in more.content


def test_people_of_partners_leave_with_them_and_count(here, person, lead):
    partner = make.organization(state=here, name="Casa")
    for name, address in (("Ana", "ana@casa.example"), ("Bo", "bo@casa.example")):
        make.contact(organization=partner, name=name, emails=[address])
    before = budget_left(actor(person))
    names = ["name", "contacts", "contact_emails"]
    assert lead.post(PARTNERS, sent(names, 1)).status_code == 422
    rows = rows_of(lead.post(PARTNERS, sent(names, 2)))
    assert rows[1] == ["Casa", "Ana; Bo", "ana@casa.example; bo@casa.example"]
    assert budget_left(actor(person)) == before - 3
    words = AuditDetail.objects.get(entry__action="Export").words
    assert (words["rows"], words["people"], words["columns"]) == (1, 2, names)


def actor(person):
    from access.actors import actor_of

    return actor_of(person)


def test_people_whom_one_does_not_see_do_not_leave_with_a_partner(here, elsewhere, person, lead):
    partner = make.organization(state=here, name="Casa")
    other = make.user(here.region, home=here)
    organizer = make.user(here.region, home=here)
    make.contact(
        organization=partner, name="Canary", visibility="restricted", author=other,
        emails=["canary@casa.example"],
    )  # fmt: skip
    gone = make.contact(organization=partner, name="Left", emails=["left@casa.example"])
    tie = every(Affiliation).get(contact=gone)
    tie.end = make.DAY
    make.saved(tie)
    make.contact(organization=make.organization(state=elsewhere), name="Far")
    viewer = make.user(here.region, home=here, role="data-manager")
    names = ["name", "contacts", "contact_emails"]
    rows = rows_of(make.signed_in(viewer).post(PARTNERS, sent(names, 1)))
    assert rows[1:] == [["Casa", "", ""]]
    # an organizer takes people of partners that she owns, and of no other that she once made
    assert make.signed_in(organizer).get(PARTNERS).context["count"] == 0


def test_an_organizer_takes_along_people_of_partners_that_she_owns_alone(here):
    organizer = make.user(here.region, home=here)
    theirs = make.organization(state=here, name="Theirs", author=organizer)
    make.contact(organization=theirs, name="Canary", emails=["canary@casa.example"])
    mine = make.organization(state=here, name="Mine", owner=organizer)
    make.contact(organization=mine, name="Ana", emails=["ana@casa.example"])
    names = ["name", "contacts", "contact_emails"]
    rows = rows_of(make.signed_in(organizer).post(PARTNERS, sent(names, 1)))
    assert rows[1:] == [["Mine", "Ana", "ana@casa.example"], ["Theirs", "", ""]]


def test_do_not_contact_leaves_details_empty_whatever_the_purpose(here, lead):
    partner = make.organization(state=here, name="Casa")
    details = {"emails": ["x@casa.example"], "phones": ["509 555 0142"]}
    keep_off(make.contact(organization=partner, name="Call", **details), "email")
    keep_off(make.contact(organization=partner, name="Mail", **details), "phone")
    keep_off(make.contact(organization=partner, name="None", **details), "all")
    rows = rows_of(lead.post(PEOPLE, sent(["name", "emails", "phones"], 3)))
    assert rows[1:] == [
        ["Call", "", "509 555 0142"],
        ["Mail", "x@casa.example", ""],
        ["None", "", ""],
    ]
    page = lead.post(PEOPLE, sent(["name", "emails"], ""), headers=PART)
    assert [number for _label, number in page.context["leaving"].kept_back] == [2]
    assert b"E-mails: 2 people asked us not to use them." in page.content
    names = ["contacts", "contact_emails", "contact_phones"]
    rows = rows_of(lead.post(PARTNERS, sent(names, 3)))
    assert rows[1:] == [["Call; Mail; None", "x@casa.example", "509 555 0142"]]


@pytest.mark.parametrize(
    ("channel", "phones"), [("text", ["", "1"]), ("phone", ["1"]), ("", ["1", ""])]
)
def test_a_number_is_for_calls_or_texts(here, lead, channel, phones):
    for name, off in (("Call", "text"), ("Text", "phone")):
        keep_off(make.contact(state=here, name=name, phones=["1"]), off)
    purpose = make.purpose(channel=channel)
    kept = [phone for phone in phones if phone or not channel]
    rows = rows_of(lead.post(PEOPLE, sent(["phones"], len(kept), purpose)))
    assert [row[0] for row in rows[1:]] == kept


def test_people_who_stay_out_are_counted_beside_partners_too(here, lead):
    partner = make.organization(state=here, name="Casa")
    make.contact(organization=partner, name="Ana", emails=["ana@casa.example"])
    keep_off(make.contact(organization=partner, name="Bo", emails=["bo@casa.example"]), "email")
    purpose, names = make.purpose(channel="email"), ["contacts", "contact_emails"]
    page = lead.post(PARTNERS, sent(names, "", purpose), headers=PART)
    assert [number for _reason, number in page.context["leaving"].out] == [1]
    assert b"This cannot be switched off." in page.content
    rows = rows_of(lead.post(PARTNERS, sent(names, 1, purpose)))
    assert rows[1:] == [["Ana", "ana@casa.example"]]


def test_columns_are_kept_for_the_next_time_for_oneself(here, person, lead):
    make.contact(state=here)
    make.affiliate(here)
    rows_of(lead.post(PEOPLE, sent(["name", "state", "emails"], 1)))
    assert lead.get(PEOPLE).context["form"].initial["columns"] == ["name", "state", "emails"]
    rows_of(lead.post(PEOPLE, sent(["name"], 1)))
    assert lead.get(PEOPLE).context["form"].initial["columns"] == ["name"]
    make.purpose(channel="phone", code="calls")
    needed = lead.get(f"{PEOPLE}?purpose=calls").context["form"].initial["columns"]
    assert needed == ["name", "phones"]
    assert "city" in lead.get("/affiliates/export/").context["form"].initial["columns"]
    other = make.signed_in(make.user(here.region, home=here, role="regional-lead"))
    assert "state" in other.get(PEOPLE).context["form"].initial["columns"]


@pytest.mark.parametrize(
    ("url", "details"),
    [(PEOPLE, {"emails", "phones"}), (PARTNERS, {"contacts", "contact_emails", "contact_phones"})],
)
def test_details_of_people_are_offered_and_not_ticked_at_first(here, lead, url, details):
    form = lead.get(url).context["form"]
    assert details <= {value for value, _label in form.fields["columns"].choices}
    assert not details & set(form.initial["columns"])


def test_the_password_is_asked_for_again_and_the_typing_kept(here, person):
    make.contact(state=here, name="Ana")
    purpose = make.purpose(channel="")
    client = make.signed_in(person, minutes_ago=31)
    opened = client.get(f"{PEOPLE}?state={here.code}")
    assert b"You signed in over 30 minutes ago" in opened.content
    values = sent(["name", "state"], 1, purpose) | {"words": "For the fair", "q": "ana"}
    answer = client.post(f"{PEOPLE}?state={here.code}", values)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/reauthenticate/")
    assert not AuditEntry.objects.filter(action="Export").exists()
    assert client.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code == 200
    back = client.post("/accounts/reauthenticate/", {"password": "quiet-river-4812"})
    assert (back.status_code, back["Location"]) == (302, f"{PEOPLE}?state={here.code}")
    page = client.get(back["Location"])
    form = page.context["form"]
    assert form["columns"].value() == ["name", "state"]
    assert (form["words"].value(), form["confirm"].value()) == ("For the fair", "1")
    assert (form["purpose"].value(), page.context["text"]) == (purpose.code, "ana")
    assert b"nothing is recorded yet" in page.content and page.context["asks_again"] is False
    assert rows_of(client.post(back["Location"], values))[1:] == [["Ana", here.code]]
    assert client.get(back["Location"]).context["text"] == ""  # kept once


def test_a_dialog_goes_to_the_password_too(here, person):
    make.contact(state=here)
    client = make.signed_in(person, minutes_ago=31)
    answer = client.post(PEOPLE, sent(["name"], 1), headers=DIALOG)
    assert answer["HX-Redirect"] == "/accounts/reauthenticate/"
    lately = make.signed_in(person, minutes_ago=29)
    assert lately.post(PEOPLE, sent(["name"], 1), headers=DIALOG).status_code == 204
    never = Client()
    never.force_login(person)
    assert never.post(PEOPLE, sent(["name"], 1)).status_code == 302


def test_rights_that_change_break_the_stream_off(here, elsewhere, person, lead, monkeypatch):
    monkeypatch.setattr("lists.copying.PIECE", 1)
    monkeypatch.setattr("lists.copying.EVERY", -1)
    for n in range(3):
        make.contact(state=here, name=f"Ana {n}")
    answer = lead.post(PEOPLE, sent(["name"], 3))
    pieces = iter(answer.streaming_content)
    next(pieces), next(pieces)
    area = person.access.areas.visible_to(make.SETUP).get()
    area.region = elsewhere.region
    make.saved(area)
    with pytest.raises(PermissionDenied):
        next(pieces)
    end = AuditEntry.objects.get(action="ExportSent")
    assert (end.count, end.detail.words["complete"]) == (1, False)


def test_emails_are_of_the_rows_that_one_sees(here, lead):
    assert every(ContactEmail).count() == 0
    make.contact(state=here, name="Ana", emails=["a@x.example", "b@x.example"])
    rows = rows_of(lead.post(PEOPLE, sent(["emails", "organization", "role"], 1)))
    assert rows[1] == ["", "", "a@x.example; b@x.example"]


def test_the_number_may_be_typed_as_the_page_writes_it(here, lead):
    make.contact(state=here)
    assert lead.post(PEOPLE, sent(["name"], "0,001")).status_code == 200
    assert lead.post(PEOPLE, sent(["name"], "1,1")).status_code == 422


def test_more_rows_than_are_left_today_are_said_before_anything_is_chosen(here, monkeypatch, lead):
    make.contact(state=here)
    assert "That is not enough" not in lead.get(PEOPLE, headers=DIALOG).content.decode()
    monkeypatch.setattr("lists.export_pages.budget_left", lambda actor: 0)
    assert "That is not enough" in lead.get(PEOPLE, headers=DIALOG).content.decode()
