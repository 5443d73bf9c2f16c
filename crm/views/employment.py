from django.urls import reverse

from access.middleware import needs
from access.models import Access
from access.roles import Action
from crm.commands import SetEmployment
from crm.models import Employment
from lists.views import carry_out, row_of


@needs(Action.ADMINISTER, of=Access)
def set_employment(request, uid):
    """Which affiliate a user works for: now, and before."""
    access = row_of(request, Access, uid, "user")
    rows = Employment.objects.visible_to(request.actor).filter(user=access.user)
    rows = list(rows.select_related("affiliate").order_by("-start", "-id"))
    now = next((row for row in rows if row.end is None), None)
    first = {"user": access.user, "affiliate": now.affiliate if now else None}
    command = SetEmployment(request.actor, request.POST or None, initial=first)
    context = {"access": access, "person": access.user, "employments": rows}
    back = reverse("access:user", args=[access.uid])
    return carry_out(request, command, "crm/employment_form.html", lambda _row: back, context)
