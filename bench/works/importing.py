"""An import of people: reading and matching, and writing, beside the same by hand."""

import csv
import io
import random
import re
import subprocess
import sys
from collections import defaultdict
from itertools import count, islice
from pathlib import Path
from typing import Any

from bench.measuring import Pair, Unmeasurable, Values, most, timed, within, work
from bench.world import MANAGER, World

ROOT = Path(__file__).resolve().parents[2]
ROWS, NEW, ALL_ROWS = 5_000, 500, 100_000
HEADER = ("name", "organization", "role", "email", "phone", "state")


def messy(world: World, count: int = ROWS) -> bytes:
    """A list of people: a third of them known, written as others write them."""
    pick = random.Random(11)
    known = world.sql(
        "SELECT c.name, o.name, e.email FROM crm_contact c "
        "JOIN crm_contactemail e ON e.contact_id = c.id "
        "JOIN crm_affiliation t ON t.contact_id = c.id "
        "JOIN crm_organization o ON o.id = t.organization_id "
        "WHERE t.is_primary ORDER BY c.id LIMIT %s",
        count // 3,
    )
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADER)
    for number in range(count):
        if number < len(known):
            name, partner, mail = known[number]
            name, mail = name.upper() if pick.random() < 0.3 else name, mail.upper()
        else:
            name = f"{pick.choice(known)[0]} {number}" if known else f"Person {number}"
            partner, mail = pick.choice(known)[1] if known else "", f"new{number}@list.example"
        phone = f"505.555.{pick.randrange(10_000):04}"
        writer.writerow([f"  {name} ", partner, "Member", mail, phone, pick.choice(("CA", "TX"))])
    return stream.getvalue().encode()


def planned(actor, content: bytes):
    """What the product would do with the list."""
    from crm.importing import People
    from lists.planning import plan_import

    return plan_import(actor, content, People, [(name, name) for name in HEADER])


KEYS = "line integer, email text, name text, partner text, phone text"
_MAIL = re.compile(r"[^@\s.][^@\s]*@[^@\s]+\.[^@\s]+")


def by_hand(world: World, content: bytes) -> int:
    """The same steps without the product, by joins with a temporary table: parse, fold, read
    phones, find the partners, who is known by e-mail or by name and partner, what these people
    lack, and who is nearly somebody else. Returns how many rows name a person who is known.
    """
    from django.db import transaction

    from crm.phones import parsed
    from lists.folding import fold

    rows, states = list(csv.reader(io.StringIO(content.decode())))[1:], {}
    for pk, code in world.sql("SELECT id, code FROM access_state"):
        states[code] = pk
    clean = []
    for number, (name, partner, _role, mail, phone, state) in enumerate(rows):
        mail = mail.strip().lower()
        clean.append((number, mail if _MAIL.fullmatch(mail) else "", fold(name), fold(partner),
                      parsed(phone.strip())[0], states[state]))  # fmt: skip
    with transaction.atomic(), world.connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_keys")
        cursor.execute(f"CREATE TEMPORARY TABLE bench_keys ({KEYS})")
        cursor.executemany(
            "INSERT INTO bench_keys VALUES (%s, %s, %s, %s, %s)", [c[:5] for c in clean]
        )
        known = _matched(world, clean)
        cursor.execute("DROP TABLE IF EXISTS bench_known")
        cursor.execute("CREATE TEMPORARY TABLE bench_known (contact integer)")
        cursor.executemany("INSERT INTO bench_known VALUES (%s)", [(k,) for k in {*known.values()}])
    held: set[tuple] = set()
    for table, column in (("email", "email"), ("phone", "e164"), ("language", "language_id")):
        held.update(
            world.sql(
                f"SELECT contact_id, {column} FROM bench_known "
                f"CROSS JOIN crm_contact{table} WHERE contact_id = contact"
            )
        )
    lacking = [(line, key) for line, _mail, _name, _partner, key, _state in clean
               if line in known and (known[line], key) not in held]  # fmt: skip
    assert lacking or not known
    return len(known)


def _matched(world: World, clean: list[tuple]) -> dict[int, int]:
    """The person whom each line names, as far as one is known. For the others it is looked who is
    nearly one, among the people of the same partner or with the same phone number.
    """
    from crm.alike import SLIP, nearly

    def found(columns: str, tables: str, where: str) -> dict[Any, list]:
        """By the first column. SQLite keeps the order of a cross join, and so uses the indexes."""
        by = defaultdict(list)
        body = f"FROM bench_keys k CROSS JOIN {tables} WHERE {where}"
        for key, *more in world.sql(f"SELECT {columns} {body}"):
            by[key].append(more)
        return by

    people, ties, orgs = "crm_contact c", "crm_affiliation t", "crm_organization o"
    partners = found("line, o.home_id, o.id", orgs, "o.sort_name = k.partner ORDER BY o.id")
    mails = found(
        "line, c.sort_name, c.id", f"crm_contactemail e CROSS JOIN {people}",
        "e.email = k.email AND c.id = e.contact_id ORDER BY c.id",
    )  # fmt: skip
    named = found(
        "line, t.organization_id, c.id", f"{people} CROSS JOIN {ties}",
        "c.sort_name = k.name AND t.contact_id = c.id ORDER BY c.id",
    )  # fmt: skip
    beside = found(
        "line, c.sort_name", f"{orgs} CROSS JOIN {ties} CROSS JOIN {people}",
        "o.sort_name = k.partner AND t.organization_id = o.id AND c.id = t.contact_id",
    )  # fmt: skip
    called = found(
        "p.e164, c.sort_name", f"crm_contactphone p CROSS JOIN {people}",
        "p.e164 = k.phone AND c.id = p.contact_id",
    )  # fmt: skip
    known, near = {}, set()
    for line, _mail, name, _partner, phone, state in clean:
        there = partners.get(line, ())
        here = [pk for home, pk in there if home == state] or [pk for _h, pk in there[:1]
                                                               if len(there) == 1]  # fmt: skip
        same = [pk for other, pk in mails.get(line, ()) if other == name]
        same += [pk for _other, pk in mails.get(line, ())]
        same += [pk for partner, pk in named.get(line, ()) if partner in here[:1]]
        if same:
            known[line] = same[0]
            continue
        letters = _in_order(name)
        for (other,) in (*beside.get(line, ()), *called.get(phone, ())):
            if abs(len(name) - len(other)) <= SLIP and (
                nearly(name, other) or nearly(letters, _in_order(other))
            ):
                near.add(line)
    return known


def _in_order(name: str) -> str:
    return " ".join(sorted(name.split()))


@work(
    "import.plan", f"Preview of {ROWS:,} people, with matching", "parse, fold, match by hand",
    most(2)
)  # fmt: skip
def plan(world: World):
    actor, content = world.actor(MANAGER), messy(world)
    ours = planned(actor, content)
    same = {entry.first for entry in ours.entries if entry.same}
    same |= {number for number, first in ours.same_as.items() if first in same}
    if by_hand(world, content) != len(same):
        raise RuntimeError("By hand others are known than the product knows.")
    yield Pair(lambda: planned(actor, content), lambda: by_hand(world, content), calls=1)


# In a process of its own, as the background worker plans: what others left behind counts not.
ALONE = """
import django
django.setup()
from bench.works import exporting, importing
from bench.world import MANAGER, World
world = World()
assert importing.planned(world.actor(MANAGER), importing.messy(world, importing.ALL_ROWS))
print(exporting.memory("VmHWM"))
"""


@work(
    "import.memory", f"Memory of a preview of {ALL_ROWS:,} people", "", within(400), unit="MB",
)  # fmt: skip
def plan_memory(world: World):
    if not world.is_large:
        raise Unmeasurable("the goal is for the large database")

    def grown() -> Values:
        done = subprocess.run(
            [sys.executable, "-c", ALONE], cwd=ROOT, check=True, capture_output=True, text=True
        )
        return Values([float(done.stdout)])

    yield Pair(grown, rounds=1)


@work(
    "import.load", f"Writing {NEW:,} new people of a list", "the same rows and history by bulk SQL",
    most(1.5)
)  # fmt: skip
def load(world: World):
    from datetime import UTC, datetime

    from bench.bulk import Book, as_user, uid_at
    from crm import models as crm
    from crm.phones import parsed
    from lists.folding import fold, search_key
    from lists.importing import unwatched, write

    actor, user = world.actor(MANAGER), world.user(MANAGER)
    ((state,),) = world.sql("SELECT id FROM access_state WHERE code = 'CA'")
    pick, numbers = random.Random(13), count(world.sql("SELECT max(id) FROM crm_contact")[0][0])
    names = [name for (name,) in world.sql("SELECT name FROM crm_contact ORDER BY id LIMIT 5000")]

    def fresh() -> list[tuple[str, str, str]]:
        """Name, e-mail and phone of people whom no run has brought in, called as people are: in
        the indexes they come to lie among the others, for both sides alike.
        """
        found = []
        for number in islice(numbers, NEW):
            name = f"{pick.choice(names)} {number}"
            mail = f"{fold(name).replace(' ', '.')}@list.example"
            found.append((name, mail, f"505555{pick.randrange(10_000):04}"))
        return found

    def ours() -> Values:
        rows = [f"{name},,,{mail},{phone},CA" for name, mail, phone in fresh()]
        made = planned(actor, "\n".join([",".join(HEADER), *rows]).encode())
        return Values(timed(lambda: write(actor, made, unwatched, list)))

    def bulk(rows: list[tuple[str, str, str]]) -> None:
        book, at = Book(), datetime.now(UTC)
        run = book.run("ImportList", as_user(user), at, None, NEW)
        first = book.table(crm.Contact).next_id
        for name, address, called in rows:
            person = {"uid": uid_at(at), "name": name, "sort_name": fold(name),
                      "search_key": search_key(name), "home_id": state, "state_id": state,
                      "author_id": user.pk, "last_contact": "0001-01-01"}  # fmt: skip
            row = book.put(crm.Contact, person, run)
            mail = {"contact_id": row["id"], "uid": uid_at(at), "email": address}
            book.put(crm.ContactEmail, mail, run)
            phone = {"contact_id": row["id"], "uid": uid_at(at), "number": called,
                     "e164": parsed(called)[0]}  # fmt: skip
            book.put(crm.ContactPhone, phone, run)
        book.write()
        book.advance()
        if world.is_sqlite:  # PostgreSQL keeps the index of search by itself
            with world.connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO crm_contact_search(rowid, search_key) "
                    "SELECT id, search_key FROM crm_contact WHERE id >= %s", [first]
                )  # fmt: skip

    def reference() -> Values:
        rows = fresh()
        return Values(timed(lambda: bulk(rows)))

    yield Pair(ours, reference, calls=1, rounds=3)
