"""Names that members left in a survey: who reads them, what erases them, how they are settled."""

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from access.actors import actor_of
from access.models import Change
from access.recording import Refused
from access.settling import every
from access.undo import undo
from crm.models import Organization, OrganizationKind
from outreach.commands import (
    ArchiveSurvey,
    ChangeSurvey,
    CloseSurvey,
    DeleteSurvey,
    ReopenSurvey,
    SettleName,
    UntieName,
)
from outreach.models import SurveyIntroduction, SurveyRound, SurveyTie
from tests import make
from tests.outreach.test_survey import INSIDE, answer, group, introducers, ties_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(here, organizer):
    return make.program(here, owner=organizer, author=organizer, lead=organizer)


@pytest.fixture
def survey(program, organizer):
    return make.survey(program, author=organizer)


@pytest.fixture
def stranger(here):
    """An organizer of the area who is not on the team of the program."""
    return actor_of(make.user(here.region, home=here))


def kind(code):
    found = OrganizationKind.objects.filter(code=code).first()
    return found or make.saved(OrganizationKind(code=code, name=code))


@pytest.fixture
def introduced(survey, here):
    """A round in which a member offered to introduce us to a group of each sort."""
    with time_machine.travel(INSIDE, tick=False):
        for code in ("faith", "political", "youth"):
            make.organization(state=here, name=f"The {code}", kind=kind(code))
            answer(survey, group(f"The {code}", introduce="on", introducer=f"Ana {code}"))
        make.organization(state=here, name="The unsorted")
        answer(survey, group("The unsorted", introduce="on", introducer="Ana unsorted"))
        answer(survey, group("Nobody knows it", introduce="on", introducer="Ana unknown"))
    return survey


def test_archiving_erases_names_that_tell_what_a_member_believes(introduced, actor):
    assert len(introducers(introduced)) == 5
    row = make.fresh(introduced)
    command = ArchiveSurvey(actor, {"revision": row.revision}, instance=row)
    command.run()
    assert introducers(introduced) == {"Ana youth"}
    undo(actor, command.run_made)
    assert introducers(introduced) == {"Ana youth"}
    assert not any("Ana" in f"{c.before}{c.after}" for c in Change.objects.all())


def test_archiving_erases_names_to_partners_that_the_archivist_does_not_see(
    introduced, actor, elsewhere
):
    faith = every(Organization).get(name="The faith")
    place = faith.locations.visible_to(make.SETUP).get()
    place.state = elsewhere
    make.saved(place)
    row = make.fresh(introduced)
    ArchiveSurvey(actor, {"revision": row.revision}, instance=row).run()
    assert "Ana faith" not in introducers(introduced)


def test_a_partner_that_turns_out_to_be_one_of_faith_later(introduced, actor):
    row = make.fresh(introduced)
    ArchiveSurvey(actor, {"revision": row.revision}, instance=row).run()
    youth = every(Organization).get(name="The youth")
    youth.kind = kind("faith")
    make.saved(youth)
    assert introducers(introduced) == set()


def test_names_are_for_the_team_alone(introduced, actor, stranger, here):
    names = SurveyIntroduction.objects
    assert names.visible_to(actor).count() == 5
    assert names.visible_to(stranger).count() == 0
    manager = actor_of(make.user(here.region, home=here, role="data-manager"))
    assert names.visible_to(manager).count() == 0
    lead = actor_of(make.user(here.region, home=here, role="regional-lead"))
    assert names.visible_to(lead).count() == 5
    helper = make.user(here.region, home=here)
    step = make.step_of(introduced.program, "members")
    step.owner = helper
    make.saved(step)
    assert names.visible_to(actor_of(helper)).count() == 5


@pytest.mark.parametrize(
    "command", [ArchiveSurvey, CloseSurvey, ReopenSurvey, SettleName, UntieName]
)
def test_who_is_not_on_the_team_decides_nothing(survey, stranger, command):
    with pytest.raises(PermissionDenied):
        command(stranger, {"revision": survey.revision}, instance=survey).run()


def test_deleting_a_round_takes_answers_and_names_along(introduced, actor):
    row = make.fresh(introduced)
    command = DeleteSurvey(actor, {"revision": row.revision}, instance=row)
    command.run()
    assert not every(SurveyTie).exists() and not every(SurveyIntroduction).exists()
    undo(actor, command.run_made)
    assert every(SurveyTie).count() == 5 and not every(SurveyIntroduction).exists()


@time_machine.travel(INSIDE, tick=False)
def test_what_the_team_decides_on_a_name_holds_for_all_who_type_it(survey, actor, here):
    partner = make.organization(state=here, name="Casa Unida del Valle")
    answer(survey, group("Casa U"))
    answer(survey, group("casa u", "coaches"))
    settle(actor, survey, "casa u", do="match", organization=str(partner.uid))
    answer(survey, group("CASA U"))
    assert set(ties_of(survey).values_list("organization_id", flat=True)) == {partner.pk}


def settle(actor, survey, folded, **values):
    tie = ties_of(survey).filter(folded=folded).first()
    row = make.fresh(survey)
    sent = {"tie": str(tie.uid), "revision": row.revision} | values
    command = SettleName(actor, sent, instance=row)
    command.run()
    return command


@time_machine.travel(INSIDE, tick=False)
def test_a_name_becomes_an_organization_and_undo_takes_it_back(survey, actor, here):
    answer(survey, group("Radio Valle"))
    command = settle(actor, survey, "radio valle", do="make", name="Radio Valle 91.3")
    made = every(Organization).get(name="Radio Valle 91.3")
    assert made.home_id == here.pk and ties_of(survey).get().organization_id == made.pk
    undo(actor, command.run_made)
    assert ties_of(survey).get().organization_id is None
    assert not every(Organization).filter(pk=made.pk).exists()


@time_machine.travel(INSIDE, tick=False)
def test_a_dropped_name_stays_dropped(survey, actor):
    answer(survey, group("My neighbor", introduce="on", introducer="Ana"))
    settle(actor, survey, "my neighbor", do="drop")
    answer(survey, group("My neighbor", introduce="on", introducer="Rosa"))
    assert set(ties_of(survey).values_list("dropped", flat=True)) == {True}
    assert "Rosa" not in introducers(survey)


def test_a_choice_of_nothing_is_refused(survey, actor):
    make.tie(survey, typed="Casa")
    for values in ({"do": "match"}, {"do": "make", "name": " "}, {"do": "burn"}):
        with pytest.raises(ValidationError):
            settle(actor, survey, "casa", **values)


def test_a_new_organization_is_not_made_twice(survey, actor, here, elsewhere):
    make.organization(here, name="Casa Unida")
    make.organization(elsewhere, name="Softball Moms")
    make.tie(survey, typed="casa u")
    make.tie(survey, typed="moms")
    with pytest.raises(ValidationError, match="has this name"):
        settle(actor, survey, "casa u", do="make", name="  CASA  unída ")
    assert every(Organization).count() == 2
    settle(actor, survey, "casa u", do="make", name="Casa Unida South")
    settle(actor, survey, "moms", do="make", name="Softball Moms")  # of another state
    assert every(Organization).count() == 4


def test_an_archived_round_is_not_changed(survey, actor):
    row = make.fresh(survey)
    ArchiveSurvey(actor, {"revision": row.revision}, instance=row).run()
    row = make.fresh(survey)
    assert row.status == SurveyRound.Status.ARCHIVED
    values = {"title": "Other", "revision": row.revision}
    with pytest.raises(Refused):
        ChangeSurvey(actor, values, instance=row, partial=True).run()


def untie(actor, survey, tie):
    row = make.fresh(survey)
    command = UntieName(actor, {"tie": str(tie.uid), "revision": row.revision}, instance=row)
    command.run()
    return command


@time_machine.travel(INSIDE, tick=False)
def test_a_name_that_was_tied_by_itself_is_untied_for_all_and_waits(survey, actor, here):
    partner = make.organization(state=here, name="Casa Unida")
    for _n in range(2):
        answer(survey, group("Casa Unida", "belongs", "coaches"), group("Casa  unída club"))
    assert ties_of(survey).filter(organization=partner).count() == 4
    command = untie(actor, survey, ties_of(survey).filter(organization=partner).first())
    assert not ties_of(survey).filter(organization=partner).exists()
    answer(survey, group("CASA UNIDA"))  # waits as well, though one partner bears the name
    assert set(ties_of(survey).values_list("organization_id", flat=True)) == {None}
    settle(actor, survey, "casa unida", do="match", organization=str(partner.uid))
    assert ties_of(survey).filter(organization=partner).count() == 5
    untie(actor, survey, ties_of(survey).filter(organization=partner).first())
    with pytest.raises(Refused, match="changed since"):
        undo(actor, command.run_made)


@time_machine.travel(INSIDE, tick=False)
def test_untying_is_undone_and_what_was_dropped_waits_again(survey, actor, here):
    partner = make.organization(state=here, name="Casa Unida")
    answer(survey, group("Casa Unida"), group("My gym"))
    command = untie(actor, survey, ties_of(survey).filter(organization=partner).get())
    undo(actor, command.run_made)
    assert ties_of(survey).filter(organization=partner).count() == 1
    settle(actor, survey, "my gym", do="drop")
    gym = ties_of(survey).get(folded="my gym")
    untie(actor, survey, gym)
    assert (make.fresh(gym).dropped, make.fresh(gym).organization_id) == (False, None)
    with pytest.raises(ValidationError, match="not there"):
        untie(actor, survey, gym)  # it waits already


def test_names_of_an_archived_round_are_not_untied(introduced, actor):
    row = make.fresh(introduced)
    ArchiveSurvey(actor, {"revision": row.revision}, instance=row).run()
    tie = ties_of(introduced).get(typed="The youth")
    with pytest.raises(Refused, match="archived"):
        untie(actor, introduced, tie)
    assert introducers(introduced) == {"Ana youth"}


def test_a_name_of_another_round_is_not_untied(survey, program, actor, here):
    tie = make.tie(make.survey(program), make.organization(state=here))
    with pytest.raises(ValidationError, match="not there"):
        untie(actor, survey, tie)


def done(command_class, actor, survey):
    row = make.fresh(survey)
    command_class(actor, {"revision": row.revision}, instance=row).run()


def test_a_round_that_was_closed_by_hand_is_opened_again(survey, actor):
    with time_machine.travel(INSIDE, tick=False):
        with pytest.raises(Refused, match="Nobody closed"):
            done(ReopenSurvey, actor, survey)
        done(CloseSurvey, actor, survey)
        with pytest.raises(Refused):
            answer(survey, group("Casa"))
        done(ReopenSurvey, actor, survey)
        answer(survey, group("Casa"))
        assert make.fresh(survey).token == survey.token
        done(CloseSurvey, actor, survey)
    past = time_machine.travel(survey.closes_at, tick=False)
    with past, pytest.raises(Refused, match="last day is past"):
        done(ReopenSurvey, actor, survey)
    with time_machine.travel(INSIDE, tick=False):
        done(ArchiveSurvey, actor, survey)
        with pytest.raises(Refused, match="archived"):
            done(ReopenSurvey, actor, survey)
    assert make.fresh(survey).status == SurveyRound.Status.ARCHIVED
