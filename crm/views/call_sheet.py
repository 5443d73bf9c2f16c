"""The call sheet of a contact list: numbers on paper, for those whom one may call."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.middleware import needs
from access.roles import Action
from crm.lists import CONTACTS, contacts_of, trouble_of
from crm.lists.loading import linked, parts
from crm.models import Contact, ContactLanguage, ContactList, ContactPhone
from lists.budget import budget_left, take
from lists.columns import Column, read
from lists.confirming import TypedNumber
from lists.leaving import leave_out
from lists.models import Purpose
from lists.views import row_of

MOST = 500  # people on one sheet
CHANNEL = "phone"


class CallSheetForm(forms.Form):
    """What the calls are for, and the number of people typed by hand."""

    words = forms.CharField(
        label=gettext_lazy("What are the calls for?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For whoever reads the record later. No names of people."),
    )
    confirm = TypedNumber()

    def __init__(self, count: int, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.count, self.use_required_attribute = count, False
        self.fields["confirm"].label = _("Type %(count)d to confirm the number of people") % {
            "count": count
        }

    def may_go(self, left: int) -> bool:
        """Whether the sheet may be shown; if not, the errors say why."""
        if not self.is_valid():
            return False
        if self.count == 0:
            self.add_error(
                None, _("There is nobody to call: no one is left. Nothing was recorded.")
            )
        elif self.count > MOST:
            words = _(
                "A call sheet holds %(most)d people at the most, and this is %(count)d. Nothing "
                "was shown. Make a shorter list."
            )
            self.add_error(None, words % {"most": MOST, "count": self.count})
        elif self.count > left:
            self.too_many(left)
        elif self.cleaned_data["confirm"] != self.count:
            words = _("Type the number %(count)d. Nothing was shown yet.")
            self.add_error("confirm", words % {"count": self.count})
        return not self.errors

    def too_many(self, left: int) -> None:
        words = _(
            "This is %(count)d people, and you may take out %(left)d more rows today. Nothing was "
            "shown. Make a shorter list, or ask a data manager."
        )
        self.add_error(None, words % {"count": self.count, "left": max(left, 0)})


@needs(Action.EXPORT, of=ContactList)
def call_sheet(request, uid):
    """Say who will be on the sheet and who not (GET); show it, recorded and counted (POST)."""
    actor = request.actor
    row = row_of(request, ContactList, uid)
    kept, out = to_call(actor, contacts_of(actor, row))
    count, left = kept.order_by().count(), budget_left(actor)
    form = CallSheetForm(count, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {
        "contact_list": row,
        "form": form,
        "count": count,
        "left_out": out,
        "budget": max(left, 0),
        "problems": trouble_of(actor, row),
        "back_url": reverse("crm:contact_list", args=[row.uid]),
    }
    if request.method == "POST" and form.may_go(left):
        if take(actor, "CallSheet", count, _said(row, form)) is not None:
            context |= {"people": _people(actor, kept), "today": actor.today()}
            return render(request, "crm/call_sheet.html", context)
        form.too_many(budget_left(actor))  # another request took the rest meanwhile
    status = 422 if request.method == "POST" else 200
    return render(request, "crm/call_sheet_form.html", context, status=status)


def to_call(actor, people):
    """Those of the people whom the actor may call and has a number of; and (reason, how many) of
    the others.
    """
    out = []
    mine = CONTACTS.exportable(people, actor)
    if others := people.order_by().count() - mine.order_by().count():
        out.append((_("They belong to no partner of yours."), others))
    kept, kept_off = leave_out(CONTACTS, mine, CHANNEL)
    phones = ContactPhone.objects.visible_to(actor).filter(contact_id=OuterRef("pk"))
    known = kept.filter(Q(Exists(phones)))
    if without := kept.order_by().count() - known.order_by().count():
        out.append((_("We know no phone number of them."), without))
    return known, [*kept_off, *out]


def _said(row: ContactList, form: CallSheetForm) -> dict[str, Any]:
    """What the record says beside the number."""
    purpose = Purpose.objects.filter(channel=CHANNEL).order_by("retired", "position").first()
    return {
        "list": "contact-lists",
        "filters": {"list": [str(row.uid)]},
        "columns": ["name", "organization", "phones", "languages"],
        "purpose": purpose.code if purpose else CHANNEL,
        "words": form.cleaned_data["words"],
    }


def _people(actor, kept) -> list[dict[str, str]]:
    """The lines of the sheet, by name."""
    columns = [
        next(c for c in CONTACTS.columns if c.main),
        Column("preferred_name"),
        Column("pronouns"),
        next(c for c in CONTACTS.columns if c.name == "organization"),
        Column("phones", kind="many", load=parts(ContactPhone, "number")),
        Column("languages", kind="many", load=linked(ContactLanguage, "contact_id", "language")),
    ]
    ids = list(kept.order_by("sort_name", "uid").values_list("pk", flat=True)[:MOST])
    seen = Contact.objects.visible_to(actor).filter(pk__in=ids)
    found = {one.pk: one.cells for one in read(seen, columns, actor)}
    return [
        {name: cell.text for name, cell in found[pk].items()}
        | {"role": (found[pk]["organization"].value or {}).get("role", "")}
        for pk in ids
        if pk in found
    ]
