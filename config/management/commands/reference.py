"""`manage.py reference`: writes the pages of docs/reference from the code."""

from django.core.management.base import BaseCommand, CommandError

from config import reference


class Command(BaseCommand):
    help = "Writes docs/reference from the code. With --check it only says whether it is stale."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; 1 if stale")

    def handle(self, *, check, **options):
        if check:
            if names := reference.stale():
                files = ", ".join(names)
                raise CommandError(
                    f"docs/reference says something else than the code ({files}): "
                    "run ./run manage reference."
                )
            self.stdout.write("docs/reference says what the code does.")
            return
        names = reference.write()
        self.stdout.write(f"Wrote {', '.join(names)}." if names else "Nothing had changed.")
