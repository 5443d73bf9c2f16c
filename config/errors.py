"""What people see when something goes wrong: what happened, whether it was saved, what to do."""

import logging
import secrets
import sys

from django.db import InterfaceError, OperationalError
from django.http import (
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseServerError,
    JsonResponse,
)
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from access.views.own import hide

log = logging.getLogger("partnerships.errors")

AWAY = (OperationalError, InterfaceError)
COME_AGAIN = 10  # seconds: Retry-After of a 503


def csrf_failure(request, reason=""):
    """The form came without its proof, mostly because the page was open for a long time.

    Hide now works all the same: to sign somebody out against her will harms nobody.
    """
    if request.path == reverse("access:hide"):
        return hide(request)
    return render(request, "403_csrf.html", status=403)


def not_found(request, exception):
    """An address that leads nowhere; in JSON for callers of the API."""
    if request.path.startswith("/api/"):
        words = _("There is nothing here, or nothing that you may see.")
        return JsonResponse({"detail": words}, status=404)
    return page_not_found(request, exception)


def server_error(request):
    """An error of ours, with a number that finds it in the log; 503 where the database was away."""
    if isinstance(error := sys.exception(), AWAY):  # outside a view: as the session was read
        return busy(request, error)
    reference = secrets.token_hex(4).upper()
    log.error("server error shown", extra={"reference": reference})
    if request.path.startswith("/api/"):
        words = _("An error of ours, number %(reference)s.") % {"reference": reference}
        return JsonResponse({"detail": words}, status=500)
    return HttpResponseServerError(loader.get_template("500.html").render({"reference": reference}))


class OnlyUtf8Middleware:
    """Refuses a body or query in another encoding, some of which Python cannot read text with."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        charset = request.content_params.get("charset", "utf-8").lower()
        if charset not in {"utf-8", "utf8", "us-ascii"}:
            return HttpResponseBadRequest("Send UTF-8.", content_type="text/plain")
        return self.get_response(request)


def busy(request, error) -> HttpResponse:
    """The database is locked, full or away: whether anything was saved, and when to come again."""
    unsure = getattr(error, "unsure", False)
    if request.path.startswith("/api/"):
        words = _("The database is busy. Nothing was saved. Send it again in a moment.")
        if unsure:
            words = _(
                "The database went away at the last moment: whether this was saved is not certain. "
                "Send it again with the same key; nothing is saved twice."
            )
        response: HttpResponse = JsonResponse({"detail": words}, status=503)
    else:
        words = loader.get_template("503.html").render({"unsure": unsure})
        response = HttpResponse(words, status=503)
    response["Retry-After"] = str(COME_AGAIN)
    return response


class BusyDatabaseMiddleware:
    """Answers 503 when a view finds the database locked, full or away."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error) -> HttpResponse | None:
        if not isinstance(error, AWAY):
            return None
        log.warning("database refused", exc_info=error)
        return busy(request, error)
