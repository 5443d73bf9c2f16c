"""The reference pages say what the code does."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from access.roles import ROLES, Action, Role
from config import reference
from crm.lists import PAGES


def test_the_pages_are_not_stale():
    out = StringIO()
    call_command("reference", "--check", stdout=out)
    assert "says what the code does" in out.getvalue()


def test_a_stale_page_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "reference")
    with pytest.raises(CommandError, match=r"roles\.md, lists\.md, commands\.md, api\.md"):
        call_command("reference", "--check")
    call_command("reference", stdout=StringIO())
    call_command("reference", "--check", stdout=StringIO())
    (tmp_path / "reference" / "roles.md").write_text("# Roles\n")
    with pytest.raises(CommandError, match=r"\(roles\.md\)"):
        call_command("reference", "--check")


def test_the_pages_are_the_same_in_every_language_and_each_time():
    """No database is asked: this test has none."""
    first = reference.written()
    with override("es"):
        assert reference.written() == first


def test_every_action_role_list_and_command_is_there():
    pages = reference.written()
    for action in set(Action) - {Action.PUBLIC, Action.SIGNED_IN}:
        assert f"| {action.value}" in pages["roles.md"]
    assert len(ROLES) == len(Role) == pages["roles.md"].splitlines()[7].count("|") - 2
    for found in PAGES:
        assert f"## {found.title}\n" in pages["lists.md"]
        for name in found.filters:
            assert f"| `{name}` |" in pages["lists.md"]
        assert f"### `/api/v1/{found.api_name or found.name}/`" in pages["api.md"]
    for command in reference.found_commands():
        assert f"## {command.__name__}\n" in pages["commands.md"]
    assert {"LogInteraction", "ImportContact", "InviteUser"} <= {
        command.__name__ for command in reference.found_commands()
    }
