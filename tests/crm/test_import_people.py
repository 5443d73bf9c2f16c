"""A list of people: the same e-mail is one person, else the same name in the same organization."""

import pytest

from access.actors import actor_of
from access.models import Change, Reach, Run
from access.recording import Refused
from access.scope import Visibility
from access.settling import every
from crm import models
from crm.alike import nearly
from crm.importing import People
from lists.importing import carry_out
from lists.planning import plan_import
from lists.reports import undo_import
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here):
    """A data manager of the region of `here`."""
    return actor_of(make.user(here.region, home=here, role="data-manager"))


def imported(actor, text, *pairs, **constants):
    header = text.split("\n", 1)[0].split(",")
    pairs = [pair.rsplit("=", 1) for pair in pairs] or [(name, name) for name in header]
    return carry_out(actor, plan_import(actor, text.encode(), People, pairs, constants.items()))


def people(actor):
    return list(models.Contact.objects.visible_to(actor).order_by("pk"))


def parts(model, column):
    return list(every(model).order_by("pk").values_list(column, flat=True))


def test_a_person_comes_in_with_organization_role_and_details(here, manager):
    make.language(code="es", name="Spanish")
    partner = make.organization(state=here, name="Casa de Niños")
    text = (
        "First,Last,organization,role,email,phone,language\n"
        "Ana María,Ruiz,CASA DE NINOS,Director,Ana@Casa.example,509-555-0101,spanish\n"
    )
    pairs = ["First=name", "Last=name"]
    pairs += [f"{n}={n}" for n in ("organization", "role", "email", "phone", "language")]
    report = imported(manager, text, *pairs)
    (person,) = people(manager)
    assert (person.name, person.home_id) == ("Ana María Ruiz", here.pk)
    tie = every(models.Affiliation).get()
    assert (tie.organization_id, tie.role, tie.is_primary) == (partner.pk, "Director", True)
    assert parts(models.ContactEmail, "email") == ["ana@casa.example"]
    assert report.created == {"people": 1}


def test_the_same_email_is_one_person_and_another_name_is_told(here, manager):
    text = "name,email,phone\nAnn Lee,a@b.example,1\nA. Lee,A@B.example,2\nAnn Lee,c@b.example,3\n"
    report = imported(manager, text)
    assert [person.name for person in people(manager)] == ["Ann Lee", "Ann Lee"]
    assert parts(models.ContactPhone, "number") == ["1", "2", "3"]
    assert [(note.row, note.value) for note in report.notes] == [(2, "A. Lee")]


def test_the_same_name_and_organization_is_one_person(here, manager):
    for name in ("One", "Two"):
        make.organization(state=here, name=name)
    text = (
        "name,organization,email\nAnn Lee,One,a@b.example\nANN LEE,one,\nAnn Lee,Two,\n"
        "Ann Lee,One,c@b.example\n"
    )
    report = imported(manager, text)
    assert report.same_as == [(2, 1), (4, 1)]
    assert len(people(manager)) == 2
    assert parts(models.ContactEmail, "email") == ["a@b.example", "c@b.example"]


def test_a_person_that_is_there_gets_only_what_she_lacks(here, manager):
    partner = make.organization(state=here, name="One")
    by_email = make.contact(organization=partner, name="Ann Lee", emails=["a@b.example"])
    by_name = make.contact(organization=partner, name="Bo Diaz")
    text = "name,organization,email,phone\nAnne Lee,One,a@b.example,1\nBo Díaz,One,b@b.example,2\n"
    report = imported(manager, text)
    assert (report.created, report.updated) == ({"people": 0}, {"people": 2})
    assert [make.fresh(person).name for person in (by_email, by_name)] == ["Ann Lee", "Bo Diaz"]
    assert parts(models.ContactPhone, "contact_id") == [by_email.pk, by_name.pk]
    assert len(parts(models.Affiliation, "pk")) == 2


def test_of_two_people_with_one_office_address_the_one_of_that_name_is_meant(here, manager):
    make.contact(state=here, name="Ann Lee", emails=["office@b.example"])
    bo = make.contact(state=here, name="Bo Diaz", emails=["office@b.example"])
    imported(manager, "name,email,phone\nBo Diaz,office@b.example,1\n")
    assert parts(models.ContactPhone, "contact_id") == [bo.pk]


def test_the_same_file_a_second_time_changes_nothing(here, elsewhere, manager):
    make.organization(state=here, name="One")
    text = (
        f"name,organization,email,state\nAnn,One,a@b.example,\nBo,One,,\nCy,Nowhere,,{here.code}\n"
        f"Di,,,{here.code}\nEd,,e@b.example,\nEd,,f@b.example,\nFay,,,\n"
    )
    first = imported(manager, text)
    changes = Change.objects.count()
    second = imported(manager, text)
    assert first.created == second.matched == {"people": 7}
    assert Change.objects.count() == changes


def test_an_organization_that_she_does_not_see_is_not_found(here, elsewhere, manager):
    make.organization(state=elsewhere, name="Hidden")
    report = imported(manager, "name,organization\nAnn,Hidden\nBo,Absent\n")
    assert len({note.message for note in report.notes}) == 1
    assert every(models.Affiliation).count() == 0
    assert {person.home_id for person in people(manager)} == {here.pk}  # her own home


def test_of_several_organizations_of_one_name_that_of_the_state_is_meant(here, elsewhere):
    actor = make.actor(everywhere=True, role="administrator")
    ours = make.organization(state=here, name="Casa")
    make.organization(state=elsewhere, name="Casa")
    text = f"name,organization,state\nAnn,Casa,{here.code}\nBo,Casa,\n"
    report = imported(actor, text)
    assert parts(models.Affiliation, "organization_id") == [ours.pk]
    assert [note.row for note in report.notes] == [2]


def test_people_of_other_areas_and_restricted_ones_are_neither_matched_nor_told(
    here, elsewhere, manager
):
    make.contact(state=elsewhere, name="Ann", emails=["a@b.example"])
    make.contact(state=here, name="Bo", emails=["b@b.example"], visibility=Visibility.RESTRICTED)
    report = imported(
        manager, f"name,email,state\nAnn,a@b.example,\nBo,b@b.example,\nCy,,{elsewhere.code}\n"
    )
    assert report.created == {"people": 2}
    assert [note.message for note in report.rows_set_aside] == [
        "This state is not part of your areas."
    ]


@pytest.mark.parametrize("column", ["Religion", "ethnicity", "Visa", "Marital status", "birthday"])
def test_what_is_never_kept_of_a_person_is_not_taken(here, manager, column):
    text = f"name,{column}\nAnn,x\n"
    with pytest.raises(Refused, match="never imported"):
        imported(manager, text, "name=name", f"{column}=role")
    assert not Run.objects.filter(command="ImportList").exists()


def test_undo_takes_people_and_their_reach_away(here, elsewhere):
    actor = make.actor(everywhere=True, role="administrator")
    partner = make.organization(state=here, name="One")
    known = make.contact(organizations=[partner, make.organization(state=elsewhere)], name="Ann")
    reach = list(Reach.objects.values_list("kind", "row_id", "state_id"))
    assert reach
    report = imported(actor, "name,organization,email\nAnn,One,a@b.example\nBo,One,\n")
    assert (report.created, report.updated) == ({"people": 1}, {"people": 1})
    undo_import(actor, report.run_id)
    assert people(actor) == [known]
    assert every(models.ContactEmail).count() == 0
    assert list(Reach.objects.values_list("kind", "row_id", "state_id")) == reach


def proposed(actor, text):
    """(number of row, message) of the rows that may be somebody who is there."""
    pairs = [(name, name) for name in text.split("\n", 1)[0].split(",")]
    plan = plan_import(actor, text.encode(), People, pairs)
    return [(note.row, note.message) for note in plan.notes if "already" in note.message]


def test_who_is_nearly_somebody_of_the_same_partner_is_told(here, manager):
    partner = make.organization(state=here, name="One")
    make.contact(organizations=[partner], name="José Peña García")
    rows = [
        "Jose Pena Gracia,One",
        '"García, José Peña",One',
        "Peña José García,One",
        "Josefa Peña Díaz,One",
        "José Peña Garcia,Two",
    ]
    found = proposed(manager, "name,organization\n" + "\n".join(rows) + "\n")
    assert [row for row, _message in found] == [1, 2, 3]
    assert "José Peña García" in found[0][1]


def test_who_is_nearly_somebody_with_the_same_phone_is_told_and_comes_in(here, manager):
    make.contact(state=here, name="Mei Tanaka", phones=["(509) 555-0142"], emails=["m@b.example"])
    text = "name,phone\nMei Tanakka,+1 509.555.0142\nMei Tanakka,509 555 0143\nAl Tan,5095550142\n"
    assert [row for row, _message in proposed(manager, text)] == [1]
    assert imported(manager, text).created == {"people": 2}


def test_a_phone_of_many_people_tells_nothing(here, manager):
    for number in range(21):
        make.contact(state=here, name=f"Mei Tanaka {number:02}", phones=["(509) 555-0142"])
    assert proposed(manager, "name,phone\nMei Tanaka 0,509 555 0142\n") == []


def test_nobody_is_proposed_whom_the_actor_does_not_see(here, elsewhere, manager):
    phones = ["(509) 555-0142"]
    make.contact(state=elsewhere, name="Mei Tanaka", phones=phones)
    make.contact(state=here, name="Mei Tanaka", phones=phones, visibility=Visibility.RESTRICTED)
    assert proposed(manager, "name,phone\nMei Tanakka,509 555 0142\n") == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("maria ruiz", "mraia ruiz", True),
        ("maria ruiz", "maria ruis", True),
        ("maria ruiz", "maria ruizz", True),
        ("maria ruiz", "marta ruis", False),
        ("maria ruiz", "ana ruiz", False),
        ("aa", "aaa", False),
        ("jo", "jo", True),
    ],
)
def test_a_slip_is_in_one_place(one, other, same):
    assert nearly(one, other) is same and nearly(other, one) is same
