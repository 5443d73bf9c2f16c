"""`manage.py verify_audit`: whether the audit log is as it was written."""

import re

from django.core.management.base import BaseCommand, CommandError

from access import audit
from access.models import AuditEntry

SHOWN = 20


class Command(BaseCommand):
    help = "Checks the chain of the audit log; with a head kept elsewhere, its length too."

    def add_arguments(self, parser):
        parser.add_argument("--head", default="", help="ID:SEAL as --head-only printed it earlier")
        parser.add_argument(
            "--head-only", action="store_true", help="print the head of now, to be kept elsewhere"
        )

    def handle(self, *, head, head_only, **options):
        if head_only:
            self.stdout.write(head_of_now())
            return
        head = head.strip().lower()
        if head and not re.fullmatch(r"\d{1,18}:[0-9a-f]{64}", head):
            raise CommandError("A head is a number, a colon and 64 characters from 0 to f.")
        verdict = audit.verify(head)
        if verdict.problems:
            lines = list(verdict.problems[:SHOWN])
            if len(verdict.problems) > SHOWN:
                lines.append(f"And {len(verdict.problems) - SHOWN} more.")
            raise CommandError("\n".join(["The audit log was changed.", *lines]))
        self.stdout.write(
            f"The audit log is whole: {verdict.sealed} sealed entries, "
            f"{verdict.unsealed} that wait for their seal."
        )
        if verdict.head:
            self.stdout.write(f"Head: {verdict.head}")


def head_of_now() -> str:
    """`id:seal` of the newest sealed entry."""
    last = AuditEntry.objects.exclude(seal="").order_by("-pk").first()
    if last is None:
        raise CommandError("Nothing is sealed yet: tick seals the log every five minutes.")
    return f"{last.pk}:{last.seal}"
