"""Imports a list of organizations, people or both, and says what became of every row."""

import json
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from access.actors import actor_of
from access.models import User
from access.recording import Refused
from access.scope import Actor
from access.system import first_administrator
from lists.import_kinds import KINDS
from lists.importing import carry_out
from lists.mapping import column_and_field, field_and_value
from lists.planning import plan_import
from lists.reading import Unreadable


class Command(BaseCommand):
    help = "Import a list (CSV). With --dry-run it only says what would happen."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as",
            dest="email",
            default="",
            metavar="EMAIL",
            help="whose rights count; the first active administrator otherwise",
        )
        parser.add_argument("--kind", required=True, choices=list(KINDS))
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="COLUMN=FIELD",
            help="for instance 'Agency Name=name' or 'Spanish=language:Spanish'",
        )
        parser.add_argument(
            "--constant",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            help="where the row says nothing, for instance state=CA",
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--report", type=Path, help="where to write the report as JSON")

    def handle(self, *args, **options):
        actor = acting(options["email"])
        target = options["report"]
        if target:
            _writable(target)
        try:
            plan = plan_import(
                actor,
                options["file"],
                KINDS[options["kind"]],
                [column_and_field(text) for text in options["map"]],
                [field_and_value(text) for text in options["constant"]],
                match=options["dry_run"],
            )
            report = plan.report() if options["dry_run"] else carry_out(actor, plan)
        except PermissionDenied:
            raise CommandError(_("This user may not import. Nothing was saved."))
        except (Refused, Unreadable) as refusal:
            raise CommandError(str(refusal))
        except OSError as error:
            raise CommandError(
                _("The file cannot be read: %(why)s. Nothing was saved.") % {"why": error.strerror}
            )
        if target:
            text = json.dumps(report.as_dict(), ensure_ascii=False, indent=2)
            target.write_text(text + "\n", encoding="utf-8")
        self.stdout.write("\n".join(report.lines()))


def acting(email: str) -> Actor:
    """The user of this address, else the first active administrator, as an actor."""
    user = User.objects.filter(email__iexact=email).first() if email else first_administrator()
    actor = actor_of(user) if user else None
    if actor is None:
        if email:
            raise CommandError(_("There is no active user with this e-mail address."))
        raise CommandError(_("There is no active administrator: name a user with --as."))
    return actor


def _writable(path: Path) -> None:
    """Refuse before anything is written if the report could not be kept."""
    try:
        path.open("a").close()
    except OSError as error:
        raise CommandError(
            _("The report cannot be written: %(why)s. Nothing was saved.") % {"why": error.strerror}
        )
