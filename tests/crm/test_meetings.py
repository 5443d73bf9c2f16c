"""Last contact and what follows from meetings, for every way that a meeting can change."""

import random
from datetime import date, timedelta

import pytest

from access import registers
from access.actors import actor_of
from access.undo import undo
from crm.commands import (
    ChangeInteraction,
    DeleteInteraction,
    LogInteraction,
    SetDoNotContact,
)
from crm.models import NEVER, Contact, Interaction, Organization
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(here):
    return make.organization(state=here)


def logged(actor, partner, **values):
    data = make.meeting_values(partner)
    command = LogInteraction(actor, data | values)
    command.run()
    return command


def changed(actor, met, **values):
    row = Interaction.objects.visible_to(actor).get(pk=met.pk)
    data = {"revision": row.revision} | values
    command = ChangeInteraction(actor, data, instance=row, partial=True)
    command.run()
    return command


def last(row) -> date:
    return make.fresh(row).last_contact


def test_log_edit_undo_and_delete_keep_last_contact_right(actor, partner):
    first = logged(actor, partner)
    assert last(partner) == date(2026, 11, 2)
    second = logged(actor, partner, day="2026-11-10")
    assert last(partner) == date(2026, 11, 10)
    edit = changed(actor, second.instance, day="2026-10-01")
    assert last(partner) == date(2026, 11, 2)
    undo(actor, edit.run_made)
    assert last(partner) == date(2026, 11, 10)
    row = Interaction.objects.visible_to(actor).get(pk=second.instance.pk)
    gone = DeleteInteraction(actor, {"revision": row.revision}, instance=row)
    gone.run()
    assert last(partner) == date(2026, 11, 2)
    undo(actor, gone.run_made)
    assert last(partner) == date(2026, 11, 10)
    undo(actor, first.run_made)
    assert last(partner) == date(2026, 11, 10)


is_no_contact = pytest.mark.parametrize(
    "values",
    [
        {"status": "planned", "day": "2027-03-01"},
        {"status": "cancelled"},
        {"visibility": "restricted"},
    ],
)


@is_no_contact
def test_only_held_and_open_meetings_are_contact(actor, partner, values):
    logged(actor, partner, **values)
    assert last(partner) == NEVER


@is_no_contact
def test_nor_are_they_when_the_day_is_worked_out_anew(actor, partner, values):
    held = logged(actor, partner, day="2026-10-01").instance
    logged(actor, partner, **values)
    changed(actor, held, day="2026-10-02")
    assert last(partner) == date(2026, 10, 2)


def test_a_kind_that_is_no_contact_is_none(actor, partner):
    logged(actor, partner, kind=make.kind(counts_as_contact=False).code)
    assert last(partner) == NEVER


def test_moving_a_meeting_to_another_partner_moves_the_contact(actor, partner, here):
    other = make.organization(state=here)
    met = logged(actor, partner).instance
    changed(actor, met, organizations=[str(other.uid)])
    assert (last(partner), last(other)) == (NEVER, date(2026, 11, 2))


def test_new_people_and_partners_come_with_the_meeting(actor, here):
    kind = make.kind()
    data = {
        "kind": kind.code,
        "day": "2026-11-02",
        "status": "held",
        "visibility": "team",
        "summary": "Tea",
        "new_organization": "Casa Unida",
        "new_contact": "Rosa Delgado",
        "next_step": "Send the flyer",
        "next_due": "2026-11-09",
    }
    command = LogInteraction(actor, data)
    command.run()
    casa = Organization.objects.visible_to(actor).get()
    rosa = Contact.objects.visible_to(actor).get()
    assert (casa.home_id, casa.owner_id) == (here.pk, actor.user_id)
    assert rosa.affiliations.visible_to(actor).get().organization_id == casa.pk
    assert last(casa) == last(rosa) == date(2026, 11, 2)
    undo(actor, command.run_made)
    assert not Organization.objects.visible_to(actor).exists()
    assert not Contact.objects.visible_to(actor).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"organizations": []}, "organizations"),
        ({"summary": " "}, "summary"),
        ({"day": "2090-01-01"}, "day"),
        ({"day": "never"}, "day"),
        ({"minutes": "-5"}, "minutes"),
        ({"kind": "seance"}, "kind"),
        ({"strength_after": "9"}, "strength_after"),
        ({"organizations": ["not-a-uid"]}, "organizations"),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(actor, partner, values, field):
    data = make.meeting_values(partner)
    command = LogInteraction(actor, data | values)
    assert command.attempt() is None
    assert field in command.errors
    assert not Interaction.objects.visible_to(actor).exists()


def test_the_newest_word_on_a_channel_holds(actor, here):
    person = make.contact(state=here)

    def set_channels(*channels):
        row = Contact.objects.visible_to(actor).get(pk=person.pk)
        data = {
            "revision": row.revision,
            "channels": channels,
            "source": "in person",
            "day": "2026-11-02",
        }
        command = SetDoNotContact(actor, data, instance=row)
        command.run()
        return command

    set_channels("phone", "text")
    assert (make.fresh(person).no_phone, make.fresh(person).no_text) == (True, True)
    lifted = set_channels("text")
    assert (make.fresh(person).no_phone, make.fresh(person).no_text) == (False, True)
    undo(actor, lifted.run_made)
    assert make.fresh(person).no_phone
    assert person.do_not_contact.visible_to(actor).count() == 2


def test_gone_quiet_by_its_own_days(here, actor):
    stage = make.stage(quiet_after_days=90)
    today = date(2026, 11, 24)
    quiet = make.organization(state=here, stage=stage)
    met = make.organization(state=here, stage=stage)
    make.interaction(organization=met, day=date(2026, 11, 1))
    make.organization(state=here, stage=make.stage())
    by_plan = make.organization(state=here, stage=stage, quiet_after_days=365)
    make.interaction(organization=by_plan, day=date(2026, 1, 15))
    rows = Organization.objects.visible_to(actor).gone_quiet(today)
    assert list(rows) == [quiet]


def test_a_restricted_meeting_tells_no_strength(here, organizer):
    actor = actor_of(organizer)
    partner = make.organization(state=here)
    logged(actor, partner, strength_after="5", visibility="restricted")
    assert make.fresh(partner).strength is None
    logged(actor, partner, strength_after="2")
    assert make.fresh(partner).strength == 2


def test_a_new_meeting_gives_the_day_that_all_of_them_give(here):
    pick = random.Random(5)
    partners = [make.organization(state=here) for _n in range(3)]
    people = [make.contact(organization=partner) for partner in partners]
    kinds = [make.kind(counts_as_contact=counts) for counts in (True, False)]
    for _n in range(40):
        make.interaction(
            organizations=pick.sample(partners, 2),
            contacts=pick.sample(people, 1),
            kind=pick.choice(kinds),
            day=date(2026, 1, 1) + timedelta(days=pick.randrange(300)),
            status=pick.choice(["held", "held", "planned", "cancelled"]),
            visibility=pick.choice(["team", "team", "restricted"]),
        )
        for model, rows in ((Organization, partners), (Contact, people)):
            known = registers.last_contacts(model, [row.pk for row in rows])
            assert [last(row) for row in rows] == [known.get(row.pk, NEVER) for row in rows]


def test_a_list_of_many_days_does_the_same(here, actor):
    partner = make.organization(state=here)
    rows = [
        make.meeting_values(partner) | {"day": f"2026-{1 + n % 9:02}-{1 + n:02}"} for n in range(25)
    ]
    LogInteraction.many(actor, rows)
    assert last(partner) == date(2026, 9, 18)
