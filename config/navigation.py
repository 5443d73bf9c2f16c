"""The menu, by role. Who may do what is decided by access.roles alone; this only leaves out."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.installation import this_installation
from access.models import Notice
from access.notices import fresh
from access.ranges import Counts
from access.roles import Action, Role
from access.scope import Actor
from crm.models import Task

at = cache(reverse)  # the address of a page that has but one


@dataclass
class Item:
    """One entry of the menu."""

    label: Any
    icon: str
    url: str
    current: bool = False
    count: int | None = None
    is_log: bool = False
    needs: Action = field(default=Action.SIGNED_IN)


def waiting(request) -> tuple[int, int]:
    """(follow-ups that are due, notices that are new) of the viewer, in one statement."""
    actor, user = request.actor, request.user
    due, new = _waiting(
        actor, actor.today(), getattr(user, "has_notice", True), user.notices_seen_at
    ).ask()
    return due, new


@lru_cache(maxsize=512)
def _waiting(actor: Actor, today: date, has_notice: bool, seen_at: datetime | None) -> Counts:
    due, new = Task.objects.none(), Notice.objects.none()
    if actor.may(Action.LOG):
        mine = Task.objects.visible_to(actor).filter(owner_id=actor.user_id)
        due = mine.filter(status=Task.Status.OPEN, due__lte=today).values("pk")
    if has_notice:
        new = fresh(actor, seen_at)
    return Counts(due, new)


def groups(request, due: int | None = None) -> list[list[Item]]:
    """The side menu in groups, without what the role cannot use."""
    actor = request.actor
    wanted = [
        [
            Item(_("Today"), "home", at("crm:today"), needs=Action.LOG),
            Item(_("Organizations"), "partners", at("crm:organizations"), needs=Action.VIEW),
            Item(_("People"), "people", at("crm:people"), needs=Action.VIEW_PEOPLE),
            Item(_("Contact lists"), "doc", at("crm:contact-lists"), needs=Action.VIEW_PEOPLE),
            Item(_("Meetings"), "chat", at("crm:interactions"), needs=Action.VIEW_MEETINGS),
            Item(
                _("Follow-ups"),
                "task",
                at("crm:follow-ups") + "?view=first&mine=yes&status=open",
                count=due or None,
                needs=Action.VIEW_TASKS,
            ),
            Item(_("Events"), "calendar", at("outreach:month"), needs=Action.VIEW),
        ],
        [
            Item(_("Affiliates"), "affiliate", at("crm:affiliates"), needs=Action.VIEW),
            Item(_("Programs"), "steps", at("outreach:programs"), needs=Action.VIEW),
        ],
        [
            # Who has data tools finds her exports there.
            Item(_("Data tools"), "upload", at("crm:data"), needs=Action.IMPORT)
            if actor.may(Action.IMPORT)
            else Item(_("My exports"), "download", at("lists:exports"), needs=Action.EXPORT)
        ],
        [
            Item(_("What changed"), "chart", at("changes"), needs=Action.FIGURES),
            Item(_("Where we are active"), "map", at("dashboards:where"), needs=Action.FIGURES),
            Item(_("The five steps"), "chart", at("dashboards:steps"), needs=Action.FIGURES),
            Item(_("Who came to events"), "chart", at("dashboards:events"), needs=Action.FIGURES),
        ],
        [
            Item(_("Settings"), "settings", at("settings:home"), needs=Action.ADMINISTER),
            Item(_("API"), "link", at("api_docs"), needs=Action.IMPORT),
            Item(_("My account"), "user", at("access:account")),
        ],
    ]
    found = [[item for item in group if actor.may(item.needs)] for group in wanted]
    _mark(request, [item for group in found for item in group])
    return [group for group in found if group]


def _mark(request, items: list[Item]) -> None:
    """Say where the viewer is: at the item that her address begins with, or that it belongs to.

    What belongs to a program (a step, a power map, a survey), and each event, has an address of its
    own.
    """
    match = request.resolver_match
    for item in items:
        item.current = request.path.startswith(item.url.partition("?")[0])
    if match and match.namespace == "outreach" and not any(item.current for item in items):
        places = at("outreach:events"), at("outreach:attendances")
        is_event = request.path.startswith(places)
        whole = at("outreach:month" if is_event else "outreach:programs")
        for item in items:
            item.current = item.url == whole


def log_url(request) -> str:
    """Where to log a meeting: with the partner or the person whose record is open filled in."""
    url, match = at("crm:log_interaction"), request.resolver_match
    about = {"crm:organization": "organization", "crm:contact": "contact"}
    name = about.get(match.view_name) if match else None
    return f"{url}?{name}={match.kwargs['uid']}" if name else url


def tabs(request) -> list[Item]:
    """The five places of a phone's tab bar."""
    actor = request.actor
    partners = Item(_("Partners"), "partners", at("crm:organizations"))
    people = Item(_("People"), "people", at("crm:people"))
    where = Item(_("Where"), "map", at("dashboards:where"))
    events = Item(_("Events"), "calendar", at("outreach:month"))
    changed = Item(_("What changed"), "chart", at("changes"))
    more = Item(_("More"), "menu", at("more"))
    log = Item(_("Log meeting"), "log", log_url(request), is_log=True)
    today = Item(_("Today"), "home", at("crm:today"))
    found = [today, partners, log, events, more]
    if not actor.may(Action.LOG):
        found = [
            where,
            partners,
            people,
            Item(_("Affiliates"), "affiliate", at("crm:affiliates")),
            more,
        ]
        if actor.role == Role.LEADER:
            found[0], found[2], found[3] = changed, events, where
        if actor.role == Role.ADMINISTRATOR:
            found[3] = Item(_("Settings"), "settings", at("settings:home"))
    for item in found:
        item.current = request.path.startswith(item.url.partition("?")[0])
    events.current = request.path.startswith(at("outreach:events"))
    return found


def brand() -> dict[str, str]:
    """The name and the logo of this installation, for the frame of every page."""
    row = this_installation()
    logo = f"{reverse('settings:logo')}?v={row.logo[:8]}" if row.logo else ""
    return {"name": row.name or str(_("Partnerships")), "logo": logo}


def shell(request) -> dict[str, Any]:
    """What every page's frame needs; None when nobody is signed in.

    What asks the database is worked out when a template comes to it: a part of a page and an error
    do without.
    """
    actor = getattr(request, "actor", None)
    language_url = at("access:language")
    offered = [
        (code, name)
        for code, name in settings.LANGUAGES
        if code != getattr(request, "LANGUAGE_CODE", "en")
    ]
    if actor is None or not request.user.is_authenticated:
        return {
            "shell": None,
            "brand": cache(brand),
            "language_url": language_url,
            "languages": offered,
        }
    may_log = actor.may(Action.LOG)
    counts = cache(lambda: waiting(request))
    return {
        "brand": cache(brand),
        "shell": {
            "nav": cache(lambda: groups(request, counts()[0])),
            "tabs": cache(lambda: tabs(request)),
            "log_url": log_url(request) if may_log else None,
            "log_is_main": request.resolver_match and request.resolver_match.view_name in MAIN_LOG,
            "search_url": at("find"),
            "notices_url": at("access:notices"),
            "notices": lambda: counts()[1],
            "initials": "".join(part[0] for part in actor.name.split()[:2]).upper(),
            "name": actor.name,
            "account_url": at("access:account"),
            "languages": offered,
            "language_url": language_url,
            "hide_url": at("access:hide"),
            "theme": request.user.theme,
            "keys": request.user.keys,
            "demo": settings.DEMO,
        },
    }


MAIN_LOG = {
    "crm:organizations",
    "crm:people",
    "crm:interactions",
    "crm:affiliates",
    "dashboards:where",
    "changes",
}
