"""What a client may send of uids and lines, and the one retry after a deadlock."""

import pytest
from django.db import OperationalError

from access.commands import Command
from access.history import history_of
from access.recording import Refused
from access.undo import undo
from crm.commands import AddOrganization, ChangeContact, ChangeOrganization, DeleteOrganization
from crm.models import ContactLanguage, ContactPhone, Organization
from tests import make

pytestmark = pytest.mark.django_db


def seen(actor, row):
    return type(row).objects.visible_to(actor).get(pk=row.pk)


def add(actor, here, uid):
    place = [{"kind": "physical", "state": here.code, "is_main": True}]
    return AddOrganization(actor, {"uid": str(uid), "name": "Ours", "locations": place})


def test_a_uid_that_was_used_is_not_taken_up_again(here, organizer, actor):
    """Else the history, files and follow-ups of what it named would be the newcomer's."""
    hidden = make.contact(state=here, visibility="restricted", author=make.user(here.region))
    partner = make.organization(state=here, owner=organizer)
    row = seen(actor, partner)
    gone = DeleteOrganization(actor, {"revision": row.revision}, instance=row)
    gone.run()
    told = set()
    for uid in (hidden.uid, partner.uid):
        with pytest.raises(Refused) as refusal:
            add(actor, here, uid).run()
        told.add(str(refusal.value))
    assert len(told) == 1  # it does not tell a hidden row from a deleted one
    undo(actor, gone.run_made)
    assert Organization.objects.visible_to(actor).filter(uid=partner.uid).exists()


def test_history_is_that_of_the_row_and_of_no_other_kind(here, actor):
    hidden = make.contact(state=here, name="Canary", visibility="restricted")
    partner = make.organization(state=here, uid=hidden.uid)
    assert "Canary" not in str(history_of(actor, partner))


def test_a_retry_after_a_deadlock_sends_the_same_and_answers(here, actor, monkeypatch):
    partner = make.organization(state=here, they_want="Kept")
    row, first, tries = seen(actor, partner), Command._transaction, []

    class Deadlock(Exception):
        sqlstate = "40P01"

    def once(self, *args):
        tries.append(self.partial)
        if len(tries) == 1:
            raise OperationalError("deadlock") from Deadlock()
        return first(self, *args)

    monkeypatch.setattr(Command, "_transaction", once)
    data = {"revision": row.revision, "name": "New"}
    command = ChangeOrganization(actor, data, instance=row, partial=True)
    command.run(lambda _row: (302, {"location": "/there"}))
    assert tries == [True, True]
    assert command.reply == {"location": "/there"} and command.run_made is not None
    stored = make.fresh(partner)
    assert (stored.name, stored.they_want, stored.home_id) == ("New", "Kept", here.pk)


def change_contact(actor, person, **values):
    row = seen(actor, person)
    data = {"revision": row.revision} | values
    command = ChangeContact(actor, data, instance=row, partial=True)
    command.attempt()
    return command


def test_one_line_cannot_be_sent_twice(here, actor):
    person = make.contact(state=here, phones=["+1 509 555 0101"])
    phone = ContactPhone.objects.visible_to(actor).get()
    lines = [{"uid": str(phone.uid), "number": f"+1 509 555 010{n}"} for n in (2, 3)]
    assert "phones" in change_contact(actor, person, phones=lines).errors
    assert make.fresh(phone).number == "+1 509 555 0101"


def test_a_line_of_another_person_is_never_changed(here, actor):
    person, other = make.contact(state=here), make.contact(state=here, phones=["+1 509 555 0101"])
    phone = ContactPhone.objects.visible_to(actor).get(contact=other)
    line = {"uid": str(phone.uid), "number": "+1 509 555 0109"}
    change_contact(actor, person, phones=[line])
    assert make.fresh(phone).number == "+1 509 555 0101"
    assert ContactPhone.objects.visible_to(actor).exclude(pk=phone.pk).get().contact_id == person.pk


def test_a_retired_value_stays_on_the_line_that_has_it_and_is_offered_to_no_other(here, actor):
    retired = make.language(retired=True)
    person = make.contact(state=here)
    line = make.saved(ContactLanguage(contact=person, language=retired))
    lines = [{"uid": str(line.uid), "language": retired.code}]
    assert not change_contact(actor, person, languages=lines, note="Changed").errors
    assert make.fresh(person).note == "Changed"
    other = make.contact(state=here)
    assert "languages" in change_contact(actor, other, languages=lines).errors
