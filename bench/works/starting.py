"""How long a worker takes until it can answer, and how much memory, beside bare Django."""

import os
import subprocess
import sys
from pathlib import Path

from bench.measuring import Pair, Values, most, within, work
from bench.world import World

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("pandas", "numpy", "plotly", "openpyxl", "xlsxwriter", "python_calamine")
BARE = """
import os
import django
import environ
from django.conf import settings
settings.configure(
    SECRET_KEY="bench",
    DATABASES={"default": environ.Env.db_url_config(os.environ["DATABASE_URL"])},
    INSTALLED_APPS=[
        "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
        "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.humanize",
        "django.forms", "allauth", "allauth.account", "allauth.mfa", "allauth.usersessions",
        "rest_framework", "knox", "django_filters", "drf_spectacular", "django_htmx",
        "django_tasks_db",
    ],
    MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
)
django.setup()
from django.db import connections
connections["default"]  # with the driver of the same database
"""
READY = """
from config.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
"""
TOLD = """
import sys, time
print(time.process_time())
print(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1])
print(*[name for name in %r if name in sys.modules])
"""


def started(code: str) -> list[str]:
    """What a fresh process told after it ran the code: its processor time in seconds, its memory
    in kB, heavy modules.
    """
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code + TOLD % (HEAVY,)],
        cwd=ROOT, env=env, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.split("\n")


@work("start.time", "A worker is ready", "django.setup() with the same libraries", most(1.5))
def time(world: World):
    if os.environ.get("BENCH_CLOCK") != "cpu":
        yield Pair(lambda: started(READY), lambda: started(BARE), calls=3, seconds=9)
        return

    def taken(code: str) -> Values:  # by the new process: this one only waits for it
        return Values([float(started(code)[0]) * 1_000 for _n in range(3)])

    yield Pair(lambda: taken(READY), lambda: taken(BARE))


@work(
    "start.memory", "Memory of a worker that is ready", "django.setup() with the same libraries",
    most(1.6), unit="MB",
)  # fmt: skip
def memory(world: World):
    def held(code: str) -> Values:
        return Values([int(started(code)[1]) / 1024])

    yield Pair(lambda: held(READY), lambda: held(BARE), rounds=3)


@work("start.heavy", "Heavy libraries that a worker loads at once", "", within(0), unit="libraries")
def heavy(world: World):
    yield Pair(lambda: Values([float(len(started(READY)[2].split()))]), rounds=1)
