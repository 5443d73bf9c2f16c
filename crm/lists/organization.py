"""The list of community partners."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from access.roles import Action
from crm.commands import (
    AddOrganization,
    AddTag,
    AssignOwner,
    ChangeOrganization,
    PutPeopleOnContactList,
    RemoveTag,
    SetStage,
)
from crm.lists.loading import codes, linked, parts
from crm.lists.nearness import own_partners
from crm.lists.people_along import (
    PEOPLE,
    emails_off,
    exported_details,
    exported_names,
    names_at,
    people_of,
    phones_off,
)
from crm.models import (
    Community,
    ContactEmail,
    ContactPhone,
    FocusArea,
    Organization,
    OrganizationCommunity,
    OrganizationEmail,
    OrganizationFocusArea,
    OrganizationKind,
    OrganizationLanguage,
    OrganizationPhone,
    Stage,
    Tag,
    Website,
)
from lists import filters
from lists.bulk import Bulk
from lists.columns import Column
from lists.pages import PAGES, ListPage


def _detail(name: str, label, part, column: str, off) -> Column:
    """The e-mails or phones of the people of each organization: for exports alone."""
    load = exported_details(part, column, off)
    return Column(
        name,
        label,
        kind="many",
        on_page=False,
        in_api=False,
        needs=Action.VIEW_DETAILS,
        detail=True,
        load=load(""),
        brings=True,
        keeps_off=off,
        for_export=load,
    )


FEW = 1_000  # partners by which what hangs on them is looked up


class Organizations(ListPage):
    """Community partners."""

    model, name, title = Organization, "organizations", _("Organizations")
    one, icon = _("Organization"), "partners"
    record, add_url = "crm:organization", "crm:add_organization"
    add, change = AddOrganization, ChangeOrganization
    order, hint, place = "name", "city", ("city", "state")
    sub = ("kind", "city", "state")
    details = (OrganizationEmail, OrganizationPhone)
    empty_text = _(
        "Partners appear here when you add one, log a meeting with one, or import a list."
    )
    columns = [
        Column("name", _("Organization"), sort="sort_name", main=True),
        Column("kind", _("Kind"), kind="reference", on_page=False),
        Column("city", _("City"), on_page=False),
        Column("state", _("State"), path="home", kind="state", on_page=False),
        Column(
            "communities",
            _("Communities"),
            kind="many",
            in_api=False,
            load=linked(OrganizationCommunity, "organization_id", "community"),
        ),
        Column(
            "communities",
            _("Communities"),
            kind="many",
            on_page=False,
            in_csv=False,
            load=codes(OrganizationCommunity, "organization_id", "community"),
        ),
        Column(
            "focus_areas",
            _("Focus areas"),
            kind="many",
            on_page=False,
            in_api=False,
            load=linked(OrganizationFocusArea, "organization_id", "focus_area"),
        ),
        Column("stage", _("Stage"), kind="reference"),
        Column("strength", _("Strength"), kind="strength"),
        Column("last_contact", _("Last contact"), kind="day", sort="last_contact"),
        Column("owner", _("Owner"), kind="user"),
        Column(
            "phones",
            _("Phones"),
            kind="many",
            on_page=False,
            in_api=False,
            load=parts(OrganizationPhone, "number"),
        ),
        Column(
            "emails",
            _("E-mails"),
            kind="many",
            on_page=False,
            in_api=False,
            load=parts(OrganizationEmail, "email"),
        ),
        Column(
            "websites",
            _("Websites"),
            kind="many",
            on_page=False,
            in_api=False,
            load=parts(Website, "url"),
        ),
        Column(
            "languages",
            _("Languages"),
            kind="many",
            on_page=False,
            in_api=False,
            load=linked(OrganizationLanguage, "organization_id", "language"),
        ),
        Column(
            "tags", _("Tags"), kind="many", on_page=False, in_api=False, load=parts(Tag, "name")
        ),
        Column(
            "contacts",
            _("People and roles"),
            kind="many",
            on_page=False,
            in_api=False,
            needs=Action.VIEW_PEOPLE,
            load=names_at,
            brings=True,
            for_export=exported_names,
        ),
        _detail("contact_emails", _("E-mails of people"), ContactEmail, "email", emails_off),
        _detail("contact_phones", _("Phones of people"), ContactPhone, "number", phones_off),
    ]
    filters = {
        "mine": filters.Flag(lambda rows, actor: rows.filter(owner_id=actor.user_id), _("Mine")),
        "quiet": filters.Flag(lambda rows, actor: rows.gone_quiet(actor.today()), _("Gone quiet")),
        "unowned": filters.Flag(lambda rows, actor: rows.filter(owner__isnull=True), _("No owner")),
        "stale": filters.Flag(
            lambda rows, actor: rows.judged_long_ago(actor.today()),
            _("Strength judged over 180 days ago, or never"),
        ),
        "stage": filters.Choose(Stage, "stage", _("Stage")),
        "community": filters.Stays(Community, "community", _("Community")),
        "no_community": filters.StaysFlag(_("Community not given")),
        "gone_community": filters.StaysFlag(_("Of a community no longer used")),
        "focus_area": filters.Linked(
            FocusArea, OrganizationFocusArea, "organization_id", "focus_area", _("Focus area")
        ),
        "kind": filters.Choose(OrganizationKind, "kind", _("Kind")),
        "region": filters.region(),
        "state": filters.state(),
        "owner": filters.Colleague("owner", _("Owner")),
    }

    costly = frozenset({"community", "no_community", "gone_community", "focus_area"})

    bulk = [
        Bulk("owner", _("Assign owner"), AssignOwner, ("owner", "nobody")),
        Bulk("stage", _("Set stage"), SetStage, ("stage",)),
        Bulk("tag", _("Add tag"), AddTag, ("tag",)),
        Bulk("untag", _("Remove tag"), RemoveTag, ("tag",)),
        Bulk(
            "people",
            _("Put people on a list"),
            PutPeopleOnContactList,
            ("contact_list",),
            says=_("All who belong to these organizations today, as far as you may see them."),
        ),
    ]

    def brought(self, rows, actor):
        page = PAGES[PEOPLE]
        people = page.exportable(page.rows(actor), actor)
        return page, people_of(actor, rows.order_by().values("pk"), people)

    def nearest(self, actor, known):
        return own_partners(actor, known)

    def narrow(self, rows, values, actor):
        return in_communities(rows, values, actor), False


def in_communities(partners, values, actor):
    """Partners that serve these communities, or a child of them, or none at all."""
    links = OrganizationCommunity.objects.visible_to(actor).filter(organization_id=OuterRef("pk"))
    if values.get("no_community") == "yes":
        partners = partners.filter(~Exists(links))
    if values.get("gone_community") == "yes":
        top, below = Q(community__parent__isnull=True), Q(community__parent__retired=True)
        partners = partners.filter(Exists(links.filter(below | top & Q(community__retired=True))))
    if wanted := values.get("community"):
        ids = [row.pk for row in wanted]
        mine = links.filter(Q(community_id__in=ids) | Q(community__parent_id__in=ids))
        partners = partners.filter(Exists(mine))
    return partners


def tied_to(partners, rows, links, mine: str) -> tuple[Any, bool]:
    """Those of the rows that a link ties to one of the partners, `mine` being the link's key to a
    row; and whether the partners are few, so that the rows were looked up by them.

    Of many partners, each row is asked for its own: SQLite would else seek all of them for each.
    """
    ids = list(partners.order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(ids) <= FEW:
        return rows.filter(pk__in=links.filter(organization_id__among=ids).values(mine)), True
    its = Exists(partners.order_by().filter(pk=OuterRef("organization_id")))
    return rows.filter(Exists(links.filter(its, **{mine: OuterRef("pk")}))), False
