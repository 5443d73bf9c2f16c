"""Calendars: a file of somebody else's becomes a draft, and one's own feed."""

import re
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.actors import actor_of
from access.installation import this_installation
from access.middleware import needs
from access.models import Access
from access.roles import Action
from outreach.commands import EndFeed, MakeFeed
from outreach.ical import calendar_of
from outreach.ical_reading import Draft, Unreadable, drafts
from outreach.models import CalendarFeed, Event
from outreach.views.event import address as event_address
from outreach.views.event import draft_form

SECRET = re.compile(r"[A-Za-z0-9_-]{20,64}")
BACK, AHEAD = timedelta(days=92), timedelta(days=400)  # the days that a feed tells of
MOST = 1_000  # events of a feed
SELDOM = timedelta(hours=1)  # how often it is written down that a feed was read


class CalendarFile(forms.Form):
    """A calendar file to read."""

    file = forms.FileField(
        label=gettext_lazy("Calendar file"),
        help_text=gettext_lazy("A file that ends in .ics, of one event or of many."),
        widget=forms.FileInput({"accept": ".ics,text/calendar"}),
    )


@needs(Action.WRITE)
def read_calendar(request):
    """Read a calendar file: one event opens its form, of several one is chosen. Nothing is saved
    before that form is.
    """
    form = CalendarFile(request.POST or None, request.FILES or None)
    form.use_required_attribute = False
    found: list[Draft] = []
    said: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read()
            found, said = drafts(data, request.actor.time_zone or "UTC")
        except Unreadable as problem:
            form.add_error("file", str(problem))
    if len(found) == 1 and not said:
        return _one(request, found[0])
    context = {"form": form, "drafts": found, "said": said}
    status = 422 if form.errors else 200
    return render(request, "outreach/read_calendar.html", context, status=status)


def _one(request, draft: Draft):
    """The form of an event, filled with the draft; the event itself where it is one of ours."""
    uid = draft.own_uid
    ours = Event.objects.visible_to(request.actor).filter(uid=uid).first() if uid else None
    if ours is not None:
        messages.info(request, _("This event is here already."), extra_tags="banner")
        return redirect(event_address(ours))
    return draft_form(request, draft.initial(), draft.repeats)


@needs(Action.VIEW)
def my_feed(request):
    """One's own feed: make its address, which is told once, make a new one, or end it."""
    access = Access.objects.visible_to(request.actor).get(user_id=request.actor.user_id)
    command = MakeFeed(request.actor, request.POST or None, instance=access)
    url = ""
    if command.is_bound and command.attempt() is not None:
        if command.repeated:
            text = _("The address was made and shown already. Make a new one if you lost it.")
            messages.warning(request, text, extra_tags="banner")
            return redirect("outreach:my_feed")
        url = request.build_absolute_uri(reverse("outreach:feed", args=[command.secret]))
    feed = CalendarFeed.objects.filter(user_id=request.actor.user_id).first()
    context = {"command": command, "feed": feed, "url": url, "revision": access.revision}
    status = command.status if command.errors else 200
    response = render(request, "outreach/my_feed.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


@needs(Action.VIEW)
def end_feed(request):
    """End one's feed."""
    access = Access.objects.visible_to(request.actor).get(user_id=request.actor.user_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    command, back = (
        EndFeed(request.actor, request.POST, instance=access),
        reverse("outreach:my_feed"),
    )
    if command.attempt() is None:
        context = {"command": command, "back_url": back}
        return render(request, "not_done.html", context, status=command.status)
    text = _("Ended. The address gives nothing from now on.")  # for good: its secret is gone
    messages.success(request, text, extra_tags="banner")
    return redirect(back)


@needs(Action.PUBLIC)
def feed(request, token):
    """The events of whoever made this address, with her rights of this moment; nothing once it was
    ended, or she may not sign in any more.
    """
    secret = token.removesuffix(".ics")
    row = None
    if SECRET.fullmatch(secret):
        digest = CalendarFeed.digest_of(secret)
        row = CalendarFeed.objects.filter(digest=digest).select_related("user").first()
    actor = actor_of(row.user) if row else None
    if row is None or actor is None:
        raise Http404
    now = timezone.now()
    if row.read_at is None or row.read_at < now - SELDOM:
        CalendarFeed.objects.filter(pk=row.pk).update(read_at=now)
    today = actor.today()
    events = Event.objects.visible_to(actor).filter(
        last_day__gte=today - BACK, day__lte=today + AHEAD
    )
    if row.what == CalendarFeed.What.MINE:
        events = events.filter(owner_id=row.user_id)
    name = this_installation().name or str(_("Partnerships"))
    body = calendar_of(events.order_by("day", "pk")[:MOST], name, is_feed=True)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "no-store, private"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
