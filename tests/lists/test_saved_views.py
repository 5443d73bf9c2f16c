"""What saved views promise: tabs of one's own and shared ones, and never a row more."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from access.actors import actor_of
from access.deleting import deleted_rows
from access.recording import Stale
from access.roles import Role
from access.undo import may_undo, undo
from crm.models import Stage
from lists.models import DefaultView, SavedView
from lists.saved_views import (
    MOST,
    ChangeView,
    DeleteView,
    OpenWith,
    SaveView,
    UpdateView,
    kept_query,
)
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/organizations/"


@pytest.fixture
def client(organizer):
    client = Client()
    client.force_login(organizer)
    return client


def save(actor, query="quiet=yes", name="Quiet", page="organizations", **values):
    return SaveView(actor, {"page": page, "query": query, "name": name, **values})


def names(response) -> list[str]:
    return [one["view"].name for one in response.context["views"]]


def test_a_view_keeps_filters_order_and_columns_and_no_search_text(actor):
    query = "quiet=yes&stage=&sort=-last_contact&page=x&view=all&columns=owner"
    assert save(actor, query).run().query == {
        "quiet": ["yes"],
        "sort": ["-last_contact"],
        "columns": ["owner"],
    }
    command = save(actor, "quiet=yes&q=Maria", name="Searched")
    with pytest.raises(ValidationError):
        command.run()


def test_what_a_search_asked_is_not_saved_and_the_page_says_so(here, client):
    make.organization(state=here, name="Casa")
    page = client.post(LIST, {"q": "casa"})
    assert b"never part of a view" in page.content
    assert b"casa" not in page.context["save_view_url"].encode()
    assert b"never part of a view" not in client.get(LIST).content


def test_views_are_tabs_own_ones_first(here, organizer, client):
    lead = make.user(here.region, home=here, role="regional-lead")
    make.saved_view(lead, shared=True, name="Shared one")
    make.saved_view(lead, name="Hers alone")
    make.saved_view(organizer, name="Mine")
    make.saved_view(organizer, page="people", name="Of people")
    page = client.get(LIST)
    assert names(page) == ["Mine", "Shared one"]
    assert b"Hers alone" not in page.content


@pytest.mark.parametrize("role", list(Role))
def test_everybody_keeps_views_and_few_share_them(here, role):
    actor = actor_of(make.user(here.region, home=here, role=role))
    view = save(actor).run()
    assert not view.is_shared
    shared = save(actor, name="Shared", visibility="team").run()
    assert shared.is_shared is (role != Role.LEADER)


def test_a_shared_view_is_seen_in_the_owners_areas_alone(here, elsewhere):
    neighbor = make.state(here.region)
    lead = make.user(here.region, home=here, role="regional-lead")
    view = make.saved_view(lead, shared=True)
    seen = lambda actor: SavedView.objects.visible_to(actor).filter(pk=view.pk).exists()  # noqa: E731
    assert seen(make.actor(neighbor))
    assert not seen(make.actor(elsewhere))
    assert seen(make.actor(everywhere=True, role="administrator"))
    area = make.fresh(lead.access).areas.visible_to(make.SETUP).get()
    area.region = elsewhere.region
    access = make.fresh(lead.access)
    access.home = elsewhere
    make.saved(area, access)
    assert not seen(make.actor(neighbor))
    assert seen(make.actor(elsewhere))
    assert seen(actor_of(lead))


def test_who_opens_a_shared_view_sees_her_own_rows(here, elsewhere, client, organizer):
    make.organization(state=here, name="Ours")
    make.organization(state=elsewhere, name="Theirs")
    boss = make.user(everywhere=True, role="administrator")
    view = make.saved_view(boss, shared=True, query={"unowned": ["yes"]})
    page = client.get(f"{LIST}?{view.parameters}")
    assert [shown["main"].text for shown in page.context["rows"]] == ["Ours"]
    assert page.context["view"] == view and not page.context["view_is_changed"]


def test_changes_live_in_the_address_until_saved_or_discarded(here, organizer, client):
    make.organization(state=here)
    view = make.saved_view(organizer, query={"quiet": ["yes"]})
    page = client.get(f"{LIST}?view={view.uid}&unowned=yes")
    assert page.context["view_is_changed"]
    assert b"Unsaved changes" in page.content
    values = {"query": page.context["view_query"], "revision": view.revision}
    client.post(reverse("lists:update_view", args=[view.uid]), values)
    assert make.fresh(view).query == {"unowned": ["yes"]}
    assert not client.get(f"{LIST}?view={view.uid}&unowned=yes").context["view_is_changed"]


def test_a_view_that_somebody_changed_first_is_not_overwritten(actor, organizer):
    view = make.saved_view(organizer)
    command = UpdateView(actor, {"query": "quiet=yes", "revision": 0}, instance=view)
    with pytest.raises(Stale):
        command.run()
    assert make.fresh(view).query == {}


def test_a_wrong_filter_is_not_saved(actor):
    for query in ("stage=gone", "sort=password", "columns=phones&columns=secret", "nothing=1"):
        with pytest.raises(ValidationError):
            save(actor, query).run()
    assert save(actor, "").run().query == {}


def test_a_retired_value_shows_no_rows_and_says_so(here, organizer, client):
    stage = make.stage()
    make.organization(state=here, stage=stage)
    view = make.saved_view(organizer, query={"stage": [stage.code]})
    assert client.get(f"{LIST}?{view.parameters}").status_code == 200
    row = Stage.objects.get(pk=stage.pk)
    row.retired = True
    make.saved(row)
    page = client.get(f"{LIST}?{view.parameters}")
    assert page.status_code == 422 and page.context["rows"] == [] and page.context["problems"]


def test_a_filter_that_is_gone_shows_no_rows_and_says_so(here, organizer, client):
    make.organization(state=here)
    view = make.saved_view(organizer, query={"shoe_size": ["44"]})
    page = client.get(f"{LIST}?{view.parameters}")
    assert page.status_code == 422 and page.context["rows"] == []
    assert b"does not have any more: shoe_size" in page.content


def test_a_list_opens_with_the_view_that_was_chosen(here, actor, organizer, client):
    make.organization(state=here)
    lead = make.user(here.region, home=here, role="regional-lead")
    view = make.saved_view(lead, shared=True, query={"quiet": ["yes"]})
    assert client.get(LIST).status_code == 200
    client.post(reverse("lists:open_with", args=[view.uid]))
    assert client.get(LIST)["Location"] == f"{LIST}?{view.parameters}"
    assert client.get(f"{LIST}?view=all").status_code == 200
    assert client.get(f"{LIST}?unowned=yes").status_code == 200
    other = Client()
    other.force_login(lead)
    assert other.get(LIST).status_code == 200
    client.post(reverse("lists:open_with", args=[view.uid]), {"off": "on"})
    assert client.get(LIST).status_code == 200


def test_follow_ups_open_with_ones_own_unless_a_view_is_chosen(organizer, client):
    url = "/follow-ups/?view=first&mine=yes&status=open"
    assert client.get(url).status_code == 200
    view = make.saved_view(organizer, page="follow-ups", query={"overdue": ["yes"]})
    client.post(reverse("lists:open_with", args=[view.uid]))
    assert client.get(url)["Location"] == f"/follow-ups/?{view.parameters}"


def test_a_first_view_that_is_no_longer_shared_opens_the_whole_list(here, client):
    lead = make.user(here.region, home=here, role="regional-lead")
    view = make.saved_view(lead, shared=True)
    client.post(reverse("lists:open_with", args=[view.uid]))
    view = make.fresh(view)
    view.visibility = "restricted"
    make.saved(view)
    assert client.get(LIST).status_code == 200


def test_deleting_a_view_is_undone_and_nobodys_choice_stands_in_its_way(here, actor, organizer):
    view = make.saved_view(organizer, shared=True)
    colleague = make.actor(here.region, home=here)
    OpenWith(colleague, {"view": view.uid}).run()
    command = DeleteView(actor, {"revision": view.revision}, instance=view)
    command.run()
    assert not SavedView.objects.visible_to(actor).exists()
    undo(actor, command.run_made)
    assert SavedView.objects.visible_to(actor).get() == make.fresh(view)


def test_a_deleted_view_is_brought_back_by_who_deleted_it_alone(here, actor, organizer):
    view = make.saved_view(organizer, shared=True)
    command = DeleteView(actor, {"revision": view.revision}, instance=view)
    command.run()
    colleague = make.actor(here.region, home=here, role="regional-lead")
    assert not deleted_rows(colleague) and not may_undo(colleague, command.run_made)
    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert [one.name for one in deleted_rows(actor)] == [view.name]
        assert may_undo(actor, command.run_made)


def test_nobody_sees_what_opens_first_for_others(here, actor, organizer):
    view = make.saved_view(organizer, shared=True)
    colleague = make.actor(here.region, home=here)
    OpenWith(colleague, {"view": view.uid}).run()
    assert DefaultView.objects.visible_to(colleague).count() == 1
    assert DefaultView.objects.visible_to(actor).count() == 0


@pytest.mark.parametrize(
    ("role", "allowed"), [("organizer", False), ("leader", False), ("regional-lead", True)]
)
def test_shared_views_are_looked_after_by_who_assigns(here, role, allowed):
    owner = make.user(here.region, home=here)
    view = make.saved_view(owner, shared=True)
    actor = actor_of(make.user(here.region, home=here, role=role))
    for command, values in (
        (ChangeView, {"name": "Renamed"}),
        (UpdateView, {"query": "quiet=yes"}),
        (DeleteView, {}),
    ):
        row = make.fresh(view)
        one = command(actor, {**values, "revision": row.revision}, instance=row)
        if allowed:
            one.run()
        else:
            with pytest.raises(PermissionDenied):
                one.run()


def test_a_view_of_a_list_that_the_role_does_not_read_is_not_there(here):
    owner = make.user(here.region, home=here)
    view = make.saved_view(owner, page="follow-ups", shared=True)
    client = Client()
    client.force_login(make.user(here.region, home=here, role="leader"))
    one = client.post(reverse("lists:open_with", args=[view.uid]))
    assert one.status_code == 404
    command = save(actor_of(make.user(here.region, role="leader")), "", page="follow-ups")
    with pytest.raises(ValidationError):
        command.run()


def test_two_views_of_one_name_are_not_kept_and_the_number_has_an_end(here, actor, organizer):
    stranger = make.user(here.region, home=here)
    make.saved_view(stranger, name="Quiet")
    save(actor).run()
    with pytest.raises(ValidationError):
        save(actor, name=" quiet ").run()
    for _n in range(MOST - 1):
        make.saved_view(organizer)
    with pytest.raises(ValidationError):
        save(actor, name="One more").run()


def test_columns_are_chosen_and_details_are_not_among_them(here, client):
    make.contact(state=here, phones=["509 555 0101"])
    page = client.get("/people/?columns=languages&columns=state")
    assert [c.name for c in page.context["columns"]] == ["name", "state", "languages"]
    wrong = client.get("/people/?columns=phones")
    assert wrong.status_code == 422 and wrong.context["rows"] == []
    assert not make.holds_number(wrong, "0101")


def test_one_way_to_say_a_query():
    from django.http import QueryDict

    from crm.lists import ORGANIZATIONS

    one = QueryDict("stage=b&stage=a&sort=name&mine=")
    two = QueryDict("stage=a&stage=b&view=all")
    assert kept_query(ORGANIZATIONS, one) == kept_query(ORGANIZATIONS, two) == {"stage": ["a", "b"]}


@pytest.mark.parametrize(
    "asked", ["http://[", "//elsewhere.example/organizations/", "javascript:/organizations/?x"]
)
def test_opening_with_a_view_leads_to_its_list_only(organizer, client, asked):
    view = make.saved_view(organizer)
    response = client.post(reverse("lists:open_with", args=[view.uid]), {"next": asked})
    assert (response.status_code, response.url) == (302, f"{LIST}?{view.parameters}")
