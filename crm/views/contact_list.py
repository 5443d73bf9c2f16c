from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.middleware import needs
from access.roles import Action
from access.views.own import safe_next
from crm.commands import (
    AddContactList,
    ChangeContactList,
    DeleteContactList,
    FillContactList,
    PutOnContactList,
    TakeOffContactList,
)
from crm.commands.contact_list import may_change, may_fill
from crm.lists import CONTACTS, contacts_of, trouble_of
from crm.lists.contact_list import masked_columns
from crm.models import Contact, ContactList, ContactListMember
from crm.views.parts import delete_page, history_steps
from lists.columns import made_of
from lists.models import SavedView
from lists.paging import SIZE, Order, WrongCursor, page_of
from lists.views import at_once, carry_out, row_of


@needs(Action.VIEW_PEOPLE, of=ContactList)
def contact_list(request, uid):
    """A contact list: the people on it that the viewer may see, and what can be done with it."""
    actor = request.actor
    row = row_of(request, ContactList, uid, "owner")
    people = contacts_of(actor, row)
    order = Order(next(c for c in CONTACTS.columns if c.main))
    columns, cursor = masked_columns(), request.GET.get("page", "")
    try:
        page = page_of(people, order, cursor, SIZE, actor=actor, columns=columns)
    except WrongCursor:
        page = page_of(people, order, "", SIZE, actor=actor, columns=columns)
    count, is_more = page.count, page.count_is_more
    tab = "history" if request.GET.get("tab") == "history" else "people"
    may_export = CONTACTS.may_export(actor)
    context = {
        "contact_list": row,
        "tab": tab,
        "list": CONTACTS,
        "sorts": {},
        "columns": columns,
        "rows": CONTACTS.shown(made_of(page.values, columns, actor)),
        "problems": trouble_of(actor, row),
        "view": _view(actor, row),
        "count": count,
        "count_is_more": is_more,
        "pager": {
            "first": page.start,
            "last": page.start + len(page.keys) - 1 if page.keys else 0,
            "count": count,
            "count_is_more": is_more,
            "next": page.next,
            "previous": page.previous,
            "next_url": f"?page={page.next}" if page.next else "",
            "previous_url": f"?page={page.previous}" if page.previous else "",
        },
        "may_change": may_change(actor, row),
        "may_fill": may_fill(actor, row),
        "row_actions": "crm/contact_list_row.html" if may_fill(actor, row) else "",
        "people_url": f"{reverse('crm:people')}?list={row.uid}",
        "export_url": f"{reverse('crm:people_export')}?list={row.uid}" if may_export else "",
        "call_url": reverse("crm:call_sheet", args=[row.uid]) if may_export else "",
    }
    if tab == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "crm/contact_list.html", context)


def _view(actor, row: ContactList) -> SavedView | None:
    """The view that feeds a list, if the viewer sees it."""
    if not row.is_live:
        return None
    return SavedView.objects.visible_to(actor).filter(uid=row.view).first()


def address(row) -> str:
    return reverse("crm:contact_list", args=[row.uid])


@needs(Action.SHARE)
def add_contact_list(request):
    command = AddContactList(request.actor, request.POST or None)
    return carry_out(request, command, "crm/contact_list_form.html", address, said=_("Added."))


@needs(Action.SHARE, of=ContactList)
def change_contact_list(request, uid):
    row = row_of(request, ContactList, uid)
    command = ChangeContactList(request.actor, request.POST or None, instance=row)
    command.allow()
    context = {"contact_list": row}
    return carry_out(request, command, "crm/contact_list_form.html", address, context)


@needs(Action.SHARE, of=ContactList)
def delete_contact_list(request, uid):
    row = row_of(request, ContactList, uid)
    command = DeleteContactList(request.actor, request.POST or None, instance=row)
    to = reverse("crm:contact-lists")
    said = _("Deleted. The people stay. The list can be brought back for 30 days.")
    title = _("Delete this contact list?")
    return delete_page(request, command, title, address(row), to, said=said)


@needs(Action.SHARE, of=ContactList)
def fill_contact_list(request, uid):
    """Put people on the list by name."""
    row = row_of(request, ContactList, uid)
    command = FillContactList(request.actor, request.POST or None, instance=row)
    command.allow()
    context = {"contact_list": row}
    back = address(row)
    return carry_out(
        request, command, "crm/contact_list_fill.html", lambda _row: back, context, _("Added.")
    )


@needs(Action.SHARE, of=ContactList)
def take_off_contact_list(request, uid, part):
    """Take the person that `part` names off the list."""
    row = row_of(request, ContactList, uid)
    members = ContactListMember.objects.visible_to(request.actor).filter(contact_list=row.pk)
    member = members.filter(contact__uid=part).first()
    if member is None:
        raise Http404
    values = {"revision": member.revision, "key": request.POST.get("key", "")}
    command = TakeOffContactList(request.actor, values, instance=member)
    back = safe_next(request, address(row))
    return at_once(request, command, back, _("Taken off the list. The person stays."))


@needs(Action.SHARE, of=Contact)
def put_on_list(request, uid):
    """Put a person on a list; and the lists that she is on."""
    row = row_of(request, Contact, uid)
    members = ContactListMember.objects.visible_to(request.actor).filter(contact=row.pk)
    command = PutOnContactList(request.actor, request.POST or None, instance=row)
    lists = ContactList.objects.visible_to(request.actor)
    on = lists.filter(pk__in=members.values("contact_list_id")).order_by("sort_name", "uid")
    context = {
        "contact": row,
        "on": list(on),
        "any": lists.filter(view__isnull=True).exists(),
    }
    back = reverse("crm:put_on_list", args=[row.uid])
    return carry_out(
        request, command, "crm/put_on_list.html", lambda _row: back, context, _("On the list.")
    )
