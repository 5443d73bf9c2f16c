"""Many rows in one statement: the same rows as the ORM writes, and found by many values at once."""

import uuid

import pytest
from django.db import DataError, connection

from access import bulk
from access.models import Change, RequestKey, Run
from access.settling import every
from crm.models import Contact, ContactPhone
from dashboards.models import CountedPartner
from tests import make

pytestmark = pytest.mark.django_db


def columns(row):
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


def test_rows_are_stored_as_the_orm_stores_them(here):
    known = make.contact(state=here, name="Ann")
    names = ["Bo", "Cy 100%", "D\u00ed ' \" \\"]
    rows = [Contact(name=n, home=here, author_id=known.author_id, revision=1) for n in names]
    bulk.insert(Contact, rows)
    assert [row.pk for row in rows] == sorted(row.pk for row in rows)
    for row in rows:
        assert columns(every(Contact).get(pk=row.pk)) == columns(Contact.from_db(
            "default", [f.attname for f in Contact._meta.concrete_fields],
            [getattr(row, f.attname) for f in Contact._meta.concrete_fields]))  # fmt: skip
        assert every(Contact).filter(uid=row.uid, name=row.name, no_contact=False).exists()


def test_the_parts_of_new_rows_point_at_them(here):
    person = Contact(name="Ann", home=here, revision=1)
    part = ContactPhone(contact=person, number="1", revision=1)
    bulk.insert(Contact, [person])
    bulk.insert(ContactPhone, [part])
    assert every(ContactPhone).get(pk=part.pk).contact_id == person.pk


def test_a_row_with_an_id_keeps_it(here):
    person = Contact(pk=987_654, name="Ann", home=here, revision=1)
    bulk.insert(Contact, [person, Contact(name="Bo", home=here, revision=1)])
    assert every(Contact).get(pk=987_654).name == "Ann"
    assert every(Contact).filter(name="Bo").count() == 1


def test_changes_keep_their_values(here):
    run = Run(command="Test")
    run.save(force_insert=True)
    uid, after = uuid.uuid4(), {"name": "Dí", "home": here.pk, "uid": uuid.uuid4(), "none": None}
    names = ("run", "table", "row_id", "row_uid", "revision", "before", "after")
    bulk.insert_values(Change, names, [(run.pk, "crm.contact", 1, uid, 1, {}, after)])
    kept = Change.objects.get(row_uid=uid)
    assert (kept.before, kept.after) == ({}, after | {"uid": str(after["uid"])})


def test_each_row_gets_its_own_values(here):
    rows = [make.contact(state=here, name=name) for name in ("Ann", "Bo", "Cy")]
    bulk.update(Contact, ["search_key", "no_email"], {r.pk: (f"  k{r.pk}", True) for r in rows[:2]})
    found = every(Contact).order_by("pk").values_list("search_key", "no_email")
    assert list(found)[:2] == [(f"  k{row.pk}", True) for row in rows[:2]]
    assert list(found)[2] == ("  cy", False)


def test_no_rows_are_written_by_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.put(CountedPartner, [])
        bulk.update(Contact, ["search_key", "no_email"], {})
        assert bulk.insert(Contact, []) == []
        bulk.insert_values(Change, ("run", "table"), [])


def test_a_new_row_is_written_unless_one_like_it_is_there(here):
    """Whom it is kept for, and by which key, is there once: what was first stays as it was."""
    user, key = make.user(), uuid.uuid4()
    first = RequestKey(user=user, key=key, command="One", body="a")
    assert bulk.insert_new(first) and not first._state.adding
    assert RequestKey.objects.get(pk=first.pk).command == "One"
    second = RequestKey(user=user, key=key, command="Two", body="b")
    assert not bulk.insert_new(second) and second.pk is None
    assert [row.command for row in RequestKey.objects.filter(key=key)] == ["One"]
    assert bulk.insert_new(RequestKey(user=user, key=uuid.uuid4(), command="Two", body="b"))


@pytest.mark.parametrize("count", [1, 40])  # few with a mark a value, many in arrays
def test_rows_take_the_places_of_those_with_their_ids(here, count):
    old = CountedPartner(organization=5, place=1, communities="1 2")
    stays = CountedPartner(organization=9_000, place=1, communities="1 2")
    bulk.put(CountedPartner, [old, stays])
    new = [
        CountedPartner(organization=5 + n, place=here.pk, communities=f"{n}") for n in range(count)
    ]
    bulk.put(CountedPartner, iter(new))
    found = {row.pk: (row.place, row.communities) for row in CountedPartner.objects.all()}
    assert found == {9_000: (1, "1 2")} | {5 + n: (here.pk, f"{n}") for n in range(count)}


@pytest.mark.parametrize("column", ["pk", "uid", "sort_name", "home_id"])
def test_rows_are_found_among_many_values(here, elsewhere, column):
    rows = [make.contact(state=here, name=name) for name in ("Ann", "B'o", "Cy")]
    other = make.contact(state=elsewhere, name="Di")
    wanted = {getattr(row, column) for row in rows}
    found = every(Contact).filter(**{f"{column}__among": wanted})
    assert set(found) == set(rows) and other not in found
    assert not every(Contact).filter(**{f"{column}__among": []}).exists()
    assert set(every(ContactPhone).filter(contact__among=wanted)) == set() if column == "pk" else 1


def test_texts_are_found_among_others_whatever_they_hold(here):
    odd = ["a,b", "{a}", 'a"b', "a\\", "\\", "null", "NULL", "", "a'b", "línea\nnueva", "%s", "$1"]
    odd.append(r"\u0000")
    for text in odd:
        make.contact(state=here, preferred_name=text, name="Ann")
    make.contact(state=here, preferred_name="b", name="Bo")
    found = every(Contact).filter(preferred_name__among=odd)
    assert sorted(found.values_list("preferred_name", flat=True)) == sorted(odd)
    for text in odd:
        assert every(Contact).filter(preferred_name__among=[text]).count() == 1


def test_a_text_that_no_database_holds_is_refused_and_never_taken_apart():
    with pytest.raises(DataError):
        every(Contact).filter(preferred_name__among=["a\0a", "b"]).exists()


@pytest.mark.parametrize("count", [1, 4, 5, 40])
def test_few_and_many_rows_are_stored_alike(here, count):
    """Whatever a column holds: the same in all rows, something else in each, nothing in some."""
    people = [
        Contact(name=f"O'{n} \\ {{}} \" NULL", home=here, revision=1, no_email=n % 3 == 0)
        for n in range(count)
    ]
    for number, person in enumerate(people):
        person.state = here if number % 2 else None
    ids = bulk.insert(Contact, people)
    assert ids == sorted(set(ids)) and len(ids) == count
    for person in people:
        kept = every(Contact).get(pk=person.pk)
        assert columns(kept) == columns(person)


def stored(told: list) -> list:
    """What of each of these values is kept in a history."""
    run = Run(command="Test")
    run.save(force_insert=True)
    names = ("run", "table", "row_id", "row_uid", "revision", "before", "after")
    rows = [
        (run.pk, "crm.contact", n, uuid.uuid4(), 1, {}, {"told": t}) for n, t in enumerate(told)
    ]
    bulk.insert_values(Change, names, rows)
    kept = Change.objects.filter(run=run).order_by("row_id").values_list("after", "before")
    assert all(before == {} for _after, before in kept)
    return [after["told"] for after, _before in kept]


@pytest.mark.parametrize("times", [1, 2])
def test_many_changes_keep_their_values(times):
    told = [
        '"quoted", {braced}',
        "back\\slash",
        "línea\nnueva",
        "",
        None,
        3,
        [1, "b"],
        {"a": []},
    ] * times
    assert stored(told) == told


def test_what_is_equal_in_json_is_not_taken_for_the_same():
    told = [1, True, 1.0] * 4
    assert [type(one) for one in stored(told)][:2] == [int, bool]


@pytest.mark.parametrize("count", [2, 9])
def test_a_text_that_is_too_long_is_not_cut(here, count):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite knows no longest text; forms do.")
    long = "x" * (Contact._meta.get_field("name").max_length + 1)
    people = [Contact(name=f"{n} {long}", home=here, revision=1) for n in range(count)]
    with pytest.raises(DataError):
        bulk.insert(Contact, people)
