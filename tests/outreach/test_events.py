"""Events: where they lie, who sees whose role, what is refused."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.settling import every
from access.undo import undo
from crm.models import Location
from outreach.commands import AddEvent, ChangeEvent, DeleteEvent
from outreach.models import Event, EventKind, EventOrganization
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(here):
    return make.organization(state=here)


def kind(code="forum"):
    return EventKind.objects.filter(code=code).first() or make.saved(
        EventKind(code=code, name=code)
    )


def add(actor, **values):
    values = {"name": "Reading night", "kind": kind().code, "day": "2026-11-20"} | values
    return AddEvent(actor, values).run()


def change(actor, row, **values):
    row = make.fresh(row)
    command = ChangeEvent(actor, values | {"revision": row.revision}, instance=row, partial=True)
    command.run()
    return command


def role(organization, name="host", **more):
    return {"organization": str(organization.uid), "role": name} | more


def test_it_lies_in_its_own_state_else_where_its_host_does(here, elsewhere, actor, partner):
    far = make.organization(state=elsewhere)
    assert make.event(None, [(far, "sponsor"), (partner, "host")]).home == here
    assert make.event(elsewhere, [(partner, "host")]).home == elsewhere
    assert make.fresh(add(actor)).home_id == actor.home_id


def test_who_sees_a_partner_at_it_sees_the_event(here, elsewhere, actor, partner):
    row = make.event(elsewhere, [(partner, "speaker")])
    assert Event.objects.visible_to(actor).filter(pk=row.pk).exists()
    alone = make.event(elsewhere)
    assert not Event.objects.visible_to(actor).filter(pk=alone.pk).exists()


def test_it_goes_where_its_host_goes(here, elsewhere, partner):
    row = make.event(None, [(partner, "host")])
    place = every(Location).get(organization=partner)
    place.state = elsewhere
    make.saved(place)
    assert make.fresh(row).home == elsewhere


def test_one_partner_with_two_roles_is_one_and_amounts_add_up(client, organizer, here, partner):
    row = make.event(here)
    other = make.organization(state=here)
    make.saved(
        EventOrganization(event=row, organization=partner, role="sponsor", amount=1000),
        EventOrganization(event=row, organization=partner, role="speaker"),
        EventOrganization(event=row, organization=other, role="sponsor", amount=500),
    )
    client.force_login(organizer)
    page = client.get(reverse("outreach:event", args=[row.uid]))
    found = page.context["taking_part"]
    assert (found.partners, found.given) == (2, 1500)
    assert "2 partners, sponsors give $1,500" in page.content.decode()


def test_partners_of_other_areas_keep_their_roles(here, elsewhere, actor, partner):
    row = make.event(here, [(partner, "host"), (make.organization(state=elsewhere), "sponsor")])
    change(actor, row, partners=[role(partner, "speaker")])
    assert sorted(every(EventOrganization).filter(event=row).values_list("role", flat=True)) == [
        "speaker",
        "sponsor",
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"end_day": "2026-11-19"}, "end_day"),
        ({"end": "18:00"}, "start"),
        ({"start": "18:00", "end": "17:00"}, "end"),
        ({"status": "held", "day": "2999-01-01"}, "day"),
        ({"head_count": "63"}, "counted"),
        ({"zone": "Mars/Olympus", "start": "18:00"}, "zone"),
        ({"zone": "../../etc/passwd", "start": "18:00"}, "zone"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"capacity": "-1"}, "capacity"),
    ],
)
def test_what_cannot_be_is_refused(here, actor, values, field):
    values = {"name": "Reading night", "kind": kind().code, "day": "2026-11-20"} | values
    command = AddEvent(actor, values)
    with pytest.raises(ValidationError):
        command.run()
    assert field in command.errors
    assert not every(Event).exists()


def test_an_evening_that_goes_on_past_midnight(here, actor):
    row = add(actor, start="21:00", end="01:00", end_day="2026-11-21", zone="Pacific/Honolulu")
    row = make.fresh(row)
    assert row.ends() - row.begins() == timedelta(hours=4)
    assert row.zone_name == "HST"


def test_all_day_stays_on_its_day_wherever_it_is_read(client, here, elsewhere):
    row = make.event(here)
    for zone in ("Pacific/Honolulu", "America/New_York", "Pacific/Guam"):
        reader = make.user(here.region, home=here)
        reader.time_zone = zone
        reader.save()
        client.force_login(reader)
        page = client.get(reverse("outreach:event", args=[row.uid])).content.decode()
        assert "Nov 2, 2026, all day" in page


def test_a_time_is_told_in_the_zone_of_the_event(client, organizer, here):
    row = make.event(here, start=time(18), end=time(20), zone="America/Los_Angeles")
    client.force_login(organizer)
    page = client.get(reverse("outreach:event", args=[row.uid])).content.decode()
    assert "6:00 PM to 8:00 PM PST" in " ".join(page.split())


def test_a_state_outside_ones_areas_needs_a_partner_of_ones_own(here, elsewhere, actor, partner):
    with pytest.raises(ValidationError) as refused:
        add(actor, state=elsewhere.code)
    assert "outside your areas" in str(refused.value)
    row = add(actor, state=elsewhere.code, partners=[role(partner)])
    assert make.fresh(row).home == elsewhere


def test_it_is_deleted_with_its_roles_and_brought_back(here, actor, organizer, partner):
    row = make.event(here, [(partner, "host")], ["speaker"], author=organizer)
    command = DeleteEvent(actor, {"revision": row.revision}, instance=row)
    command.run()
    assert not every(EventOrganization).exists()
    undo(actor, command.run_made)
    assert make.fresh(row).partner_roles.visible_to(actor).count() == 1


def test_a_partners_timeline_tells_of_it(client, organizer, here, partner):
    make.event(here, [(partner, "sponsor")], name="Hmong New Year")
    make.event(here, [(partner, "sponsor")], name="Rained off", status="cancelled")
    client.force_login(organizer)
    page = client.get(reverse("crm:organization", args=[partner.uid])).content.decode()
    assert "Event: Hmong New Year" in page and "Rained off" not in page


def test_an_event_is_planned_from_a_partners_page(client, organizer, here, partner):
    client.force_login(organizer)
    page = client.get(reverse("crm:organization", args=[partner.uid])).content.decode()
    url = f"{reverse('outreach:add_event')}?organization={partner.uid}"
    assert url in page
    form = client.get(url).content.decode()
    assert partner.name in form
    sent = {
        "name": "Reading night",
        "kind": kind().code,
        "status": "planned",
        "day": "2026-12-05",
        "partners-0-organization": partner.uid,
        "partners-0-role": "host",
        "own_roles-0-role": "sponsor",
        "own_roles-0-amount": "300",
        "own_roles-1-role": "speaker",
        "own_roles-2-role": "",
    }
    answer = client.post(url, sent, follow=True)
    text = answer.content.decode()
    assert "Reading night" in text and "We, $300" in " ".join(text.split())
    row = every(Event).get()
    roles = row.own_roles.visible_to(actor_of(organizer)).order_by("id")
    assert list(roles.values_list("role", flat=True)) == ["sponsor", "speaker"]


def test_what_lies_ahead_and_what_nobody_settled(here, actor):
    today = actor.today()
    ahead = make.event(here, day=today + timedelta(days=3))
    going_on = make.event(here, day=today - timedelta(days=1), end_day=today)
    past = make.event(here, day=today - timedelta(days=3))
    make.event(here, day=today - timedelta(days=3), status="held")
    make.event(here, day=today + timedelta(days=3), status="cancelled")
    rows = Event.objects.visible_to(actor)
    assert set(rows.ahead(today)) == {ahead, going_on}
    assert set(rows.unsettled(today)) == {past}


def test_whoever_owns_it_sees_the_area(here, elsewhere, actor):
    stranger = make.user(elsewhere.region, home=elsewhere)
    with pytest.raises(ValidationError) as refused:
        add(actor, state=here.code, owner=str(stranger.uid))
    assert "does not see this area" in str(refused.value)


def test_another_organizer_does_not_delete_it(here, organizer):
    row = make.event(here, author=organizer)
    other = actor_of(make.user(here.region, home=here))
    with pytest.raises(PermissionDenied):
        DeleteEvent(other, {"revision": row.revision}, instance=row).run()


def test_events_keep_their_code(here):
    row = make.event(here)
    assert len(row.code) == 7
    code = row.code
    row.name = "Another name"
    make.saved(row)
    assert make.fresh(row).code == code
    assert every(Event).filter(code=code).count() == 1
