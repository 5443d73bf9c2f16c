"""The list of the union's own bodies."""

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
from lists.columns import Column
from lists.pages import ListPage


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
        Column("parent", _("Part of"), kind="link", load=lambda actor, ids: parents(actor, ids)),
    ]
    filters = {
        "kind": filters.Choose(AffiliateKind, "kind", _("Kind")),
        "region": filters.region(),
        "state": filters.state(),
    }
    bulk = [
        Bulk("kind", _("Set kind"), ChangeAffiliate, ("kind",), needs=Action.BULK),
    ]


def parents(actor, ids) -> dict[int, dict[str, str]]:
    """The parent of each affiliate, where the actor sees it."""
    rows = Affiliate.objects.visible_to(actor).filter(pk__in=ids, parent__isnull=False)
    above = dict(rows.values_list("pk", "parent_id"))
    seen = Affiliate.objects.visible_to(actor).filter(pk__in=set(above.values()))
    names = {
        pk: {"uid": str(uid), "name": name}
        for pk, uid, name in seen.values_list("pk", "uid", "name")
    }
    return {pk: names[parent] for pk, parent in above.items() if parent in names}
