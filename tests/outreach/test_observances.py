"""Observances: their days, who keeps them, and events that fall on them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.settling import every
from access.undo import undo
from outreach.commands import AddObservance, ChangeObservance, KeepDays
from outreach.keeping import clashes, in_short, kept_between
from outreach.models import EventCommunity, Observance, OrganizationObservance
from tests import make

pytestmark = pytest.mark.django_db

KWANZAA = {"month": 12, "day": 26, "last_month": 1, "last_day": 1}
FEBRUARY = {"month": 2, "day": 1, "last_month": 2, "last_day": 29}
DECEMBER = date(2026, 12, 1), date(2026, 12, 31)


def observance(name="Guadalupe", month=12, day=12, **fields):
    return make.saved(Observance(code=name.lower(), name=name, month=month, day=day, **fields))


def keep(partner, row):
    return make.saved(OrganizationObservance(organization=partner, observance=row))


def boss(here):
    return actor_of(make.user(here.region, home=here, role="administrator", everywhere=True))


@pytest.mark.parametrize(
    ("fields", "year", "first", "last"),
    [
        ({"month": 12, "day": 12}, 2026, "2026-12-12", "2026-12-12"),
        (KWANZAA, 2026, "2026-12-26", "2027-01-01"),
        (FEBRUARY, 2027, "2027-02-01", "2027-02-28"),
        ({"month": 2, "day": 29}, 2028, "2028-02-29", "2028-02-29"),
        ({"month": 2, "day": 6, "year": 2027}, 2027, "2027-02-06", "2027-02-06"),
        ({"month": 2, "day": 6, "year": 2027}, 2028, None, None),
    ],
)
def test_days_of_a_year(fields, year, first, last):
    found = Observance(name="x", **fields).in_year(year)
    assert found == (first and (date.fromisoformat(first), date.fromisoformat(last)))


def test_what_goes_over_the_new_year_is_found_from_both_sides():
    row = Observance(name="Kwanzaa", month=12, day=26, last_month=1, last_day=1)
    whole = (date(2026, 12, 26), date(2027, 1, 1))
    assert row.between(date(2026, 12, 1), date(2026, 12, 31)) == [whole]
    assert row.between(date(2027, 1, 1), date(2027, 1, 31)) == [whole]
    assert row.between(date(2027, 1, 2), date(2027, 1, 31)) == []
    assert not row.is_long
    assert Observance(name="Pride", month=6, day=1, last_month=6, last_day=30).is_long


def test_an_administrator_adds_and_changes_them(here):
    actor = boss(here)
    command = AddObservance(actor, {"name": "Founders’ Day", "month": "4", "day": "9"})
    row = command.run()
    values = {"day": "10", "year": "2027", "revision": row.revision}
    ChangeObservance(actor, values, instance=make.fresh(row), partial=True).run()
    row = make.fresh(row)
    assert (row.day, row.year, row.shown) == (10, 2027, "Founders’ Day (2027)")
    organizer = actor_of(make.user(here.region, home=here))
    with pytest.raises(PermissionDenied):
        AddObservance(organizer, {"name": "x", "month": "4", "day": "9"}).run()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"month": "2", "day": "30"}, "day"),
        ({"month": "13", "day": "1"}, "month"),
        ({"month": "4", "day": "31"}, "day"),
        ({"month": "4", "day": "9", "last_month": "6", "last_day": "31"}, "last_day"),
        ({"month": "4", "day": "9", "last_month": "6"}, "last_day"),
        ({"month": "4", "day": "9", "year": "27"}, "year"),
        ({"month": "4", "day": "9", "year": "99999"}, "year"),
    ],
)
def test_days_that_no_year_has_are_refused(here, values, field):
    command = AddObservance(boss(here), {"name": "Nothing"} | values)
    with pytest.raises(ValidationError):
        command.run()
    assert field in command.errors
    assert not every(Observance).exists()


def test_an_emptied_form_is_told_once_for_each_field(here):
    actor = boss(here)
    row = observance()
    values = {"name": "", "month": "", "day": ""}
    for command in (
        AddObservance(actor, values),
        ChangeObservance(actor, values | {"revision": row.revision}, instance=make.fresh(row)),
    ):
        with pytest.raises(ValidationError):
            command.run()
        assert command.errors == {name: ["This field is required."] for name in values}


def test_a_partner_tells_which_days_it_keeps(here, actor):
    partner, row = make.organization(state=here), observance()
    partner = make.fresh(partner)
    values = {"observances": [row.code], "revision": partner.revision}
    command = KeepDays(actor, values, instance=partner)
    command.run()
    assert every(OrganizationObservance).get().organization_id == partner.pk
    undo(actor, command.run_made)
    assert not every(OrganizationObservance).exists()


def test_who_keeps_a_day_is_told_to_who_sees_the_partner(here, elsewhere, actor):
    row = observance()
    ours, theirs = make.organization(state=here), make.organization(state=elsewhere)
    keep(ours, row)
    keep(theirs, row)
    assert [one.partners for one in kept_between(actor, *DECEMBER)] == [[ours]]


def test_an_event_on_a_day_that_a_partner_at_it_keeps(here, actor):
    partner, other = make.organization(state=here), make.organization(state=here)
    keep(partner, observance())
    event = make.event(here, [(partner, "co-host")], day=date(2026, 12, 12))
    make.event(here, [(other, "host")], day=date(2026, 12, 12))
    make.event(here, [(partner, "host")], day=date(2026, 12, 13))
    make.event(here, [(partner, "host")], day=date(2026, 12, 12), status="cancelled")
    rows = list(type(event).objects.visible_to(actor).order_by("pk"))
    found = clashes(actor, rows, kept_between(actor, *DECEMBER))
    assert [(one.event, one.partners) for one in found] == [(event, [partner])]


def test_an_event_for_a_community_that_keeps_the_day(here, actor):
    community = make.community()
    observance(community=community)
    event = make.event(here, day=date(2026, 12, 11), end_day=date(2026, 12, 12))
    make.saved(EventCommunity(event=event, community=community))
    found = clashes(actor, [event], kept_between(actor, *DECEMBER))
    assert [(one.event, one.partners, one.named) for one in found] == [(event, [], "")]


def test_a_heritage_month_is_no_clash(here, actor):
    community = make.community()
    row = observance("Month", 12, 1, last_month=12, last_day=31, community=community)
    partner = make.organization(state=here)
    keep(partner, row)
    event = make.event(here, [(partner, "host")], day=date(2026, 12, 12))
    assert clashes(actor, [event], kept_between(actor, *DECEMBER)) == []


def test_the_calendar_tells_of_both(client, here):
    day = date(2030, 12, 12)
    partner = make.organization(state=here, name="Casa Unida")
    keep(partner, observance())
    observance("Heritage Month", 12, 1, last_month=12, last_day=31)
    retired = observance("Gone Day", 12, 5, retired=True)
    make.event(here, [(partner, "host")], day=day, name="Late buses")
    client.force_login(make.user(here.region, home=here))
    page = client.get(reverse("outreach:month") + "?month=2030-12")
    text = " ".join(page.content.decode().split())
    assert "Casa Unida told us that it keeps that day." in text
    assert "1 event in December 2030; one falls on a day that Casa Unida keeps" in text
    assert "Ask Casa Unida first" in text
    assert "Observance, told by Casa Unida" in text
    assert "Heritage Month" in text
    assert retired.name not in text
    assert [one.kept.row.name for one in page.context["clashes"]] == ["Guadalupe"]
    squares = [square for week in page.context["weeks"] for square in week]
    assert [square.day for square in squares if square.is_clash] == [day]
    event = page.context["clashes"][0].event
    assert "told us" in client.get(reverse("outreach:event", args=[event.uid])).content.decode()


def test_a_clash_names_who_keeps_the_day_the_first_of_many_and_nobody_hidden(
    client, here, elsewhere
):
    row, day = observance(), date(2030, 12, 12)
    partners = [make.organization(state=here, name=f"Partner {n}") for n in range(5)]
    hidden = make.organization(state=elsewhere, name="Canary House")
    other = make.organization(state=here, name="Not at it")
    for one in (*partners, hidden, other):
        keep(one, row)
    make.organization(state=here, name="Keeps nothing")
    make.event(here, [(one, "co-host") for one in (*partners, hidden)], day=day)
    client.force_login(make.user(here.region, home=here))
    page = client.get(reverse("outreach:month") + "?month=2030-12")
    text = " ".join(page.content.decode().split())
    assert "; one falls on a day that Partner 0, Partner 1 and 3 more keep" in text
    assert "Partner 0, Partner 1, Partner 2 and 2 more told us that they keep that day." in text
    assert "Canary House" not in text
    all_of_them = reverse("crm:organizations") + f"?view=all&amp;keeps={row.code}"
    assert f'<a href="{all_of_them}">All 6 that keep it</a>' in text
    listed = client.get(all_of_them.replace("&amp;", "&")).content.decode()
    assert "6 organizations" in listed
    assert "Canary House" not in listed and "Keeps nothing" not in listed


def test_who_told_of_the_day_of_a_community_is_named(here, actor):
    community = make.community()
    row = observance(community=community)
    event = make.event(here, day=date(2026, 12, 12))
    make.saved(EventCommunity(event=event, community=community))
    days = [event], kept_between(actor, *DECEMBER)
    assert in_short(clashes(actor, *days)) == "one falls on a day that is kept"
    keep(make.organization(state=here, name="Casa Unida"), row)
    keep(make.organization(state=here, name="Harbor"), row)
    days = [event], kept_between(actor, *DECEMBER)
    assert in_short(clashes(actor, *days)) == "one falls on a day that Casa Unida and Harbor keep"


def test_the_pages_of_settings(client, here):
    row = observance()
    client.force_login(make.user(role="administrator", home=here, everywhere=True))
    assert "December 12, each year" in client.get(
        reverse("outreach:observances")
    ).content.decode().replace("\n", "")
    page = client.get(reverse("outreach:observance", args=[row.uid]) + "?tab=history")
    assert page.status_code == 200
    sent = {"name": "Feast", "month": "12", "day": "13", "revision": row.revision}
    client.post(reverse("outreach:observance", args=[row.uid]), sent)
    assert make.fresh(row).day == 13
