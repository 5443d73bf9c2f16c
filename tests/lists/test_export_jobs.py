"""Exports that are made in the background: files, rights, the row budget, and their pages."""

import csv
import hashlib
import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from access.actors import actor_of
from access.jobs import forget_jobs, run_waiting
from access.models import AuditEntry, Job, User
from access.roles import EXPORT_ROWS_A_DAY
from crm.models import Strength
from lists import export_pages
from lists.budget import budget_left
from tests import make

pytestmark = pytest.mark.django_db
PEOPLE, MINE, ALL = "/people/export/", "/data/exports/", "/data/exports/all/"


@pytest.fixture
def person(here):
    return make.user(here.region, home=here, role="regional-lead", name="Ada Lead")


@pytest.fixture
def lead(person):
    return make.signed_in(person)


def sent(columns, count, **more):
    return {
        "columns": columns,
        "purpose": make.purpose(channel="", name="Mailing").code,
        "words": "For the fair",
        "confirm": str(count),
        "format": "xlsx",
    } | more


def made(client, columns, count, url=PEOPLE, **more) -> Job:
    answer = client.post(url, sent(columns, count, **more))
    assert (answer.status_code, answer["Location"]) == (302, MINE), answer.content
    run_waiting()
    return Job.objects.latest("pk")


def download(client, job):
    return client.post(reverse("lists:download_export", args=[job.uid]))


def taken(client, job) -> bytes:
    return b"".join(download(client, job).streaming_content)


def sheet(data: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


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
    ):
        make.contact(state=here, name=name, phones=[phone])
    held = files()
    job = made(lead, ["name", "phones"], 4)
    assert files() == held | {job.path}  # no scratch file is left
    data = taken(lead, job)
    rows = sheet(data)
    assert rows[0] == ["Person", "Phones"]
    assert sorted(rows[1:]) == [
        ["00501", "0049 30 1"],
        ["=HYPERLINK(1)", "+15095550142"],
        ["_x0041_ \x07 bell", "-1+1"],
        ["https://casa.example", "x"],
    ]
    assert b"<f>" not in unzipped(data) and b"hyperlink" not in unzipped(data)


def unzipped(data: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return b"".join(book.read(name) for name in book.namelist() if "sheet1" in name)


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
        monkeypatch.setattr("lists.export._write", _fails)
        run_waiting()
    assert budget_left(actor_of(person)) == before
    page = lead.get(MINE)
    assert b"Its rows do not count against your day." in page.content
    assert download(lead, job).status_code == 302
    assert files() == held


def files() -> set[str]:
    return {path.name for path in settings.MEDIA_ROOT.glob("*")}


def _fails(*args):
    raise RuntimeError


@pytest.mark.parametrize("how", ["areas", "role", "off"])
def test_a_running_export_ends_when_the_right_is_taken_away(
    here, elsewhere, person, lead, monkeypatch, how
):
    monkeypatch.setattr("lists.leaving.CHUNK", 1)
    for n in range(3):
        make.contact(state=here, name=f"Ana {n}")
    lead.post(PEOPLE, sent(["name"], 3))
    written = []

    def write(sheet, line, *args):
        written.append(line)
        if line == 2:
            take_away(person, elsewhere, how)

    monkeypatch.setattr("lists.export._write", write)
    run_waiting()
    job = Job.objects.get()
    assert written == [1, 2]
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
        assert not (settings.MEDIA_ROOT / job.path).exists()


def test_nobody_else_sees_stops_or_gets_it(here, lead):
    make.contact(state=here)
    job = made(lead, ["name"], 1)
    for role in ("regional-lead", "administrator"):
        other = make.signed_in(make.user(here.region, home=here, role=role))
        assert download(other, job).status_code == 404
        assert other.post(reverse("lists:stop_export", args=[job.uid])).status_code == 404
        assert str(job.uid).encode() not in other.get(MINE).content
        assert other.get(MINE).context["exports"] == []
    assert download(lead, job).streaming


def test_what_is_being_made_is_shown_and_read_aloud_at_each_tenth(here, lead):
    make.contact(state=here)
    lead.post(PEOPLE, sent(["name"], 1))
    page = lead.get(MINE).content.decode()
    assert 'hx-trigger="every 2s"' in page and "Waiting for its turn" in page
    assert 'role="status" id="spoken"' in page
    Job.objects.update(status="running", done=31_000, total=100_000)
    headers = {"HX-Request": "true", "HX-Target": "exports"}
    part = lead.get(MINE, headers=headers).content.decode()
    assert "31,000 of 100,000 rows" in part and 'value="31000" max="100000"' in part
    assert "30% of the rows are in the file" in part and "<html" not in part
    said = re.search(r"\?said=([\w-]+)", part).group(1)
    Job.objects.update(done=39_000)
    assert (
        "in the file</p>" not in lead.get(f"{MINE}?said={said}", headers=headers).content.decode()
    )
    Job.objects.update(done=40_000)
    assert "40% of the rows" in lead.get(f"{MINE}?said={said}", headers=headers).content.decode()
    run_as_done()
    part = lead.get(f"{MINE}?said={said}", headers=headers).content.decode()
    assert "The export has ended" in part and "every 2s" not in part


def run_as_done():
    Job.objects.update(status="waiting")
    run_waiting()


def test_my_exports_say_what_they_held(here, lead):
    make.contact(state=here, name="Ana")
    url = f"{PEOPLE}?state={here.code}&sort=-name"
    stream = lead.post(url, sent(["name", "state"], 1, format="csv"))
    first = lead.get(MINE).context["exports"][0]
    assert first.state == "sending"
    b"".join(stream.streaming_content)
    page = lead.get(MINE)
    one = page.context["exports"][0]
    assert (one.state, one.rows, one.columns) == ("sent", 1, ["Person", "State"])
    assert one.filters == [f"State: {here.code}", "Order: -name"]
    assert (one.purpose, str(one.title)) == ("Mailing", "People")
    assert b"For the fair" in page.content


def test_a_stream_that_broke_off_says_so(here, lead):
    make.contact(state=here)
    stream = lead.post(PEOPLE, sent(["name"], 1, format="csv"))
    next(iter(stream.streaming_content))
    stream._iterator.close()  # as the server does when the browser goes away
    one = lead.get(MINE).context["exports"][0]
    assert (one.state, one.rows) == ("broken", 0)
    lead.post(PEOPLE, sent(["name"], 1, format="csv"))
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert lead.get(MINE).context["exports"][0].state == "broken"


def test_administrators_see_all_exports_by_user_and_day(here, person, lead):
    make.contact(state=here)
    job = made(lead, ["name"], 1)
    taken(lead, job), taken(lead, job)
    other = make.user(here.region, home=here, role="data-manager")
    b"".join(make.signed_in(other).post(PEOPLE, sent(["name"], 1, format="csv")).streaming_content)
    client = make.signed_in(make.user(everywhere=True, role="administrator"))
    page = client.get(ALL)
    assert [one.user for one in page.context["exports"]] == [other, person]
    assert [one.state for one in page.context["exports"]] == ["sent", "ready"]
    for words in (
        b"Downloaded 2 times",
        b"Ada Lead",
        job.sha256.encode(),
        b"For the fair",
        b"Mailing",
    ):
        assert words in page.content
    assert all(len(one.sha256) == 64 for one in page.context["exports"])
    only = client.get(ALL, {"who": person.uid})
    assert [one.user for one in only.context["exports"]] == [person]
    assert client.get(ALL, {"first": "2100-01-01"}).context["count"] == 0
    assert client.get(ALL, {"last": "2000-01-01"}).context["count"] == 0
    for wrong in ({"who": "x"}, {"first": "x"}, {"who": person.pk}):
        answer = client.get(ALL, wrong)
        assert (answer.status_code, answer.context["count"]) == (422, 0)
    assert download(client, job).status_code == 404
    assert ALL.encode() in client.get("/settings/record/").content


@pytest.mark.parametrize("role", ["organizer", "regional-lead", "leader", "data-manager"])
def test_others_do_not_see_all_exports(here, role):
    client = make.signed_in(make.user(here.region, home=here, role=role))
    assert client.get(ALL).status_code == 403
    page = client.get(MINE)
    assert page.status_code == 200 and ALL.encode() not in page.content


def test_long_lists_of_exports_have_pages(here, lead, monkeypatch):
    monkeypatch.setattr("lists.exports.PAGE", 2)
    make.contact(state=here)
    for _n in range(3):
        b"".join(lead.post(PEOPLE, sent(["name"], 1, format="csv")).streaming_content)
    first = lead.get(MINE)
    assert len(first.context["exports"]) == 2
    rest = lead.get(MINE, {"before": first.context["older"]})
    assert len(rest.context["exports"]) == 1 and rest.context["older"] is None
    assert len(lead.get(MINE, {"before": "x"}).context["exports"]) == 2
