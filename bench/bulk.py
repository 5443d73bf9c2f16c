"""Writes rows as fast as the database takes them, past commands: for empty databases to measure.

What a command would have left beside a row is written too: its change, its run and its audit entry,
sealed. Rows are given as JSON keeps them: uids with hyphens, days as `2026-11-01`.
"""

import hashlib
import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from access import audit
from access.models import AuditEntry, Change, Run

BUFFER = 10_000  # rows of a table that wait to be written together
_RANDOM = random.Random(7)


def uid_at(at: datetime) -> str:
    """A UUID version 7 as it would have been made at that moment; no two are the same."""
    value = (int(at.timestamp() * 1000) & (1 << 48) - 1) << 80 | 7 << 76
    bits = _RANDOM.getrandbits(74)
    value |= (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def stored(at: datetime) -> str:
    """A moment as the database keeps it."""
    text = at.isoformat(timespec="microseconds")
    return text[:26].replace("T", " ") if connection.vendor == "sqlite" else text


class Table:
    """The rows of one model that wait to be written; `add` gives each its id."""

    def __init__(self, model: type[models.Model]):
        self.model, self.label = model, model._meta.label_lower
        self.next_id = (model._base_manager.aggregate(n=models.Max("pk"))["n"] or 0) + 1
        self.defaults: dict[str, Any] = {}
        for column in model._meta.concrete_fields:
            value = column.get_default()
            self.defaults[column.attname] = value if _is_plain(value) else str(value)
        if "revision" in self.defaults:
            self.defaults["revision"] = 1
        self.rows: list[list] = []

    def add(self, given: dict[str, Any]) -> dict[str, Any]:
        """Queue one row: what is not given is as in a new one. Returns all of its columns."""
        row = self.defaults | given
        if len(row) != len(self.defaults):
            raise ValueError(f"{self.label} has no {set(given) - set(self.defaults)}")
        if row["id"] is None:
            row["id"] = self.next_id
            self.next_id += 1
        self.rows.append(list(row.values()))
        if len(self.rows) >= BUFFER:
            self.write()
        return row

    def write(self) -> None:
        """Send what waits."""
        if not self.rows:
            return
        names = ", ".join(f'"{f.column}"' for f in self.model._meta.concrete_fields)
        table = self.model._meta.db_table
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                marks = ", ".join(_mark(field) for field in self.model._meta.concrete_fields)
                sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
                connection.connection.executemany(sql, self.rows)
            else:
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                    for row in self.rows:
                        copy.write_row(row)
        self.rows = []


def _is_plain(value) -> bool:
    return value is None or isinstance(value, bool | int | str)


def _mark(field) -> str:
    """How SQLite takes the column: a uid without its hyphens, as Django keeps it there."""
    return "replace(?, '-', '')" if isinstance(field, models.UUIDField) else "?"


class Book:
    """The tables that are being filled, and the record of who filled them."""

    def __init__(self):
        self.tables: dict[type[models.Model], Table] = {}
        self.indexes: list[str] = []
        self.renew()

    def renew(self) -> None:
        """Look anew where ids and seals go on, after somebody else wrote."""
        self.write()
        self.tables.clear()
        audit.seal()
        last = AuditEntry.objects.order_by("-pk").first()
        self.seal = last.seal if last else audit.FIRST

    def table(self, model) -> Table:
        if model not in self.tables:
            self.tables[model] = Table(model)
        return self.tables[model]

    def put(self, model, given: dict[str, Any], run: int) -> dict[str, Any]:
        """Queue a new record with its change, and return its columns."""
        row = self.table(model).add(given)
        kept = row | {"revision": 1}
        if "search_key" in row and model._meta.model_name != "contact":
            kept["search_key"] = ""  # these are settled after they were written
        self.change(model, row, run, {}, kept)
        return row

    def change(self, model, row: dict, run: int, before: dict, after: dict) -> None:
        """Note one change of a row that is there."""
        self.table(Change).add(
            {
                "run_id": run,
                "table": self.table(model).label,
                "row_id": row["id"],
                "row_uid": row["uid"],
                "revision": after.get("revision", row["revision"]),
                "before": json.dumps(before),
                "after": json.dumps(after),
            }
        )

    def run(self, command: str, user, at: datetime, subject: str | None, count=None) -> int:
        """Queue a run of a command by a user (id, uid) and its sealed audit entry: its id."""
        when, uid = stored(at), uid_at(at)
        run = self.table(Run).add(
            {
                "uid": uid,
                "command": command,
                "user_id": user[0],
                "subject": subject,
                "at": when,
                "beat_at": when,
                "undoes_id": None,
            }
        )
        entries = self.table(AuditEntry)
        fields = [
            self.seal,
            entries.next_id,
            at.isoformat(),
            command,
            user[1],
            subject,
            uid,
            count,
            "",
        ]
        self.seal = hashlib.sha256(json.dumps(fields).encode()).hexdigest()
        entries.add(
            {
                "at": when,
                "action": command,
                "user_uid": user[1],
                "row_uid": subject,
                "run_uid": uid,
                "count": count,
                "seal": self.seal,
            }
        )
        return run["id"]

    # -- around it -------------------------------------------------------------------------------

    def open(self, filled: Iterable[type[models.Model]]) -> None:
        """Make ready for many rows: no indexes to keep, no waiting for the disk, no checks."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                for pragma in (
                    "foreign_keys=OFF",
                    "journal_mode=OFF",
                    "synchronous=OFF",
                    "secure_delete=OFF",
                    "cache_size=-400000",
                ):
                    cursor.execute(f"PRAGMA {pragma}")
                kept = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > '' "
                kept += "AND tbl_name = %s"
            else:
                cursor.execute("SET session_replication_role = replica")
                cursor.execute("SET maintenance_work_mem = '1GB'")
                cursor.execute("SET synchronous_commit = off")
                kept = (
                    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
                    " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)"
                    " AND tablename = %s"
                )
            for model in filled:
                cursor.execute(kept, [model._meta.db_table])
                for name, sql in cursor.fetchall():
                    cursor.execute(f'DROP INDEX "{name}"')
                    self.indexes.append(sql)

    def write(self) -> None:
        """Send what waits in all tables."""
        for table in self.tables.values():
            table.write()

    def advance(self) -> None:
        """Let PostgreSQL count on from the ids that were given."""
        if connection.vendor == "sqlite":
            return
        with connection.cursor() as cursor:
            for table in self.tables.values():  # some rows came with ids of their own
                name = table.model._meta.db_table
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), "
                    f'COALESCE((SELECT max(id) FROM "{name}"), 1))',
                    [name],
                )

    def close(self) -> None:
        """Build the indexes and put the database back to its own manners."""
        self.write()
        with connection.cursor() as cursor:
            for sql in self.indexes:
                cursor.execute(sql)
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA foreign_key_check")
                if broken := cursor.fetchone():
                    raise RuntimeError(f"A key points nowhere: {broken}")
        self.advance()
        connection.close()  # the next one opens as the product opens it


def moment(day: int, second: float) -> datetime:
    """So many days and seconds after the first of January of the year 1, never on a full second."""
    return datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=day - 1, seconds=second, microseconds=7)


def as_user(user) -> tuple[int, str]:
    """(id, uid) of a user, as `Book.run` takes it."""
    return user.pk, str(UUID(str(user.uid)))
