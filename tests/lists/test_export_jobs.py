"""Exports that are made in the background: files, rights, the row budget, and their pages."""

import csv
import hashlib
import io
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings as config
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from access.actors import actor_of
from access.jobs import forget_jobs, run_waiting
from access.models import AuditEntry, Job, User
from access.recording import Refused
from access.roles import EXPORT_ROWS_A_DAY
from crm.models import Strength
from lists import export_pages
from lists.budget import budget_left
from lists.columns import Column
from lists.workbook import write_sheet
from tests import make
from tests.exporting import MINE, PEOPLE, download, made, sent, sheet, taken

pytestmark = pytest.mark.django_db


def move(person, elsewhere):
    area = person.access.areas.visible_to(make.SETUP).get()
    area.region = elsewhere.region
    make.saved(area)


def test_a_workbook_holds_texts_as_texts(here, lead):
    for name, phone in (
        ("=HYPERLINK(1)", "+15095550142"),
        ("00501", "0049 30 1"),
        ("https://casa.example", "x"),
        ("_x0041_ \x07 bell", "-1+1"),
        ("<r>Casa _x0041_ \x07</r>", "<r>"),
    ):
        make.contact(state=here, name=name, phones=[phone])
    held = files()
    job = made(lead, ["name", "phones"], 5)
    assert files() == held | {job.path}  # no scratch file is left
    data = taken(lead, job)
    rows = sheet(data)
    assert rows[0] == ["Person", "Phones"]
    assert sorted(rows[1:]) == [
        ["00501", "0049 30 1"],
        ["<r>Casa _x0041_ \x07</r>", "<r>"],
        ["=HYPERLINK(1)", "+15095550142"],
        ["_x0041_ \x07 bell", "-1+1"],
        ["https://casa.example", "x"],
    ]
    assert b"<f>" not in unzipped(data) and b"hyperlink" not in unzipped(data)


def unzipped(data: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return b"".join(book.read(name) for name in book.namelist() if "sheet1" in name)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cn"]), min_size=1, max_size=12)))
def test_any_text_comes_back_from_a_workbook_as_it_was(texts):
    config.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    column, target = Column("name", "Name"), io.BytesIO()
    slices = [(len(texts), [texts])]
    assert write_sheet(target, [column], slices, lambda done: None) == len(texts)
    assert b"<f>" not in unzipped(target.getvalue())
    found = sheet(target.getvalue())
    assert [row[0] for row in found[1:]] == texts


def test_days_and_numbers_of_a_workbook_are_such(here, lead):
    partner = make.organization(state=here, name="Casa")
    meeting = make.interaction(organization=partner, day=make.DAY, minutes=45)
    make.saved(Strength(organization=partner, interaction=meeting, value=4, day=make.DAY))
    rows = sheet(taken(lead, made(lead, ["day", "minutes"], 1, "/interactions/export/")))
    assert rows[1] == [make.DAY, 45]
    rows = sheet(taken(lead, made(lead, ["strength", "last_contact"], 1, "/organizations/export/")))
    assert rows[1] == [4, make.DAY]


def test_what_a_workbook_cannot_hold_is_cut_or_a_text(here, lead):
    partner = make.organization(state=here)
    make.interaction(organization=partner, day="1899-12-31", summary="x" * 40_000)
    row = sheet(taken(lead, made(lead, ["day", "summary"], 1, "/interactions/export/")))[1]
    assert row == ["1899-12-31", "x" * 32_766 + "…"]


def test_a_workbook_takes_no_more_rows_than_a_sheet_has(monkeypatch):
    monkeypatch.setattr("lists.workbook.MOST_ROWS", 3)
    column = Column("name", "Name")
    assert write_sheet(io.BytesIO(), [column], [(2, [["Ann", "Ben"]])], print) == 2
    with pytest.raises(Refused, match="1,048,575"):
        write_sheet(io.BytesIO(), [column], [(2, [["Ann", "Ben"]]), (1, [["Cy"]])], print)


def test_workbook_and_csv_hold_the_same_rows(here, lead, monkeypatch):
    for n in range(7):
        make.contact(state=here, name=f"Ana {n}", phones=[f"509 555 010{n}"])
    names = ["name", "state", "phones"]
    book = sheet(taken(lead, made(lead, names, 7)))
    streamed = lead.post(PEOPLE, sent(names, 7, format="csv"))
    text = b"".join(streamed.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == book
    monkeypatch.setattr(export_pages, "AT_ONCE", 6)
    job = made(lead, names, 7, format="csv")
    assert taken(lead, job).decode("utf-8-sig") == text
    assert job.file_name.endswith(".csv")


def test_a_large_export_says_that_it_takes_a_while(here, lead, monkeypatch):
    monkeypatch.setattr(export_pages, "AT_ONCE", 1)
    for _n in range(2):
        make.contact(state=here)
    assert b"made in the background" in lead.get(PEOPLE).content
    assert b"Record and make CSV" in lead.get(PEOPLE).content


def test_the_record_says_what_was_asked_made_and_downloaded(here, person, lead):
    make.contact(state=here)
    job = made(lead, ["name"], 1, words="For the fair")
    data = taken(lead, job)
    entries = AuditEntry.objects.filter(row_uid=job.uid).order_by("pk")
    assert [e.action for e in entries] == ["Export", "ExportMade", "ExportDownload"]
    asked, done, _got = entries
    assert (asked.count, done.count) == (1, 1)
    assert asked.detail.words["words"] == "For the fair"
    assert done.detail.words["sha256"] == hashlib.sha256(data).hexdigest() == job.sha256
    assert not any("path" in e.detail.words for e in entries)


def test_rows_are_those_that_one_sees_when_the_file_is_made(here, elsewhere, lead):
    one, two = make.contact(state=here, name="Stays"), make.contact(state=here, name="Moves")
    lead.post(PEOPLE, sent(["name"], 2))
    two.state = elsewhere
    make.saved(two)
    run_waiting()
    job = Job.objects.get()
    assert sheet(taken(lead, job)) == [["Person"], [one.name]]
    assert job.outcome == {"rows": 1}


def test_a_search_text_is_asked_and_not_kept(here, lead):
    for name in ("Ana Canary", "Bo"):
        make.contact(state=here, name=name)
    job = made(lead, ["name"], 1, q="canary")
    assert sheet(taken(lead, job)) == [["Person"], ["Ana Canary"]]
    entries = AuditEntry.objects.filter(row_uid=job.uid).select_related("detail")
    kept = f"{job.words} {[entry.detail.words for entry in entries]}".lower()
    assert "canary" not in kept
    assert entries.get(action="Export").detail.words["searched"] is True


def test_rows_that_come_meanwhile_count_too(here, person, lead, monkeypatch):
    monkeypatch.setitem(EXPORT_ROWS_A_DAY, "regional-lead", 3)
    make.contact(state=here)
    lead.post(PEOPLE, sent(["name"], 1))
    make.contact(state=here)
    run_waiting()
    assert Job.objects.get().status == "done"
    assert budget_left(actor_of(person)) == 1
    make.contact(state=here)
    monkeypatch.setitem(EXPORT_ROWS_A_DAY, "regional-lead", 5)
    lead.post(PEOPLE, sent(["name"], 3))
    make.contact(state=here)
    run_waiting()
    job = Job.objects.latest("pk")
    assert (job.status, job.path) == ("failed", "")
    assert "grown by 1" in job.message and "No file was made" in job.message
    assert budget_left(actor_of(person)) == 3


def test_the_budget_is_taken_once_at_the_start(here, person, lead, monkeypatch):
    monkeypatch.setitem(EXPORT_ROWS_A_DAY, "regional-lead", 3)
    for _n in range(2):
        make.contact(state=here)
    lead.post(PEOPLE, sent(["name"], 2))
    assert budget_left(actor_of(person)) == 1
    refused = lead.post(PEOPLE, sent(["name"], 2))
    assert refused.status_code == 422 and Job.objects.count() == 1
    run_waiting()
    taken(lead, Job.objects.get())
    assert budget_left(actor_of(person)) == 1


@pytest.mark.parametrize("trouble", [RuntimeError, "stopped", "silent"])
def test_the_budget_comes_back_when_nothing_was_made(here, person, lead, monkeypatch, trouble):
    make.contact(state=here)
    before, held = budget_left(actor_of(person)), files()
    lead.post(PEOPLE, sent(["name"], 1))
    job = Job.objects.get()
    assert budget_left(actor_of(person)) == before - 1
    if trouble == "stopped":
        lead.post(reverse("lists:stop_export", args=[job.uid]))
    elif trouble == "silent":
        from access.jobs import end_silent_jobs

        Job.objects.update(status="running")
        end_silent_jobs(timezone.now() + timedelta(minutes=1))
    else:
        monkeypatch.setattr("lists.workbook._maker", lambda *args: _fails)
        run_waiting()
    assert budget_left(actor_of(person)) == before
    ends = AuditEntry.objects.filter(action="ExportNotMade", row_uid=job.uid)
    assert ends.count() == (trouble != "silent")  # a process that died says nothing
    page = lead.get(MINE)
    assert b"Its rows do not count against your day." in page.content
    assert download(lead, job).status_code == 302
    assert files() == held


def files() -> set[str]:
    return {path.name for path in config.MEDIA_ROOT.glob("*")}


def _fails(*args):
    raise RuntimeError


@pytest.mark.parametrize("how", ["areas", "role", "off"])
def test_a_running_export_ends_when_the_right_is_taken_away(
    here, elsewhere, person, lead, monkeypatch, how
):
    monkeypatch.setattr("lists.copying.PIECE", 1)
    monkeypatch.setattr("lists.copying.EVERY", -1)
    for n in range(3):
        make.contact(state=here, name=f"Ana {n}")
    lead.post(PEOPLE, sent(["name"], 3))
    written = []

    def write(line, texts):
        written.append(line)
        if line == 3:
            take_away(person, elsewhere, how)
        return texts

    monkeypatch.setattr("lists.workbook._maker", lambda *args: write)
    run_waiting()
    job = Job.objects.get()
    assert written == [2, 3]  # the first holds the heading
    assert (job.status, job.path) == ("failed", "")
    assert "because your role or your areas changed" in job.message
    assert not AuditEntry.objects.filter(action="ExportMade").exists()


def take_away(person, elsewhere, how):
    if how == "areas":
        move(person, elsewhere)
    elif how == "role":
        access = make.fresh(person.access)
        access.role = "organizer"
        make.saved(access)
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("how", ["areas", "role", "off"])
def test_a_file_that_waits_is_closed_when_the_right_is_taken_away(
    here, elsewhere, person, lead, how
):
    make.contact(state=here)
    job = made(lead, ["name"], 1)
    assert b"Ready" in lead.get(MINE).content
    take_away(person, elsewhere, how)
    answer = download(lead, job)
    assert answer.status_code == 302 and not answer.streaming
    assert not AuditEntry.objects.filter(action="ExportDownload").exists()
    if how != "off":
        page = lead.get(MINE).content
        assert b"Your role or your areas changed since, so this file is closed." in page
        assert b"/download/" not in page


def test_a_second_factor_that_is_demanded_holds_for_a_running_export(here, person, lead, settings):
    make.contact(state=here)
    lead.post(PEOPLE, sent(["name"], 1))
    settings.REQUIRE_SECOND_FACTOR = True
    run_waiting()
    assert Job.objects.get().status == "failed"


def test_the_file_goes_after_a_day(here, lead):
    make.contact(state=here)
    with time_machine.travel("2026-11-24T15:00Z", tick=False):
        job = made(lead, ["name"], 1)
    with time_machine.travel("2026-11-25T14:59Z", tick=False):
        forget_jobs()
        again = make.signed_in(User.objects.get(pk=job.user_id))
        assert taken(again, job)
    with time_machine.travel("2026-11-25T15:01Z", tick=False):
        again = make.signed_in(User.objects.get(pk=job.user_id))
        assert download(again, job).status_code == 302
        page = again.get(MINE).content
        assert b"The file is gone: it is kept for 24 hours." in page and b"Gone" in page
        forget_jobs()
        assert not (config.MEDIA_ROOT / job.path).exists()


def test_what_was_not_made_is_known_after_its_job_is_forgotten(here, person, lead, monkeypatch):
    make.contact(state=here)
    monkeypatch.setattr("lists.workbook._maker", lambda *args: _fails)
    made(lead, ["name"], 1)
    Job.objects.all().delete()
    one = lead.get(MINE).context["exports"][0]
    assert (one.state, one.rows) == ("failed", 0)


def test_a_running_export_is_stopped_by_its_user(here, lead, monkeypatch):
    monkeypatch.setattr("lists.copying.PIECE", 1)
    monkeypatch.setattr("lists.copying.EVERY", -1)
    monkeypatch.setattr("access.jobs.EVERY", 0)
    for n in range(3):
        make.contact(state=here, name=f"Ana {n}")
    lead.post(PEOPLE, sent(["name"], 3))
    job = Job.objects.get()

    said = []

    def write(line, texts):
        url = reverse("lists:stop_export", args=[job.uid])
        said.append(b"The export ends in a moment." in lead.post(url, follow=True).content)
        return texts

    monkeypatch.setattr("lists.workbook._maker", lambda *args: write)
    run_waiting()
    job.refresh_from_db()
    assert (job.status, job.path, said) == ("stopped", "", [True])
    assert AuditEntry.objects.filter(action="ExportNotMade").count() == 1
    assert b"Stopped" in lead.get(MINE).content
