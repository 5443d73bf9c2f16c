"""What this app tells users: what was given to them, and what is due."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from access import notices, registers
from access.models import Run
from access.recording import Touched, at_work
from access.roles import Action
from access.settling import every, settles
from crm.models import (
    Contact,
    Interaction,
    InteractionOrganization,
    InteractionOrganizer,
    Organization,
    OwnerSince,
    Task,
)

NEWS = timedelta(days=14)  # how old a meeting may be for its naming somebody to be news


def register() -> None:
    notices.kind(
        "given",
        _("Given to you"),
        "task",
        ngettext_lazy(
            "%(n)d follow-up was given to you", "%(n)d follow-ups were given to you", "n"
        ),
        _tasks,
        _task_names,
    )
    notices.kind(
        "handed-over",
        _("Yours now"),
        "partners",
        ngettext_lazy("%(n)d partner is yours now", "%(n)d partners are yours now", "n"),
        _partners,
        _partner_names,
    )
    notices.kind(
        "named",
        _("You are named in"),
        "chat",
        ngettext_lazy("You are named in %(n)d meeting", "You are named in %(n)d meetings", "n"),
        _meetings,
        _meeting_names,
    )
    notices.kind(
        "opened",
        _("Opened by an administrator, with a reason"),
        "lock",
        ngettext_lazy(
            "An administrator opened %(n)d restricted record of yours, with a reason",
            "Administrators opened %(n)d restricted records of yours, with a reason",
            "n",
        ),
        _rows,
        _row_names,
    )
    notices.matter(
        "due",
        _due_count,
        ngettext_lazy("%(n)d follow-up is due", "%(n)d follow-ups are due", "n"),
        lambda: reverse("crm:follow-ups") + "?mine=yes&due=yes",
    )
    notices.matter(
        "planned",
        _planned_count,
        ngettext_lazy(
            "%(n)d meeting is planned for today", "%(n)d meetings are planned for today", "n"
        ),
        lambda: reverse("crm:today"),
    )
    notices.matter(
        "unclear",
        _unclear_count,
        ngettext_lazy(
            "%(n)d planned meeting is past: did it happen?",
            "%(n)d planned meetings are past: did they happen?",
            "n",
        ),
        lambda: reverse("crm:today"),
    )
    notices.concerned(readers_of)


def _tasks(actor):
    mine = Task.objects.visible_to(actor).filter(owner_id=actor.user_id)
    return [mine.filter(status=Task.Status.OPEN)]


def _task_names(actor, uids):
    rows = _tasks(actor)[0].filter(uid__in=uids)
    return {row.uid: (row.title, reverse("crm:task", args=[row.uid])) for row in rows}


def _partners(actor):
    return [Organization.objects.visible_to(actor).filter(owner_id=actor.user_id)]


def _partner_names(actor, uids):
    return registers.subjects(actor, [("organization", uid) for uid in uids])


def _meetings(actor):
    if not actor.may(Action.VIEW_MEETINGS):
        return []
    links = InteractionOrganizer.objects.visible_to(actor).filter(user_id=actor.user_id)
    return [Interaction.objects.visible_to(actor).filter(pk__in=links.values("interaction_id"))]


def _meeting_names(actor, uids):
    return registers.subjects(actor, [("interaction", uid) for uid in uids])


def _rows(actor):
    return [model.objects.visible_to(actor) for model in (Contact, Interaction)]


def _row_names(actor, uids):
    return registers.subjects(actor, [(k, uid) for uid in uids for k in ("contact", "interaction")])


def _due_count(actor) -> int:
    if not actor.may(Action.VIEW_TASKS):
        return 0
    mine = Task.objects.visible_to(actor).filter(owner_id=actor.user_id, status=Task.Status.OPEN)
    return mine.filter(due__lte=actor.today()).count()


def _my_planned(actor):
    mine = Interaction.objects.visible_to(actor).of(actor)
    return mine.filter(status=Interaction.Status.PLANNED)


def _planned_count(actor) -> int:
    if not actor.may(Action.LOG):
        return 0
    return _my_planned(actor).filter(day=actor.today()).count()


def _unclear_count(actor) -> int:
    if not actor.may(Action.LOG):
        return 0
    return _my_planned(actor).filter(day__lt=actor.today()).count()


def readers_of(uid) -> set[int]:
    """Whose restricted row it is: its author, who was there, who owns the partner."""
    people = every(Contact).filter(uid=uid).values_list("author_id", flat=True)
    meetings = every(Interaction).filter(uid=uid)
    there = every(InteractionOrganizer).filter(interaction__in=meetings)
    ties = every(InteractionOrganization).filter(interaction__in=meetings)
    found = {*people, *meetings.values_list("author_id", flat=True)}
    found |= set(there.values_list("user_id", flat=True))
    found |= set(ties.values_list("organization__owner_id", flat=True))
    return found - {None}


@settles
def tell_whom_it_concerns(touched: Touched) -> None:
    """Notices of what a run gave to somebody else; what an undo takes back is not told any more."""
    work = at_work()
    if work is None or work.actor.user_id is None:
        return
    if work.name == "Undo":
        notices.forget_run(Run.objects.filter(pk=work.run.undoes_id).first())
        return
    by = work.actor.user_id
    for name, model, key, to, path in (
        ("given", Task, "owner_id", None, ""),
        ("handed-over", OwnerSince, "owner_id", Organization, "organization_id"),
        ("named", InteractionOrganizer, "user_id", Interaction, "interaction_id"),
    ):
        new = [
            (after[key], after)
            for before, after in touched.pairs(model)
            if after.get(key) and after[key] not in (before.get(key), by)
        ]
        if not new:
            continue
        uids = {}
        if to is not None:
            targets = every(to).filter(pk__in={after[path] for _user, after in new})
            if to is Interaction:  # a list of old meetings that comes in is no news
                targets = targets.filter(day__gte=work.actor.today() - NEWS)
            uids = dict(targets.values_list("pk", "uid"))
        pairs = [(user, uids.get(after[path]) if to else after["uid"]) for user, after in new]
        notices.tell(name, [(user, uid) for user, uid in pairs if uid], by)
