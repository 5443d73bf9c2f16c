"""Meetings that show what was done in a step of a program."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from access.actors import actor_of
from access.recording import Refused
from access.undo import undo
from crm.commands import DeleteInteraction
from outreach.commands import SignStep, TickMeeting
from outreach.models import StepMeeting
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer, author=organizer, lead=organizer)


@pytest.fixture
def step(program):
    return make.step_of(program, "relationships")


@pytest.fixture
def partner(here):
    return make.organization(state=here)


def show(actor, step, meeting, done=True):
    row = make.fresh(step)
    values = {"meeting": str(meeting.uid), "revision": row.revision}
    command = TickMeeting(actor, values | ({"done": "on"} if done else {}), instance=row)
    command.run()
    return command


def shown(actor, step):
    links = StepMeeting.objects.visible_to(actor).filter(program_step=step)
    return set(links.values_list("interaction_id", flat=True))


def step_page(client, step):
    return client.get(reverse("outreach:step", args=[step.uid]))


def test_a_meeting_shows_a_step_until_it_is_taken_off(actor, step, partner):
    meeting = make.interaction(organization=partner)
    show(actor, step, meeting)
    show(actor, step, meeting)  # once is enough
    assert shown(actor, step) == {meeting.pk}
    made = show(actor, step, meeting, done=False)
    assert shown(actor, step) == set()
    undo(actor, made.run_made)
    assert shown(actor, step) == {meeting.pk}


def test_only_what_was_held_shows_something(actor, step, partner):
    planned = make.interaction(organization=partner, status="planned")
    with pytest.raises(ValidationError):
        show(actor, step, planned)
    assert shown(actor, step) == set()


def test_what_a_signed_step_shows_stays(actor, here, step, partner):
    meeting, other = (make.interaction(organization=partner) for _n in range(2))
    show(actor, step, meeting)
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    row = make.fresh(step)
    SignStep(lead, {"revision": row.revision}, instance=row).run()
    with pytest.raises(Refused):
        show(actor, step, meeting, done=False)
    with pytest.raises(Refused):
        show(actor, step, other)
    assert shown(actor, step) == {meeting.pk}


def test_a_meeting_of_other_areas_shows_nothing(actor, step, elsewhere):
    meeting = make.interaction(organization=make.organization(state=elsewhere))
    with pytest.raises(ValidationError):
        show(actor, step, meeting)


def test_a_deleted_meeting_shows_nothing_until_it_is_back(actor, step, partner, organizer):
    meeting = make.interaction(organization=partner, author=organizer)
    show(actor, step, meeting)
    row = make.fresh(meeting)
    command = DeleteInteraction(actor, {"revision": row.revision}, instance=row)
    command.run()
    assert shown(actor, step) == set()
    undo(actor, command.run_made)
    assert shown(actor, step) == {meeting.pk}


def test_who_may_not_read_the_meeting_does_not_count_it(client, here, actor, step, partner):
    for restricted in ("team", "restricted"):
        meeting = make.interaction(organization=partner, visibility=restricted)
        make.saved(StepMeeting(program_step=step, interaction=meeting))
    colleague = make.user(here.region, home=here)
    leader = make.user(here.region, home=here, role="leader")
    for user, number in ((colleague, 1), (leader, 0)):
        client.force_login(user)
        page = step_page(client, step)
        assert page.context["shown"].evidence == number
        assert len(page.context["meetings"]) == number


def test_the_meetings_of_the_affiliate_and_with_targets_are_offered(
    client, organizer, here, program, step, partner
):
    client.force_login(organizer)
    make.target(program, partner)
    before = make.interaction(organization=partner, day=program.start.replace(year=2020))
    of_target = make.interaction(organization=partner)
    others = make.organization(state=here)
    of_affiliate = make.interaction(organization=others, affiliate=program.affiliate)
    neither = make.interaction(organization=others)
    planned = make.interaction(organization=partner, status="planned")
    url = reverse("outreach:step_meetings", args=[step.uid])
    offered = {uid for uid, _name in client.get(url).context["others"]}
    assert offered == {of_target.uid, of_affiliate.uid}
    assert not offered & {before.uid, neither.uid, planned.uid}
    sent = {"meeting": of_target.uid, "done": "on", "revision": step.revision, "next": url}
    answer = client.post(reverse("outreach:tick_meeting", args=[step.uid]), sent, follow=True)
    assert [uid for uid, _name in answer.context["shown"]] == [of_target.uid]
    assert "Undo" in answer.content.decode()
    assert {uid for uid, _name in answer.context["others"]} == {of_affiliate.uid}
    assert step_page(client, step).context["shown"].evidence == 1


def test_a_meeting_leads_to_the_steps_that_it_may_show(client, organizer, here, step, partner):
    client.force_login(organizer)
    meeting = make.interaction(organization=partner)
    far = make.program(here, owner=make.user(here.region, home=here))
    page = client.get(reverse("crm:interaction", args=[meeting.uid]))
    url = reverse("outreach:meeting_steps", args=[meeting.uid])
    assert url in page.content.decode()
    programs = client.get(url).context["programs"]
    assert [program.pk for program, _steps in programs] == [step.program_id]
    assert len(programs[0][1]) == 5
    make.target(far, partner)
    assert len(client.get(url).context["programs"]) == 2
    planned = make.interaction(organization=partner, status="planned")
    page = client.get(reverse("outreach:meeting_steps", args=[planned.uid]))
    assert "was not held" in page.content.decode()


def test_a_refusal_says_why_and_leads_back(client, organizer, step, partner):
    client.force_login(organizer)
    planned = make.interaction(organization=partner, status="planned")
    sent = {"meeting": planned.uid, "done": "on", "revision": step.revision}
    answer = client.post(reverse("outreach:tick_meeting", args=[step.uid]), sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "It was not held" in text and reverse("outreach:step", args=[step.uid]) in text
