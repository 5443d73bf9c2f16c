"""`manage.py check_figures`: whether the figures are what counting the rows gives."""

from django.core.management.base import BaseCommand, CommandError

from dashboards.summary.checking import check


class Command(BaseCommand):
    help = "Compares the cells that figures are read from with counting the rows."

    def handle(self, **options):
        if problems := check():
            raise CommandError("\n".join([*problems, "Make them anew with rebuild_figures."]))
        self.stdout.write("The figures are what counting the rows gives.")
