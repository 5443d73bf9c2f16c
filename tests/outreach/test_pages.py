"""The pages of a program, as an organizer and a lead use them."""

import pytest
from django.urls import reverse

from access.actors import actor_of
from outreach.models import CommitteeMember, Program, ProgramStep, StepCheck
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer, author=organizer, lead=organizer)


@pytest.fixture
def lead(here):
    return make.user(here.region, home=here, role="regional-lead")


def page_of(client, name, row):
    return client.get(reverse(f"outreach:{name}", args=[row.uid]))


def test_a_program_is_begun_from_its_form(client, organizer, here):
    make.steps()
    client.force_login(organizer)
    body = make.affiliate(here)
    url = reverse("outreach:add_program")
    assert client.get(url, {"affiliate": body.uid}).context["command"].initial["affiliate"] == body
    sent = {
        "name": "Valley, 2026",
        "affiliate": body.uid,
        "start": "2026-01-01",
        "end": "2026-12-31",
        "committee-0-name": "Ana Reyes",
        "committee-0-role": "chair",
    }
    answer = client.post(url, sent, follow=True)
    text = answer.content.decode()
    assert "Valley, 2026" in text and "Ana Reyes" in text
    assert "Step 1 of 5." in text


def test_an_affiliate_that_is_not_there_is_no_crash(client, organizer):
    client.force_login(organizer)
    for wrong in ("x", "00000000-0000-0000-0000-000000000000", "\0"):
        assert client.get(reverse("outreach:add_program"), {"affiliate": wrong}).status_code == 200


def test_the_board_shows_five_steps_and_where_it_stands(client, organizer, program):
    client.force_login(organizer)
    board = page_of(client, "program", program).context["board"]
    assert [one.number for one in board] == [1, 2, 3, 4, 5]
    assert [one.is_now for one in board] == [True, False, False, False, False]
    assert {one.percent for one in board} == {0}


def test_a_check_is_ticked_with_one_tap_and_undone(client, organizer, program):
    client.force_login(organizer)
    step = make.step_of(program, "goals")
    url = reverse("outreach:tick_check", args=[step.uid])
    sent = {"revision": step.revision, "check": "goals-1", "done": "on"}
    answer = client.post(url, sent, follow=True)
    assert answer.context["shown"].percent == 50
    assert "Undo" in answer.content.decode()
    assert client.post(url, sent).status_code == 409  # of an older page
    assert client.get(url).status_code == 405


def test_a_lead_signs_off_and_reopens(client, program, lead):
    client.force_login(lead)
    step = make.step_of(program, "goals")
    assert "you may sign it off" in page_of(client, "step", step).content.decode()
    sign = reverse("outreach:sign_step", args=[step.uid])
    answer = client.post(sign, {"revision": step.revision, "note": "Read."}, follow=True)
    assert "Signed off" in answer.content.decode()
    step = make.fresh(step)
    reopen = reverse("outreach:reopen_step", args=[step.uid])
    assert client.post(reopen, {"revision": step.revision}).status_code == 422  # no reason
    answer = client.post(reopen, {"revision": step.revision, "why": "Too early."}, follow=True)
    assert "Too early." in answer.content.decode()
    assert make.fresh(step).status == "not-started"


def test_the_history_of_a_signed_step_tells_of_it(client, program, lead):
    client.force_login(lead)
    step = make.step_of(program, "goals")
    sign = reverse("outreach:sign_step", args=[step.uid])
    client.post(sign, {"revision": step.revision, "note": "Read."})
    step = make.fresh(step)
    reopen = reverse("outreach:reopen_step", args=[step.uid])
    client.post(reopen, {"revision": step.revision, "why": "Too early."})
    url = reverse("outreach:step", args=[step.uid])
    text = client.get(url, {"tab": "history"}).content.decode()
    assert "Signed off a step of a program" in text
    assert "Reopened a step of a program" in text and "Too early." in text


def test_who_signs_is_told_what_is_not_done(client, program, lead):
    client.force_login(lead)
    step = make.step_of(program, "goals")
    sign = reverse("outreach:sign_step", args=[step.uid])
    text = client.get(sign).content.decode()
    assert "2 checks are not done" in text and "Sign off all the same" in text
    assert "btn main" in text and 'name="note"' in text
    client.post(sign, {"revision": step.revision})
    assert page_of(client, "step", step).context["shown"].percent == 0


def test_who_owns_a_step_is_told_that_somebody_else_signs(client, lead, here):
    client.force_login(lead)
    step = make.step_of(make.program(here, owner=lead), "goals")
    text = page_of(client, "step", step).content.decode()
    assert "You own this step" in text
    assert reverse("outreach:sign_step", args=[step.uid]) not in text
    sign = reverse("outreach:sign_step", args=[step.uid])
    text = client.get(sign).content.decode()
    assert "You own this step" in text and "btn main" not in text and 'name="note"' not in text
    assert client.post(sign, {"revision": step.revision}).status_code == 422


def test_a_goal_that_nothing_serves_is_a_gap(client, organizer, program):
    client.force_login(organizer)
    url = reverse("outreach:link_goals", args=[program.uid])
    sent = {"revision": program.revision, "goals-0-goal": "Smaller classes"}
    text = client.post(url, sent, follow=True).content.decode()
    assert "Smaller classes" in text and "Gap: nothing serves this goal yet" in text


def test_targets_are_shown_with_the_meetings_held(client, organizer, program, here):
    client.force_login(organizer)
    partner = make.organization(state=here)
    make.interaction(organization=partner)
    url = reverse("outreach:choose_targets", args=[program.uid])
    sent = {"revision": program.revision, "targets": [partner.uid]}
    text = client.post(url, sent, follow=True).content.decode()
    assert partner.name in text and "1 meeting held since this program began" in text


def test_a_program_is_found_by_its_name_and_its_affiliate(client, organizer, program):
    client.force_login(organizer)
    for text in (program.name, program.affiliate.name):
        found = client.post("/find/", {"q": text})
        assert program.uid in [hit.uid for hit in found.context["hits"]]


def test_it_stands_in_the_timeline_of_its_targets(client, organizer, program, here):
    client.force_login(organizer)
    partner = make.organization(state=here)
    url = reverse("outreach:choose_targets", args=[program.uid])
    client.post(url, {"revision": program.revision, "targets": [partner.uid]})
    page = client.get(reverse("crm:organization", args=[partner.uid]), {"tab": "timeline"})
    assert f"Program begun: {program.name}" in page.content.decode()


def test_a_follow_up_about_a_step_leads_to_it(client, organizer, program):
    client.force_login(organizer)
    step = make.step_of(program, "map")
    make.task(about=step, owner=organizer)
    text = client.get(reverse("crm:follow-ups"), {"view": "all"}).content.decode()
    assert program.name in text


def test_an_administrator_edits_the_words_of_a_step(client, here):
    boss = make.user(role="administrator", everywhere=True, home=here)
    client.force_login(boss)
    step = make.steps()[2]
    assert client.get(reverse("outreach:step_texts")).url.endswith(f"{step_uid(0)}/")
    url = reverse("outreach:step_text", args=[step.uid])
    first, second = StepCheck.objects.filter(step=step).order_by("position")
    sent = {
        "revision": step.revision,
        "name": "Map it",
        "checks-0-uid": first.uid,
        "checks-0-name": "List organizations",
        "checks-1-name": "Name the gaps",
    }
    answer = client.post(url, sent, follow=True)
    assert answer.status_code == 200
    assert [one.name for one in answer.context["checks"]] == ["List organizations", "Name the gaps"]
    assert make.fresh(second).retired
    assert make.fresh(step).name == "Map it"


def test_checks_are_moved_up_and_down_without_script_and_saved_with_the_step(client, here):
    client.force_login(make.user(role="administrator", everywhere=True, home=here))
    step = make.steps()[0]
    url = reverse("outreach:step_text", args=[step.uid])
    first, second = StepCheck.objects.filter(step=step).order_by("position")
    sent = {"revision": step.revision, "name": step.name, "checks-2-name": "", "checks-3-name": "X"}
    for n, row in enumerate((first, second)):
        sent |= {f"checks-{n}-uid": row.uid, f"checks-{n}-name": f"{row.name}, said anew"}
    text = client.get(url).content.decode()
    assert 'value="checks-1-up"' in text and 'value="checks-0-down"' in text
    page = client.post(url, sent | {"move": "checks-1-up"})
    assert "Moved. It is saved with the step" in page.content.decode()
    lines = [dict(line.initial) for line in page.context["command"].line_forms("checks")][:2]
    assert [line["uid"] for line in lines] == [str(second.uid), str(first.uid)]
    assert lines[0]["name"] == f"{second.name}, said anew"  # what is typed goes along
    assert StepCheck.objects.get(pk=first.pk).name == first.name  # nothing is saved yet
    for odd in ("checks-0-up", "checks-3-down", "checks-99-up"):
        page = client.post(url, sent | {"move": odd})
        lines = [line.initial.get("uid") for line in page.context["command"].line_forms("checks")]
        assert lines[:2] == [str(first.uid), str(second.uid)]
    moved = sent | {"checks-0-uid": second.uid, "checks-0-name": "Ask\r\n families"}
    moved |= {"checks-1-uid": first.uid, "checks-1-name": first.name, "checks-3-name": ""}
    client.post(url, moved | {"move": "junk"})
    rows = StepCheck.objects.filter(step=step).order_by("position")
    assert [(row.pk, row.name) for row in rows] == [
        (second.pk, "Ask families"),
        (first.pk, first.name),
    ]


def step_uid(at):
    return make.steps()[at].uid


def test_without_steps_the_settings_say_what_to_do(client, here):
    client.force_login(make.user(role="administrator", everywhere=True, home=here))
    assert "load_defaults" in client.get(reverse("outreach:step_texts")).content.decode()


def test_what_is_hidden_is_neither_shown_nor_counted(client, organizer, program, elsewhere):
    partner = make.organization(state=elsewhere)
    boss = make.user(role="regional-lead", everywhere=True, home=elsewhere)
    client.force_login(boss)
    url = reverse("outreach:choose_targets", args=[program.uid])
    client.post(url, {"revision": program.revision, "targets": [partner.uid]})
    assert partner.name in page_of(client, "program", program).content.decode()
    client.force_login(organizer)
    assert partner.name not in page_of(client, "program", program).content.decode()


def test_a_renewal_form_starts_with_what_the_old_run_had(client, organizer, here):
    black = make.community()
    people = {"owner": organizer, "author": organizer, "lead": organizer}
    old = make.program(here, communities=[black], **people)
    make.saved(CommitteeMember(program=old, name="Ana Reyes", role="chair"))
    client.force_login(organizer)
    assert f"?renews={old.uid}" in page_of(client, "program", old).content.decode()
    page = client.get(reverse("outreach:add_program"), {"renews": old.uid})
    text = page.content.decode()
    assert page.context["command"].initial["renews"] == old
    assert 'value="Ana Reyes"' in text and "checked" in text


def test_a_joint_action_is_planned_from_its_program(client, organizer, program, here):
    client.force_login(organizer)
    partner = make.organization(state=here)
    url = reverse("outreach:add_joint_action")
    assert program.name in client.get(url, {"program": program.uid}).content.decode()
    sent = {
        "program": program.uid,
        "title": "Read-in",
        "issue": "theirs",
        "start": "2026-12-01",
        "partners": [partner.uid],
    }
    text = client.post(url, sent, follow=True).content.decode()
    assert "Read-in" in text and partner.name in text
    assert "Read-in" in page_of(client, "program", program).content.decode()
    page = client.get(reverse("crm:organization", args=[partner.uid]))
    assert "Joint action: Read-in" in page.content.decode()


def test_a_second_click_begins_one_program(client, organizer, here):
    make.steps()
    client.force_login(organizer)
    sent = {
        "name": "Valley",
        "affiliate": make.affiliate(here).uid,
        "start": "2026-01-01",
        "end": "2026-12-31",
        "key": "01a21dea-07b5-719e-a5c9-2b0d922080c5",
    }
    for _click in range(2):
        client.post(reverse("outreach:add_program"), sent)
    actor = make.SETUP
    assert Program.objects.visible_to(actor).count() == 1
    assert ProgramStep.objects.visible_to(actor).count() == 5


def test_the_menu_says_that_a_step_belongs_to_programs(client, organizer, program, here):
    def marked(url):
        nav = client.get(url).context["shell"]["nav"]()
        return [item.url for group in nav for item in group if item.current]

    client.force_login(organizer)
    own = reverse("outreach:programs")
    step = ProgramStep.objects.visible_to(actor_of(organizer)).get(step__position=3)
    partner = make.organization(here)
    assert marked(reverse("outreach:step", args=[step.uid])) == [own]
    assert marked(reverse("outreach:program", args=[program.uid])) == [own]
    ledger = reverse("outreach:promises_of", args=[partner.uid])
    assert marked(ledger) == [reverse("crm:organizations")]
