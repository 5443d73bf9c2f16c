"""Takes back an import, and says what it took out and what stayed."""

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from access.recording import Refused
from config.management.commands.import_list import acting
from lists.reports import undo_import


class Command(BaseCommand):
    help = "Take back an import by the id of its run, within 30 days."

    def add_arguments(self, parser):
        parser.add_argument("id", help="the run_id of the report")
        parser.add_argument(
            "--as",
            dest="email",
            default="",
            metavar="EMAIL",
            help="whose rights count; the first active administrator otherwise",
        )

    def handle(self, *args, **options):
        try:
            done = undo_import(acting(options["email"]), options["id"])
        except PermissionDenied:
            raise CommandError(_("This user may not take back this import. Nothing was changed."))
        except Refused as refusal:
            raise CommandError(str(refusal))
        self.stdout.write("\n".join(done.lines()))
