"""Whom a row may be given to: who works where it lies."""

from django.utils.translation import gettext as _

from access.actors import actor_of
from access.commands import Command


def refuse_who_sees_nothing(command: Command, name: str, home_id: int | None) -> None:
    """Refuse the user of a field, newly chosen, whose areas do not hold a row with this home."""
    user = command.cleaned_data.get(name)
    kept = (getattr(command.instance, f"{name}_id"), command.actor.user_id)
    if user is None or user.pk in kept or home_id is None:
        return
    known = command.__dict__.setdefault("_covered", {})
    if (user.pk, home_id) not in known:
        theirs = actor_of(user)
        known[user.pk, home_id] = theirs is not None and theirs.covers(home_id)
    if not known[user.pk, home_id]:
        text = _("%(name)s does not see this area. Choose somebody who does.")
        command.add_error(name, text % {"name": user.name})
