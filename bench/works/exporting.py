"""Long lists as files: the rate of CSV and of workbooks, the first byte, and the memory."""

import csv
import io
from pathlib import Path

from bench.measuring import Pair, Values, least, timed, within, work
from bench.world import ALL, World

COLUMNS = ("name", "pronouns", "state", "last_contact", "emails", "phones")
PART = "state=CA"  # an eighth of all people: enough to tell a rate


def memory(which: str = "VmRSS") -> float:
    """The resident memory of this process, in MB: now, or at its peak (VmHWM)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(which):
            return int(line.split()[1]) / 1024
    return 0


def wanted(query: str = ""):
    """People with their details: all of them, or those of a filter."""
    from django.http import QueryDict

    from crm.lists import CONTACTS
    from lists.leaving import Wanted

    return Wanted(CONTACTS, QueryDict(query), "", COLUMNS, "")


def _pieces(world: World, query: str):
    from access.keys import uuid7
    from lists.export import written

    actor = world.actor(ALL)
    return written(wanted(query), lambda: actor, uuid7())


PEOPLE = """
SELECT c.name, c.pronouns, s.code, c.last_contact,
  (SELECT {joined}(e.email, '; ') FROM crm_contactemail e WHERE e.contact_id = c.id),
  (SELECT {joined}(p.number, '; ') FROM crm_contactphone p WHERE p.contact_id = c.id)
FROM crm_contact c JOIN access_state s ON s.id = c.home_id
WHERE c.visibility = 'team' {part} ORDER BY c.sort_name, c.uid
"""


def by_hand(world: World, part: str = "") -> int:
    """The same columns as fast as the database gives them: COPY, or a bare cursor and csv."""
    joined = "group_concat" if world.is_sqlite else "string_agg"
    statement, size = PEOPLE.format(joined=joined, part=part), 0
    with world.connection.cursor() as cursor:
        if not world.is_sqlite:
            with cursor.copy(f"COPY ({statement}) TO STDOUT WITH CSV HEADER") as copy:
                for piece in copy:
                    size += len(piece)
            return size
        cursor.execute(statement)
        stream = io.StringIO()
        writer = csv.writer(stream)
        while rows := cursor.fetchmany(2_000):
            writer.writerows(rows)
            size += len(stream.getvalue().encode())
            stream.seek(0)
            stream.truncate()
    return size


def _csv(world: World):
    yield Pair(
        lambda: sum(map(len, _pieces(world, ""))),
        lambda: by_hand(world),
        calls=1,
    )


for _database, _share, _against in (
    ("sqlite", 0.8, "a bare cursor and csv"),
    ("postgresql", 0.7, "COPY"),
):
    work(
        f"export.csv.{_database}", "CSV of all people, with details", _against,
        least(_share), databases=(_database,),
    )(_csv)  # fmt: skip


@work("export.first", "First byte of the CSV of all people", "", within(100))
def first_byte(world: World):
    def first() -> Values:
        pieces = _pieces(world, "")
        taken = timed(lambda: (next(pieces), next(pieces)))  # the heading alone is no row
        pieces.close()
        return Values(taken)

    yield Pair(first)


@work("export.memory", "Memory that the CSV of all people takes", "", within(20), unit="MB")
def export_memory(world: World):
    def grown() -> Values:
        if world.is_sqlite:
            with world.connection.cursor() as cursor:
                cursor.execute("PRAGMA mmap_size=0")
        for _piece in _pieces(world, "state=WY"):
            pass
        before = most = memory()
        for number, _piece in enumerate(_pieces(world, "")):
            most = max(most, memory()) if number % 10 == 0 else most
        return Values([max(0.0, most - before)])

    yield Pair(grown, rounds=1)


@work(
    "export.xlsx", "Workbook of the people of a state", "xlsxwriter's bare loop", least(0.8)
)  # fmt: skip
def workbook(world: World):
    import xlsxwriter
    from django.conf import settings

    from lists.copying import texts_of
    from lists.export import write_xlsx

    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    actor, asked = world.actor(ALL), wanted(PART)
    slices = texts_of(asked.in_order(actor), asked.columns(actor), actor, lambda: actor)
    rows = [row for _count, texts in slices for row in zip(*texts, strict=True)]

    def bare():
        book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for at, text in enumerate(row):
                if text:  # an empty cell is none in the product's file either
                    sheet.write_string(line, at, text)
        book.close()

    def ours():
        write_xlsx(io.BytesIO(), asked, lambda: actor, lambda done: None)

    yield Pair(ours, bare, calls=1)
