"""The large database: right as the product would have left it, and the same each time."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.db import connection

from bench.plan import BUSIEST, Size, shares


@pytest.fixture
def scratch(db, tmp_path) -> Iterator[str]:
    """The address of an empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'scratch.sqlite3'}"
        return
    name, given = f"bench_{os.getpid()}", connection.settings_dict
    with connection.copy().cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        where = f"{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}"
        yield f"postgresql://{where}/{name}"
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def generate(address: str, *args: str) -> str:
    env = os.environ | {"DATABASE_URL": address, "SECRET_KEY": "tests-only-" + "0123456789" * 5}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    command = [sys.executable, "-m", "bench.generate", *args]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stdout + done.stderr
    return done.stdout


def test_what_follows_from_the_rows_is_as_settling_leaves_it(scratch):
    told = generate(scratch, "--size", "0.02x")
    assert "200 partners and 500 people" in told
    assert "Settling changes nothing; audit and search are right." in generate(scratch, "--check")


@pytest.mark.parametrize("times", [1, 20])
def test_few_partners_are_met_thousands_of_times_and_most_seldom(times):
    size = Size.of(times)
    counts = shares(size)
    assert (len(counts), sum(counts)) == (size.partners, size.meetings)
    assert counts[0] == BUSIEST
    assert 0 < sum(count > 1_000 for count in counts) < size.partners // 1_000
    assert sum(count < 10 for count in counts) > size.partners * 0.9
