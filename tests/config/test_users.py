"""Users: invited with a time zone, changed with a reason; and what each of them sees, and why."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from access.actors import actor_of
from access.models import AuditEntry, Opening, User
from access.people import ChangeAccess, InviteUser
from access.recording import Refused
from access.rights_in_words import IN_WORDS
from access.roles import Action
from access.seeing import sees
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ines():
    return make.user(role="administrator", everywhere=True, name="Ines Halvorsen")


@pytest.fixture
def signed_in(ines):
    client = Client()
    client.force_login(ines)
    return client


def values(access, **more):
    codes = [
        area.region.code for area in access.areas.visible_to(make.SETUP).select_related("region")
    ]
    first = {"revision": access.revision, "role": access.role, "home": access.home.code}
    return first | {"regions": codes} | more


@pytest.mark.parametrize(
    ("typed", "expected"), [("", "Pacific/Honolulu"), ("Asia/Tokyo", "Asia/Tokyo")]
)
def test_who_is_invited_has_the_time_zone_of_her_home(ines, typed, expected):
    state = make.state(time_zone="Pacific/Honolulu")
    sent = {
        "email": "keola@mail.example",
        "name": "Alana Keola",
        "role": "organizer",
        "states": [state.code],
        "home": state.code,
        "time_zone": typed,
    }
    InviteUser(actor_of(ines), sent).run()
    assert User.objects.get(email="keola@mail.example").time_zone == expected


def test_a_change_of_access_has_a_reason_in_the_record(ines, here, elsewhere, organizer):
    access = make.fresh(organizer.access)
    access.home = here
    with pytest.raises(ValidationError):
        ChangeAccess(actor_of(ines), values(access, role="leader"), instance=access).run()
    sent = values(access, role="leader", reason="She leads the board now")
    ChangeAccess(actor_of(ines), sent, instance=make.fresh(access)).run()
    words = AuditEntry.objects.select_related("detail").get(action="ChangeAccess").detail.words
    assert words["reason"] == "She leads the board now"
    assert words["before"] == f"organizer: {here.region.code}"
    assert words["now"] == f"leader: {here.region.code}"


def test_nobody_takes_her_own_role_of_administrator(ines):
    make.user(role="administrator", everywhere=True)
    access = make.fresh(ines.access)
    sent = {"revision": access.revision, "role": "leader", "everywhere": "on", "home": "--"}
    command = ChangeAccess(actor_of(ines), sent | {"reason": "Enough"}, instance=access)
    with pytest.raises(ValidationError, match="Another administrator"):
        command.run()
    from access.people import SetActive

    with pytest.raises(Refused):
        SetActive(actor_of(ines), {"revision": access.revision}, instance=make.fresh(access)).run()


def test_the_list_says_who_has_a_second_factor_and_who_is_not_in_yet(signed_in, here):
    from allauth.mfa.models import Authenticator
    from django.utils import timezone

    safe = make.user(here.region, home=here, name="Safe Person")
    Authenticator.objects.create(user=safe, type=Authenticator.Type.TOTP, data={})
    make.user(here.region, home=here, name="New Person", invited_at=timezone.now())
    text = signed_in.get(reverse("access:users")).content.decode()
    row = text[text.index("Safe Person") :]
    assert row.index(">On<") < row.index("</tr>")
    assert "Invited " in text[text.index("New Person") :]
    narrowed = signed_in.get(reverse("access:users") + "?role=leader").content.decode()
    assert "Safe Person" not in narrowed


def test_the_list_is_narrowed_by_region_and_tells_who_is_away(signed_in, here, elsewhere):
    from datetime import timedelta

    from django.utils import timezone

    away = make.user(here.region, home=here, name="Away Person")
    User.objects.filter(pk=away.pk).update(last_login=timezone.now() - timedelta(days=97))
    make.user(elsewhere, home=elsewhere, name="Other Person")
    text = signed_in.get(reverse("access:users") + f"?region={here.region.code}").content.decode()
    assert "Away Person" in text and "Other Person" not in text
    assert "1 was not in for over 90 days." in text
    text = signed_in.get(reverse("access:users"), {"region": elsewhere.region.code})
    assert "Other Person" in text.content.decode()
    assert (
        "Away Person"
        not in signed_in.get(reverse("access:users"), {"region": "x\0"}).content.decode()
    )


def test_a_change_of_access_is_undone_from_its_message(signed_in, here, organizer):
    access = make.fresh(organizer.access)
    access.home = here
    url = reverse("access:user", args=[access.uid])
    sent = values(access, role="regional-lead", reason="Leads now")
    text = signed_in.post(url, sent, follow=True).content.decode()
    assert make.fresh(access).role == "regional-lead"
    undo_url = text.split('action="/undo/')[1].split('"')[0]
    signed_in.post(f"/undo/{undo_url}")
    assert make.fresh(access).role == "organizer"


def test_a_change_over_somebody_elses_is_refused(signed_in, here, organizer):
    access = make.fresh(organizer.access)
    access.home = here
    stale = values(access, role="leader", reason="Leads now")
    row = make.fresh(access)
    row.role = "data-manager"
    make.saved(row)
    response = signed_in.post(reverse("access:user", args=[access.uid]), stale)
    assert response.status_code == 409
    assert make.fresh(access).role == "data-manager"


def test_hidden_rows_of_a_colleague_change_no_page_about_her(here, elsewhere):
    from tests.test_routes import body_of

    asker = make.user(here.region, home=here, role="administrator")
    signed_in_before = datetime(2026, 11, 2, tzinfo=UTC)
    areas = (here.region, elsewhere.region)
    colleague = make.user(*areas, home=here, last_login=signed_in_before)
    partner = make.organization(state=here, owner=colleague)
    client = Client()
    client.force_login(asker)
    uid = colleague.access.uid
    urls = [reverse(name, args=[uid]) for name in ("access:user", "crm:hand_over", "settings:sees")]

    def answers():
        plain = [body_of(client.get(url)) for url in urls]
        asked = client.post(urls[2], {"row": str(partner.uid)}), client.post(urls[2], {"row": "o"})
        return plain + [body_of(response) for response in asked]

    before = answers()
    for _n in range(2):
        hidden = make.organization(state=elsewhere, owner=colleague)
        make.task(about=hidden, owner=colleague)
        make.contact(organization=hidden)
        make.interaction(organization=hidden, organizers=[colleague], status="planned")
    assert answers() == before


def test_roles_are_told_in_words(signed_in):
    text = signed_in.get(reverse("access:roles")).content.decode()
    assert "Log meetings and keep follow-ups" in text
    assert "view restricted" not in text
    assert set(IN_WORDS) == set(Action) - {Action.PUBLIC, Action.SIGNED_IN}


def told(answer):
    return " ".join(sentence for _good, sentence in answer.reasons)


def test_a_row_is_seen_by_its_home(ines, here, elsewhere, organizer):
    ours, theirs = make.organization(state=here), make.organization(state=elsewhere)
    answer = sees(actor_of(ines), organizer, ours.uid)
    assert answer.sees and "in their areas since" in told(answer)
    assert "may change it" in told(answer) and "may not export it" in told(answer)
    answer = sees(actor_of(ines), organizer, theirs.uid)
    assert not answer.sees and "outside their areas" in told(answer)


def test_a_meeting_is_seen_by_its_reach(ines, here, elsewhere, organizer):
    partners = [make.organization(state=elsewhere), make.organization(state=here)]
    answer = sees(actor_of(ines), organizer, make.interaction(organizations=partners).uid)
    assert answer.sees and "it reaches" in told(answer)


def test_a_role_that_reads_no_meetings_sees_none(ines, here):
    leader = make.user(here.region, home=here, role="leader")
    answer = sees(actor_of(ines), leader, make.interaction(state=here).uid)
    assert not answer.sees and "does not read rows of this kind" in told(answer)


@pytest.mark.parametrize(
    ("who", "expected", "words"),
    [
        ("author", True, "wrote it, or was there"),
        ("owner", True, "owns the partner"),
        ("lead", True, "leads the areas"),
        ("other", False, "none of its readers"),
    ],
)
def test_a_restricted_meeting_is_explained_and_not_told(ines, here, who, expected, words):
    people = {name: make.user(here.region, home=here) for name in ("author", "owner", "other")}
    people["lead"] = make.user(here.region, home=here, role="regional-lead")
    partner = make.organization(state=here, name="Canary house", owner=people["owner"])
    met = make.interaction(
        organization=partner,
        visibility="restricted",
        author=people["author"],
        summary="Canary words",
        day="2026-11-03",
    )
    answer = sees(actor_of(ines), people[who], met.uid)
    assert (answer.sees, words in told(answer)) == (expected, True)
    assert answer.title == "A restricted meeting, Nov 3, 2026" and answer.url == ""
    client = Client()
    client.force_login(ines)
    url = reverse("settings:sees", args=[people[who].access.uid])
    page = client.post(url, {"row": f"https://x.example/interactions/{met.uid}/?tab=about"})
    assert words in page.content.decode() and "Canary" not in page.content.decode()
    entry = AuditEntry.objects.get(action="AskedWhatIsSeen")
    assert (entry.user_uid, entry.row_uid) == (ines.uid, met.uid)


def test_a_row_opened_with_a_reason_says_so(ines, here):
    from datetime import timedelta

    from django.utils import timezone

    met = make.interaction(state=here, visibility="restricted", author=make.user(here.region))
    assert not sees(actor_of(ines), ines, met.uid).sees
    until = timezone.now() + timedelta(minutes=5)
    Opening.objects.create(user=ines, row_uid=met.uid, reason="Help", until=until)
    answer = sees(actor_of(ines), ines, met.uid)
    assert answer.sees and "30 minutes" in told(answer)


def test_an_administrator_learns_nothing_of_rows_outside_her_areas(here, elsewhere, organizer):
    import uuid

    asker = actor_of(make.user(here.region, home=here, role="administrator"))
    for row in (make.organization(state=elsewhere), make.interaction(state=elsewhere)):
        assert sees(asker, organizer, row.uid) is None
    assert sees(asker, organizer, uuid.uuid4()) is None


def test_who_has_no_access_sees_nothing(ines, here, organizer):
    partner = make.organization(state=here)
    User.objects.filter(pk=organizer.pk).update(is_active=False)
    organizer.refresh_from_db()
    answer = sees(actor_of(ines), organizer, partner.uid)
    assert not answer.sees and "no access now" in told(answer)


def test_a_name_finds_rows_that_the_administrator_sees(signed_in, here, organizer):
    make.organization(state=here, name="Casa Unida del Valle")
    url = reverse("settings:sees", args=[organizer.access.uid])
    text = signed_in.post(url, {"row": "unida"}).content.decode()
    assert "Casa Unida del Valle" in text
    assert not AuditEntry.objects.filter(action="AskedWhatIsSeen").exists()


def test_a_name_of_two_words_finds_the_row_to_ask_about(signed_in, here, elsewhere, organizer):
    ours = make.organization(state=here, name="Many Rivers Market")
    make.organization(state=here, name="Many Hills Market")
    url = reverse("settings:sees", args=[organizer.access.uid])
    page = signed_in.post(url, {"row": "rivers many"})
    assert [(hit.uid, hit.name) for hit in page.context["hits"]] == [(ours.uid, ours.name)]
    assert "Many Rivers Market" in page.content.decode()
    asked = signed_in.post(url, {"row": str(ours.uid)}).content.decode()
    assert f"{organizer.name} sees it" in asked
    assert "No one matches" in signed_in.post(url, {"row": "nobody at all"}).content.decode()
