"""Rows of a list are cleaned as the forms clean them: what passes, what is refused, and why."""

import pytest

from access.actors import actor_of
from access.keys import uuid7
from access.settling import every
from crm import models
from crm.commands.contact import AddContact
from crm.commands.importing import ImportContact, ImportOrganization
from crm.commands.organization import AddOrganization
from tests import make

pytestmark = pytest.mark.django_db

PEOPLE = [
    {"name": "  Ann  Lee ", "emails": [{"email": " A@B.example "}], "phones": [{"number": "1"}]},
    {"name": "Ann", "emails": [{"email": "a@b.example", "label": "home"}, {"email": ""}, {}]},
    {"name": ""},
    {"name": "   "},
    {"name": f" {'x' * 200} "},
    {"name": " Ann\u00a0Lee\n"},
    {"name": "x" * 201},
    {"name": "A\0nn"},
    {"name": "Ann", "emails": [{"email": "a@b.example"}, {"email": "nobody"}]},
    {"name": "Ann", "emails": [{"email": "a" * 250 + "@b.example"}]},
    {"name": "Ann", "phones": [{"number": "1" * 41}, {"number": "2", "label": "x" * 41}]},
    {"name": "Ann", "phones": [{"number": "1", "nothing": "2"}]},
    {"name": "Ann", "phones": [{"number": "1", "uid": "none"}]},
    {"name": "Ann", "phones": [{"number": "1"}] * 51},
    {"name": "Ann", "phones": "1"},
    {"name": "Ann", "phones": ["1"]},
    {"name": "Ann", "state": "ZZ"},
    {"name": "Ann", "languages": [{"language": "es"}, {"language": "es"}]},
    {"name": "Ann", "languages": [{"language": "old"}]},
    {"name": "Ann", "affiliations": [{"organization": "OURS", "role": "x", "is_primary": "on"}]},
    {"name": "Ann", "affiliations": [{"organization": "OURS", "role": "x" * 101}]},
    {"name": "Ann", "affiliations": [{"organization": "OURS", "start": "not a day"}]},
    {"name": "Ann", "affiliations": [{"organization": "OURS", "start": "2026-02-01",
                                      "end": "2026-01-01"}]},
    {"name": "Ann", "affiliations": [{"organization": "THEIRS"}]},
    {"name": "Ann", "affiliations": [{"role": "x"}]},
    {"name": "Ann", "uid": "none"},
]  # fmt: skip
PARTNERS = [
    {"name": "Casa", "note": "Two\r\nlines ", "websites": [{"url": "https://casa.example"}]},
    {"name": "Casa", "websites": [{"url": "casa"}, {"url": "https://x.example/" + "x" * 300}]},
    {"name": "Casa", "kind": "none"},
    {"name": "Casa", "tags": [{"name": "Youth"}, {"name": "youth"}, {"name": "y" * 61}]},
    {"name": "Casa", "external_ids": [{"value": "1" * 81}, {"scheme": "nobody", "value": "1"}]},
    {"name": "Casa", "locations": [{"kind": "physical", "city": "Reno", "state": "HERE"}]},
    {"name": "Casa", "locations": [{"kind": "wrong", "city": "Reno", "zip": "1" * 13}]},
    {"name": "Casa", "locations": [{"city": "x" * 101, "country": "y" * 61, "state": "ZZ"}]},
    {"name": "Casa", "communities": ["none"], "focus_areas": "none"},
]


@pytest.fixture
def manager(here):
    return actor_of(make.user(here.region, home=here, role="data-manager"))


@pytest.fixture
def words(here, elsewhere):
    """What stands for rows in the cases above."""
    make.language(code="es", name="Spanish")
    make.saved(models.Language(code="old", name="Old", retired=True))
    ours, theirs = make.organization(state=here), make.organization(state=elsewhere)
    return {"OURS": str(ours.uid), "THEIRS": str(theirs.uid), "HERE": here.code}


def put_in(value, words):
    """The case with the rows that its words stand for."""
    if isinstance(value, dict):
        return {name: put_in(one, words) for name, one in value.items()}
    if isinstance(value, list):
        return [put_in(one, words) for one in value]
    return words.get(value, value)


@pytest.mark.parametrize(
    ("add", "bring_in", "case"),
    [(AddContact, ImportContact, case) for case in PEOPLE]
    + [(AddOrganization, ImportOrganization, case) for case in PARTNERS],
)
def test_a_row_is_cleaned_as_the_form_cleans_it(manager, words, add, bring_in, case):
    values = put_in(case, words)
    form, command = add(manager, values), bring_in(manager, {})
    shared = form.fields.keys() & command.fields.keys()
    wrong = {name: list(said) for name, said in form.errors.items() if name in shared}
    command._know([values])
    command._rebind(values)
    assert command.is_valid() == (not wrong)
    assert {name: list(said) for name, said in command.errors.items()} == wrong
    for name in shared - wrong.keys():
        assert command.cleaned_data[name] == form.cleaned_data[name]
    if not wrong:
        for name in command._meta.fields:
            assert getattr(command.instance, name) == getattr(form.instance, name)


def test_what_is_not_there_in_one_row_takes_nothing_from_the_next(here, manager):
    rows = [{"name": "Ann", "state": here.code}, {"name": "Bo"}, {}, {"name": "Cy"}]
    made = ImportContact.many(manager, rows)
    assert list(made.refused) == [2] and made.refused[2].keys() == {"name"}
    homes = every(models.Contact).order_by("pk").values_list("name", "state_id")
    assert list(homes) == [("Ann", here.pk), ("Bo", None), ("Cy", None)]


def test_a_blank_row_is_a_new_one(here):
    for model in (models.Contact, models.ContactPhone, models.Organization, models.Location):
        blank, new = model.blank(), model()
        mine, theirs = vars(blank).copy(), vars(new).copy()
        assert mine.pop("uid") != theirs.pop("uid")
        assert mine.pop("_state").adding and theirs.pop("_state").adding
        assert mine == theirs
        assert vars(model.blank())["uid"] != blank.uid


def test_a_part_points_at_its_row_before_and_after_that_is_written(here):
    new = models.Contact(name="Ann")
    assert models.ContactPhone.beside(new).contact is new
    there = make.contact(state=here)
    assert models.ContactPhone.beside(there).contact_id == there.pk


def test_a_person_is_found_and_placed_at_once(here, manager):
    uid = uuid7()
    made = ImportContact.many(manager, [{"name": "Ána  Ruiz", "state": here.code, "uid": uid}])
    (person,) = made.rows.values()
    stored = every(models.Contact).get(uid=uid)
    assert (stored.search_key, stored.home_id) == ("  ana  ruiz", here.pk)
    assert person.search_key == stored.search_key
