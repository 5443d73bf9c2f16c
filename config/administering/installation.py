"""This installation: its name, logo, sender and limits; and whether its mail gets out."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from access.files import file_at
from access.history import history_of
from access.installation import (
    PICTURES,
    ChangeInstallation,
    sender,
    stored,
    this_installation,
)
from access.mailing import goes_out, send_test
from access.middleware import needs
from access.models import User
from access.roles import Action
from lists.views import carry_out


@needs(Action.ADMINISTER)
def installation(request):
    """What holds for everybody who works here."""
    row = stored()
    command = ChangeInstallation(
        request.actor, request.POST or None, request.FILES or None, instance=row
    )
    limits = [field.name for field in command if field.name.startswith("export_rows_")]
    context = {
        "row": row,
        "limits": limits,
        "sender": sender(),
        "goes_out": goes_out(),
        "history": history_of(request.actor, row) if row.pk else [],
    }
    here = reverse("settings:installation")
    said = _("Saved. Every page shows it from now on.")
    return carry_out(request, command, "settings/installation.html", lambda _r: here, context, said)


@needs(Action.ADMINISTER)
def test_mail(request):
    """Send one message to the administrator who asks, and say what became of it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    address = User.objects.get(pk=request.actor.user_id).email
    sent, said = send_test(request.actor, address)
    if sent:
        messages.success(request, said, extra_tags="banner")
    else:
        messages.warning(request, said, extra_tags="banner")
    return redirect("settings:installation")


@needs(Action.PUBLIC)
def logo(request):
    """The logo, for who signs in too. Only a picture, and never as anything else."""
    row = this_installation()
    if not row.logo or row.logo_type not in PICTURES:
        raise Http404
    try:
        source = file_at(row.logo).open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(source, content_type=row.logo_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
