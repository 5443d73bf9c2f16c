"""Which columns a list may bring in: wrong mappings and what is never taken are refused."""

import pytest

from access.actors import actor_of
from access.models import Change, Run
from access.recording import Refused
from access.settling import every
from crm import models
from crm.importing import Organizations
from lists.importing import carry_out
from lists.mapping import column_and_field, field_and_value
from lists.planning import plan_import
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(here):
    """A data manager of the region of `here`."""
    return actor_of(make.user(here.region, home=here, role="data-manager"))


def planned(actor, text, *pairs, **constants):
    pairs = [pair.rsplit("=", 1) for pair in pairs]
    return plan_import(actor, text.encode(), Organizations, pairs, constants.items())


def refused(actor, text, *pairs, **constants):
    before = Change.objects.count(), Run.objects.count()
    with pytest.raises(Refused) as caught:
        planned(actor, text, *pairs, **constants)
    assert (Change.objects.count(), Run.objects.count()) == before
    return str(caught.value)


def test_the_last_equals_sign_divides_column_from_field():
    assert column_and_field("a=b=name") == ("a=b", "name")
    assert field_and_value("website=https://a.example/?b=c") == (
        "website",
        "https://a.example/?b=c",
    )


def test_two_columns_of_one_name_are_both_meant(here, manager):
    text = "name,phone,phone\nA,1,2\n"
    carry_out(manager, planned(manager, text, "name=name", "Phone=phone", state=here.code))
    assert every(models.OrganizationPhone).count() == 2


def test_columns_and_fields_must_exist(here, manager):
    text = "name,city\nA,B\n"
    assert "no column “town”" in refused(manager, text, "name=name", "town=city")
    assert "no field “capital”" in refused(manager, text, "name=name", "city=capital")
    assert "Say which column" in refused(manager, text, "city=city")
    assert "column of marks" in refused(manager, text, "name=name", "city=city:Reno")
    assert "“Klingon”" in refused(manager, text, "name=name", "city=language:Klingon")
    assert "“Utopia”" in refused(manager, text, "name=name", state="Utopia")
    assert "no field" in refused(manager, text, "name=name", capital="x")


@pytest.mark.parametrize(
    "column", ["date_of_birth", "DoB", "soc_sec_id", "SSN", "Immigration Status", "Passport no."]
)
def test_columns_that_no_list_may_bring_are_never_taken(here, manager, column):
    text = f"name,{column}\nA,1\n"
    assert "never imported" in refused(manager, text, "name=name", f"{column}=external_id")
    report = planned(manager, text, "name=name", state=here.code).report().as_dict()
    assert report["columns"][0] == {"name": "name", "field": "name", "reason": ""}
    assert report["columns"][1]["field"] is None
    assert "never imported" in report["columns"][1]["reason"]


def test_services_of_an_organization_are_no_details_of_a_person(here, manager):
    text = "name,Citizenship classes,Birth to 5\nA,x,x\n"
    pairs = ["name=name", "Citizenship classes=tag:Citizenship", "Birth to 5=tag:Birth to 5"]
    carry_out(manager, planned(manager, text, *pairs, state=here.code))
    assert list(every(models.Tag).order_by("pk").values_list("name", flat=True)) == [
        "Citizenship",
        "Birth to 5",
    ]


def test_what_is_written_like_a_social_security_number_stays_out(here, manager):
    text = "name,number\nA,123-45-6789\n"
    plan = planned(manager, text, "name=name", "number=external_id", state=here.code)
    report = carry_out(manager, plan)
    assert not every(models.ExternalId).exists()
    assert [(note.column, note.value) for note in report.notes] == [("number", "")]
