"""An import under way: its progress, its end, who loses the right meanwhile, and its undo."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from access import jobs
from access.models import AuditDetail
from crm import models
from lists.models import Import
from tests import make
from tests.importing import at, begun, confirmed, imported, names, signed_in
from tests.importing import client as client
from tests.importing import manager as manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow(monkeypatch):
    """Two rows a slice, and a sign of life after each."""
    monkeypatch.setattr(jobs, "EVERY", 0)
    monkeypatch.setattr("lists.importing.SLICE", 2)

    def when(at_row, does):
        usual, did = jobs.Work.progress, []

        def progress(work, done, total=None):
            if work.job.kind == "import-list" and (done, total) == (at_row, 8) and not did:
                did.append(does())
            usual(work, done, total)

        monkeypatch.setattr(jobs.Work, "progress", progress)

    return when


def test_how_far_it_is_survives_a_reload_and_another_device(client, here, manager, slow):
    row = begun(client, here)
    other, seen = signed_in(manager), []
    slow(6, lambda: seen.extend(c.get(at(row, "run")).content.decode() for c in (client, other)))
    jobs.run_waiting()
    assert len(seen) == 2
    assert all("4 of 8 done" in page and 'value="50"' in page for page in seen)
    page = client.get(at(row, "run"), headers={"HX-Request": "true"}).content.decode()
    assert "All of it is in" in page and "every 3s" not in page
    assert 'hx-swap-oob="innerHTML:#told"' in page


def test_stopping_takes_everything_back(client, here, slow):
    row = begun(client, here)
    slow(4, lambda: client.post(at(row, "run")))
    jobs.run_waiting()
    row = Import.objects.get(pk=row.pk)
    assert (row.state, names()) == ("stopped", [])
    assert "nothing of it is in" in client.get(at(row, "run")).content.decode()
    confirmed(client, row)  # and it can be begun again
    jobs.run_waiting()
    assert len(names()) == 8


def test_who_loses_the_right_while_it_runs_gets_nothing_in(client, here, manager, slow):
    def demote():
        access = make.fresh(manager.access)
        access.role = "organizer"
        make.saved(access)

    row = begun(client, here)
    slow(4, demote)
    jobs.run_waiting()
    row = Import.objects.get(pk=row.pk)
    assert (row.state, names()) == ("failed", [])
    assert "role or your areas changed" in row.work.message
    assert client.get(at(row, "run")).status_code == 403


def test_who_lost_the_right_before_it_began_gets_nothing_in(client, here, manager):
    begun(client, here)
    manager.is_active = False
    manager.save()
    jobs.run_waiting()
    assert names() == []


# What became of it


def test_rows_set_aside_come_as_a_file_that_can_be_mended_and_imported(client, here):
    text = f"name,state,SSN,who\nA,{here.code},078-05-1120,x\n,{here.code},,=1+1\nB,Atlantis,,\n"
    row = imported(client, text)
    assert row.report["rows"]["organizations"]["aside"] == 2
    page = client.get(at(row, "done")).content.decode()
    assert "There is no name." in page and "2 rows set aside, by reason" in page
    response = client.get(at(row, "set-aside"))
    lines = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert lines[0] == ["name", "state", "who", "Row", "Column", "Value", "Why"]
    assert lines[1] == ["", here.code, "'=1+1", "2", "name", "", "There is no name."]
    assert lines[2][:6] == ["B", "Atlantis", "", "3", "state", ""]
    lines[1][0] = "Mended"
    out = io.StringIO()
    csv.writer(out).writerows(lines[:2])
    again = imported(client, out.getvalue())
    assert again.report["rows"]["organizations"] == {"new": 1, "added": 0, "same": 0, "aside": 0}
    assert names() == ["A", "Mended"]


def test_the_record_names_neither_the_file_nor_a_constant(client, here):
    row = imported(client, "name\nA\n", **{"all-state": here.code, "all-city": "Secretville"})
    words = str(list(AuditDetail.objects.values_list("words", flat=True)))
    assert row.sha256 in words and "list.csv" not in words and "Secretville" not in words


def test_undo_says_first_what_goes_and_what_stays(client, here):
    row = imported(client, "name\nA\nB\n", **{"all-state": here.code})
    changed = models.Organization.objects.visible_to(make.SETUP).get(name="B")
    changed.note = "Met them."
    make.saved(changed)
    page = client.get(at(row, "undo"))
    found = page.context["foreseen"]
    assert found.removed["organization"] == 1 and found.left == ("B",)
    assert names() == ["A", "B"]
    assert client.post(at(row, "undo")).status_code == 302
    assert "being undone" in client.get(at(row, "run")).content.decode()
    jobs.run_waiting()
    row = Import.objects.get(pk=row.pk)
    assert (row.state, row.taken_back["left"], names()) == ("undone", ["B"], ["B"])
    assert "This import was undone" in client.get(at(row, "done")).content.decode()
    assert client.post(at(row, "undo")).status_code == 302 and jobs.run_waiting() == 0


def test_after_thirty_days_it_is_not_undone(client, here):
    row = imported(client, "name\nA\n", **{"all-state": here.code})
    with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
        client = signed_in(row.owner)
        assert not client.get(at(row, "done")).context["may_undo"]
        client.post(at(row, "undo"))
        jobs.run_waiting()
    assert names() == ["A"]


# Both sides
