"""The audit log shows every later change, against a head that is kept elsewhere."""

from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from access import audit
from access.keys import uuid7
from access.models import AuditDetail, AuditEntry
from access.system import keeper

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> str:
    """The head of a chain of eight entries, every second one with words."""
    for number in range(8):
        words = {"purpose": f"Report {number}"} if number % 2 else None
        audit.record("Export", keeper(), row=uuid7(), count=number, words=words)
    return audit.seal()[1]


def printed(*args) -> str:
    out = StringIO()
    call_command("verify_audit", *args, stdout=out)
    return out.getvalue()


def entry(position: int) -> AuditEntry:
    return AuditEntry.objects.order_by("pk")[position]


def seal_again(rng: Random) -> None:
    """What somebody does who knows how seals are made: seal all of it anew after a change."""
    before = audit.FIRST
    AuditEntry.objects.filter(pk=entry(rng.randrange(8)).pk).update(action="Nothing")
    for row in AuditEntry.objects.order_by("pk"):
        before = audit.seal_of(row, before)
        AuditEntry.objects.filter(pk=row.pk).update(seal=before)


def edit(rng: Random) -> None:
    row = entry(rng.randrange(8))
    name = rng.choice(["at", "action", "user_uid", "row_uid", "run_uid", "count", "digest", "seal"])
    value = {
        "at": row.at + timedelta(microseconds=rng.choice([-1, 1])),
        "action": row.action + "s",
        "count": row.count + 1,
        "digest": rng.choice(["", "0" * 64]) if row.digest else "0" * 64,
        "seal": rng.choice(["", "0" * 64, row.seal[::-1]]),
    }.get(name, uuid7())
    AuditEntry.objects.filter(pk=row.pk).update(**{name: value})


def edit_words(rng: Random) -> None:
    details = list(AuditDetail.objects.order_by("pk"))
    change = rng.choice([{"words": {"purpose": "Other"}}, {"salt": "0" * 64}])
    AuditDetail.objects.filter(pk=rng.choice(details).pk).update(**change)


def move_words(rng: Random) -> None:
    detail = rng.choice(list(AuditDetail.objects.all()))
    free = [row.pk for row in AuditEntry.objects.filter(detail__isnull=True)]
    AuditDetail.objects.filter(pk=detail.pk).update(entry_id=rng.choice(free))


def delete(rng: Random) -> None:
    entry(rng.randrange(8)).delete()


def cut_tail(rng: Random) -> None:
    rows = list(AuditEntry.objects.order_by("-pk")[: rng.randint(1, 8)])
    AuditEntry.objects.filter(pk__in=[row.pk for row in rows]).delete()


def reorder(rng: Random) -> None:
    one, other = rng.sample(range(8), 2)
    names = ["at", "action", "user_uid", "row_uid", "run_uid", "count", "digest", "seal"]
    one, other = entry(one), entry(other)
    for row, source in ((one, other), (other, one)):
        values = {name: getattr(source, name) for name in names}
        AuditEntry.objects.filter(pk=row.pk).update(**values)


def insert(rng: Random) -> None:
    """An entry in the middle: one is pushed out of its number."""
    row = entry(rng.randrange(8))
    row.pk += rng.choice([100, -100])
    row.save(force_insert=True)


TAMPERINGS = [edit, edit, edit_words, move_words, delete, cut_tail, reorder, insert, seal_again]


def test_a_whole_log_says_so(head):
    assert "The audit log is whole: 8 sealed entries, 0 that wait" in printed("--head", head)
    audit.record("Export", keeper())
    assert "8 sealed entries, 1 that wait" in printed()
    assert printed("--head-only").strip() == head
    audit.seal()
    assert "9 sealed entries" in printed("--head", head)  # an older head is still inside


def test_erased_words_leave_the_log_whole(head):
    AuditDetail.objects.all().delete()
    assert "is whole" in printed("--head", head)


@pytest.mark.parametrize("tamper", [edit, edit_words, delete, reorder, cut_tail, seal_again])
def test_the_command_fails_and_names_what_is_wrong(head, tamper):
    tamper(Random(3))
    with pytest.raises(CommandError) as failed:
        printed("--head", head)
    lines = str(failed.value).splitlines()
    assert lines[0] == "The audit log was changed."
    assert len(lines) > 1
    assert failed.value.returncode == 1


def test_a_cut_tail_shows_only_against_a_kept_head(head):
    entry(7).delete()
    assert "7 sealed" in printed()
    with pytest.raises(CommandError, match="not in the chain"):
        printed("--head", head)


def test_a_long_list_of_problems_is_cut(head):
    for _n in range(20):
        audit.record("Export", keeper())
    audit.seal()
    AuditEntry.objects.update(action="Other")
    with pytest.raises(CommandError, match="And 8 more"):
        printed()


@pytest.mark.parametrize("text", ["x", "12", "12:ab", "a:" + "0" * 64, ":" + "0" * 64])
def test_what_is_no_head_is_refused(text):
    with pytest.raises(CommandError, match="A head is"):
        printed("--head", text)


def test_an_empty_log_is_whole_and_has_no_head():
    assert "0 sealed entries" in printed()
    with pytest.raises(CommandError, match="Nothing is sealed yet"):
        printed("--head-only")


def test_a_thousand_tamperings_are_all_found(head):
    rng = Random(23)
    for number in range(1_000):
        tamper = rng.choice(TAMPERINGS)
        with transaction.atomic():
            tamper(rng)
            assert audit.verify(head).problems, (number, tamper.__name__)
            transaction.set_rollback(True)
    assert audit.verify(head).problems == ()
