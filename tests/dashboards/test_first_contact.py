"""A gap becomes one follow-up, whoever clicks how often."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.recording import Refused
from access.undo import undo
from crm.commands import FinishTask, PlanFirstContact, ReassignTask
from crm.models import Task
from tests import make
from tests.access.test_parallel import at_once, shared_database  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def black(db):
    return make.community(name="Black")


def plan(actor, region, community, **values):
    values = {"region": region.code, "community": community.code} | values
    return PlanFirstContact(actor, values)


def tasks():
    return list(Task.objects.visible_to(make.SETUP))


def test_it_names_region_and_community_and_is_due_in_two_weeks(here, actor, black):
    command = plan(actor, here.region, black)
    task = command.run()
    assert task.title == f"First contact: Black, {here.region.name}"
    assert task.owner_id == task.author_id == actor.user_id
    assert (task.due - actor.today()).days == 14
    assert task.status == Task.Status.OPEN and task.about is None
    undo(actor, command.run_made)
    assert tasks() == []


def test_a_second_one_is_refused_until_the_first_is_closed(here, actor, black):
    task = plan(actor, here.region, black).run()
    boss = make.actor(everywhere=True, role="regional-lead")
    for who in (actor, boss):
        with pytest.raises(Refused):
            plan(who, here.region, black).run()
    assert tasks() == [task]
    plan(actor, here.region, make.community()).run()
    FinishTask(actor, {"revision": task.revision}, instance=make.fresh(task)).run()
    assert plan(actor, here.region, black).run() != task


def test_a_closed_one_is_not_opened_again_beside_a_newer_one(here, actor, black):
    first = plan(actor, here.region, black).run()
    closing = FinishTask(actor, {"revision": first.revision}, instance=make.fresh(first))
    closing.run()
    second = plan(actor, here.region, black)
    second.run()
    with pytest.raises(Refused):
        undo(actor, closing.run_made)
    assert make.fresh(first).status == Task.Status.DONE
    undo(actor, second.run_made)
    undo(actor, closing.run_made)
    assert make.fresh(first).status == Task.Status.OPEN


def test_everybody_who_sees_the_region_sees_who_has_it(client, here, black):
    """Also where somebody made it who lives elsewhere."""
    boss = make.user(everywhere=True, role="regional-lead", name="Boss")
    task = plan(actor_of(boss), here.region, black).run()
    assert make.fresh(task).home == here
    client.force_login(make.user(here.region, home=here))
    page = client.get(reverse("dashboards:where"))
    assert "Planned: Boss" in page.content.decode()
    said = post(client, here.region, black)
    assert "Boss has it already" in said
    other = make.user(here.region, home=here)
    values = {"owner": str(other.uid), "revision": 1}
    ReassignTask(actor_of(boss), values, instance=make.fresh(task)).run()
    assert make.fresh(task).home == here


def test_who_sees_a_part_of_a_region_plans_for_that_part(here, black):
    """What the rest of the region plans is hidden from her, and changes nothing."""
    there = make.state(here.region)
    theirs = make.actor(there, home=there)
    plan(theirs, here.region, black).run()
    mine = make.actor(here, home=here)
    task = plan(mine, here.region, black).run()
    assert task.title == f"First contact: Black, {here.region.name} ({here.code})"
    with pytest.raises(Refused):
        plan(mine, here.region, black).run()
    with pytest.raises(Refused):
        plan(make.actor(here.region, home=here), here.region, black).run()
    assert len(tasks()) == 2


def test_where_a_partner_is_nothing_is_planned(here, elsewhere, actor, black):
    make.organization(state=here, communities=[make.community(parent=black)])
    with pytest.raises(Refused, match="partner"):
        plan(actor, here.region, black).run()
    boss = make.actor(everywhere=True, role="regional-lead")
    assert plan(boss, elsewhere.region, black).run()


def test_a_hidden_partner_is_not_told_of(here, actor, black):
    there = make.state(here.region)
    make.organization(state=there, communities=[black])
    assert plan(make.actor(here, home=here), here.region, black).run()
    with pytest.raises(Refused):
        plan(actor, here.region, black).run()


@pytest.mark.parametrize("wrong", ["region", "community"])
def test_a_foreign_or_a_retired_choice_is_refused(here, elsewhere, actor, black, wrong):
    chosen = {"region": here.region, "community": black}
    others = {"region": elsewhere.region, "community": make.community(retired=True)}
    with pytest.raises(ValidationError):
        plan(actor, **chosen | {wrong: others[wrong]}).run()
    assert tasks() == []


def test_who_may_not_log_has_no_button(client, here, black):
    for role in ("leader", "administrator"):
        person = make.user(here.region, home=here, role=role)
        with pytest.raises(PermissionDenied):
            plan(actor_of(person), here.region, black).run()
        client.force_login(person)
        page = client.get(reverse("dashboards:where"))
        assert page.context["gap_count"] == 1
        assert "Plan a first contact" not in page.content.decode()
        assert client.post(reverse("dashboards:plan")).status_code == 403


def post(client, region, community, **values):
    values = {"region": region.code, "community": community.code} | values
    return client.post(reverse("dashboards:plan"), values, follow=True).content.decode()


def test_the_button_plans_once_and_says_so(client, here, organizer, black):
    client.force_login(organizer)
    first = client.get(reverse("dashboards:where"))
    assert "Plan a first contact" in first.content.decode()
    key = "0199d1a0-0000-7000-8000-000000000001"
    said = post(client, here.region, black, key=key)
    assert "Planned: First contact: Black" in said and "Undo" in said
    assert "Plan a first contact" not in said
    post(client, here.region, black, key=key)  # the same click, sent again
    assert "has it already" in post(client, here.region, black)
    assert len(tasks()) == 1
    assert client.get(reverse("dashboards:plan")).status_code == 405


def test_a_wrong_click_goes_back_and_says_why(client, here, organizer, black):
    client.force_login(organizer)
    said = client.post(reverse("dashboards:plan"), {"region": "x"}, follow=True).content.decode()
    assert "That choice is not there." in said and "Nothing was planned." in said
    assert tasks() == []


@pytest.mark.parametrize("filter_name", ["state", "owner"])
def test_gaps_of_one_state_or_owner_are_not_planned(client, here, organizer, black, filter_name):
    """There may be a partner of the region beside them."""
    client.force_login(organizer)
    value = {"state": here.code, "owner": organizer.uid}[filter_name]
    page = client.get(reverse("dashboards:where"), {filter_name: value})
    assert page.context["gap_count"] == 1
    assert "Plan a first contact" not in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_make_one(shared_database):  # noqa: F811
    here = make.state()
    make.outside()
    black = make.community()
    people = [make.actor(here.region, home=here) for _n in range(4)]

    def click(actor):
        try:
            return plan(actor, here.region, black).run()
        except Refused:
            return None

    made = at_once([lambda actor=actor: click(actor) for actor in people])
    assert len([task for task in made if task]) == 1
    assert len(tasks()) == 1
