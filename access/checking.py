"""Checking the chain of the audit log from a page: at once, or in the background when long."""

from dataclasses import dataclass
from datetime import datetime

from django.tasks import task

from access import audit
from access.actors import actor_of
from access.models import AuditEntry, User

MOST_AT_ONCE = 20_000  # entries; about a second
ACTION = "CheckRecord"
SHOWN = 3


@dataclass(frozen=True)
class Check:
    """What the newest check found."""

    at: datetime
    whole: bool
    sealed: int
    unsealed: int
    head: str
    problems: list[str]


def check_chain(user: User, head: str = "") -> bool:
    """Check the chain for a user, against a head kept elsewhere if she has one.

    Returns whether that is done: a long chain is checked in the background.
    """
    if AuditEntry.objects.count() <= MOST_AT_ONCE:
        _check(user, head)
        return True
    check_later.enqueue(user.pk, head)
    return False


@task
def check_later(user_id: int, head: str) -> None:
    """Check a long chain; what it finds stands in the record."""
    _check(User.objects.get(pk=user_id), head)


def _check(user: User, head: str) -> None:
    verdict = audit.verify(head)
    words = {
        "whole": not verdict.problems,
        "sealed": verdict.sealed,
        "unsealed": verdict.unsealed,
        "head": verdict.head,
        "against": head,
        "problems": list(verdict.problems[:SHOWN]),
    }
    if actor := actor_of(user):
        audit.record(ACTION, actor, words=words)


def newest_check() -> Check | None:
    """What the newest check found, whoever asked for it; None when nobody ever did."""
    entry = (
        AuditEntry.objects.filter(action=ACTION).select_related("detail").order_by("-pk").first()
    )
    words = getattr(getattr(entry, "detail", None), "words", None)
    if entry is None or not words:
        return None
    return Check(
        entry.at,
        words["whole"],
        words["sealed"],
        words["unsealed"],
        words["head"],
        words["problems"],
    )
