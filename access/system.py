"""The few functions that act on all rows, whoever asks. Each is named here and nowhere else.

What they return never reaches a response: they upkeep, load, seal and erase.
"""

from access.models import Run, User
from access.scope import SYSTEM, Actor


def _system(reason: str) -> Actor:
    return Actor(None, SYSTEM, None, reason=reason)


def loader() -> Actor:
    """Loads the reference rows that ship with the product."""
    return _system("load_defaults")


def inviter() -> Actor:
    """Makes the first administrator of a new installation from the command line."""
    return _system("invite")


def operator() -> Actor:
    """Acts for who runs a command on the server itself: makes keys to the API."""
    return _system("operator")


def keeper() -> Actor:
    """Does the periodic upkeep: seals the audit chain, takes back interrupted runs."""
    return _system("tick")


def surveyor() -> Actor:
    """Takes what a member answers on the public page of a survey, where nobody signs in."""
    return _system("survey")


def demonstrator() -> Actor:
    """Loads demonstration rows into an empty database."""
    return _system("demo_data")


def first_administrator() -> User | None:
    """The longest-serving active administrator, for work by command."""
    from access.models import Access
    from access.roles import Role
    from access.settling import every

    found = every(Access).filter(role=Role.ADMINISTRATOR, user__is_active=True)
    access = found.select_related("user").order_by("user_id").first()
    return access.user if access else None


def broken_runs(before) -> list[Run]:
    """Runs of several slices whose process stopped: open, and without a sign of life since then."""
    return list(Run.objects.filter(status=Run.Status.OPEN, beat_at__lt=before, undoes__isnull=True))
