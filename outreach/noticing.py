"""What this app tells users: steps that are late, that wait for a sign-off, that stand still."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from access import notices
from access.registers import on_today
from access.roles import Action
from outreach.models import Program, ProgramStep

STEPS = "outreach:program-steps"


def register() -> None:
    on_today(_("Programs"), lines)
    notices.matter(
        "late-steps",
        lambda actor: _mine(actor).late(actor.today()).count(),
        ngettext_lazy(
            "%(n)d step of a program that is yours is late",
            "%(n)d steps of programs that are yours are late",
            "n",
        ),
        lambda: f"{reverse(STEPS)}?mine=yes&late=yes",
    )
    notices.matter(
        "waiting-steps",
        _to_sign,
        ngettext_lazy(
            "%(n)d step of a program waits for a sign-off",
            "%(n)d steps of programs wait for a sign-off",
            "n",
        ),
        lambda: f"{reverse(STEPS)}?to_sign=yes",
    )


def _mine(actor):
    return ProgramStep.objects.visible_to(actor).filter(owner_id=actor.user_id)


def _to_sign(actor) -> int:
    """How many steps the actor may sign off that wait for it."""
    if not actor.may(Action.SIGN_OFF):
        return 0
    return ProgramStep.objects.visible_to(actor).to_sign(actor).count()


def lines(actor) -> Iterator[tuple[str, str]]:
    """Sentences for the first page of a user, each with the list that it counts."""
    today, steps = actor.today(), ProgramStep.objects.visible_to(actor)
    if late := _mine(actor).late(today).count():
        said = ngettext("%(n)d step of yours is late", "%(n)d steps of yours are late", late)
        yield said % {"n": late}, f"{reverse(STEPS)}?mine=yes&late=yes"
    if not actor.may(Action.SIGN_OFF):
        return
    if waiting := _to_sign(actor):
        said = ngettext(
            "%(n)d step waits for a sign-off", "%(n)d steps wait for a sign-off", waiting
        )
        yield said % {"n": waiting}, f"{reverse(STEPS)}?to_sign=yes"
    if all_late := steps.late(today).count():
        said = ngettext(
            "%(n)d step in your areas is late", "%(n)d steps in your areas are late", all_late
        )
        yield said % {"n": all_late}, f"{reverse(STEPS)}?late=yes"
    if stalled := Program.objects.visible_to(actor).stalled(today).count():
        said = ngettext("%(n)d program stands still", "%(n)d programs stand still", stalled)
        yield said % {"n": stalled}, f"{reverse('outreach:programs')}?stalled=yes"
