"""`manage.py demo_data`: an invented organization to try the product with."""

import math
import re
from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demo import loading
from config.management.commands import load_defaults


def scale(text: str) -> float:
    """The number in a size such as 1x or 0.2x."""
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,3})?)x?", text)
    value = float(found[1]) if found else math.nan
    if not 0 < value <= 100:
        raise ArgumentTypeError("A size looks like 1x, 0.2x or 20x.")
    return value


class Command(BaseCommand):
    help = (
        "Fills an empty database with invented staff, partners, people and two years of meetings."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--size", type=scale, default="1x", help="how much of it; 1x is 400 partners"
        )

    def handle(self, *, size, verbosity, **options):
        if not settings.DEMO:
            raise CommandError("DEMO is not set, so no invented rows are added to this database.")
        if loading.is_loaded():
            if verbosity:
                self.stdout.write("The sample data is already there.")
            return
        if loading.holds_other_rows():
            raise CommandError(
                "This database holds rows of somebody else, so no invented ones are added to it."
            )
        load_defaults.load()
        world = loading.load(size)
        if verbosity:
            self.stdout.write(f"Added {len(world.partners)} partners and what belongs to them.")
