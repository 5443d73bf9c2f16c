"""Who a signed-in user is right now: read anew on every request, so that a change holds at once."""

from functools import cache

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from access.kept import kept
from access.models import Access, Area, Notice, Opening, Stamp, State, User
from access.prepared import Prepared
from access.roles import ROLES, Action, Limit
from access.scope import Actor
from access.settling import every

HERE = -7_402_331  # stands in a statement for the id of a user
FACTS = ("stamp", "has_factor", "has_opening", "has_notice")
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def signed_in(user_id: int) -> User | None:
    """The user of a session, in one statement with all that each of her requests asks of her:
    `stamp` (of access.kept), `has_factor`, `has_opening` and `has_notice`, a fresh one.
    """
    statement, columns = _statement()
    for row in statement.ask({HERE: user_id}):
        user = User.from_db("default", columns, row[: len(columns)])
        for name, fact in zip(FACTS, row[len(columns) :], strict=True):
            setattr(user, name, fact)
        return user
    return None


@cache
def _statement() -> tuple[Prepared, tuple[str, ...]]:
    """The statement of `signed_in`, and the columns that come before the facts: put together once,
    for that takes longer than the database needs to answer.
    """
    columns = tuple(field.attname for field in User._meta.concrete_fields)
    facts = _with_facts().filter(pk=HERE).values_list(*columns, *FACTS)
    return Prepared(facts, planned_once=True), columns


def with_facts(user: User) -> User:
    """The user with the facts of `signed_in`, looked up unless she came with them."""
    return user if hasattr(user, "stamp") else _with_facts().get(pk=user.pk)


def _with_facts():
    mine = {"user_id": OuterRef("pk")}
    return User.objects.annotate(
        stamp=Subquery(Stamp.objects.values("value")[:1]),
        has_factor=Exists(Authenticator.objects.filter(**mine, type__in=FACTORS)),
        has_opening=Exists(Opening.objects.filter(**mine)),
        has_notice=Exists(
            Notice.objects.filter(
                Q(at__gt=OuterRef("notices_seen_at")) | Q(user__notices_seen_at__isnull=True),
                **mine,
            )
        ),
    )


def actor_of(user: User) -> Actor | None:
    """The actor of an active user with an Access, or None."""
    if not user.is_active:
        return None
    found = kept(("access", user.pk), lambda: _access_of(user.pk))
    if found is None:
        return None
    role, state_ids, home_id = found
    with_reason = ROLES[role].get(Action.VIEW_RESTRICTED) == Limit.REASON
    return Actor(
        user_id=user.pk,
        user_uid=user.uid,
        role=role,
        state_ids=state_ids,
        home_id=home_id,
        name=user.name,
        time_zone=user.time_zone,
        language=user.language,
        second_factor=not settings.REQUIRE_SECOND_FACTOR or has_second_factor(user),
        opened=opened_by(user) if with_reason else frozenset(),
    )


def _access_of(user_id: int) -> tuple[str, frozenset[int] | None, int] | None:
    """(role, ids of states or None for all, id of the home) of a user with an Access."""
    rows = every(Access).filter(user_id=user_id)
    found = rows.values_list("pk", "role", "everywhere", "home_id").first()
    if found is None:
        return None
    pk, role, everywhere, home_id = found
    return role, None if everywhere else states_of(pk), home_id


def states_of(access_id: int) -> frozenset[int]:
    """The ids of the states that an Access covers: its single states, and those of its regions."""
    areas = every(Area).filter(access_id=access_id)
    regions = areas.filter(region__isnull=False).values("region_id")
    single = areas.filter(state__isnull=False).values("state_id")
    found = State.objects.filter(Q(region_id__in=regions) | Q(pk__in=single))
    return frozenset(found.values_list("pk", flat=True))


def has_second_factor(user: User) -> bool:
    """Whether signing in as this user asks for a code or a passkey."""
    if hasattr(user, "has_factor"):
        return user.has_factor
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def with_second_factor() -> set[int]:
    """The ids of the users whom signing in asks for a code or a passkey."""
    return set(Authenticator.objects.filter(type__in=FACTORS).values_list("user_id", flat=True))


def opened_by(user: User) -> frozenset:
    """The restricted rows that an administrator opened with a reason, while it lasts."""
    if not getattr(user, "has_opening", True):
        return frozenset()
    open_now = Opening.objects.filter(user_id=user.pk, until__gt=timezone.now())
    return frozenset(open_now.values_list("row_uid", flat=True))
