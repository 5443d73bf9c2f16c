"""The audit log: entries that say who did what, sealed into a chain that shows any later change.

Entries are written in the transaction of what they report, and sealed afterwards, in order of their
id, by `tick`. A seal is SHA-256 over the entry's fields and the seal before it. Personal words lie
in AuditDetail; the entry keeps only a keyed hash of them, so that erasing them leaves the chain
whole.
"""

import hashlib
import hmac
import json
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from access import bulk
from access.models import AuditDetail, AuditEntry

log = logging.getLogger("partnerships.audit")
FIRST = "0" * 64
SLICE = 500  # entries that are sealed in one transaction


def record(
    action: str, actor, *, row=None, run=None, count: int | None = None, words: dict | None = None
):
    """Write one entry and, beside it, the words that may be erased later. Returns the entry."""
    salt = secrets.token_hex(32) if words else ""
    entry = AuditEntry(
        action=action,
        user_uid=actor.user_uid,
        row_uid=getattr(row, "uid", row),
        run_uid=getattr(run, "uid", None),
        count=count,
        digest=_digest(salt, words) if words else "",
    )
    bulk.insert(AuditEntry, [entry])
    if words:
        AuditDetail(entry=entry, salt=salt, words=words).save(force_insert=True)
    return entry


def of_days(rows, actor, first, last):
    """The entries from one day of the actor's to another, both included; None leaves it open."""
    zone = actor.now().tzinfo
    if first:
        rows = rows.filter(at__gte=datetime.combine(first, time.min, zone))
    if last:
        day_after = last + timedelta(days=1)
        rows = rows.filter(at__lt=datetime.combine(day_after, time.min, zone))
    return rows


def _digest(salt: str, words: dict) -> str:
    text = json.dumps(words, sort_keys=True, cls=DjangoJSONEncoder)
    return hmac.new(salt.encode(), text.encode(), hashlib.sha256).hexdigest()


def seal_of(entry: AuditEntry, before: str) -> str:
    """The seal that an entry must carry after the given one."""
    fields = [
        before,
        entry.pk,
        entry.at.isoformat(),
        entry.action,
        entry.user_uid,
        entry.row_uid,
        entry.run_uid,
        entry.count,
        entry.digest,
    ]
    return hashlib.sha256(json.dumps(fields, default=str).encode()).hexdigest()


def seal() -> tuple[int, str]:
    """Seal what is not sealed yet. Returns how many, and the head `id:seal` to keep off this
    machine.

    On PostgreSQL the table is locked against inserts for the moment, so that no transaction with a
    lower id is still on its way, and against a second process that seals.
    """
    done = 0
    while True:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '2s'")
                    cursor.execute("LOCK TABLE access_auditentry IN SHARE ROW EXCLUSIVE MODE")
            last = AuditEntry.objects.exclude(seal="").order_by("-pk").first()
            before = last.seal if last else FIRST
            rows = AuditEntry.objects.filter(seal="", pk__gt=last.pk if last else 0)
            entries = list(rows.order_by("pk")[:SLICE])
            for entry in entries:
                entry.seal = before = seal_of(entry, before)
            AuditEntry.objects.bulk_update(entries, ["seal"], batch_size=200)
        done += len(entries)
        if len(entries) < SLICE:
            break
    head = f"{entries[-1].pk}:{before}" if entries else f"{last.pk}:{before}" if last else ""
    if done:
        log.info("audit chain sealed", extra={"count": done, "head": head})
    return done, head


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found."""

    sealed: int
    unsealed: int
    head: str
    problems: tuple[str, ...]


def verify(head: str = "") -> Verdict:
    """Recompute the whole chain. With a head `id:seal` kept elsewhere, a cut tail shows too."""
    before, problems, sealed, unsealed, at_head, last = FIRST, [], 0, 0, "", None
    wanted_id = int(head.partition(":")[0]) if head else None
    for entry in (
        AuditEntry.objects.order_by("pk").select_related("detail").iterator(chunk_size=SLICE)
    ):
        if not entry.seal:
            unsealed += 1
            continue
        if unsealed:
            problems.append(f"Entry {entry.pk} is sealed after an entry that is not.")
            unsealed = 0
        if entry.seal != seal_of(entry, before):
            problems.append(f"Entry {entry.pk} does not carry the seal that its contents ask for.")
        detail = getattr(entry, "detail", None)
        if detail and _digest(detail.salt, detail.words) != entry.digest:
            problems.append(f"The words of entry {entry.pk} were changed.")
        before, sealed, last = entry.seal, sealed + 1, entry.pk
        if entry.pk == wanted_id:
            at_head = f"{entry.pk}:{entry.seal}"
    if head and at_head != head:
        problems.append(
            f"The kept head {head[:24]}… is not in the chain: entries were cut or replaced."
        )
    return Verdict(sealed, unsealed, f"{last}:{before}" if last else "", tuple(problems))
