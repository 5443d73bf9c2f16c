"""`manage.py demo_accounts`: how to sign in to the demonstration."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo.people import accounts
from config.demo.staff import PASSWORD


class Command(BaseCommand):
    help = "Prints one account of each role, its areas, and the password that all of them share."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("DEMO is not set, so there are no accounts to show.")
        found = list(accounts())
        if not found:
            raise CommandError("The sample data is not there yet: run demo_data first.")
        role_width = max(len(role) for role, _email, _areas in found)
        email_width = max(len(email) for _role, email, _areas in found)
        for role, email, areas in found:
            self.stdout.write(f"  {role:{role_width}}  {email:{email_width}}  {areas}")
        self.stdout.write(f"  The password of all of them is {PASSWORD}")
        if not settings.REQUIRE_SECOND_FACTOR:
            self.stdout.write("  No second factor is asked for here; ./run serve asks for one.")
