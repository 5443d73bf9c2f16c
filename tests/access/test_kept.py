"""What processes keep: a change holds from the next request on, and nothing of a rollback stays."""

from contextvars import copy_context

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access import kept
from access.models import Stamp
from access.people import SetActive
from access.recording import running
from crm.lists.interaction import meeting_names
from tests import make

pytestmark = pytest.mark.django_db
URL = "/organizations/?view=all"


@pytest.fixture(autouse=True)
def _a_row(here):
    make.organization(state=here)  # an empty list has no filters


def page(client) -> str:
    return client.get(URL).content.decode()


def stamp():
    return Stamp.objects.get(pk=Stamp.ONE).value


def test_words_names_and_views_hold_from_the_next_request(here, organizer, client):
    community, colleague = make.community(name="First word"), make.user(here.region, home=here)
    view = make.saved_view(organizer, name="First view")
    client.force_login(organizer)
    assert "First word" in page(client) and "First view" in page(client)
    community.name = "Second word"
    make.saved(community)
    colleague.name = "Second name"
    colleague.save()
    view.name = "Second view"
    make.saved(view)
    found = page(client)
    assert "Second word" in found and "Second name" in found and "Second view" in found
    assert "First" not in found
    make.saved_delete(make.fresh(view))
    assert "Second view" not in page(client)


def test_a_colleague_who_left_is_offered_no_more(here, organizer, client):
    admin = make.actor(here.region, home=here, role="administrator")
    gone = make.user(here.region, home=here, name="Gone Soon")
    client.force_login(organizer)
    assert "Gone Soon" in page(client)
    values = {"is_active": "", "leave": "on", "revision": gone.access.revision}
    SetActive(admin, values, instance=make.fresh(gone.access)).run()
    assert "Gone Soon" not in page(client)


def test_what_is_rolled_back_leaves_nothing(here, organizer, client):
    community = make.community(name="Stays")
    client.force_login(organizer)
    before = page(client), stamp()
    with transaction.atomic():
        community.name = "Never was"
        make.saved(community)
        assert "Never was" in page(client) and stamp() != before[1]
        transaction.set_rollback(True)
    assert stamp() == before[1]
    assert "Stays" in page(client) and "Never was" not in page(client)


def test_a_second_request_looks_nothing_up_again(here, organizer, client):
    make.community()
    client.force_login(organizer)
    page(client)
    with CaptureQueriesContext(connection) as asked:
        page(client)
    assert not [q for q in asked.captured_queries if 'crm_community" WHERE' in q["sql"]]


def test_nothing_is_kept_without_a_request_or_in_a_command(here):
    looked = []

    def look_up():
        looked.append(1)
        return len(looked)

    assert (kept.kept("a", look_up), kept.kept("a", look_up)) == (1, 2)
    with kept.request():
        kept.use(stamp())
        assert (kept.kept("a", look_up), kept.kept("a", look_up)) == (3, 3)
        with running("Test", make.SETUP):
            assert kept.kept("a", look_up) == 4
        kept.renew()
        assert (kept.kept("a", look_up), kept.kept("a", look_up)) == (5, 6)
    assert kept.kept("a", look_up) == 7


def test_a_word_that_comes_during_a_request_is_known_in_it(here, actor):
    """The request goes on under the stamp that it began with; the rows that it reads are newer."""
    old = make.interaction(state=here, kind=make.kind(name="Visit"))
    with kept.request():
        kept.use(stamp())
        assert "Visit" in meeting_names(actor, [old])[old.uid]
        new = copy_context().run(make.interaction, state=here)
        assert meeting_names(actor, [new])[new.uid]


def test_rows_of_others_do_not_come_out_of_what_is_kept(here, elsewhere):
    """What is kept for one viewer is not shown to another with other rights."""
    mine, theirs = make.user(here.region, home=here), make.user(elsewhere.region, home=elsewhere)
    make.saved_view(mine, name="Mine alone")
    clients = [Client(), Client()]
    for client, user in zip(clients, (mine, theirs), strict=True):
        client.force_login(user)
    assert "Mine alone" in page(clients[0])
    assert "Mine alone" not in page(clients[1])
    assert "Mine alone" in page(clients[0])


def test_ordinary_work_renews_nothing(here, actor):
    before = stamp()
    make.organization(state=here)
    make.interaction(state=here)
    assert stamp() != before  # the kind of the meeting is a new word
    before = stamp()
    make.organization(state=here)
    assert stamp() == before
