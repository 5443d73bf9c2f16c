"""What a worker has loaded once it serves pages: nothing that only a few requests need."""

import os
import subprocess
import sys

from tests import migrated

HEAVY = {"pandas", "numpy", "plotly", "openpyxl", "xlsxwriter", "python_calamine", "pyarrow"}
# Endpoints, passkeys and typed phone numbers bring these; a worker on SQLite never needs the last.
HEAVY |= {"requests", "yaml", "pygments", "fido2", "cryptography", "phonenumbers", "psycopg"}
SERVE = """
import sys
from config.wsgi import application
from django.conf import settings
from wsgiref.util import setup_testing_defaults
told = []
for path in ("/robots.txt", "/accounts/login/", "/organizations/"):
    environ = {"PATH_INFO": path, "HTTP_HOST": "localhost"}
    setup_testing_defaults(environ)
    list(application(environ, lambda status, headers: told.append(status)))
print(told, sorted(name for name in sys.modules if "." not in name))
"""


def test_a_worker_that_serves_pages_has_loaded_nothing_heavy(tmp_path):
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'start.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "start" + "0123456789" * 6,
    }
    migrated.make(tmp_path / "start.sqlite3", env)
    done = subprocess.run(
        [sys.executable, "-c", SERVE], env=env, capture_output=True, text=True, check=True
    )
    told, _bracket, loaded = done.stdout.partition("] ")
    assert told == "['200 OK', '200 OK', '302 Found'"
    assert "django" in loaded
    assert [name for name in HEAVY if f"'{name}'" in loaded] == []
