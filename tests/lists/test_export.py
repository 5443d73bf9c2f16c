import csv
import hashlib
import io
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from access.models import AuditDetail, AuditEntry
from access.roles import EXPORT_ROWS_A_DAY, ROLES, Action
from crm.lists import CONTACTS
from crm.models import DoNotContact
from lists.csv_cells import guarded, unguarded
from lists.export import written
from lists.leaving import Wanted
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here):
    return make.signed_in(make.user(here.region, home=here, role="data-manager"))


def export(client, count, columns=("name", "phones"), purpose=None, page="people", query=""):
    purpose = purpose or make.purpose(channel="")
    url = reverse(f"crm:{page}_export") + query
    return client.post(
        url, {"columns": columns, "purpose": purpose.code, "words": "", "confirm": str(count)}
    )


def rows_of(response) -> list[list[str]]:
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in data
    assert b"\n" not in data.replace(b"\r\n", b"")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_phones_zeros_and_formulas(here, manager):
    make.contact(state=here, name="=HYPERLINK(1)", phones=["+15095550142"])
    make.contact(state=here, name="00501", phones=["(509) 555-0143 x7"])
    rows = rows_of(export(manager, 2))
    assert rows[1:] == [["00501", "(509) 555-0143 x7"], ["'=HYPERLINK(1)", "+15095550142"]]


def test_the_record_comes_first_and_says_what_left(here, manager):
    make.contact(state=here, name="Ana", phones=["+15095550142"])
    response = export(manager, 1)
    entry = AuditEntry.objects.get(action="Export")
    assert entry.count == 1
    words = AuditDetail.objects.get(entry=entry).words
    assert words["columns"] == ["name", "phones"]
    assert words["list"] == "people"
    assert not AuditEntry.objects.filter(action="ExportSent").exists()
    data = b"".join(response.streaming_content)
    sent = AuditEntry.objects.get(action="ExportSent")
    assert sent.count == 1 and sent.row_uid == entry.row_uid
    words = AuditDetail.objects.get(entry=sent).words
    assert words["complete"] is True
    assert words["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_broken_off_export_is_recorded_as_such(here, actor):
    make.contact(state=here, name="Ana")
    wanted = Wanted(CONTACTS, QueryDict(), "", ("name",), "")
    stream = written(wanted, lambda: actor, uuid4())
    next(stream)
    stream.close()
    assert AuditDetail.objects.get(entry__action="ExportSent").words["complete"] is False


KEPT = {
    "email": ["Mail"],
    "phone": ["Call"],
    "text": ["Call", "Mail"],
    "": ["All", "Call", "Mail"],
}


@pytest.mark.parametrize("channel", list(KEPT))
def test_do_not_contact_is_left_out_for_the_channel(here, manager, channel):
    for name, blocked in (("Mail", "phone"), ("Call", "email"), ("All", "all")):
        person = make.contact(state=here, name=name)
        make.saved(DoNotContact(contact=person, channel=blocked, source="asked", day=make.DAY))
    purpose = make.purpose(channel=channel)
    rows = rows_of(export(manager, len(KEPT[channel]), columns=["name"], purpose=purpose))
    assert [r[0] for r in rows[1:]] == KEPT[channel]


def test_wrong_count_purpose_or_budget_send_nothing(here, manager, monkeypatch):
    make.contact(state=here)
    assert export(manager, 2).status_code == 422
    url = reverse("crm:people_export")
    assert (
        manager.post(url, {"columns": ["name"], "purpose": "no", "confirm": "1"}).status_code == 422
    )
    monkeypatch.setitem(EXPORT_ROWS_A_DAY, "data-manager", 0)
    answer = export(manager, 1)
    assert answer.status_code == 422
    assert not AuditEntry.objects.filter(action="Export").exists()


def test_the_budget_counts_what_was_taken_today(here, manager, monkeypatch):
    monkeypatch.setitem(EXPORT_ROWS_A_DAY, "data-manager", 3)
    for _n in range(2):
        make.contact(state=here)
    rows_of(export(manager, 2, columns=["name"]))
    assert export(manager, 2, columns=["name"]).status_code == 422


def test_an_organizer_takes_out_people_of_her_own_partners(here, organizer):
    mine = make.organization(state=here, owner=organizer)
    make.contact(organization=mine, name="Mine")
    make.contact(organization=make.organization(state=here), name="Theirs")
    rows = rows_of(export(make.signed_in(organizer), 1, columns=["name"]))
    assert [r[0] for r in rows[1:]] == ["Mine"]


def test_another_regions_people_never_leave(here, elsewhere, manager):
    make.contact(state=elsewhere, name="Hidden")
    make.contact(state=here, name="Ours")
    assert [r[0] for r in rows_of(export(manager, 1, columns=["name"]))[1:]] == ["Ours"]


def test_a_wrong_filter_exports_nothing(here, manager):
    make.contact(state=here)
    assert export(manager, 1, query="?state=ZZ").status_code == 422
    assert not AuditEntry.objects.filter(action="Export").exists()


def test_who_may_not_export_sees_no_button(here, client):
    make.contact(state=here)
    person = make.user(here.region, home=here, role="leader")
    client.force_login(person)
    assert b"export" in client.get(reverse("crm:people")).content
    held = ROLES["leader"].pop(Action.EXPORT)
    try:
        assert b"/export/" not in client.get(reverse("crm:people")).content
        assert client.get(reverse("crm:people_export")).status_code == 403
        assert export(client, 0).status_code == 403
    finally:
        ROLES["leader"][Action.EXPORT] = held


@settings(max_examples=2000, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12))
def test_a_guard_can_be_taken_off_again(text):
    assert unguarded(guarded(text)) == text
    bare = guarded(text).lstrip()
    if bare[:1] in ("=", "@", "＝", "＠"):
        pytest.fail(f"{text!r} would run as a formula")
