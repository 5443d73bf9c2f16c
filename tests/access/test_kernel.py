import pytest
from django.core.exceptions import FieldFetchBlocked, PermissionDenied, ValidationError

from access.actors import actor_of
from access.keys import uuid7
from access.models import AuditEntry, Change, Reach, Run
from access.recording import NotInCommand, OtherBody, Stale
from access.scope import Unscoped
from access.undo import undo
from crm.commands import ChangeOrganization, LogInteraction
from crm.models import (
    NEVER,
    Affiliation,
    Contact,
    ContactEmail,
    Interaction,
    Organization,
    Task,
)
from tests import make

pytestmark = pytest.mark.django_db


def log(actor, **values):
    kind = make.kind()
    return LogInteraction(
        actor,
        {
            "kind": kind.code,
            "day": "2026-11-02",
            "status": "held",
            "visibility": "team",
            "summary": "Tea",
        }
        | values,
    )


@pytest.mark.parametrize(
    "start",
    [
        lambda: Organization.objects.all(),
        lambda: Organization.objects.filter(name="x"),
        lambda: Organization.objects.get(pk=1),
        lambda: Organization.objects.count(),
        lambda: list(Organization.objects.values()),
        lambda: Organization.objects.create(name="x"),
        lambda: Organization._default_manager.all(),
    ],
)
def test_query_without_actor_raises(start):
    with pytest.raises(Unscoped):
        start()


def test_only_own_areas_are_visible(here, elsewhere, actor):
    ours = make.organization(state=here)
    make.organization(state=elsewhere)
    make.organization()
    assert list(Organization.objects.visible_to(actor)) == [ours]


def test_rows_under_a_parent_are_seen_as_their_other_parents_are(here, elsewhere, actor):
    hidden = make.organization(state=elsewhere)
    person = make.contact(organizations=[make.organization(state=here), hidden])
    seen = Affiliation.objects.visible_under(actor, "contact").filter(contact=person)
    assert len(seen) == 1 and seen[0].organization_id != hidden.pk
    with pytest.raises(Unscoped):
        ContactEmail.objects.visible_under(actor, "organization")


def test_related_rows_need_an_actor_too(here, actor):
    partner = make.organization(state=here)
    row = Organization.objects.visible_to(actor).get(pk=partner.pk)
    with pytest.raises(Unscoped):
        row.interaction_links.count()
    with pytest.raises(FieldFetchBlocked):
        _ = row.home.code


def test_save_outside_command_refused(here):
    with pytest.raises(NotInCommand):
        Organization(name="x").save()


@pytest.mark.parametrize("write", ["update", "delete", "bulk_create"])
def test_bulk_writes_refused(here, actor, write):
    rows = Organization.objects.visible_to(actor)
    with pytest.raises(Unscoped):
        getattr(rows, write)()


def test_log_makes_meeting_task_history_audit_and_last_contact(here, actor):
    partner = make.organization(state=here)
    person = make.contact(organization=partner)
    row = log(actor, organizations=[partner.uid], contacts=[person.uid], next_step="Call").run()
    task = Task.objects.visible_to(actor).get()
    assert (task.title, task.about, task.made_in) == ("Call", partner.uid, row.uid)
    assert make.fresh(partner).last_contact == make.DAY
    assert make.fresh(person).last_contact == make.DAY
    assert make.fresh(row).home == here
    run = Run.objects.get(command="LogInteraction")
    assert {c.table for c in run.changes.all()} == {
        "crm.interaction",
        "crm.interactionorganization",
        "crm.interactioncontact",
        "crm.interactionorganizer",
        "crm.task",
    }
    assert AuditEntry.objects.get(action="LogInteraction").row_uid == row.uid


def test_undo_takes_all_of_it_back(here, actor):
    partner = make.organization(state=here)
    command = log(actor, organizations=[partner.uid], next_step="Call", strength_after="4")
    command.run()
    assert make.fresh(partner).strength == 4
    done = undo(actor, command.run_made)
    assert done.left == ()
    assert not Interaction.objects.visible_to(actor).exists()
    assert not Task.objects.visible_to(actor).exists()
    partner = make.fresh(partner)
    assert (partner.last_contact, partner.strength) == (NEVER, None)


def test_organization_of_another_region_is_not_a_choice(here, elsewhere, actor):
    command = log(actor, organizations=[make.organization(state=elsewhere).uid])
    assert "organizations" in command.errors


def test_a_row_that_came_later_is_offered_and_found(here, actor):
    for _time in range(2):  # what is put together once holds no rows
        partner = make.organization(state=here)
        form = LogInteraction(actor)
        field = form.fields["organizations"]
        assert str(partner.uid) in {str(value) for value, _label in field.choices}
        assert field.found([str(partner.uid)]) == [partner]


def test_no_row_is_offered_twice(here, actor):
    partner = make.organization(state=here)
    form = LogInteraction(actor, initial={"organizations": [partner]})
    offered = [str(value) for value, _label in form.fields["organizations"].choices if value]
    assert offered == [str(partner.uid)]


def test_stale_form_is_refused(here, actor):
    partner = make.organization(state=here)

    def change(name):
        row = Organization.objects.visible_to(actor).get(pk=partner.pk)
        return ChangeOrganization(actor, {"name": name, "revision": 1}, instance=row, partial=True)

    change("One").run()
    with pytest.raises(Stale):
        change("Two").run()
    assert make.fresh(partner).name == "One"


def test_two_copies_of_a_row_cannot_both_be_saved(here, actor):
    partner = make.organization(state=here)
    mine, yours = (Organization.objects.visible_to(actor).get(pk=partner.pk) for _n in range(2))
    mine.name, yours.name = "Mine", "Yours"
    make.saved(mine)
    with pytest.raises(Stale):
        make.saved(yours)


def test_a_change_of_lines_alone_counts_a_revision(here, actor):
    partner = make.organization(state=here)
    row = Organization.objects.visible_to(actor).get(pk=partner.pk)
    data = {"revision": 1, "phones": [{"number": "(509) 555-0142"}]}
    ChangeOrganization(actor, data, instance=row, partial=True).run()
    assert make.fresh(partner).revision == 2


def test_the_same_request_twice_makes_one_row(here, actor):
    partner = make.organization(state=here)
    kind = make.kind()
    data = {
        "kind": kind.code,
        "day": "2026-11-02",
        "status": "held",
        "visibility": "team",
        "summary": "Tea",
        "organizations": [partner.uid],
        "key": uuid7(),
    }
    first = LogInteraction(actor, data)
    again = LogInteraction(actor, data)
    assert first.run() == again.run()
    assert again.repeated and again.reply == first.reply
    with pytest.raises(OtherBody):
        LogInteraction(actor, data | {"summary": "No"}).run()
    assert Interaction.objects.visible_to(actor).count() == 1
    undo(actor, first.run_made)
    after_undo = LogInteraction(actor, data)
    after_undo.run()
    assert after_undo.reply == first.reply
    assert not Interaction.objects.visible_to(actor).exists()


def test_nobody_writes_a_row_that_they_could_not_see(here, elsewhere, actor):
    from crm.commands import AddOrganization

    data = {"name": "x", "locations": [{"kind": "physical", "state": elsewhere.code}]}
    with pytest.raises(PermissionDenied):
        AddOrganization(actor, data).run()
    assert not Change.objects.filter(run__command="AddOrganization").exists()


def test_moving_a_partner_moves_people_meetings_and_tasks(here, elsewhere, actor):
    partner = make.organization(state=here)
    person = make.contact(organization=partner)
    met = make.interaction(organization=partner)
    task = make.task(about=partner)
    boss = make.actor(everywhere=True, role="regional-lead")
    row = Organization.objects.visible_to(boss).get(pk=partner.pk)
    data = {"revision": row.revision, "locations": [{"kind": "physical", "state": elsewhere.code}]}
    command = ChangeOrganization(boss, data, instance=row, partial=True)
    command.run()
    assert {make.fresh(r).home_id for r in (partner, person, met, task)} == {elsewhere.pk}
    undo(boss, command.run_made)
    assert {make.fresh(r).home_id for r in (partner, person, met, task)} == {here.pk}


def test_a_meeting_with_two_regions_is_seen_in_both(here, elsewhere, actor):
    theirs = actor_of(make.user(elsewhere.region))
    met = make.interaction(
        organizations=[make.organization(state=here), make.organization(state=elsewhere)]
    )
    for who in (actor, theirs):
        assert list(Interaction.objects.visible_to(who)) == [met]
    assert Reach.objects.filter(kind="interaction", row_id=met.pk, state=elsewhere).exists()


def test_restricted_rows_are_read_by_few(here, organizer, actor):
    met = make.interaction(state=here, visibility="restricted", author=organizer)
    other = actor_of(make.user(here.region))
    lead = actor_of(make.user(here.region, role="regional-lead"))
    leader = actor_of(make.user(here.region, role="leader"))
    admin = actor_of(make.user(everywhere=True, role="administrator"))
    seen = [
        list(Interaction.objects.visible_to(a)) == [met]
        for a in (actor, other, lead, leader, admin)
    ]
    assert seen == [True, False, True, False, False]


def test_unlinking_spares_what_the_actor_cannot_see(here, elsewhere, actor):
    from crm.commands import ChangeInteraction
    from crm.models import InteractionContact

    ours, theirs = make.contact(state=here), make.contact(state=elsewhere)
    partner = make.organization(state=here)
    met = make.interaction(organization=partner, contacts=[ours, theirs], author_id=actor.user_id)
    row = Interaction.objects.visible_to(actor).get(pk=met.pk)
    data = {"revision": 1, "contacts": []}
    ChangeInteraction(actor, data, instance=row, partial=True).run()
    left = list(
        InteractionContact._base_manager.filter(interaction_id=met.pk).values_list(
            "contact_id", flat=True
        )
    )
    assert left == [theirs.pk]


def test_many_rows_are_one_run(here, actor):
    partner = make.organization(state=here)
    kind = make.kind()
    rows = [
        {
            "kind": kind.code,
            "day": "2026-11-02",
            "status": "held",
            "visibility": "team",
            "summary": f"Tea {n}",
            "organizations": [str(partner.uid)],
        }
        for n in range(7)
    ] + [{"kind": "nothing"}]
    result = LogInteraction.many(actor, rows)
    assert len(result.rows) == 7 and list(result.refused) == [7]
    assert Interaction.objects.visible_to(actor).count() == 7
    assert make.fresh(partner).last_contact == make.DAY
    undo(actor, Run.objects.get(pk=result.run.pk))
    assert not Interaction.objects.visible_to(actor).exists()


def test_a_command_needs_its_right(here):
    leader = make.actor(here.region, role="leader")
    with pytest.raises(PermissionDenied):
        log(leader).run()
    with pytest.raises(ValidationError):
        log(make.actor(here.region), summary="").run()


def test_contact_visible_without_organization(here, actor):
    person = make.contact(state=here)
    assert list(Contact.objects.visible_to(actor)) == [person]
