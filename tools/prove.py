"""./run prove: take away each guard in turn, in a copy, and show the test that turns red.

Writes docs/reference/guards.md. Ends with an error if a guard could go without a test noticing.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.guards import Guard, all_guards

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs/reference/guards.md"
HEAD = """# Guards, each proved by taking it away

`./run prove` takes each guard out of a copy of the code, runs the tests named here and expects them
to fail. This table is what its last complete run found.

| Kind | Guard | Where | Test that turns red | Result |
| --- | --- | --- | --- | --- |
"""
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".run", "staticfiles", "__pycache__", ".*_cache", "*.sqlite3", "pictures"
)


PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--reuse-db"]


def tests_pass(folder: Path, tests: str) -> bool:
    """Whether the named tests pass in the folder, each time on the same empty database.

    Raises RuntimeError if none of them ran.
    """
    scratch = folder.parent / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    env = environment() | {"TESTS_SCRATCH": str(scratch)}
    if (empty := folder.parent / "empty.sqlite3").exists():
        shutil.copy(empty, scratch / "test.sqlite3")
    done = subprocess.run(
        [*PYTEST, *tests.split()], cwd=folder, capture_output=True, text=True, env=env
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{tests} did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.returncode == 0


def environment() -> dict:
    """The variables of the tests, without a path to this tree."""
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "CI")}


def make_empty_database(folder: Path) -> None:
    """Migrate once for all: most guards would wait longer for that than for their tests."""
    empty = folder.parent / "empty.sqlite3"
    env = environment() | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{empty}",
    }
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, cwd=folder, check=True, env=env)


def without(guard: Guard, folder: Path) -> str:
    """Take the guard out of the copy; returns the file's text as it was."""
    path = folder / guard.file
    text = path.read_text()
    if text.count(guard.find) != 1:
        raise RuntimeError(
            f"{guard.what}: its text stands {text.count(guard.find)} times in {guard.file}"
        )
    path.write_text(text.replace(guard.find, guard.put))
    return text


def prove(guard: Guard, folder: Path) -> str:
    """What happened without the guard: "red" is what must happen."""
    before = without(guard, folder)
    try:
        return "green" if tests_pass(folder, guard.tests) else "red"
    finally:
        (folder / guard.file).write_text(before)


def main() -> int:
    """Prove all guards, or those whose name holds a word."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "word", nargs="?", default="", help="only guards whose name holds this word"
    )
    word = parser.parse_args().word
    chosen = [g for g in all_guards() if word in f"{g.kind} {g.what}"]
    rows, bad = [], 0
    with tempfile.TemporaryDirectory(prefix="partnerships-prove-") as scratch:
        folder = Path(scratch) / "copy"
        shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
        make_empty_database(folder)
        all_tests = " ".join(dict.fromkeys(g.tests for g in chosen))
        if not tests_pass(folder, all_tests):
            print("The tests are red before any guard is gone. Mend them first.")
            return 1
        for guard in chosen:
            result = prove(guard, folder)
            bad += result != "red"
            print(f"{result:6} {guard.kind:9} {guard.what}", flush=True)
            name = guard.tests.replace("tests/", "")
            rows.append(f"| {guard.kind} | {guard.what} | `{guard.file}` | `{name}` | {result} |\n")
    if not word and not bad:
        TABLE.parent.mkdir(parents=True, exist_ok=True)
        TABLE.write_text(HEAD + "".join(rows))
    print(f"{len(chosen) - bad} of {len(chosen)} guards are proved.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
