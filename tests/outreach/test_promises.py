"""Promises: made, moved, kept or not; who reads them; what stands on paper."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from access.actors import actor_of
from access.recording import Refused
from access.undo import undo
from crm.models import Location, Task
from outreach.commands import AddCommitment, ChangeCommitment, DeleteCommitment, EndCommitment
from outreach.models import Commitment
from tests import make
from tests.outreach.test_programs import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(here):
    return make.organization(state=here)


def added(actor, partner, **values):
    values = {
        "organization": str(partner.uid),
        "by": "us",
        "text": "Send the flyer",
        "due": "2026-12-01",
        "made_on": "2026-11-02",
    } | values
    command = AddCommitment(actor, values)
    return command.run(), command


@time_machine.travel("2026-11-20T15:00Z")
def test_ours_makes_a_follow_up_that_ends_with_it(actor, partner):
    row, _command = added(actor, partner)
    task = Task.objects.visible_to(actor).get()
    assert (task.title, task.due, task.owner_id) == (row.text, row.due, actor.user_id)
    assert (task.about, row.follow_up) == (partner.uid, task.uid)
    ended = do(EndCommitment, actor, row, ended="kept", day="2026-11-20")
    assert make.fresh(task).status == "done"
    undo(actor, ended.run_made)
    assert make.fresh(task).status == "open"


def test_undo_takes_its_follow_up_back_too(actor, partner):
    _row, command = added(actor, partner)
    undo(actor, command.run_made)
    assert not Task.objects.visible_to(actor).exists()


def test_what_we_promised_a_restricted_person_is_restricted_everywhere(here, organizer, partner):
    person = make.contact(organization=partner, visibility="restricted", author=organizer)
    row, _command = added(actor_of(organizer), partner, contact=str(person.uid))
    task = Task.objects.visible_to(actor_of(organizer)).get()
    assert (task.about, make.fresh(row).visibility) == (person.uid, "restricted")
    other = actor_of(make.user(here.region, home=here))
    assert not Task.objects.visible_to(other).exists()
    assert not Commitment.objects.visible_to(other).exists()


def test_theirs_makes_none(actor, partner):
    added(actor, partner, by="organization")
    assert not Task.objects.visible_to(actor).exists()


def test_a_person_promises_by_name(actor, partner):
    with pytest.raises(ValidationError, match="Choose the person"):
        added(actor, partner, by="person")
    person = make.contact(organization=partner)
    row, _command = added(actor, partner, by="person", contact=str(person.uid))
    assert row.contact_id == person.pk


def test_a_moved_date_is_counted_and_moves_the_follow_up(actor, partner):
    row, _command = added(actor, partner)
    do(ChangeCommitment, actor, row, due="2026-12-05")
    do(ChangeCommitment, actor, row, due="2026-12-03")  # earlier again: not another move
    row = make.fresh(row)
    assert (row.moved, row.first_due, row.due) == (1, date(2026, 12, 1), date(2026, 12, 3))
    assert Task.objects.visible_to(actor).get().due == row.due


@settings(max_examples=60, deadline=None)
@given(moves=st.lists(st.integers(-20, 20), max_size=4), days=st.integers(0, 60))
def test_kept_is_only_what_was_done_by_its_first_day_unmoved(moves, days):
    """Whatever was moved where, and whenever it ends."""
    row = Commitment(text="x", by="us", due=make.DAY + timedelta(days=30), made_on=make.DAY)
    row.prepare()
    first, was_moved = row.due, False
    for move in moves:
        was_moved = was_moved or move > 0
        row.moved += move > 0
    day = make.DAY + timedelta(days=days)
    assert row.ended_as(Commitment.Status.KEPT, day) == (
        Commitment.Status.KEPT if day <= first and not was_moved else Commitment.Status.LATE
    )
    for ended in (Commitment.Status.BROKEN, Commitment.Status.RELEASED):
        assert row.ended_as(ended, day) == ended


@time_machine.travel("2026-12-20T15:00Z")
@pytest.mark.parametrize(
    ("moved_to", "day", "found"),
    [
        (None, "2026-12-01", "kept"),
        (None, "2026-12-02", "late"),
        ("2026-12-10", "2026-11-20", "late"),
    ],
)
def test_a_promise_that_was_moved_is_never_kept(actor, partner, moved_to, day, found):
    row, _command = added(actor, partner)
    if moved_to:
        do(ChangeCommitment, actor, row, due=moved_to)
    do(EndCommitment, actor, row, ended="kept", day=day)
    assert make.fresh(row).status == found


@time_machine.travel("2026-12-20T15:00Z")
def test_a_second_end_changes_nothing(actor, partner):
    row, _command = added(actor, partner)
    do(EndCommitment, actor, row, ended="broken", day="2026-12-10")
    with pytest.raises(Refused, match="ended already"):
        do(EndCommitment, actor, row, ended="kept", day="2026-12-10")
    with pytest.raises(Refused, match="ended already"):
        do(ChangeCommitment, actor, row, text="Other")
    assert make.fresh(row).status == "broken"


@time_machine.travel("2026-11-20T15:00Z")
@pytest.mark.parametrize("day", ["2026-11-21", "2026-11-01"])
def test_it_ends_between_the_promise_and_today(actor, partner, day):
    row, _command = added(actor, partner)
    with pytest.raises(ValidationError, match="from the promise to today"):
        do(EndCommitment, actor, row, ended="kept", day=day)


def test_one_of_a_restricted_meeting_is_restricted_with_it(here, partner):
    other = actor_of(make.user(here.region, home=here))
    met = make.interaction(organization=partner, visibility="restricted")
    row = make.promise(partner, made_in=met.uid)
    assert row.visibility == "restricted"
    assert not Commitment.objects.visible_to(other).exists()
    met = make.fresh(met)
    met.visibility = "team"
    make.saved(met)
    assert make.fresh(row).visibility == "team"
    assert Commitment.objects.visible_to(other).exists()


def test_one_of_a_restricted_person_is_restricted_with_her(here, partner):
    other = actor_of(make.user(here.region, home=here))
    person = make.contact(organization=partner, visibility="restricted")
    make.promise(partner, by="person", contact=person)
    assert not Commitment.objects.visible_to(other).exists()


def test_who_reads_the_meeting_but_not_the_person_reads_no_promise(here, organizer, partner):
    met = make.interaction(organization=partner, visibility="restricted", author=organizer)
    person = make.contact(organization=partner, visibility="restricted")
    make.promise(partner, made_in=met.uid, by="person", contact=person)
    assert not Commitment.objects.visible_to(actor_of(organizer)).exists()
    make.promise(partner, made_in=met.uid)
    assert Commitment.objects.visible_to(actor_of(organizer)).count() == 1


def test_it_goes_where_its_partner_goes(elsewhere, partner):
    row = make.promise(partner)
    place = Location.objects.visible_to(make.SETUP).get(organization=partner)
    place.state = elsewhere
    make.saved(place)
    assert make.fresh(row).home_id == elsewhere.pk


def test_it_is_deleted_and_brought_back(actor, partner, organizer):
    row = make.promise(partner, author=organizer)
    deleted = do(DeleteCommitment, actor, row)
    assert not Commitment.objects.visible_to(actor).exists()
    undo(actor, deleted.run_made)
    assert Commitment.objects.visible_to(actor).exists()


def test_both_sides_stand_on_the_page_and_people_stay_off_paper(client, organizer, partner):
    client.force_login(organizer)
    person = make.contact(organization=partner)
    make.promise(partner, status="kept", ended_on=make.DAY)
    make.promise(partner, by="organization", status="broken", ended_on=make.DAY)
    make.promise(partner, by="person", contact=person)
    page = client.get(reverse("outreach:promises_of", args=[partner.uid]))
    text = page.content.decode()
    assert f"We kept 1 of 1 promises; {partner.name} kept 0 of 1" in text
    (_ours, ours), (_theirs, theirs) = page.context["sides"]
    assert [one["on_paper"] for one in ours + theirs] == [True, False, True]
    record = client.get(reverse("crm:organization", args=[partner.uid])).content.decode()
    assert reverse("outreach:promises_of", args=[partner.uid]) in record


def test_one_is_written_down_from_a_meeting(client, organizer, partner):
    client.force_login(organizer)
    met = make.interaction(organization=partner)
    assert (
        f"?meeting={met.uid}"
        in client.get(reverse("crm:interaction", args=[met.uid])).content.decode()
    )
    page = client.get(reverse("outreach:add_promise"), {"meeting": met.uid})
    first = page.context["command"].initial
    assert (first["organization"], first["made_in"]) == (partner, met.uid)
    sent = {"organization": partner.uid, "by": "us", "text": "Flyer", "due": "2026-12-01"}
    sent |= {"made_on": "2026-11-02", "made_in": met.uid}
    text = client.post(reverse("outreach:add_promise"), sent, follow=True).content.decode()
    assert "Flyer" in text and reverse("crm:interaction", args=[met.uid]) in text


@time_machine.travel("2026-12-20T15:00Z")
def test_its_history_tells_how_it_ended(client, organizer, actor, partner):
    client.force_login(organizer)
    row, _command = added(actor, partner)
    do(EndCommitment, actor, row, ended="released", day="2026-12-10", reason="The station closed.")
    text = client.get(reverse("outreach:promise", args=[row.uid])).content.decode()
    assert "Ended a promise" in text and "The station closed." in text


def test_a_form_offers_no_empty_button(client, organizer, partner):
    client.force_login(organizer)
    for name in ("add_promise", "add_joint_action"):
        assert "Select an option" not in client.get(reverse(f"outreach:{name}")).content.decode()


def test_a_meeting_that_is_not_there_is_refused(actor, elsewhere, partner):
    hidden = make.interaction(state=elsewhere)
    with pytest.raises(ValidationError, match="The meeting is not there"):
        added(actor, partner, made_in=str(hidden.uid))


def test_one_is_written_down_from_a_joint_action(client, organizer, partner, here):
    program = make.program(here, owner=organizer)
    action = make.joint_action(program, [partner], owner=organizer, title="Reading night")
    client.force_login(organizer)
    url = f"{reverse('outreach:add_promise')}?action={action.uid}"
    first = client.get(url).context["command"].initial
    assert (first["made_at"], first["organization"]) == (action.uid, partner)
    sent = {
        "organization": str(partner.uid), "by": "us", "text": "Bring forty books",
        "due": "2026-12-01", "made_on": "2026-11-02", "made_at": str(action.uid),
    }  # fmt: skip
    promise = client.post(url, sent, follow=True)
    page = reverse("outreach:joint_action", args=[action.uid])
    assert page in promise.content.decode()
    assert "Bring forty books" in client.get(page).content.decode()


def test_an_action_that_is_not_there_is_refused(actor, elsewhere, partner):
    hidden = make.joint_action(make.program(elsewhere))
    with pytest.raises(ValidationError, match="joint action is not there"):
        added(actor, partner, made_at=str(hidden.uid))


def test_who_does_not_see_a_promise_does_not_see_it_with_its_action(client, here, organizer):
    partner = make.organization(state=here)
    person = make.contact(organization=partner, visibility="restricted", author=organizer)
    action = make.joint_action(make.program(here, owner=organizer), [partner])
    make.promise(
        partner, by="person", contact=person, text="Bring cake", made_at=action.uid,
        due=make.DAY, made_on=make.DAY,
    )  # fmt: skip
    for who, seen in ((organizer, True), (make.user(here.region, home=here), False)):
        client.force_login(who)
        page = client.get(reverse("outreach:joint_action", args=[action.uid]))
        assert ("Bring cake" in page.content.decode()) is seen
