"""Restricted rows, files, undo: what the kernel promises about single rows."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.files import type_of
from access.keys import uuid7
from access.models import AuditDetail, AuditEntry, Opening, Run, StoredFile
from access.undo import undo
from crm.commands import ChangeContact, ChangeInteraction, DeleteContact
from crm.models import Contact, Interaction, Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(here):
    return make.user(everywhere=True, role="administrator")


def test_an_administrator_reads_one_restricted_row_with_a_reason(client, here, administrator):
    secret = make.contact(state=here, visibility="restricted", author=make.user(here.region))
    other = make.contact(state=here, visibility="restricted", author=make.user(here.region))
    client.force_login(administrator)
    url = reverse("crm:contact", args=[secret.uid])
    assert client.get(url).status_code == 404
    form = reverse("access:open_restricted")
    assert client.post(form, {"address": url, "reason": "short"}).status_code == 422
    reason = "She asked to be erased, ticket 12."
    assert client.post(form, {"address": url, "reason": reason})["Location"] == url
    assert client.get(url).status_code == 200
    assert client.get(reverse("crm:contact", args=[other.uid])).status_code == 404
    theirs = Client()
    theirs.force_login(secret.author)
    assert reason in theirs.get(url).content.decode()
    row = make.fresh(secret)
    row.visibility = "team"
    make.saved(row)
    assert reason not in theirs.get(url).content.decode()
    row.visibility = "restricted"
    make.saved(row)
    entry = AuditEntry.objects.get(action="OpenRestricted")
    assert AuditDetail.objects.get(entry=entry).words == {"reason": reason}
    Opening.objects.update(until="2026-01-01T00:00Z")
    assert client.get(url).status_code == 404


def test_only_administrators_may_state_a_reason(client, here):
    for role in ("organizer", "regional-lead", "leader", "data-manager"):
        client.force_login(make.user(here.region, home=here, role=role))
        assert client.post(reverse("access:open_restricted")).status_code == 403


def test_what_hangs_on_a_meeting_follows_its_switch(here, organizer, actor):
    partner = make.organization(state=here)
    met = make.interaction(organization=partner, author=organizer)
    task = make.task(about=partner, owner=organizer, made_in=met.uid)
    other = actor_of(make.user(here.region, home=here))
    assert Task.objects.visible_to(other).filter(pk=task.pk).exists()
    row = Interaction.objects.visible_to(actor).get(pk=met.pk)
    data = {"revision": row.revision, "visibility": "restricted"}
    command = ChangeInteraction(actor, data, instance=row, partial=True)
    command.run()
    assert not Task.objects.visible_to(other).filter(pk=task.pk).exists()
    assert Task.objects.visible_to(actor).filter(pk=task.pk).exists()
    assert make.fresh(partner).last_contact.year == 1
    undo(actor, command.run_made)
    assert Task.objects.visible_to(other).filter(pk=task.pk).exists()
    assert make.fresh(partner).last_contact == make.DAY


def test_deleting_and_undoing_brings_back_id_and_uid(here, organizer, actor):
    person = make.contact(state=here, author=organizer, emails=["ana@mail.example"])
    row = Contact.objects.visible_to(actor).get(pk=person.pk)
    command = DeleteContact(actor, {"revision": row.revision}, instance=row)
    command.run()
    assert not Contact.objects.visible_to(actor).exists()
    undo(actor, command.run_made)
    back = Contact.objects.visible_to(actor).get()
    assert (back.pk, back.uid, back.name) == (person.pk, person.uid, person.name)
    assert [e.email for e in back.emails.visible_to(actor)] == ["ana@mail.example"]


def test_undo_names_what_was_changed_since_and_leaves_it(here, organizer, actor):
    person = make.contact(state=here, author=organizer, name="Ana")

    def change(name):
        row = Contact.objects.visible_to(actor).get(pk=person.pk)
        command = ChangeContact(
            actor, {"revision": row.revision, "name": name}, instance=row, partial=True
        )
        command.run()
        return command.run_made

    first = change("Anna")
    change("Hannah")
    from access.recording import Refused

    with pytest.raises(Refused, match="Hannah"):
        undo(actor, first)
    assert make.fresh(person).name == "Hannah"


def test_an_end_date_that_is_set_stays(here, actor):
    partner = make.organization(state=here)
    person = make.contact(state=here)
    tie = make.affiliation(person, partner, end="2026-01-31", is_primary=True)
    row = Contact.objects.visible_to(actor).get(pk=person.pk)

    def change(end):
        line = {
            "uid": str(tie.uid),
            "organization": str(partner.uid),
            "is_primary": True,
            "end": end,
        }
        data = {"revision": row.revision, "affiliations": [line]}
        return ChangeContact(actor, data, instance=row, partial=True)

    assert change("2026-06-30").attempt() is None
    change("").run()
    assert str(make.fresh(tie).end) == "2026-01-31"


def attach(client, subject, name, content, kind="organization"):
    upload = SimpleUploadedFile(name, content)
    values = {"about_kind": kind, "about": subject.uid, "upload": upload, "next": "/organizations/"}
    return client.post(reverse("access:attach_file"), values)


def test_a_file_is_private_typed_by_content_and_scoped(client, here, elsewhere, organizer):
    partner = make.organization(state=here)
    client.force_login(organizer)
    assert attach(client, partner, "plan.html", b"%PDF-1.7 plan").status_code == 302
    row = StoredFile.objects.visible_to(make.SETUP).get()
    assert (row.content_type, row.size) == ("application/pdf", 13)
    url = reverse("access:stored_file", args=[row.uid])
    answer = client.get(url)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 plan"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    other = Client()
    other.force_login(make.user(elsewhere.region, home=elsewhere))
    assert other.get(url).status_code == 404
    run = Run.objects.filter(command="AttachFile").get()
    undo(actor_of(organizer), run)
    assert client.get(url).status_code == 404


def test_a_click_that_comes_twice_removes_a_file_once(client, here, organizer):
    client.force_login(organizer)
    attach(client, make.organization(state=here), "plan.txt", b"plan")
    row = StoredFile.objects.visible_to(make.SETUP).get()
    values = {"key": uuid7(), "revision": row.revision, "next": "/organizations/"}
    url = reverse("access:remove_file", args=[row.uid])
    assert client.post(url, values)["Location"] == "/organizations/"
    undo(actor_of(organizer), Run.objects.get(command="RemoveFile"))
    assert client.post(url, values)["Location"] == "/organizations/"
    assert Run.objects.filter(command="RemoveFile").count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ\x90\x00" + bytes(200)),
        ("page.pdf", b"<html><script>alert(1)</script>\x00"),
        ("empty.pdf", b""),
        ("macro.docm", b"PK\x03\x04" + bytes(100)),
        ("big.txt", b"a" * (10 * 2**20 + 1)),
    ],
)
def test_other_files_are_refused_and_not_kept(client, here, organizer, name, content):
    client.force_login(organizer)
    assert attach(client, make.organization(state=here), name, content).status_code == 422
    assert not StoredFile.objects.visible_to(make.SETUP).exists()


def test_a_file_cannot_hang_on_a_hidden_row(client, here, elsewhere, organizer):
    client.force_login(organizer)
    assert attach(client, make.organization(state=elsewhere), "a.txt", b"text").status_code == 422


def test_types_by_content():
    assert type_of(b"\x89PNG\r\n\x1a\n....") == "image/png"
    assert type_of("Señal".encode()) == "text/plain"
    assert type_of(b"\x00\x01\x02") is None
