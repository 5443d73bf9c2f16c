"""An empty database as the migrations leave it, kept from one run of the tests to the next.

To migrate takes each process seconds. The copy is named by a hash of all that decides what the
migrations make; another hash makes another copy.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.apps import apps
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".run"  # where `./run` keeps what it makes; without it nothing is kept


def file() -> Path | None:
    """Where the copy lies, or will; None where none can be kept."""
    if connection.vendor != "sqlite" or not KEPT.is_dir():
        return None
    parts = [django.__version__.encode(), (ROOT / "requirements.txt").read_bytes()]
    for app in ("access", "lists", "crm", "outreach", "dashboards", "config"):
        parts += [path.read_bytes() for path in sorted((ROOT / app).rglob("*.py"))]
    parts += [config.name.encode() for config in apps.get_app_configs()]
    return KEPT / f"migrated-{hashlib.sha256(b'\0'.join(parts)).hexdigest()[:16]}.sqlite3"


def bring() -> bool:
    """Put the copy where the tests look for their database. Whether there is one."""
    copy = file()
    if copy is None or not copy.exists():
        return False
    shutil.copyfile(copy, connection.settings_dict["TEST"]["NAME"])
    return True


def make(path: Path, env: dict[str, str]) -> None:
    """An installation's empty database in this file, for tests that start programs on it."""
    copy = file()
    if copy is not None and copy.exists():
        shutil.copyfile(copy, path)
    else:
        command = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(command, cwd=ROOT, env=env, check=True)


def keep() -> None:
    """Keep the database of the tests, which is empty yet, in place of older copies."""
    copy = file()
    if copy is None or copy.exists():
        return
    for old in KEPT.glob("migrated-*"):
        if old != copy:
            old.unlink(missing_ok=True)
    half = Path(tempfile.mkdtemp(dir=KEPT, prefix="half-")) / copy.name
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(half)])
    half.replace(copy)  # whoever comes second puts the same in its place
    half.parent.rmdir()
