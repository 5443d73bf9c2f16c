from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from access import registers
from access.middleware import needs
from access.roles import Action
from crm.commands import AddAffiliate, ChangeAffiliate, DeleteAffiliate
from crm.models import Affiliate, Interaction
from crm.views.parts import delete_page, history_steps
from lists.views import carry_out, row_of

RELATED = ("kind", "state", "home")


@needs(Action.VIEW, of=Affiliate)
def affiliate(request, uid):
    """A body of the union, what it is part of and what is part of it."""
    actor = request.actor
    row = row_of(request, Affiliate, uid, *RELATED)
    rows = Affiliate.objects.visible_to(actor)
    logged = Interaction.objects.visible_to(actor).filter(
        affiliate=row, status=Interaction.Status.HELD
    )
    context = {
        "affiliate": row,
        "tab": "history" if request.GET.get("tab") == "history" else "about",
        "parent": rows.filter(pk=row.parent_id).first(),
        "children": list(
            rows.filter(parent=row).select_related("kind").order_by("sort_name")[:200]
        ),
        "figures": list(row.figures.visible_to(actor).order_by("-year", "measure")),
        "staff": list(
            row.employments.visible_to(actor).filter(end__isnull=True).select_related("user")
        ),
        "met_count": logged.count(),
        "pages_beside": registers.pages_beside(actor, row),
        "may_change": actor.may(Action.WRITE_AFFILIATES),
    }
    if context["tab"] == "history":
        context["steps"] = history_steps(actor, row)
    return render(request, "crm/affiliate.html", context)


def address(row) -> str:
    return reverse("crm:affiliate", args=[row.uid])


@needs(Action.WRITE_AFFILIATES)
def add_affiliate(request):
    command = AddAffiliate(request.actor, request.POST or None)
    return carry_out(request, command, "crm/affiliate_form.html", address, said=_("Added."))


@needs(Action.WRITE_AFFILIATES, of=Affiliate)
def change_affiliate(request, uid):
    row = row_of(request, Affiliate, uid, *RELATED)
    command = ChangeAffiliate(request.actor, request.POST or None, instance=row)
    return carry_out(request, command, "crm/affiliate_form.html", address, {"affiliate": row})


@needs(Action.WRITE_AFFILIATES, of=Affiliate)
def delete_affiliate(request, uid):
    row = row_of(request, Affiliate, uid, *RELATED)
    command = DeleteAffiliate(request.actor, request.POST or None, instance=row)
    to = reverse("crm:affiliates")
    title = _("Delete this affiliate?")
    return delete_page(request, command, title, address(row), to)
