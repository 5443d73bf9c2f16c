"""Whether a user sees a row, and why: the real rules, told in sentences.

It tells nothing of a row outside the asker's areas, and of a restricted one only its kind and day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from access import registers
from access.actors import actor_of
from access.forms import has_field
from access.models import Access, Area, Change, Reach, State, User
from access.roles import ROLE_NAMES, Action, Limit
from access.scope import Actor, Visibility
from access.settling import every

# The right that reading a kind of row asks for.
READS = {
    "organization": Action.VIEW,
    "affiliate": Action.VIEW,
    "contact": Action.VIEW_PEOPLE,
    "interaction": Action.VIEW_MEETINGS,
}
CHANGES = {
    "organization": Action.WRITE,
    "affiliate": Action.WRITE_AFFILIATES,
    "contact": Action.WRITE,
    "interaction": Action.EDIT_MEETING,
}


@dataclass(frozen=True)
class Answer:
    """Whether a user sees a row: the verdict, and (whether it speaks for it, sentence) each."""

    sees: bool
    kind: str
    title: str  # the row's label, or its kind and day where the asker cannot read it
    url: str
    reasons: tuple[tuple[bool, str], ...]


def sees(asker: Actor, person: User, uid: UUID) -> Answer | None:
    """Whether the person sees the row, as far as the asker may know; None for no such row."""
    for kind in registers.subject_kinds():
        subject = registers.subject(kind)
        assert subject is not None
        row = every(subject.model).filter(uid=uid).first()
        if row is not None:
            break
    else:
        return None
    states = _states_of(kind, row)
    if not asker.everywhere and not (asker.state_ids or frozenset()) & states:
        return None
    known = registers.subjects(asker, [(kind, uid)]).get(uid)
    title, url = known or (_unnamed(row), "")
    actor = actor_of(person)
    if actor is None:
        return Answer(False, kind, title, url, ((False, _("This person has no access now.")),))
    reasons = [_by_role(actor, kind), _by_place(actor, person, row, states)]
    rows = subject.model.objects.visible_to(actor).filter(pk=row.pk)
    found = rows.exists()
    if getattr(row, "visibility", "") == Visibility.RESTRICTED:
        reasons.append(_by_restriction(actor, rows, found))
    verdict = found and actor.may(READS[kind])
    if verdict:
        reasons += _what_then(actor, kind, rows)
    return Answer(verdict, kind, title, url, tuple(reasons))


def _states_of(kind: str, row: Any) -> frozenset[int]:
    """Where a row is seen: its home, and where it reaches."""
    reach = Reach.objects.filter(kind=kind, row_id=row.pk).values_list("state_id", flat=True)
    return frozenset({row.home_id, *reach})


def _unnamed(row: Any) -> str:
    """What may be said of a row that the asker cannot read: its kind and its day."""
    day = getattr(row, "day", None) or _first_day(row)
    kind = str(row._meta.verbose_name)
    shown = date_format(day, "M j, Y") if day else ""
    return _("A restricted %(kind)s, %(day)s") % {"kind": kind, "day": shown}


def _first_day(row: Any) -> date | None:
    first = Change.objects.filter(row_uid=row.uid).order_by("pk").values_list("run__at", flat=True)
    at = first.first()
    return at.date() if at else None


def _by_role(actor: Actor, kind: str) -> tuple[bool, str]:
    words = {"role": ROLE_NAMES[actor.role]}  # type: ignore[index]
    if actor.may(READS[kind]):
        return True, _("The role, %(role)s, reads rows of this kind.") % words
    return False, _("The role, %(role)s, does not read rows of this kind.") % words


def _by_place(actor: Actor, person: User, row: Any, states: frozenset[int]) -> tuple[bool, str]:
    home = _name(row.home_id)
    if actor.everywhere:
        words = {"state": home, "day": _since(person, None)}
        return True, _("Its home is %(state)s, and all areas are theirs, since %(day)s.") % words
    if actor.covers(row.home_id):
        words = {"state": home, "day": _since(person, row.home_id)}
        return True, _("Its home is %(state)s, in their areas since %(day)s.") % words
    reached = sorted(pk for pk in states if actor.covers(pk))
    if reached:
        words = {"state": home, "other": _name(reached[0]), "day": _since(person, reached[0])}
        return True, (
            _("Its home is %(state)s; it reaches %(other)s, in their areas since %(day)s.") % words
        )
    return False, _("Its home is %(state)s, outside their areas.") % {"state": home}


def _name(state_id: int) -> str:
    return State.objects.get(pk=state_id).label


def _since(person: User, state_id: int | None) -> str:
    """The day since when a state, or all of them, is in a user's areas."""
    access = every(Access).get(user_id=person.pk)
    uids = [access.uid]
    if state_id is not None:
        state = State.objects.get(pk=state_id)
        areas = every(Area).filter(access=access)
        covering = [
            area.uid
            for area in areas
            if area.state_id == state.pk or (area.region_id and area.region_id == state.region_id)
        ]
        uids = covering or uids
    changes = list(Change.objects.filter(row_uid__in=uids).order_by("pk").select_related("run"))
    if state_id is None:
        changes = [c for c in changes if "everywhere" in c.after][-1:]
    at = changes[0].run.at if changes else person.created_at
    return date_format(at, "M j, Y")


def _by_restriction(actor: Actor, rows: Any, found: bool) -> tuple[bool, str]:
    if not found:
        return False, _("It is restricted, and this person is none of its readers.")
    if not actor.second_factor:
        return False, _("It is restricted, and no second factor is switched on.")
    limit = actor.limit(Action.VIEW_RESTRICTED)
    if limit == Limit.REASON:
        return True, _("It is restricted; it is open with a reason for 30 minutes.")
    if rows.filter(rows.own(actor)).exists():
        return True, _("It is restricted; this person wrote it, or was there.")
    if rows.filter(rows.of_own_partners(actor)).exists():
        return True, _("It is restricted; this person owns the partner.")
    return True, _("It is restricted; this person leads the areas of its home.")


def _what_then(actor: Actor, kind: str, rows: Any) -> list[tuple[bool, str]]:
    """What else the person may do with a row that she sees."""
    return [
        _may(
            actor,
            CHANGES[kind],
            rows,
            _("This person may change it."),
            _("This person may not change it."),
        ),
        _may(
            actor,
            Action.EXPORT,
            rows,
            _("This person may export it, within the rows of a day."),
            _("This person may not export it."),
        ),
    ]


def _may(actor: Actor, action: Action, rows: Any, yes: str, no: str) -> tuple[bool, str]:
    limit = actor.limit(action)
    reach = limit is not None
    if limit in (Limit.OWN, Limit.PARTNERS):
        if not has_field(rows.model, "author"):
            return False, no  # rows that are nobody's own
        own = rows.own(actor)
        if limit == Limit.PARTNERS:
            own |= rows.of_own_partners(actor)
        reach = rows.filter(own).exists()
    return (True, yes) if reach else (False, no)
