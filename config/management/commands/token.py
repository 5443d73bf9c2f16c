"""`manage.py token`: a key to the API for a user, shown once."""

from argparse import ArgumentTypeError
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from access import audit
from access.actors import actor_of
from access.models import Token, User
from access.system import operator

MOST_DAYS = 366


def days(text: str) -> int:
    """A number of days from 1 to a year."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_DAYS:
        raise ArgumentTypeError(f"A key lasts from 1 to {MOST_DAYS} days.")
    return int(text)


class Command(BaseCommand):
    help = "Makes a key to the API that acts as the user, and prints it. It cannot be shown again."

    def add_arguments(self, parser):
        parser.add_argument("email", help="the user as whom the key acts")
        parser.add_argument("--name", required=True, help="what the key is for")
        parser.add_argument("--days", type=days, required=True, help="how long it lasts")

    def handle(self, *, email, name, days, **options):
        name = name.strip()
        if not 1 <= len(name) <= 80:
            raise CommandError("Say in 1 to 80 characters what the key is for.")
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {email}.")
        if not user.is_active:
            raise CommandError(f"{email} was deactivated, so no key can act as this user.")
        if actor_of(user) is None:
            raise CommandError(f"{email} has no role yet, so a key could do nothing.")
        with transaction.atomic():
            made, text = Token.objects.create(user=user, expiry=timedelta(days=days), name=name)
            audit.record("MakeToken", operator(), row=user.uid, words={"name": name, "days": days})
        self.stderr.write(f"A key for {email} until {made.expiry:%Y-%m-%d}. It is shown only now:")
        self.stdout.write(text)
