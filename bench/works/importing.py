"""An import of people: reading and matching, and writing, beside the same by hand."""

import csv
import io
import random
import time

from bench.measuring import Pair, Unmeasurable, Values, most, within, work
from bench.works.exporting import memory
from bench.world import MANAGER, World

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


def by_hand(world: World, content: bytes) -> int:
    """The same steps without the product: parse, fold, read phones, find who is known by e-mail
    through a temporary table. Returns how many are.
    """
    from crm.phones import parsed
    from lists.folding import fold

    rows = list(csv.reader(io.StringIO(content.decode())))[1:]
    clean = [
        (row[3].strip().lower(), fold(row[0]), fold(row[1]), parsed(row[4])[0], row[5])
        for row in rows
    ]
    with world.connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_keys")
        cursor.execute("CREATE TEMPORARY TABLE bench_keys (email text, name text, partner text)")
        cursor.executemany("INSERT INTO bench_keys VALUES (%s, %s, %s)", [c[:3] for c in clean])
        cursor.execute(
            "SELECT k.email, e.contact_id FROM bench_keys k "
            "JOIN crm_contactemail e ON e.email = k.email"
        )
        found = len(cursor.fetchall())
        cursor.execute(
            "SELECT k.name, c.id FROM bench_keys k JOIN crm_contact c ON c.sort_name = k.name"
        )
        cursor.fetchall()
        cursor.execute(
            "SELECT k.partner, o.id FROM bench_keys k "
            "JOIN crm_organization o ON o.sort_name = k.partner"
        )
        cursor.fetchall()
    return found


@work(
    "import.plan", f"Preview of {ROWS:,} people, with matching", "parse, fold, match by hand",
    most(2)
)  # fmt: skip
def plan(world: World):
    actor, content = world.actor(MANAGER), messy(world)
    yield Pair(lambda: planned(actor, content), lambda: by_hand(world, content), calls=1)


@work(
    "import.memory", f"Memory of a preview of {ALL_ROWS:,} people", "", within(400), unit="MB",
)  # fmt: skip
def plan_memory(world: World):
    if not world.is_large:
        raise Unmeasurable("the goal is for the large database")
    actor, content = world.actor(MANAGER), messy(world, ALL_ROWS)

    def grown() -> Values:
        kept = planned(actor, content)
        return Values([memory()] if kept else [])

    yield Pair(grown, rounds=1)


@work(
    "import.load", f"Writing {NEW:,} new people of a list", "the same rows and history by bulk SQL",
    most(1.5)
)  # fmt: skip
def load(world: World):
    from datetime import UTC, datetime

    from bench.bulk import Book, as_user, uid_at
    from crm import models as crm
    from lists.importing import carry_out

    actor, state = world.actor(MANAGER), world.states[0]
    number = 0

    def fresh() -> bytes:
        nonlocal number
        lines = [",".join(HEADER)]
        for _n in range(NEW):
            number += 1
            lines.append(f"Zed {number} Bench,,,zed{number}@bench.example,5055550100,CA")
        return "\n".join(lines).encode()

    def ours() -> Values:
        made = planned(actor, fresh())
        began = time.perf_counter()
        carry_out(actor, made)
        return Values([1_000 * (time.perf_counter() - began)])

    def bulk() -> Values:
        began = time.perf_counter()
        book, at = Book(), datetime.now(UTC)
        run = book.run("ImportList", as_user(world.user(MANAGER)), at, None, NEW)
        for n in range(NEW):
            person = {"uid": uid_at(at), "name": f"Bulk {n}", "sort_name": f"bulk {n}",
                      "home_id": state, "last_contact": "0001-01-01"}  # fmt: skip
            row = book.put(crm.Contact, person, run)
            mail = {"contact_id": row["id"], "uid": uid_at(at), "email": f"b{n}@bench.example"}
            book.put(crm.ContactEmail, mail, run)
            phone = {"contact_id": row["id"], "uid": uid_at(at), "number": "5055550100",
                     "e164": "+15055550100"}  # fmt: skip
            book.put(crm.ContactPhone, phone, run)
        book.write()
        book.advance()
        return Values([1_000 * (time.perf_counter() - began)])

    yield Pair(ours, bulk, calls=1, rounds=3)
