"""The examples of docs/reference/api.md, run one after the other against a server."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from access.models import AuditEntry
from access.settling import every
from crm.models import Interaction
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"


def blocks(language: str) -> str:
    """The code of the page in one language, as one text."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    assert len(found) > 6
    return "\n".join(found)


def promised(code: str, mark: str) -> list[str]:
    """What the code says that it prints."""
    return re.findall(rf"{mark}(.+)$", code, re.MULTILINE)


@pytest.fixture
def server(live_server):
    """The environment of a program: an address, and the token of an organizer with rows."""
    make.outside()
    state = make.state(code="CO", name="Colorado")
    person = make.user(state.region, home=state)
    for name in ("Mesa Library", "Ana House", "Bell Choir", "Corn Fair", "Delta Clinic"):
        partner = make.organization(state, name=name)
    make.contact(organization=partner, name="Rosa Delgado", emails=["rosa@casa.example"])
    make.kind(code="meeting")
    make.interaction(organization=partner, summary="A first call.")
    text = make.token(person)[1]
    return {"HOST": live_server.url, "TOKEN": text, "PATH": os.environ["PATH"]}


def test_the_python_examples_print_what_they_say(server):
    code = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", code], env=server, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == promised(code, r"\)  # ")
    made = every(Interaction).get(summary="Tea.")
    assert (made.minutes, made.revision) == (45, 2)
    assert AuditEntry.objects.filter(action="ViewDetailsByApi").count() == 1


def test_the_shell_examples_print_what_they_say(server):
    if shutil.which("curl") is None and not os.environ.get("CI"):
        pytest.skip("There is no curl on this machine.")
    code = blocks("sh")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        env=server, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = [line[-3:] for line in done.stdout.splitlines() if line[-3:].isdigit()]
    assert said == promised(code, "# prints ")
    assert "rosa@casa.example" in done.stdout and '"how_counted"' in done.stdout
    assert every(Interaction).filter(day="2026-11-23").count() == 1
