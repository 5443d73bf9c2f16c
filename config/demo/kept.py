"""Loads what staff keep: views of lists, and contact lists."""

from django.utils.http import urlencode

from config.demo.world import World
from crm.commands import AddContactList, FillContactList
from crm.models import Contact
from lists.models import SavedView
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


def add_contact_lists(world: World) -> None:
    """A shared list that is kept by hand, one that a view feeds, and one of an organizer alone."""
    people = [p for partner in world.partners for p in partner.people if not p.is_restricted]
    _by_hand(
        world, LUPE, people[:90:3],
        {"name": "Safe Zone phone bank", "description": "Volunteers call before the board votes.",
         "visibility": "team"},
    )  # fmt: skip
    mine = [p for p in people if p.author == MARISOL]
    _by_hand(
        world, MARISOL, mine[:9],
        {"name": "Comité de escuelas comunitarias", "description": "Las que ofrecieron ayudar."},
    )  # fmt: skip
    actor = world.actors[PRIYANKA]
    views = SavedView.objects.visible_to(actor).filter(page="people", owner_id=actor.user_id)
    values = {"name": "Spanish mailing", "description": "For letters in Spanish.",
              "visibility": "team", "fed_by": str(views.first().uid)}  # fmt: skip
    command = AddContactList(actor, values)
    command.run()
    world.date_back(command.run_made, world.today)


def _by_hand(world: World, email: str, people: list, values: dict) -> None:
    actor = world.actors[email]
    add = AddContactList(actor, values)
    row = add.run()
    world.date_back(add.run_made, world.today)
    ids = [person.row.pk for person in people]
    seen = Contact.objects.visible_to(actor).filter(pk__in=ids)
    uids = [str(uid) for uid in seen.values_list("uid", flat=True)]
    if uids:
        fill = FillContactList(actor, {"contacts": uids, "revision": row.revision}, instance=row)
        fill.run()
        world.date_back(fill.run_made, world.today)
