"""Who a signed-in user is right now: read anew on every request, so that a change holds at once."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from access.models import Access, Area, Opening, State, User
from access.roles import ROLES, Action, Limit
from access.scope import Actor
from access.settling import every


def actor_of(user: User) -> Actor | None:
    """The actor of an active user with an Access, or None."""
    if not user.is_active:
        return None
    access = (
        every(Access)
        .filter(user_id=user.pk)
        .values_list("pk", "role", "everywhere", "home_id")
        .first()
    )
    if access is None:
        return None
    pk, role, everywhere, home_id = access
    return Actor(
        user_id=user.pk,
        user_uid=user.uid,
        role=role,
        state_ids=None if everywhere else states_of(pk),
        home_id=home_id,
        name=user.name,
        time_zone=user.time_zone,
        language=user.language,
        second_factor=not settings.REQUIRE_SECOND_FACTOR or has_second_factor(user),
        opened=opened_by(user)
        if ROLES[role].get(Action.VIEW_RESTRICTED) == Limit.REASON
        else frozenset(),
    )


def states_of(access_id: int) -> frozenset[int]:
    """The ids of the states that an Access covers: its single states, and those of its regions."""
    areas = every(Area).filter(access_id=access_id)
    regions = areas.filter(region__isnull=False).values("region_id")
    single = areas.filter(state__isnull=False).values("state_id")
    found = State.objects.filter(Q(region_id__in=regions) | Q(pk__in=single))
    return frozenset(found.values_list("pk", flat=True))


def has_second_factor(user: User) -> bool:
    """Whether signing in as this user asks for a code or a passkey."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists()


def with_second_factor() -> set[int]:
    """The ids of the users whom signing in asks for a code or a passkey."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return set(Authenticator.objects.filter(type__in=kinds).values_list("user_id", flat=True))


def opened_by(user: User) -> frozenset:
    """The restricted rows that an administrator opened with a reason, while it lasts."""
    open_now = Opening.objects.filter(user_id=user.pk, until__gt=timezone.now())
    return frozenset(open_now.values_list("row_uid", flat=True))
