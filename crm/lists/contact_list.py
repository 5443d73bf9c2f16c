"""Contact lists: who is on them, and the list of them."""

from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.kept import kept
from access.ranges import Counts
from access.roles import Action
from crm.commands import AddContactList, ChangeContactList
from crm.commands.contact_list import ON_LIST, PEOPLE
from crm.lists.loading import parts
from crm.models import Contact, ContactEmail, ContactList, ContactListMember, ContactPhone
from lists import filters
from lists.columns import Column, options
from lists.models import SavedView
from lists.pages import PAGES, ListPage
from lists.paging import CAP
from lists.saved_views import Asking
from lists.templatetags.shown import mask_email, mask_phone


def contacts_of(actor, contact_list: ContactList):
    """The people on a contact list that the actor may see, as a query set to narrow further.

    Nobody for a list that she does not see, or whose view is gone: `trouble_of` says why.
    """
    return _found(actor, contact_list)[0]


def trouble_of(actor, contact_list: ContactList) -> list[str]:
    """Why a list that is fed by a view shows nobody, in sentences; none when all is well."""
    return _found(actor, contact_list)[1]


def _found(actor, contact_list: ContactList) -> tuple[Any, list[str]]:
    nobody = Contact.objects.none()
    if not ContactList.objects.visible_to(actor).filter(pk=contact_list.pk).exists():
        return nobody, []
    if not contact_list.is_live:
        members = ContactListMember.objects.visible_to(actor).filter(
            contact_list=contact_list.pk, contact_id=OuterRef("pk")
        )
        return Contact.objects.visible_to(actor).filter(Exists(members)), []
    return fed_by(actor, contact_list.view)


def fed_by(actor, uid) -> tuple[Any, list[str]]:
    """The people whom a view shows the actor, and why it shows nobody."""
    nobody = Contact.objects.none()
    views = SavedView.objects.visible_to(actor).filter(page=PEOPLE)
    view = kept(("view", actor.rights, uid), views.filter(uid=uid).first)
    if view is None or ON_LIST in view.query:
        return nobody, [_("The view that feeds this list is not there, or is not shared with you.")]
    asking: Any = Asking(actor)
    found = PAGES[PEOPLE].find(asking, QueryDict(view.parameters))
    return found.rows, found.problems


class OnList(filters.OfRows):
    """People on any of several contact lists, by uid."""

    of = ContactList

    def __init__(self, label, **kwargs):
        super().__init__(label=label, **kwargs)

    def look_up(self, actor):
        return ContactList.objects.visible_to(actor).order_by("sort_name", "uid")

    def offered_to(self, actor):
        return actor.rights

    def filter(self, rows, value):
        if not value:
            return rows
        actor, on = self.parent.request.actor, None
        for contact_list in value:
            found = contacts_of(actor, contact_list).order_by().values("pk")
            one = rows.filter(pk__in=found)
            on = one if on is None else on | one
        return on


def people_on(actor, ids) -> dict[int, int]:
    """How many people that the actor sees are on each list: two statements, however many lists."""
    members = ContactListMember.objects.visible_to(actor).filter(contact_list_id=OuterRef("pk"))
    counted = members.order_by().values("contact_list_id").annotate(n=Count("pk")).values("n")
    rows = ContactList.objects.visible_to(actor).filter(pk__in=ids)
    told = list(rows.values_list("pk", "view", Coalesce(Subquery(counted), 0)))
    found = {pk: n for pk, _view, n in told}
    live = {pk: fed_by(actor, view)[0] for pk, view, _n in told if view is not None}
    counts = Counts(*(people.order_by().values("pk")[: CAP + 1] for people in live.values()))
    return found | {pk: min(n, CAP) for pk, n in zip(live, counts.ask(), strict=True)}


def how_kept(parts: tuple) -> str:
    """Whether people are put on a list by hand."""
    return _("By hand") if parts[0] is None else _("By a view")


def how_kept_said() -> Any:
    """The same as an expression."""
    return Case(When(view=None, then=Value(_("By hand"))), default=Value(_("By a view")))


class ContactLists(ListPage):
    """Named lists of people."""

    model, name, title = ContactList, "contact-lists", gettext_lazy("Contact lists")
    one, icon = gettext_lazy("Contact list"), "doc"
    record, add_url = "crm:contact_list", "crm:add_contact_list"
    action = Action.VIEW_PEOPLE
    add, change = AddContactList, ChangeContactList
    order, search_in = "name", "sort_name"
    sub = ("description",)
    empty_text = gettext_lazy(
        "Lists of people for calls, mailings and invitations appear here when somebody makes one."
    )
    columns = [
        Column("name", gettext_lazy("Contact list"), sort="sort_name", main=True),
        Column("description", gettext_lazy("What it is for"), on_page=False),
        Column("people", gettext_lazy("People"), kind="number", load=people_on),
        Column(
            "kept",
            gettext_lazy("Kept"),
            reads=("view",),
            made=how_kept,
            said=how_kept_said,
            in_api=False,
        ),
        Column(
            "visibility",
            gettext_lazy("Who sees it"),
            choices=options(ContactList, "visibility"),
        ),
        Column("owner", gettext_lazy("Kept by"), kind="user"),
    ]
    filters = {
        "mine": filters.Flag(
            lambda rows, actor: rows.filter(owner_id=actor.user_id), gettext_lazy("Mine")
        ),
        "live": filters.Flag(
            lambda rows, actor: rows.filter(view__isnull=False), gettext_lazy("Fed by a view")
        ),
    }


def _masked(part, column: str, mask):
    """Loads the values of small rows, each masked."""
    load = parts(part, column)
    return lambda actor, ids: {
        pk: [mask(value) for value in values] for pk, values in load(actor, ids).items()
    }


def masked_columns() -> list[Column]:
    """What the page of a contact list shows of each person: phones and e-mails are masked."""
    found = {c.name: c for c in PAGES[PEOPLE].columns}
    return [
        found["name"],
        found["organization"],
        Column("phones", _("Phone"), kind="many", load=_masked(ContactPhone, "number", mask_phone)),
        Column("emails", _("E-mail"), kind="many", load=_masked(ContactEmail, "email", mask_email)),
        found["keep_off"],
    ]
