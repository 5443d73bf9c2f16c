"""What can this person see, and why? Answered by the rules themselves, and recorded."""

import re
from uuid import UUID

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import audit
from access.actors import actor_of
from access.middleware import needs
from access.models import Access, Area, State
from access.rights_in_words import rights_of
from access.roles import Action
from access.scope import Visibility
from access.seeing import sees
from config.pages import SEARCHED
from crm.models import Contact, Organization
from lists.search import search
from lists.views import row_of


class AskForm(forms.Form):
    """Which row: its address, or part of a name."""

    row = forms.CharField(
        label=gettext_lazy("Address of a page, or a name"),
        max_length=300,
        help_text=gettext_lazy(
            "Names find organizations, people and affiliates that you see yourself."
        ),
    )

    @property
    def uid(self) -> UUID | None:
        """The uid in a pasted address, if it is one."""
        path = re.split("[?#]", self.cleaned_data["row"].strip())[0]
        for part in reversed(path.split("/")):
            try:
                return UUID(part)
            except ValueError:
                continue
        return None


@needs(Action.ADMINISTER, of=Access)
def sees_what(request, uid):
    """What a user sees in general, and whether she sees one row."""
    access = row_of(request, Access, uid, "user", "home")
    person = access.user
    form = AskForm(request.POST or None)
    context = {
        "access": access,
        "person": person,
        "form": form,
        "areas": _areas(request.actor, access),
        "rights": list(rights_of(access.role)),
        "counts": _counts(request.actor, person),
    }
    status = 200
    if request.method == "POST":
        status = 200 if form.is_valid() else 422
        if form.is_valid() and form.uid:
            words = {"about": person.name}
            audit.record("AskedWhatIsSeen", request.actor, row=form.uid, words=words)
            context["answer"] = sees(request.actor, person, form.uid)
            context |= {"asked": True, "form": AskForm()}  # no page shows a uid
        elif form.is_valid():
            context["hits"] = search(request.actor, form.cleaned_data["row"], SEARCHED)
            context["searched"] = True
    return render(request, "settings/sees.html", context, status=status)


def _areas(actor, access: Access) -> str:
    if access.everywhere:
        return _("All areas")
    areas = Area.objects.visible_to(actor).filter(access=access).select_related("region", "state")
    return ", ".join(str(area) for area in areas.order_by("id")) or _("None")


def _counts(asker, person) -> dict[str, int] | None:
    """How many organizations and people both see, restricted ones aside; and in how many states."""
    actor = actor_of(person)
    if actor is None:
        return None
    partners = Organization.objects.visible_to(asker)
    people = Contact.objects.visible_to(asker).filter(visibility=Visibility.TEAM)
    theirs = Contact.objects.visible_to(actor).values("pk")
    all_of_them = State.objects.exclude(code=State.OUTSIDE).count()
    return {
        "organizations": partners.filter(
            pk__in=Organization.objects.visible_to(actor).values("pk")
        ).count(),
        "people": people.filter(pk__in=theirs).count(),
        "states": all_of_them if actor.everywhere else len(actor.state_ids or ()),
    }
