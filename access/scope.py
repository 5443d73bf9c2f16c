"""Who is asking, and which rows that lets them see."""

import copy
import zoneinfo
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.roles import ROLES, Action, Limit

SYSTEM = "system"  # the role of work that nobody signed in for: nightly upkeep, loading, erasing


class Unscoped(RuntimeError):
    """A query was started without saying who is asking."""


@dataclass(frozen=True)
class Rights:
    """All that decides which rows are seen. Rules of visibility get this, and so read no more."""

    user_id: int | None
    role: str
    state_ids: frozenset[int] | None  # None: every state, and outside regions
    second_factor: bool = True  # False: guarded actions are refused until one is switched on
    opened: frozenset[UUID] = field(
        default_factory=frozenset
    )  # restricted rows opened with a reason

    @property
    def rights(self) -> "Rights":
        return self

    def may(self, action: Action) -> bool:
        """Whether this role has the right at all; `limit` says how far it goes."""
        return self.role == SYSTEM or action in ROLES[self.role]

    def limit(self, action: Action) -> Limit | None:
        """How far the right goes, or None for a right the role does not have."""
        return Limit.AREAS if self.role == SYSTEM else ROLES[self.role].get(action)

    @property
    def everywhere(self) -> bool:
        return self.state_ids is None

    def covers(self, state_id: int) -> bool:
        """Whether a row whose home is that state lies in the actor's areas."""
        return self.state_ids is None or state_id in self.state_ids


@dataclass(frozen=True)
class Actor(Rights):
    """A user and what they may do right now: the first argument of every query and command."""

    home_id: int | None = None
    user_uid: UUID | None = None
    name: str = ""
    time_zone: str = "America/New_York"
    language: str = "en"
    reason: str = ""

    @property
    def rights(self) -> Rights:
        return Rights(self.user_id, self.role, self.state_ids, self.second_factor, self.opened)

    def now(self) -> datetime:
        return timezone.now().astimezone(zoneinfo.ZoneInfo(self.time_zone))

    def today(self) -> date:
        """Today in the viewer's own time zone."""
        return self.now().date()


class Visibility(models.TextChoices):
    """Who may read a person or a meeting: the team of its areas, or a few people named on the
    page.
    """

    TEAM = "team", _("Team")
    RESTRICTED = "restricted", _("Restricted")


class Reaches(Exists):
    """Whether a Reach row lies in some states, looked up row by row where few rows are asked for.

    PostgreSQL does not think of a LIMIT here: it would first collect all rows that reach into the
    areas, for one page. An OFFSET keeps it from that, and only in a query with a limit: of many
    rows, the collected ones are found sooner.
    """

    def as_postgresql(self, compiler, connection, **extra):
        if compiler.query.is_sliced:
            extra["template"] = "EXISTS(%(subquery)s OFFSET 0)"
        return self.as_sql(compiler, connection, **extra)


class RecordQuerySet(models.QuerySet):
    """Rows that only commands write, so that history is kept."""

    model: type[Any]  # a Record; what scoping reads of it is declared there

    def _closed(self, *args, **kwargs):
        raise Unscoped("Write rows in a command, so that history is kept.")

    update = delete = bulk_create = bulk_update = _closed
    create = get_or_create = update_or_create = _closed
    aupdate = adelete = abulk_create = abulk_update = _closed
    acreate = aget_or_create = aupdate_or_create = _closed


class ReferenceQuerySet(RecordQuerySet):
    """Rows that everyone signed in may see, such as communities."""

    def visible_to(self, actor: Rights):
        return self

    def offered(self):
        """The rows that a form or filter still offers: not the retired ones."""
        return self.filter(retired=False)


class ScopedQuerySet(RecordQuerySet):
    """Rows seen by the people of their areas.

    A row with a `home` is seen in that state, and where a Reach row lies. A row that hangs on
    others (`seen_through`) is seen by those who see all of them. A row with a `visibility` is, once
    restricted, seen only by its `readers`.
    """

    def visible_to(self, actor: Rights, under: str = ""):
        """The rows that the actor sees. A statement that takes them under a parent which it has her
        see already names its key in `under`: that parent is not asked for again with each row.
        """
        if under and under not in self.model.seen_through:
            raise Unscoped(f"{self.model.__name__} is not seen through {under}.")
        if self.model.seen_through:
            rows = self._seen_through_parents(actor, under)
        else:
            rows = self._in_areas(actor)
        if hasattr(self.model, "visibility") and actor.role != SYSTEM:
            rows = rows.filter(Q(visibility=Visibility.TEAM) | self.readers(actor))
        return rows

    def readers(self, actor: Rights) -> Q:
        """Which restricted rows the actor may read. A model's own query set adds to this rule."""
        nobody = Q(pk__in=[])
        limit = actor.limit(Action.VIEW_RESTRICTED)
        if limit is None or not actor.second_factor:
            return nobody
        if limit == Limit.REASON:
            return Q(uid__in=actor.opened) if actor.opened else nobody
        may_read = self.own(actor)
        if limit == Limit.PARTNERS:
            may_read |= self.of_partners_given(actor)
        if limit == Limit.AREAS:
            may_read |= self.homes(actor)
        return may_read

    def own(self, actor: Rights) -> Q:
        """Rows that are the actor's own."""
        return Q(author_id=actor.user_id)

    def of_own_partners(self, actor: Rights) -> Q:
        """Rows of partners that the actor owns."""
        return Q(pk__in=[])

    def of_partners_given(self, actor: Rights) -> Q:
        """Rows of partners that are the actor's, and not by her own claim alone."""
        return self.of_own_partners(actor)

    def homes(self, actor: Rights) -> Q:
        """Rows whose home, not only their reach, lies in the actor's areas."""
        return Q() if actor.everywhere else Q(home_id__one_of=actor.state_ids)

    def _in_areas(self, actor: Rights):
        if actor.state_ids is None:
            return self.all()
        seen = self.homes(actor)
        if self.model.reaches:
            reach = apps.get_model("access", "Reach").objects.filter(
                kind=self.model._meta.model_name,
                row_id=OuterRef("pk"),
                state_id__one_of=actor.state_ids,
            )
            seen |= Q(Reaches(reach))
        return self.filter(seen)

    def _seen_through_parents(self, actor: Rights, under: str):
        rows = self.all()
        for name in self.model.seen_through:
            if name == under:
                continue
            key = self.model._meta.get_field(name)
            parent = key.related_model
            if actor.everywhere and not parent.seen_through and not hasattr(parent, "visibility"):
                continue
            parents = parent.objects.visible_to(actor).filter(pk=OuterRef(key.attname))
            seen = Q(Exists(parents.order_by()))
            rows = rows.filter(seen | Q(**{f"{key.attname}__isnull": True}) if key.null else seen)
        return rows

    def with_related(self, actor: Rights, *names: str):
        """Prefetch related rows, each scoped to the same actor."""
        wanted = []
        for name in names:
            related: Any = self.model._meta.get_field(name).related_model
            wanted.append(models.Prefetch(name, related.objects.visible_to(actor)))
        return self.prefetch_related(*wanted)


class ScopedManager(models.Manager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    """Refuses every query that does not begin with visible_to(actor)."""

    is_open = False

    def get_queryset(self):
        if self.is_open:
            return super().get_queryset()
        raise Unscoped(f"Start with {self.model.__name__}.objects.visible_to(actor).")

    def visible_to(self, actor: Rights):
        if self is self.model.objects:
            return _seen(self.model, actor.rights).all()
        return self.seen_by(actor.rights)  # the rows of one row

    def visible_under(self, actor: Rights, parent: str):
        """The rows that the actor sees, for a statement that hangs each on a row of this parent
        (`contact_id=OuterRef("pk")`) among rows that it has her see.
        """
        return self.seen_by(actor.rights, under=parent)

    def seen_by(self, rights: Rights, **more: str):
        """The rule itself, worked out anew."""
        rows = self._opened().get_queryset().visible_to(rights, **more)
        return rows.fetch_mode(settings.FETCH_MODE)

    def using(self, alias):
        # Django asks for this when it builds choice fields and checks unique constraints. No rows
        # is the safe answer: commands fill in the choices, and the database enforces uniqueness
        # without telling who else exists.
        return self._opened().get_queryset().using(alias).none()

    def none(self):
        return self._opened().get_queryset().none()

    def _opened(self):
        manager = copy.copy(self)
        manager.is_open = True
        return manager


@lru_cache(maxsize=2_048)  # some 25 models, for each of eighty users
def _seen(model, rights: Rights):
    """The query of what is seen with these rights, never run itself: to build it takes a third of a
    page's time, and it follows from the rights alone.
    """
    return model.objects.seen_by(rights)


def scoped(queryset_class: type[RecordQuerySet] = ScopedQuerySet) -> Any:
    """The manager of a scoped model: `objects = scoped(OrganizationQuerySet)`.

    Its class is made here, with the methods of the query set, so no type checker can name it.
    """
    return ScopedManager.from_queryset(queryset_class)()
