"""The import pages: what they promise and refuse, with the code of the command import_list."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from access import jobs
from access.files import forget_files
from access.models import Run
from crm import models
from lists import imports, refusals
from lists.models import Import
from tests import make
from tests.importing import (
    START,
    at,
    begun,
    confirmed,
    imported,
    match,
    names,
    send,
    signed_in,
    uploaded,
)
from tests.importing import client as client
from tests.importing import manager as manager

pytestmark = pytest.mark.django_db


def zipped(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped("xl/workbook.xml"), "This is a workbook, not a CSV file"),
        (b"\xd0\xcf\x11\xe0old", "an old or a password-protected Office file"),
        (zipped("list.csv"), "compressed archive"),
        (b"name,city\rA,Reno\rB,Reno\r", "carriage return only"),
        (b"", "The file is empty"),
        (b"name,city\n", "a header and no rows"),
        (b"name\nA\0B\n", "NUL bytes"),
        (b"name\n" + b"x" * (refusals.LONGEST_CELL + 1), "100,000 characters"),
        (b"name\n" + b"," * refusals.MOST_COLUMNS + b"\n", "1,000 columns"),
        (b"x" * (refusals.LARGEST_FILE + 1), "larger than 25 MB"),
    ],
)
def test_what_is_no_list_is_refused_by_its_content(client, content, says):
    before = len(list(Path(settings.MEDIA_ROOT).glob("*")))
    response = send(client, content, kind="people", name="list.csv")
    assert response.status_code == 422
    page = response.content.decode()
    assert says in page and "Nothing was saved" in page
    assert response.context["form"]["kind"].value() == "people"  # what was chosen is kept
    assert not Import.objects.exists()
    assert len(list(Path(settings.MEDIA_ROOT).glob("*"))) == before


def test_no_file_is_said_beside_the_field(client):
    response = client.post(START, {"kind": "organizations"})
    assert response.status_code == 422 and "Choose a file" in response.content.decode()


def test_more_rows_than_an_import_takes_are_refused(client, monkeypatch):
    monkeypatch.setattr("lists.reading.MOST_ROWS", 2)
    assert send(client, "name\na\nb\nc\n").status_code == 422
    assert send(client, "name\na\nb\n").status_code == 302


def test_tabs_divide_too(client, here):
    row = imported(client, f"name\tstate\nCasa\t{here.code}\n")
    assert row.report["rows"]["organizations"]["new"] == 1


# Columns


def test_columns_are_proposed_by_their_name_alone(client):
    row = uploaded(client, "NAME,E-mail,Zip code,who,Web\nA,a@b.example,1,x,y\n")
    form = client.get(at(row, "columns")).context["form"]
    assert [c.chosen for c in form.columns] == ["name", "email", "zip", "", "website"]
    assert form.counts == {"named": 4, "out": 1, "never": 0}


def test_what_must_not_be_known_is_neither_shown_nor_taken(client, here):
    row = uploaded(client, "name,DOB,tax\nA,1971-02-04,078-05-1120\n")
    page = client.get(at(row, "columns"))
    assert page.context["form"].columns[1].proposal.never == "a date or place of birth"
    assert row.samples[1:] == ["…", "…"]
    assert "1971-02" not in page.content.decode() and "078-05" not in page.content.decode()
    response = match(client, row, **{"column-1": "note"})
    assert response.status_code == 422
    assert "never imported" in response.content.decode()
    assert match(client, row, **{"all-state": here.code}).status_code == 302


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"column-0": ""}, "Say which column holds this, in “Goes to”: Name"),
        ({"column-1": "nothing"}, "There is no field “nothing”"),
        ({"all-state": "Atlantis"}, "does not fit the field “state”"),
    ],
)
def test_a_matching_that_cannot_be_meant_keeps_what_was_chosen(client, more, says):
    row = uploaded(client, "name,who\nA,b\n")
    response = match(client, row, **{"all-city": "Reno"} | more)
    page = response.content.decode()
    assert response.status_code == 422 and says in page and 'value="Reno"' in page
    assert not jobs.Job.objects.exists()


def test_two_columns_of_one_name_feed_what_was_chosen_for_each(client, here):
    row = imported(
        client, "name,x,x\nA,Reno,Old hall\n",
        **{"column-1": "city", "column-2": "note", "all-state": here.code},
    )  # fmt: skip
    (partner,) = models.Organization.objects.visible_to(make.SETUP)
    assert (partner.city, partner.note, row.state) == ("Reno", "Old hall", "done")


def test_a_column_of_marks_can_stand_for_its_name(client, here):
    make.language(code="es", name="Spanish")
    text = "name,Spanish\nA,X\nB,\n"
    imported(client, text, **{"column-1": "language:Spanish", "all-state": here.code})
    kept = models.OrganizationLanguage.objects.visible_to(make.SETUP)
    assert [row.organization.name for row in kept.select_related("organization")] == ["A"]


# Preview


def test_nothing_is_saved_before_it_is_confirmed(client, here, elsewhere):
    make.organization(here, name="Old")
    row = uploaded(
        client,
        f"name,state,phone\nOld,{here.code},509-555-0142\nA,{here.code},\na,{here.code},\n"
        f",{here.code},\nB,{elsewhere.code},\n",
    )
    match(client, row)
    page = client.get(at(row, "preview"))
    rows = page.context["found"]["rows"]["organizations"]
    assert rows == {"new": 1, "added": 1, "same": 1, "aside": 2}
    assert sum(rows.values()) == page.context["found"]["rows_read"] == 5
    assert [one["result"] for one in page.context["first"]["rows"]] == [
        "added", "new", "same", "aside", "aside",
    ]  # fmt: skip
    assert "not part of your areas" in page.content.decode()
    assert names() == ["Old"] and not Run.objects.filter(command="ImportList").exists()


def test_a_preview_shows_twenty_rows(client, here):
    row = uploaded(client, "name\n" + "".join(f"P{n}\n" for n in range(30)))
    match(client, row, **{"all-state": here.code})
    page = client.get(at(row, "preview"))
    assert len(page.context["first"]["rows"]) == 20
    assert "Import 30 rows" in page.content.decode()


def test_a_large_list_is_checked_in_the_background(client, here, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    row = uploaded(client, "name\nA\nB\n")
    match(client, row, **{"all-state": here.code})
    page = client.get(at(row, "preview"))
    assert page.context["row"].state == "checking"
    assert len(page.context["first"]["rows"]) == 2  # the first rows at once
    assert 'hx-trigger="every 2s"' in page.content.decode()
    jobs.run_waiting()
    part = client.get(at(row, "preview"), headers={"HX-Request": "true"}).content.decode()
    assert "Import 2 rows" in part and "every 2s" not in part and "<html" not in part


def test_a_list_that_fails_farther_down_is_refused_with_its_sentence(client, here, monkeypatch):
    monkeypatch.setattr(imports, "WHOLE_AT_ONCE", 0)
    row = uploaded(client, "name\n" + "A\n" * 30 + "B\0\n")
    match(client, row, **{"all-state": here.code})
    page = client.get(at(row, "preview"))
    assert page.context["row"].state == "refused" and "NUL bytes" in page.content.decode()
    assert confirmed(client, row).status_code == 409


def test_a_preview_that_another_matching_overtook_confirms_nothing(client, here):
    row = uploaded(client, "name\nA\n")
    match(client, row, **{"all-state": here.code})
    old = client.get(at(row, "preview")).context["row"].plan.uid
    match(client, row, **{"all-state": here.code, "all-city": "Reno"})
    response = client.post(at(row, "preview"), {"plan": old})
    assert response.status_code == 409 and "Nothing was saved" in response.content.decode()
    assert jobs.run_waiting() == 0


# Run


def test_confirming_twice_imports_once(client, here):
    row = uploaded(client, "name\nA\n")
    match(client, row, **{"all-state": here.code})
    plan = client.get(at(row, "preview")).context["row"].plan.uid
    for _n in range(2):
        assert client.post(at(row, "preview"), {"plan": plan}).status_code == 302
    assert jobs.run_waiting() == 1
    assert client.post(at(row, "preview"), {"plan": plan}).status_code == 302
    assert jobs.run_waiting() == 0
    assert Run.objects.filter(command="ImportList").count() == 1
    assert match(client, row).status_code == 422  # it is in, and is not matched anew


BOTH = (
    "Organization,State,Contact,Contact email,Title\n"
    "Uno,{0},Rosa,rosa@x.example,Director\n"
    "Uno,{0},Ben,ben@x.example,Aide\n"
    "Dos,{0},Rosa,rosa@x.example,Board\n"
    ",{0},Nobody,no@x.example,\n"
    "Tres,{0},,,\n"
)


def test_each_row_gives_an_organization_and_a_person_of_it(client, here):
    row = imported(client, BOTH.format(here.code), kind="both")
    assert row.report["rows"] == {
        "organizations": {"new": 3, "added": 0, "same": 1, "aside": 1},
        "people": {"new": 2, "added": 0, "same": 1, "aside": 1, "none": 1},
    }
    ties = models.Affiliation.objects.visible_to(make.SETUP).select_related(
        "contact", "organization"
    )
    assert sorted((t.contact.name, t.organization.name, t.role) for t in ties) == [
        ("Ben", "Uno", "Aide"),
        ("Rosa", "Dos", "Board"),
        ("Rosa", "Uno", "Director"),
    ]
    again = imported(client, BOTH.format(here.code), kind="both")
    assert again.report["rows"]["organizations"]["same"] == 4
    assert again.report["rows"]["people"]["same"] == 3
    assert len(names()) == 3 and names(models.Contact) == ["Ben", "Rosa"]
    row.refresh_from_db()
    client.post(at(row, "undo"))
    jobs.run_waiting()
    assert names() == names(models.Contact) == []


def test_a_known_person_gets_the_tie_that_she_lacks(client, here):
    old = make.organization(here, name="Old")
    make.contact(organization=old, name="Rosa", emails=["rosa@x.example"])
    row = imported(
        client,
        BOTH.format(here.code).split("Uno", 2)[0] + f"Uno,{here.code},Rosa,rosa@x.example,Chair\n",
        kind="both",
    )
    assert row.report["rows"]["people"] == {"new": 0, "added": 1, "same": 0, "aside": 0, "none": 0}
    ties = models.Affiliation.objects.visible_to(make.SETUP).select_related("organization")
    assert sorted((t.organization.name, t.is_primary) for t in ties) == [
        ("Old", True),
        ("Uno", False),
    ]


def test_who_belongs_to_an_organization_that_was_refused_stays_out(client, here, monkeypatch):
    from lists.importing import Plan

    usual = Plan.refuse

    def refuse(plan, entries, refused):
        entries = list(entries)
        if plan.kind.name == "organizations":
            refused = {
                n: {"name": ["No."]} for n, e in enumerate(entries) if e.values["name"] == ["Dos"]
            }
        usual(plan, entries, refused)

    monkeypatch.setattr(Plan, "refuse", refuse)
    row = imported(client, BOTH.format(here.code), kind="both")
    rows = row.report["rows"]
    assert [sum(side.values()) for side in rows.values()] == [5, 5]
    assert rows["people"] == {"new": 2, "added": 0, "same": 0, "aside": 2, "none": 1}


def test_both_names_are_needed(client):
    row = uploaded(client, "Organization\nUno\n", kind="both")
    response = match(client, row)
    assert response.status_code == 422 and "People: Name" in response.content.decode()


# Whose it is


def test_only_its_owner_sees_an_import_and_its_file(client, here):
    row = imported(client, "name\n,\nA\n", **{"all-state": here.code})
    other = signed_in(make.user(here.region, home=here, role="data-manager"))
    steps = ("columns", "preview", "run", "done", "undo", "set-aside")
    assert {other.get(at(row, step)).status_code for step in steps} == {404}
    assert {other.post(at(row, step)).status_code for step in (*steps, "remove")} == {404}
    assert "list.csv" not in other.get(START).content.decode()


def test_administrators_read_the_report_without_a_cell_of_it(client, here):
    row = imported(client, f"name,state\n,Hidden cell\nA,{here.code}\nB,Hidden cell\n")
    boss = signed_in(make.user(everywhere=True, role="administrator", home=here))
    assert str(row.uid) in boss.get(START).content.decode()
    page = boss.get(at(row, "done"))
    assert page.status_code == 200 and "set aside, by reason" in page.content.decode()
    assert "Hidden cell" not in page.content.decode()
    assert "list.csv" not in page.content.decode()
    for step in ("columns", "preview", "run", "undo", "set-aside", "remove"):
        assert boss.post(at(row, step)).status_code == 404


def test_who_may_not_import_gets_nothing(here):
    client = signed_in(make.user(here.region, home=here))
    assert client.get(START).status_code == 403


def test_the_file_is_private_and_goes_after_thirty_days(client):
    row = uploaded(client, "name\nA\n")
    path = imports.source_of(row)
    assert path.stat().st_mode & 0o777 == 0o600
    forget_files()
    assert path.exists()
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        forget_files()
        assert imports.forget_imports() == 0 and path.exists()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert imports.forget_imports() == 1
    assert not path.exists() and not Import.objects.exists()


def test_its_owner_removes_it_at_any_time_but_not_while_it_runs(client, here):
    row = begun(client, here)
    assert client.post(at(row, "remove"))["Location"] == at(row, "run")
    jobs.run_waiting()
    path = imports.source_of(row)
    assert client.post(at(row, "remove"))["Location"] == START
    assert not path.exists() and client.get(at(row, "done")).status_code == 404
    assert len(names()) == 8  # what came in stays


def test_data_tools_lead_to_it_and_to_the_report_of_ones_own(client, here):
    assert f'href="{START}"' in client.get("/data/").content.decode()
    row = imported(client, "name\nA\n", **{"all-state": here.code})
    assert f'href="{at(row, "done")}"' in client.get("/data/").content.decode()
    other = signed_in(make.user(here.region, home=here, role="data-manager"))
    page = other.get("/data/").content.decode()
    assert str(row.uid) not in page and str(row.run.uid) in page  # she may still undo it
