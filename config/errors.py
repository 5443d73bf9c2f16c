"""What people see when something goes wrong: what happened, whether it was saved, what to do."""

import logging
import secrets

from django.db import OperationalError
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
    """An error of ours, with a number that finds it in the log."""
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


class BusyDatabaseMiddleware:
    """Answers 503 when the database is locked, full or away: nothing was saved."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error) -> HttpResponse | None:
        if not isinstance(error, OperationalError):
            return None
        log.warning("database refused", exc_info=error)
        if request.path.startswith("/api/"):
            words = _("The database is busy. Nothing was saved. Send it again in a moment.")
            return JsonResponse({"detail": words}, status=503)
        return HttpResponse(loader.get_template("503.html").render({}), status=503)
