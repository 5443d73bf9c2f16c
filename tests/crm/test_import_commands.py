"""The commands import_list and undo_import: rights, report, refusals and exit codes."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from access.models import AuditEntry, Run
from crm import models
from crm.importing import Organizations
from lists import refusals
from lists.importing import carry_out
from lists.planning import plan_import
from tests import make

pytestmark = pytest.mark.django_db

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real"
MARKS = [
    *("English", "Spanish", "Mandarin", "Cantonese", "Korean", "Vietnamese", "Russian"),
    "Filipino (Tagalog)",
]


@pytest.fixture
def administrator(here):
    return make.user(everywhere=True, role="administrator", home=here)


def real(name):
    """A real list, where the folder with real lists stands beside the repository."""
    if not REAL.is_dir():
        pytest.skip("The folder with real lists is not beside the repository.")
    return REAL / "lists" / name


def run(command, *args):
    out = io.StringIO()
    call_command(command, *map(str, args), stdout=out)
    return out.getvalue()


def organizations(path, tmp_path, *args):
    """The report of an import of organizations."""
    report = tmp_path / "report.json"
    run("import_list", path, "--kind", "organizations", "--report", report, *args)
    return json.loads(report.read_text())


def listed(tmp_path, content):
    path = tmp_path / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows():
    return models.Organization._base_manager.count()


def test_the_first_active_administrator_imports_unless_another_is_named(
    here, administrator, tmp_path
):
    manager = make.user(here.region, home=here, role="data-manager", email="dm@x.example")
    path = listed(tmp_path, "name\nA\n")
    constant = ("--map", "name=name", "--constant", f"state={here.code}")
    organizations(path, tmp_path, *constant)
    assert Run.objects.latest("pk").user_id == administrator.pk
    found = organizations(path, tmp_path, *constant, "--as", "DM@x.example")
    assert Run.objects.latest("pk").user_id == manager.pk
    assert found["matched"] == {"organizations": 1}


def test_the_report_says_what_became_of_every_row(here, administrator, tmp_path):
    path = listed(tmp_path, "Name;Web;Ort\nA;bad one;x\nA;;y\n;;z\n")
    args = ("--map", "Name=name", "--map", "Web=website", "--constant", f"state={here.code}")
    found = organizations(path, tmp_path, *args)
    assert {name: found[name] for name in ("kind", "encoding", "delimiter", "dry_run")} == {
        "kind": "organizations",
        "encoding": "utf-8",
        "delimiter": ";",
        "dry_run": False,
    }
    assert (found["rows_read"], found["rows_imported"]) == (3, 2)
    assert found["same_as"] == [{"row": 2, "first_row": 1}]
    assert found["rows_set_aside"] == [
        {"row": 3, "column": "Name", "value": "", "reason": "There is no name."}
    ]
    assert found["columns"] == [
        {"name": "Name", "field": "name", "reason": ""},
        {"name": "Web", "field": "website", "reason": ""},
        {"name": "Ort", "field": None, "reason": "Not chosen."},
    ]
    (warning,) = found["warnings"]
    assert (warning["row"], warning["column"], warning["value"]) == (1, "Web", "bad one")
    assert found["created"] == {"organizations": 1}
    assert Run.objects.get(uid=found["run_id"]).status == "done"


def test_a_dry_run_writes_nothing(here, administrator, tmp_path):
    path = listed(tmp_path, "name\nA\n")
    before = AuditEntry.objects.count(), Run.objects.count()
    found = organizations(path, tmp_path, "--map", "name=name", "--dry-run")
    assert (found["created"], found["run_id"]) == ({"organizations": 1}, None)
    assert (AuditEntry.objects.count(), Run.objects.count(), rows()) == (*before, 0)


def zipped():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("list.csv", "name\nA\n")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name,city\rA,Reno\rB,Reno\r", "carriage return"),
        (b"name\nA\0B\n", "NUL bytes"),
        (zipped(), "compressed archive"),
        (b"name\n" + b"A" * refusals.LARGEST_FILE, "larger than 25 MB"),
        (b"name\n" + b"A\n" * (refusals.MOST_ROWS + 1), "more than 200,000 rows"),
        (b"", "empty"),
    ],
    ids=["carriage returns", "NUL", "zip", "25 MB", "200,000 rows", "empty"],
)
def test_files_that_are_no_list_are_refused_with_a_sentence(administrator, tmp_path, content, says):
    report = tmp_path / "report.json"
    args = ("--kind", "organizations", "--map", "name=name", "--report", report)
    with pytest.raises(CommandError, match=says) as caught:
        run("import_list", listed(tmp_path, content), *args)
    assert "Nothing was saved." in str(caught.value)
    assert caught.value.returncode == 1
    assert (rows(), Run.objects.filter(command="ImportList").count()) == (0, 0)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--map", "name"], "COLUMN=FIELD"),
        (["--map", "name=name", "--constant", "state"], "FIELD=VALUE"),
        (["--map", "name=name", "--as", "nobody@x.example"], "no active user"),
        (["--map", "name=name", "--as", "organizer@x.example"], "may not import"),
        (["--map", "name=name", "--report", "no/such/folder/report.json"], "cannot be written"),
        (["--map", "ssn=note", "--map", "name=name"], "never imported"),
    ],
)
def test_what_cannot_be_meant_is_refused(here, administrator, tmp_path, args, says):
    make.user(here.region, email="organizer@x.example")
    path = listed(tmp_path, "name,ssn\nA,1\n")
    with pytest.raises(CommandError, match=says):
        run("import_list", path, "--kind", "organizations", *args)
    assert rows() == 0


def test_without_an_administrator_somebody_must_be_named(here, tmp_path):
    with pytest.raises(CommandError, match="--as"):
        run("import_list", listed(tmp_path, "name\nA\n"), "--kind", "people", "--map", "name=name")


def test_a_file_that_is_not_there_is_refused(administrator, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_list", tmp_path / "none.csv", "--kind", "people", "--map", "name=name")


def test_undo_says_what_it_took_out_and_what_stayed(here, administrator, tmp_path):
    path = listed(tmp_path, "name,phone\nA,1\nB,2\n")
    args = ("--map", "name=name", "--map", "phone=phone", "--constant", f"state={here.code}")
    run_id = organizations(path, tmp_path, *args)["run_id"]
    kept = models.Organization._base_manager.get(name="B")
    make.interaction(organization=kept)
    said = run("undo_import", run_id)
    assert "organization: 1" in said
    assert said.rstrip().endswith("other rows hang on them: B.")
    with pytest.raises(CommandError, match="already undone"):
        run("undo_import", run_id)
    with pytest.raises(CommandError, match="no import"):
        run("undo_import", "12")


def test_an_open_or_old_import_is_not_taken_back(here, administrator, tmp_path):
    found = organizations(listed(tmp_path, "name\nA\n"), tmp_path, "--map", "name=name")
    runs = Run.objects.filter(uid=found["run_id"])
    for values, says in (
        ({"status": "open"}, "not finished"),
        ({"status": "done", "at": timezone.now() - timedelta(days=31)}, "older"),
    ):
        runs.update(**values)
        with pytest.raises(CommandError, match=says):
            run("undo_import", found["run_id"])
    assert rows() == 1


# Lists that nobody here wrote


def test_a_list_of_programs_gives_its_organizations_once(administrator, tmp_path):
    path = real("sf_youth_programs.csv")
    call_command("load_defaults", verbosity=0)
    before = rows()
    args = ["--constant", "state=CA", "--constant", "city=San Francisco"]
    for pair in (
        *("Agency Name=name", "Lead Agency Address=street", "Lead Agency Zip=zip"),
        *("Site Phone=phone", "Language Other=language", "6-13=tag:Ages 6 to 13"),
        *(f"{column}=language:{column}" for column in MARKS),
    ):
        args += ["--map", pair]
    found = organizations(path, tmp_path, *args)
    assert (found["rows_read"], found["rows_imported"], found["rows_set_aside"]) == (609, 609, [])
    assert found["created"] == {"organizations": 163}
    assert len(found["same_as"]) == 446
    assert found["lines_with_warnings"] == 3
    assert found["encoding"] == "mixed utf-8 and cp1252"
    assert [w["row"] for w in found["warnings"][:3]] == [122, 512, 513]
    places = models.Location._base_manager.values_list("city", "state__code").distinct()
    assert list(places) == [("San Francisco", "CA")]
    again = organizations(path, tmp_path, *args)
    assert (again["created"], again["updated"]) == ({"organizations": 0}, {"organizations": 0})
    assert again["matched"] == {"organizations": 163}
    run("undo_import", found["run_id"])
    assert rows() == before
    assert models.OrganizationPhone._base_manager.count() == 0


@pytest.mark.parametrize(("name", "count"), [("immigration", 20), ("lgbtq", 9)])
def test_national_lists_come_in_outside_regions(administrator, tmp_path, name, count):
    path = real(f"national_{name}_llm.csv")
    args = ("--map", "name=name", "--map", "website=website", "--map", "description=note")
    found = organizations(path, tmp_path, *args)
    assert (found["rows_read"], found["created"]) == (count, {"organizations": count})
    homes = models.Organization._base_manager.values_list("home__code", flat=True)
    assert set(homes) == {"--"}
    run("undo_import", found["run_id"])
    assert (rows(), models.Website._base_manager.count()) == (0, 0)


def test_a_plan_that_was_not_matched_is_when_it_is_carried_out(here):
    manager = make.actor(everywhere=True, role="data-manager")
    make.organization(state=here, name="Casa")
    pairs = [("name", "name")]
    constants = [("state", here.code)]
    text = b"name\nCasa\nOther\n"
    plan = plan_import(manager, text, Organizations, pairs, constants, match=False)
    assert len(plan.new) == 2
    report = carry_out(manager, plan)
    assert (report.matched, report.created) == ({"organizations": 1}, {"organizations": 1})
