"""Handing over what waits for a user: who gets it, what stays, and what nobody learns."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from access import registers
from access.actors import actor_of
from access.models import AuditEntry, Notice, Run, User
from access.people import SetActive
from access.recording import Refused
from access.undo import undo
from crm import handing_over
from crm.handing_over import MOVES, HandOver
from crm.models import Interaction, InteractionOrganizer, Organization, Task
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines():
    return actor_of(make.user(role="administrator", everywhere=True))


@pytest.fixture
def priya(here, elsewhere):
    """An organizer of two regions, with something of each kind in both."""
    person = make.user(here.region, elsewhere.region, home=here, name="Priya Raman")
    for state in (here, elsewhere):
        partner = make.organization(state=state, owner=person)
        make.task(about=partner, owner=person)
        make.interaction(
            organization=partner, status="planned", organizers=[person], day="2099-01-05"
        )
        make.interaction(organization=partner, status="held", organizers=[person])
        make.task(about=partner, owner=person, status=Task.Status.DONE)
    return person


def hand(actor, person, **values):
    access = make.fresh(person.access)
    command = HandOver(actor, {"revision": access.revision} | values, instance=access)
    command.run()
    return command


def owned(person):
    return (
        Organization.objects.visible_to(make.SETUP).filter(owner=person).count(),
        Task.objects.visible_to(make.SETUP).filter(owner=person, status="open").count(),
        InteractionOrganizer.objects.visible_to(make.SETUP)
        .filter(user=person, interaction__status="planned")
        .count(),
    )


def test_one_person_gets_it_all_and_one_undo_gives_it_back(ines, priya, here, elsewhere):
    lead = make.user(here.region, elsewhere.region, home=here, role="regional-lead")
    command = hand(ines, priya, to_all=str(lead.uid), seen="6")
    assert owned(lead) == (2, 2, 2) and owned(priya) == (0, 0, 0)
    held = Interaction.objects.visible_to(make.SETUP).filter(status="held")
    organizers = InteractionOrganizer.objects.visible_to(make.SETUP)
    assert set(organizers.filter(interaction__in=held).values_list("user", flat=True)) == {priya.pk}
    told = Notice.objects.filter(user=lead)
    assert (
        sorted(told.values_list("kind", flat=True))
        == ["given"] * 2 + ["handed-over"] * 2 + ["named"] * 2
    )
    partners = Organization.objects.visible_to(make.SETUP)
    assert set(partners.values_list("confirmed_owner", flat=True)) == {lead.pk}
    assert undo(ines, command.run_made).rows == len(command.given)
    assert owned(priya) == (2, 2, 2) and owned(lead) == (0, 0, 0)
    assert not told.exists()


def test_each_region_has_a_successor_of_its_own(ines, priya, here, elsewhere):
    one, two = make.user(here.region, home=here), make.user(elsewhere.region, home=elsewhere)
    wanted = {f"to_{here.region.code}": str(one.uid), f"to_{elsewhere.region.code}": str(two.uid)}
    hand(ines, priya, seen="6", **wanted)
    assert owned(one) == owned(two) == (1, 1, 1)


def test_nobody_gets_what_they_do_not_see(ines, priya, here):
    one = make.user(here.region, home=here, name="Daniel Okafor")
    with pytest.raises(Refused, match="no new owner"):
        hand(ines, priya, to_all=str(one.uid), seen="6")
    assert owned(priya) == (2, 2, 2)
    hand(ines, priya, to_all=str(one.uid), seen="6", leave="on")
    assert owned(one) == owned(priya) == (1, 1, 1)


@pytest.mark.parametrize("role", ["leader", "administrator"])
def test_only_who_logs_meetings_takes_over(ines, priya, role):
    other = make.user(role=role, everywhere=True)
    with pytest.raises(ValidationError):
        hand(ines, priya, to_all=str(other.uid), seen="6")
    assert owned(priya) == (2, 2, 2)


def test_neither_the_leaver_nor_who_has_no_access_takes_over(ines, priya):
    gone = make.user(role="data-manager", everywhere=True, is_active=False)
    for person in (priya, gone):
        with pytest.raises(ValidationError):
            hand(ines, priya, to_all=str(person.uid), seen="6")


@pytest.mark.parametrize("role", ["organizer", "leader"])
def test_who_may_not_assign_hands_over_nothing(here, priya, role):
    actor = actor_of(make.user(here.region, home=here, role=role))
    with pytest.raises(PermissionDenied):
        hand(actor, priya, seen="6")


def test_a_page_that_was_looked_at_before_something_came_is_refused(ines, priya, here):
    other = make.user(role="data-manager", everywhere=True)
    make.organization(state=here, owner=priya)
    with pytest.raises(ValidationError, match="since you looked"):
        hand(ines, priya, to_all=str(other.uid), seen="6")
    with pytest.raises(Refused, match="Look first"):
        hand(ines, priya, to_all=str(other.uid))
    assert owned(priya) == (3, 2, 2)


def test_who_is_in_the_meeting_already_is_not_in_it_twice(ines, priya, here):
    other = make.user(role="data-manager", everywhere=True)
    met = make.interaction(
        organization=make.organization(state=here), status="planned", organizers=[priya, other]
    )
    hand(ines, priya, to_all=str(other.uid), seen="7")
    links = InteractionOrganizer.objects.visible_to(make.SETUP).filter(interaction=met)
    assert [link.user_id for link in links] == [other.pk]


def test_restricted_rows_stay_and_show_nothing_but_their_number(ines, priya, here):
    other = make.user(role="data-manager", everywhere=True)
    met = make.interaction(
        organization=make.organization(state=here, name="Canary house"),
        visibility="restricted",
        status="planned",
        author=priya,
        organizers=[priya],
        summary="Canary words",
    )
    task = make.task(about=met, owner=priya, title="Canary task")
    client = signed_in(ines)
    url = reverse("crm:hand_over", args=[priya.access.uid])
    revision = make.fresh(priya.access).revision
    sent = {"to_all": str(other.uid), "revision": revision}
    for response in (client.get(url), client.post(url, sent)):
        text = response.content.decode()
        assert response.status_code == 200
        assert "Restricted rows are not handed over here" in text
        assert "Canary" not in text
    client.post(url, sent | {"seen": "6"})
    assert make.fresh(task).owner_id == priya.pk
    assert owned(other) == (2, 2, 2)


def test_a_restricted_follow_up_stays_though_its_reader_hands_over(ines, priya, here):
    from access.models import Opening

    other = make.user(role="data-manager", everywhere=True)
    met = make.interaction(state=here, visibility="restricted", author=priya)
    task = make.task(about=met, owner=priya)
    until = datetime.now(UTC) + timedelta(minutes=5)
    for row in (met, task):
        Opening.objects.create(user_id=ines.user_id, row_uid=row.uid, reason="Help", until=until)
    reader = actor_of(User.objects.get(pk=ines.user_id))
    assert Task.objects.visible_to(reader).filter(pk=task.pk).exists()
    hand(reader, priya, to_all=str(other.uid), seen="6")
    assert make.fresh(task).owner_id == priya.pk


def test_an_administrator_of_one_region_hands_over_there_only(priya, here):
    actor = actor_of(make.user(here.region, home=here, role="administrator"))
    other = make.user(role="data-manager", everywhere=True)
    hand(actor, priya, to_all=str(other.uid), seen="3")
    assert owned(other) == owned(priya) == (1, 1, 1)


def signed_in(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def test_the_page_shows_who_gets_what_before_anything_changes(ines, priya, here):
    one = make.user(here.region, home=here, name="Daniel Okafor")
    client = signed_in(ines)
    url = reverse("crm:hand_over", args=[priya.access.uid])
    assert "6 rows wait for Priya Raman" in client.get(url).content.decode()
    sent = {"to_all": str(one.uid), "revision": make.fresh(priya.access).revision}
    text = client.post(url, sent).content.decode()
    assert "3 rows have no new owner" in text and "Daniel Okafor does not see it." in text
    assert owned(priya) == (2, 2, 2)
    refused = client.post(url, sent | {"seen": "6"})
    assert refused.status_code == 422 and "Nothing changed" in refused.content.decode()
    done = client.post(url, sent | {"seen": "6", "leave": "on"}, follow=True)
    assert "Handed over 3; 3 stay." in done.content.decode()
    assert "Undo" in done.content.decode()
    assert owned(one) == (1, 1, 1)
    entry = AuditEntry.objects.select_related("detail").get(action="HandOver")
    assert entry.detail.words["stays"] == 3


def test_access_is_taken_away_once_nothing_waits_or_it_is_said(ines, priya):
    access = make.fresh(priya.access)
    values = {"revision": access.revision}
    with pytest.raises(Refused, match="Hand over first"):
        SetActive(ines, values, instance=access).run()
    assert User.objects.get(pk=priya.pk).is_active
    SetActive(ines, values | {"leave": "on"}, instance=make.fresh(access)).run()
    assert not User.objects.get(pk=priya.pk).is_active


def test_every_key_that_moves_with_a_handover_is_moved():
    moving = {(t.model, t.field) for t in registers.touches_of(User) if t.handover == "move"}
    assert moving == set(MOVES)


def test_what_is_much_goes_in_slices_of_one_run(ines, priya, here, elsewhere, monkeypatch):
    monkeypatch.setattr(handing_over, "AT_ONCE", 1)
    one = make.user(here.region, elsewhere.region, home=here)
    command = hand(ines, priya, to_all=str(one.uid), seen=6)
    assert owned(one) == (2, 2, 2)
    run = command.run_made
    assert Run.objects.filter(command="HandOver").get() == run
    assert (run.status, run.subject) == (Run.Status.DONE, priya.access.uid)
    assert AuditEntry.objects.filter(action="HandOver").count() == 1
    undo(ines, run)
    assert owned(priya) == (2, 2, 2)


def test_slices_are_taken_back_when_a_later_one_fails(ines, priya, here, elsewhere, monkeypatch):
    monkeypatch.setattr(handing_over, "AT_ONCE", 1)
    one = make.user(here.region, elsewhere.region, home=here)
    moved, real = [], HandOver._move

    def move(self, items):
        if len(moved) == 4:
            raise Refused("Out of luck.")
        moved.extend(items)
        real(self, items)

    monkeypatch.setattr(HandOver, "_move", move)
    with pytest.raises(Refused, match="Out of luck"):
        hand(ines, priya, to_all=str(one.uid), seen=6)
    assert len(moved) == 4
    assert (owned(priya), owned(one)) == ((2, 2, 2), (0, 0, 0))
    assert not Run.objects.filter(status=Run.Status.OPEN).exists()


def test_nothing_goes_ahead_of_a_form_that_is_refused(ines, priya, here, elsewhere, monkeypatch):
    monkeypatch.setattr(handing_over, "AT_ONCE", 1)
    one = make.user(here.region, elsewhere.region, home=here)
    with pytest.raises(Refused, match="Look first"):
        hand(ines, priya, to_all=str(one.uid))
    assert owned(priya) == (2, 2, 2)
