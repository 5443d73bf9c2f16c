"""The staff of the demonstration: users who can sign in, with roles, areas and employers."""

from collections.abc import Iterator
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from access.actors import actor_of
from access.models import Access, Area, Region, State, User
from access.recording import running
from access.roles import ROLE_NAMES, Role
from access.settling import every
from access.system import demonstrator
from config.demo.affiliates import NATIONAL_NAME
from config.demo.staff import (
    ADMINISTRATOR,
    ALL,
    DATA_MANAGER,
    FORMER,
    LEAD,
    LEADER,
    ORGANIZER,
    OUTSIDE,
    PASSWORD,
    STAFF,
)
from config.demo.world import HANDOVER_DAYS, World, states
from crm.models import Employment

ROLE = {
    ORGANIZER: Role.ORGANIZER,
    LEAD: Role.LEAD,
    LEADER: Role.LEADER,
    DATA_MANAGER: Role.DATA_MANAGER,
    ADMINISTRATOR: Role.ADMINISTRATOR,
}


def add_staff(world: World) -> None:
    """Users with a verified address, one password, a role and areas; then the day it is for all."""
    everyone = (*STAFF, FORMER)
    secret = make_password(PASSWORD)  # once: it is no secret, and slow by design
    users = User.objects.bulk_create(
        User(
            email=it.email,
            name=it.name,
            time_zone=it.time_zone,
            language=it.language,
            password=secret,
            last_login=timezone.now() - timedelta(days=number % 9, hours=number),
        )
        for number, it in enumerate(everyone)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    found = states()
    world.regions = {code: region for code, (_pk, region) in found.items()}
    world.state_ids = {code: pk for code, (pk, _region) in found.items()}
    regions = {row.code: row for row in Region.objects.all()}
    homes = {row.code: row for row in State.objects.all()}
    with running("DemoData", demonstrator()) as work:
        for it, user in zip(everyone, users, strict=True):
            access = Access(
                user=user, role=ROLE[it.role], everywhere=ALL in it.areas, home=homes[it.home]
            )
            access.save()
            for area in it.areas:
                if area in regions:
                    Area(access=access, region=regions[area]).save()
                elif area != ALL:
                    Area(access=access, state=homes["--" if area == OUTSIDE else area]).save()
        run = work.run
    world.staff = {it.email: it for it in everyone}
    world.users = {user.email: user for user in users}
    world.actors = {user.email: actor_of(user) for user in users}
    world.today = min(actor.today() for actor in world.actors.values())
    world.date_back(run, world.start)


def add_employments(world: World) -> None:
    """Organizers and leads work for a state affiliate, everyone else for the national one."""
    by_state = {row.state_id: row for row in world.affiliates.values() if row.kind.code == "state"}
    with running("DemoData", demonstrator()) as work:
        for number, (email, it) in enumerate(world.staff.items()):
            is_near = it.role in (ORGANIZER, LEAD)
            local = by_state.get(world.state_ids[it.home]) if is_near else None
            Employment(
                user=world.users[email],
                affiliate=local or world.affiliates[NATIONAL_NAME],
                start=world.start - timedelta(days=90 + 101 * number),
            ).save()
        run = work.run
    world.date_back(run, world.start)


def let_go(world: World) -> None:
    """The former organizer's employment ended, and she cannot sign in any more."""
    with running("DemoData", demonstrator()) as work:
        row = every(Employment).get(user=world.users[FORMER.email])
        row.end = world.today - timedelta(days=HANDOVER_DAYS)
        row.save()
        run = work.run
    world.date_back(run, row.end)
    User.objects.filter(pk=world.users[FORMER.email].pk).update(is_active=False)


def accounts() -> Iterator[tuple[str, str, str]]:
    """(role, e-mail, areas in words) of the first account of each role."""
    emails = [it.email for it in STAFF]
    rows = every(Access).filter(user__email__in=emails, user__is_active=True)
    found = {row.user.email: row for row in rows.select_related("user")}
    shown = set()
    for email in emails:
        access = found.get(email)
        if access and access.role not in shown:
            shown.add(access.role)
            yield str(ROLE_NAMES[access.role]), email, _areas_of(access)


def _areas_of(access: Access) -> str:
    if access.everywhere:
        return "all areas"
    rows = every(Area).filter(access_id=access.pk).order_by("pk").select_related("region", "state")
    return ", ".join(str(row.region or row.state) for row in rows)
