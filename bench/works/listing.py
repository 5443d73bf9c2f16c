"""Lists: their first and their far pages, beside SQL by hand and the same template; counts."""

from bench.measuring import Pair, Values, most, within, work
from bench.world import ALL, MANAGER, TWO, World

LISTS = {
    # address: (table, order, what is read of each row, what is read beside the rows)
    "people": (
        "crm_contact",
        "sort_name, uid",
        "id, uid, name, home_id, last_contact, no_contact, no_email, no_phone, no_text, no_mail, "
        "sort_name",
        (
            "SELECT t.contact_id, o.uid, o.name, t.role FROM crm_affiliation t "
            "JOIN crm_organization o ON o.id = t.organization_id WHERE t.contact_id IN ({ids})",
        ),
    ),
    "organizations": (
        "crm_organization",
        "sort_name, uid",
        "id, uid, name, kind_id, city, home_id, stage_id, strength, last_contact, owner_id, "
        "sort_name",
        (
            "SELECT l.organization_id, c.name FROM crm_organizationcommunity l "
            "JOIN crm_community c ON c.id = l.community_id WHERE l.organization_id IN ({ids})",
            "SELECT l.organization_id, f.name FROM crm_organizationfocusarea l "
            "JOIN crm_focusarea f ON f.id = l.focus_area_id WHERE l.organization_id IN ({ids})",
        ),
    ),
    "interactions": (
        "crm_interaction",
        "day DESC, uid DESC",
        "id, uid, day, kind_id, status, summary, outcome_id, home_id",
        (
            "SELECT l.interaction_id, o.uid, o.name FROM crm_interactionorganization l "
            "JOIN crm_organization o ON o.id = l.organization_id WHERE l.interaction_id IN ({ids})",
            "SELECT l.interaction_id, c.uid, c.name FROM crm_interactioncontact l "
            "JOIN crm_contact c ON c.id = l.contact_id WHERE l.interaction_id IN ({ids})",
        ),
    ),
}


def by_hand(world: World, name: str, who: str):
    """A function that reads the first page of a list with statements written by hand."""
    table, order, columns, beside = LISTS[name]
    statement, values = world.page_sql(columns, table, order, who)

    def read() -> list[tuple]:
        rows = world.sql(statement, *values)[:50]
        ids = ", ".join(str(row[0]) for row in rows)
        for other in beside:
            world.sql(other.format(ids=ids or "NULL"))
        return rows

    return read


def _page(world: World, name: str, who: str):
    client, address = world.client(who), f"/{name}/?view=all"
    render, read = world.template_of(client, address), by_hand(world, name, who)

    def reference():
        read()
        render()

    yield Pair(lambda: world.got(client, address), reference)


def _register(name: str, title: str, who: str) -> None:
    work(
        f"list.{name}.{'two' if who == TWO else 'all'}",
        f"{title}, {who}",
        "SQL by hand + the same template",
        most(2.5),
        grows=1.3,
    )(lambda world: _page(world, name, who))


for _name, _title in (
    ("people", "List of people"),
    ("organizations", "List of organizations"),
    ("interactions", "List of meetings"),
):
    for _who in (TWO, MANAGER if _name == "interactions" else ALL):
        _register(_name, _title, _who)


def _far(world: World, client, pages: int) -> str:
    """The address of a page that many pages further on (or of the last one), by its own links."""
    from django.http import QueryDict

    from crm.lists import CONTACTS
    from lists.paging import SIZE, Order, _cursor

    rows = CONTACTS.rows(world.actor(TWO)).order_by("sort_name", "uid")
    skipped = min(pages * SIZE, max(0, rows.count() - 2 * SIZE))
    key = rows.values_list("sort_name", "uid", "pk")[skipped : skipped + 1].get()
    column = next(c for c in CONTACTS.columns if c.name == "name")
    query = QueryDict(mutable=True)
    query["page"] = _cursor(Order(column), False, key, skipped + 1)
    query["view"] = "all"
    return f"/people/?{query.urlencode()}"


@work("list.far", "Page 4,000 of people, two regions", "our first page", most(1.3), grows=1.3)
def far_page(world: World):
    client = world.client(TWO)
    address = _far(world, client, 4_000)
    yield Pair(
        lambda: world.got(client, address),
        lambda: world.got(client, "/people/?view=all"),
    )


def _queries(world: World, address: str, who: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = world.client(who)
    world.got(client, address)
    with CaptureQueriesContext(connection) as captured:
        world.got(client, address)
    plain = [q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    return len(plain)


@work("list.queries", "Statements of a list page", "", within(6), unit="statements")
def queries(world: World):
    yield Pair(lambda: Values([_queries(world, "/people/?view=all", TWO)]), rounds=1)


def _count(world: World, query: str):
    """The count costs at the most twice the rows, so both together three times."""
    from django.http import QueryDict

    from access import ranges
    from crm.lists import CONTACTS
    from lists.columns import paths_of
    from lists.paging import SIZE, page_of
    from lists.saved_views import Asking

    actor = world.actor(TWO)
    columns = [c for c in CONTACTS.columns_for(actor) if c.on_page]
    here = CONTACTS.find(Asking(actor), QueryDict(query))

    def rows():
        some = ranges.first(here.rows, actor, ("sort_name", "uid"), SIZE + 1)
        list(some.values_list("sort_name", "pk", "uid", "revision", *paths_of(columns)))

    yield Pair(
        lambda: page_of(here.rows, here.order, actor=actor, columns=columns, among=here.among),
        rows,
    )


# The rows of a page take 1 ms since its statement is put together once; to walk through ten
# thousand entries of an index, which is where a count ends, takes SQLite 3.
for _name, _title, _query in (
    ("scope", "Page of people and their count, two regions", ""),
    ("filtered", "Page of people and their count, one state", "state=TX"),
    ("rare", "Page of people and their count, two rare filters", "unchecked=yes&unattached=yes"),
):
    work(f"count.{_name}", _title, "the page without a count", most(3, plus=5))(
        lambda world, query=_query: _count(world, query)
    )


@work("record.busiest", "A partner with 5,000 meetings", "our list of meetings", None)
def busiest(world: World):
    client = world.client(TWO)
    uid = world.uid("crm_organization", 1)
    yield Pair(
        lambda: world.got(client, f"/organizations/{uid}/"),
        lambda: world.got(client, "/interactions/?view=all"),
    )


@work("record.today", "Today, two regions", "our list of meetings", None)
def today(world: World):
    client = world.client(TWO)
    yield Pair(
        lambda: world.got(client, "/today/"),
        lambda: world.got(client, "/interactions/?view=all"),
    )


@work("record.person", "A person", "our list of people", None)
def person(world: World):
    client = world.client(TWO)
    uid = world.uid("crm_contact", 1)
    yield Pair(
        lambda: world.got(client, f"/people/{uid}/"),
        lambda: world.got(client, "/people/?view=all"),
    )
