"""The few pages that belong to no app."""

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from access.middleware import needs
from access.roles import Action, Role
from config.navigation import groups

HOMES = {
    Role.LEADER: "/dashboards/where/",
    Role.ADMINISTRATOR: "/settings/people/",
    Role.DATA_MANAGER: "/organizations/",
}


@needs(Action.SIGNED_IN)
def home(request):
    """Where each role starts its day."""
    return redirect(HOMES.get(request.actor.role, "/today/"))


@needs(Action.SIGNED_IN)
def more(request):
    """The rest of the menu, for a phone."""
    return render(request, "more.html", {"groups": groups(request)})


@needs(Action.PUBLIC)
def healthz(request):
    """Whether the server and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@needs(Action.PUBLIC)
def robots(request):
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
