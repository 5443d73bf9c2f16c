"""The list of the union's own bodies."""

from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext_lazy as _

from access.roles import Action
from crm.commands import (
    AddAffiliate,
    ChangeAffiliate,
)
from crm.models import (
    Affiliate,
    AffiliateKind,
)
from lists import filters
from lists.bulk import Bulk
from lists.columns import Column, Texts
from lists.pages import ListPage


def _below_seen(affiliates, actor):
    """Those whose parent the actor sees too."""
    above = Affiliate.objects.visible_to(actor).filter(pk=OuterRef("parent_id"))
    return affiliates.filter(Exists(above))


def _parent(found: list[tuple[str, str, str]]) -> dict[str, str]:
    name, _other, uid = found[0]
    return {"uid": str(UUID(uid)), "name": name}


# The parent of each affiliate, where the actor sees it.
parents = Texts(
    Affiliate,
    "pk",
    "parent__name",
    key="parent__uid",
    made=_parent,
    said=lambda: F("parent__name"),
    one=True,
    narrow=_below_seen,
)


class Affiliates(ListPage):
    """The union's own bodies."""

    model, name, title = Affiliate, "affiliates", _("Affiliates")
    one, icon = _("Affiliate"), "affiliate"
    record, add_url = "crm:affiliate", "crm:add_affiliate"
    add, change = AddAffiliate, ChangeAffiliate
    order, hint = "name", "state"
    place = ("city", "state")
    has_owner = False
    empty_text = _("The union's own bodies appear here when a data manager adds them.")
    columns = [
        Column("name", _("Affiliate"), sort="sort_name", main=True),
        Column("kind", _("Kind"), kind="reference"),
        Column("state", _("State"), path="home", kind="state"),
        Column("city", _("City")),
        Column("parent", _("Part of"), kind="link", load=parents),
    ]
    filters = {
        "kind": filters.Choose(AffiliateKind, "kind", _("Kind")),
        "region": filters.region(),
        "state": filters.state(),
    }
    bulk = [
        Bulk("kind", _("Set kind"), ChangeAffiliate, ("kind",), needs=Action.BULK),
    ]
