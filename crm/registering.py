"""What this app tells the kernel: subjects, timeline entries, and the fate of its foreign keys."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.registers import Entry, about, counted, holdings, timeline, touches
from access.roles import Action
from access.scope import Visibility
from crm import commands, counting, handing_over, lists, models


def register() -> None:
    holdings(handing_over.holds)
    counted(counting.partners)
    timeline("meetings", gettext_lazy("Meetings"), meetings, Action.VIEW_MEETINGS)
    timeline("follow-ups", gettext_lazy("Follow-ups"), follow_ups_done, Action.VIEW_TASKS)
    timeline("stages", gettext_lazy("Stages"), stages)
    about(models.Organization, _page("organization"), change=commands.ChangeOrganization)
    about(models.Contact, _page("contact"), change=commands.ChangeContact)
    about(
        models.Interaction,
        _page("interaction"),
        labels=lists.meeting_names,
        change=commands.ChangeInteraction,
        name="",
    )
    about(models.Affiliate, _page("affiliate"), change=commands.ChangeAffiliate)
    _touches()


def _page(name: str):
    return lambda row: reverse(f"crm:{name}", args=[row.uid])


def _touches() -> None:
    # A partner or a person that is merged away gives all it has to the one that stays; an erased
    # person takes her own rows along and leaves the meetings, which then name one person fewer.
    parts = (
        models.OrganizationName,
        models.Location,
        models.OrganizationPhone,
        models.OrganizationEmail,
        models.Website,
        models.OrganizationLanguage,
        models.Tag,
        models.ExternalId,
        models.OrganizationCommunity,
        models.OrganizationFocusArea,
        models.OwnerSince,
        models.StageSince,
        models.InteractionOrganization,
        models.Affiliation,
        models.Strength,
    )
    for model in parts:
        touches(model, "organization", merge="move", erase="keep")
    touches(models.Organization, "parent", merge="move", erase="keep")
    for model in (
        models.ContactEmail,
        models.ContactPhone,
        models.ContactLanguage,
        models.Affiliation,
        models.Consent,
        models.DoNotContact,
        models.InteractionContact,
    ):
        touches(model, "contact", merge="move", erase="drop")
    for model in (
        models.Organization,
        models.Contact,
        models.Interaction,
        models.Task,
        models.StageSince,
        models.Consent,
        models.DoNotContact,
        models.Strength,
    ):
        touches(model, "author", merge="keep", erase="keep")
    touches(models.Organization, "owner", merge="keep", erase="keep", handover="keep")  # settled
    touches(models.Organization, "confirmed_owner", merge="keep", erase="keep")  # settled
    touches(models.OwnerSince, "author", merge="keep", erase="keep")
    touches(models.OwnerSince, "owner", merge="keep", erase="keep", handover="move")
    touches(models.Task, "owner", merge="keep", erase="keep", handover="move")
    touches(models.InteractionOrganizer, "user", merge="keep", erase="keep", handover="move")
    touches(models.Employment, "user", merge="keep", erase="drop", handover="keep")
    touches(models.ContactListMember, "contact", merge="move", erase="drop")
    touches(models.ContactListMember, "author", merge="keep", erase="keep")
    touches(models.ContactList, "owner", merge="keep", erase="keep", handover="keep")
    touches(models.Contact, "details_checked_by", merge="keep", erase="keep")


def meetings(actor, row, most: int, before, since):
    """The meetings with a partner or a person that the actor may read."""
    if not isinstance(row, models.Organization | models.Contact) or not actor.may(
        Action.VIEW_MEETINGS
    ):
        return []
    link = row.interaction_links.visible_to(actor).values("interaction_id")
    rows = models.Interaction.objects.visible_to(actor).filter(pk__in=link)
    rows = rows.filter(day__lt=before, day__gte=since)
    rows = list(rows.select_related("kind").order_by("-day", "-id")[:most])
    ids = [m.pk for m in rows]
    who, ours, judged, focus = _with(actor, ids)
    return [_meeting(m, who, ours, judged, focus) for m in rows]


def _with(actor, ids):
    from crm.lists import colleagues, linked, people_met

    strengths = {}
    for pk, value in (
        models.Strength.objects.visible_to(actor)
        .filter(interaction_id__in=ids)
        .values_list("interaction_id", "value")
    ):
        strengths[pk] = value
    focus = linked(models.InteractionFocusArea, "interaction_id", "focus_area")(actor, ids)
    return people_met(actor, ids), colleagues(actor, ids), strengths, focus


WORDS = dict(models.STRENGTHS)


def _meeting(row, who, ours, judged, focus) -> Entry:
    title = row.kind.label
    if people := who.get(row.pk):
        title = _("%(kind)s with %(people)s") % {"kind": title, "people": _and(people)}
    tags = tuple(focus.get(row.pk, ()))
    if row.pk in judged:
        tags = (_("Strength: %(word)s") % {"word": WORDS[judged[row.pk]]}, *tags)
    return Entry(
        day=row.day,
        kind=row.kind.icon or "chat",
        title=title,
        text=row.summary,
        url=reverse("crm:interaction", args=[row.uid]),
        by=", ".join(ours.get(row.pk, ())),
        tags=tags,
        status=row.get_status_display() if row.status != row.Status.HELD else "",
        restricted=row.visibility == Visibility.RESTRICTED,
    )


def _and(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def follow_ups_done(actor, row, most: int, before, since):
    """Follow-ups about a row that were done."""
    if not actor.may(Action.VIEW_TASKS):
        return []
    rows = models.Task.objects.visible_to(actor).filter(
        about=row.uid, status=models.Task.Status.DONE
    )
    return [
        Entry(
            day=t.done_on,
            kind="task",
            title=_("Follow-up done: %(title)s") % {"title": t.title},
            url=reverse("crm:task", args=[t.uid]),
            by=t.owner.name,
        )
        for t in rows.filter(done_on__lt=before, done_on__gte=since)
        .select_related("owner")
        .order_by("-done_on", "-id")[:most]
    ]


def stages(actor, row, most: int, before, since):
    """When a partner came to a stage."""
    if type(row) is not models.Organization:
        return []
    rows = (
        row.stage_rows.visible_to(actor)
        .filter(day__lt=before, day__gte=since)
        .select_related("stage", "author")
        .order_by("-day", "-id")
    )
    return [
        Entry(
            day=s.day,
            kind="steps",
            title=_("Stage: %(stage)s") % {"stage": s.stage.label},
            by=s.author.name if s.author else "",
        )
        for s in rows[:most]
    ]
