"""Rules that a reviewer would otherwise have to remember."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models

from access import registers
from access.models import User
from access.records import Record, Reference
from crm.models import Contact, Organization
from lists import index
from tools.guards import all_guards

ROOT = Path(__file__).resolve().parent.parent
OURS = [
    path
    for app in ("access", "crm", "lists", "outreach", "dashboards", "config")
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
FORBIDDEN = {"_base_manager", "_default_manager", "mark_safe", "csrf_exempt"}
FORBIDDEN_CALLS = {"raw", "extra"}
# The kernel itself opens queries; two query methods look at ties to decide who may read. A mail
# program that switches the daily mail off has no cookie, but a token of the mail.
MAY = {
    "access/views/notices.py": {"csrf_exempt"},
    "access/recording.py": {"_base_manager"},
    "access/settling.py": {"_base_manager"},
    "access/undo.py": {"_base_manager"},
    "crm/models/contact.py": {"_base_manager"},
    "crm/models/interaction.py": {"_base_manager"},
}
# Who may see all rows: upkeep, and the few named questions that reach no response as rows.
ALL_ROWS = {
    "access/actors.py",
    "access/files.py",
    "access/seeing.py",
    "access/system.py",
    "access/undo.py",
    "outreach/rooms.py",
    "outreach/settling.py",
    "outreach/settling_attendance.py",
    "crm/noticing.py",
    "crm/settling.py",
    "crm/commands/contact.py",
    "crm/commands/interaction.py",
    "crm/naming.py",
    "crm/commands/words.py",
    "crm/counting.py",
    "crm/handing_over.py",
    "crm/views/reading.py",
    "config/management/commands/demo_data.py",
    "lists/settling.py",
    "access/settling.py",
    "lists/upkeep.py",
    "dashboards/summary/facts.py",
    "dashboards/summary/keeping.py",
    "dashboards/summary/sums.py",
    "dashboards/summary/upkeep.py",
    "dashboards/summary/checking.py",
}
# Who may speak SQL: ranges, COPY, the search index, sums of cells, locks and turns that the ORM
# does not know, the sign of life; and statements put together once: of every request, of lists, and
# of every row.
OWN_SQL = {
    "access/bulk.py",
    "access/ranges.py",
    "access/prepared.py",
    "lists/copying.py",
    "lists/index.py",
    "dashboards/summary/sums.py",
    "dashboards/summary/upkeep.py",
    "access/audit.py",
    "access/requests.py",
    "access/sqlite3/base.py",
    "access/statistics.py",
    "config/pages.py",
}
SYSTEM_ACTORS = {"loader", "inviter", "keeper", "demonstrator", "surveyor"}
# Who answers a survey has no account: one page acts for her, through one command.
ACTS_FOR_ALL = {
    "outreach/views/survey_public.py": {"surveyor"},
    "outreach/views/evaluation.py": {"surveyor"},
}


@cache
def parsed(path: Path) -> ast.Module:
    """The file as a tree; read once for all the rules."""
    return ast.parse(path.read_text())


def names_in(path: Path) -> set[str]:
    tree = parsed(path)
    found = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    return found | {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}


def ident(path: Path) -> str:
    return str(path.relative_to(ROOT))


RECORDS = [m for m in apps.get_models() if issubclass(m, Record)]
SCOPED = [m for m in RECORDS if not issubclass(m, Reference)]


def breaking(rule) -> dict[str, set]:
    """What breaks a rule, by file; `rule(path)` gives what it objects to in one."""
    found = {ident(path): rule(path) for path in OURS}
    return {name: wrong for name, wrong in found.items() if wrong}


def test_no_way_round_scope_or_escaping():
    def rule(path):
        called = {
            node.func.attr
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        allowed = MAY.get(ident(path), set())
        return (names_in(path) & FORBIDDEN - allowed) | (called & FORBIDDEN_CALLS - allowed)

    assert breaking(rule) == {}


def test_few_places_speak_sql():
    words = {"RawSQL", "execute", "executemany", "sql_with_params"}
    assert breaking(lambda path: words & names_in(path)).keys() <= OWN_SQL


def test_parents_are_taken_as_seen_only_where_the_same_statement_asks_for_them():
    found = breaking(lambda path: {"visible_under"} & names_in(path))
    assert found.keys() == {"lists/copying.py"}


@pytest.mark.parametrize("model", RECORDS, ids=lambda m: m.__name__)
def test_every_key_of_search_is_kept(model):
    has = any(f.name == index.COLUMN for f in model._meta.concrete_fields)
    assert has == (model in index.KEYS)
    assert not has or index.COLUMN in model.derived


def imported_from(path: Path, module: str) -> set[str]:
    """The names that a file imports from a module."""
    return {
        alias.name
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }


def test_few_places_see_all_rows():
    def rule(path):
        if "demo" in path.parts:
            return set()
        return imported_from(path, "access.settling") & {"every", "newest"}

    assert breaking(rule).keys() <= ALL_ROWS


def test_one_place_knows_how_search_keys_are_compared():
    def rule(path):
        return {name for name in keywords_in(path) if name.startswith("search_key__")}

    assert breaking(rule).keys() <= {"lists/index.py"}


def keywords_in(path: Path) -> set[str]:
    """The names of all keyword arguments of a file."""
    tree = parsed(path)
    return {n.arg for n in ast.walk(tree) if isinstance(n, ast.keyword) and n.arg}


def test_the_system_actor_is_made_in_one_place():
    def made(path):
        return {"SYSTEM"} & names_in(path)

    def imported(path):
        if {"management", "demo"} & set(path.parts):
            return set()
        found = imported_from(path, "access.system") & SYSTEM_ACTORS
        return found - ACTS_FOR_ALL.get(ident(path), set())

    assert breaking(made).keys() <= {"access/system.py", "access/scope.py"}
    assert breaking(imported) == {}


def test_only_settings_read_the_environment():
    may = {"config/settings.py", "config/wsgi.py"}
    assert breaking(lambda path: {"environ", "getenv"} & names_in(path)).keys() <= may


def test_files_are_short():
    lengths = {ident(path): len(path.read_text().splitlines()) for path in OURS}
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


@pytest.mark.parametrize("model", RECORDS, ids=lambda m: m.__name__)
def test_nothing_disappears_without_history(model):
    """A row goes only by its own delete(): no cascades into records, no generic links, no open
    m2m.
    """
    assert not any(isinstance(f, GenericForeignKey) for f in model._meta.private_fields)
    assert not model._meta.many_to_many
    for key in model._meta.concrete_fields:
        if key.is_relation:
            assert key.remote_field.on_delete is models.PROTECT, key


@pytest.mark.parametrize("model", SCOPED, ids=lambda m: m.__name__)
def test_every_scoped_row_has_a_home_or_hangs_on_rows_that_have(model):
    if model.__name__ in ("Access", "Area", "Installation"):
        return  # seen by their own user and by administrators, or by all
    homes = [f for f in model._meta.concrete_fields if f.name == "home"]
    assert homes or model.seen_through
    for home in homes:
        assert not home.null
        assert "home" in model.derived


@pytest.mark.parametrize("model", SCOPED, ids=lambda m: m.__name__)
def test_keys_between_scoped_rows_say_how_they_are_seen(model):
    """A visible row may point at a hidden one only where pages look that row up anew."""
    allowed = {*model.seen_through, *getattr(model, "may_be_hidden", ())}
    if model.__name__ == "Area":
        allowed = {"access"}
    for key in model._meta.concrete_fields:
        if key.is_relation and key.related_model in SCOPED:
            assert key.name in allowed, f"{model.__name__}.{key.name}"


@pytest.mark.parametrize("target", [Contact, Organization, User], ids=lambda m: m.__name__)
def test_every_key_says_what_merge_erase_and_handover_do(target):
    assert registers.unregistered(target, RECORDS) == []


def test_foreign_keys_point_down():
    height = {"access": 0, "lists": 1, "crm": 2, "outreach": 3, "dashboards": 4}
    for model in RECORDS:
        for key in model._meta.concrete_fields:
            if key.is_relation:
                other = key.related_model._meta.app_label
                assert height[other] <= height[model._meta.app_label], key


@pytest.mark.parametrize("model", RECORDS, ids=lambda m: m.__name__)
def test_no_field_for_what_we_must_not_know(model):
    words = {
        "birth",
        "ssn",
        "social_security",
        "immigration",
        "citizenship",
        "religion",
        "faith_of",
        "ethnic",
        "race",
        "orientation",
        "gender",
        "household",
        "spouse",
        "family",
    }
    for column in model._meta.concrete_fields:
        assert not any(word in column.name for word in words), column
    if model._meta.model_name.startswith("contact"):
        assert not any(
            f.is_relation and f.related_model.__name__ == "Community"
            for f in model._meta.get_fields()
        )


def test_a_start_loads_no_heavy_library():
    code = (
        "import django, sys; django.setup(); import config.urls; "
        "print([m for m in ('pandas', 'plotly', 'python_calamine', 'xlsxwriter', 'openpyxl',"
        " 'rapidfuzz') if m in sys.modules])"
    )
    env = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
        "PATH": "/usr/bin:/bin",
    }
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=ROOT, check=True
    )
    assert found.stdout.strip() == "[]"


def test_every_guard_that_is_proved_stands_where_it_is_looked_for():
    """Its text once in its file, and a test of that name: else `./run prove` would end half-way."""
    wrong = []
    for guard in all_guards():
        if (ROOT / guard.file).read_text().count(guard.find) != 1:
            wrong.append((guard.file, guard.what))
        for test in guard.tests.split():
            file, _colons, name = test.partition("::")
            if f"def {name.partition('[')[0]}" not in (ROOT / file).read_text():
                wrong.append((test, guard.what))
    assert wrong == []
