"""`manage.py check_search`: whether search finds what reading every row finds."""

from django.core.management.base import BaseCommand, CommandError

from lists.upkeep import check


class Command(BaseCommand):
    help = "Compares the search index with reading every row; says what differs."

    def handle(self, **options):
        if problems := check():
            raise CommandError("\n".join([*problems, "Make it anew with rebuild_search."]))
        self.stdout.write("Search finds what reading every row finds.")
