"""`manage.py rebuild_search`: the search index anew, from the names that are stored."""

from django.core.management.base import BaseCommand

from lists.upkeep import rebuild


class Command(BaseCommand):
    help = "Makes the search index anew. Nothing else changes; people can go on working."

    def handle(self, **options):
        wrong = rebuild()
        self.stdout.write(f"The search index was made anew. Keys that were wrong: {wrong}.")
