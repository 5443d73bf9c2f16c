"""The people who go along with an export of organizations, and whose details stay out of one."""

from collections.abc import Callable
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q

from crm.lists.loading import grouped
from crm.models import Affiliation, Contact
from lists.columns import Texts
from lists.leaving import staying
from lists.pages import PAGES

PEOPLE = "people"


def emails_off(channel: str) -> Q:
    """People whose e-mail addresses stay out of an export for this channel."""
    return Q(no_contact=True) | Q(no_email=True)


def phones_off(channel: str) -> Q:
    """People whose phone numbers stay out of an export for this channel."""
    return Q(no_contact=True) | (Q(no_text=True) if channel == "text" else Q(no_phone=True))


def usable(load: Texts, off: Callable[[str], Q]) -> Callable[[str], Texts]:
    """For an export: the details of people, without those of whom is off the channel."""
    return lambda channel: replace(load, unless=off(channel))


def people_of(actor, organizations, people):
    """Those of the people who belong to one of the organizations today."""
    ties = Affiliation.objects.visible_to(actor).current(actor.today())
    mine = ties.filter(contact_id=OuterRef("pk"), organization__in=organizations)
    return people.filter(Exists(mine))


def names_at(actor, ids) -> dict[int, list[str]]:
    """Who belongs to each organization today, each with her role there: as a page shows it."""
    return _named(actor, ids, Contact.objects.visible_to(actor))


def exported_names(channel: str):
    """The same for an export: without people whom the actor may not take out on this channel."""
    return lambda actor, ids: _named(actor, ids, _taken(actor, channel))


def exported_details(part, column: str, off):
    """For an export: loads the details of the people of each organization, in the same order."""

    def for_export(channel: str):
        def load(actor, ids):
            people = _taken(actor, channel).exclude(off(channel))
            at = list(_ties(actor, ids, people).values_list("organization_id", "contact_id"))
            rows = part.objects.visible_to(actor).filter(contact_id__in={pk for _at, pk in at})
            values = grouped(rows.order_by("id").values_list("contact_id", column))
            return grouped((place, value) for place, pk in at for value in values.get(pk, []))

        return load

    return for_export


def _taken(actor, channel: str):
    """The people whom the actor may take out on this channel."""
    page = PAGES[PEOPLE]
    return staying(page, page.exportable(page.rows(actor), actor), channel)


def _ties(actor, ids, people):
    ties = Affiliation.objects.visible_to(actor).current(actor.today())
    ties = ties.filter(organization_id__in=ids, contact__in=people.order_by().values("pk"))
    return ties.order_by("-is_primary", "contact__sort_name", "id")


def _named(actor, ids, people) -> dict[int, list[str]]:
    found = _ties(actor, ids, people).values_list("organization_id", "contact__name", "role")
    return grouped((pk, f"{name} ({role})" if role else name) for pk, name, role in found)
