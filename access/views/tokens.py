"""My tokens for the API: make one, see it once, revoke it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from access.api_tokens import MOST, MakeToken, RevokeToken, tokens_of
from access.asking_again import ask_again, is_sure
from access.installation import this_installation
from access.middleware import needs
from access.models import Access, Token
from access.roles import GUARDED, Action

KEPT = "token"  # where the session keeps what was typed while the password is asked for


@needs(Action.SIGNED_IN)
def tokens(request):
    """My tokens, and a form to make one; the new one is in the answer, and nowhere after it."""
    command = MakeToken(request.actor, request.POST or None, instance=_mine(request))
    if not command.is_bound:
        if kept := request.session.pop(KEPT, None):
            command.initial |= kept
        return _page(request, command)
    if _needs_second_factor(request.actor):
        return redirect("access:second_factor")
    if not command.is_valid():
        return _page(request, command, 422)
    if not is_sure(request):
        kept = {name: command.cleaned_data[name] for name in ("name", "days")}
        return ask_again(request, kept, "access.views.tokens.go_on")
    if command.attempt() is None:
        return _page(request, command, command.status)
    if command.repeated:
        text = _("This token was made and shown already. If you did not keep it, revoke it.")
        messages.warning(request, text)
        return redirect("access:tokens")
    context = {"token": command.token, "row": command.made, "address": _api(request)}
    return render(request, "access/token_made.html", context)


def _mine(request) -> Access:
    return Access.objects.visible_to(request.actor).get(user_id=request.actor.user_id)


def _needs_second_factor(actor) -> bool:
    """Whether a token, which takes rows out as an export does, is not to be made yet."""
    return Action.EXPORT in GUARDED and not actor.second_factor


def _api(request) -> str:
    return request.build_absolute_uri("/api/v1/")


def _page(request, command, status=200):
    context = {
        "command": command,
        "tokens": list(tokens_of(request.actor.user_id)),
        "most": MOST,
        "needs_second_factor": _needs_second_factor(request.actor),
        "asks_again": not is_sure(request),
        "minutes": this_installation().password_again_minutes,
    }
    return render(request, "access/tokens.html", context, status=status)


def go_on(request, kept):
    """Back to the form after the password, with what was typed."""
    request.session[KEPT] = kept
    messages.success(
        request,
        _("It is you. All is as you left it, and no token is made yet: go on below."),
        extra_tags="banner",
    )
    return redirect("access:tokens")


@needs(Action.SIGNED_IN, of=Token)
def revoke_token(request, uid):
    """Ask whether one of my tokens is to end, and end it."""
    row = tokens_of(request.actor.user_id).filter(uid=uid).first()
    if row is None:
        raise Http404
    data = request.POST.dict() | {"token": row.uid} if request.method == "POST" else None
    command = RevokeToken(request.actor, data, instance=_mine(request))
    if command.attempt() is not None:
        text = _("Revoked: %(name)s. The next request with it is refused.") % {"name": row.name}
        messages.success(request, text, extra_tags="banner")
        return redirect("access:tokens")
    context = {"command": command, "row": row, "back_url": reverse("access:tokens")}
    status = command.status if command.is_bound else 200
    return render(request, "access/revoke_token.html", context, status=status)
