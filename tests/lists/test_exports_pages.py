"""The pages of exports: one's own with what becomes of them, and all of them for administrators."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from access.jobs import run_waiting
from access.models import Job
from tests import make
from tests.exporting import ALL, MINE, PEOPLE, download, made, sent, taken

pytestmark = pytest.mark.django_db


def test_what_is_being_made_is_shown_and_read_aloud_at_each_tenth(here, lead):
    make.contact(state=here)
    lead.post(PEOPLE, sent(["name"], 1))
    page = lead.get(MINE).content.decode()
    assert 'hx-trigger="every 2s"' in page and "Waiting for its turn" in page
    assert 'role="status" id="spoken"' in page
    Job.objects.update(status="running", done=31_000, total=100_000)
    headers = {"HX-Request": "true", "HX-Target": "exports"}
    part = lead.get(MINE, headers=headers).content.decode()
    assert "31,000 of 100,000 rows" in part and 'value="31000" max="100000"' in part
    assert "30% of the rows are in the file" in part and "<html" not in part
    said = re.search(r"\?said=([\w-]+)", part).group(1)
    Job.objects.update(done=39_000)
    assert (
        "in the file</p>" not in lead.get(f"{MINE}?said={said}", headers=headers).content.decode()
    )
    Job.objects.update(done=40_000)
    assert "40% of the rows" in lead.get(f"{MINE}?said={said}", headers=headers).content.decode()
    run_as_done()
    part = lead.get(f"{MINE}?said={said}", headers=headers).content.decode()
    assert "The export has ended" in part and "every 2s" not in part


def run_as_done():
    Job.objects.update(status="waiting")
    run_waiting()


def test_my_exports_say_what_they_held(here, lead):
    make.contact(state=here, name="Ana")
    url = f"{PEOPLE}?state={here.code}&sort=-name"
    stream = lead.post(url, sent(["name", "state"], 1, format="csv"))
    first = lead.get(MINE).context["exports"][0]
    assert first.state == "sending"
    b"".join(stream.streaming_content)
    page = lead.get(MINE)
    one = page.context["exports"][0]
    assert (one.state, one.rows, one.columns) == ("sent", 1, ["Person", "State"])
    assert one.filters == [f"State: {here.code}", "Order: -name"]
    assert (one.purpose, str(one.title)) == ("Mailing", "People")
    assert b"For the fair" in page.content


def test_a_stream_that_broke_off_says_so(here, lead):
    make.contact(state=here)
    stream = lead.post(PEOPLE, sent(["name"], 1, format="csv"))
    next(iter(stream.streaming_content))
    stream._iterator.close()  # as the server does when the browser goes away
    one = lead.get(MINE).context["exports"][0]
    assert (one.state, one.rows) == ("broken", 0)
    lead.post(PEOPLE, sent(["name"], 1, format="csv"))
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert lead.get(MINE).context["exports"][0].state == "broken"


def test_administrators_see_all_exports_by_user_and_day(here, person, lead):
    make.contact(state=here)
    job = made(lead, ["name"], 1)
    taken(lead, job), taken(lead, job)
    other = make.user(here.region, home=here, role="data-manager")
    b"".join(make.signed_in(other).post(PEOPLE, sent(["name"], 1, format="csv")).streaming_content)
    client = make.signed_in(make.user(everywhere=True, role="administrator"))
    page = client.get(ALL)
    assert [one.user for one in page.context["exports"]] == [other, person]
    assert [one.state for one in page.context["exports"]] == ["sent", "ready"]
    for words in (
        b"Downloaded 2 times",
        b"Ada Lead",
        job.sha256.encode(),
        b"For the fair",
        b"Mailing",
    ):
        assert words in page.content
    assert all(len(one.sha256) == 64 for one in page.context["exports"])
    only = client.get(ALL, {"who": person.uid})
    assert [one.user for one in only.context["exports"]] == [person]
    assert client.get(ALL, {"first": "2100-01-01"}).context["count"] == 0
    assert client.get(ALL, {"last": "2000-01-01"}).context["count"] == 0
    for wrong in ({"who": "x"}, {"first": "x"}, {"who": person.pk}):
        answer = client.get(ALL, wrong)
        assert (answer.status_code, answer.context["count"]) == (422, 0)
    assert download(client, job).status_code == 404
    assert ALL.encode() in client.get("/settings/record/").content


def test_all_exports_without_one_tell_none_yet_from_none_here(db):
    client = make.signed_in(make.user(everywhere=True, role="administrator"))
    page = client.get(ALL).content.decode()
    assert "No list was exported yet" in page and "Clear filters" not in page
    page = client.get(ALL, {"first": "2100-01-01"}).content.decode()
    assert "No export matches" in page and f'href="{ALL}"' in page


@pytest.mark.parametrize("role", ["organizer", "regional-lead", "leader", "data-manager"])
def test_others_do_not_see_all_exports(here, role):
    client = make.signed_in(make.user(here.region, home=here, role=role))
    assert client.get(ALL).status_code == 403
    page = client.get(MINE)
    assert page.status_code == 200 and ALL.encode() not in page.content


def test_long_lists_of_exports_have_pages(here, lead, monkeypatch):
    monkeypatch.setattr("lists.exports.PAGE", 2)
    make.contact(state=here)
    for _n in range(3):
        b"".join(lead.post(PEOPLE, sent(["name"], 1, format="csv")).streaming_content)
    first = lead.get(MINE)
    assert len(first.context["exports"]) == 2
    rest = lead.get(MINE, {"before": first.context["older"]})
    assert len(rest.context["exports"]) == 1 and rest.context["older"] is None
    assert len(lead.get(MINE, {"before": "x"}).context["exports"]) == 2


def test_nobody_else_sees_stops_or_gets_it(here, lead):
    make.contact(state=here)
    job = made(lead, ["name"], 1)
    for role in ("regional-lead", "administrator"):
        other = make.signed_in(make.user(here.region, home=here, role=role))
        assert download(other, job).status_code == 404
        assert other.post(reverse("lists:stop_export", args=[job.uid])).status_code == 404
        assert str(job.uid).encode() not in other.get(MINE).content
        assert other.get(MINE).context["exports"] == []
    assert download(lead, job).streaming
