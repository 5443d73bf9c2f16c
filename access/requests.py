"""Requests that may come twice: the first answer is kept, and given again."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection

from access import bulk
from access.models import RequestKey
from access.recording import Busy, OtherBody

WAIT = 10  # seconds that a repeated request waits for the answer of the first

_running: dict[tuple, list] = {}
_guard = threading.Lock()


@contextmanager
def alone(*who) -> Iterator[None]:
    """Let one request of a key through at a time in this process.

    Raises Busy after WAIT seconds.
    """
    with _guard:
        entry = _running.setdefault(who, [threading.Lock(), 0])
        entry[1] += 1
    try:
        if not entry[0].acquire(timeout=WAIT):
            raise Busy
        try:
            yield
        finally:
            entry[0].release()
    finally:
        with _guard:
            entry[1] -= 1
            if not entry[1]:
                _running.pop(who, None)


def body_hash(command: str, values: dict, files: dict) -> str:
    """One hash over the command, what was sent and the contents of its files."""
    digest = hashlib.sha256(command.encode())
    digest.update(json.dumps(values, sort_keys=True, cls=DjangoJSONEncoder, default=str).encode())
    for name in sorted(files):
        digest.update(name.encode())
        for chunk in files[name].chunks():
            digest.update(chunk)
        files[name].seek(0)
    return digest.hexdigest()


def claim(user_id: int, key, command: str, body: str) -> RequestKey:
    """The kept request of this key, or a new one (status 0) for this transaction to fill.

    Waits for a request of the same key that another process is running. Raises OtherBody for
    another command or body, and Busy after WAIT seconds.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT}s"])
    new = RequestKey(user_id=user_id, key=key, command=command, body=body)
    try:  # most keys are new, so nobody looks first
        if bulk.insert_new(new):
            return new
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "55P03":  # lock_not_available
            raise Busy from error
        raise
    kept = RequestKey.objects.get(user_id=user_id, key=key)
    if (kept.command, kept.body) != (command, body):
        raise OtherBody
    return kept


def keep(kept: RequestKey, status: int, reply: dict) -> None:
    """Store the answer with the request, in the same transaction as what it wrote."""
    kept.status, kept.reply = status, json.dumps(reply, cls=DjangoJSONEncoder)
    bulk.update(RequestKey, ("status", "reply"), {kept.pk: (kept.status, kept.reply)})
