"""The record: filtered, paged, checked and exported by administrators."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from access import audit, checking
from access.actors import actor_of
from access.models import AuditEntry, User
from access.roles import Role
from config.administering import record
from tests import make

pytestmark = pytest.mark.django_db
URL = "/settings/record/"


@pytest.fixture
def ines(here):
    return make.user(role="administrator", everywhere=True, name="Ines Halvorsen")


@pytest.fixture
def signed_in(ines):
    client = Client()
    client.force_login(ines)
    return client


@pytest.fixture
def entries(ines, organizer):
    """One entry of each kind by two people, a day apart."""
    for day, person in ((3, ines), (4, organizer)):
        actor = actor_of(person)
        for action in ("SignIn", "Export", "ViewDetails", "ChangeAccess", "OpenRestricted", "Undo"):
            entry = audit.record(action, actor, count=1, words={"reason": f"{action} {day}"})
            at = datetime(2026, 11, day, 4, 30, tzinfo=UTC)  # the evening before in New York
            AuditEntry.objects.filter(pk=entry.pk).update(at=at)


def shown(client, **asked):
    response = client.get(URL, asked)
    assert response.status_code == 200
    return [one["entry"].action for one in response.context["shown"]]


@pytest.mark.parametrize(
    ("what", "action"),
    [
        ("signed-in", "SignIn"),
        ("exported", "Export"),
        ("unmasked", "ViewDetails"),
        ("changed-access", "ChangeAccess"),
        ("opened-restricted", "OpenRestricted"),
        ("undid", "Undo"),
    ],
)
def test_the_record_is_filtered_by_what(signed_in, entries, what, action):
    assert shown(signed_in, what=what) == [action, action]


def test_settings_are_the_rest_of_what_administrators_do():
    found = record.actions_of("settings")
    assert {"ChangeInstallation", "MergeCommunity", "SetEmployment"} <= found
    assert not found & record.actions_of("changed-access")


def test_the_record_is_filtered_by_who_and_by_her_days(signed_in, entries, ines, organizer):
    assert len(shown(signed_in, who=organizer.uid)) == 6
    assert len(shown(signed_in, first="2026-11-03", last="2026-11-03")) == 6
    assert len(shown(signed_in, last="2026-11-02", who=ines.uid)) == 6
    assert shown(signed_in, last="2026-11-01") == []


@pytest.mark.parametrize("wrong", [{"who": "x"}, {"what": "all"}, {"first": "soon"}, {"who": "\0"}])
def test_a_wrong_filter_shows_nothing(signed_in, entries, wrong):
    response = signed_in.get(URL, wrong)
    assert response.status_code == 422 and response.context["shown"] == []
    assert signed_in.post(reverse("settings:export_record"), wrong).status_code == 302
    assert not AuditEntry.objects.filter(action="ExportRecord").exists()


def test_pages_lead_to_older_and_newer_entries(signed_in, ines, monkeypatch):
    monkeypatch.setattr(record, "PAGE", 3)
    made = [audit.record("Export", actor_of(ines)).pk for _n in range(8)][::-1]

    def page(**asked):
        context = signed_in.get(URL, {"what": "exported"} | asked).context
        pks = [one["entry"].pk for one in context["shown"]]
        return pks, context["newer"], context["older"]

    first, newer, older = page()
    assert (first, newer) == (made[:3], None)
    second, newer, older = page(before=older)
    assert second == made[3:6]
    third, _newer, none = page(before=older)
    assert (third, none) == (made[6:], None)
    assert page(after=newer)[0] == made[:3]
    assert page(before="x")[0] == made[:3]


def test_a_check_says_whole_with_the_head(signed_in, entries):
    head = audit.seal()[1]
    text = signed_in.post(reverse("settings:check_record"), follow=True).content.decode()
    assert "The record is whole." in text and head in text
    assert AuditEntry.objects.filter(action="CheckRecord").count() == 1


def test_a_check_says_what_was_changed(signed_in, entries):
    head = audit.seal()[1]
    AuditEntry.objects.filter(action="Export").update(count=9)
    text = signed_in.post(reverse("settings:check_record"), {"head": head}, follow=True)
    assert "The record was changed" in text.content.decode()
    assert "does not carry the seal" in text.content.decode()


def test_a_head_from_elsewhere_shows_a_cut_end(signed_in, entries):
    head = audit.seal()[1]
    AuditEntry.objects.order_by("-pk").first().delete()
    text = signed_in.post(reverse("settings:check_record"), {"head": head}, follow=True)
    assert "is not in the chain" in text.content.decode()
    wrong = signed_in.post(reverse("settings:check_record"), {"head": "12:zz"}, follow=True)
    assert "Nothing is checked" in wrong.content.decode()


def test_a_long_record_is_checked_in_the_background(signed_in, ines, entries, monkeypatch):
    asked = []
    monkeypatch.setattr(checking, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(
        type(checking.check_later), "enqueue", lambda _task, *args: asked.append(args)
    )
    text = signed_in.post(reverse("settings:check_record"), follow=True).content.decode()
    assert "checked in the background" in text and asked == [(ines.pk, "")]
    checking.check_later.func(*asked[0])
    assert checking.newest_check().whole


def test_the_export_holds_what_the_filters_ask_for_and_is_recorded(signed_in, entries, organizer):
    sent = {"who": str(organizer.uid), "what": "exported"}
    response = signed_in.post(reverse("settings:export_record"), sent)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 2 and rows[1][2:4] == [organizer.name, "Exported a list"]
    entry = AuditEntry.objects.select_related("detail").get(action="ExportRecord")
    assert entry.count == 1 and entry.detail.words["what"] == "exported"


def test_slices_hold_each_entry_once(signed_in, entries, monkeypatch):
    monkeypatch.setattr(record, "SLICE", 5)
    answer = signed_in.post(reverse("settings:export_record"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    found = [int(row[0]) for row in csv.reader(io.StringIO(text)) if row[0].isdecimal()]
    assert found == list(AuditEntry.objects.order_by("-pk").values_list("pk", flat=True))
    assert len(found) > 10


def test_who_loses_the_right_gets_no_more_of_the_record(signed_in, ines, entries, monkeypatch):
    monkeypatch.setattr(record, "SLICE", 5)
    lines = iter(signed_in.post(reverse("settings:export_record")).streaming_content)
    assert len([next(lines) for _n in range(3)]) == 3  # the titles and two entries
    User.objects.filter(pk=ines.pk).update(is_active=False)
    assert len([next(lines) for _n in range(3)]) == 3  # of the slice that was read already
    with pytest.raises(PermissionDenied):
        next(lines)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nobody_else_reads_checks_or_exports_it(here, role):
    client = Client()
    client.force_login(make.user(here.region, home=here, role=role))
    assert client.get(URL).status_code == 403
    assert client.post(reverse("settings:check_record")).status_code == 403
    assert client.post(reverse("settings:export_record")).status_code == 403
    assert not AuditEntry.objects.exists()


def test_signing_in_is_in_the_record(here):
    from allauth.account.models import EmailAddress

    person = make.user(here.region, home=here)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    client = Client()
    values = {"login": person.email, "password": "wrong-river-4812"}
    client.post("/accounts/login/", values)
    assert not AuditEntry.objects.filter(action="SignIn").exists()
    client.post("/accounts/login/", values | {"password": "quiet-river-4812"})
    assert AuditEntry.objects.get(action="SignIn").user_uid == person.uid
