"""Colleagues, whom everybody here knows: found by name for a picker."""

from django.http import HttpResponseNotAllowed, JsonResponse

from access.middleware import ActorRequest, needs
from access.models import User
from access.roles import Action
from lists.folding import MOST, fold

SHOWN = 12


@needs(Action.SIGNED_IN)
def colleague_choices(request: ActorRequest):
    """Up to twelve active users in whose name each typed word begins a word, by POST only."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    words = fold(request.POST.get("q", "")[:MOST]).split()
    people = User.objects.filter(is_active=True).order_by("name", "pk").values_list("uid", "name")
    found = []
    for uid, name in people.iterator():
        parts = fold(name).split()
        if all(any(part.startswith(word) for part in parts) for word in words):
            found.append({"uid": str(uid), "label": name, "hint": ""})
            if len(found) == SHOWN:
                break
    return JsonResponse({"choices": found})
