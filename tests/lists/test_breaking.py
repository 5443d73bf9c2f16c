"""What somebody finds who tries to break imports and exports: nothing is left, lost or kept."""

import json
from datetime import timedelta
from unittest import mock

import pytest
from django.utils import timezone

from access import jobs
from access.models import AuditDetail, AuditEntry, Job
from crm import models
from lists.imports import told as imports_told
from lists.models import Import
from tests import make
from tests.exporting import MINE, PEOPLE, download, made, sent
from tests.importing import at, confirmed, match, names, send, uploaded

pytestmark = pytest.mark.django_db
FULL = OSError(28, "No space left on device")


@pytest.fixture
def manager(here):
    return make.signed_in(make.user(here.region, home=here, role="data-manager", name="Tomás"))


def searched(lead, here, text="Maria", url=PEOPLE) -> Job:
    """An export that waits, of a list that was searched for a name."""
    make.contact(state=here, name="Maria Lopez")
    assert lead.post(url, sent(["name"], 1, q=text)).status_code == 302
    return Job.objects.get()


def words_of(job) -> str:
    job.refresh_from_db()
    assert not job.going_on
    return json.dumps(job.words)


def test_a_search_text_goes_with_an_export_that_is_stopped_while_it_waits(here, lead):
    job = searched(lead, here)
    assert job.words["text"] == "Maria"  # it is needed until then
    lead.post(f"/data/exports/{job.uid}/stop/")
    assert "Maria" not in words_of(job)


def test_a_search_text_goes_with_an_export_whose_process_was_killed(here, lead):
    job = searched(lead, here)
    Job.objects.update(status=Job.Status.RUNNING, beat_at=timezone.now())
    jobs.end_silent_jobs(timezone.now() + timedelta(minutes=1))
    assert "Maria" not in words_of(job)


def test_a_search_text_goes_with_an_export_whose_user_lost_her_rights(here, person, lead):
    job = searched(lead, here)
    person.is_active = False
    person.save()
    jobs.run_waiting()
    assert "Maria" not in words_of(job)


def test_an_export_keeps_no_nul(here, lead):
    """PostgreSQL keeps none in JSON: it would be an error instead of a file."""
    job = searched(lead, here, "Mar\0ia", f"{PEOPLE}?unattached=%00&unattached=yes")
    said = AuditDetail.objects.get(entry=AuditEntry.objects.get(row_uid=job.uid)).words
    assert "\\u0000" not in json.dumps([job.words, said])
    assert job.words["text"] == "Maria"


@pytest.mark.parametrize(
    ("key", "value"), [("all-city", "Pas\0co"), ("all-tag", "\0Fair"), ("column-1", "tag:Fa\0ir")]
)
def test_an_import_keeps_no_nul(manager, key, value):
    row = uploaded(manager, "Name,Fair\nCasa,x\n")
    assert match(manager, row, **{key: value}).status_code == 302
    row.refresh_from_db()
    assert "air" in json.dumps(row.mapping + row.constants) or "Pasco" in str(row.constants)
    assert "\\u0000" not in json.dumps([row.mapping, row.constants])


def test_an_upload_that_finds_no_room_says_so(manager):
    with mock.patch("lists.imports.keep", side_effect=FULL):
        answer = send(manager, "Name\nCasa\n")
    assert answer.status_code == 422
    assert "could not be kept" in answer.content.decode()
    assert not Import.objects.exists()


def written(manager, here) -> Import:
    """An import of one good row and one that is set aside, as far as it came."""
    row = uploaded(manager, f"Name,State\nCasa,{here.code}\n!!,{here.code}\n")
    assert match(manager, row).status_code == 302
    assert confirmed(manager, row).status_code == 302
    try:
        jobs.run_waiting()
    except KeyboardInterrupt:
        pass
    return Import.objects.select_related("run", "work").get(pk=row.pk)


def test_an_import_that_ends_at_its_end_is_in_with_its_report_or_not_at_all(manager, here):
    calls = []

    def told(plan):
        calls.append(plan)
        if len(calls) > 1:  # the first is of the preview
            raise KeyboardInterrupt
        return imports_told(plan)

    with mock.patch("lists.imports.told", told):
        row = written(manager, here)
    assert (row.state, row.report, names()) == ("failed", {}, [])
    assert "cut short" in row.work.message
    with mock.patch("lists.imports.write_aside", side_effect=[None, KeyboardInterrupt]):
        row = written(manager, here)
    assert (row.state, row.report["rows_in"], names()) == ("done", 1, ["Casa"])
    assert b"undo" in manager.get(at(row, "done")).content


def test_an_import_whose_set_aside_file_finds_no_room_is_in(manager, here):
    with mock.patch("lists.imports.write_aside", side_effect=[None, FULL]):
        row = written(manager, here)
    assert (row.state, names(models.Organization)) == ("done", ["Casa"])
    assert manager.get(at(row, "done")).status_code == 200
    assert manager.get(at(row, "set-aside")).status_code == 200  # there is none, it says


def test_a_file_that_waits_is_not_for_whoever_finds_an_open_screen(here, person, lead):
    make.contact(state=here, name="Maria Lopez")
    job = made(lead, ["name"], 1)
    later = make.signed_in(person, minutes_ago=60 * 6)
    answer = download(later, job)
    assert (answer.status_code, "reauthenticate" in answer["Location"]) == (302, True)
    assert not AuditEntry.objects.filter(action="ExportDownload").exists()
    answer = later.post(answer["Location"], {"password": "quiet-river-4812"})
    assert (answer.status_code, answer["Location"]) == (302, MINE)
    assert download(later, job).status_code == 200
