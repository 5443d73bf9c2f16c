"""What users are told by the bell, and by one mail a day."""

import os
import time
from datetime import date
from pathlib import Path
from smtplib import SMTPException

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse

from access import digest
from access.actors import actor_of
from access.files import RemoveFile, forget_files
from access.models import Notice, Run, User
from access.notices import fresh, notices_of
from access.opening import open_row
from access.undo import undo
from config.management.commands import tick
from crm.commands import AddTask, ChangeOrganization, FinishTask, LogInteraction, ReassignTask
from tests import make, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(here):
    return actor_of(make.user(here.region, home=here, role="regional-lead", name="Ruth Lead"))


def given(lead, user, count=1, **values):
    commands = []
    for number in range(count):
        row = {"title": f"Call Rosa {number}", "due": "2026-12-24", "owner": user.uid} | values
        command = AddTask(lead, row)
        command.run()
        commands.append(command)
    return commands


def new_for(user) -> int:
    """What the bell counts."""
    seen_at = User.objects.get(pk=user.pk).notices_seen_at
    return fresh(actor_of(user), seen_at).count()


def told(user):
    return [(one.said, one.label) for one in notices_of(actor_of(user), user)]


def test_what_is_given_to_somebody_is_told(lead, organizer):
    given(lead, organizer)
    assert told(organizer) == [("Given to you", "Call Rosa 0")]
    assert new_for(organizer) == 1


def test_what_one_does_oneself_is_not_told(here, organizer, actor):
    AddTask(actor, {"title": "Mine", "due": "2026-12-24"}).run()
    LogInteraction(actor, make.meeting_values(make.organization(state=here))).run()
    assert told(organizer) == [] and new_for(organizer) == 0


def test_a_partner_handed_over_and_a_meeting_that_names_one(here, lead, organizer):
    partner = make.organization(state=here, name="Casa Unida")
    values = {"revision": partner.revision, "owner": organizer.uid}
    ChangeOrganization(lead, values, instance=partner, partial=True).run()
    values = make.meeting_values(partner, organizers=[organizer.uid], day=lead.today().isoformat())
    LogInteraction(lead, values).run()
    assert ("Yours now", "Casa Unida") in told(organizer)
    assert any(said == "You are named in" for said, _label in told(organizer))


def test_a_meeting_of_long_ago_that_names_one_is_no_news(here, lead, organizer):
    values = make.meeting_values(make.organization(state=here), organizers=[organizer.uid])
    LogInteraction(lead, values | {"day": "2025-01-02"}).run()
    assert told(organizer) == []


def test_what_is_undone_is_not_told_any_more(lead, organizer):
    (command,) = given(lead, organizer)
    undo(lead, command.run_made)
    assert told(organizer) == [] and new_for(organizer) == 0
    assert not Notice.objects.exists()


def test_what_is_given_on_or_done_is_not_told_any_more(here, lead, organizer, actor):
    first, second = given(lead, organizer, 2)
    other = make.user(here.region, home=here)
    row = make.fresh(first.instance)
    ReassignTask(lead, {"revision": row.revision, "owner": other.uid}, instance=row).run()
    row = make.fresh(second.instance)
    FinishTask(actor, {"revision": row.revision}, instance=row).run()
    assert told(organizer) == []
    assert told(other) == [("Given to you", "Call Rosa 0")]


def test_what_one_cannot_see_any_more_is_not_told(here, elsewhere, lead, organizer):
    partner = make.organization(state=here, name="Canary")
    given(lead, organizer, about_kind="organization", about=partner.uid)
    values = {"revision": partner.revision, "owner": organizer.uid}
    ChangeOrganization(lead, values, instance=make.fresh(partner), partial=True).run()
    assert len(told(organizer)) == 2
    area = organizer.access.areas.visible_to(actor_of(organizer)).get()
    area.region = elsewhere.region
    make.saved(area)
    assert told(organizer) == []


def test_an_opened_record_is_told_to_whose_it_is(here, organizer):
    administrator = make.user(everywhere=True, role="administrator", home=here, name="Ines")
    person = make.contact(state=here, visibility="restricted", author=organizer, name="Ana")
    open_row(actor_of(administrator), person.uid, "A lawyer asks for the record.")
    assert told(organizer) == [("Opened by an administrator, with a reason", "Ana")]
    assert told(administrator) == []


def test_looking_makes_it_seen(lead, organizer):
    given(lead, organizer, 3)
    client = Client()
    client.force_login(organizer)
    page = client.get(reverse("access:notices")).content.decode()
    assert "Call Rosa 2" in page and "Notices, 3 new" in page
    assert "Notices, " not in client.get(reverse("access:notices")).content.decode()
    assert new_for(organizer) == 0


# -- the daily mail ----------------------------------------------------------------------------


@pytest.fixture
def at_eight():
    with time_machine.travel("2026-11-24T13:00Z", tick=False) as traveller:
        yield traveller


def users_mail(user):
    return [m for m in mail.outbox if m.to == [user.email]]


def test_thirty_five_changes_make_one_mail_without_names(at_eight, here, lead, organizer):
    partner = make.organization(state=here, name="Casa Unida")
    given(lead, organizer, 30, about_kind="organization", about=partner.uid)
    for _n in range(5):
        LogInteraction(
            lead,
            make.meeting_values(partner, organizers=[organizer.uid], day=lead.today().isoformat()),
        ).run()
    make.task(about=partner, owner=organizer, due=date(2026, 11, 24), title="Call Rosa today")
    digest.send_digests()
    digest.send_digests()
    (message,) = users_mail(organizer)
    html = message.alternatives[0].content
    for body in (message.body, html):
        assert "30 follow-ups were given to you" in body
        assert "You are named in 5 meetings" in body and "1 follow-up is due" in body
        assert "Rosa" not in body and "Casa" not in body and "Ruth" not in body
    assert "Rosa" not in message.subject and organizer.name not in message.body


def test_a_language_without_a_catalogue_is_not_mixed_in(at_eight, here, lead, organizer):
    User.objects.filter(pk=organizer.pk).update(language="es")
    given(lead, organizer)
    make.task(state=here, owner=organizer, due=date(2026, 11, 24))
    digest.send_digests()
    (message,) = users_mail(organizer)
    assert "Today" in message.body and "Hoy" not in message.body
    assert 'lang="en"' in message.alternatives[0].content


def test_a_day_with_nothing_makes_none(at_eight, here, organizer):
    make.task(state=here, owner=organizer, due=date(2026, 11, 29))
    digest.send_digests()
    assert users_mail(organizer) == []


def test_the_same_things_are_not_new_the_next_day(at_eight, lead, organizer):
    given(lead, organizer)
    digest.send_digests()
    at_eight.move_to("2026-11-25T13:00Z")
    digest.send_digests()
    assert len(users_mail(organizer)) == 1


@pytest.mark.parametrize(
    ("zone", "hour", "comes"),
    [
        ("America/New_York", 8, True),
        ("America/New_York", 9, False),
        ("America/Los_Angeles", 5, True),
        ("America/Los_Angeles", 6, False),
        ("Pacific/Honolulu", 3, True),
    ],
)
def test_it_comes_at_the_users_own_hour(at_eight, lead, organizer, zone, hour, comes):
    User.objects.filter(pk=organizer.pk).update(time_zone=zone, digest_hour=hour)
    given(lead, organizer)
    digest.send_digests()
    assert len(users_mail(organizer)) == comes


@pytest.mark.parametrize("off", [{"digest": False}, {"is_active": False}])
def test_who_does_not_want_it_or_left_gets_none(at_eight, lead, organizer, off):
    given(lead, organizer)
    User.objects.filter(pk=organizer.pk).update(**off)
    digest.send_digests()
    assert users_mail(organizer) == []


def test_a_mail_that_was_not_taken_is_tried_again(at_eight, lead, organizer, monkeypatch):
    given(lead, organizer)

    def fails(self, messages):
        raise SMTPException("The server is away.")

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", fails)
        assert digest.send_digests() == 0
    assert digest.send_digests() == 1
    assert len(users_mail(organizer)) == 1


def test_without_a_mail_server_none_is_sent(at_eight, lead, organizer, settings):
    given(lead, organizer)
    settings.SENDS_MAIL = False
    tick.run_due(every_job=True)
    assert users_mail(organizer) == []
    settings.SENDS_MAIL = True
    tick.run_due(every_job=True)
    assert len(users_mail(organizer)) == 1


def test_it_is_switched_off_without_signing_in(at_eight, lead, organizer):
    given(lead, organizer)
    digest.send_digests()
    (message,) = users_mail(organizer)
    address = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in message.body
    path = "/" + address.split("/", 3)[3]
    client = Client(enforce_csrf_checks=True)
    assert client.get(path).status_code == 200
    assert User.objects.get(
        pk=organizer.pk
    ).digest  # a mail scanner that opens links changes nothing
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and not User.objects.get(pk=organizer.pk).digest


def test_a_made_up_link_switches_nothing_off(organizer):
    for token in ("x", str(organizer.uid), digest.token_of(organizer) + "x"):
        assert Client().post(reverse("access:digest_off", args=[token])).status_code == 404
    assert User.objects.get(pk=organizer.pk).digest


def test_the_hour_is_chosen_from_the_list(organizer):
    client = Client()
    client.force_login(organizer)
    client.post(reverse("access:daily_mail"), {"digest": "on", "digest_hour": "25"})
    assert User.objects.get(pk=organizer.pk).digest_hour == 7
    client.post(reverse("access:daily_mail"), {"digest_hour": "6"})
    user = User.objects.get(pk=organizer.pk)
    assert (user.digest, user.digest_hour) == (False, 6)


# -- files that nobody can bring back -----------------------------------------------------------


def test_bytes_stay_while_they_can_come_back_and_go_after(
    here, organizer, actor, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    partner = make.organization(state=here)
    kept, removed = (world.stored_file(partner, organizer) for _n in "ab")
    for path in (kept.path, removed.path, "0" * 32, "1" * 32):
        (tmp_path / path).write_bytes(b"text")
    yesterday = time.time() - 2 * 86_400
    for path in (kept.path, removed.path, "0" * 32):
        os.utime(tmp_path / path, (yesterday, yesterday))
    RemoveFile(actor, {"revision": removed.revision}, instance=removed).run()
    assert forget_files() == 1  # the one of an upload that was never saved
    assert names(tmp_path) == {kept.path, removed.path, "1" * 32}
    run = Run.objects.latest("pk")
    Run.objects.filter(pk=run.pk).update(at=run.at.replace(year=2020))
    forget_files()
    assert names(tmp_path) == {kept.path, "1" * 32}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
