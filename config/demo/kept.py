"""Loads what staff keep: views of lists, shared and their own."""

from django.utils.http import urlencode

from config.demo.world import World
from lists.saved_views import SaveView

RUTH, LUPE, HENRIK = (f"{name}@partnerships.example" for name in ("ruth", "lupe", "henrik"))
PRIYANKA, MARISOL = (f"{name}@partnerships.example" for name in ("priyanka", "marisol"))

# Who keeps it, of which list, its name, what it asks for, whether it is shared.
VIEWS = (
    (PRIYANKA, "organizations", "Partners going quiet",
     {"quiet": "yes", "sort": "last_contact"}, True),
    (PRIYANKA, "organizations", "No owner", {"unowned": "yes"}, True),
    (PRIYANKA, "people", "Spanish speakers",
     {"language": "es", "columns": ["languages", "organization", "keep_off"]}, True),
    (RUTH, "organizations", "Strategic partners", {"stage": "strategic"}, True),
    (RUTH, "follow-ups", "Late in the East", {"overdue": "yes"}, True),
    (LUPE, "interactions", "Cancelados", {"status": "cancelled"}, True),
    (HENRIK, "organizations", "Exploring, longest without contact",
     {"stage": "exploring", "sort": "last_contact"}, True),
    (MARISOL, "organizations", "Mis aliados", {"mine": "yes", "sort": "last_contact"}, False),
    (MARISOL, "follow-ups", "Para hoy", {"mine": "yes", "due": "yes"}, False),
)  # fmt: skip


def add_views(world: World) -> None:
    """A few views that people work with, most of them shared."""
    for email, page, name, query, is_shared in VIEWS:
        values = {"page": page, "name": name, "query": urlencode(query, doseq=True)}
        command = SaveView(
            world.actors[email], values | ({"visibility": "team"} if is_shared else {})
        )
        command.run()
        world.date_back(command.run_made, world.today)
