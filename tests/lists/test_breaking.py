"""What somebody finds who tries to break imports and exports: nothing is left, lost or kept."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from access import jobs
from access.models import Job
from tests import make
from tests.exporting import PEOPLE, sent

pytestmark = pytest.mark.django_db
FULL = OSError(28, "No space left on device")


@pytest.fixture
def person(here):
    return make.user(here.region, home=here, role="regional-lead", name="Ada Lead")


@pytest.fixture
def lead(person):
    return make.signed_in(person)


@pytest.fixture
def manager(here):
    return make.signed_in(make.user(here.region, home=here, role="data-manager", name="Tomás"))


def searched(lead, here, text="Maria", url=PEOPLE) -> Job:
    """An export that waits, of a list that was searched for a name."""
    make.contact(state=here, name="Maria Lopez")
    assert lead.post(url, sent(["name"], 1, q=text)).status_code == 302
    return Job.objects.get()


def words_of(job) -> str:
    job.refresh_from_db()
    assert not job.going_on
    return json.dumps(job.words)


def test_a_search_text_goes_with_an_export_that_is_stopped_while_it_waits(here, lead):
    job = searched(lead, here)
    assert job.words["text"] == "Maria"  # it is needed until then
    lead.post(f"/data/exports/{job.uid}/stop/")
    assert "Maria" not in words_of(job)


def test_a_search_text_goes_with_an_export_whose_process_was_killed(here, lead):
    job = searched(lead, here)
    Job.objects.update(status=Job.Status.RUNNING, beat_at=timezone.now())
    jobs.end_silent_jobs(timezone.now() + timedelta(minutes=1))
    assert "Maria" not in words_of(job)


def test_a_search_text_goes_with_an_export_whose_user_lost_her_rights(here, person, lead):
    job = searched(lead, here)
    person.is_active = False
    person.save()
    jobs.run_waiting()
    assert "Maria" not in words_of(job)
