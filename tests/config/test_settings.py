"""Unsafe settings refuse to start; the safe ones hold on every connection."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests import make

ROOT = Path(__file__).resolve().parent.parent.parent
KEY = "k3y-" + "".join(chr(97 + n % 26) + str(n) for n in range(40))
SAFE = {
    "SECRET_KEY": KEY,
    "PRODUCTION": "1",
    "ALLOWED_HOSTS": "partners.example.org",
    "MAIL_URL": "smtp+tls://sender:secret@mail.example.org:587",
    "DATABASE_URL": "sqlite:////tmp/never-opened.sqlite3",
    "PATH": "/usr/bin:/bin",
}


def start(code: str = "import config.settings as s; print(s.DEBUG)", **changes):
    """Read the settings in a process of their own, with these variables and no others."""
    env = {k: v for k, v in (SAFE | changes).items() if v is not None}
    done = [sys.executable, "-c", code]
    return subprocess.run(done, capture_output=True, text=True, env=env, cwd=ROOT)


def test_safe_values_start():
    assert start().stdout.strip() == "False"


@pytest.mark.parametrize(
    "changes",
    [
        {"SECRET_KEY": None},
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "sample-" + KEY},
        {"SECRET_KEY": "a" * 60},
        {"ALLOWED_HOSTS": "*"},
        {"DEBUG": "1"},
    ],
)
def test_unsafe_values_refuse_with_one_sentence(changes):
    done = start(**changes)
    assert done.returncode != 0
    assert (
        done.stderr.strip()
        .splitlines()[-1]
        .startswith("django.core.exceptions.ImproperlyConfigured: ")
    )


def test_what_production_switches_on():
    code = (
        "import config.settings as s, json; print(json.dumps([s.REQUIRE_SECOND_FACTOR, s.HTTPS,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0]))"
    )
    assert json.loads(start(code).stdout) == [True] * 5


def test_the_deployment_check_finds_nothing():
    code = (
        "import django; django.setup(); from django.core.management import call_command; "
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    done = start(code, DJANGO_SETTINGS_MODULE="config.settings")
    assert done.returncode == 0, done.stderr


def test_rate_limits_lie_in_the_database():
    """So that they outlive a restart and hold for every process."""
    code = "import config.settings as s; print(s.CACHES['default']['BACKEND'])"
    assert start(code).stdout.strip() == "django.core.cache.backends.db.DatabaseCache"


@pytest.mark.django_db
def test_every_connection_writes_through_to_the_disk():
    wanted = {"synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "journal_mode": "wal"}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, value in wanted.items():
                cursor.execute(f"PRAGMA {name}")
                assert str(cursor.fetchone()[0]) == value
        else:
            for name, value in {"synchronous_commit": "on", "jit": "off"}.items():
                cursor.execute(f"SHOW {name}")
                assert cursor.fetchone()[0] == value


def test_every_page_says_that_only_its_own_scripts_run(client, db):
    client.force_login(make.user(make.region(), role="leader"))
    for path in ("/", "/organizations/", "/no-such-page/", "/accounts/logout/", "/healthz"):
        policy = client.get(path)["Content-Security-Policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "style-src 'self'"} <= set(policy), path
        assert not [part for part in policy if "unsafe" in part]
