"""Gives each request its actor, and refuses any view that does not say who may use it."""

import importlib
import time
import zoneinfo
from functools import cache

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django_htmx.middleware import HtmxDetails

from access import kept
from access.actors import actor_of, with_facts
from access.roles import GUARDED, Action
from access.scope import Actor


class ActorRequest(HttpRequest):
    """For annotations: a request as it reaches a view that needs more than PUBLIC."""

    actor: Actor
    htmx: HtmxDetails


def needs(action: Action, of=None):
    """Say what one must be allowed to do to use a view, and which model's row its address names."""

    def mark(view):
        view.needs, view.of = action, of
        return view

    return mark


def needed_by(view, view_name: str = "") -> Action | None:
    """The action that a view is marked with, or that LIBRARY_VIEWS gives a library's view."""
    marked = getattr(getattr(view, "cls", view), "needs", None)
    return marked if marked is not None else library_views().get(view_name)


def record_of(view):
    """The model whose row the view's address names, or None."""
    return getattr(getattr(view, "cls", view), "of", None)


def is_api(view) -> bool:
    """Whether the view is an endpoint, which signs in by itself (token or cookie)."""
    return hasattr(getattr(view, "cls", None), "authentication_classes")


@cache
def library_views() -> dict[str, Action]:
    return importlib.import_module(settings.ROOT_URLCONF).LIBRARY_VIEWS


class AccessMiddleware:
    """Sets request.actor, the viewer's time zone and language, and keeps signed-in pages out of
    caches.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = None
        with kept.request():
            response = self.get_response(request)
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES  # also where no view was found
        if signed_in or request.actor is not None or getattr(request, "auth", None):
            patch_cache_control(response, no_store=True, private=True)
        timezone.deactivate()
        return response

    def process_view(self, request, view, args, kwargs):
        name = request.resolver_match.view_name
        action = needed_by(view, name)
        if action is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} has no @needs().")
        if is_api(view):
            return None  # the endpoint knows its user only in initial(), and checks there
        if request.user.is_authenticated:
            sign_in(request, request.user)
            if request.actor is None or is_over(request):
                request.actor = None
                logout(request)
        if action == Action.PUBLIC:
            return None
        if request.actor is None:
            return redirect_to_login(request.get_full_path())
        check(request.actor, action, request)
        if action in GUARDED and not request.actor.second_factor:
            return redirect("access:second_factor")
        return None


def is_over(request) -> bool:
    """Whether the session has lasted for SESSION_COOKIE_AGE, or rested for SESSION_IDLE, seconds.

    Notes this request: once a minute at the most, so that reading pages does not write each time.
    """
    now, session = int(time.time()), request.session
    began, seen = session.get("began_at", now), session.get("seen_at", now)
    if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE:
        return True
    if "began_at" not in session or now - seen >= 60:
        session["began_at"], session["seen_at"] = began, now
        UserSession.objects.create_from_request(request)  # the page "Sessions" shows when and where
    return False


def sign_in(request, user) -> None:
    """Give the request its actor, and show it in her language and time zone."""
    user = with_facts(user)
    kept.use(user.stamp)
    request.actor = actor_of(user)
    if request.actor is not None:
        timezone.activate(zoneinfo.ZoneInfo(request.actor.time_zone))
        if user.language in dict(settings.LANGUAGES):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language


def check(actor, action: Action, request=None) -> None:
    """Raise PermissionDenied unless the actor may do this."""
    if not actor.may(action):
        raise PermissionDenied
