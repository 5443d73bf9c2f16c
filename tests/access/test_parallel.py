"""The same request five times at once: one meeting, five equal answers.

Races: nothing is overwritten.
"""

import json
import threading
from datetime import date

import pytest
from django.db import connection, connections
from django.test import Client

from access.actors import actor_of
from access.keys import uuid7
from access.models import Run, State, Token
from access.recording import Refused
from access.roles import EXPORT_ROWS_A_DAY
from access.undo import undo
from crm.commands import ChangeOrganization, DeleteOrganization, LogInteraction
from crm.models import Interaction, Organization
from dashboards.asking import Ask
from dashboards.metrics import METRICS
from dashboards.summary.checking import check
from dashboards.tables import Period
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(jobs):
    """Run the jobs in threads that start together; returns what each gave."""
    barrier, found = threading.Barrier(len(jobs)), [None] * len(jobs)

    def work(n, job):
        barrier.wait()
        try:
            found[n] = job()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n, job)) for n, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@pytest.fixture
def shared_database(transactional_db):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.fail(
            "The tests of parallel requests need a database file; tests.settings names one."
        )


@pytest.fixture
def setting(shared_database):
    here = make.state()
    person = make.user(here.region, home=here)
    _row, token = Token.objects.create(user=person, name="test")
    return make.organization(state=here), {"Authorization": f"Token {token}"}


def test_the_same_request_five_times_at_once(setting):
    partner, headers = setting
    kind = make.kind()
    body = {
        "kind": kind.code,
        "day": "2026-11-02",
        "summary": "Tea",
        "organizations": [str(partner.uid)],
    }
    headers |= {"Idempotency-Key": str(uuid7())}

    def post():
        answer = Client(headers=headers).post(
            "/api/v1/interactions/", json.dumps(body), content_type="application/json"
        )
        return answer.status_code, answer.content

    answers = at_once([post] * 5)
    assert {status for status, _body in answers} == {201}
    assert len({body for _status, body in answers}) == 1
    assert Interaction.objects.visible_to(make.SETUP).count() == 1
    assert Run.objects.filter(command="LogInteraction").count() == 1


def test_of_five_editors_one_wins_and_four_are_told(setting):
    partner, headers = setting
    headers |= {"If-Match": '"1"'}

    def patch(name):
        answer = Client(headers=headers).patch(
            f"/api/v1/organizations/{partner.uid}/",
            json.dumps({"name": name}),
            content_type="application/json",
        )
        return answer.status_code

    statuses = at_once([lambda n=n: patch(f"Name {n}") for n in range(5)])
    assert sorted(statuses) == [200, 412, 412, 412, 412]
    assert make.fresh(partner).revision == 2


def test_of_five_undos_at_once_one_takes_back(setting):
    partner, _headers = setting
    person = make.user(State.objects.get(pk=partner.home_id), role="regional-lead")
    actor = actor_of(person)
    row = Organization.objects.visible_to(actor).get(pk=partner.pk)
    command = DeleteOrganization(actor, {"revision": row.revision}, instance=row)
    command.run()

    def take_back():
        try:
            undo(actor, Run.objects.get(pk=command.run_made.pk))
        except Refused:
            return "refused"
        return "undone"

    assert sorted(at_once([take_back] * 5)) == ["refused"] * 4 + ["undone"]
    assert Run.objects.get(undoes=command.run_made).status == Run.Status.DONE
    assert Organization.objects.visible_to(actor).filter(uid=partner.uid).exists()


def test_of_four_exports_at_once_those_that_fit_go(setting, monkeypatch):
    partner, _headers = setting
    person = make.user(State.objects.get(pk=partner.home_id), role="regional-lead")
    monkeypatch.setitem(EXPORT_ROWS_A_DAY, "regional-lead", 1)
    data = {"columns": ["name"], "purpose": make.purpose(channel="").code, "confirm": "1"}

    def take():
        answer = make.signed_in(person).post("/organizations/export/", data)
        if answer.streaming:
            b"".join(answer.streaming_content)
        return answer.status_code

    assert sorted(at_once([take] * 4)) == [200, 422, 422, 422]


def test_a_meeting_counts_where_its_partner_moves_at_the_same_time(setting):
    """A partner moves while meetings with it are logged: figures count all of them there."""
    partner, _headers = setting
    elsewhere = make.state()
    boss = make.actor(everywhere=True, role="regional-lead", home=elsewhere)
    values = make.meeting_values(partner, day="2026-11-02")

    def log():
        return LogInteraction(boss, values).run()

    def move():
        row = make.fresh(partner)
        place = [{"kind": "physical", "state": elsewhere.code, "is_main": True}]
        values = {"revision": row.revision, "locations": place}
        return ChangeOrganization(boss, values, instance=row, partial=True).run()

    assert all(at_once([log, move, log, log]))
    table = METRICS["by_state"].table(boss, Ask(Period(date(2026, 1, 1), date(2026, 12, 31))))
    numbers = {row["state"]: row["interactions"] for row in table.dicts() if row["interactions"]}
    assert numbers == {elsewhere.code: 3}
    assert check() == []
