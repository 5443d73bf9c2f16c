"""What this app tells the kernel: subjects, timeline entries, and the fate of its foreign keys."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.registers import Entry, about, beside, holdings, timeline, touches
from access.roles import Action
from crm.commands.words import add_word_list
from crm.lists import AFFILIATES, CONTACTS, ORGANIZATIONS
from crm.models import Affiliate, Affiliation, Contact, Interaction, Organization
from crm.words import WordList
from lists import filters
from lists.bulk import Bulk
from outreach import commands, models
from outreach.lists.came import Came

EVENT_KINDS = WordList(
    "event-kinds",
    models.EventKind,
    gettext_lazy("Kinds of events"),
    gettext_lazy("kind of event"),
    gettext_lazy("What sort of thing many come to."),
    needed=True,
)

INVITING = ("event", "channel")


def register() -> None:
    about(models.Program, _page("program"), change=commands.ChangeProgram)
    about(
        models.ProgramStep,
        _page("step"),
        labels=step_names,
        change=commands.ChangeStep,
        name="program__name",
    )
    about(
        models.JointAction,
        _page("joint_action"),
        change=commands.ChangeJointAction,
        name="title",
    )
    about(models.Event, _page("event"), change=commands.ChangeEvent)
    about(
        models.PowerMap,
        _page("power_map"),
        change=commands.ChangePowerMap,
        name="question",
    )
    beside(
        Organization,
        gettext_lazy("Promises"),
        lambda row: reverse("outreach:promises_of", args=[row.uid]),
        Action.VIEW_TASKS,
    )
    beside(
        Interaction,
        gettext_lazy("Add promise"),
        lambda row: f"{reverse('outreach:add_promise')}?meeting={row.uid}",
        Action.LOG,
    )
    beside(
        Interaction,
        gettext_lazy("Show in a step"),
        lambda row: reverse("outreach:meeting_steps", args=[row.uid]),
        Action.WRITE,
    )
    beside(
        Affiliate,
        gettext_lazy("Programs"),
        lambda row: f"{reverse('outreach:programs')}?view=all&affiliate={row.uid}",
    )
    beside(
        Affiliate,
        gettext_lazy("Begin a program"),
        lambda row: f"{reverse('outreach:add_program')}?affiliate={row.uid}",
        Action.WRITE,
    )
    AFFILIATES.filters["no_program"] = filters.Flag(without_program, gettext_lazy("No program yet"))
    beside(
        Organization,
        gettext_lazy("Add event"),
        lambda row: f"{reverse('outreach:add_event')}?organization={row.uid}",
        Action.WRITE,
    )
    beside(
        Organization,
        gettext_lazy("Days they keep"),
        lambda row: reverse("outreach:keep_days", args=[row.uid]),
        Action.WRITE,
    )
    ORGANIZATIONS.filters["came"] = Came(gettext_lazy("Came to an event"))
    ORGANIZATIONS.filters["came_back"] = Came(gettext_lazy("Came back"), back=True)
    ORGANIZATIONS.filters["keeps"] = filters.Linked(
        models.Observance,
        models.OrganizationObservance,
        "organization",
        "observance",
        gettext_lazy("Days they keep"),
    )
    beside(
        Organization,
        gettext_lazy("Came to events"),
        lambda row: f"{reverse('outreach:attendances')}?view=all&organization={row.uid}",
        Action.VIEW_MEETINGS,
    )
    CONTACTS.bulk.append(
        Bulk("invite", gettext_lazy("Invite to an event"), commands.InviteToEvent, INVITING)
    )
    add_word_list(EVENT_KINDS)
    holdings(holds)
    timeline("programs", gettext_lazy("Programs"), programs)
    timeline("events", gettext_lazy("Events"), events)
    for model, name in (
        (models.Program, "lead"),
        (models.Program, "author"),
        (models.ProgramStep, "owner"),
        (models.CheckDone, "author"),
        (models.SignOff, "author"),
        (models.SignOff, "reopened_by"),
        (models.Commitment, "owner"),
        (models.Commitment, "author"),
        (models.TargetStep, "author"),
        (models.Evaluation, "author"),
        (models.Event, "owner"),
        (models.Event, "author"),
        (models.Attendance, "author"),
        (models.JointAction, "owner"),
        (models.JointAction, "author"),
        (models.SurveyRound, "author"),
        (models.PowerMap, "author"),
        (models.Placement, "author"),
    ):
        touches(model, name, merge="keep", erase="keep")
    touches(models.Commitment, "contact", merge="move", erase="refuse")
    touches(models.Attendance, "contact", merge="move", erase="drop")
    for model in (
        models.Evaluation,
        models.EventOrganization,
        models.OrganizationObservance,
        models.Target,
        models.JointActionPartner,
        models.MapActor,
        models.Commitment,
        models.SurveyTie,
        models.SurveyMissing,
    ):
        touches(model, "organization", merge="move", erase="keep")


def _page(name: str):
    return lambda row: reverse(f"outreach:{name}", args=[row.uid])


def without_program(rows, actor):
    """Affiliates that never ran a program, as far as the actor sees."""
    programs = models.Program.objects.visible_to(actor).filter(affiliate=OuterRef("pk"))
    return rows.filter(~Exists(programs))


def step_names(actor, rows: list) -> dict:
    """What steps are called where they stand alone: program and title."""
    steps = models.Step.objects.in_bulk({row.step_id for row in rows})
    programs = models.Program.objects.visible_to(actor)
    names = dict(programs.filter(pk__in={r.program_id for r in rows}).values_list("pk", "name"))
    return {row.uid: f"{names.get(row.program_id, '')}: {steps[row.step_id].label}" for row in rows}


def holds(actor, user_id: int) -> list[tuple]:
    """The running programs that a user leads, and the open steps that she owns."""
    programs = models.Program.objects.visible_to(actor).filter(lead_id=user_id)
    steps = models.ProgramStep.objects.visible_to(actor).filter(owner_id=user_id)
    return [
        (gettext_lazy("Programs led"), programs.exclude(step_now=models.ALL_SIGNED).count()),
        (
            gettext_lazy("Steps of programs"),
            steps.exclude(status=models.ProgramStep.Status.SIGNED).count(),
        ),
    ]


def programs(actor, row, most: int, before, since):
    """When programs of an affiliate, or that target a partner, began; when their steps were
    signed.
    """
    mine = _programs_of(actor, row)
    if mine is None:
        return []
    begun = mine.filter(start__lt=before, start__gte=since).order_by("-start", "-id")[:most]
    found = [
        Entry(
            day=one.start,
            kind="steps",
            title=_("Program begun: %(name)s") % {"name": one.name},
            url=reverse("outreach:program", args=[one.uid]),
        )
        for one in begun
    ]
    signed = models.SignOff.objects.visible_to(actor).filter(
        program_step__program__in=mine.order_by().values("pk"), day__lt=before, day__gte=since
    )
    rows = signed.select_related("program_step__program", "author").order_by("-day", "-id")
    for one in rows[:most]:
        step = one.program_step
        words = {"step": one.said("title"), "name": step.program.name}
        found.append(
            Entry(
                day=one.day,
                kind="done",
                title=_("%(step)s, signed off: %(name)s") % words,
                url=reverse("outreach:step", args=[step.uid]),
                by=one.author.name if one.author else "",
            )
        )
    found += _acted(actor, row, mine, most, before, since)
    return sorted(found, key=lambda entry: entry.day, reverse=True)[:most]


def _acted(actor, row, mine, most: int, before, since) -> list[Entry]:
    """Joint actions with a partner, or of an affiliate's programs, without those cancelled."""
    rows = models.JointAction.objects.visible_to(actor).filter(start__lt=before, start__gte=since)
    if isinstance(row, Organization):
        links = models.JointActionPartner.objects.visible_to(actor).filter(organization=row)
        rows = rows.filter(pk__in=links.values("joint_action_id"))
    else:
        rows = rows.filter(program__in=mine.order_by().values("pk"))
    rows = rows.exclude(status=models.JointAction.Status.CANCELLED).select_related("owner")
    return [
        Entry(
            day=one.start,
            kind="hand",
            title=_("Joint action: %(title)s") % {"title": one.title},
            text=one.result,
            url=reverse("outreach:joint_action", args=[one.uid]),
            by=one.owner.name if one.owner else "",
            status=one.get_status_display() if one.status != one.Status.DONE else "",
        )
        for one in rows.order_by("-start", "-id")[:most]
    ]


def events(actor, row, most: int, before, since):
    """Events at which a partner had a role or its people were, that were held for an affiliate, or
    to which a person was invited; not those that were cancelled.
    """
    if isinstance(row, Contact) and not actor.may(Action.VIEW_MEETINGS):
        return []
    rows = models.Event.objects.visible_to(actor).filter(day__lt=before, day__gte=since)
    told: dict[int, str] = {}
    if isinstance(row, Organization):
        roles = models.EventOrganization.objects.visible_to(actor).filter(organization=row)
        there = _people_at(actor, row)
        rows = rows.filter(Q(pk__in=roles.values("event_id")) | Q(pk__in=there.values("event_id")))
    elif isinstance(row, Contact):
        mine = models.Attendance.objects.visible_to(actor).filter(contact=row)
        told = {one.event_id: one.get_status_display() for one in mine}
        rows = rows.filter(pk__in=mine.order_by().values("event_id"))
    elif isinstance(row, Affiliate):
        rows = rows.filter(affiliate=row)
    else:
        return []
    rows = rows.exclude(status=models.Event.Status.CANCELLED).select_related("owner")
    return [
        Entry(
            day=one.day,
            kind="calendar",
            title=_("Event: %(name)s") % {"name": one.name},
            text=one.place,
            url=reverse("outreach:event", args=[one.uid]),
            by=one.owner.name if one.owner else "",
            tags=(told[one.pk],) if one.pk in told else (),
            status=one.get_status_display() if one.status != one.Status.HELD else "",
        )
        for one in rows.order_by("-day", "-id")[:most]
    ]


def _people_at(actor, row: Organization):
    """The attendance at events of people who belonged to a partner on the day."""
    day = OuterRef("day")
    ties = Affiliation.objects.visible_to(actor).filter(
        Q(start__isnull=True) | Q(start__lte=day),
        Q(end__isnull=True) | Q(end__gte=day),
        organization=row,
        contact_id=OuterRef("contact_id"),
    )
    people = Affiliation.objects.visible_to(actor).filter(organization=row).values("contact_id")
    rows = models.Attendance.objects.visible_to(actor).came().filter(contact__in=people)
    return rows.filter(Exists(ties)).order_by()


def _programs_of(actor, row):
    rows = models.Program.objects.visible_to(actor)
    if isinstance(row, Affiliate):
        return rows.filter(affiliate=row)
    if isinstance(row, Organization):
        targets = models.Target.objects.visible_to(actor).filter(organization=row)
        return rows.filter(pk__in=targets.values("program_id"))
    return None
