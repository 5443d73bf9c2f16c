"""The few pages that belong to no app."""

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from access.middleware import needs
from access.roles import Action, Role
from config.navigation import groups, waiting
from crm.lists import AFFILIATES, CONTACTS, ORGANIZATIONS
from lists.search import MOST, search
from outreach.lists import EVENTS, PROGRAMS

SEARCHED = (CONTACTS, ORGANIZATIONS, AFFILIATES, PROGRAMS, EVENTS)
BOXES = {"found", "found-here"}  # where hits appear while one types; what is said stands beside
HOMES = {
    Role.LEADER: "/changes/",
    Role.ADMINISTRATOR: "/settings/",
    Role.DATA_MANAGER: "/data/",
}


@needs(Action.SIGNED_IN)
def home(request):
    """Where each role starts its day."""
    return redirect(HOMES.get(request.actor.role, "/today/"))


@needs(Action.VIEW)
def find(request):
    """Find a person, an organization or an affiliate. The text comes by POST only."""
    text = request.POST.get("q", "").strip()[:200] if request.method == "POST" else ""
    hits = search(request.actor, text, SEARCHED) if text else []
    context = {"text": text, "hits": hits, "most": MOST, "is_full": len(hits) == MOST}
    if request.htmx and request.htmx.target in BOXES:
        context["said_in"] = f"{request.htmx.target}-said"
    part = ("#found" if text else "#emptied") if request.htmx else ""
    return render(request, f"find.html{part}", context)


@needs(Action.SIGNED_IN)
def more(request):
    """The rest of the menu, for a phone."""
    return render(request, "more.html", {"groups": groups(request, waiting(request)[0])})


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
