"""Fills an empty database with an invented union at full size, to measure the product with.

    DATABASE_URL=sqlite:////tmp/large.sqlite3 python -m bench.generate --size 1x

1x is 50,000 meetings, 25,000 people, 10,000 partners and 700 affiliates; 20x is twenty times that.
The rows are the same each time, except that the world ends on the day it is made. They have their
history and their audit entries, and what follows from other rows is as settling leaves it.
"""

import argparse
import os
import re
import sys
import time
from datetime import UTC, datetime
from random import Random

import django
from django.core.management import call_command, get_commands

SEED = 6
FILLED = "LargeDemoData"  # the last entry of the audit log that filling writes
LEAD_EMAIL = "two-regions@partnerships.example"
LEADER_EMAIL = "constance@partnerships.example"
MANAGER_EMAIL = "priyanka@partnerships.example"
LEAD_REGIONS = ("pacific", "west-south-central")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def times(text: str) -> float:
    """The number in a size such as 1x or 20x."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?x", text):
        raise argparse.ArgumentTypeError("A size looks like 1x, 20x or 0.02x.")
    return float(text[:-1])


def fill(size: float) -> None:
    """Fill the migrated database. Raises ValueError when people or partners are there already."""
    from access import audit
    from access.models import Change, User
    from access.settling import every
    from access.system import demonstrator
    from bench import fill_meetings, fill_partners
    from bench.bulk import Book
    from bench.fill_users import add_affiliates, add_users, cast_of
    from bench.plan import Size, plan
    from crm import models as crm
    from lists import index

    if User.objects.exists() or every(crm.Organization).exists():
        raise ValueError("This database holds rows already: an empty one is needed.")
    began = time.monotonic()

    def told(what: str) -> None:
        say(f"{time.monotonic() - began:7.1f} s  {what}")

    call_command("load_defaults", verbosity=0)
    rng, wanted = Random(SEED), Size.of(size)
    today = datetime.now(UTC).date()
    book = Book()
    searched = (crm.Organization, crm.Contact, crm.Affiliate)
    for model in searched:
        index.drop(model._meta.db_table)
    book.open(filled_models())
    add_users(rng, wanted, today)
    affiliates = add_affiliates(rng, wanted, book, today)
    cast = cast_of(affiliates)
    book.renew()
    told(f"{wanted.organizers} organizers and {wanted.affiliates} affiliates")
    words = fill_meetings.pool(rng)
    counts = [it.kind in fill_meetings.SPOKEN for it in words]
    made = plan(rng, wanted, today, cast.regions, cast.states, counts)
    told("planned who meets whom")
    partners = fill_partners.Partners(rng, made, book, cast)
    partners.fill()
    told(f"{wanted.partners} partners and {wanted.people} people")
    fill_meetings.Meetings(rng, made, book, cast, partners, words).fill()
    told(f"{wanted.meetings} meetings; {book.table(Change).next_id - 1} changes")
    book.close()
    for model in searched:
        index.create(model._meta.db_table)
    told("indexes")
    if "rebuild_figures" in get_commands():
        call_command("rebuild_figures", verbosity=0)
        told("figures")
    analyze()
    told("statistics")
    audit.record(FILLED, demonstrator(), count=wanted.meetings)
    audit.seal()


def is_filled() -> bool:
    """Whether all of it is there."""
    from access.models import AuditEntry

    return AuditEntry.objects.filter(action=FILLED).exists()


def filled_models() -> list:
    """The models whose tables are filled without indexes."""
    from django.apps import apps

    return [*apps.get_app_config("crm").get_models(), *apps.get_app_config("access").get_models()]


def analyze() -> None:
    """What the planner of the database wants to know, and the space of what went."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=times, default="1x")
    parser.add_argument(
        "--check", action="store_true", help="fill nothing; say whether settling would change rows"
    )
    parser.add_argument(
        "--once", action="store_true", help="leave a database that is filled already as it is"
    )
    asked = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        parser.error("DATABASE_URL must name an empty database: it is filled with invented rows.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("SECRET_KEY", "bench-only-" + "0123456789abcdef" * 4)
    django.setup()
    if asked.check:
        from bench.settled import problems

        found = problems()
        say("\n".join(found) or "Settling changes nothing; audit and search are right.")
        sys.exit(bool(found))
    call_command("migrate", verbosity=0)
    if asked.once and is_filled():
        return
    try:
        fill(asked.size)
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
