"""The demonstration: who is in it, and that it looks like two years of real work."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError, call_command
from django.db import transaction

from access.actors import actor_of
from access.models import Access, AuditEntry, Region, Run, User
from access.roles import Role
from access.settling import every
from access.undo import may_undo
from config.demo import loading, rhythm
from config.demo.partners import GAPS
from config.demo.staff import FORMER, PASSWORD, STAFF
from config.management.commands import demo_data, load_defaults
from crm.models import (
    Affiliate,
    Affiliation,
    Community,
    Contact,
    DoNotContact,
    Employment,
    Interaction,
    InteractionOrganization,
    Organization,
    OrganizationCommunity,
    OwnerSince,
    StageSince,
    Strength,
    Task,
)
from tests import make

SCALE = 0.05


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A small demonstration for all tests of this file, taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_defaults.load()
        yield loading.load(SCALE)
        transaction.set_rollback(True)


def count(model, **filters) -> int:
    return every(model).filter(**filters).count()


def test_it_is_as_large_as_it_was_asked_to_be(world):
    assert count(Organization) == world.count(400)
    assert count(Contact) == world.count(900)
    assert count(Interaction, status="held") + count(Interaction, status="cancelled") >= (
        world.count(8_000)
    )
    assert world.count(300) <= count(Task, status="open") <= world.count(300) + 21
    assert count(Affiliate) >= 60
    assert count(Affiliate, parent__isnull=True) == 1
    kinds = set(every(Affiliate).values_list("kind__code", flat=True))
    assert kinds == {"national", "state", "uniserv", "local", "federal-overseas"}


def test_every_role_signs_in_with_the_shown_password(world):
    assert len(STAFF) >= 14
    roles = set(every(Access).filter(user__is_active=True).values_list("role", flat=True))
    assert roles == set(Role)
    for user in User.objects.filter(is_active=True):
        assert check_password(PASSWORD, user.password)
        assert actor_of(user) is not None
    verified = EmailAddress.objects.filter(verified=True, primary=True)
    assert verified.count() == User.objects.count() == len(STAFF) + 1
    assert not User.objects.get(email=FORMER.email).is_active
    assert count(Employment, end__isnull=True) == len(STAFF)


def test_every_region_and_community_has_partners_and_some_cells_have_none(world):
    regions = set(every(Organization).values_list("home__region__code", flat=True))
    assert regions == {*Region.objects.values_list("code", flat=True), None}
    cells = set(
        every(OrganizationCommunity).values_list(
            "organization__home__region__code", "community__code"
        )
    )
    top = Community.objects.filter(parent__isnull=True).values_list("code", flat=True)
    assert {community for _region, community in cells} >= set(top)
    assert not cells & GAPS
    assert {region for region, _community in GAPS} <= regions


def test_meetings_lie_where_their_organizer_works_and_in_the_past(world):
    for email, actor in world.actors.items():
        mine = every(Interaction).filter(author=world.users[email])
        assert Interaction.objects.visible_to(actor).filter(author_id=actor.user_id).count() == (
            mine.count()
        )
    held = every(Interaction).filter(status="held")
    assert not held.filter(day__gt=world.today).exists()
    assert held.filter(day__lt=world.start + timedelta(days=200)).exists()
    planned = every(Interaction).filter(status="planned")
    assert planned.filter(day__gt=world.today).exists()
    assert planned.filter(day=world.today).exists()
    assert planned.filter(day__lt=world.today).exists()
    assert count(Interaction, visibility="restricted")
    assert count(Interaction, affiliate__isnull=True) == 0
    assert count(Strength)


def test_partners_have_a_past_and_some_went_quiet(world):
    for partner in world.partners:
        row = make.fresh(partner.row)
        stages = list(
            every(StageSince)
            .filter(organization=row)
            .order_by("day", "id")
            .values_list("day", "stage__code")
        )
        assert stages == sorted(partner.stages, key=lambda pair: pair[0])
        assert (row.stage_id, row.owner_id) == (
            every(StageSince).filter(organization=row).order_by("day", "id").last().stage_id,
            world.users[partner.owner].pk,
        )
        assert stages[0][0] >= world.start
    assert count(OwnerSince) > len(world.partners)
    quiet = Organization.objects.visible_to(world.actors[STAFF[12].email]).gone_quiet(world.today)
    assert 0 < quiet.count() < len(world.partners)


def test_people_have_several_ties_and_wishes(world):
    ties = Counter(every(Affiliation).values_list("contact_id", flat=True))
    assert max(ties.values()) > 1
    assert count(Affiliation, end__lt=world.today)
    assert count(Contact, member_affiliate__isnull=False)
    assert count(DoNotContact, asked=True)
    assert count(Contact, no_contact=True)
    names = " ".join(every(Contact).values_list("name", flat=True))
    assert any(ord(letter) > 0x17F for letter in names)


def test_everyone_who_organizes_has_something_to_do_today(world):
    for it in STAFF:
        if it.role != "organizer" or it.email not in {p.owner for p in world.partners}:
            continue
        mine = every(Task).filter(owner=world.users[it.email], status="open")
        assert mine.filter(due=world.actors[it.email].today()).count() >= 2
    assert count(Task, status="open", due__lt=world.today)
    assert count(Task, status="done")


def test_a_region_cools_and_another_warms():
    end = make.DAY
    found = rhythm.Rhythm(end - timedelta(days=730), end)
    lately = {}
    for region in (rhythm.COOLING, rhythm.WARMING, "pacific"):
        days = found.days(loading.Random(1), region, found.start, end, 2_000)
        assert days == sorted(days)
        lately[region] = sum((end - day).days < rhythm.HALF_A_YEAR for day in days)
    assert lately[rhythm.COOLING] * 2 < lately["pacific"] < lately[rhythm.WARMING]


def test_nobody_can_undo_the_demonstration_with_one_button(world):
    for run in Run.objects.filter(user__isnull=False).select_related("user"):
        actor = actor_of(run.user)
        assert actor is None or not may_undo(actor, run)


def test_accounts_are_shown_one_a_role(world, settings):
    settings.DEMO = True
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(Role) + 2
    assert "No second factor" in lines[-1]
    assert "marisol@partnerships.example" in lines[0]
    assert "Mountain, Texas" in lines[0]
    assert PASSWORD in lines[-2]


def test_a_second_run_says_that_it_is_there(world, settings, django_assert_max_num_queries):
    settings.DEMO = True
    before, out = AuditEntry.objects.count(), StringIO()
    with django_assert_max_num_queries(1):
        call_command("demo_data", stdout=out)
    assert out.getvalue() == "The sample data is already there.\n"
    assert AuditEntry.objects.count() == before


@pytest.mark.django_db
def test_the_same_world_each_time():
    load_defaults.load()
    seen = []
    for _time in range(2):
        with transaction.atomic():
            loading.load(0.02)
            seen.append(
                (
                    list(every(Organization).order_by("pk").values_list("name", "stage__code")),
                    list(every(Contact).order_by("pk").values_list("name", "no_contact")),
                    list(every(Interaction).order_by("pk").values_list("day", "summary")),
                    list(every(InteractionOrganization).order_by("pk").values_list("position")),
                    list(every(Task).order_by("pk").values_list("title", "due")),
                )
            )
            transaction.set_rollback(True)
    assert seen[0] == seen[1]


@pytest.mark.django_db
def test_the_smallest_size_is_one_partner():
    load_defaults.load()
    assert len(loading.load(0.001).partners) == count(Organization) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["demo_data", "demo_accounts"])
def test_without_demo_nothing_is_added_or_shown(command, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO is not set"):
        call_command(command)
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("own", [make.user, make.organization])
def test_rows_of_somebody_else_stay_alone(own, settings):
    settings.DEMO = True
    own()
    with pytest.raises(CommandError, match="somebody else"):
        call_command("demo_data")
    with pytest.raises(CommandError, match="not there yet"):
        call_command("demo_accounts")


@pytest.mark.parametrize(("text", "value"), [("1x", 1), ("0.25x", 0.25), ("20", 20)])
def test_sizes(text, value):
    assert demo_data.scale(text) == value


@pytest.mark.parametrize("text", ["0x", "-1x", "101x", "x", "1e9", "nan", "1x1", ""])
def test_wrong_sizes(text):
    with pytest.raises(demo_data.ArgumentTypeError):
        demo_data.scale(text)
