"""A page out of ranges has the rows of visible_to, in its order, forwards and backwards."""

import pytest
from django.db import connection

import crm.lists  # noqa: F401  (fills PAGES)
from access import ranges
from access.actors import actor_of
from access.models import Reach
from access.ranges import Counts, count_of, first
from access.settling import every
from lists.pages import PAGES
from lists.paging import Order, page_of
from tests import make

pytestmark = pytest.mark.django_db
SIZE = 4


@pytest.fixture
def viewers(here, elsewhere):
    """Actors with one, several and all states, and rows at home, reaching, hidden, restricted."""
    third = make.state(here.region)
    lead = make.user(here.region, home=here, role="regional-lead")
    organizer = make.user(here.region, home=here)
    lone = make.user(third, home=third)
    for n in range(18):
        state = (here, third, elsewhere)[n % 3]
        partner = make.organization(state=state, name=f"Casa {n % 5}", owner=organizer)
        other = make.organization(state=(elsewhere, here, third)[n % 3], name=f"Other {n % 7}")
        kind = "restricted" if n % 4 == 0 else "team"
        both, author = [partner, other], lone if n % 8 else None
        person = make.contact(
            organizations=both, name=f"Ana {n % 6}", visibility=kind, author=author
        )
        there = both if n % 2 else [other]
        make.interaction(organizations=there, contacts=[person], visibility=kind)
        make.task(about=partner, owner=organizer)
        make.affiliate(state)
        make.contact_list(lead if n % 2 else lone, [person], shared=bool(n % 3))
    everywhere = make.user(here.region, home=here, role="leader", everywhere=True)
    for kind in ("contact", "interaction"):
        assert Reach.objects.filter(kind=kind).exists()
    return [actor_of(user) for user in (lead, organizer, lone, everywhere)]


@pytest.mark.parametrize("wide", [False, True])
def test_ranges_have_the_rows_of_visible_to(viewers, monkeypatch, wide):
    monkeypatch.setattr(ranges, "FEW", -1 if wide else 10_000)
    monkeypatch.setattr(ranges, "_wide", {})
    ranged = 0
    for page in PAGES.values():
        for actor in viewers:
            rows = page.rows(actor)
            for column in (c for c in page.columns if c.sort):
                for sign in ("", "-"):
                    order = (f"{sign}{column.sort}", f"{sign}uid")
                    wanted = list(rows.order_by(*order).values_list("uid", flat=True))
                    found = first(rows, actor, order, SIZE)
                    assert list(found.values_list("uid", flat=True)) == wanted[:SIZE]
                    ranged += "UNION ALL" in str(found.query)
                    for whole in (None, page.rows):
                        there_and_back(rows, actor, Order(column, sign == "-"), wanted, whole)
            for most in (3, 1_000):
                asked = every(page.model).values_list(count_of(rows, actor, most))
                assert (asked.first() or (0,))[0] == min(len(wanted), most)
    assert ranged or (wide and connection.vendor != "sqlite")


def there_and_back(rows, actor, order, wanted, whole) -> None:
    """Every page to the end and back holds what comes next."""
    page, seen = page_of(rows, order, "", SIZE, actor=actor, whole=whole), []
    while True:
        seen.append([uid for _value, uid, _pk in page.keys])
        assert page.count == len(wanted)
        if not page.next:
            break
        page = page_of(rows, order, page.next, SIZE, actor=actor, whole=whole)
    assert [uid for some in seen for uid in some] == wanted
    for some in reversed(seen[:-1]):
        page = page_of(rows, order, page.previous, SIZE, actor=actor, whole=whole)
        assert [uid for _value, uid, _pk in page.keys] == some
    assert page.previous is None


def test_filters_and_nothing(viewers):
    actor = viewers[0]
    rows = PAGES["organizations"].rows(actor)
    assert list(first(rows.none(), actor, ("sort_name", "uid"), 5)) == []
    assert list(first(rows.filter(pk__in=[]), actor, ("sort_name", "uid"), 5)) == []
    some = rows.filter(name="Casa 1").order_by("sort_name", "uid")
    assert list(first(some, actor, ("sort_name", "uid"), 50)) == list(some)


def test_counts_are_asked_together(viewers):
    actor = viewers[0]
    people, partners = PAGES["people"].rows(actor), PAGES["organizations"].rows(actor)
    counts = Counts(people.values("pk"), partners.none(), partners.values("pk")[:3])
    assert counts.ask() == [people.count(), 0, 3]
    assert Counts(people.none()).ask() == [0]
